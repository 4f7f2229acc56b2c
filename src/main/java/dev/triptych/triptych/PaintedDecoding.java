package dev.triptych.triptych;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Session;
import dev.triptych.program.Program;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Pictures out of nothing, or out of some of their patches (Triptych section 3, Sorcen section 6.1): predict all cells
/// from what is visible, keep the surest ones, paint them, encode again. How many cells are visible is known of each
/// iteration beforehand, and the same for all pictures; so each number has a program.
final class PaintedDecoding {
    private final CodeTargets targets;
    private final IterativeDecoding decoding;
    private final int batch;
    private final int side;
    private final int[] visible;
    private final Map<Integer, TriptychPrograms.Dropped> programs = new LinkedHashMap<>();

    /// Prepares the programs, which the caller binds.
    ///
    /// @param targets the tokenizer that paints
    /// @param batch pictures of a run
    /// @param known cells that are visible from the start, of every picture
    PaintedDecoding(TriptychPrograms all, CodeTargets targets, int iterations, double temperature, int batch,
            int known) {
        var e = all.model().settings().encoder();
        this.targets = targets;
        this.decoding = new IterativeDecoding(iterations, temperature, e.patches(), targets.tokenizer().codes());
        this.batch = batch;
        this.side = e.grid() * e.patch();
        this.visible = new int[iterations];
        int unknown = e.patches() - known;
        for (int t = 1; t <= iterations; t++) {
            visible[t - 1] = e.patches() - unknown;
            programs.computeIfAbsent(visible[t - 1], kept -> all.predict(batch, kept));
            unknown = decoding.remasked(t, unknown);
        }
    }

    /// What has to be bound.
    List<Program> programs() {
        return programs.values().stream().map(TriptychPrograms.Dropped::program).toList();
    }

    /// The codes of the pictures 0 to count - 1 of a seed (count, N): each a function of the weights, the seed and its
    /// number alone, whatever the batch.
    ///
    /// @param did told after each batch how many more there are
    int[] generate(Session session, int count, long seed, IntConsumer did) {
        int[] nothing = new int[decoding.cells()];
        Arrays.fill(nothing, decoding.mask());
        return complete(session, new float[3 * side * side], nothing, count, seed, did);
    }

    /// The same from some cells of one picture on, which all of them keep.
    ///
    /// @param picture whose known cells are seen as they are (3, side, side)
    /// @param known codes of its known cells, MASK elsewhere (N)
    int[] complete(Session session, float[] picture, int[] known, int count, long seed, IntConsumer did) {
        int n = decoding.cells();
        float[] images = new float[batch * picture.length];
        int[] start = new int[batch * n];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(picture, 0, images, i * picture.length, picture.length);
            System.arraycopy(known, 0, start, i * n, n);
        }
        int[] all = new int[Math.multiplyExact(count, n)];
        for (int first = 0; first < count; first += batch) {
            int[] grids = batch(session, images, start, first, seed);
            System.arraycopy(grids, 0, all, first * n, Math.min(batch, count - first) * n);
            did.accept(Math.min(batch, count - first));
        }
        return all;
    }

    /// The codes of a batch of pictures of which some cells are known.
    ///
    /// @param images whose known cells are seen as they are (batch, 3, side, side)
    /// @param known codes of the known cells, MASK elsewhere (batch N)
    /// @param first number of the first picture, for the draws
    private int[] batch(Session session, float[] images, int[] known, int first, long seed) {
        int n = decoding.cells();
        int[] ids = known.clone();
        int[] sampled = ids;
        for (int t = 1; t <= decoding.iterations(); t++) {
            var step = programs.get(visible[t - 1]);
            see(session, step.prediction(), images, known, ids);
            session.run(step.program());
            double[] u = new double[batch * n];
            double[] gumbel = new double[batch * n];
            for (int b = 0; b < batch; b++) {
                var random = CounterRandom.of(seed, Stream.GENERATE, t, first + b);
                for (int i = b * n; i < (b + 1) * n; i++) {
                    u[i] = random.uniformDouble();
                    gumbel[i] = -Math.log(-Math.log(random.uniformDouble() + 0x1p-54));
                }
            }
            var next = decoding.step(t, session.download(step.prediction().masked().logits()), ids, u, gumbel);
            ids = next.ids();
            sampled = next.sampled();
        }
        return sampled;
    }

    /// Shows the encoder what is visible: the pictures' own pixels where they were known, painted codes elsewhere.
    private void see(Session session, Triptych.Prediction in, float[] images, int[] known, int[] ids) {
        int kept = in.places().kept();
        int[] chosen = new int[batch * kept];
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != decoding.mask()) {
                chosen[at++] = i % decoding.cells();
            }
        }
        if (at != chosen.length) {
            throw new IllegalStateException(at + " cells of " + batch + " pictures are visible; expected "
                    + chosen.length);
        }
        in.places().give(chosen, session::upload);
        if (kept == 0) {
            return;
        }
        float[] seen = targets.decode(Arrays.stream(ids).map(id -> id == decoding.mask() ? 0 : id).toArray(), batch);
        int grid = (int) Math.round(Math.sqrt(decoding.cells()));
        int patch = side / grid;
        for (int i = 0; i < seen.length; i++) {
            int cell = i / side % side / patch * grid + i % side / patch;
            if (known[i / (3 * side * side) * decoding.cells() + cell] != decoding.mask()) {
                seen[i] = images[i];
            }
        }
        session.upload(in.image(), seen);
        in.kept().give(chosen, 1, 1, session::upload);
    }

    /// Codes as pictures (count, 3, side, side).
    float[] paint(int[] codes, int count) {
        return targets.decode(codes, count);
    }
}
