package dev.triptych.nn;

import dev.triptych.program.Program;
import dev.triptych.program.QuantisationOperations.Windowing;
import dev.triptych.program.Tensor;
import java.util.function.UnaryOperator;

/// Maps of features as rows of channels.
///
/// @param rows (batch height width, channels)
/// @param batch number of maps
/// @param height of a map
/// @param width of a map
public record FeatureMap(Tensor rows, int batch, int height, int width) {
    /// The pixels of images (batch, 3, side, side), shifted by -`shift`.
    public static FeatureMap of(Program p, Tensor images, float shift) {
        int batch = images.side(0);
        int channels = images.side(1);
        int pixels = images.side(2) * images.side(3);
        int[] all = new int[batch * pixels];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        float[] mean = new float[channels];
        float[] deviation = new float[channels];
        java.util.Arrays.fill(mean, shift);
        java.util.Arrays.fill(deviation, 1f);
        Tensor rows = p.patches(images, p.constant("pixels", all), mean, deviation, 1);
        return new FeatureMap(rows, batch, images.side(2), images.side(3));
    }

    /// The same map after an operation on its rows.
    public FeatureMap map(UnaryOperator<Tensor> operation) {
        return new FeatureMap(operation.apply(rows), batch, height, width);
    }

    /// The mean of every block of k x k places.
    public FeatureMap averagePool(Program p, int k) {
        return new FeatureMap(p.averagePool(rows, batch, height, width, k), batch, height / k, width / k);
    }

    /// Every place as a block of k x k.
    public FeatureMap upsample(Program p, int k) {
        return new FeatureMap(p.upsample(rows, batch, height, width, k), batch, height * k, width * k);
    }

    /// Windows on this map.
    public Windowing windows(int k, int stride, int pad) {
        return new Windowing(batch, height, width, k, stride, pad);
    }
}
