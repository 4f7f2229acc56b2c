package dev.triptych.decoder;

import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.SinePositions;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The decoder of dropped patches (MAE section 3): the encoder's tokens stand in their places, a learned mask token in
/// all others, and every place predicts the 3 p p numbers of its patch.
public final class PatchDecoder {
    /// Sizes of the decoder.
    ///
    /// @param grid patches along a side of an image
    /// @param patch side of a patch in pixels
    /// @param input width d of the encoder's tokens
    /// @param width of the decoder's
    /// @param depth number of blocks
    /// @param heads of attention
    /// @param hidden width of the MLPs
    /// @param eps of every layer norm
    /// @param sine positions are the fixed table of [SinePositions]; else they are learnt
    public record Settings(int grid, int patch, int input, int width, int depth, int heads, int hidden, float eps,
            boolean sine) {
        /// Patches N of an image.
        public int patches() {
            return grid * grid;
        }
    }

    /// What the decoder made.
    ///
    /// @param embedded the encoder's tokens in the decoder's width
    /// @param sequence before the first block: CLS, then every place of the grid, positions added (B (1 + N), width)
    /// @param hidden after each block
    /// @param tokens after the layer norm
    /// @param prediction of every patch, channel by channel (B N, 3 p p)
    public record Decoding(Tensor embedded, Tensor sequence, List<Tensor> hidden, Tensor tokens, Tensor prediction) {
    }

    private static final float SPREAD = 0.02f;

    private final Settings settings;
    private final LinearLayer embedding;
    private final Tensor maskToken;
    private final Tensor positions;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final LinearLayer prediction;

    /// Registers `decoder.*`.
    public PatchDecoder(Scope root, Settings settings) {
        this.settings = settings;
        int d = settings.width();
        Scope scope = root.in("decoder");
        embedding = LinearLayer.xavier(scope.in("embed"), settings.input(), d);
        maskToken = scope.parameter("mask_token", Init.normal(SPREAD), 1, d);
        positions = scope.parameter("positions", settings.sine()
                ? Init.given(SinePositions.table(settings.grid(), d))
                : Init.normal(SPREAD), 1 + settings.patches(), d);
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), d, settings.hidden(), settings.eps(),
                    LinearLayer::xavier));
        }
        norm = LayerNorm.of(scope.in("norm"), d, settings.eps());
        prediction = LinearLayer.xavier(scope.in("pred"), d, 3 * settings.patch() * settings.patch());
    }

    /// Decodes.
    ///
    /// @param latent the encoder's tokens, CLS and kept patches of every image (rows, d)
    /// @param slots for CLS and each place of each image, the row of `latent` that stands there; row `rows` is the mask
    ///        token
    public Decoding apply(Program p, Tensor latent, RowIndex slots) {
        int length = 1 + settings.patches();
        int count = slots.count() / length;
        int[] places = new int[slots.count()];
        Arrays.setAll(places, i -> i % length);
        Tensor h;
        Tensor sequence;
        try (var _ = p.section("decoder: mask tokens, positions (MAE section 3)")) {
            h = embedding.apply(p, latent);
            Tensor table = settings.sine() ? p.stopGradient("decoder's table of positions", positions) : positions;
            sequence = p.add(p.gatherRows(p.concat(h, maskToken), slots),
                    p.gatherRows(table, RowIndex.of(p, "decoder.places", length, places)));
        }
        int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        Packing packing = Packing.of(p, settings.heads(), lengths);
        var hidden = new ArrayList<Tensor>();
        Tensor x = sequence;
        for (int i = 0; i < blocks.size(); i++) {
            try (var _ = p.section("decoder: block " + i + " (MAE section 3)")) {
                x = blocks.get(i).apply(p, x, packing);
            }
            hidden.add(x);
        }
        int[] cells = new int[count * settings.patches()];
        Arrays.setAll(cells, i -> i / settings.patches() * length + 1 + i % settings.patches());
        try (var _ = p.section("decoder: layer norm, pixels of every patch (MAE section 3)")) {
            Tensor tokens = norm.apply(p, x);
            Tensor patches = p.gatherRows(tokens, RowIndex.of(p, "decoder.cells", slots.count(), cells));
            return new Decoding(h, sequence, List.copyOf(hidden), tokens, prediction.apply(p, patches));
        }
    }
}
