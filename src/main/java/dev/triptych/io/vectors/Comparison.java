package dev.triptych.io.vectors;

import dev.triptych.io.Dtype;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Compares what a check computes with what a case stores, and sees to it that nothing is left out: a result that is
/// never given, or an input that is never read, is a failure.
public final class Comparison {
    private final VectorCase data;
    private final String precision;
    private final double gradientNorm;
    private final TreeSet<String> waiting = new TreeSet<>();
    private final TreeSet<String> unread = new TreeSet<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<String> computed = new TreeSet<>();

    /// @param data the case
    /// @param precision `float32` or `float64`
    public Comparison(VectorCase data, String precision) {
        this.data = data;
        this.precision = precision;
        this.gradientNorm = data.gradientNorm();
        for (String name : data.tensors().names()) {
            String group = name.replaceFirst("\\..*", "");
            switch (group) {
                case "intermediates", "losses", "grads" -> waiting.add(name);
                case "inputs", "params", "draws" -> unread.add(name);
                default -> failures.add("tensor '" + name + "' is in none of the groups inputs, params, draws,"
                        + " intermediates, losses, grads");
            }
        }
    }

    /// The case.
    public VectorCase data() {
        return data;
    }

    /// Whether the case holds a tensor.
    public boolean has(String tensor) {
        return data.tensors().has(tensor);
    }

    /// Names of the tensors that match an expression.
    public List<String> names(String expression) {
        var pattern = Pattern.compile(expression);
        return data.tensors().names().stream().filter(n -> pattern.matcher(n).matches()).sorted().toList();
    }

    /// The shape of a tensor.
    public int[] shape(String tensor) {
        return data.tensors().shape(tensor);
    }

    /// Whether a tensor holds integers or booleans.
    public boolean isInteger(String tensor) {
        return Stream.of(Dtype.F64, Dtype.F32).noneMatch(data.tensors().dtype(tensor)::equals);
    }

    /// Numbers of an input.
    public double[] doubles(String tensor) {
        unread.remove(tensor);
        return data.tensors().doubles(tensor);
    }

    /// Integers of an input.
    public int[] integers(String tensor) {
        unread.remove(tensor);
        return data.tensors().ints(tensor);
    }

    /// Integers of an input that may be larger than an int.
    public long[] longs(String tensor) {
        unread.remove(tensor);
        return data.tensors().longs(tensor);
    }

    /// Says that inputs may stay unread: they are stored for readers, or belong to parts that the method never runs.
    public void excuse(String expression) {
        names(expression).forEach(unread::remove);
    }

    /// Whether a setting is stated and not null.
    public boolean states(String key) {
        return data.hyper().get(key) != null;
    }

    /// A number among the settings.
    public double hyper(String key) {
        if (data.hyper().get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("hyper." + key + " is " + data.hyper().get(key) + ", expected a number");
    }

    /// A number among the settings, or what stands for it where it is not stated.
    public double hyper(String key, double otherwise) {
        return states(key) ? hyper(key) : otherwise;
    }

    /// A whole number among the settings.
    public int whole(String key) {
        double value = hyper(key);
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException("hyper." + key + " is " + value + ", expected a whole number");
        }
        return (int) value;
    }

    /// A number that only the formulas state, as the first group of an expression, or what stands for it.
    public double stated(String expression, double otherwise) {
        var matcher = Pattern.compile(expression).matcher(data.definitions());
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : otherwise;
    }

    /// Gives a result that was computed.
    public void give(String tensor, float... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        give(tensor, wide);
    }

    /// Gives a result that was computed.
    public void give(String tensor, int... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        give(tensor, wide);
    }

    /// Gives a result that was computed. One that the case does not hold is let go.
    public void give(String tensor, double... values) {
        if (!waiting.remove(tensor)) {
            return;
        }
        double[] expected = data.tensors().doubles(tensor);
        if (expected.length != values.length) {
            failures.add(tensor + " has " + expected.length + " numbers, " + values.length + " were computed");
            return;
        }
        Tolerance tolerance = isInteger(tensor) ? new Tolerance.Bound(0, 0) : data.tolerance(precision, tensor);
        Group group = groups.computeIfAbsent(
                VectorCase.afterOptimizer(tensor) ? "after optimizer" : tensor.replaceFirst("\\..*", ""), Group::new);
        if (tolerance instanceof Tolerance.NotComparable(String reason)) {
            group.skip(reason);
            return;
        }
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(values[i] - expected[i])); // NaN stays
        }
        double allowance = tolerance.allowance(largest, gradientNorm);
        group.add(tensor, values.length, difference == 0 ? 0 : difference / allowance, difference);
        if (!(difference <= allowance)) {
            failures.add(tensor + " is off by " + difference + ", allowed are " + allowance);
        }
    }

    /// Says that something went wrong.
    public void fail(String reason) {
        failures.add(reason);
    }

    /// Notes what is computed for this case: names of operations, and of sections of the specification.
    public void computes(Collection<String> names) {
        computed.addAll(names);
    }

    /// Closes the comparison.
    public VectorReport report(String family) {
        var all = new ArrayList<>(failures);
        waiting.forEach(name -> all.add(name + " is stored, but nothing computes it for the family '" + family + "'"));
        unread.forEach(name -> all.add(name + " is stored, but the family '" + family + "' has no use for it"));
        return new VectorReport(data.path(), data.method(), family, precision,
                groups.values().stream().map(Group::line).toList(), computed, all);
    }

    /// Results of one group, by far and by worst.
    private static final class Group {
        private final String name;
        private int tensors;
        private long numbers;
        private double worst = -1;
        private double difference;
        private String tensor = "";
        private String note = "";

        Group(String name) {
            this.name = name;
        }

        void add(String from, int count, double error, double by) {
            tensors++;
            numbers += count;
            if (!(error <= worst) && !Double.isNaN(worst)) {
                worst = error;
                difference = by;
                tensor = from;
            }
        }

        void skip(String reason) {
            tensors++;
            note = reason;
        }

        VectorReport.Line line() {
            return new VectorReport.Line(name, tensors, numbers, Math.max(0, worst), difference, tensor, note);
        }
    }
}
