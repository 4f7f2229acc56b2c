package dev.triptych.measure.feature;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Passes a set of images through a method's evaluation program, batch by batch, and pools what comes out. The values
/// of a program that have several rows an image, such as dense features (N, d), are averaged over them.
public final class ImageEncoder {
    private final Session session;
    private final Evaluation evaluation;
    private final CodeTargets targets;

    /// An encoder whose decoder, if any, predicts pixels.
    ///
    /// @param session in which the evaluation program is bound and the weights are loaded
    /// @param evaluation the program and its values by name
    public ImageEncoder(Session session, Evaluation evaluation) {
        this(session, evaluation, null);
    }

    /// @param session in which the evaluation program is bound and the weights are loaded
    /// @param evaluation the program and its values by name
    /// @param targets the codes that its decoder predicts; null for pixels
    public ImageEncoder(Session session, Evaluation evaluation, CodeTargets targets) {
        this.session = session;
        this.evaluation = evaluation;
        this.targets = targets;
    }

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

    /// Whether the program computes a value.
    public boolean has(String name) {
        return evaluation.values().containsKey(name);
    }

    /// The tensor of a value.
    ///
    /// @throws IllegalArgumentException where the program has no such value
    public Tensor tensor(String name) {
        Tensor tensor = evaluation.values().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("evaluation has no value '" + name + "', only "
                    + evaluation.values().keySet());
        }
        return tensor;
    }

    /// Encodes one batch of images (batch, 3, side, side).
    public void run(float[] images) {
        session.upload(evaluation.program().inputs().get("image"), images);
        session.run(evaluation.program());
    }

    /// A value of the latest batch.
    public float[] value(String name) {
        return session.download(tensor(name));
    }

    /// Encodes all images of a set in order.
    ///
    /// @param names of the values to keep
    /// @return by name, each pooled to one vector an image
    public Map<String, Features> encode(ImageSet set, List<String> names, Visitor visitor) {
        int n = set.size();
        int batch = batch();
        int[] labels = new int[n];
        Arrays.setAll(labels, set::label);
        var rows = new LinkedHashMap<String, float[]>();
        names.forEach(name -> rows.put(name, new float[Math.multiplyExact(n, tensor(name).columns())]));
        float[] images = new float[evaluation.program().inputs().get("image").count()];
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
            for (String name : names) {
                pool(name, count, rows.get(name), first);
            }
            visitor.visit(new Batch(first, count, images));
        }
        var features = new LinkedHashMap<String, Features>();
        rows.forEach((name, pooled) -> features.put(name, new Features(pooled, n, tensor(name).columns(), labels)));
        return features;
    }

    /// As above, with nobody watching.
    public Map<String, Features> encode(ImageSet set, List<String> names) {
        return encode(set, names, batch -> {
        });
    }

    private void pool(String name, int count, float[] pooled, int first) {
        float[] rows = value(name);
        int width = tensor(name).columns();
        int each = tensor(name).rows() / batch();
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

    /// The codes that the decoder predicts; null where it predicts pixels.
    public CodeTargets targets() {
        return targets;
    }

    /// Whether it can give pictures: the decoder predicts pixels, or codes of a tokenizer that is here.
    public boolean paints() {
        return targets != null || tensor("prediction").rank() == 3;
    }

    /// The most likely code at each position of the latest batch (batch, N).
    public int[] codes() {
        Tensor prediction = tensor("prediction");
        return ArgMax.ofRows(value("prediction"), 0, prediction.rows(), prediction.columns());
    }

    /// The predicted picture of the latest batch (batch, 3, side, side): what the most likely codes decode to, or
    /// pixels, put together from the value `prediction` of patches (batch N, 3, p p).
    public float[] reconstruction() {
        if (targets != null) {
            return targets.decode(codes(), batch());
        }
        Tensor prediction = tensor("prediction");
        float[] patches = value("prediction");
        int side = evaluation.program().inputs().get("image").side(2);
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
