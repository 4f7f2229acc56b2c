package dev.triptych.program;

import dev.triptych.program.call.CodesCalls.Agreement;
import dev.triptych.program.call.CodesCalls.CandidateCodes;
import dev.triptych.program.call.CodesCalls.CandidateProbabilities;
import dev.triptych.program.call.CodesCalls.ComposeCodes;
import dev.triptych.program.call.CodesCalls.SampleCodes;
/// Codes drawn from logits, and sequences made of codes. Codes are integers: no gradient passes.
public interface CodeOperations extends Recording {
    /// Which codes a row of logits may draw.
    ///
    /// @param k how many of the largest logits
    /// @param skipLargest whether the largest one is left out first (the lowest code, where several are equal)
    /// @param skipTies whether all codes that equal the largest are left out with it
    record Candidates(int k, boolean skipLargest, boolean skipTies) {
        /// The most likely code alone.
        public static final Candidates ARG_MAX = new Candidates(1, false, false);
    }

    /// The candidates of each row, in ascending order; -1 where ties left fewer. logits (n, codes): (n, k).
    default Tensor candidateCodes(Tensor logits, Candidates candidates) {
        int n = logits.rows();
        int c = logits.columns();
        int k = candidates.k();
        int skip = candidates.skipLargest() ? 1 : 0;
        if (k < 1 || k + skip > c) {
            throw new IllegalArgumentException(
                    "candidateCodes: " + k + " candidates" + (skip == 1 ? " behind the largest" : "") + " of the " + c
                            + " codes of " + logits + "; expected 1 to " + (c - skip));
        }
        Tensor kept = integerActivation("candidates", n, k);
        return operation("candidateCodes", kept, logits)
                .launch((long) (k + 2) * logits.size(), new CandidateCodes(logits, kept, n, c, k, skip,
                        candidates.skipTies() ? 1 : 0))
                .withoutAdjoint();
    }

    /// The softmax of the kept logits alone. logits (n, codes) without gradient, kept (n, k): (n, k).
    default Tensor candidateProbabilities(Tensor logits, Tensor kept) {
        int n = logits.rows();
        int k = kept.columns();
        Recording.expect("candidateProbabilities", kept, n, k);
        Tensor p = result("candidateProbabilities", new Tensor[]{logits}, n, k);
        return operation("candidateProbabilities", p, logits)
                .launch(12L * n * k, new CandidateProbabilities(logits, kept, p, n, logits.columns(), k))
                .withoutAdjoint();
    }

    /// One code for each row: the first kept one whose cumulative probability exceeds u. p, kept (n, k), u (n): (n).
    default Tensor sampleCodes(Tensor p, Tensor kept, Tensor u) {
        int n = p.rows();
        int k = p.columns();
        Recording.expect("sampleCodes", kept, n, k);
        Recording.expect("sampleCodes", u, n);
        Tensor code = integerActivation("codes", n);
        return operation("sampleCodes", code, p, u).launch(2L * n * k, new SampleCodes(p, kept, u, code, n, k))
                .withoutAdjoint();
    }

    /// Sequences [first ; cells] of ids: each cell is the id `mask` where `source` is 0, the code of a where it is 1,
    /// the code of b where it is 2. source (batch, n), a, b (batch n): (batch (1 + n)).
    default Tensor composeCodes(Tensor source, Tensor a, Tensor b, int first, int mask) {
        int batch = source.side(0);
        int n = source.side(1);
        Recording.expect("composeCodes", a, batch * n);
        Recording.expect("composeCodes", b, batch * n);
        Tensor ids = integerActivation("ids", batch * (1 + n));
        return operation("composeCodes", ids, source)
                .launch(0, new ComposeCodes(source, a, b, ids, batch, n, first, mask)).withoutAdjoint();
    }

    /// Writes the weighted share of the places where two rows of codes agree into a buffer (1), which it returns.
    /// a, b (n), weight (any shape of n).
    default Tensor agreement(Tensor a, Tensor b, Tensor weight, Tensor into) {
        int n = a.count();
        Recording.expect("agreement", a, n);
        Recording.expect("agreement", b, n);
        Recording.expect("agreement", into, 1);
        if (weight.count() != n) {
            throw new IllegalArgumentException("agreement: " + weight + " has not one weight for each of " + a);
        }
        return operation("agreement", into, a, b).launch(2L * n, new Agreement(a, b, weight, into, n))
                .withoutAdjoint();
    }
}
