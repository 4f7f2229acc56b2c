package dev.triptych.triptych;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;

/// The pairs of views whose tokens are matched (section 4): of teacher's view g_q and student's view v, v other than q.
/// The student's are masked g_1, masked g_2 and x0; so g_1 is compared with masked g_2 and x0, g_2 with masked g_1 and
/// x0.
@Twinned
final class TokenPairs {
    /// Views of the student.
    static final int VIEWS = 3;
    /// Pairs that a teacher's view is in.
    static final int PARTNERS = 2;

    private TokenPairs() {
    }

    /// The student's view of partner j of the teacher's view q.
    static int student(int q, int j) {
        return j == 0 ? 1 - q : VIEWS - 1;
    }

    /// The student's sets of all pairs, in the order of the teacher's sets: set (q n + i) 2 + j is partner j of view q
    /// of image i.
    ///
    /// @param x one set for each view and image (3 n, K, c)
    /// @return (4 n, K, c)
    static Tensor gather(Program p, Tensor x, int n) {
        int[] sets = new int[Triptych.GLOBAL * n * PARTNERS];
        for (int s = 0; s < sets.length; s++) {
            int image = s / PARTNERS % n;
            sets[s] = student(s / PARTNERS / n, s % PARTNERS) * n + image;
        }
        int k = x.side(1);
        int c = x.side(2);
        Tensor rows = p.gatherRows(p.reshape(x, x.side(0), k * c), RowIndex.of(p, "pairs", x.side(0), sets));
        return p.reshape(rows, sets.length, k, c);
    }
}
