package dev.triptych.stellar;

import dev.triptych.alignment.KoleoLoss;
import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.factorization.Factorization;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import java.util.LinkedHashMap;
import java.util.Map;

/// STELLAR (Zhao et al. 2026, arXiv 2602.01905): an image as K tokens S and their localization L. S is aligned across
/// views by prototypes and matching; Z = L S reconstructs the picture, so that invariance never has to hold for L.
///
/// This class writes the objective in the order of the specification (sections 1 to 5); what it calls is each in a
/// package of its own.
@Twinned
public final class Stellar {
    private static final String SECTION = "STELLAR section 1";
    private static final String TARGETS = "Sinkhorn targets (STELLAR Eq. 5-6)";

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the vision transformer
    /// @param tokens K sparse tokens
    /// @param spatialTemperature tau_spatial of L; 0 for scores over sqrt(d)
    /// @param head sizes of both prototype heads
    /// @param targets Sinkhorn's temperature, iterations and column power
    /// @param logitTemperature of the logits in every cross-entropy
    /// @param matching of tokens between views
    /// @param decoder sizes of the decoder
    /// @param weights of the loss terms
    public record Settings(VisionTransformer.Settings encoder, int tokens, float spatialTemperature,
            PrototypeHead.Settings head, SinkhornTargets targets, float logitTemperature, TokenMatching matching,
            LowRankDecoder.Settings decoder, Weights weights) {
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

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param terms every term of the loss by name, not weighted
    /// @param total the weighted sum
    /// @param values tensors in between by name, for checks and health figures
    /// @param encoding of the student's views: full images, then masked views, then crops
    /// @param decoding of the full images; null without reconstruction
    /// @param codes that the decoder has to predict, an input (B N); null where it predicts pixels or nothing
    public record Objective(Map<String, Tensor> terms, Tensor total, Map<String, Tensor> values, Encoding encoding,
            LowRankDecoder.Decoding decoding, Tensor codes) {
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
        clsHead = new PrototypeHead(scope.in("cls_head"), width, settings.head());
        factorization = new Factorization(scope, width, settings.spatialTemperature());
        decoder = new LowRankDecoder(scope, width, settings.encoder().grid(), settings.encoder().patch(),
                settings.encoder().eps(), settings.decoder(), fourier);
    }

    /// S, L, Z and the reconstruction of full images (inputs `image`): what evaluation reads.
    public Map<String, Tensor> evaluate(Program p, int batch) {
        Tensor image = images(p, "image", batch, settings.encoder().grid());
        Encoding encoding = encoder.encode(p, View.full(p, image, batch, 0, 1, settings.encoder().grid()));
        var factors = factorization.apply(p, encoding.dense(p, 0), encoding.sparse(p, 0));
        var decoding = decoder.apply(p, factors.lowRank());
        var values = new LinkedHashMap<String, Tensor>();
        values.put("cls", encoding.cls(p, 0));
        values.put("dense", encoding.dense(p, 0));
        values.put("sparse", factors.sparse());
        values.put("localization", factors.localization());
        values.put("lowrank", factors.lowRank());
        values.put("prediction", decoding.prediction());
        values.values().forEach(p::keep);
        return values;
    }

    /// Appends the EMA update that begins a training step with a teacher (section 4.7).
    public void updateTeacher(Program p) {
        teacher();
        EmaTeacher.update(p, "STELLAR section 4.7");
    }

    private Teacher teacher() {
        if (teacher == null) {
            Scope averages = scope.asTeacher();
            int width = settings.encoder().width();
            teacher = new Teacher(new VisionTransformer(averages, settings.encoder(), settings.tokens(), SECTION),
                    new PrototypeHead(averages.in("clustering_head"), width, settings.head()),
                    new PrototypeHead(averages.in("cls_head"), width, settings.head()));
        }
        return teacher;
    }

    /// The objective of a training step (section 4.4 and 5). Inputs: `image` (B, 3, side, side) without colour
    /// augmentation, `global` (B G, 3, side, side), `local` (B M, 3, crop, crop), the `masked.*` integers of
    /// `View.masked`, and `codes` (B N) with a code head.
    public Objective objective(Program p, Views views) {
        var build = new Build(p, views);
        return build.objective();
    }

    /// The input of a number of square images with that many patches along a side.
    private Tensor images(Program p, String name, int count, int grid) {
        int side = grid * settings.encoder().patch();
        return p.input(name, count, 3, side, side);
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }

    /// The writing of one objective.
    private final class Build {
        private final Program p;
        private final Views views;
        private final Weights weights = settings.weights();
        private final Map<String, Tensor> terms = new LinkedHashMap<>();
        private final Map<String, Tensor> values = new LinkedHashMap<>();
        private final int grid = settings.encoder().grid();
        private final boolean masking;
        private final boolean cropping;
        private Tensor codes;

        Build(Program p, Views views) {
            this.p = p;
            this.views = views;
            masking = views.maskedViews() > 0 && (weights.mask() > 0 || weights.cls() > 0 || weights.maskedKoleo() > 0);
            cropping = views.localCrops() > 0 && weights.cls() > 0;
        }

        Objective objective() {
            int b = views.batch();
            Tensor image = images(p, "image", b, grid);
            Tensor global = masking || views.teacher() ? images(p, "global", b * views.globalViews(), grid) : null;

            // S, D, cls = enc(x0), together with the masked views and the crops
            Encoding encoding = encoder.encode(p, studentViews(image, global));
            Tensor s = value("sparse", encoding.sparse(p, 0));
            Tensor dense = value("dense", encoding.dense(p, 0));
            Tensor cls = value("cls", encoding.cls(p, 0));

            // L = softmax(cos(D W1, S W2) / tau), Z = L S
            var factors = factorization.apply(p, dense, s);
            value("localization", factors.localization());
            value("lowrank", factors.lowRank());

            LowRankDecoder.Decoding decoding = reconstruction(image, factors.lowRank());
            koleo("koleo", weights.koleo(), s);
            if (weights.aligns()) {
                align(encoding, s, cls, global);
            } else if (masking) {
                koleo("masked koleo", weights.maskedKoleo(), value("masked sparse", encoding.sparse(p, 1)));
            }
            return new Objective(terms, total(), values, encoding, decoding, codes);
        }

        private View[] studentViews(Tensor image, Tensor global) {
            var list = new java.util.ArrayList<View>();
            list.add(View.full(p, image, views.batch(), 0, 1, grid));
            if (masking) {
                list.add(View.masked(p, global, views.batch() * views.maskedViews(), views.kept(), grid));
            }
            if (cropping) {
                int crops = views.batch() * views.localCrops();
                Tensor local = images(p, "local", crops, views.localGrid());
                list.add(View.full(p, local, crops, 0, 1, views.localGrid()));
            }
            return list.toArray(View[]::new);
        }

        private LowRankDecoder.Decoding reconstruction(Tensor image, Tensor lowRank) {
            if (weights.reconstruction() == 0) {
                return null;
            }
            var decoding = decoder.apply(p, lowRank);
            value("prediction", decoding.prediction());
            try (var _ = p.section("reconstruction (STELLAR Eq. 3)")) {
                if (settings.decoder().codes() == 0) {
                    terms.put("reconstruction", decoder.pixelLoss(p, decoding, image));
                    return decoding;
                }
                codes = p.integerInput("codes", views.batch() * settings.encoder().patches());
                terms.put("reconstruction", decoder.codeLoss(p, decoding, codes));
                return decoding;
            }
        }

        private void koleo(String name, float weight, Tensor tokens) {
            if (weight > 0) {
                terms.put(name, p.section("KoLeo (STELLAR Eq. 11)", () -> KoleoLoss.of(p, tokens)));
            }
        }

        /// Clustering and cross-view alignment: targets q of the image, predictions of every view (section 4.4).
        private void align(Encoding encoding, Tensor s, Tensor cls, Tensor global) {
            Targets targets = views.teacher() ? teacherTargets(global) : ownTargets(s, cls);
            if (weights.clustering() > 0) {
                Tensor rows = views.teacher()
                        ? match("student", s, targets.tokens())
                        : same(1, settings.tokens());
                term("clustering", logits("logits", head, s), targets.q(), rows);
            }
            if (weights.clsClustering() > 0) {
                term("cls clustering", logits("cls logits", clsHead, cls), targets.clsQ(), same(1, 1));
            }
            if (masking) {
                Tensor masked = value("masked sparse", encoding.sparse(p, 1));
                koleo("masked koleo", weights.maskedKoleo(), masked);
                if (weights.mask() > 0) {
                    Tensor rows = match("masked", masked, targets.tokens());
                    term("mask", logits("masked logits", head, masked), targets.q(), rows);
                }
                if (weights.cls() > 0) {
                    Tensor maskedCls = value("masked cls", encoding.cls(p, 1));
                    term("cls masked", logits("masked cls logits", clsHead, maskedCls), targets.clsQ(),
                            same(views.maskedViews(), 1));
                }
            }
            if (cropping) {
                Tensor localCls = value("local cls", encoding.cls(p, masking ? 2 : 1));
                term("cls local", logits("local cls logits", clsHead, localCls), targets.clsQ(),
                        same(views.localCrops(), 1));
            }
        }

        /// Targets from the same weights in the same step: q = Sinkhorn(l(S)), without gradient.
        private Targets ownTargets(Tensor s, Tensor cls) {
            Tensor l = logits("logits", head, s);
            Tensor lc = logits("cls logits", clsHead, cls);
            try (var _ = p.section(TARGETS)) {
                return targets(s, p.stopGradient("token targets", l), p.stopGradient("CLS targets", lc));
            }
        }

        /// Targets from the EMA teacher, which sees global view 1 unmasked.
        private Targets teacherTargets(Tensor global) {
            int g = views.globalViews();
            Encoding encoding = teacher().encoder().encode(p, View.full(p, global, views.batch(), 1, g, grid));
            Tensor tokens = value("teacher sparse", encoding.sparse(p, 0));
            Tensor cls = value("teacher cls", encoding.cls(p, 0));
            return targets(tokens, logits("teacher logits", teacher().head(), tokens),
                    logits("teacher cls logits", teacher().clsHead(), cls));
        }

        private Targets targets(Tensor tokens, Tensor l, Tensor lc) {
            try (var _ = p.section(TARGETS)) {
                Tensor q = value("targets", settings.targets().assign(p, l));
                Tensor clsQ = value("cls targets", settings.targets().assign(p, lc));
                return new Targets(tokens, q, clsQ);
            }
        }

        private Tensor logits(String name, PrototypeHead prototypes, Tensor x) {
            if (values.containsKey(name)) {
                return values.get(name);
            }
            return value(name, p.section("prototypes: " + name + " (STELLAR Eq. 5)", () -> prototypes.logits(p, x)));
        }

        private Tensor match(String name, Tensor pred, Tensor target) {
            boolean chooses = settings.matching().match();
            var matches = p.section("optimal-transport matching (STELLAR Eq. 8-10)", () -> settings.matching().apply(p,
                    chooses ? p.stopGradient("matching of " + name + " tokens", pred) : pred,
                    chooses ? p.stopGradient("target tokens S", target) : target));
            if (matches.plan() != null) {
                value(name + " plan", matches.plan());
            }
            return value(name + " matches", matches.rows());
        }

        private Tensor same(int repeats, int tokens) {
            return p.constant("same", TokenMatching.repeated(views.batch(), repeats, tokens));
        }

        /// CE(l, q) = - mean over tokens of sum_c q_c log softmax(l / tau)_c (section 4.3, Eq. 6).
        private void term(String name, Tensor logits, Tensor q, Tensor rows) {
            terms.put(name, p.section("cross-entropy: " + name + " (STELLAR Eq. 6, section 4.4)",
                    () -> p.mean(p.softCrossEntropy(logits, q, rows, 1f / settings.logitTemperature()))));
        }

        private Tensor value(String name, Tensor tensor) {
            values.put(name, tensor);
            return tensor;
        }

        private Tensor total() {
            Tensor total = null;
            try (var _ = p.section("total loss (STELLAR Eq. 12-13)")) {
                for (Map.Entry<String, Tensor> term : terms.entrySet()) {
                    float w = weight(term.getKey());
                    total = total == null ? p.scale(term.getValue(), w) : p.addScaled(total, 1f, term.getValue(), w);
                }
            }
            if (total == null) {
                throw new IllegalArgumentException("All weights of the loss are 0: nothing to learn");
            }
            return total;
        }

        private float weight(String term) {
            return switch (term) {
                case "reconstruction" -> weights.reconstruction();
                case "koleo" -> weights.koleo();
                case "masked koleo" -> weights.maskedKoleo();
                case "clustering" -> weights.clustering();
                case "cls clustering" -> weights.clsClustering();
                case "mask" -> weights.mask();
                default -> weights.cls();
            };
        }
    }

    /// The averaged copies of what a teacher consists of.
    private record Teacher(VisionTransformer encoder, PrototypeHead head, PrototypeHead clsHead) {
    }

    /// What predictions are compared with.
    private record Targets(Tensor tokens, Tensor q, Tensor clsQ) {
    }
}
