package dev.triptych.alignment;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Matches the tokens of a view with those of its image by entropic optimal transport (STELLAR Eq. 8-10, specification
/// section 4.5): Euclidean costs, unit marginals, a few Sinkhorn iterations, then arg-max over each row of the plan.
/// Two tokens may choose the same target. No gradient.
///
/// The last update is of the columns, which therefore sum to one: a token that is by far the nearest of two targets has
/// nearly all of both, and which one it is given may be up to rounding. Comparisons of devices hold the margin.
///
/// @param match whether to match; without, tokens are compared by index
/// @param eps entropic regularisation
/// @param iterations of the potentials
public record TokenMatching(boolean match, float eps, int iterations) {
    /// The plan and the choice.
    ///
    /// @param plan P (views, K, K); null when tokens are compared by index
    /// @param rows for each token of each view, the row of its target among all images' tokens (views K)
    public record Matches(Tensor plan, Tensor rows) {
    }

    /// pred (B V, K, d) against target (B, K, d), both without gradient.
    public Matches apply(Program p, Tensor pred, Tensor target) {
        int tokens = target.side(1);
        int views = pred.side(0) / target.side(0);
        if (!match) {
            return new Matches(null, p.constant("same", repeated(target.side(0), views, tokens)));
        }
        Tensor plan = p.transportPlan(p.transportCost(pred, target), eps, iterations);
        return new Matches(plan, p.matchedRows(plan, views));
    }

    /// Row b K + k for token k of every view of image b: each view's targets by index.
    public static int[] repeated(int images, int views, int tokens) {
        int[] rows = new int[images * views * tokens];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / tokens / views * tokens + i % tokens;
        }
        return rows;
    }
}
