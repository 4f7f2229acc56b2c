package dev.triptych.triptych;

import dev.triptych.alignment.KoleoLoss;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.CodeDecoder;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.MaskedPatches;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.factorization.Factorization;
import dev.triptych.factorization.PlaceQueries;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import dev.triptych.tokens.LowRankFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.BiConsumer;

/// Triptych: what, where, message and echo in one encoder. STELLAR's tokens S and their localization L, masked
/// prediction of codes from them, BITS's messages for every token and for CLS, Sorcen's echo, in pixels.
///
/// This class writes the objective in the order of the specification (sections 1 to 6): inputs, forward, terms, total.
/// A weight of 0 leaves a term out of the program, with the views, draws and parameters that nothing else needs.
@Twinned
public final class Triptych {
    private static final String ENCODER = "Triptych section 1, STELLAR section 1";
    /// g_1 and g_2.
    static final int GLOBAL = 2;

    /// Everything that fixes the model.
    ///
    /// @param tokens K sparse tokens
    /// @param spatialTemperature tau of L; 0 for scores over sqrt(d)
    /// @param decoder sizes of the decoder
    /// @param smoothing of the labels of dropped cells
    /// @param alignment what tokens and CLS are held to
    /// @param matching of a student's tokens with a teacher's
    /// @param echo null without
    public record Settings(VisionTransformer.Settings encoder, int tokens, float spatialTemperature,
            LowRankDecoder.Settings decoder, float smoothing, Alignment alignment, TokenMatching matching,
            PaintedEcho.Settings echo, Weights weights) {
    }

    /// Weights of the terms (section 6).
    ///
    /// @param reconstruction A: of the whole view's codes (0.05) or pixels (10)
    /// @param masked B: of the dropped cells' codes
    /// @param alignment w: of tokens and CLS across views
    /// @param rate beta: coding rate of both heads' logits; messages alone have one
    /// @param contrast of the echo
    /// @param uniformity of the masked views' means of S
    /// @param koleo of S
    /// @param maskedKoleo of the tokens of all masked views
    public record Weights(float reconstruction, float masked, float alignment, float rate, float contrast,
            float uniformity, float koleo, float maskedKoleo) {
        /// Whether there is x0m.
        boolean masks() {
            return masked != 0 || contrast != 0 || uniformity != 0;
        }

        /// Whether the codes of x0m are predicted, be it for the echo alone.
        boolean predicts() {
            return masked != 0 || contrast != 0;
        }

        /// Whether there are the masked views of g_1 and g_2.
        boolean aligns() {
            return alignment != 0 || rate != 0;
        }

        /// Whether there is a teacher.
        boolean teaches() {
            return alignment != 0 || contrast != 0;
        }
    }

    /// How many views of what kind a step sees.
    ///
    /// @param batch n images
    /// @param kept patches of x0m
    /// @param keptGlobal patches of a masked g_1 or g_2
    /// @param localCrops M crops of each image
    /// @param localGrid patches along a side of a crop
    public record Views(int batch, int kept, int keptGlobal, int localCrops, int localGrid) {
    }

    /// INPUTS of a step; null what nothing reads.
    ///
    /// @param image x0 (n, 3, side, side)
    /// @param global g_1 and g_2 (2 n, 3, side, side), view-major
    /// @param local crops (M n, 3, crop, crop), view-major
    /// @param masked which patches x0m keeps
    /// @param places where the cells of x0m are among its rows
    /// @param maskedGlobal which patches the student sees of g_1 and g_2
    /// @param codes t(x0) (n N)
    /// @param dropped 1 / (dropped cells of the batch) where x0m drops a cell, else 0 (n, N)
    /// @param echo draws, window and source of the echo
    public record Inputs(Tensor image, Tensor global, Tensor local, MaskedPatches masked, PlaceQueries.Cells places,
            MaskedPatches maskedGlobal, Tensor codes, Tensor dropped, PaintedEcho.Inputs echo) {
        /// Gives a choice of kept patches to all that follows from it.
        ///
        /// @param chosen of x0m (n m); empty without
        /// @param chosenGlobal of masked g_1, then masked g_2 (2 n m_g); empty without
        /// @param integers uploads an integer input
        /// @param numbers uploads another
        public void keep(int[] chosen, int[] chosenGlobal, BiConsumer<Tensor, int[]> integers,
                BiConsumer<Tensor, float[]> numbers) {
            if (masked != null) {
                masked.give(chosen, 1, 1, integers);
            }
            if (places != null) {
                places.give(chosen, integers);
            }
            if (dropped != null) {
                float[] weights = new float[dropped.count()];
                Arrays.fill(weights, 1f / (weights.length - chosen.length));
                for (int i = 0; i < chosen.length; i++) {
                    weights[i / masked.kept() * masked.patches() + chosen[i]] = 0f;
                }
                numbers.accept(dropped, weights);
            }
            if (maskedGlobal != null) {
                maskedGlobal.give(chosenGlobal, 1, 1, integers);
            }
        }
    }

    /// x0 (section 2).
    ///
    /// @param cls (n, d)
    /// @param dense D (n, N, d)
    /// @param factors L, S and Z
    /// @param decoding of Z; null without reconstruction
    public record Whole(Tensor cls, Tensor dense, Factorization.Factors factors, LowRankDecoder.Decoding decoding) {
    }

    /// x0m (section 3).
    ///
    /// @param cls (n, d)
    /// @param visible D of the kept cells (n, m, d)
    /// @param sparse S' (n, K, d)
    /// @param dense D' (n, N, d); null where nothing is predicted
    /// @param factors L', S' and Z'; null likewise
    /// @param logits over the codes (n N, C); null likewise
    public record Masked(Tensor cls, Tensor visible, Tensor sparse, Tensor dense, Factorization.Factors factors,
            Tensor logits) {
    }

    /// The objective of one step: what a program computes before its gradient; null what is not in it.
    ///
    /// @param encoding of the student's views: x0, x0m, masked g_1 and g_2, crops
    /// @param dropped prediction of the dropped cells
    public record Objective(Inputs inputs, Views views, Encoding encoding, Whole whole, Masked masked,
            AcrossViews.Aligned aligned, AcrossViews.Taught taught, CodeDecoder.Reconstruction dropped,
            PaintedEcho.Contrasted echo, TotalLoss loss) {
    }

    private final Settings settings;
    private final VisionTransformer encoder;
    private final AcrossViews across;
    private final Factorization factorization;
    private final PlaceQueries queries;
    private final LowRankDecoder decoder;
    private final PaintedEcho echo;
    private final VisionTransformer teacher;

    /// Registers all parameters that a term needs, and the averages of those that a teacher consists of.
    ///
    /// @param fourier G of the decoder's position features, (2, width / 2)
    /// @param codebook pixels of each code's centroid (C, 3 p p), which echoes are painted with
    public Triptych(State state, Settings settings, double[] fourier, float[] codebook) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        Weights w = settings.weights();
        int width = settings.encoder().width();
        encoder = new VisionTransformer(scope, settings.encoder(), settings.tokens(), ENCODER);
        factorization = new Factorization(scope, width, settings.spatialTemperature());
        queries = w.predicts() ? new PlaceQueries(scope, width) : null;
        decoder = new LowRankDecoder(scope, width, settings.encoder().grid(), settings.encoder().patch(),
                settings.encoder().eps(), settings.decoder(), fourier);
        teacher = w.teaches()
                ? new VisionTransformer(scope.asTeacher(), settings.encoder(), settings.tokens(), ENCODER)
                : null;
        across = w.aligns() ? new AcrossViews(scope, settings, teacher) : null;
        echo = w.contrast() != 0 ? new PaintedEcho(scope, settings, teacher, codebook) : null;
    }

    /// The input `image` of that many full images.
    public Tensor image(Program p, int batch) {
        return images(p, "image", batch, settings.encoder().grid());
    }

    /// What evaluation reads of full images, of the student (section 7).
    public TriptychFeatures evaluate(Program p, Tensor image) {
        Encoding encoding = encoder.encode(p, whole(p, image, settings.encoder().grid()));
        Tensor cls = encoding.cls(p, 0);
        Tensor dense = encoding.dense(p, 0);
        var factors = factorization.apply(p, dense, encoding.sparse(p, 0));
        Tensor prediction = decoder.apply(p, factors.lowRank()).prediction();
        var parts = new LowRankFeatures(cls, dense, factors.sparse(), factors.localization(), factors.lowRank(),
                prediction).kept(p);
        return across == null ? new TriptychFeatures(parts, null, null) : across.evaluate(p, parts);
    }

    /// The objective of a training step (section 6).
    public Objective objective(Program p, Views views) {
        Weights w = settings.weights();

        // INPUTS
        Inputs in = inputs(p, views);

        // FORWARD
        // S, D, cls = enc(x0), together with x0m, the masked g_1 and g_2, the crops
        Encoding encoding = encoder.encode(p, studentViews(p, in, views));
        // section 2: L = softmax(cos(D W1, S W2) / tau), Z = L S, t^ = dec(Z)
        Whole whole = whole(p, encoding);
        // section 3: D' = [visible ; q + P W_P], L', Z' and the same decoder
        Masked masked = w.masks() ? masked(p, encoding, in.places()) : null;
        // section 4: heads of the student's views; T = h'(S'(g)), Z = 1[T > 0]; who is held to what
        AcrossViews.Aligned aligned = w.aligns() ? across.student(p, encoding, whole.factors().sparse()) : null;
        AcrossViews.Taught taught = w.alignment() != 0 ? across.teacher(p, in.global(), aligned) : null;

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add("reconstruction", w.reconstruction(), () -> reconstruction(p, whole, in));
        terms.add("koleo", w.koleo(), () -> koleo(p, whole.factors().sparse()));
        CodeDecoder.Reconstruction dropped = w.masked() != 0 ? dropped(p, masked, in) : null;
        terms.add("masked", w.masked(), () -> dropped.loss());
        if (taught != null) {
            terms.add("token " + settings.alignment().term(), w.alignment(),
                    () -> across.tokenLoss(p, aligned, taught));
            terms.add("cls " + settings.alignment().term(), w.alignment(), () -> across.clsLoss(p, aligned, taught));
        }
        if (aligned != null && settings.alignment() instanceof Alignment.Bits bits) {
            terms.add("token rate", w.rate(), () -> AcrossViews.tokenRate(p, bits, aligned));
            terms.add("cls rate", w.rate(), () -> AcrossViews.clsRate(p, bits, aligned));
        }
        PaintedEcho.Contrasted contrasted = w.contrast() != 0
                ? echo.contrast(p, in.echo(), in.codes(), masked.logits(), masked.sparse())
                : null;
        terms.add("contrast", w.contrast(), () -> contrasted.contrast().loss());
        terms.add("uniformity", w.uniformity(), () -> PaintedEcho.uniformity(p, masked.sparse()));
        if (masked != null || aligned != null) {
            terms.add("masked koleo", w.maskedKoleo(), () -> koleo(p, maskedTokens(p, masked, aligned)));
        }

        // TOTAL
        TotalLoss loss = p.section("total loss (Triptych section 6)", () -> terms.total(p));
        return new Objective(in, views, encoding, whole, masked, aligned, taught, dropped, contrasted, loss);
    }

    private Inputs inputs(Program p, Views v) {
        Weights w = settings.weights();
        int n = v.batch();
        int cells = settings.encoder().patches();
        int grid = settings.encoder().grid();
        boolean codes = settings.decoder().codes() > 0 && (w.reconstruction() != 0 || w.predicts());
        boolean crops = v.localCrops() > 0 && w.alignment() != 0;
        return new Inputs(image(p, n), w.aligns() ? images(p, "global", GLOBAL * n, grid) : null,
                crops ? images(p, "local", n * v.localCrops(), v.localGrid()) : null,
                w.masks() ? MaskedPatches.input(p, n, v.kept(), cells) : null,
                w.predicts() ? PlaceQueries.Cells.input(p, n, v.kept(), cells) : null,
                w.aligns() ? MaskedPatches.input(p, "masked.global", GLOBAL * n, v.keptGlobal(), cells) : null,
                codes ? p.integerInput("codes", n * cells) : null,
                w.predicts() ? p.input("dropped", n, cells) : null,
                echo == null ? null : echo.inputs(p, n));
    }

    /// The input of a number of square images with that many patches along a side.
    private Tensor images(Program p, String name, int count, int grid) {
        int side = grid * settings.encoder().patch();
        return p.input(name, count, 3, side, side);
    }

    private View[] studentViews(Program p, Inputs in, Views v) {
        int grid = settings.encoder().grid();
        var list = new ArrayList<View>();
        list.add(whole(p, in.image(), grid));
        if (in.masked() != null) {
            list.add(View.masked(in.image(), in.masked(), grid));
        }
        if (in.global() != null) {
            list.add(View.masked(in.global(), in.maskedGlobal(), grid).reading(View.Read.CLS_AND_SPARSE));
        }
        if (in.local() != null) {
            list.add(whole(p, in.local(), v.localGrid()).reading(View.Read.CLS));
        }
        return list.toArray(View[]::new);
    }

    private static View whole(Program p, Tensor images, int grid) {
        return View.full(p, images, images.side(0), 0, 1, grid);
    }

    private Whole whole(Program p, Encoding encoding) {
        Tensor s = encoding.sparse(p, 0);
        Tensor dense = encoding.dense(p, 0);
        Tensor cls = encoding.cls(p, 0);
        var factors = factorization.apply(p, dense, s);
        return new Whole(cls, dense, factors,
                settings.weights().reconstruction() == 0 ? null : decoder.apply(p, factors.lowRank()));
    }

    /// What stands where and what is predicted of a view of which some cells were dropped.
    private Masked masked(Program p, Encoding encoding, PlaceQueries.Cells places) {
        int view = encoding.layout().views().size() == 1 ? 0 : 1;
        boolean empty = encoding.layout().views().get(view).kept() == 0;
        Tensor s = encoding.sparse(p, view);
        Tensor cls = encoding.cls(p, view);
        Tensor visible = empty ? null : encoding.dense(p, view);
        if (places == null) {
            return new Masked(cls, visible, s, null, null, null);
        }
        Tensor dense = p.section("masked low rank: D' = [visible ; q + P W_P] (Triptych section 3)",
                () -> queries.complete(p, visible,
                        p.slice(encoder.positions(), 1, settings.encoder().patches()), places));
        var factors = factorization.apply(p, dense, s);
        return new Masked(cls, visible, s, dense, factors, decoder.apply(p, factors.lowRank()).prediction());
    }

    private Tensor reconstruction(Program p, Whole whole, Inputs in) {
        return p.section("reconstruction (Triptych section 2, STELLAR Eq. 3)", () -> in.codes() == null
                ? decoder.pixelLoss(p, whole.decoding(), in.image())
                : decoder.codeLoss(p, whole.decoding(), in.codes()));
    }

    private CodeDecoder.Reconstruction dropped(Program p, Masked masked, Inputs in) {
        return p.section("codes of dropped cells (Triptych section 3)", () -> CodeDecoder.Reconstruction.of(p,
                masked.logits(), in.codes(), in.dropped(), settings.smoothing()));
    }

    private static Tensor koleo(Program p, Tensor tokens) {
        return p.section("KoLeo (STELLAR Eq. 11)", () -> KoleoLoss.of(p, tokens));
    }

    /// Tokens of x0m, masked g_1 and masked g_2, as far as they are in the program (sets, K, d).
    private static Tensor maskedTokens(Program p, Masked masked, AcrossViews.Aligned aligned) {
        if (aligned == null) {
            return masked.sparse();
        }
        return p.section("tokens of masked views (Triptych section 6)", () -> {
            Tensor global = p.slice(aligned.sparse(), 0, aligned.sparse().side(0) / TokenPairs.VIEWS * GLOBAL);
            return masked == null ? global : p.concat(masked.sparse(), global);
        });
    }

    /// The prediction of x0m's codes (section 3): what decoding by iterations runs on, and masked cells are judged by.
    ///
    /// @param image pictures of which patches are kept (batch, 3, side, side); null where none is
    /// @param kept which; null where none is
    /// @param places where cells are among the rows
    /// @param masked what stands where, and logits of all cells
    public record Prediction(Tensor image, MaskedPatches kept, PlaceQueries.Cells places, Masked masked) {
    }

    /// Predicts all codes of pictures of which `kept` patches are seen.
    public Prediction predict(Program p, int batch, int kept) {
        int cells = settings.encoder().patches();
        int grid = settings.encoder().grid();
        Tensor image = kept == 0 ? null : image(p, batch);
        var patches = kept == 0 ? null : MaskedPatches.input(p, batch, kept, cells);
        var places = PlaceQueries.Cells.input(p, batch, kept, cells);
        Encoding encoding = encoder.encode(p,
                kept == 0 ? View.empty(batch, grid) : View.masked(image, patches, grid));
        Masked masked = masked(p, encoding, places);
        p.keep(masked.logits());
        p.keep(masked.factors().localization());
        return new Prediction(image, patches, places, masked);
    }

    /// Decodes tokens and localizations that were edited (section 7): Z = L S, then the decoder.
    ///
    /// @param sparse S (batch, K, d)
    /// @param localization L (batch, N, K)
    public Tensor decode(Program p, Tensor sparse, Tensor localization) {
        Tensor z = p.section("factorization: Z = L S (STELLAR Eq. 1)", () -> p.product(localization, sparse));
        Tensor prediction = decoder.apply(p, z).prediction();
        p.keep(prediction);
        return prediction;
    }

    /// Appends the EMA update that ends a training step (section 6): encoder, tokens, heads, projector, after the
    /// optimizer.
    ///
    /// @return the input `momentum`; null without a teacher
    public Tensor updateTeacher(Program p) {
        return settings.weights().teaches() ? EmaTeacher.update(p, "Triptych section 6") : null;
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }
}
