package dev.triptych.decoder;

import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The decoder of codes (Sorcen section 2.5): it sees the encoder's output of CLS wherever a code was masked, and gives
/// logits over the K codes at every cell.
public final class CodeDecoder {
    /// Sizes of the decoder.
    ///
    /// @param codes K
    /// @param cells N of the grid
    /// @param width D, the encoder's
    /// @param depth number of blocks
    /// @param heads of attention
    /// @param hidden width of the MLPs
    /// @param eps of the layer norms, but for the token head's
    /// @param headEps of the token head's layer norm
    public record Settings(int codes, int cells, int width, int depth, int heads, int hidden, float eps,
            float headEps) {
    }

    /// What the decoder made.
    ///
    /// @param projected h, the encoder's tokens projected
    /// @param sequence before the first block: one row for CLS and each cell, positions added (B (1 + N), D)
    /// @param hidden after each block
    /// @param tokens after the layer norm
    /// @param head u of the token head
    /// @param logits of the cells (B N, K)
    public record Decoding(Tensor projected, Tensor sequence, List<Tensor> hidden, Tensor tokens, Tensor head,
            Tensor logits) {
    }

    private final Settings settings;
    private final LinearLayer projection;
    private final Tensor positions;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final LinearLayer headLayer;
    private final LayerNorm headNorm;
    private final Tensor headBias;

    /// Registers `decoder.*` and `head.*`.
    public CodeDecoder(Scope root, Settings settings) {
        this.settings = settings;
        int d = settings.width();
        Scope scope = root.in("decoder");
        projection = LinearLayer.xavier(scope.in("proj"), d, d);
        positions = scope.parameter("positions", Init.normal(0.02), 1 + settings.cells(), d);
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), d, settings.hidden(), settings.eps(),
                    LinearLayer::xavier));
        }
        norm = LayerNorm.of(scope.in("norm"), d, settings.eps());
        Scope head = root.in("head");
        headLayer = LinearLayer.xavier(head.in("fc"), d, d);
        headNorm = LayerNorm.of(head.in("norm"), d, settings.headEps());
        headBias = head.parameter("bias", Init.constant(0f), settings.codes() + 2);
    }

    /// Decodes.
    ///
    /// @param z the encoder's tokens (any, D)
    /// @param slots for CLS and each cell of each sequence, the row of z that stands there
    /// @param words W of the encoder (K + 2, D); no gradient reaches it through the head
    public Decoding apply(Program p, Tensor z, RowIndex slots, Tensor words, DropoutLayer dropout) {
        int length = 1 + settings.cells();
        int count = slots.count() / length;
        int d = settings.width();
        int[] places = new int[slots.count()];
        Arrays.setAll(places, i -> i % length);
        Tensor h;
        Tensor sequence;
        try (var _ = p.section("decoder: projection, CLS as filler, positions (Sorcen section 2.5)")) {
            h = projection.apply(p, z);
            sequence = p.add(p.gatherRows(h, slots),
                    p.gatherRows(positions, RowIndex.of(p, "decoder.places", length, places)));
        }
        int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        Packing packing = Packing.of(p, settings.heads(), lengths);
        var hidden = new ArrayList<Tensor>();
        Tensor x = sequence;
        for (int i = 0; i < blocks.size(); i++) {
            try (var _ = p.section("decoder: block " + i + " (Sorcen section 2.3)")) {
                x = blocks.get(i).apply(p, x, packing, dropout);
            }
            hidden.add(x);
        }
        int[] cells = new int[count * settings.cells()];
        Arrays.setAll(cells, i -> i / settings.cells() * length + 1 + i % settings.cells());
        try (var _ = p.section("decoder: layer norm and token head (Sorcen section 2.5)")) {
            Tensor tokens = norm.apply(p, x);
            Tensor u = headNorm.apply(p, p.gelu(headLayer.apply(p, tokens)));
            Tensor grid = p.gatherRows(u, RowIndex.of(p, "decoder.cells", slots.count(), cells));
            Tensor w = p.stopGradient("token head: word embedding W", words).view(0, settings.codes(), d);
            Tensor logits = p.linear(grid, w, p.slice(headBias, 0, settings.codes()));
            return new Decoding(h, sequence, List.copyOf(hidden), tokens, u, logits);
        }
    }

    /// The reconstruction loss (section 3).
    ///
    /// @param positions l of every cell (B, N)
    /// @param loss its weighted sum
    public record Reconstruction(Tensor positions, Tensor loss) {
        /// l = -((1 - s) log p(t) + s/K sum_k log p(k)) of every cell, and the weighted sum.
        ///
        /// @param logits of all cells (B N, K)
        /// @param codes t of all cells (B N)
        /// @param weights 1 / (number of masked cells of the batch) where a cell is masked, else 0 (B, N)
        public static Reconstruction of(Program p, Tensor logits, Tensor codes, Tensor weights, float smoothing) {
            Tensor l = p.reshape(p.crossEntropy(logits, codes, smoothing, -1), weights.shape());
            return new Reconstruction(l, p.scaledSum(p.rowDots(l, weights), 1f));
        }
    }

    /// l = -((1 - s) log p(t) + s/K sum_k log p(k)) with label smoothing s; the loss is the mean over all masked cells.
    ///
    /// @param codes t of all cells (B N)
    /// @param weights 1 / (number of masked cells of the batch) where a cell is masked, else 0 (B, N)
    public Reconstruction loss(Program p, Tensor logits, Tensor codes, Tensor weights, float smoothing) {
        try (var _ = p.section("reconstruction loss (Sorcen section 3)")) {
            return Reconstruction.of(p, logits, codes, weights, smoothing);
        }
    }
}
