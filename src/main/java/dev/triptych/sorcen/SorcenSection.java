package dev.triptych.sorcen;

import dev.triptych.echo.EchoContrast;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Interval;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// What belongs to Sorcen alone: codes, masks, decoder, the echo contrast and its quirks. The grid of codes has
/// `data.side` / `encoder.patch` cells along a side; the decoder is as wide as the encoder.
// @formatter:off
public record SorcenSection(
        @Doc("code file to train on, written by `triptych tokenize`") @Nullable @Default("null") String codes,
        @Doc("codes K of the tokenizer") @Range(min = 2, max = 65534) int codebook,
        @Doc("blocks of the decoder") @Range(min = 1, max = 1000) int decoderDepth,
        @Doc("attention heads of the decoder") @Range(min = 1, max = 1024) int decoderHeads,
        @Doc("dropout in encoder and decoder") @Range(min = 0, max = 1, below = true) @Default("0.1") double dropout,
        @Doc("dropout in the teacher too, as in the authors' code") @Default("true") boolean teacherDropout,
        @Doc("label smoothing of the reconstruction loss") @Range(min = 0, max = 1) @Default("0.1") double smoothing,
        @Doc("share of the cells that are masked: a normal distribution of this mean, cut at mask-ratio")
        @Default("0.55") double maskMean,
        @Doc("its standard deviation") @Range(min = 0, above = true) @Default("0.25") double maskDeviation,
        @Doc("bounds of the share of masked cells") @Range(min = 0, max = 1) @Default("[0.5, 1.0]") Interval maskRatio,
        @Doc("share of the cells that the encoder never sees, always among the masked ones")
        @Range(min = 0, max = 1, below = true) @Default("0.5") double dropShare,
        @Doc("images of a batch that share a mask ratio and a side of the window; authors' code: a device's 128 (Q4)")
        @Range(min = 1) @Default("1") int sharedDraws,
        @Doc("hidden width of the projector") @Range(min = 1, max = 65536) int projectorHidden,
        @Doc("width of what is compared") @Range(min = 1, max = 65536) int projectorOut,
        @Doc("hidden width of the predictor; 0: no predictor") @Range(min = 0, max = 65536) int predictorHidden,
        @Doc("weight of the echo contrast; 0: masked prediction alone (MAGE)")
        @Range(min = 0, max = 1000) @Default("0.1") double contrastWeight,
        @Doc("temperature tau of the contrast")
        @Range(min = 0, max = 1000, above = true) @Default("0.3") double temperature,
        @Doc("what the rows of the contrast are") @Default("echoes") EchoContrast.Direction contrastRows,
        @Doc("weight of the uniformity term; 0: none")
        @Range(min = 0, max = 1000) @Default("0.01") double uniformityWeight,
        @Doc("what the teacher sees inside its window") @Default("sampled") EchoKind echo,
        @Doc("codes that a sampled echo may draw, behind the most likely one; null: 15 of 1,024, and as many in "
                + "proportion")
        @Range(min = 1, max = 65534) @Nullable @Default("null") Integer echoK,
        @Doc("visible cells keep the image's own code in the echo (Q3)") @Default("false") boolean echoKeepVisible,
        @Doc("all codes as likely as the most likely one are left out with it (Q7)")
        @Default("false") boolean echoSkipTies,
        @Doc("share of a stage's steps in which the echo is the image's own codes, at least")
        @Range(min = 0, max = 1) @Default("0.05") double echoWarmup,
        @Doc("the same at most, where echo-ready is not reached before")
        @Range(min = 0, max = 1) @Default("0.15") double echoWarmupMost,
        @Doc("echoes begin once the accuracy on masked codes is this many times the commonest code's share; 0: after "
                + "echo-warmup")
        @Range(min = 0, max = 1000) @Default("3.0") double echoReady,
        @Doc("which cells of the echo the teacher sees") @Default("square") WindowKind window,
        @Doc("the latent that is projected includes CLS (Q8)") @Default("false") boolean projectCls,
        @Doc("the latent of the uniformity term includes CLS (Q8)") @Default("true") boolean uniformityCls,
        @Doc("gradient and weight decay also move the teacher's projector (Q1)")
        @Default("false") boolean trainTeacherProjector,
        @Doc("the teacher begins with draws of its own instead of the student's weights (Q2)")
        @Default("false") boolean randomTeacher,
        @Doc("epochs that the teacher's momentum takes to its last value; null: the stage's; authors' code: 1600 (Q5)")
        @Range(min = 0, above = true) @Nullable @Default("null") Double momentumEpochs,
        @Doc("iterations T of generation; authors' launch: 20")
        @Range(min = 1, max = 1000) @Default("12") int generateIterations,
        @Doc("temperature of the choice of what generation keeps; authors' launch: 6.0")
        @Range(min = 0, max = 1000) @Default("4.5") double generateTemperature) {
    // @formatter:on

    /// What the teacher sees inside its window.
    public enum EchoKind {
        /// Codes drawn from those that follow the most likely one.
        SAMPLED,
        /// Codes drawn from all, the most likely one included.
        SOFTMAX,
        /// The most likely code.
        ARGMAX,
        /// The image's own codes.
        TRUTH
    }

    /// Which cells of an echo the teacher sees.
    public enum WindowKind {
        /// A square of a side between half the grid's and all of it.
        SQUARE,
        /// As many cells as such a square has, scattered.
        SCATTERED,
        /// All cells.
        WHOLE
    }

    public SorcenSection {
        if (maskRatio.low() < dropShare) {
            throw RecipeException.value("drop-share", dropShare,
                    "at most the lower bound of sorcen.mask-ratio, " + maskRatio.low()
                            + ", because dropped cells are masked ones",
                    "Lower sorcen.drop-share.");
        }
        int behind = echo == EchoKind.SAMPLED ? 1 : 0;
        if (echoK != null && echoK + behind > codebook) {
            throw RecipeException.value("echo-k", echoK, "at most " + (codebook - behind) + " of the " + codebook
                    + " codes",
                    "Set sorcen.echo-k=" + inProportion(codebook)
                            + " (15 of 1024 in the paper).");
        }
        if (echoWarmupMost < echoWarmup) {
            throw RecipeException.value("echo-warmup-most", echoWarmupMost,
                    "at least sorcen.echo-warmup, " + echoWarmup, "Set sorcen.echo-warmup-most=" + echoWarmup + ".");
        }
    }

    private static int inProportion(int codebook) {
        return (int) Math.max(1, Math.round(15.0 * codebook / 1024));
    }

    /// Codes that a sampled echo may draw.
    public int echoCandidates() {
        return echoK != null ? echoK : inProportion(codebook);
    }

    /// Whether there is a contrast, and with it a teacher.
    public boolean contrasts() {
        return contrastWeight > 0;
    }

    /// Cells of n that the encoder never sees: ceil of their share.
    public int dropped(int n) {
        return (int) Math.ceil(dropShare * n);
    }

    /// The section of a recipe.
    public static SorcenSection of(Recipe recipe) {
        return recipe.section(SorcenSection.class);
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        int n = recipe.patches();
        var encoder = recipe.encoder();
        var stages = recipe.training().stages();
        if (dropped(n) >= n) {
            throw RecipeException.value("sorcen.drop-share", dropShare,
                    "a share that leaves at least one of the " + n + " cells", "Lower sorcen.drop-share.");
        }
        if (encoder.width() % decoderHeads != 0) {
            throw RecipeException.value("sorcen.decoder-heads", decoderHeads,
                    "a divisor of encoder.width, " + encoder.width(),
                    "Set sorcen.decoder-heads=" + encoder.heads() + ".");
        }
        for (int i = 0; i < stages.size(); i++) {
            if (contrasts() && !stages.get(i).teacher()) {
                throw RecipeException.value("training.stages." + i + ".teacher", false,
                        "true, because the contrast needs the teacher's echoes",
                        "Set teacher: true, or sorcen.contrast-weight=0.");
            }
        }
    }
}
