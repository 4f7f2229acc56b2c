package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.kernel.Linear;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// The matrix products. Partial sums of k products of normal numbers grow as sqrt(k), and so does the number of their
/// roundings in effect: tolerances grow as k.
public abstract class LinearContract extends KernelContract {
    private static double tolerance(int k) {
        return 5e-6 + 1e-7 * k;
    }

    @Property(tries = 40)
    void linear(@ForAll long seed, @ForAll("size") int n, @ForAll("size") int in, @ForAll("side") int out) {
        agreesLinear(seed, n, in, out);
    }

    @Property(tries = 40)
    void product(@ForAll long seed, @ForAll @IntRange(max = 5) int b, @ForAll("side") int n, @ForAll("size") int k,
            @ForAll("side") int m) {
        agreesBatched(seed, "product", b, n, k, m);
    }

    @Property(tries = 40)
    void productTransposed(@ForAll long seed, @ForAll @IntRange(max = 5) int b, @ForAll("side") int n,
            @ForAll("size") int k, @ForAll("side") int m) {
        agreesBatched(seed, "productTransposed", b, n, k, m);
    }

    @Property(tries = 40)
    void transposedProduct(@ForAll long seed, @ForAll @IntRange(max = 5) int b, @ForAll("side") int n,
            @ForAll("size") int k, @ForAll("side") int m) {
        agreesBatched(seed, "transposedProduct", b, n, k, m);
    }

    @Example
    void largerThanEveryBlock() {
        agreesLinear(1, 301, 805, 129);
        agreesLinear(1, 5, 2000, 900);
        agreesBatched(2, "transposedProduct", 1, 61, 20_000, 53);
        agreesBatched(3, "transposedProduct", 1, 301, 1201, 837);
        agreesBatched(4, "product", 1, 40, 1100, 1000);
        agreesBatched(5, "productTransposed", 2, 150, 390, 1000);
    }

    private void agreesLinear(long seed, int n, int in, int out) {
        agrees(tolerance(in), new KernelCase(seed, Linear.class, "linear").normal(n * in).normal(out * in).normal(out)
                .output(n * out).sizes(n, in, out));
    }

    private void agreesBatched(long seed, String kernel, int b, int n, int k, int m) {
        agrees(tolerance(k), new KernelCase(seed, Linear.class, kernel).normal(b * n * k).normal(b * k * m)
                .output(b * n * m).sizes(b, n, k, m));
    }
}
