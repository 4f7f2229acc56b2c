package dev.triptych.device.vector;

import dev.triptych.kernel.range.Codes;
import java.util.Map;

/// Kernels of `kernel.Codes`: the candidates by one insertion into a short list, where the kernel as written passes
/// over the logits once for each of them.
final class CodeKernels {
    private CodeKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("candidateCodes", CodeKernels::candidateCodes);
    }

    private static Runnable candidateCodes(Arguments arguments, WorkerPool pool) {
        float[] logits = arguments.floats();
        int logits0 = arguments.integer();
        int[] kept = arguments.integers();
        int kept0 = arguments.integer();
        int n = arguments.integer();
        int c = arguments.integer();
        int k = arguments.integer();
        int skip = arguments.integer();
        int ties = arguments.integer();
        return pool.split(n, 2L * n * c, (from, to, worker) -> {
            if (k + skip >= c) {
                Codes.candidateCodes(logits, logits0, kept, kept0, n, c, k, skip, ties, from, to);
                return;
            }
            for (int r = from; r < to; r++) {
                candidates(logits, logits0 + r * c, kept, kept0 + r * k, c, k, skip, ties);
            }
        });
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
