package dev.triptych.decoder;

import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The decoder of STELLAR (Eq. 3, section 3): Z is projected, gets random Fourier positions, passes
/// a few transformer blocks, and a head predicts either the pixels of each patch or its code of a frozen tokenizer.
public final class LowRankDecoder {
    /// Sizes of the decoder.
    ///
    /// @param width of its tokens
    /// @param depth number of blocks
    /// @param heads of attention
    /// @param hidden width of the MLPs
    /// @param codes number of a tokenizer's codes; 0 for the pixel head
    public record Settings(int width, int depth, int heads, int hidden, int codes) {
    }

    private final Settings settings;
    private final int patch;
    private final LinearLayer projection;
    private final Tensor positions;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Tensor headWeight;
    private final Tensor headBias;

    /// Registers `decoder.*`. The head's weight is (width, 3 p p) for pixels, a transposed convolution with kernel =
    /// stride = p, and (codes, width) for codes.
    ///
    /// @param fourier G of the position features, (2, width / 2)
    public LowRankDecoder(Scope root, int inputWidth, int grid, int patch, float eps, Settings settings,
            double[] fourier) {
        this.settings = settings;
        this.patch = patch;
        Scope scope = root.in("decoder");
        int width = settings.width();
        projection = LinearLayer.of(scope.in("proj"), inputWidth, width);
        float[] g = new float[fourier.length];
        for (int i = 0; i < g.length; i++) {
            g[i] = (float) fourier[i];
        }
        scope.buffer("fourier", g, 2, fourier.length / 2);
        positions = scope.buffer("positions", FourierPositions.table(fourier, grid, grid, width), grid * grid, width);
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), width, settings.hidden(), eps));
        }
        norm = LayerNorm.of(scope.in("norm"), width, eps);
        boolean pixels = settings.codes() == 0;
        int out = pixels ? 3 * patch * patch : settings.codes();
        // PyTorch's transposed convolution takes (out channels * kernel area) for the fan that sets its start
        int fan = pixels ? out : width;
        headWeight = pixels
                ? scope.parameter("head.weight", Init.fanIn(fan), width, out)
                : scope.parameter("head.weight", Init.fanIn(fan), out, width);
        headBias = scope.parameter("head.bias", Init.fanIn(fan), pixels ? 3 : out);
    }

    /// What the decoder made: its tokens after each block and the final norm, and the head's prediction.
    ///
    /// @param hidden after each block (B N, width)
    /// @param tokens after the final norm (B N, width)
    /// @param prediction pixels of each patch (B N, 3, p p), or code logits (B N, codes)
    public record Decoding(List<Tensor> hidden, Tensor tokens, Tensor prediction) {
    }

    /// Decodes Z (B, N, d).
    public Decoding apply(Program p, Tensor z) {
        int n = z.side(1);
        Tensor x = p.section("decoder: projection and Fourier positions (STELLAR section 3)", () -> p.reshape(
                p.addTable(projection.apply(p, z), positions), z.side(0) * n, settings.width()));
        int[] lengths = new int[z.side(0)];
        Arrays.fill(lengths, n);
        Packing packing = Packing.of(p, settings.heads(), lengths);
        var hidden = new ArrayList<Tensor>();
        for (int i = 0; i < blocks.size(); i++) {
            try (var _ = p.section("decoder: block " + i + " (STELLAR section 3)")) {
                x = blocks.get(i).apply(p, x, packing);
            }
            hidden.add(x);
        }
        try (var _ = p.section("decoder: head (STELLAR Eq. 3)")) {
            Tensor tokens = norm.apply(p, x);
            if (settings.codes() > 0) {
                return new Decoding(hidden, tokens, p.linear(tokens, headWeight, headBias));
            }
            Tensor pixels = p.reshape(p.product(tokens, headWeight), tokens.rows(), 3, patch * patch);
            return new Decoding(hidden, tokens, p.channelBias(pixels, headBias));
        }
    }

    /// Mean squared error over all pixels against images (B, 3, side, side) in [0, 1].
    public Tensor pixelLoss(Program p, Decoding decoding, Tensor images) {
        Tensor prediction = decoding.prediction();
        int[] all = new int[prediction.side(0)];
        Arrays.setAll(all, i -> i);
        Tensor target = p.patches(images, p.constant("all", all), new float[3], new float[]{1f, 1f, 1f}, patch);
        Tensor rows = p.squaredError(p.reshape(prediction, target.shape()), target);
        return p.scaledSum(rows, 1f / prediction.count());
    }

    /// Mean cross-entropy of the code logits against codes (B N).
    public Tensor codeLoss(Program p, Decoding decoding, Tensor codes) {
        return p.mean(p.crossEntropy(decoding.prediction(), codes, 0f, -1));
    }
}
