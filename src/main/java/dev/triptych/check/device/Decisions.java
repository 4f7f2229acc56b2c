package dev.triptych.check.device;

import dev.triptych.device.Session;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.ChannelCalls.Binarize;
import dev.triptych.program.call.CodesCalls.CandidateCodes;
import dev.triptych.program.call.CodesCalls.SampleCodes;
import dev.triptych.program.call.KoleoCalls.KoleoNearest;
import dev.triptych.program.call.SinkhornCalls.MatchedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The discrete decisions of a step: which token matches which, which neighbour is nearest, which bits are set. A
/// device may decide otherwise only where the numbers that decide are closer than rounding can tell apart.
///
/// @param count how many decisions there are
/// @param flips how many fell otherwise
/// @param margin the largest difference of the deciding numbers among those that fell otherwise in the first launch
///     that decided otherwise (what follows may be its consequence); infinite where it is not known
/// @param where the kernel in which that was; empty without flips
public record Decisions(int count, int flips, double margin, String where) {
    /// What the margin of a flip may be, relative to the largest deciding number.
    static final double BOUND = 1e-5;

    /// Whether all decisions agree, or could not be told apart.
    public boolean passed() {
        return within(BOUND);
    }

    /// Whether all decisions agree, or the numbers that decide differ by no more than that.
    boolean within(double bound) {
        return flips == 0 || margin <= bound;
    }

    /// Whether a launch decides: it writes integers, or bits.
    static boolean isDecision(Launch launch) {
        return launch.output().arena().isInteger() || launch.call() instanceof Binarize;
    }

    /// Compares the decisions of the last step.
    ///
    /// @param expected launches of the plain device's program, whose values in between are all readable
    /// @param found those of the other device's, in the same order
    static Decisions compare(List<Launch> expected, Session plain, List<Launch> found, Session other) {
        int count = 0;
        int flips = 0;
        double margin = 0;
        String where = "";
        for (int i = 0; i < expected.size(); i++) {
            Launch launch = expected.get(i);
            if (!isDecision(launch)) {
                continue;
            }
            float[] one = decided(plain, launch.output());
            float[] two = decided(other, found.get(i).output());
            count += one.length;
            List<Integer> places = different(one, two);
            boolean first = flips == 0;
            flips += places.size();
            for (int j : first ? places : List.<Integer>of()) {
                double m = margin(launch, plain, j, one, two);
                if (m >= margin) {
                    margin = m;
                    where = launch.kernel() + " in '" + launch.section() + "'";
                }
            }
        }
        return new Decisions(count, flips, margin, where);
    }

    private static float[] decided(Session session, Tensor tensor) {
        if (!tensor.arena().isInteger()) {
            return session.download(tensor);
        }
        int[] values = session.downloadIntegers(tensor);
        float[] numbers = new float[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values[i];
        }
        return numbers;
    }

    private static List<Integer> different(float[] one, float[] two) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < one.length; i++) {
            if (one[i] != two[i]) {
                places.add(i);
            }
        }
        return places;
    }

    /// How far apart the numbers are that let decision i fall for one and not for the other.
    private static double margin(Launch launch, Session plain, int i, float[] decided, float[] otherwise) {
        int one = (int) decided[i];
        int other = (int) otherwise[i];
        float[] x = plain.download(launch.tensors().getFirst());
        return switch (launch.call()) {
            case Binarize _ -> Math.abs(x[i]) / largest(x);
            case KoleoNearest c -> {
                int d = c.d();
                yield Math.abs(dot(x, i, one, d) - dot(x, i, other, d)) / dot(x, i, i, d);
            }
            case MatchedRows c -> {
                int tokens = c.tokens();
                yield Math.abs(x[i * tokens + one % tokens] - x[i * tokens + other % tokens])
                        / x[i * tokens + one % tokens];
            }
            case SampleCodes c -> {
                int[] kept = plain.downloadIntegers(c.kept());
                float u = plain.download(c.u())[i];
                double sum = 0;
                int j = i * c.k();
                while (kept[j] != one && kept[j] != other) {
                    sum += x[j++];
                }
                yield Math.abs(u - sum - x[j]);
            }
            case CandidateCodes c -> {
                int k = c.k();
                int row = i / k;
                double gap = 0;
                // the codes that only one of the two keeps: places shift, since codes are kept in ascending order
                for (int a : only(decided, otherwise, row * k, k)) {
                    for (int b : only(otherwise, decided, row * k, k)) {
                        gap = Math.max(gap, Math.abs(x[row * c.c() + a] - x[row * c.c() + b]));
                    }
                }
                yield gap / largest(x);
            }
            default -> Double.POSITIVE_INFINITY;
        };
    }

    /// What a keeps and b does not, of k entries from `at` on.
    private static int[] only(float[] a, float[] b, int at, int k) {
        return IntStream.range(at, at + k).filter(i -> IntStream.range(at, at + k).noneMatch(j -> b[j] == a[i]))
                .map(i -> (int) a[i]).filter(code -> code >= 0).toArray();
    }

    private static double dot(float[] x, int a, int b, int d) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
            sum += (double) x[a * d + j] * x[b * d + j];
        }
        return sum;
    }

    private static double largest(float[] x) {
        double most = Float.MIN_NORMAL;
        for (float v : x) {
            most = Math.max(most, Math.abs(v));
        }
        return most;
    }
}
