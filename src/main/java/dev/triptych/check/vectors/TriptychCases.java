package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.KoleoCalls.KoleoNearest;
import dev.triptych.triptych.AcrossViews;
import dev.triptych.triptych.PaintedEcho;
import dev.triptych.triptych.Triptych;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Triptych's whole loss with its gradients, with each of its parts on or off.
final class TriptychCases {
    static final List<Family> ALL = List.of(new Family("whole loss",
            c -> c.data().hyper().get("sections") instanceof List<?> && c.has("inputs.image"), TriptychCases::whole));

    /// What the cases call the terms.
    private static final Map<String, String> TERMS = Map.of("token messages", "bce_tokens", "cls messages", "bce_cls",
            "token rate", "rate_tokens", "cls rate", "rate_cls", "masked koleo", "koleo_masked");
    private static final String OUT = "intermediates.";
    /// Pairs of a teacher's and a student's view.
    private static final int PAIRS = 4;
    private static final int VIEWS = 3;

    private TriptychCases() {
    }

    private static void whole(Comparison c) {
        var model = new TriptychModel(c);
        var p = new Program("objective", model.state()).makingAll();
        Triptych.Objective o = model.triptych().objective(p, model.views());
        Gradients gradients = p.gradient(o.loss().total());
        int[] codes = model.codes();
        HostSession session = model.bind(p);
        model.feed(session, o.inputs(), codes);
        session.run(p);
        o.loss().terms().forEach(term -> {
            c.give("losses." + TERMS.getOrDefault(term.name(), term.name()), session.value(term.value()));
            if (term.weight() != model.weight(weight(term.name()))) {
                c.fail("the weight of " + term.name() + " is " + term.weight());
            }
        });
        c.give("losses.total", session.value(o.loss().total()));
        gradients(c, model, session, gradients);
        view(c, model, session, o, codes);
        masked(c, session, o);
        across(c, session, o);
        echo(c, model, session, o.echo());
        nearest(c, model, session, p, o);
    }

    /// The weight that a term has in a case.
    private static String weight(String term) {
        return term.endsWith("messages")
                ? "messages"
                : term.endsWith("rate") ? "rate" : TERMS.getOrDefault(term, term);
    }

    private static void gradients(Comparison c, TriptychModel model, HostSession session, Gradients gradients) {
        model.state().parameters().forEach((name, parameter) -> {
            Tensor gradient = gradients.of(parameter);
            // a parameter that the loss does not reach has no gradient here, and zeros in a case
            float[] values = gradient == null ? new float[parameter.count()] : session.download(gradient);
            List<String> theirs = TriptychModel.theirs(name);
            int n = values.length / theirs.size();
            for (int i = 0; i < theirs.size(); i++) {
                c.give("grads.params." + theirs.get(i), Arrays.copyOfRange(values, i * n, (i + 1) * n));
            }
        });
    }

    private static void view(Comparison c, TriptychModel model, HostSession session, Triptych.Objective o,
            int[] codes) {
        c.give(OUT + "cls", session.download(o.whole().cls()));
        c.give(OUT + "D", session.download(o.whole().dense()));
        c.give(OUT + "S", session.download(o.whole().factors().sparse()));
        c.give(OUT + "L", session.download(o.whole().factors().localization()));
        c.give(OUT + "Z", session.download(o.whole().factors().lowRank()));
        if (codes != null) {
            c.give(OUT + "codes", codes);
        }
        if (o.whole().decoding() == null) {
            return;
        }
        float[] prediction = session.download(o.whole().decoding().prediction());
        var e = model.settings().encoder();
        if (codes != null) {
            c.give(OUT + "logits", prediction);
        } else {
            c.give(OUT + "x_hat", AxisOrder.images(prediction, o.views().batch(), 3, e.grid(), e.grid(), e.patch()));
        }
    }

    private static void masked(Comparison c, HostSession session, Triptych.Objective o) {
        if (o.masked() == null) {
            return;
        }
        c.give(OUT + "masked.cls", session.download(o.masked().cls()));
        c.give(OUT + "masked.S", session.download(o.masked().sparse()));
        c.give(OUT + "masked.D_visible", session.download(o.masked().visible()));
        c.give(OUT + "masked.D", session.download(o.masked().dense()));
        c.give(OUT + "masked.L", session.download(o.masked().factors().localization()));
        c.give(OUT + "masked.Z", session.download(o.masked().factors().lowRank()));
        c.give(OUT + "masked.logits", session.download(o.masked().logits()));
        c.excuse("draws\\.dropped_masked");
    }

    private static void across(Comparison c, HostSession session, Triptych.Objective o) {
        if (o.taught() == null) {
            return;
        }
        AcrossViews.Aligned a = o.aligned();
        AcrossViews.Taught t = o.taught();
        int n = o.views().batch();
        int global = 2 * n * a.sparse().side(1) * a.sparse().columns();
        int d = a.cls().columns();
        c.give(OUT + "global.S", Arrays.copyOf(session.download(a.sparse()), global));
        float[] cls = session.download(a.cls());
        c.give(OUT + "global.cls", Arrays.copyOf(cls, 2 * n * d));
        if (c.has(OUT + "local.cls")) {
            c.give(OUT + "local.cls", Arrays.copyOfRange(cls, 2 * n * d, cls.length));
        }
        c.give(OUT + "token_logits", session.download(a.tokenLogits()));
        c.give(OUT + "cls_logits", session.download(a.clsLogits()));
        c.give(OUT + "teacher.S", session.download(t.sparse()));
        c.give(OUT + "teacher.cls", session.download(t.cls()));
        c.give(OUT + "teacher.token_logits", session.download(t.tokenLogits()));
        c.give(OUT + "teacher.cls_logits", session.download(t.clsLogits()));
        c.give(OUT + "token_messages", session.download(t.targets().tokens()));
        c.give(OUT + "cls_messages", session.download(t.targets().cls()));
        c.give(OUT + "token_pairs", pairs(VIEWS));
        c.give(OUT + "cls_pairs", pairs(a.clsLogits().side(0)));
        int k = a.sparse().side(1);
        float[] plan = session.download(t.matches().plan());
        int[] rows = session.downloadIntegers(t.matches().rows());
        float[] plans = AxisOrder.pick(plan, plan.length, i -> set(i / (k * k), n) * k * k + i % (k * k));
        int[] matches = new int[rows.length];
        Arrays.setAll(matches, i -> rows[set(i / k, n) * k + i % k] % k);
        c.give(OUT + "plan", plans);
        c.give(OUT + "match_idx", matches);
    }

    /// The set of pair i / n of the list (q, v), image i mod n, among sets (q, image, partner).
    private static int set(int i, int n) {
        int pair = i / n;
        return (pair / (PAIRS / 2) * n + i % n) * (PAIRS / 2) + pair % (PAIRS / 2);
    }

    /// (q, v) for both views of the teacher and all others of the student.
    private static int[] pairs(int views) {
        int[] pairs = new int[4 * (views - 1)];
        int at = 0;
        for (int q = 0; q < 2; q++) {
            for (int v = 0; v < views; v++) {
                if (v != q) {
                    pairs[at++] = q;
                    pairs[at++] = v;
                }
            }
        }
        return pairs;
    }

    private static void echo(Comparison c, TriptychModel model, HostSession session, PaintedEcho.Contrasted e) {
        if (e == null) {
            return;
        }
        String out = OUT + "echo.";
        int[] drawn = session.downloadIntegers(e.echo().codes());
        c.give(out + "codes", drawn);
        c.give(out + "kept_codes", session.downloadIntegers(e.echo().kept()));
        c.give(out + "image", picture(c, model, SorcenUnits.cells(session.downloadIntegers(e.painted()),
                model.settings().encoder().patches())));
        c.give(out + "window_cells", TriptychUnits.cells(model.windows(), model.settings().encoder().grid()));
        c.give(out + "teacher_S", session.download(e.teacher()));
        c.give(out + "teacher_pooled", session.download(e.teacherPooled()));
        c.give(out + "teacher_projection", session.download(e.teacherProjection()));
        c.give(out + "pooled", session.download(e.pooled()));
        c.give(out + "projection", session.download(e.projection()));
        c.give(out + "prediction", session.download(e.prediction()));
        for (String head : List.of("proj", "pred", "teacher_proj")) {
            float[] moments = session.download(model.running(head));
            c.give(OUT + head + ".running_mean_after", SorcenModel.column(moments, 0));
            c.give(OUT + head + ".running_var_after", SorcenModel.column(moments, 1));
        }
    }

    /// The codes that were painted, as pictures.
    private static float[] picture(Comparison c, TriptychModel model, int[] codes) {
        var e = model.settings().encoder();
        double[] book = c.doubles("params.codebook");
        int width = 3 * e.patch() * e.patch();
        float[] patches = new float[codes.length * width];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = (float) book[codes[i / width] * width + i % width];
        }
        return AxisOrder.images(patches, codes.length / e.patches(), 3, e.grid(), e.grid(), e.patch());
    }

    /// Which token is nearest to each, of x0 and of the masked views.
    private static void nearest(Comparison c, TriptychModel model, HostSession session, Program p,
            Triptych.Objective o) {
        List<KoleoNearest> calls = p.calls(KoleoNearest.class);
        List<String> names = List.of("koleo", "masked koleo").stream()
                .filter(name -> o.loss().term(name) != null).toList();
        for (int i = 0; i < calls.size(); i++) {
            int[] rows = session.downloadIntegers(calls.get(i).nearest());
            c.give(OUT + (names.get(i).equals("koleo") ? "koleo_neighbour" : "koleo_masked_neighbour"),
                    Arrays.stream(rows).map(row -> row % model.settings().tokens()).toArray());
        }
    }
}
