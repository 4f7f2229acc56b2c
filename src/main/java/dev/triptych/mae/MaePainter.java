package dev.triptych.mae;

import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Paints masked images: what is kept of them beside what a model predicts of the rest. The mask of an image is a pure
/// function of its number. A prediction of normalised pixels is put on each patch's own mean and deviation, which the
/// model does not know, as the authors show it (MAE section 5).
final class MaePainter implements AutoCloseable {
    private static final long SEED = 1;
    /// The deviation of a patch of one colour is the root of this.
    private static final double PIXEL_EPS = 1e-6;

    private final MaePrograms.Painting painting;
    private final Session session;
    private final int batch;
    private final int side;
    private final int patch;
    private final boolean normalised;

    /// Binds the program; the weights of the session are the caller's to load.
    MaePainter(MaePrograms programs, int batch, Device device) {
        this.painting = programs.paint(batch);
        this.batch = batch;
        this.side = programs.recipe().data().side();
        this.patch = programs.recipe().encoder().patch();
        this.normalised = programs.model().settings().normPixels();
        this.session = device.bind(programs.state(), painting.program());
    }

    Session session() {
        return session;
    }

    /// What became of a batch; each picture (3, side, side), dropped patches per picture in `dropped` (N).
    ///
    /// @param first number of its first image
    /// @param count images that are of the set
    /// @param images as they are
    /// @param painted kept patches as they are, the others as predicted
    /// @param flat kept patches as they are, the others in their baseline: the mean of the patch where the prediction
    ///        is put on it, else the mean of what is kept
    /// @param dropped 1 where a patch is dropped (count, N)
    record Painted(int first, int count, float[] images, float[] painted, float[] flat, float[] dropped) {
    }

    /// Paints all images of a set in order.
    void paint(ImageSet set, Consumer<Painted> each) {
        var in = painting.objective().inputs();
        int n = in.masked().patches();
        int kept = in.masked().kept();
        float[] images = new float[in.image().count()];
        for (int first = 0; first < set.size(); first += batch) {
            int count = Math.min(batch, set.size() - first);
            set.images(IntStream.range(first, first + count).toArray(), images, 0);
            int[] chosen = new int[batch * kept];
            for (int b = 0; b < batch; b++) {
                MaeViews.mask(CounterRandom.of(SEED, Stream.PROBE, first + b, 0), n, kept, chosen, b * kept);
            }
            session.upload(in.image(), images);
            in.give(chosen, session::upload, session::upload);
            session.run(painting.program());
            float[] prediction = session.download(painting.objective().decoding().prediction());
            float[] dropped = session.download(in.dropped());
            float[] painted = images.clone();
            float[] flat = images.clone();
            for (int b = 0; b < count; b++) {
                fill(images, prediction, dropped, b, painted, flat);
            }
            each.accept(new Painted(first, count, images, painted, flat, dropped));
        }
    }

    private void fill(float[] images, float[] prediction, float[] dropped, int b, float[] painted, float[] flat) {
        int grid = side / patch;
        int n = grid * grid;
        float[] mean = keptMeans(images, dropped, b);
        int numbers = 3 * patch * patch;
        int[] at = new int[numbers];
        for (int i = 0; i < n; i++) {
            if (dropped[b * n + i] == 0f) {
                continue;
            }
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < numbers; k++) {
                int c = k / (patch * patch);
                int y = i / grid * patch + k / patch % patch;
                at[k] = ((b * 3 + c) * side + y) * side + i % grid * patch + k % patch;
                double x = VisionTransformer.normalised(c, images[at[k]]);
                sum += x;
                squares += x * x;
            }
            double own = sum / numbers;
            double deviation = Math.sqrt(Math.max(0, squares - sum * own) / (numbers - 1) + PIXEL_EPS);
            for (int k = 0; k < numbers; k++) {
                int c = k / (patch * patch);
                float x = prediction[(b * n + i) * numbers + k];
                painted[at[k]] = VisionTransformer.pixel(c, normalised ? (float) (x * deviation + own) : x);
                flat[at[k]] = normalised ? VisionTransformer.pixel(c, (float) own) : mean[c];
            }
        }
    }

    /// Mean colour of what the mask of an image keeps.
    private float[] keptMeans(float[] images, float[] dropped, int b) {
        int grid = side / patch;
        float[] mean = new float[3];
        for (int c = 0; c < 3; c++) {
            double sum = 0;
            long count = 0;
            for (int j = 0; j < side * side; j++) {
                if (dropped[b * grid * grid + j / side / patch * grid + j % side / patch] == 0f) {
                    sum += images[(b * 3 + c) * side * side + j];
                    count++;
                }
            }
            mean[c] = (float) (sum / count);
        }
        return mean;
    }

    /// PSNR in dB of the dropped patches of one picture of a batch, clamped to [0, 1].
    double psnr(Painted p, float[] pictures, int b) {
        int grid = side / patch;
        double sum = 0;
        long count = 0;
        for (int i = 0; i < 3 * side * side; i++) {
            int j = i % (side * side);
            if (p.dropped()[b * grid * grid + j / side / patch * grid + j % side / patch] == 1f) {
                int at = b * 3 * side * side + i;
                double error = Math.clamp(pictures[at], 0f, 1f) - (double) p.images()[at];
                sum += error * error;
                count++;
            }
        }
        return Psnr.ofMse(sum / count);
    }

    @Override
    public void close() {
        session.close();
    }
}
