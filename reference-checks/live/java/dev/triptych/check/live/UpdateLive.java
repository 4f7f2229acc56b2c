package dev.triptych.check.live;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import java.util.List;

/// The updates of state.
final class UpdateLive {
    private UpdateLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("adamw", UpdateLive::adamw), new LiveRow("emaUpdate", UpdateLive::emaUpdate),
                new LiveRow("emaOfParameter", UpdateLive::emaOfParameter));
    }

    /// Step number `steps` of two parameters, from moments of zero; the gradient of a and b is w.
    private static void adamw(Live t) {
        int n = t.side();
        int m = 4095 + t.side(); // about a block of the update
        Program p = t.program();
        Tensor a = t.parameter("a", n);
        Tensor b = t.parameter("b", m);
        Tensor dots = p.rowDots(p.reshape(p.concat(a, b), 1, n + m), t.fixed("w", 1, n + m));
        double lr = 0.01;
        double decay = 0.1;
        double beta1 = 0.9;
        double beta2 = 0.95;
        int steps = t.count("steps", t.side());
        double first = 1 - Math.pow(beta1, steps);
        double second = 1 - Math.pow(beta2, steps);
        float[] rates = {(float) lr, (float) (lr * decay), (float) first, (float) second, (float) lr,
                (float) (lr * decay), (float) first, (float) second};
        float clip = t.number("clip", t.side());
        boolean each = t.count("each", t.below(2)) == 1;
        Tensor norms = p.adamw(new AdamW(beta1, beta2, 1e-8f, clip, each),
                t.trial().differentiate(p.scaledSum(dots, 1f)), t.trial().fixed("rates", rates, 2, 4));
        String gradients = """
                ga = w[0, :a.size(0)]
                gb = w[0, a.size(0):]
                norms = torch.stack([torch.norm(ga), torch.norm(gb)])
                norms = norms if bool(each == 1) else torch.norm(w).expand(2)
                limit = torch.clamp_max(clip / (norms + 1e-6), 1.)
                """;
        t.values(norms, gradients + "return norms[:1 + int(each)]");
        t.values(a, gradients + "return adamw(a, ga * limit[0], steps)");
        t.values(b, gradients + "return adamw(b, gb * limit[1], steps)");
    }

    private static void emaUpdate(Live t) {
        Tensor a = t.parameter("a", t.side(), t.side());
        Tensor b = t.parameter("b", t.side());
        Tensor c = t.parameter("c", 16 * t.side());
        for (Tensor student : List.of(a, b, c)) {
            t.trial().upload(t.trial().state().teacher(student.name()), t.trial().gaussian(student.count()));
        }
        t.program().emaUpdate(List.of(a, c), t.trial().fixed("momentum", new float[]{0.75f}, 1));
        t.values(t.trial().state().teacher("a"), "torch.lerp(a, p[\"teacher.a\"], momentum)");
        t.values(t.trial().state().teacher("b"), "p[\"teacher.b\"]");
        t.values(t.trial().state().teacher("c"), "torch.lerp(c, p[\"teacher.c\"], momentum)");
    }

    private static void emaOfParameter(Live t) {
        int n = t.side();
        int d = t.side();
        Tensor average = t.parameter("average", n, d);
        t.program().emaOfParameter(t.parameter("student", n, d), average,
                t.trial().fixed("momentum", new float[]{0.75f}, 1));
        t.values(average, "torch.lerp(student, average, momentum)");
    }
}
