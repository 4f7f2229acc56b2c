package dev.triptych.stellar;

import dev.triptych.alignment.KoleoLoss;
import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.MaskedPatches;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.factorization.Factorization;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import dev.triptych.tokens.LowRankFeatures;
import java.util.ArrayList;

/// STELLAR (Zhao et al. 2026, arXiv 2602.01905): an image as K tokens S and their localization L. S is aligned across
/// views by prototypes and matching; Z = L S reconstructs the picture, so that invariance never has to hold for L.
///
/// This class writes the objective in the order of the specification (sections 1 to 5): inputs, forward, terms, total.
/// What it calls is each in a package of its own.
@Twinned
public final class Stellar {
    private static final String SECTION = "STELLAR section 1";

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the vision transformer
    /// @param tokens K sparse tokens
    /// @param spatialTemperature tau_spatial of L; 0 for scores over sqrt(d)
    /// @param head sizes of the prototype head of tokens
    /// @param clsHead sizes of that of CLS
    /// @param targets Sinkhorn's temperature, iterations and column power
    /// @param logitTemperature of the logits in every cross-entropy
    /// @param matching of tokens between views
    /// @param decoder sizes of the decoder
    /// @param direct whether the decoder reads D in place of Z = L S: the control without factorization
    /// @param weights of the loss terms
    public record Settings(VisionTransformer.Settings encoder, int tokens, float spatialTemperature,
            PrototypeHead.Settings head, PrototypeHead.Settings clsHead,
            SinkhornTargets targets, float logitTemperature, TokenMatching matching,
            LowRankDecoder.Settings decoder, boolean direct, Weights weights) {
    }

    /// Weights of the terms of the loss (Eq. 12-13); a weight of 0 leaves the term out of the program.
    ///
    /// @param reconstruction of pixels (10 in the authors' code) or codes (0.05)
    /// @param koleo of S
    /// @param maskedKoleo of the masked views' tokens
    /// @param clustering of S against its own targets
    /// @param clsClustering of CLS against its own targets
    /// @param mask set alignment: masked views' tokens against matched targets
    /// @param cls masked views' and local crops' CLS against the image's targets
    public record Weights(float reconstruction, float koleo, float maskedKoleo, float clustering, float clsClustering,
            float mask, float cls) {
        /// Whether targets are needed at all.
        boolean aligns() {
            return clustering > 0 || clsClustering > 0 || mask > 0 || cls > 0;
        }
    }

    /// How many views of what kind a step sees.
    ///
    /// @param batch B images
    /// @param globalViews global views given for each image
    /// @param maskedViews V of them that are masked, the first ones
    /// @param kept patches of a masked view
    /// @param localCrops M crops of each image
    /// @param localGrid patches along a side of a crop
    /// @param teacher whether targets come from the EMA teacher on global view 1
    public record Views(int batch, int globalViews, int maskedViews, int kept, int localCrops, int localGrid,
            boolean teacher) {
    }

    /// INPUTS of a step.
    ///
    /// @param image x0 (B, 3, side, side) without colour augmentation: encoded whole, and reconstructed
    /// @param global views (B G, 3, side, side), image-major; null where none is read
    /// @param local crops (B M, 3, crop, crop), image-major; null without crops
    /// @param masked which patches the masked views keep; null without masking
    /// @param codes that the decoder has to predict (B N); null where it predicts pixels or nothing
    public record Inputs(Tensor image, Tensor global, Tensor local, MaskedPatches masked, Tensor codes) {
    }

    /// What is computed of the views of one kind; null where nothing needs it.
    ///
    /// @param cls (count, d)
    /// @param dense D (count, N, d)
    /// @param sparse S (count, K, d)
    /// @param logits l(S) over the prototypes (count K, C)
    /// @param clsLogits l(cls) over the prototypes of CLS (count, C)
    /// @param matches which target each token of S has
    public record Seen(Tensor cls, Tensor dense, Tensor sparse, Tensor logits, Tensor clsLogits,
            TokenMatching.Matches matches) {
    }

    /// What predictions are compared with, without gradient.
    ///
    /// @param tokens q of S (B K, C)
    /// @param cls q of CLS (B, C)
    public record Targets(Tensor tokens, Tensor cls) {
    }

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param views how many there are
    /// @param encoding of the student's views: full images, then masked views, then crops
    /// @param factors L, S and Z of the full images
    /// @param decoding of Z; null without reconstruction
    /// @param full the images x0
    /// @param masked the masked views; null without
    /// @param local the crops; null without
    /// @param teacher what an EMA teacher sees of global view 1; null without
    /// @param targets null where nothing is aligned
    public record Objective(Inputs inputs, Views views, Encoding encoding, Factorization.Factors factors,
            LowRankDecoder.Decoding decoding, Seen full, Seen masked, Seen local, Seen teacher, Targets targets,
            TotalLoss loss) {
    }

    /// The averaged copies of what a teacher consists of.
    private record Teacher(VisionTransformer encoder, PrototypeHead head, PrototypeHead clsHead) {
    }

    private final Settings settings;
    private final VisionTransformer encoder;
    private final PrototypeHead head;
    private final PrototypeHead clsHead;
    private final Factorization factorization;
    private final LowRankDecoder decoder;
    private final Scope scope;
    private Teacher teacher;

    /// Registers all parameters in a state: first what a teacher averages (encoder, T, heads), then the rest.
    ///
    /// @param fourier G of the decoder's position features, (2, width / 2)
    public Stellar(State state, Settings settings, double[] fourier) {
        this.settings = settings;
        this.scope = Scope.of(state);
        int width = settings.encoder().width();
        encoder = new VisionTransformer(scope, settings.encoder(), settings.tokens(), SECTION);
        head = new PrototypeHead(scope.in("clustering_head"), width, settings.head());
        clsHead = new PrototypeHead(scope.in("cls_head"), width, settings.clsHead());
        factorization = new Factorization(scope, width, settings.spatialTemperature());
        decoder = new LowRankDecoder(scope, width, settings.encoder().grid(), settings.encoder().patch(),
                settings.encoder().eps(), settings.decoder(), fourier);
    }

    /// The input `image` of that many full images.
    public Tensor image(Program p, int batch) {
        return images(p, "image", batch, settings.encoder().grid());
    }

    /// S, L, Z and the reconstruction of full images: what evaluation reads.
    public LowRankFeatures evaluate(Program p, Tensor image) {
        Encoding encoding = encoder.encode(p, whole(p, image, settings.encoder().grid()));
        var factors = factorization.apply(p, encoding.dense(p, 0), encoding.sparse(p, 0));
        var decoding = decoder.apply(p, read(encoding.dense(p, 0), factors));
        return new LowRankFeatures(encoding.cls(p, 0), encoding.dense(p, 0), factors.sparse(), factors.localization(),
                factors.lowRank(), decoding.prediction()).kept(p);
    }

    /// What the decoder makes of tokens S (batch, K, d) and localizations L (batch, N, K) that are given.
    public Tensor decode(Program p, Tensor sparse, Tensor localization) {
        Tensor z = p.section("factorization: Z = L S (STELLAR Eq. 1)", () -> p.product(localization, sparse));
        Tensor prediction = decoder.apply(p, z).prediction();
        p.keep(prediction);
        return prediction;
    }

    private Tensor read(Tensor dense, Factorization.Factors factors) {
        return settings.direct() ? dense : factors.lowRank();
    }

    /// Appends the EMA update that begins a training step with a teacher (section 4.7).
    ///
    /// @return the input `momentum`
    public Tensor updateTeacher(Program p) {
        teacher();
        return EmaTeacher.update(p, "STELLAR section 4.7");
    }

    private Teacher teacher() {
        if (teacher == null) {
            Scope averages = scope.asTeacher();
            int width = settings.encoder().width();
            teacher = new Teacher(new VisionTransformer(averages, settings.encoder(), settings.tokens(), SECTION),
                    new PrototypeHead(averages.in("clustering_head"), width, settings.head()),
                    new PrototypeHead(averages.in("cls_head"), width, settings.clsHead()));
        }
        return teacher;
    }

    /// The objective of a training step (sections 4.4 and 5).
    public Objective objective(Program p, Views views) {
        Weights w = settings.weights();
        int tokens = settings.tokens();

        // INPUTS
        Inputs in = inputs(p, views);
        boolean masking = in.masked() != null;
        boolean cropping = in.local() != null;

        // FORWARD
        // S, D, cls = enc(x0), together with the masked views and the crops
        Encoding encoding = encoder.encode(p, studentViews(p, in, views));
        Tensor s = encoding.sparse(p, 0);
        Tensor dense = encoding.dense(p, 0);
        Tensor cls = encoding.cls(p, 0);
        // L = softmax(cos(D W1, S W2) / tau), Z = L S, x^ = dec(Z)
        var factors = factorization.apply(p, dense, s);
        var decoding = w.reconstruction() == 0 ? null : decoder.apply(p, read(dense, factors));
        // l(S), l(cls) and targets q = Sinkhorn(l), those of an EMA teacher where there is one
        Seen average = w.aligns() && views.teacher() ? average(p, in, views) : null;
        Seen full = w.aligns()
                ? new Seen(cls, dense, s, logits(p, "logits", head, s), logits(p, "cls logits", clsHead, cls),
                        average == null || w.clustering() == 0 ? null : match(p, "student", s, average.sparse()))
                : new Seen(cls, dense, s, null, null, null);
        Seen aim = average == null ? full : average;
        Targets q = w.aligns() ? targets(p, aim) : null;
        Seen masked = masking ? masked(p, encoding, aim.sparse()) : null;
        Seen local = cropping ? local(p, encoding.cls(p, masking ? 2 : 1)) : null;

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add("reconstruction", w.reconstruction(), () -> reconstruction(p, decoding, in));
        terms.add("koleo", w.koleo(), () -> koleo(p, s));
        terms.add("clustering", w.clustering(), () -> crossEntropy(p, "clustering", full.logits(), q.tokens(),
                average == null ? same(p, views, 1, tokens) : full.matches().rows()));
        terms.add("cls clustering", w.clsClustering(), () -> crossEntropy(p, "cls clustering", full.clsLogits(),
                q.cls(), same(p, views, 1, 1)));
        if (masking) {
            terms.add("masked koleo", w.maskedKoleo(), () -> koleo(p, masked.sparse()));
            terms.add("mask", w.mask(), () -> crossEntropy(p, "mask", masked.logits(), q.tokens(),
                    masked.matches().rows()));
            terms.add("cls masked", w.cls(), () -> crossEntropy(p, "cls masked", masked.clsLogits(), q.cls(),
                    same(p, views, views.maskedViews(), 1)));
        }
        if (cropping) {
            terms.add("cls local", w.cls(), () -> crossEntropy(p, "cls local", local.clsLogits(), q.cls(),
                    same(p, views, views.localCrops(), 1)));
        }

        // TOTAL
        TotalLoss loss = p.section("total loss (STELLAR Eq. 12-13)", () -> terms.total(p));
        return new Objective(in, views, encoding, factors, decoding, full, masked, local, average, q, loss);
    }

    private Inputs inputs(Program p, Views v) {
        Weights w = settings.weights();
        var sizes = settings.encoder();
        boolean masking = v.maskedViews() > 0 && (w.mask() > 0 || w.cls() > 0 || w.maskedKoleo() > 0);
        boolean cropping = v.localCrops() > 0 && w.cls() > 0;
        boolean codes = settings.decoder().codes() > 0 && w.reconstruction() > 0;
        return new Inputs(image(p, v.batch()),
                masking || v.teacher() ? images(p, "global", v.batch() * v.globalViews(), sizes.grid()) : null,
                cropping ? images(p, "local", v.batch() * v.localCrops(), v.localGrid()) : null,
                masking ? MaskedPatches.input(p, v.batch() * v.maskedViews(), v.kept(), sizes.patches()) : null,
                codes ? p.integerInput("codes", v.batch() * sizes.patches()) : null);
    }

    /// The input of a number of square images with that many patches along a side.
    private Tensor images(Program p, String name, int count, int grid) {
        int side = grid * settings.encoder().patch();
        return p.input(name, count, 3, side, side);
    }

    private View[] studentViews(Program p, Inputs in, Views v) {
        var list = new ArrayList<View>();
        list.add(whole(p, in.image(), settings.encoder().grid()));
        if (in.masked() != null) {
            list.add(View.masked(in.global(), in.masked(), settings.encoder().grid())
                    .reading(View.Read.CLS_AND_SPARSE));
        }
        if (in.local() != null) {
            list.add(whole(p, in.local(), v.localGrid()).reading(View.Read.CLS));
        }
        return list.toArray(View[]::new);
    }

    private static View whole(Program p, Tensor images, int grid) {
        return View.full(p, images, images.side(0), 0, 1, grid);
    }

    /// What the EMA teacher sees of global view 1, unmasked (section 4.7).
    private Seen average(Program p, Inputs in, Views v) {
        Encoding encoding = teacher().encoder().encode(p,
                View.full(p, in.global(), v.batch(), 1, v.globalViews(), settings.encoder().grid())
                        .reading(View.Read.CLS_AND_SPARSE));
        Tensor s = encoding.sparse(p, 0);
        Tensor cls = encoding.cls(p, 0);
        return new Seen(cls, null, s, logits(p, "teacher logits", teacher().head(), s),
                logits(p, "teacher cls logits", teacher().clsHead(), cls), null);
    }

    /// Masked views, whose tokens are matched with those of their image.
    private Seen masked(Program p, Encoding encoding, Tensor aims) {
        boolean tokens = settings.weights().mask() > 0;
        Tensor s = encoding.sparse(p, 1);
        Tensor cls = settings.weights().cls() > 0 ? encoding.cls(p, 1) : null;
        return new Seen(cls, null, s, tokens ? logits(p, "masked logits", head, s) : null,
                cls == null ? null : logits(p, "masked cls logits", clsHead, cls),
                tokens ? match(p, "masked", s, aims) : null);
    }

    private Seen local(Program p, Tensor cls) {
        return new Seen(cls, null, null, null, logits(p, "local cls logits", clsHead, cls), null);
    }

    private static Tensor logits(Program p, String name, PrototypeHead prototypes, Tensor x) {
        return p.section("prototypes: " + name + " (STELLAR Eq. 5)", () -> prototypes.logits(p, x));
    }

    /// q = Sinkhorn(l), without gradient (section 4.2).
    private Targets targets(Program p, Seen seen) {
        return p.section("Sinkhorn targets (STELLAR Eq. 6, section 4.2)",
                () -> new Targets(settings.targets().assign(p, p.stopGradient("token targets", seen.logits())),
                        settings.targets().assign(p, p.stopGradient("CLS targets", seen.clsLogits()))));
    }

    private TokenMatching.Matches match(Program p, String name, Tensor tokens, Tensor aims) {
        boolean chooses = settings.matching().match();
        return p.section("optimal-transport matching (STELLAR Eq. 8-10)", () -> settings.matching().apply(p,
                chooses ? p.stopGradient("matching of " + name + " tokens", tokens) : tokens,
                chooses ? p.stopGradient("target tokens S", aims) : aims));
    }

    private static Tensor same(Program p, Views v, int repeats, int tokens) {
        return p.constant("same", TokenMatching.repeated(v.batch(), repeats, tokens));
    }

    private Tensor reconstruction(Program p, LowRankDecoder.Decoding decoding, Inputs in) {
        return p.section("reconstruction (STELLAR Eq. 3)", () -> in.codes() == null
                ? decoder.pixelLoss(p, decoding, in.image())
                : decoder.codeLoss(p, decoding, in.codes()));
    }

    private static Tensor koleo(Program p, Tensor tokens) {
        return p.section("KoLeo (STELLAR Eq. 11)", () -> KoleoLoss.of(p, tokens));
    }

    /// CE(l, q) = - mean over tokens of sum_c q_c log softmax(l / tau)_c (section 4.3, Eq. 6).
    ///
    /// @param rows of q, one for each row of logits
    private Tensor crossEntropy(Program p, String name, Tensor logits, Tensor q, Tensor rows) {
        return p.section("cross-entropy: " + name + " (STELLAR Eq. 6, section 4.4)",
                () -> p.mean(p.softCrossEntropy(logits, q, rows, 1f / settings.logitTemperature())));
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }
}
