package dev.triptych.measure.feature;

import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Passes a set of images through a method's evaluation program, batch by batch, and pools what comes out. Values that
/// have several rows an image, such as dense features (N, d), are averaged over them.
///
/// @param session in which the program is bound and the weights are loaded
/// @param evaluation the program
public record ImageEncoder(Session session, Evaluation<?> evaluation) {
    /// What was just encoded.
    ///
    /// @param first number of its first image in the set
    /// @param count images that are of the set; the rest of the batch is padding
    /// @param images pixels (batch, 3, side, side)
    public record Batch(int first, int count, float[] images) {
    }

    /// Sees each batch after it was encoded, while [#value] still gives what came out.
    @FunctionalInterface
    public interface Visitor {
        /// Takes one batch.
        void visit(Batch batch);
    }

    /// Images of a batch.
    public int batch() {
        return evaluation.batch();
    }

    /// Encodes one batch of images (batch, 3, side, side).
    public void run(float[] images) {
        session.upload(evaluation.input(), images);
        session.run(evaluation.program());
    }

    /// A value of the latest batch.
    public float[] value(Tensor value) {
        return session.download(value);
    }

    /// Encodes all images of a set in order.
    ///
    /// @param values of the program that are kept
    /// @return each of them pooled to one vector an image
    public Map<Tensor, Features> encode(ImageSet set, List<Tensor> values, Visitor visitor) {
        int n = set.size();
        int batch = batch();
        int[] labels = new int[n];
        Arrays.setAll(labels, set::label);
        var rows = new LinkedHashMap<Tensor, float[]>();
        values.forEach(value -> rows.put(value, new float[Math.multiplyExact(n, value.columns())]));
        float[] images = new float[evaluation.input().count()];
        int numbers = images.length / batch;
        for (int first = 0; first < n; first += batch) {
            int count = Math.min(batch, n - first);
            int[] indices = new int[count];
            for (int i = 0; i < count; i++) {
                indices[i] = first + i;
            }
            set.images(indices, images, 0);
            Arrays.fill(images, count * numbers, images.length, 0f);
            run(images);
            for (Tensor value : values) {
                pool(value, count, rows.get(value), first);
            }
            visitor.visit(new Batch(first, count, images));
        }
        var features = new LinkedHashMap<Tensor, Features>();
        rows.forEach((value, pooled) -> features.put(value, new Features(pooled, n, value.columns(), labels)));
        return features;
    }

    private void pool(Tensor value, int count, float[] pooled, int first) {
        float[] rows = value(value);
        int width = value.columns();
        int each = value.rows() / batch();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                float sum = 0f;
                for (int t = 0; t < each; t++) {
                    sum += rows[(i * each + t) * width + j];
                }
                pooled[(first + i) * width + j] = sum / each;
            }
        }
    }
}
