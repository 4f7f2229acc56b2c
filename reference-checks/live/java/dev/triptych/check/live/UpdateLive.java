package dev.triptych.check.live;

import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The updates of state.
final class UpdateLive {
    private UpdateLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("adamw", UpdateLive::adamw), new LiveRow("emaUpdate", UpdateLive::emaUpdate),
                new LiveRow("emaOfParameter", UpdateLive::emaOfParameter));
    }

    /// Three steps from number `steps` on, of two parameters with moments, the gradient of step k being w.k; in some
    /// draws nothing is clipped, or the second gradient has a number that is not finite.
    private static void adamw(Live t) {
        int n = t.side();
        int m = 4095 + t.side(); // about a block of the update
        Program p = t.program();
        Tensor a = t.parameter("a", n);
        Tensor b = t.parameter("b", m);
        for (Tensor parameter : List.of(a, b)) {
            int size = parameter.count();
            t.moments(parameter, Arena.FIRST_MOMENTS, t.trial().gaussian(size));
            t.moments(parameter, Arena.SECOND_MOMENTS, t.trial().uniform(size, 0.01, 1));
        }
        Tensor w = t.fixed("w.0", 1, n + m);
        Tensor second = t.fixed("w.1", 1, n + m);
        Tensor third = t.fixed("w.2", 1, n + m);
        if (t.below(4) == 0) {
            float[] gradient = t.trial().values(second);
            gradient[t.below(n + m)] = t.below(2) == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
            t.trial().upload(second, gradient);
        }
        double beta1 = List.of(0.0, 0.5, 0.9).get(t.below(3));
        double beta2 = List.of(0.5, 0.95, 0.999).get(t.below(3));
        t.number("beta1", beta1);
        t.number("beta2", beta2);
        List<Tensor> rates = rates(t, beta1, beta2);
        float clip = t.number("clip", List.of(0.0, (double) t.side(), 100.0).get(t.below(3)));
        boolean each = t.count("each", t.below(2)) == 1;
        Tensor dots = p.rowDots(p.reshape(p.concat(a, b), 1, n + m), w);
        Tensor norms = p.adamw(new AdamW(beta1, beta2, 1e-8f, clip, each),
                t.trial().differentiate(p.scaledSum(dots, 1f)), rates.getFirst());
        t.again(Map.of(w, second, rates.getFirst(), rates.get(1)));
        t.again(Map.of(w, third, rates.getFirst(), rates.get(2)));
        String after = """
                gradients = [[p[w][0, :a.size(0)], p[w][0, a.size(0):]] for w in ["w.0", "w.1", "w.2"]]
                states = [torch.stack([a, p["first_moments.a"], p["second_moments.a"]]),
                  torch.stack([b, p["first_moments.b"], p["second_moments.b"]])]
                after = adamw(states, gradients, lr, decay, steps, [float(beta1), float(beta2)], clip, each)
                """;
        t.values(norms, after + "return gradient_norms(gradients[2], each)[:1 + int(each)]");
        for (Tensor parameter : List.of(a, b)) {
            String state = after + "return after[" + (parameter == a ? 0 : 1) + "]";
            t.values(parameter, state + "[0]");
            t.values(t.trial().state().mirror(parameter, Arena.FIRST_MOMENTS), state + "[1]");
            t.values(t.trial().state().mirror(parameter, Arena.SECOND_MOMENTS), state + "[2]");
        }
    }

    /// What AdamW reads in each of three steps: (lr, lr * decay, 1 - beta1^t, 1 - beta2^t) of both parameters.
    private static List<Tensor> rates(Live t, double beta1, double beta2) {
        float[] lr = t.trial().uniform(6, 0.01, 0.1);
        float[] decay = t.trial().uniform(6, 0, 1);
        t.trial().fixed("lr", lr, 3, 2);
        t.trial().fixed("decay", decay, 3, 2);
        int steps = t.count("steps", t.side());
        var rates = new ArrayList<Tensor>();
        for (int k = 0; k < 3; k++) {
            float[] rate = new float[8];
            for (int i = 0; i < 2; i++) {
                rate[4 * i] = lr[2 * k + i];
                rate[4 * i + 1] = lr[2 * k + i] * decay[2 * k + i];
                rate[4 * i + 2] = (float) (1 - Math.pow(beta1, steps + k));
                rate[4 * i + 3] = (float) (1 - Math.pow(beta2, steps + k));
            }
            rates.add(t.trial().fixed("rates." + k, rate, 2, 4));
        }
        return rates;
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
