package dev.triptych.sorcen;

import dev.triptych.decoder.CodeDecoder;
import dev.triptych.echo.ContrastHead;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.Uniformity;
import dev.triptych.encoder.CodeSequences;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sorcen (Estepa et al. 2025, arXiv 2503.15060): masked prediction of a tokenizer's codes, and a contrast whose
/// positive the model conjures itself. The decoder's own logits are drawn to an echo of the image; a teacher sees a
/// square window of it, and the student's summary of the masked image must find that echo among the batch.
///
/// This class writes the objective in the order of the specification (sections 2 to 4).
@Twinned
public final class Sorcen {
    private static final float FEATURE_EPS = 1e-6f;

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the encoder
    /// @param kept cells of a masked image that the encoder sees, masked ones among them
    /// @param decoder sizes of the decoder
    /// @param dropout rate in encoder and decoder
    /// @param teacherDropout whether the teacher drops as much
    /// @param smoothing of the labels
    /// @param uniformityWeight of the uniformity term; 0 leaves it out
    /// @param uniformityCls whether its pooled latent includes CLS (Q8)
    /// @param echo of the contrast; null for masked prediction alone (MAGE)
    public record Settings(CodeTransformer.Settings encoder, int kept, CodeDecoder.Settings decoder, float dropout,
            boolean teacherDropout, float smoothing, float uniformityWeight, boolean uniformityCls, Echo echo) {
    }

    /// The echo contrast, with the quirks of the authors' code as switches (section 4.9).
    ///
    /// @param weight of the loss
    /// @param candidates the codes that an echo may draw; null where the echo is the image's own codes
    /// @param contrast temperature and direction
    /// @param projectorHidden width between the projector's layers
    /// @param projectorOut width of what is compared
    /// @param predictorHidden width between the predictor's layers; 0 for no predictor
    /// @param projectCls whether the pooled latent that is projected includes CLS (Q8)
    /// @param trainTeacherProjector whether a gradient moves the teacher's projector besides the average (Q1)
    public record Echo(float weight, Candidates candidates, EchoContrast contrast, int projectorHidden,
            int projectorOut, int predictorHidden, boolean projectCls, boolean trainTeacherProjector) {
    }

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param terms every term of the loss by name, not weighted: reconstruction, uniformity, contrast
    /// @param total the weighted sum
    /// @param values tensors in between by name, for checks and health figures
    /// @param encoding of the student
    /// @param decoding of the student
    public record Objective(Map<String, Tensor> terms, Tensor total, Map<String, Tensor> values,
            CodeTransformer.Encoding encoding, CodeDecoder.Decoding decoding) {
    }

    private final Settings settings;
    private final CodeTransformer encoder;
    private final CodeDecoder decoder;
    private ContrastHead projector;
    private ContrastHead predictor;
    private CodeTransformer teacher;
    private ContrastHead teacherProjector;
    private final Tensor accuracy;
    private final Tensor echoes;

    /// Registers all parameters in a state: encoder and projector, whose averages are the teacher, then the rest.
    public Sorcen(State state, Settings settings) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        int d = settings.encoder().width();
        encoder = new CodeTransformer(scope, settings.encoder());
        Echo e = settings.echo();
        if (e != null) {
            Scope head = scope.in("projector");
            projector = ContrastHead.of(head, d, e.projectorHidden(), e.projectorOut());
            if (e.predictorHidden() > 0) {
                predictor = ContrastHead.of(scope.in("predictor"), e.projectorOut(), e.predictorHidden(),
                        e.projectorOut());
            }
            teacher = encoder.teacher(scope);
            teacherProjector = ContrastHead.of(
                    e.trainTeacherProjector() ? scope.in("teacher_projector") : head.asTeacher(), d,
                    e.projectorHidden(), e.projectorOut());
        }
        decoder = new CodeDecoder(scope, settings.decoder());
        accuracy = scope.buffer("masked_accuracy", new float[1], 1);
        echoes = scope.buffer("echoes", new float[1], 1);
    }

    /// Appends the EMA update that begins a training step (section 4.8): blocks and projector, not the moments of batch
    /// normalisation. Input `momentum`.
    public void updateTeacher(Program p) {
        EmaTeacher.update(p, "Sorcen section 4.8");
        if (settings.echo().trainTeacherProjector()) {
            Tensor momentum = p.inputs().get("momentum");
            for (String name : new String[]{"fc1.weight", "fc1.bias", "bn.weight", "bn.bias", "fc2.weight",
                    "fc2.bias"}) {
                p.emaOfParameter(p.state().parameter("projector." + name),
                        p.state().parameter("teacher_projector." + name), momentum);
            }
        }
    }

    /// The objective of a training step on B images. Inputs: `codes` (B N), those of `CodeSequences.masked` and `slots`
    /// (all three filled by `CodeSequences.maskedInputs`), `mask.weights` (B, N), with dropout its key `dropout`, and
    /// for the contrast `echo.draws` (B N) and `window` (B, N): 0 where the teacher sees MASK, 1 the image's own code,
    /// 2 the echo's.
    public Objective objective(Program p, int batch) {
        return new Build(p, batch).objective();
    }

    /// The prediction of masked codes without dropout. Inputs as those of the objective, but for its dropout and its
    /// contrast; what it gives is [#accuracy].
    public void predict(Program p, int batch) {
        var build = new Build(p, batch);
        build.agreement(build.masked(DropoutLayer.NONE));
    }

    /// Encoder and decoder on masked images.
    ///
    /// @param weights 1 / (number of masked cells of the batch) where masked, else 0 (B, N)
    private record Masked(Tensor codes, CodeSequences sequences, CodeTransformer.Encoding encoding,
            CodeDecoder.Decoding decoding, Tensor weights) {
    }

    /// The features of full images for probes (section 6.2). Input `codes` (batch, N). Values: `last`, the last block's
    /// tokens, `latent`, these after the final layer norm, `pooled`, the mean of `last` over the cells, `feature`, that
    /// under a layer norm without parameters.
    public Map<String, Tensor> evaluate(Program p, int batch) {
        CodeTransformer.Settings s = settings.encoder();
        CodeSequences sequences = full(p, p.integerInput("codes", batch, s.cells()));
        var encoding = encoder.encode(p, encoder.embed(p, sequences, DropoutLayer.NONE), sequences, DropoutLayer.NONE);
        float[] ones = new float[s.width()];
        Arrays.fill(ones, 1f);
        Tensor one = p.constant("one", ones, s.width());
        Tensor zero = p.constant("zero", new float[s.width()], s.width());
        var values = new LinkedHashMap<String, Tensor>();
        values.put("last", encoding.hidden().getLast());
        values.put("latent", encoding.tokens());
        try (var _ = p.section("features (Sorcen section 6.2)")) {
            values.put("pooled", cellMeans(p, values.get("last"), sequences));
            values.put("feature", p.layerNorm(values.get("pooled"), one, zero, FEATURE_EPS));
        }
        values.values().forEach(p::keep);
        return values;
    }

    /// The logits of one iteration of generation (section 6.1), (batch N, K). Inputs: `codes` (batch, N), MASK where
    /// unknown, and `slots` of `IterativeDecoding.slots`.
    public Tensor generate(Program p, int batch) {
        CodeTransformer.Settings s = settings.encoder();
        CodeSequences sequences = full(p, p.integerInput("codes", batch, s.cells()));
        var encoding = encoder.encode(p, encoder.embed(p, sequences, DropoutLayer.NONE), sequences, DropoutLayer.NONE);
        int rows = batch * (1 + s.cells());
        var slots = new RowIndex(p.integerInput("slots", rows), null, null, rows, rows);
        Tensor logits = decoder.apply(p, encoding.tokens(), slots, encoder.words(), DropoutLayer.NONE).logits();
        p.keep(logits);
        return logits;
    }

    /// Sequences of CLS and all cells of grids of ids (count, N).
    private CodeSequences full(Program p, Tensor ids) {
        CodeTransformer.Settings s = settings.encoder();
        int[] own = new int[ids.count()];
        Arrays.fill(own, 1);
        Tensor source = p.constant("own", own).reshape(ids.shape());
        Tensor flat = ids.reshape(ids.count());
        Tensor sequences = p.section("CLS before the codes (Sorcen section 2.2)",
                () -> p.composeCodes(source, flat, flat, s.cls(), s.mask()));
        return CodeSequences.full(p, sequences, ids.side(0), s.cells(), s.codes());
    }

    /// Means over the cells of each sequence, CLS left out (count, D).
    private static Tensor cellMeans(Program p, Tensor tokens, CodeSequences sequences) {
        Tensor cells = p.gatherRows(tokens, sequences.cells(p));
        return p.groupMeans(p.reshape(cells, sequences.count(), sequences.length() - 1, tokens.columns()));
    }

    /// Means over all tokens of each sequence (count, D).
    private static Tensor means(Program p, Tensor tokens, CodeSequences sequences) {
        return p.groupMeans(p.reshape(tokens, sequences.count(), sequences.length(), tokens.columns()));
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }

    /// The share of masked cells whose most likely code was the true one, of the last step (1): a buffer, so that a run
    /// that is resumed goes on where it stood.
    public Tensor accuracy() {
        return accuracy;
    }

    /// 1 once the teacher sees echoes, 0 while it sees the images' own codes (1): the host's note of it, a buffer for
    /// the same reason.
    public Tensor echoes() {
        return echoes;
    }

    /// The writing of one objective.
    private final class Build {
        private final Program p;
        private final int batch;
        private final int cells = settings.encoder().cells();
        private final Map<String, Tensor> terms = new LinkedHashMap<>();
        private final Map<String, Tensor> values = new LinkedHashMap<>();

        Build(Program p, int batch) {
            this.p = p;
            this.batch = batch;
        }

        Objective objective() {
            DropoutLayer dropout = DropoutLayer.input(p, settings.dropout());
            Masked m = masked(dropout);
            Tensor z = value("latent", m.encoding().tokens());
            value("logits", m.decoding().logits());
            var reconstruction = decoder.loss(p, m.decoding().logits(), m.codes(), m.weights(), settings.smoothing());
            value("cell loss", reconstruction.positions());
            terms.put("reconstruction", reconstruction.loss());
            agreement(m);

            if (settings.uniformityWeight() > 0) {
                terms.put("uniformity", p.section("uniformity (Sorcen section 4.6)",
                        () -> Uniformity.of(p, pooled(z, m.sequences(), settings.uniformityCls()))));
            }
            if (settings.echo() != null) {
                contrast(m.codes(), m.decoding().logits(), z, m.sequences(), dropout);
            }
            return new Objective(terms, total(), values, m.encoding(), m.decoding());
        }

        /// z = enc(CLS, kept codes), the masked ones among them as MASK; a = dec(z): logits at every cell.
        Masked masked(DropoutLayer dropout) {
            Tensor codes = p.integerInput("codes", batch * cells);
            var sequences = CodeSequences.masked(p, batch, settings.kept(), cells, settings.encoder().codes());
            var encoding = encoder.encode(p, encoder.embed(p, sequences, dropout), sequences, dropout);
            var slots = RowIndex.input(p, "slots", encoding.tokens().rows(), batch * (1 + cells));
            var decoding = decoder.apply(p, encoding.tokens(), slots, encoder.words(), dropout);
            return new Masked(codes, sequences, encoding, decoding, p.input("mask.weights", batch, cells));
        }

        /// The share of masked cells whose most likely code is the true one.
        void agreement(Masked m) {
            try (var _ = p.section("accuracy on masked cells (Sorcen section 9.5)")) {
                Tensor best = value("arg-max",
                        p.candidateCodes(m.decoding().logits(), Candidates.ARG_MAX).reshape(batch * cells));
                p.agreement(best, m.codes(), m.weights(), accuracy);
            }
        }

        private void contrast(Tensor codes, Tensor logits, Tensor z, CodeSequences sequences, DropoutLayer dropout) {
            Echo e = settings.echo();
            Tensor echo = codes;
            if (e.candidates() != null) {
                var drawn = new EchoSampling(e.candidates()).draw(p, logits, p.input("echo.draws", batch * cells));
                value("echo candidates", drawn.kept());
                value("echo probabilities", drawn.probabilities());
                echo = value("echo", drawn.codes());
            }
            Tensor zbar = teacher(codes, echo, dropout);

            Tensor q = p.section("student: pooled, projected, predicted (Sorcen section 4.4)", () -> {
                Tensor pooled = value("pooled", pooled(z, sequences, e.projectCls()));
                Tensor g = value("projection", projector.apply(p, pooled).out());
                return predictor == null ? g : value("prediction", predictor.apply(p, g).out());
            });
            var contrast = e.contrast().of(p, zbar, q);
            value("similarity", contrast.similarity());
            terms.put("contrast", contrast.loss());
        }

        /// zbar: the teacher's view of the echo (sections 4.2 and 4.3).
        private Tensor teacher(Tensor codes, Tensor echo, DropoutLayer dropout) {
            CodeTransformer.Settings s = settings.encoder();
            DropoutLayer own = settings.teacherDropout() ? dropout : DropoutLayer.NONE;
            Tensor window = p.integerInput("window", batch, cells);
            Tensor ids = value("window ids", p.section("window: the echo inside, MASK outside (Sorcen section 4.2)",
                    () -> p.composeCodes(window, codes, echo, s.cls(), s.mask())));
            var sequences = CodeSequences.full(p, ids, batch, cells, s.codes());
            Tensor embedded = p.section("teacher: embedding of codes and positions (Sorcen section 2.2)",
                    () -> p.stopGradient("teacher: the student's embedding", teacher.embed(p, sequences, own)));
            var encoding = teacher.encode(p, embedded, sequences, own);
            value("teacher latent", encoding.tokens());
            try (var _ = p.section("teacher: pooled and projected (Sorcen section 4.3)")) {
                Tensor pooled = value("teacher pooled", p.stopGradient("teacher: the student's final layer norm",
                        cellMeans(p, encoding.tokens(), sequences)));
                return value("teacher projection", teacherProjector.apply(p, pooled).out());
            }
        }

        private Tensor pooled(Tensor tokens, CodeSequences sequences, boolean cls) {
            return cls ? means(p, tokens, sequences) : cellMeans(p, tokens, sequences);
        }

        private Tensor value(String name, Tensor tensor) {
            values.put(name, tensor);
            return tensor;
        }

        /// L = L_rec + weighted uniformity and contrast (section 4.7).
        private Tensor total() {
            Tensor total = terms.get("reconstruction");
            try (var _ = p.section("total loss (Sorcen section 4.7)")) {
                if (terms.containsKey("uniformity")) {
                    total = p.addScaled(total, 1f, terms.get("uniformity"), settings.uniformityWeight());
                }
                if (terms.containsKey("contrast")) {
                    total = p.addScaled(total, 1f, terms.get("contrast"), settings.echo().weight());
                }
            }
            return total;
        }
    }
}
