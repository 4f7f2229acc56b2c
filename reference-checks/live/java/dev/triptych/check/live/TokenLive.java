package dev.triptych.check.live;

import dev.triptych.program.Packing;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Attention, softmax, rows by index, and patches.
final class TokenLive {
    private TokenLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("attention", TokenLive::attention), new LiveRow("softmax", TokenLive::softmax),
                new LiveRow("gatherRows", TokenLive::gatherRows), new LiveRow("patches", TokenLive::patches));
    }

    private static void attention(Live t) {
        int[] lengths = t.counts("lengths", t.side(), t.side(), t.side());
        int heads = t.count("heads", t.side());
        Tensor qkv = t.variable("qkv", Arrays.stream(lengths).sum(), 3 * heads * t.side());
        t.agrees(t.program().attention(qkv, Packing.of(t.program(), heads, lengths)),
                "attention(qkv, lengths, int(heads))");
    }

    private static void softmax(Live t) {
        float scale = t.number("scale", 1 / 0.3);
        t.agrees(t.program().softmax(t.variable("x", t.side(), t.side(), t.side(2)), scale),
                "torch.softmax(scale * x, -1)");
    }

    private static void gatherRows(Live t) {
        int sources = t.side();
        int count = t.side();
        var index = RowIndex.input(t.program(), "index", sources, count);
        int[] rows = IntStream.range(0, count).map(i -> t.below(sources)).toArray();
        int[][] inverse = RowIndex.invert(rows, sources);
        t.trial().upload(index.rows(), rows);
        t.trial().upload(index.first(), inverse[0]);
        t.trial().upload(index.inverse(), inverse[1]);
        t.agrees(t.program().gatherRows(t.parameter("x", sources, t.side()), index), "torch.embedding(x, index)");
    }

    /// All patches in order, with the gradient of the images; or some at random.
    private static void patches(Live t) {
        int patch = t.count("patch", t.side());
        int images = t.side();
        int rows = t.side();
        int columns = t.side();
        int all = images * rows * columns;
        float[] mean = t.trial().gaussian(3);
        float[] deviation = t.trial().uniform(3, 0.2, 2);
        t.trial().fixed("mean", mean, 3, 1, 1);
        t.trial().fixed("deviation", deviation, 3, 1, 1);
        String every = "torch.im2col((images - mean) / deviation, [int(patch), int(patch)], [1, 1], [0, 0], "
                + "[int(patch), int(patch)]).transpose(1, 2).flatten(0, 1)";
        if (t.below(2) == 0) {
            Tensor source = t.trial().labels("source", IntStream.range(0, all).toArray());
            Tensor x = t.variable("images", images, 3, rows * patch, columns * patch);
            t.agrees(t.program().patches(x, source, mean, deviation, patch), every);
        } else {
            Tensor source = t.labels("source", t.side(), all);
            Tensor x = t.fixed("images", images, 3, rows * patch, columns * patch);
            t.values(t.program().patches(x, source, mean, deviation, patch), every + ".index_select(0, source)");
        }
    }
}
