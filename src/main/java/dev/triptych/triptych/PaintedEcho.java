package dev.triptych.triptych;

import dev.triptych.echo.ContrastHead;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.EchoWindow;
import dev.triptych.echo.Uniformity;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.DropPath;
import dev.triptych.nn.Scope;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import java.util.Arrays;

/// The echo (section 5): codes drawn from the logits of x0m, none of them the most likely one, painted with the
/// codebook's pixels and seen by the teacher through a window. The student's tokens of x0m must find that echo among
/// the batch.
@Twinned
public final class PaintedEcho {
    private static final String PAINTING = "echo: painted and embedded (Triptych section 5)";
    private static final String POOLED = "student: mean of S', projected, predicted (Triptych section 5)";

    /// Sizes and switches.
    ///
    /// @param candidates codes of a cell that may be drawn, behind the most likely one
    /// @param contrast temperature and direction
    /// @param projectorHidden width between the projector's layers
    /// @param projectorOut width of what is compared
    /// @param predictorHidden width between the predictor's layers
    public record Settings(int candidates, EchoContrast contrast, int projectorHidden, int projectorOut,
            int predictorHidden) {
    }

    /// INPUTS of a step.
    ///
    /// @param draws uniform numbers of [0, 1) that draw the echo (n N)
    /// @param source at every cell 2 for the echo's code, 1 for the image's own, as during the warm-up (n, N)
    /// @param window what the teacher sees
    public record Inputs(Tensor draws, Tensor source, EchoWindow window) {
    }

    /// The echo of a step and the contrast with it.
    ///
    /// @param echo drawn codes
    /// @param painted CLS (id C) and the codes that are painted, of each image (n (1 + N))
    /// @param teacher the teacher's tokens (n, K, d)
    /// @param teacherPooled their means (n, d)
    /// @param teacherProjection zbar
    /// @param pooled mean of S' (n, d)
    /// @param projection of it
    /// @param prediction of that
    /// @param contrast of zbar and the prediction
    public record Contrasted(EchoSampling.Echo echo, Tensor painted, Tensor teacher, Tensor teacherPooled,
            Tensor teacherProjection, Tensor pooled, Tensor projection, Tensor prediction,
            EchoContrast.Contrast contrast) {
    }

    private final Triptych.Settings model;
    private final Settings settings;
    private final VisionTransformer teacher;
    private final Tensor codebook;
    private final ContrastHead projector;
    private final ContrastHead predictor;
    private final ContrastHead teacherProjector;

    /// Registers `projector`, `predictor` and the buffer `codebook`.
    ///
    /// @param codebook pixels of each code's centroid (C, 3 p p)
    PaintedEcho(Scope scope, Triptych.Settings model, VisionTransformer teacher, float[] codebook) {
        this.model = model;
        this.settings = model.echo();
        this.teacher = teacher;
        int d = model.encoder().width();
        int p = model.encoder().patch();
        this.codebook = scope.buffer("codebook", codebook, model.decoder().codes(), 3, p, p);
        projector = ContrastHead.of(scope.in("projector"), d, settings.projectorHidden(), settings.projectorOut())
                .centring();
        predictor = ContrastHead.of(scope.in("predictor"), settings.projectorOut(), settings.predictorHidden(),
                settings.projectorOut()).centring();
        teacherProjector = ContrastHead.of(scope.in("projector").asTeacher(), d, settings.projectorHidden(),
                settings.projectorOut()).centring();
    }

    /// Declares `echo.draws`, `echo.source` and the window.
    Inputs inputs(Program p, int n) {
        var e = model.encoder();
        return new Inputs(p.input("echo.draws", n * e.patches()), p.integerInput("echo.source", n, e.patches()),
                EchoWindow.input(p, n, e.grid(), model.tokens(), e.heads()));
    }

    /// Echo, teacher, prediction and the contrast of both.
    ///
    /// @param codes t of all cells (n N)
    /// @param logits over the codes at all cells of x0m (n N, C)
    /// @param sparse S' of x0m (n, K, d)
    Contrasted contrast(Program p, Inputs in, Tensor codes, Tensor logits, Tensor sparse) {
        // codes of ranks 2 to k + 1
        var echo = new EchoSampling(new Candidates(settings.candidates(), true, false)).draw(p, logits, in.draws());
        // zbar = projector'(mean of the teacher's tokens of CLS, the window's cells and T)
        int cls = model.decoder().codes();
        Tensor ids = p.section(PAINTING, () -> p.composeCodes(in.source(), codes, echo.codes(), cls, cls));
        Tensor seen = p.section(PAINTING, () -> in.window().arrange(p, embed(p, ids)));
        Tensor encoded = teacher.encode(p, seen, in.window().packing(), DropPath.NONE.pack(p)).tokens();
        Tensor tokens;
        Tensor teacherPooled;
        Tensor zbar;
        try (var _ = p.section("echo: the teacher's tokens pooled and projected (Triptych section 5)")) {
            tokens = p.stopGradient("echo's teacher", in.window().tokens(p, encoded));
            teacherPooled = p.groupMeans(tokens);
            zbar = teacherProjector.apply(p, teacherPooled).out();
        }
        // p = predictor(projector(mean S'))
        try (var _ = p.section(POOLED)) {
            Tensor pooled = p.groupMeans(sparse);
            Tensor g = projector.apply(p, pooled).out();
            Tensor prediction = predictor.apply(p, g).out();
            return new Contrasted(echo, ids, tokens, teacherPooled, zbar, pooled, g, prediction,
                    settings.contrast().of(p, zbar, prediction));
        }
    }

    /// CLS and the painted cells of every image, with their positions, and T: (n (1 + N) + K, d). All cells of one code
    /// look alike, so the C centroids are embedded instead of the n N patches, and gathered; CLS is row C.
    private Tensor embed(Program p, Tensor ids) {
        int c = model.decoder().codes();
        int length = 1 + model.encoder().patches();
        int[] all = new int[c];
        Arrays.setAll(all, i -> i);
        Tensor patches = teacher.embedPatches(p, codebook, p.constant("centroids", all));
        Tensor table = p.concat(patches, teacher.cls());
        Tensor rows = p.gatherRows(table, new RowIndex(ids, null, null, ids.count(), c + 1));
        int d = rows.columns();
        Tensor placed = p.addTable(p.reshape(rows, ids.count() / length, length, d), teacher.positions());
        return p.concat(p.reshape(placed, ids.count(), d), teacher.sparseTokens());
    }

    /// The uniformity of the unit-length means of S' (Sorcen section 4.6), the projector's input.
    static Tensor uniformity(Program p, Tensor sparse) {
        return p.section("uniformity (Triptych section 5, Sorcen section 4.6)",
                () -> Uniformity.of(p, p.groupMeans(sparse)));
    }
}
