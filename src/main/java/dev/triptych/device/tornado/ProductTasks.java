package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.device.tornado.Unit.Task;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.program.call.LinearCalls.Product;
import dev.triptych.program.call.LinearCalls.ProductTransposed;
import dev.triptych.program.call.LinearCalls.TransposedProduct;
import dev.triptych.program.call.ReduceCalls.ColumnPartialSums;
import dev.triptych.program.call.ReduceCalls.CombineColumns;
import java.util.List;

/// Products, alone and with what is done to their results, as tasks of [GroupProducts].
final class ProductTasks {
    /// A product Y_b (n x m) = A_b C_b with inner side k.
    ///
    /// @param form one of those of [GroupProducts]
    private record Factors(Tensor a, Tensor c, Tensor y, int b, int n, int k, int m, int form) {
        static Factors of(Linear l) {
            return new Factors(l.x(), l.w(), l.y(), 1, l.n(), l.in(), l.out(), GroupProducts.ROWS_ROWS);
        }

        static Factors of(Product p) {
            return new Factors(p.a(), p.c(), p.y(), p.b(), p.n(), p.k(), p.m(), GroupProducts.ROWS_COLUMNS);
        }

        boolean fits() {
            return b > 0 && ProductTile.fits(n, k, m);
        }
    }

    private ProductTasks() {
    }

    /// One of the four products.
    static Unit product(Window w) {
        return switch (w.call(0)) {
            case Linear c -> alone(w, Factors.of(c), c.bias());
            case Product c -> alone(w, Factors.of(c), null);
            case ProductTransposed c -> alone(w, new Factors(c.a(), c.c(), c.y(), c.b(), c.n(), c.k(), c.m(),
                    GroupProducts.ROWS_ROWS), null);
            case TransposedProduct c ->
                c.b() == 1 && c.k() >= 2 * GroupProducts.PART && ProductTile.fits(c.n(), c.k(), c.m())
                        ? inParts(w, c, null)
                        : alone(w, new Factors(c.a(), c.c(), c.y(), c.b(), c.n(), c.k(), c.m(),
                                GroupProducts.COLUMNS_COLUMNS), null);
            default -> null;
        };
    }

    private static Unit alone(Window w, Factors f, Tensor bias) {
        if (f.fits()) {
            return tiled(w, w.call(0).kernel().name(), f, bias == null ? GroupProducts.NOTHING : GroupProducts.BIAS,
                    bias, null, f.y, f.y);
        }
        int biased = bias == null ? 0 : 1;
        Tensor added = bias == null ? f.y : bias;
        int tiles = f.b * ((f.n + GroupKernels.TILE - 1) / GroupKernels.TILE)
                * ((f.m + GroupKernels.TILE - 1) / GroupKernels.TILE);
        int aRow = f.form == GroupProducts.COLUMNS_COLUMNS ? 1 : f.k;
        int aInner = f.form == GroupProducts.COLUMNS_COLUMNS ? f.n : 1;
        int cInner = f.form == GroupProducts.ROWS_ROWS ? 1 : f.m;
        int cColumn = f.form == GroupProducts.ROWS_ROWS ? f.k : 1;
        return Unit.of(w.launches().getFirst(), new Task(w.call(0).kernel().name(), GroupKernels.TILE_LANES, tiles, 0,
                (graph, id, context, a, t) -> graph.task(id, GroupKernels::product, context, a.floats(f.a),
                        a.floats(f.c), a.floats(added), a.floats(f.y), f.n, f.k, f.m, aRow, aInner, cInner, cColumn,
                        biased, t.integers(), t.integer())));
    }

    /// gelu(x W^T + b); what is before the activation is stored too, where somebody else reads it.
    static Unit linearGelu(Window w) {
        if (!(w.call(0) instanceof Linear linear && w.call(1) instanceof Gelu gelu && w.same(linear.y(), gelu.x())
                && Factors.of(linear).fits() && linear.y().arena() == gelu.y().arena())) {
            return null;
        }
        return w.inner(linear.y())
                ? tiled(w, "linearGelu", Factors.of(linear), GroupProducts.GELU, linear.bias(), null, gelu.y(),
                        gelu.y())
                : tiled(w, "linearAndGelu", Factors.of(linear), GroupProducts.AND_GELU, linear.bias(), null,
                        linear.y(), gelu.y());
    }

    /// residual + x W^T + b, or the other way round.
    static Unit linearResidual(Window w) {
        if (!(w.call(0) instanceof Linear linear && w.call(1) instanceof WeightedAdd sum && w.adds(sum, linear.y())
                && Factors.of(linear).fits())) {
            return null;
        }
        Tensor residual = w.same(linear.y(), sum.b()) ? sum.a() : sum.b();
        return tiled(w, "linearResidual", Factors.of(linear), GroupProducts.RESIDUAL, linear.bias(), residual, sum.y(),
                sum.y());
    }

    /// gelu'(x) (dy W).
    static Unit productGeluGradient(Window w) {
        if (!(w.call(0) instanceof Product product && w.call(1) instanceof GeluGradient gelu && product.b() == 1
                && w.same(product.y(), gelu.dy()) && w.inner(product.y()) && Factors.of(product).fits())) {
            return null;
        }
        return tiled(w, "productGeluGradient", Factors.of(product), GroupProducts.GELU_GRADIENT, null, gelu.x(),
                gelu.dx(), gelu.dx());
    }

    /// @param then what is done to the product, one of those of [GroupProducts]
    /// @param bias null where there is none
    /// @param other what it is added to or multiplied by; null where there is nothing
    /// @param y where it goes
    /// @param z where what else is computed goes, in the same array
    private static Unit tiled(Window w, String name, Factors f, int then, Tensor bias, Tensor other, Tensor y,
            Tensor z) {
        ProductTile tile = ProductTile.of(f.b, f.n, f.m);
        Tensor added = bias == null ? y : bias;
        Tensor read = other == null ? y : other;
        return new Unit(w.launches(), List.of(f.a, f.c, added, read, y, z), List.of(), List.of(),
                List.of(new Task(name, tile.lanes(), tile.count(f.b, f.n, f.m), 0,
                        (graph, id, context, a, t) -> graph.task(id, GroupProducts::tiledProduct, context,
                                a.floats(f.a), a.floats(f.c), a.floats(added), a.floats(read), a.floats(y), f.n, f.k,
                                f.m, f.form, tile.rows(), tile.columns(), then, t.integers(), t.integer()))));
    }

    /// dW = dy^T x and db = column sums of dy.
    static Unit weightAndBiasGradient(Window w) {
        if (!(w.call(0) instanceof TransposedProduct product && w.call(1) instanceof ColumnPartialSums partial
                && w.call(2) instanceof CombineColumns combine && product.b() == 1
                && w.same(product.a(), partial.x()) && partial.d() == product.n() && partial.n() == product.k()
                && w.same(partial.part(), combine.part()) && w.inner(partial.part())
                && ProductTile.fits(product.n(), product.k(), product.m())
                && product.y().arena() == combine.y().arena())) {
            return null;
        }
        return inParts(w, product, combine.y());
    }

    /// Many rows make few weights: rows are cut into parts, each of which is summed by groups of its own, and the sums
    /// of the parts are added up by a second task.
    ///
    /// @param sums where the column sums of dy go; null where nobody wants them
    private static Unit inParts(Window w, TransposedProduct p, Tensor sums) {
        var tile = new ProductTile(p.n() >= 128 && (p.n() + 127) / 128 * 128 <= (p.n() + 63) / 64 * 64 ? 128 : 64, 64);
        int tiles = tile.count(1, p.n(), p.m());
        int parts = Math.max(1, Math.min(4 * ProductTile.PROCESSORS / tiles, p.k() / GroupProducts.PART));
        Tensor bias = sums == null ? p.y() : sums;
        int size = p.n() * p.m();
        int all = sums == null ? size : size + p.n();
        List<Tensor> tensors = List.of(p.a(), p.c(), p.y(), bias);
        String name = sums == null ? "weightGradient" : "weightAndBiasGradient";
        var partial = new Task(name, tile.lanes(), tiles * parts, parts == 1 ? 0 : parts * (size + p.n()),
                (graph, id, context, a, t) -> graph.task(id, GroupProducts::weightGradient, context, a.floats(p.a()),
                        a.floats(p.c()), parts == 1 ? a.floats(p.y()) : a.scratch(), p.n(), p.k(), p.m(), tile.rows(),
                        parts, sums == null ? 0 : 1, t.integers(), t.integer()));
        if (parts == 1) {
            return new Unit(w.launches(), tensors, List.of(), List.of(), List.of(partial));
        }
        int lanes = GroupKernels.LANES;
        var sum = new Task("sumParts", lanes, (all + lanes - 1) / lanes, 0,
                (graph, id, context, a, t) -> graph.task(id, GroupProducts::sumParts, context, a.scratch(),
                        a.floats(p.y()), size, all, size + p.n(), parts, t.integers(), t.integer()));
        return new Unit(w.launches(), tensors, List.of(), List.of(), List.of(partial, sum));
    }
}
