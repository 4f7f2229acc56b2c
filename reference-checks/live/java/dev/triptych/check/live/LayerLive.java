package dev.triptych.check.live;

import dev.triptych.encoder.Positions;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;

/// Layers that methods share.
final class LayerLive {
    private LayerLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("transformer block", LayerLive::block),
                new LiveRow("positions, resized", LayerLive::positions));
    }

    private static void block(Live t) {
        int heads = t.count("heads", t.side());
        int width = heads * t.side(2);
        float eps = t.number("eps", 1e-6);
        int[] lengths = t.counts("lengths", t.side(), t.side());
        var block = TransformerBlock.of(Scope.of(t.trial().state()).in("block0"), width, t.side(), eps);
        Tensor x = t.variable("x", Arrays.stream(lengths).sum(), width);
        t.agrees(block.apply(t.program(), x, Packing.of(t.program(), heads, lengths)), """
                y = annotate(List[Tensor], [])
                for rows in torch.split_with_sizes(x, annotate(List[int], lengths.tolist())):
                  y.append(blocks(rows.unsqueeze(0), p, "block", int(heads), float(eps))[0])
                return torch.cat(y)
                """);
    }

    /// Bicubic, to a larger or a smaller grid: a product with a fixed matrix here.
    private static void positions(Live t) {
        int from = t.side();
        int to = t.count("side", t.side());
        Tensor resize = t.program().constant("resize", Positions.squareGrid(from, to), to * to, from * from);
        t.agrees(t.program().product(resize, t.parameter("grid", from * from, t.side())), "resized(grid, int(side))");
    }
}
