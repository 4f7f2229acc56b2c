package dev.triptych.check;

import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.util.List;

/// Rows of the updates. The loss of their samples is the sum of p w, whose gradient is w.
final class UpdateRows {
    private static final AdamW TOGETHER = new AdamW(0.9, 0.95, 1e-8f, 0.5f, false);
    private static final AdamW EACH = new AdamW(0.9, 0.999, 1e-6f, 2f, true);
    private static final AdamW FREE = new AdamW(0.8, 0.99, 1e-8f, 0f, false);

    private UpdateRows() {
    }

    static List<OperationRow> rows() {
        return List.of(adamw(), emaUpdate(), emaOfParameter());
    }

    private static OperationRow adamw() {
        return OperationRow.of("adamw").values("clipped together", (t, p) -> step(t, TOGETHER))
                .values("clipped each", (t, p) -> step(t, EACH)).values("not clipped", (t, p) -> step(t, FREE))
                .values("the norm of all", (t, p) -> norms(t, TOGETHER))
                .values("the norm of each", (t, p) -> norms(t, EACH))
                .refused("rates for other tensors", "adamw: rates(2, 4) given where shape (3, 4)", (t, p) -> {
                    var gradients = t.differentiate(t.weigh(three(t)));
                    return p.adamw(FREE, gradients, t.fixed("rates", 2, 4));
                });
    }

    // three parameters, the second larger than a block of the update
    private static Tensor three(Trial t) {
        return t.program().concat(t.parameter("a", 3), t.parameter("b", 5000), t.parameter("c", 1));
    }

    private static Sample.Expected step(Trial t, AdamW settings) {
        Tensor y = three(t);
        Tensor loss = t.weigh(y);
        float[] rates = {0.1f, 0f, 0.1f, 0.2f, 0.01f, 0.001f, 0.3f, 0.4f, 1f, 0.5f, 1f, 1f};
        t.program().adamw(settings, t.differentiate(loss), t.fixed("rates", rates, 3, 4));
        float[] g = t.values(t.program().inputs().get("weight of " + y.name()));
        Tensor b = t.state().parameter("b");
        float[] p = t.values(b);
        double norm = settings.perTensor() ? norm(g, 3, 5003) : norm(g, 0, 5004);
        double factor = settings.clip() > 0 ? Math.min(1, settings.clip() / (norm + 1e-6)) : 1;
        double[] expected = new double[5000];
        for (int i = 0; i < expected.length; i++) {
            double gradient = g[3 + i] * factor;
            double m = (1 - settings.beta1()) * gradient;
            double v = (1 - settings.beta2()) * gradient * gradient;
            expected[i] = p[i] - (double) rates[5] * p[i]
                    - rates[4] * (m / rates[6]) / (Math.sqrt(v / rates[7]) + settings.eps());
        }
        return new Sample.Expected(b, expected);
    }

    private static Sample.Expected norms(Trial t, AdamW settings) {
        Tensor y = three(t);
        Tensor loss = t.weigh(y);
        Tensor norm = t.program().adamw(settings, t.differentiate(loss), t.fixed("rates", 3, 4));
        float[] g = t.values(t.program().inputs().get("weight of " + y.name()));
        double[] each = {norm(g, 0, 3), norm(g, 3, 5003), norm(g, 5003, 5004)};
        return new Sample.Expected(norm, settings.perTensor() ? each : new double[]{norm(g, 0, 5004)});
    }

    private static double norm(float[] g, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) g[i] * g[i];
        }
        return Math.sqrt(sum);
    }

    private static OperationRow emaUpdate() {
        return OperationRow.of("emaUpdate").values("a neighbour", (t, p) -> average(t, "b"))
                .values("behind a gap", (t, p) -> average(t, "d"))
                .values("a parameter that is not named stays", (t, p) -> average(t, "c"))
                .refused("a parameter without teacher", "emaUpdate: parameter a(3) has no teacher", (t, p) -> {
                    Tensor a = t.parameter("a", 3);
                    p.emaUpdate(List.of(a), t.fixed("momentum", 1));
                    return a;
                })
                .refused("two momenta", "emaUpdate: momentum(2)", (t, p) -> {
                    Tensor a = t.parameter("a", 3);
                    t.state().teacher("a");
                    p.emaUpdate(List.of(a), t.fixed("momentum", 2));
                    return a;
                });
    }

    private static Sample.Expected average(Trial t, String name) {
        List<Tensor> all = List.of(t.parameter("a", 3), t.parameter("b", 17), t.parameter("c", 2), t.parameter("d", 5));
        all.forEach(p -> t.upload(t.state().teacher(p.name()), t.gaussian(p.count())));
        t.program().emaUpdate(List.of(all.get(3), all.get(0), all.get(1)), t.fixed("momentum", new float[]{0.75f}, 1));
        Tensor teacher = t.state().teacher(name);
        float[] old = t.values(teacher);
        float[] student = t.values(t.state().parameter(name));
        double[] expected = new double[old.length];
        for (int i = 0; i < old.length; i++) {
            expected[i] = name.equals("c") ? old[i] : 0.75 * old[i] + 0.25 * student[i];
        }
        return new Sample.Expected(teacher, expected);
    }

    private static OperationRow emaOfParameter() {
        return OperationRow.of("emaOfParameter").values("three quarters", (t, p) -> {
            Tensor student = t.parameter("student", 2, 3);
            Tensor average = t.parameter("average", 2, 3);
            p.emaOfParameter(student, average, t.fixed("momentum", new float[]{0.75f}, 1));
            double[] expected = new double[6];
            for (int i = 0; i < 6; i++) {
                expected[i] = 0.75 * t.values(average)[i] + 0.25 * t.values(student)[i];
            }
            return new Sample.Expected(average, expected);
        }).refused("shapes that differ", "emaOfParameter: average(3, 2)", (t, p) -> {
            Tensor student = t.parameter("student", 2, 3);
            p.emaOfParameter(student, t.parameter("average", 3, 2), t.fixed("momentum", 1));
            return student;
        });
    }
}
