package dev.triptych.bits;

import dev.triptych.channel.BitAgreement;
import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;

/// What belongs to BITS alone: the channel, the head and its re-initialisation, the views.
// @formatter:off
public record BitsSection(
        @Doc("bits B of a message: logits of the head") @Range(min = 1, max = 65536) int bits,
        @Doc("hidden width of the three-layer head") @Range(min = 1, max = 65536) int headHidden,
        @Doc("weights of the head begin with deviation gain/sqrt(fan-in); null: 0.02 as in the paper, which only "
                + "suits widths near 2048")
        @Range(min = 0, max = 100, above = true) @Nullable @Default("0.9") Double headGain,
        @Doc("batch norm after the head's last layer") @Default("false") boolean headBatchNorm,
        @Doc("local crops L of an image") @Range(min = 0, max = 256) int localCrops,
        @Doc("side of a local crop, pixels") @Range(min = 1, max = 4096) int localSide,
        @Doc("what the student predicts: the teacher's bits, or probabilities")
        @Default("hard") Targets targets,
        @Doc("temperature of soft targets")
        @Range(min = 0, max = 1000, above = true) @Default("0.1") double targetTemperature,
        @Doc("how the student is held to the message") @Default("bce") BitAgreement agreement,
        @Doc("weight beta of the coding rate") @Range(min = 0, max = 1000) @Default("0.1") double beta,
        @Doc("distortion e of the coding rate, the paper's epsilon squared")
        @Range(min = 0, max = 1000, above = true) @Default("0.05") double epsilon,
        @Doc("coding rate of the centred covariance") @Default("false") boolean centred,
        @Doc("coding rate of the mean of student and teacher instead of the student alone")
        @Default("false") boolean teacherInRate,
        @Doc("epochs between re-initialisations of the head (BITS-reset), fractions allowed; null: never (BITS-fixed)")
        @Range(min = 0, above = true) @Nullable @Default("null") Double resetEvery,
        @Doc("re-initialise the head before the first step, for adaptation with --init-from")
        @Default("false") boolean resetFirst,
        @Doc("largest probability of drop path, reached linearly at the last block; student only")
        @Range(min = 0, max = 1, below = true) @Default("0.1") double dropPath,
        @Doc("positions of crops are read off a table that counts 0.1 cells more, as in DINO's code")
        @Default("false") boolean dinoPositions,
        @Doc("probability of blur on the first global view") @Range(min = 0, max = 1) @Default("1.0") double blurFirst,
        @Doc("probability of blur on the second global view")
        @Range(min = 0, max = 1) @Default("0.1") double blurSecond,
        @Doc("probability of blur on a local crop") @Range(min = 0, max = 1) @Default("0.5") double blurLocal,
        @Doc("probability of solarisation on the second global view")
        @Range(min = 0, max = 1) @Default("0.2") double solarise) {
    // @formatter:on

    /// What the student predicts of the teacher's logits T.
    public enum Targets {
        /// Bits 1[T > 0].
        HARD,
        /// Probabilities sigma(T / temperature).
        SOFT
    }

    private static final double PAPERS_TEMPERATURE = 0.1;

    public BitsSection {
        if (targets == Targets.HARD && targetTemperature != PAPERS_TEMPERATURE) {
            throw RecipeException.value("target-temperature", targetTemperature,
                    PAPERS_TEMPERATURE + ", its default, with hard targets, which have no temperature",
                    "Set bits.targets=soft, or leave the temperature out.");
        }
    }

    /// Steps between two re-initialisations of the head; 0 for never.
    ///
    /// @param perEpoch steps of an epoch
    public long resetSteps(long perEpoch) {
        return resetEvery == null ? 0 : Math.max(1, Math.round(resetEvery * perEpoch));
    }

    /// The section of a recipe.
    public static BitsSection of(Recipe recipe) {
        return recipe.section(BitsSection.class);
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        var stages = recipe.training().stages();
        if (recipe.augment().blurKernel() == 0 && (blurFirst > 0 || blurSecond > 0 || blurLocal > 0)) {
            throw RecipeException.value("augment.blur-kernel", 0,
                    "a kernel of at least 3 pixels, because views are blurred with probabilities " + blurFirst + ", "
                            + blurSecond + " and " + blurLocal,
                    "Set augment.blur-kernel=3, or bits.blur-first=0 bits.blur-second=0 bits.blur-local=0.");
        }
        if (localCrops > 0) {
            Checks.local("bits", localSide, recipe.data(), recipe.encoder());
        }
        if (stages.size() != 1) {
            throw RecipeException.value("training.stages", stages.size() + " stages",
                    "one, because the teacher and the numbers of the resets go through the whole run",
                    "Leave one stage.");
        }
        if (!stages.getFirst().teacher()) {
            throw RecipeException.value("training.stages.0.teacher", false,
                    "true, because the messages of BITS are its teacher's", "Set teacher: true.");
        }
    }
}
