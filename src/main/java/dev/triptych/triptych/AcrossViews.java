package dev.triptych.triptych;

import dev.triptych.alignment.TokenMatching;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.tokens.LowRankFeatures;

/// Tokens and CLS across views (section 4): a teacher sees g_1 and g_2 whole; from masked g_1, masked g_2 and x0 the
/// student says for each token what its partner says, and CLS from masked views and crops what the teacher's says.
@Twinned
public final class AcrossViews {
    /// The student's views.
    ///
    /// @param sparse S of masked g_1, masked g_2 and x0 (3 n, K, d)
    /// @param cls of masked g_1, masked g_2 and the crops (V n, d)
    /// @param tokenLogits (3, n, K, B or C)
    /// @param clsLogits (V, n, B or C)
    public record Aligned(Tensor sparse, Tensor cls, Tensor tokenLogits, Tensor clsLogits) {
    }

    /// What a teacher says of g_1 and g_2, and which of its tokens each of the student's is held to.
    ///
    /// @param sparse (2 n, K, d)
    /// @param cls (2 n, d)
    /// @param tokenLogits (2, n, K, B or C)
    /// @param clsLogits (2, n, B or C)
    /// @param targets without gradient
    /// @param matches of each pair of views, in the order of [TokenPairs#gather]
    public record Taught(Tensor sparse, Tensor cls, Tensor tokenLogits, Tensor clsLogits, Alignment.Targets targets,
            TokenMatching.Matches matches) {
    }

    private final Triptych.Settings model;
    private final Alignment alignment;
    private final VisionTransformer encoder;
    private final Alignment.Heads heads;
    private final Alignment.Heads teacherHeads;

    /// Registers the heads, and their averages where a teacher says what they predict.
    ///
    /// @param encoder the teacher's; null without
    AcrossViews(Scope scope, Triptych.Settings model, VisionTransformer encoder) {
        this.model = model;
        this.alignment = model.alignment();
        this.encoder = encoder;
        int width = model.encoder().width();
        heads = alignment.heads(scope, width);
        teacherHeads = model.weights().alignment() != 0 ? alignment.heads(scope.asTeacher(), width) : null;
    }

    /// Heads on the student's views.
    ///
    /// @param encoding of x0, x0m where there is one, masked g_1 and g_2, crops where there are some
    /// @param sparse S of x0 (n, K, d)
    Aligned student(Program p, Encoding encoding, Tensor sparse) {
        int view = model.weights().masks() ? 2 : 1;
        boolean crops = encoding.layout().views().size() > view + 1;
        int n = sparse.side(0);
        Tensor global = encoding.sparse(p, view);
        Tensor s = p.section("tokens of masked g_1, masked g_2 and x0 (Triptych section 4)",
                () -> p.concat(global, sparse));
        Tensor globalCls = encoding.cls(p, view);
        Tensor local = crops ? encoding.cls(p, view + 1) : null;
        Tensor cls = local == null
                ? globalCls
                : p.section("CLS of masked g_1, masked g_2 and crops (Triptych section 4)",
                        () -> p.concat(globalCls, local));
        try (var _ = p.section("heads of tokens and CLS: " + alignment.source())) {
            return new Aligned(s, cls, tokens(p, heads, s, s.side(0) / n), cls(p, heads, cls, cls.rows() / n));
        }
    }

    /// S (views n, K, d): logits (views, n, K, B or C).
    private static Tensor tokens(Program p, Alignment.Heads heads, Tensor s, int views) {
        Tensor logits = heads.tokens().logits(p, flat(p, s));
        return p.reshape(logits, views, s.side(0) / views, s.side(1), logits.columns());
    }

    /// CLS (views n, d): logits (views, n, B or C).
    private static Tensor cls(Program p, Alignment.Heads heads, Tensor cls, int views) {
        Tensor logits = heads.cls().logits(p, cls);
        return p.reshape(logits, views, cls.rows() / views, logits.columns());
    }

    /// Rows (any, d) of tokens (any, K, d).
    private static Tensor flat(Program p, Tensor x) {
        return p.reshape(x, x.rows(), x.columns());
    }

    /// T = h'(S'(g)), Z = 1[T > 0], and the matching of each pair.
    ///
    /// @param global g_1 and g_2 (2 n, 3, side, side)
    Taught teacher(Program p, Tensor global, Aligned student) {
        int views = Triptych.GLOBAL;
        Encoding encoding = encoder.encode(p,
                View.full(p, global, global.side(0), 0, 1, model.encoder().grid()).reading(View.Read.CLS_AND_SPARSE));
        Tensor s = p.stopGradient("teacher tokens", encoding.sparse(p, 0));
        Tensor cls = p.stopGradient("teacher CLS", encoding.cls(p, 0));
        Tensor tokenLogits;
        Tensor clsLogits;
        Alignment.Targets targets;
        try (var _ = p.section("teacher's heads: " + alignment.source())) {
            tokenLogits = tokens(p, teacherHeads, s, views);
            clsLogits = cls(p, teacherHeads, cls, views);
            targets = alignment.targets(p, p.stopGradient("messages of tokens", tokenLogits),
                    p.stopGradient("messages of CLS", clsLogits));
        }
        try (var _ = p.section("optimal-transport matching of pairs (Triptych section 4, STELLAR Eq. 8-10)")) {
            Tensor pairs = TokenPairs.gather(p, p.stopGradient("matching: the student's S", student.sparse()),
                    s.side(0) / views);
            return new Taught(s, cls, tokenLogits, clsLogits, targets,
                    model.matching().apply(p, pairs, p.stopGradient("matching: the teacher's S", s)));
        }
    }

    /// Each token of each pair against its partner's target.
    Tensor tokenLoss(Program p, Aligned student, Taught teacher) {
        Tensor logits = student.tokenLogits();
        int n = logits.side(1);
        try (var _ = p.section("tokens: " + alignment.source())) {
            Tensor sets = p.reshape(logits, logits.side(0) * n, logits.side(2), logits.columns());
            return alignment.tokenLoss(p, flat(p, TokenPairs.gather(p, sets, n)), teacher.targets().tokens(),
                    teacher.matches().rows());
        }
    }

    /// CLS of each pair.
    Tensor clsLoss(Program p, Aligned student, Taught teacher) {
        return p.section("CLS: " + alignment.source(),
                () -> alignment.clsLoss(p, student.clsLogits(), teacher.targets().cls()));
    }

    /// The rate of the n K tokens of masked g_1 and of masked g_2: over all slots, so that none is forced apart.
    static Tensor tokenRate(Program p, Alignment.Bits bits, Aligned student) {
        try (var _ = p.section("coding rate of tokens (Triptych section 4, BITS Eq. 9)")) {
            Tensor views = p.slice(student.tokenLogits(), 0, Triptych.GLOBAL);
            return bits.rateLoss(p, p.reshape(views, Triptych.GLOBAL, views.rows() / Triptych.GLOBAL, views.columns()));
        }
    }

    /// The rate of the n CLS of masked g_1 and of masked g_2.
    static Tensor clsRate(Program p, Alignment.Bits bits, Aligned student) {
        return p.section("coding rate of CLS (Triptych section 4, BITS Eq. 9)",
                () -> bits.rateLoss(p, p.slice(student.clsLogits(), 0, Triptych.GLOBAL)));
    }

    /// Logits of full images beside what else evaluation reads of them: of messages, since signs of other logits are
    /// no bits.
    TriptychFeatures evaluate(Program p, LowRankFeatures parts) {
        if (!(alignment instanceof Alignment.Bits)) {
            return new TriptychFeatures(parts, null, null);
        }
        try (var _ = p.section("heads of tokens and CLS: " + alignment.source())) {
            Tensor token = heads.tokens().logits(p, flat(p, parts.sparse()));
            Tensor one = heads.cls().logits(p, parts.cls());
            p.keep(token);
            p.keep(one);
            return new TriptychFeatures(parts,
                    p.reshape(token, parts.sparse().side(0), parts.sparse().side(1), token.columns()), one);
        }
    }
}
