package dev.triptych.eval;

import dev.triptych.data.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.Map;

/// Passes a set of images through STELLAR's evaluation program, batch by batch, and pools what comes out.
public final class StellarEncoder {
    private final Session session;
    private final Program program;
    private final Map<String, Tensor> values;
    private final int batch;

    /// @param session in which the evaluation program is bound and the weights are loaded
    /// @param program from `StellarPrograms.evaluate`
    /// @param values its tensors by name
    public StellarEncoder(Session session, Program program, Map<String, Tensor> values) {
        this.session = session;
        this.program = program;
        this.values = values;
        this.batch = program.inputs().get("image").side(0);
    }

    /// What one batch gave.
    ///
    /// @param first number of its first image in the set
    /// @param count images that are of the set; the rest of the batch is padding
    /// @param images pixels (batch, 3, side, side)
    /// @param localization L (batch, N, K)
    /// @param reconstruction (batch, 3, side, side)
    public record Batch(int first, int count, float[] images, float[] localization, float[] reconstruction) {
    }

    /// Sees each batch after it was encoded.
    @FunctionalInterface
    public interface Visitor {
        /// Takes one batch.
        void visit(Batch batch);
    }

    /// Features of a set, each pooled to one vector an image: mean of S, CLS, mean of D.
    public record Pooled(Features sparse, Features cls, Features dense) {
    }

    /// Encodes all images of a set in order.
    public Pooled encode(ImageSet set, Visitor visitor) {
        int width = values.get("cls").columns();
        int n = set.size();
        float[] sparse = new float[n * width];
        float[] cls = new float[n * width];
        float[] dense = new float[n * width];
        int[] labels = new int[n];
        Arrays.setAll(labels, set::label);
        float[] images = new float[program.inputs().get("image").count()];
        int numbers = images.length / batch;
        for (int first = 0; first < n; first += batch) {
            int count = Math.min(batch, n - first);
            int[] indices = new int[count];
            for (int i = 0; i < count; i++) {
                indices[i] = first + i;
            }
            set.images(indices, images, 0);
            Arrays.fill(images, count * numbers, images.length, 0f);
            session.upload(program.inputs().get("image"), images);
            session.run(program);
            pool("sparse", count, sparse, first);
            pool("cls", count, cls, first);
            pool("dense", count, dense, first);
            if (visitor != null) {
                visitor.visit(new Batch(first, count, images, session.download(values.get("localization")),
                        reconstruction()));
            }
        }
        return new Pooled(new Features(sparse, n, width, labels), new Features(cls, n, width, labels),
                new Features(dense, n, width, labels));
    }

    private void pool(String name, int count, float[] pooled, int first) {
        Tensor tensor = values.get(name);
        float[] rows = session.download(tensor);
        int width = tensor.columns();
        int each = tensor.rows() / batch;
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

    /// The predicted pixels, put together from patches (B N, 3, p p).
    private float[] reconstruction() {
        Tensor prediction = values.get("prediction");
        float[] patches = session.download(prediction);
        int side = program.inputs().get("image").side(2);
        int p = (int) Math.round(Math.sqrt(prediction.side(2)));
        int grid = side / p;
        float[] images = new float[patches.length];
        for (int i = 0; i < images.length; i++) {
            int x = i % side;
            int y = i / side % side;
            int c = i / (side * side) % 3;
            int image = i / (side * side * 3);
            int patch = (image * grid + y / p) * grid + x / p;
            images[i] = patches[(patch * 3 + c) * p * p + y % p * p + x % p];
        }
        return images;
    }
}
