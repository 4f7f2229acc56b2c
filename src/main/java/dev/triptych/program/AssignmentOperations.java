package dev.triptych.program;

import dev.triptych.program.call.SinkhornCalls.MatchedRows;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumns;
import dev.triptych.program.call.SinkhornCalls.NormalizeColumnsGradient;
import dev.triptych.program.call.SinkhornCalls.NormalizeRows;
import dev.triptych.program.call.SinkhornCalls.NormalizeRowsGradient;
import dev.triptych.program.call.SinkhornCalls.SinkhornStart;
import dev.triptych.program.call.SinkhornCalls.SinkhornStartGradient;
import dev.triptych.program.call.SinkhornCalls.TransportColumns;
import dev.triptych.program.call.SinkhornCalls.TransportCost;
import dev.triptych.program.call.SinkhornCalls.TransportPlan;
import dev.triptych.program.call.SinkhornCalls.TransportRows;
/// Sinkhorn assignments and the optimal-transport matching of token sets.
public interface AssignmentOperations extends Recording {
    /// m = exp(scale x + 50 - column maximum), the maximum held constant by the adjoint. x (n, c).
    default Tensor sinkhornStart(Tensor x, float scale) {
        int n = x.rows();
        int c = x.columns();
        Tensor m = result("sinkhornStart", new Tensor[]{x}, n, c);
        return operation("sinkhornStart", m, x).launch(12 * x.size(), new SinkhornStart(x, m, n, c, scale))
                .adjoint((dm, to) -> to.gradient(x,
                        dx -> to.launch(2 * dx.size(), new SinkhornStartGradient(m, dm, dx, m.count(), scale))));
    }

    /// y = m / (column sum + eps)^power. m (n, c).
    default Tensor normalizeColumns(Tensor m, float eps, float power) {
        int n = m.rows();
        int c = m.columns();
        Tensor y = result("normalizeColumns", new Tensor[]{m}, n, c);
        return operation("normalizeColumns", y, m).launch(2 * m.size(), new NormalizeColumns(m, y, n, c, eps, power))
                .adjoint((dy, to) -> to.gradient(m,
                        dm -> to.launch(5 * m.size(), new NormalizeColumnsGradient(m, dy, dm, n, c, eps, power))));
    }

    /// y = m / (row sum + eps). m (n, c).
    default Tensor normalizeRows(Tensor m, float eps) {
        int n = m.rows();
        int c = m.columns();
        Tensor y = result("normalizeRows", new Tensor[]{m}, n, c);
        return operation("normalizeRows", y, m).launch(2 * m.size(), new NormalizeRows(m, y, n, c, eps))
                .adjoint((dy, to) -> to.gradient(m,
                        dm -> to.launch(5 * m.size(), new NormalizeRowsGradient(m, dy, dm, n, c, eps))));
    }

    /// Euclidean distances of every view's tokens to its image's tokens; no gradient.
    /// pred (views * images, tokens, d), target (images, tokens, d): (views * images, tokens, tokens).
    default Tensor transportCost(Tensor pred, Tensor target) {
        int sets = pred.side(0);
        int tokens = pred.side(1);
        int d = pred.side(2);
        int views = sets / target.side(0);
        Recording.expect("transportCost", target, sets / views, tokens, d);
        Tensor cost = activation("transport.cost", false, sets, tokens, tokens);
        return operation("transportCost", cost, pred, target)
                .launch(3L * cost.size() * d, new TransportCost(pred, target, cost, sets, tokens, d, views))
                .withoutAdjoint();
    }

    /// The entropic transport plan after a number of iterations from zero potentials; no gradient. cost (sets, k, k).
    default Tensor transportPlan(Tensor cost, float eps, int iterations) {
        int sets = cost.side(0);
        int tokens = cost.side(1);
        Tensor u = constant("transport.u0", new float[sets * tokens], sets, tokens);
        Tensor v = constant("transport.v0", new float[sets * tokens], sets, tokens);
        long flops = 15 * cost.size();
        for (int i = 0; i < iterations; i++) {
            Tensor nextU = activation("transport.u", false, sets, tokens);
            operation("transportRows", nextU, cost, v).launch(flops, new TransportRows(cost, v, nextU, sets,
                    tokens, eps)).withoutAdjoint();
            Tensor nextV = activation("transport.v", false, sets, tokens);
            operation("transportColumns", nextV, cost, nextU).launch(flops, new TransportColumns(cost, nextU,
                    nextV, sets, tokens, eps)).withoutAdjoint();
            u = nextU;
            v = nextV;
        }
        Tensor plan = activation("transport.plan", false, cost.shape());
        return operation("transportPlan", plan, cost, u, v)
                .launch(flops, new TransportPlan(cost, u, v, plan, sets, tokens, eps)).withoutAdjoint();
    }

    /// For every token of every view, the row of the target that its plan favours. plan (sets, k, k): (sets k).
    default Tensor matchedRows(Tensor plan, int views) {
        int sets = plan.side(0);
        int tokens = plan.side(1);
        if (sets % views != 0) {
            throw new IllegalArgumentException(
                    "matchedRows: " + sets + " sets of " + plan + " are not " + views + " views of each image");
        }
        Tensor rows = integerActivation("matched", sets * tokens);
        return operation("matchedRows", rows, plan)
                .launch(plan.size(), new MatchedRows(plan, rows, sets, tokens, views))
                .withoutAdjoint();
    }
}
