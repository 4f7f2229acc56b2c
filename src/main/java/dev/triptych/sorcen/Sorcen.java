package dev.triptych.sorcen;

import dev.triptych.decoder.CodeDecoder;
import dev.triptych.echo.ContrastHead;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.Uniformity;
import dev.triptych.encoder.CodeSequences;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.encoder.MaskedCells;
import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import java.util.Arrays;
import java.util.List;

/// Sorcen (Estepa et al. 2025, arXiv 2503.15060): masked prediction of a tokenizer's codes, and a contrast whose
/// positive the model conjures itself. The decoder's own logits are drawn to an echo of the image; a teacher sees a
/// square window of it, and the student's summary of the masked image must find that echo among the batch.
///
/// This class writes the objective in the order of the specification (sections 2 to 4): inputs, forward, terms, total.
@Twinned
public final class Sorcen {
    private static final float FEATURE_EPS = 1e-6f;
    private static final String TEACHER_POOLED = "teacher: pooled and projected (Sorcen section 4.3)";
    private static final String STUDENT = "student: pooled, projected, predicted (Sorcen section 4.4)";
    private static final String FEATURES = "features (Sorcen section 6.2)";

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

    /// Masked images, as encoder and decoder are given them.
    ///
    /// @param codes of all cells (B N)
    /// @param cells which of them are masked, and which the encoder sees
    /// @param weights 1 / (number of masked cells of the batch) where masked, else 0 (B, N)
    public record MaskedInputs(Tensor codes, MaskedCells cells, Tensor weights) {
    }

    /// INPUTS of a step.
    ///
    /// @param dropout with its key
    /// @param window 0 where the teacher sees MASK, 1 the image's own code, 2 the echo's (B, N); null without contrast
    /// @param draws uniform numbers of [0, 1) that draw the echo (B N); null where nothing is drawn
    public record Inputs(MaskedInputs masked, DropoutLayer dropout, Tensor window, Tensor draws) {
    }

    /// Encoder and decoder on masked images.
    private record Student(CodeSequences sequences, CodeTransformer.Encoding encoding, CodeDecoder.Decoding decoding) {
    }

    /// The echo of a step and the contrast with it.
    ///
    /// @param echo drawn codes; null where they are the images' own
    /// @param window ids that the teacher sees (B (1 + N))
    /// @param teacher its tokens
    /// @param teacherPooled means over their cells (B, D)
    /// @param teacherProjection zbar
    /// @param pooled latent of the student (B, D)
    /// @param projection g
    /// @param prediction p; g without a predictor
    /// @param contrast of zbar and p
    public record Contrasted(EchoSampling.Echo echo, Tensor window, Tensor teacher, Tensor teacherPooled,
            Tensor teacherProjection, Tensor pooled, Tensor projection, Tensor prediction,
            EchoContrast.Contrast contrast) {
    }

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param encoding of the student
    /// @param decoding of the student
    /// @param reconstruction of every cell, and its mean over masked ones
    /// @param contrasted null for masked prediction alone
    public record Objective(Inputs inputs, CodeTransformer.Encoding encoding, CodeDecoder.Decoding decoding,
            CodeDecoder.Reconstruction reconstruction, Contrasted contrasted, TotalLoss loss) {
    }

    /// What evaluation reads of full images (section 6.2).
    ///
    /// @param last the last block's tokens
    /// @param latent these after the final layer norm
    /// @param pooled the mean of `last` over the cells
    /// @param feature that under a layer norm without parameters
    public record Features(Tensor last, Tensor latent, Tensor pooled, Tensor feature) {
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
    /// normalisation.
    ///
    /// @return the input `momentum`
    public Tensor updateTeacher(Program p) {
        Tensor momentum = EmaTeacher.update(p, "Sorcen section 4.8");
        if (settings.echo().trainTeacherProjector()) {
            for (String name : new String[]{"fc1.weight", "fc1.bias", "bn.weight", "bn.bias", "fc2.weight",
                    "fc2.bias"}) {
                p.emaOfParameter(p.state().parameter("projector." + name),
                        p.state().parameter("teacher_projector." + name), momentum);
            }
        }
        return momentum;
    }

    /// The objective of a training step on B images.
    public Objective objective(Program p, int batch) {
        Echo e = settings.echo();

        // INPUTS
        Inputs in = inputs(p, batch);

        // FORWARD
        // z = enc(CLS, kept codes), the masked ones among them as MASK; a = dec(z): logits at every cell
        Student student = student(p, in.masked(), in.dropout());
        Tensor z = student.encoding().tokens();
        Tensor a = student.decoding().logits();

        // TERMS. Dropout hashes the number of its launch, so the teacher of the contrast stays behind the others.
        var terms = new TotalLoss.Terms();
        var reconstruction = decoder.loss(p, a, in.masked().codes(), in.masked().weights(), settings.smoothing());
        terms.add("reconstruction", 1f, reconstruction::loss);
        agreement(p, a, in.masked());
        terms.add("uniformity", settings.uniformityWeight(), () -> uniformity(p, z, student.sequences()));
        Contrasted contrasted = e == null ? null : contrast(p, in, a, z, student.sequences());
        terms.add("contrast", e == null ? 0f : e.weight(), () -> contrasted.contrast().loss());

        // TOTAL
        TotalLoss loss = p.section("total loss (Sorcen section 4.7)", () -> terms.total(p));
        return new Objective(in, student.encoding(), student.decoding(), reconstruction, contrasted, loss);
    }

    private Inputs inputs(Program p, int batch) {
        int cells = settings.encoder().cells();
        Echo e = settings.echo();
        return new Inputs(maskedInputs(p, batch), DropoutLayer.input(p, settings.dropout()),
                e == null ? null : p.integerInput("window", batch, cells),
                e == null || e.candidates() == null ? null : p.input("echo.draws", batch * cells));
    }

    private MaskedInputs maskedInputs(Program p, int batch) {
        var s = settings.encoder();
        return new MaskedInputs(p.integerInput("codes", batch * s.cells()),
                MaskedCells.input(p, batch, settings.kept(), s.cells(), s.codes()),
                p.input("mask.weights", batch, s.cells()));
    }

    private Student student(Program p, MaskedInputs in, DropoutLayer dropout) {
        var sequences = CodeSequences.masked(in.cells());
        var encoding = encoder.encode(p, encoder.embed(p, sequences, dropout), sequences, dropout);
        return new Student(sequences, encoding,
                decoder.apply(p, encoding.tokens(), in.cells().slots(), encoder.words(), dropout));
    }

    /// The share of masked cells whose most likely code is the true one: a figure, no term.
    private void agreement(Program p, Tensor logits, MaskedInputs in) {
        try (var _ = p.section("accuracy on masked cells (Sorcen section 9.5)")) {
            Tensor best = p.candidateCodes(logits, Candidates.ARG_MAX).reshape(in.codes().count());
            p.agreement(best, in.codes(), in.weights(), accuracy);
        }
    }

    private Tensor uniformity(Program p, Tensor z, CodeSequences sequences) {
        return p.section("uniformity (Sorcen section 4.6)",
                () -> Uniformity.of(p, pooled(p, z, sequences, settings.uniformityCls())));
    }

    /// Echo, teacher, student's prediction, and the contrast of both (sections 4.1 to 4.5).
    private Contrasted contrast(Program p, Inputs in, Tensor logits, Tensor z, CodeSequences sequences) {
        Echo e = settings.echo();
        CodeTransformer.Settings s = settings.encoder();
        // the echo: codes drawn from a
        var echo = e.candidates() == null ? null : new EchoSampling(e.candidates()).draw(p, logits, in.draws());
        // zbar: the teacher's view of it through a window
        Tensor codes = in.masked().codes();
        DropoutLayer dropout = settings.teacherDropout() ? in.dropout() : DropoutLayer.NONE;
        Tensor window = p.section("window: the echo inside, MASK outside (Sorcen section 4.2)",
                () -> p.composeCodes(in.window(), codes, echo == null ? codes : echo.codes(), s.cls(), s.mask()));
        var all = CodeSequences.full(p, window, in.window().side(0), s.cells(), s.codes());
        Tensor embedded = p.section("teacher: embedding of codes and positions (Sorcen section 2.2)",
                () -> p.stopGradient("teacher: the student's embedding", teacher.embed(p, all, dropout)));
        Tensor seen = teacher.encode(p, embedded, all, dropout).tokens();
        Tensor teacherPooled = p.section(TEACHER_POOLED,
                () -> p.stopGradient("teacher: the student's final layer norm", cellMeans(p, seen, all)));
        Tensor zbar = p.section(TEACHER_POOLED, () -> teacherProjector.apply(p, teacherPooled).out());
        // p = pred(g), g = proj(mean of z)
        Tensor pooled = p.section(STUDENT, () -> pooled(p, z, sequences, e.projectCls()));
        Tensor g = p.section(STUDENT, () -> projector.apply(p, pooled).out());
        Tensor prediction = predictor == null ? g : p.section(STUDENT, () -> predictor.apply(p, g).out());
        return new Contrasted(echo, window, seen, teacherPooled, zbar, pooled, g, prediction,
                e.contrast().of(p, zbar, prediction));
    }

    /// The prediction of masked codes of B images without dropout; what it gives is [#accuracy].
    public MaskedInputs predict(Program p, int batch) {
        MaskedInputs in = maskedInputs(p, batch);
        agreement(p, student(p, in, DropoutLayer.NONE).decoding().logits(), in);
        return in;
    }

    /// The input `codes` of that many full images (batch, N); in generation, MASK where unknown.
    public Tensor codes(Program p, int batch) {
        return p.integerInput("codes", batch, settings.encoder().cells());
    }

    /// The features of full images for probes (section 6.2).
    public Features evaluate(Program p, Tensor codes) {
        int width = settings.encoder().width();
        CodeSequences sequences = full(p, codes);
        var encoding = encoder.encode(p, encoder.embed(p, sequences, DropoutLayer.NONE), sequences, DropoutLayer.NONE);
        Tensor last = encoding.hidden().getLast();
        float[] ones = new float[width];
        Arrays.fill(ones, 1f);
        Tensor one = p.constant("one", ones, width);
        Tensor zero = p.constant("zero", new float[width], width);
        Tensor pooled = p.section(FEATURES, () -> cellMeans(p, last, sequences));
        Tensor feature = p.section(FEATURES, () -> p.layerNorm(pooled, one, zero, FEATURE_EPS));
        List.of(last, encoding.tokens(), pooled, feature).forEach(p::keep);
        return new Features(last, encoding.tokens(), pooled, feature);
    }

    /// The input `slots` of `IterativeDecoding.slots`, of that many images.
    public Tensor slots(Program p, int batch) {
        return p.integerInput("slots", batch * (1 + settings.encoder().cells()));
    }

    /// The logits of one iteration of generation (section 6.1), (batch N, K).
    public Tensor generate(Program p, Tensor codes, Tensor slots) {
        CodeSequences sequences = full(p, codes);
        var encoding = encoder.encode(p, encoder.embed(p, sequences, DropoutLayer.NONE), sequences, DropoutLayer.NONE);
        int rows = slots.count();
        Tensor logits = decoder.apply(p, encoding.tokens(), new RowIndex(slots, null, null, rows, rows),
                encoder.words(), DropoutLayer.NONE).logits();
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
        Tensor sequences = p.section("CLS before the codes (Sorcen section 1.3)",
                () -> p.composeCodes(source, flat, flat, s.cls(), s.mask()));
        return CodeSequences.full(p, sequences, ids.side(0), s.cells(), s.codes());
    }

    /// Means over the cells of each sequence, CLS left out (count, D).
    private static Tensor cellMeans(Program p, Tensor tokens, CodeSequences sequences) {
        Tensor cells = p.gatherRows(tokens, sequences.cells(p));
        return p.groupMeans(p.reshape(cells, sequences.count(), sequences.length() - 1, tokens.columns()));
    }

    /// Means over all tokens of each sequence, or over its cells (count, D).
    private static Tensor pooled(Program p, Tensor tokens, CodeSequences sequences, boolean cls) {
        return cls
                ? p.groupMeans(p.reshape(tokens, sequences.count(), sequences.length(), tokens.columns()))
                : cellMeans(p, tokens, sequences);
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
}
