package dev.triptych.check.live;

import dev.triptych.program.Tensor;
import java.util.List;

/// The Sinkhorn assignment and the matching by optimal transport.
final class AssignmentLive {
    private AssignmentLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("sinkhornStart", AssignmentLive::sinkhornStart),
                new LiveRow("normalizeColumns", AssignmentLive::normalizeColumns),
                new LiveRow("normalizeRows", AssignmentLive::normalizeRows),
                new LiveRow("transportCost", AssignmentLive::transportCost),
                new LiveRow("transportPlan", AssignmentLive::transportPlan),
                new LiveRow("matchedRows", AssignmentLive::matchedRows));
    }

    private static void sinkhornStart(Live t) {
        float scale = t.number("scale", 1 / 0.3);
        t.agrees(t.program().sinkhornStart(t.variable("x", t.side(), t.side()), scale),
                "torch.exp(scale * x + 50 - torch.amax(scale * x, 0).detach())");
    }

    private static Tensor masses(Live t) {
        int n = t.side();
        int c = t.side();
        return t.trial().variable("m", t.trial().uniform(n * c, 0.1, 2), n, c);
    }

    private static void normalizeColumns(Live t) {
        float eps = t.number("eps", 0.3);
        float power = t.number("power", t.below(2) == 0 ? 1 : 0.3);
        t.agrees(t.program().normalizeColumns(masses(t), eps, power), "m / (m.sum(0) + eps) ** power");
    }

    private static void normalizeRows(Live t) {
        float eps = t.number("eps", 0.3);
        t.agrees(t.program().normalizeRows(masses(t), eps), "m / (m.sum(1, True) + eps)");
    }

    private static void transportCost(Live t) {
        int views = t.count("views", t.side());
        int images = t.side();
        int tokens = t.side();
        int d = t.side();
        t.values(t.program().transportCost(t.fixed("pred", views * images, tokens, d),
                t.fixed("target", images, tokens, d)),
                "torch.cdist(pred, torch.repeat_interleave(target, views, 0), 2., 2)");
    }

    private static void transportPlan(Live t) {
        int sets = t.side();
        int k = t.side();
        float eps = t.number("eps", 0.2);
        int iterations = t.count("iterations", t.side() - 1);
        Tensor cost = t.trial().fixed("cost", t.trial().uniform(sets * k * k, 0, 2), sets, k, k);
        t.values(t.program().transportPlan(cost, eps, iterations), "transport_plan(cost, float(eps), int(iterations))");
    }

    private static void matchedRows(Live t) {
        int views = t.count("views", t.side());
        int k = t.side(2);
        t.decides(t.program().matchedRows(t.fixed("plan", views * t.side(), k, k), views), """
                image = torch.arange(plan.size(0)).floor_divide(views)
                return (plan.argmax(-1) + plan.size(1) * image.unsqueeze(1)).flatten()
                """, """
                best = torch.topk(plan, 2)[0]
                return best[:, :, 0] - best[:, :, 1]
                """);
    }
}
