package dev.triptych.measure.picture;

import dev.triptych.nn.ConvolutionLayer;
import dev.triptych.nn.FeatureMap;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.tokenizer.ResidualBlock;
import java.util.ArrayList;
import java.util.List;

/// A small convolutional classifier of pictures: three times a 4 x 4 convolution of stride 2, layer norm over channels
/// and GELU, residual blocks behind the second and third, the mean over places, a linear layer. The mean is the
/// penultimate layer, in which sets of pictures are compared.
final class PictureNetwork {
    /// Channels after each halving; the last is the width of the penultimate layer.
    private static final int[] WIDTHS = {32, 64, 64};
    private static final float EPS = 1e-6f;
    private static final float GREY = 0.5f;
    private static final float SMOOTHING = 0.1f;
    private static final int NO_LABEL = -1;

    private final int side;
    private final List<ConvolutionLayer> halvings = new ArrayList<>();
    private final List<LayerNorm> norms = new ArrayList<>();
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final LayerNorm last;
    private final LinearLayer head;

    /// Registers the parameters in a state.
    PictureNetwork(State state, int side, int classes) {
        this.side = side;
        Scope scope = Scope.of(state);
        int in = 3;
        for (int i = 0; i < WIDTHS.length; i++) {
            halvings.add(ConvolutionLayer.of(scope.in("halve." + i), in, WIDTHS[i], 4, 2, 1));
            norms.add(LayerNorm.of(scope.in("norm." + i), WIDTHS[i], EPS));
            if (i > 0) {
                blocks.add(ResidualBlock.of(scope.in("block." + i), WIDTHS[i], WIDTHS[i]));
            }
            in = WIDTHS[i];
        }
        last = LayerNorm.of(scope.in("last"), in, EPS);
        head = LinearLayer.of(scope.in("head"), in, classes);
    }

    /// What one run takes and gives.
    ///
    /// @param image input (batch, 3, side, side), pixels in [0, 1]
    /// @param feature the penultimate layer (batch, width)
    /// @param logits (batch, classes)
    record Output(Tensor image, Tensor feature, Tensor logits) {
    }

    /// The network on a batch.
    Output apply(Program p, int batch) {
        Tensor image = p.input("image", batch, 3, side, side);
        FeatureMap x = FeatureMap.of(p, image, GREY);
        for (int i = 0; i < halvings.size(); i++) {
            LayerNorm norm = norms.get(i);
            x = halvings.get(i).apply(p, x).map(rows -> p.gelu(norm.apply(p, rows)));
            if (i > 0) {
                x = blocks.get(i - 1).apply(p, x);
            }
        }
        Tensor rows = last.apply(p, x.rows());
        Tensor feature = p.groupMeans(p.reshape(rows, batch, x.height() * x.width(), rows.columns()));
        return new Output(image, feature, head.apply(p, feature));
    }

    /// A loss with its inputs.
    ///
    /// @param label input (batch)
    record Objective(Tensor image, Tensor label, Tensor loss) {
    }

    /// Mean cross-entropy with smoothed labels.
    Objective objective(Program p, int batch) {
        Output out = apply(p, batch);
        Tensor label = p.integerInput("label", batch);
        return new Objective(out.image(), label,
                p.mean(p.crossEntropy(out.logits(), label, SMOOTHING, NO_LABEL)));
    }

    /// What it is, in a few words; a saved one of other words is another network.
    static String description(int side, int classes) {
        return "convolutional, " + side + " px, " + WIDTHS[0] + "-" + WIDTHS[1] + "-" + WIDTHS[2] + " channels, "
                + classes + " classes";
    }
}
