package dev.triptych.device.vector;

import dev.triptych.program.Call;
import dev.triptych.program.call.CodesCalls.CandidateCodes;

/// Kernels of `kernel.Codes`: the candidates by one insertion into a short list, where the kernel as written passes
/// over the logits once for each of them.
final class CodeKernels {
    private CodeKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return call instanceof CandidateCodes.Bound c ? pool.split(c.n(), 2L * c.n() * c.c(), (from, to, worker) -> {
            if (c.k() + c.skip() >= c.c()) {
                c.run(from, to);
                return;
            }
            for (int r = from; r < to; r++) {
                candidates(c.logits(), c.logits0() + r * c.c(), c.kept(), c.kept0() + r * c.k(), c.c(), c.k(),
                        c.skip(), c.ties());
            }
        }) : null;
    }

    /// kept = the k codes of largest logits, ascending, without the very largest (skip) or all that equal it (ties).
    private static void candidates(float[] logits, int row, int[] kept, int at, int c, int k, int skip, int ties) {
        int best = -1;
        float top = Float.NaN;
        if (skip == 1) {
            best = largest(logits, row, c);
            top = logits[row + best];
        }
        int count = 0;
        for (int i = 0; i < c; i++) {
            float v = logits[row + i];
            boolean leads = count < k || v > logits[row + kept[at + count - 1]];
            if (leads && i != best && (ties == 0 || v != top)) {
                count = Math.min(count + 1, k);
                insert(logits, row, kept, at, count, i);
            }
        }
        sort(kept, at, count);
        for (int i = count; i < k; i++) {
            kept[at + i] = -1;
        }
    }

    private static int largest(float[] logits, int row, int c) {
        int best = 0;
        for (int i = 1; i < c; i++) {
            best = logits[row + i] > logits[row + best] ? i : best;
        }
        return best;
    }

    /// Puts code i, larger than all that came before it in the codebook's order, at its place by logit.
    private static void insert(float[] logits, int row, int[] kept, int at, int count, int i) {
        int place = count - 1;
        while (place > 0 && logits[row + i] > logits[row + kept[at + place - 1]]) {
            kept[at + place] = kept[at + place - 1];
            place--;
        }
        kept[at + place] = i;
    }

    private static void sort(int[] kept, int at, int count) {
        for (int i = 1; i < count; i++) {
            int code = kept[at + i];
            int place = i;
            while (place > 0 && kept[at + place - 1] > code) {
                kept[at + place] = kept[at + place - 1];
                place--;
            }
            kept[at + place] = code;
        }
    }
}
