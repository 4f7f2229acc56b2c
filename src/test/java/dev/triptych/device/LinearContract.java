package dev.triptych.device;

import dev.triptych.check.device.KernelCase;
import dev.triptych.program.Call;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
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
        agreesBatched(seed, Product::new, b, n, k, m);
    }

    @Property(tries = 40)
    void productTransposed(@ForAll long seed, @ForAll @IntRange(max = 5) int b, @ForAll("side") int n,
            @ForAll("size") int k, @ForAll("side") int m) {
        agreesBatched(seed, ProductTransposed::new, b, n, k, m);
    }

    @Property(tries = 40)
    void transposedProduct(@ForAll long seed, @ForAll @IntRange(max = 5) int b, @ForAll("side") int n,
            @ForAll("size") int k, @ForAll("side") int m) {
        agreesBatched(seed, TransposedProduct::new, b, n, k, m);
    }

    @Example
    void largerThanEveryBlock() {
        agreesLinear(1, 301, 805, 129);
        agreesLinear(1, 5, 2000, 900);
        agreesBatched(2, TransposedProduct::new, 1, 61, 20_000, 53);
        agreesBatched(3, TransposedProduct::new, 1, 301, 1201, 837);
        agreesBatched(4, Product::new, 1, 40, 1100, 1000);
        agreesBatched(5, ProductTransposed::new, 2, 150, 390, 1000);
    }

    private void agreesLinear(long seed, int n, int in, int out) {
        agrees(tolerance(in), KernelCase.of(seed, draw -> new Linear(draw.normal(n * in), draw.normal(out * in),
                draw.normal(out), draw.output(n * out), n, in, out)));
    }

    @FunctionalInterface
    private interface Batched {
        Call call(Tensor a, Tensor c, Tensor y, int b, int n, int k, int m);
    }

    private void agreesBatched(long seed, Batched kernel, int b, int n, int k, int m) {
        agrees(tolerance(k), KernelCase.of(seed, draw -> kernel.call(draw.normal(b * n * k), draw.normal(b * k * m),
                draw.output(b * n * m), b, n, k, m)));
    }
}
