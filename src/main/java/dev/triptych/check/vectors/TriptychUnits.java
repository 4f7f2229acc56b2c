package dev.triptych.check.vectors;

import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.decoder.CodeDecoder;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.SquareWindow;
import dev.triptych.factorization.Factorization;
import dev.triptych.factorization.PlaceQueries;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.Scope;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.triptych.Alignment;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The parts of Triptych, each on its own; the whole loss is in [TriptychCases].
final class TriptychUnits {
    private static final String LOGITS = "inputs.logits";
    private static final Pattern ECHO = Pattern.compile("intermediates\\.k([0-9]+)\\.echo");
    private static final Pattern SIDE = Pattern.compile("intermediates\\.true\\.window_side_([0-9]+)");

    static final List<Family> ALL = Stream.concat(TriptychCases.ALL.stream(), Stream.of(
            new Family("bits by rows", c -> c.has("inputs.rows"), TriptychUnits::bitRows),
            new Family("masked low rank", c -> c.has("inputs.upstream_L"), TriptychUnits::lowRank),
            new Family("codes of dropped cells", c -> c.has("inputs.codes") && c.has("draws.dropped"),
                    TriptychUnits::droppedCells),
            new Family("messages of tokens", c -> c.has("inputs.student_tokens"), TriptychUnits::tokenMessages),
            new Family("painted echo", c -> c.has("draws.u_side") && !c.has("inputs.image"),
                    TriptychUnits::paintedEcho),
            new Family("Sinkhorn by slot", c -> c.states("slots"), TriptychUnits::sinkhorn))).toList();

    private TriptychUnits() {
    }

    private static void bitRows(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor s = b.input("inputs.student_logits");
        Tensor z = Messages.HARD.of(p, b.given("inputs.teacher_logits"));
        Tensor rows = b.integers("inputs.rows");
        Tensor sums = p.bitCrossEntropy(s, z, rows);
        b.give("intermediates.messages", z);
        b.give("intermediates.targets",
                p.gatherRows(z, new RowIndex(rows, null, null, rows.count(), z.rows())));
        b.give("intermediates.row_means", p.scale(sums, 1f / s.columns()));
        b.differentiate("bce", p.scaledSum(sums, 1f / s.count()));
        b.run();
    }

    private static void lowRank(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor sparse = b.input("inputs.sparse");
        Tensor positions = b.input("inputs.positions");
        boolean any = c.has("draws.kept");
        Tensor visible = any ? b.input("inputs.visible") : null;
        int[] kept = any ? c.integers("draws.kept") : new int[0];
        int n = sparse.side(0);
        int m = kept.length / n;
        int cells = positions.rows();
        checkDropped(c, kept, n, cells);
        Scope scope = Scope.of(b.state());
        var queries = new PlaceQueries(scope, sparse.columns());
        var factorization = new Factorization(scope, sparse.columns(), (float) c.hyper("spatial_temp"));
        b.state().parameters().forEach((name, tensor) -> b.adopt("params." + name, tensor));
        RowIndex rows = RowIndex.of(p, "places", n * m + cells, PlaceQueries.Cells.rows(kept, n, m, cells));
        Tensor dense = queries.complete(p, visible, positions, new PlaceQueries.Cells(n, m, cells, rows));
        var factors = factorization.apply(p, dense, sparse);
        b.give("intermediates.D", dense);
        b.give("intermediates.L", factors.localization());
        b.give("intermediates.Z", factors.lowRank());
        b.differentiate("dot", b.sum(b.dot(factors.localization(), "inputs.upstream_L"),
                b.dot(factors.lowRank(), "inputs.upstream_Z")));
        b.run();
    }

    /// Stored dropped cells are those that were not kept, ascending.
    private static void checkDropped(Comparison c, int[] kept, int n, int cells) {
        if (!c.has("draws.dropped")) {
            return;
        }
        int m = kept.length / n;
        int[] rest = IntStream.range(0, n * cells)
                .filter(i -> Arrays.stream(kept, i / cells * m, (i / cells + 1) * m).noneMatch(k -> k == i % cells))
                .map(i -> i % cells).toArray();
        if (!Arrays.equals(rest, c.integers("draws.dropped"))) {
            c.fail("draws.dropped are not the cells that draws.kept leaves");
        }
    }

    private static void droppedCells(Comparison c) {
        var b = new Bench(c);
        int[] shape = c.shape(LOGITS);
        int n = shape[0];
        int cells = shape[1];
        int[] dropped = c.integers("draws.dropped");
        float[] weights = new float[n * cells];
        for (int i = 0; i < dropped.length; i++) {
            weights[i / (dropped.length / n) * cells + dropped[i]] = 1f / dropped.length;
        }
        var loss = CodeDecoder.Reconstruction.of(b.program(), b.input(LOGITS, n * cells, shape[2]),
                b.integers("inputs.codes"), b.number("dropped", weights, n, cells), (float) c.hyper("smoothing"));
        b.give("intermediates.cell_loss", loss.positions());
        b.differentiate("masked", loss.loss());
        b.run();
    }

    private static void tokenMessages(Comparison c) {
        for (String loss : List.of("bce", "rate", "total")) {
            tokenMessages(c, loss);
        }
    }

    /// @param loss that is differentiated
    private static void tokenMessages(Comparison c, String loss) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor student = b.input("inputs.student_tokens");
        Tensor teacher = b.given("inputs.teacher_tokens");
        int n = student.side(0);
        int k = student.side(1);
        int d = student.columns();
        int[] last = c.shape("params.token_head.fc3.weight");
        var alignment = new Alignment.Bits(new BitsHead.Settings(last[1], last[0], 1f, false),
                new CodingRate((float) c.hyper("e"), false, false));
        var head = new BitsHead(Scope.of(b.state()).in("token_head"), d, alignment.head());
        var other = new BitsHead(Scope.of(b.state()).in("teacher_token_head"), d, alignment.head());
        b.state().parameters().forEach((name, tensor) -> b.adopt("params." + name, tensor));
        var matching = new TokenMatching(true, (float) c.hyper("match_eps"), c.whole("match_iterations"));
        var matches = matching.apply(p, p.stopGradient("student", student), teacher);
        Tensor t = p.stopGradient("messages", other.logits(p, p.reshape(teacher, n * k, d)));
        Tensor z = Messages.HARD.of(p, t);
        Tensor s = head.logits(p, p.reshape(student, n * k, d));
        Tensor bce = alignment.tokenLoss(p, s, z, matches.rows());
        Tensor view = p.reshape(s, 1, n * k, s.columns());
        Tensor rate = alignment.rateLoss(p, view);
        b.give("intermediates.plan", matches.plan());
        b.give("intermediates.teacher_logits", t);
        b.give("intermediates.messages", z);
        b.give("intermediates.student_logits", s);
        b.loss("losses.R", p.reshape(alignment.rate().rates(p, view, view)));
        Tensor total = p.addScaled(bce, (float) c.hyper("w"), rate, (float) c.hyper("beta"));
        b.loss("losses.bce", bce);
        b.loss("losses.rate", rate);
        b.loss("losses.total", total);
        b.gradients(switch (loss) {
            case "bce" -> bce;
            case "rate" -> rate;
            default -> total;
        }, "grads." + loss + ".");
        b.run();
        int[] rows = b.whole(matches.rows());
        c.give("intermediates.rows", rows);
        c.give("intermediates.idx", Arrays.stream(rows).map(row -> row % k).toArray());
    }

    private static void paintedEcho(Comparison c) {
        int[] shape = c.shape(LOGITS);
        int n = shape[0];
        int cells = shape[1];
        int grid = (int) Math.round(Math.sqrt(cells));
        double[] logits = c.doubles(LOGITS);
        for (String name : c.names(ECHO.pattern())) {
            int k = Integer.parseInt(group(ECHO, name));
            String out = "intermediates.k" + k + ".";
            var b = new Bench(c);
            var echo = new EchoSampling(new Candidates(k, true, false)).draw(b.program(),
                    b.given(LOGITS, n * cells, shape[2]), b.given("draws.u", n * cells));
            paint(c, b, echo.codes(), out + "image", n, grid);
            b.give(out + "probabilities", echo.probabilities());
            b.run();
            c.give(out + "kept_codes", b.whole(echo.kept()));
            float[] probabilities = b.numbers(echo.probabilities());
            double[] sums = new double[probabilities.length];
            Arrays.setAll(sums, i -> probabilities[i] + (i % k == 0 ? 0 : sums[i - 1]));
            c.give(out + "cdf", sums);
            int[] codes = b.whole(echo.codes());
            c.give(name, codes);
            c.give(out + "rank", IntStream.range(0, codes.length).map(i -> rank(logits, i, shape[2], codes[i]))
                    .toArray());
        }
        var b = new Bench(c);
        paint(c, b, b.integers("inputs.codes"), "intermediates.true.image", n, grid);
        b.run();
        List<SquareWindow> windows = windows(c, grid, SquareWindow.shared(grid, c.doubles("draws.u_side")[0]));
        c.give("intermediates.x", windows.stream().mapToInt(SquareWindow::x).toArray());
        c.give("intermediates.y", windows.stream().mapToInt(SquareWindow::y).toArray());
        c.give("intermediates.window_cells", cells(windows, grid));
        for (String name : c.names(SIDE.pattern())) {
            c.give(name, cells(windows(c, grid, Integer.parseInt(group(SIDE, name))), grid));
        }
    }

    private static String group(Pattern pattern, String name) {
        Matcher m = pattern.matcher(name);
        if (!m.matches()) {
            throw new IllegalStateException(name);
        }
        return m.group(1);
    }

    /// Codes as pictures: a gather of centroids.
    private static void paint(Comparison c, Bench b, Tensor codes, String name, int n, int grid) {
        int[] book = c.shape("params.codebook");
        int patch = (int) Math.round(Math.sqrt(book[1] / 3.0));
        Tensor rows = b.program().gatherRows(b.given("params.codebook"),
                new RowIndex(codes, null, null, codes.count(), book[0]));
        b.give(name, rows, x -> AxisOrder.images(x, n, 3, grid, grid, patch));
    }

    /// The rank of a code among the logits of a cell, 1 for the largest; of equal ones the lower code is first.
    private static int rank(double[] logits, int cell, int codes, int code) {
        int rank = 1;
        for (int i = 0; i < codes; i++) {
            double other = logits[cell * codes + i];
            double own = logits[cell * codes + code];
            rank += other > own || other == own && i < code ? 1 : 0;
        }
        return rank;
    }

    /// The windows of a batch, of one side.
    static List<SquareWindow> windows(Comparison c, int grid, int side) {
        double[] x = c.doubles("draws.u_x");
        double[] y = c.doubles("draws.u_y");
        return IntStream.range(0, x.length).mapToObj(i -> SquareWindow.placed(grid, side, x[i], y[i])).toList();
    }

    /// Their cells, row by row.
    static int[] cells(List<SquareWindow> windows, int grid) {
        return windows.stream().flatMapToInt(w -> IntStream.range(0, grid * grid).filter(i -> w.contains(i, grid)))
                .toArray();
    }

    private static void sinkhorn(Comparison c) {
        int iterations = c.whole("iterations");
        for (int i = 0; i <= iterations; i++) {
            var b = new Bench(c);
            Tensor logits = b.input(LOGITS);
            Tensor m = new SinkhornTargets((float) c.hyper("temperature"), i, 1f).assignBySlot(b.program(), logits);
            b.give("intermediates.M." + i, m);
            if (i == iterations) {
                b.differentiate("dot", b.dot(m, "inputs.upstream"));
            }
            b.run();
            if (i == iterations) {
                sums(c, b.numbers(m), logits.shape());
            }
        }
    }

    private static void sums(Comparison c, float[] m, int... shape) {
        double[] rows = new double[shape[0] * shape[1]];
        double[] columns = new double[shape[1] * shape[2]];
        for (int i = 0; i < m.length; i++) {
            rows[i / shape[2]] += m[i];
            columns[i % columns.length] += m[i];
        }
        c.give("intermediates.row_sums", rows);
        c.give("intermediates.column_sums", columns);
    }
}
