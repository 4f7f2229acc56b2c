package dev.triptych.check.vectors;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.kernel.Cholesky;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.NormCalls.RowLengths;
import java.util.List;
import java.util.stream.Stream;

/// The parts of BITS, each on its own; whole models are in [BitsCases].
final class BitsUnits {
    private static final String STUDENT = "inputs.student_logits";
    private static final String TEACHER = "inputs.teacher_logits";

    static final List<Family> ALL = Stream.concat(BitsCases.ALL.stream(), Stream.of(
            new Family("rate constants", c -> c.has("inputs.n_N_B"), BitsUnits::constants),
            new Family("coding rate", c -> c.has(STUDENT) && c.has("losses.R0"), BitsUnits::codingRate),
            new Family("objective on logits", c -> c.has(STUDENT) && c.has(TEACHER) && c.has("losses.total"),
                    BitsUnits::objective),
            new Family("bit agreement", c -> c.has(STUDENT) && c.has(TEACHER) && c.has("losses.bce"),
                    BitsUnits::agreement),
            new Family("head", c -> c.has("params.head.fc1.weight") && c.has("inputs.x"), BitsUnits::head)))
            .toList();

    private BitsUnits() {
    }

    private static void agreement(Comparison c) {
        hard(c);
        if (c.states("soft_tau")) {
            var b = new Bench(c);
            Tensor z = new Messages((float) c.hyper("soft_tau")).of(b.program(), b.given(TEACHER));
            b.give("intermediates.soft_targets", z);
            Tensor loss = BitAgreement.BCE.loss(b.program(), b.input(STUDENT), z);
            b.loss("losses.bce_soft", loss);
            b.gradients(loss, "grads.soft.");
            b.run();
        }
        int[] s = c.shape(STUDENT);
        String zeros = "losses.zero_logits_V";
        for (String name : c.names("losses\\.zero_logits_V[0-9]+")) {
            int views = Integer.parseInt(name.substring(zeros.length()));
            var b = new Bench(c);
            Tensor z = Messages.HARD.of(b.program(), b.given(TEACHER));
            Tensor none = b.number("zero", new float[views * s[1] * s[2]], views, s[1], s[2]);
            b.loss(name, BitAgreement.BCE.loss(b.program(), none, z));
            b.run();
        }
    }

    private static void hard(Comparison c) {
        var b = new Bench(c);
        Tensor s = b.input(STUDENT);
        Tensor t = b.given(TEACHER);
        Tensor z = Messages.HARD.of(b.program(), t);
        b.give("intermediates.Z", z);
        pairs(c, b, s, z);
        Tensor loss = BitAgreement.BCE.loss(b.program(), s, z);
        b.loss("losses.bce", loss);
        b.gradients(loss, "grads.");
        b.run();
    }

    /// The pairs in order, teacher views outermost, and the mean of each. One teacher view and its own student view are
    /// no pair, so that two copies of a student view leave the loss of the second.
    private static void pairs(Comparison c, Bench b, Tensor s, Tensor z) {
        Program p = b.program();
        int[] pairs = new int[2 * BitAgreement.pairs(s.side(0), z.side(0))];
        Tensor[] means = new Tensor[pairs.length / 2];
        int at = 0;
        for (int q = 0; q < z.side(0); q++) {
            for (int v = 0; v < s.side(0); v++) {
                if (v != q) {
                    Tensor twice = p.concat(p.slice(s, v, 1), p.slice(s, v, 1));
                    Tensor loss = BitAgreement.BCE.loss(p, twice, p.slice(z, q, 1));
                    means[at] = p.reshape(loss, 1);
                    pairs[2 * at] = q;
                    pairs[2 * at + 1] = v;
                    at++;
                }
            }
        }
        b.give("intermediates.pair_means", p.concat(means));
        c.give("intermediates.pairs", pairs);
    }

    private static void objective(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor s = b.input(STUDENT);
        Tensor t = b.given(TEACHER);
        Tensor z = Messages.HARD.of(p, t);
        b.give("intermediates.Z", z);
        pairs(c, b, s, z);
        Tensor bce = BitAgreement.BCE.loss(p, s, z);
        Tensor rate = new CodingRate((float) c.hyper("e"), false, false).loss(p, s, t);
        Tensor total = p.addScaled(bce, 1f, rate, (float) c.hyper("beta"));
        b.loss("losses.bce", bce);
        b.loss("losses.rate", rate);
        b.loss("losses.total", total);
        b.gradients(bce, "grads.bce.");
        b.gradients(rate, "grads.rate.");
        b.gradients(total, "grads.total.");
        b.run();
    }

    private static void codingRate(Comparison c) {
        float e = (float) c.hyper("e");
        int[] shape = c.shape(STUDENT);
        int n = shape[1];
        int bits = shape[2];
        double alpha = CodingRate.alpha(n, bits, c.hyper("e"));
        var plain = new CodingRate(e, false, false);
        var b = new Bench(c);
        Program p = b.program();
        Tensor s = b.input(STUDENT);
        Tensor rate = plain.loss(p, s, s);
        b.loss("losses.rate", rate);
        b.gradients(rate, "grads.rate.");
        b.run();
        for (int v = 0; v < shape[0]; v++) {
            view(c, v, n, bits, alpha);
        }
        one(c, plain, "R0");
        one(c, new CodingRate(e, true, false), "R0_centred");
        if (c.has(TEACHER + "0")) {
            one(c, new CodingRate(e, false, true), "R0_mixed");
        }
        equalRows(c, plain, n, bits);
        c.give("losses.R_upper_bound", CodingRate.largest(n, bits, alpha));
    }

    /// R of the first view, whose gradient is zero for the others.
    private static void one(Comparison c, CodingRate rate, String name) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor s = b.input(STUDENT);
        Tensor t = rate.teacherInRate()
                ? b.given(TEACHER + "0", 1, s.side(1), s.side(2))
                : b.number("no teacher", new float[s.side(1) * s.side(2)], 1, s.side(1), s.side(2));
        Tensor r = p.reshape(rate.rates(p, s, t));
        b.loss("losses." + name, r);
        b.gradients(r, "grads." + name + ".");
        b.run();
    }

    private static void equalRows(Comparison c, CodingRate rate, int n, int bits) {
        var b = new Bench(c);
        float[] rows = new float[n * bits];
        double[] logits = c.doubles(STUDENT);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) logits[i % bits];
        }
        Tensor s = b.number("equal", rows, 1, n, bits);
        b.loss("losses.R_identical_rows", b.program().reshape(rate.rates(b.program(), s, s)));
        b.run();
    }

    /// U of a view, dR/dU, both matrices, and R by each of them.
    private static void view(Comparison c, int v, int n, int bits, double alpha) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = p.slice(b.given(STUDENT), v, 1);
        Tensor unit = p.normalizeLength(x, 1e-12f);
        b.give("intermediates.U" + v, unit);
        b.give("intermediates.norm" + v, b.call(RowLengths.class).length());
        b.run();
        float[] u = b.numbers(unit);

        var r = new Bench(c);
        Tensor rows = r.program().differentiableInput("U", 1, n, bits);
        Tensor rate = r.program().reshape(r.program().codingRate(rows, (float) alpha));
        r.loss("losses.R" + v, rate);
        r.give("intermediates.dR_dU" + v, r.program().gradient(rate).of(rows));
        r.upload(rows, u);
        r.run();

        float[] wide = gram(u, n, bits, alpha, false);
        float[] tall = gram(u, n, bits, alpha, true);
        c.give("intermediates.gram_n" + v, wide);
        c.give("intermediates.gram_B" + v, tall);
        c.give("losses.R" + v + "_via_B_form", halfLogDeterminant(tall, bits));
    }

    /// I + alpha U U^T, or I + alpha U^T U.
    private static float[] gram(float[] u, int n, int bits, double alpha, boolean transposed) {
        int side = transposed ? bits : n;
        int inner = transposed ? n : bits;
        float[] gram = new float[side * side];
        for (int i = 0; i < gram.length; i++) {
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                int a = i / side;
                int o = i % side;
                sum += transposed
                        ? (double) u[k * bits + a] * u[k * bits + o]
                        : (double) u[a * bits + k] * u[o * bits + k];
            }
            gram[i] = (float) ((i / side == i % side ? 1 : 0) + alpha * sum);
        }
        return gram;
    }

    private static float halfLogDeterminant(float[] gram, int side) {
        float[] factor = new float[gram.length];
        float[] sum = new float[1];
        Cholesky.cholesky(gram, 0, factor, 0, 1, side);
        Cholesky.choleskyLogDiagonal(factor, 0, sum, 0, 1, side);
        return sum[0];
    }

    /// For each row (n, N, B): alpha, gamma, max R, max gamma R and gamma R at collapse, for N devices that each rate n
    /// rows of their own.
    private static void constants(Comparison c) {
        int[] rows = c.integers("inputs.n_N_B");
        double e = c.hyper("e", c.stated("\\be=([0-9.]*[0-9])", 0.05));
        double[] table = new double[rows.length / 3 * 5];
        for (int i = 0; i < rows.length / 3; i++) {
            int n = rows[3 * i];
            int all = n * rows[3 * i + 1];
            int bits = rows[3 * i + 2];
            double alpha = CodingRate.alpha(all, bits, e);
            double gamma = CodingRate.gamma(all, bits);
            double largest = CodingRate.largest(n, bits, alpha);
            table[5 * i] = alpha;
            table[5 * i + 1] = gamma;
            table[5 * i + 2] = largest;
            table[5 * i + 3] = gamma * largest;
            table[5 * i + 4] = gamma * CodingRate.smallest(n, alpha);
        }
        c.give("intermediates.alpha_gamma_maxR_maxgR_collapsed", table);
    }

    private static void head(Comparison c) {
        var b = new Bench(c);
        Tensor x = b.input("inputs.x");
        int[] hidden = c.shape("params.head.fc1.weight");
        int[] last = c.shape("params.head.fc3.weight");
        var head = new BitsHead(Scope.of(b.state()).in("head"), hidden[1],
                new BitsHead.Settings(hidden[0], last[0], 1f, false));
        b.state().parameters().forEach((name, tensor) -> b.adopt("params." + name, tensor));
        Tensor logits = head.logits(b.program(), x);
        List<Tensor> layers = b.program().calls(Linear.class).stream().map(Linear::y).toList();
        for (int i = 0; i < layers.size(); i++) {
            b.give("intermediates.fc" + (i + 1), layers.get(i));
        }
        b.differentiate("dot", b.dot(logits, "inputs.upstream"));
        b.run();
    }
}
