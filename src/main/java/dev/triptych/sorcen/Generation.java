package dev.triptych.sorcen;

import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Session;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.function.IntConsumer;

/// Grids of codes out of nothing (Sorcen section 6.1): one forward run for each iteration of a batch, drawing and
/// masking on the host. A grid is a function of the weights, the seed and its number alone, whatever the batch.
public final class Generation {
    private final Session session;
    private final SorcenPrograms.Iteration iteration;
    private final IterativeDecoding decoding;

    /// @param session in which the program is bound and the weights are loaded
    /// @param iteration what `SorcenPrograms.generate` gave
    /// @param decoding iterations, temperature and sizes
    public Generation(Session session, SorcenPrograms.Iteration iteration, IterativeDecoding decoding) {
        this.session = session;
        this.iteration = iteration;
        this.decoding = decoding;
    }

    /// The codes of the grids 0 to count - 1 of a seed (count, N).
    public int[] generate(int count, long seed) {
        return generate(count, seed, null, made -> {
        });
    }

    /// The same.
    ///
    /// @param start codes (N) that every grid begins with, MASK where they are unknown; null for nothing but MASK
    /// @param progress told after each batch how many more grids there are
    public int[] generate(int count, long seed, int[] start, IntConsumer progress) {
        int n = decoding.cells();
        int batch = iteration.codes().side(0);
        int[] all = new int[Math.multiplyExact(count, n)];
        for (int first = 0; first < count; first += batch) {
            int[] grids = batch(first, batch, seed, start);
            System.arraycopy(grids, 0, all, first * n, Math.min(batch, count - first) * n);
            progress.accept(Math.min(batch, count - first));
        }
        return all;
    }

    private int[] batch(int first, int batch, long seed, int[] start) {
        int n = decoding.cells();
        int[] ids = decoding.start(batch);
        for (int i = 0; start != null && i < ids.length; i++) {
            ids[i] = start[i % n];
        }
        int[] sampled = ids;
        for (int t = 1; t <= decoding.iterations(); t++) {
            session.upload(iteration.codes(), ids);
            session.upload(iteration.slots(), decoding.slots(ids));
            session.run(iteration.program());
            double[] u = new double[batch * n];
            double[] gumbel = new double[batch * n];
            for (int b = 0; b < batch; b++) {
                var random = CounterRandom.of(seed, Stream.GENERATE, t, first + b);
                for (int i = b * n; i < (b + 1) * n; i++) {
                    u[i] = random.uniformDouble();
                    gumbel[i] = -Math.log(-Math.log(random.uniformDouble() + 0x1p-54));
                }
            }
            var step = decoding.step(t, session.download(iteration.logits()), ids, u, gumbel);
            ids = step.ids();
            sampled = step.sampled();
        }
        return sampled;
    }
}
