package dev.triptych.program;

import dev.triptych.program.call.ConvolutionCalls.ChannelSums;
import dev.triptych.program.call.ElementwiseCalls.AddRepeated;
import dev.triptych.program.call.ElementwiseCalls.ChannelBias;
import dev.triptych.program.call.ElementwiseCalls.CopyValues;
import dev.triptych.program.call.ElementwiseCalls.Fill;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.ElementwiseCalls.MaskGroups;
import dev.triptych.program.call.ElementwiseCalls.Relu;
import dev.triptych.program.call.ElementwiseCalls.ReluGradient;
import dev.triptych.program.call.ElementwiseCalls.ScaleValues;
import dev.triptych.program.call.ElementwiseCalls.Silu;
import dev.triptych.program.call.ElementwiseCalls.SiluGradient;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import dev.triptych.program.call.ReduceCalls.BroadcastScalar;
import dev.triptych.program.call.ReduceCalls.GroupMeans;
import dev.triptych.program.call.ReduceCalls.GroupMeansGradient;
import dev.triptych.program.call.ReduceCalls.ScaledSum;
import java.util.Arrays;

/// Element by element: sums, masks, ReLU, SiLU, GELU; slices, means and sums of numbers.
public interface ElementwiseOperations extends Recording {
    /// y = a + b.
    default Tensor add(Tensor a, Tensor b) {
        return addScaled(a, 1f, b, 1f);
    }

    /// y = alpha a + beta b, for tensors of one shape.
    default Tensor addScaled(Tensor a, float alpha, Tensor b, float beta) {
        Recording.expect("add", b, a.shape());
        Tensor y = result("add", new Tensor[]{a, b}, a.shape());
        int n = y.count();
        return operation("add", y, a, b).launch(2L * n, new WeightedAdd(a, b, y, n, alpha, beta))
                .adjoint((dy, to) -> {
                    passScaled(to, a, dy, alpha);
                    passScaled(to, b, dy, beta);
                });
    }

    /// y = factor x.
    default Tensor scale(Tensor x, float factor) {
        Tensor y = result("scale", new Tensor[]{x}, x.shape());
        int n = y.count();
        return operation("scale", y, x).launch(n, new ScaleValues(x, y, n, factor))
                .adjoint((dy, to) -> passScaled(to, x, dy, factor));
    }

    private static void passScaled(Gradients.Flow to, Tensor x, Tensor dy, float factor) {
        if (factor == 1f) {
            to.passes(x, dy);
        } else {
            to.gradient(x, dx -> to.launch(dy.size(), new ScaleValues(dy, dx, dy.count(), factor)));
        }
    }

    /// y[g, ...] = x[g, ...] + table[...] for each g of the first axis; the table is a constant or a buffer.
    default Tensor addTable(Tensor x, Tensor table) {
        int groups = x.side(0);
        int m = table.count();
        if (table.differentiable() || (long) groups * m != x.size()) {
            throw new IllegalArgumentException("addTable: " + table + " is no fixed table for " + x);
        }
        Tensor y = result("addTable", new Tensor[]{x}, x.shape());
        return operation("addTable", y, x, table).launch(y.size(), new AddRepeated(x, table, y, groups, m))
                .adjoint((dy, to) -> to.passes(x, dy));
    }

    /// y = x Phi(x), exact GELU.
    default Tensor gelu(Tensor x) {
        Tensor y = result("gelu", new Tensor[]{x}, x.shape());
        int n = y.count();
        return operation("gelu", y, x).launch(20L * n, new Gelu(x, y, n)).adjoint(
                (dy, to) -> to.gradient(x, dx -> to.launch(30L * n, new GeluGradient(x, dy, dx, n))));
    }

    /// y = max(x, 0).
    default Tensor relu(Tensor x) {
        Tensor y = result("relu", new Tensor[]{x}, x.shape());
        int n = y.count();
        return operation("relu", y, x).launch(n, new Relu(x, y, n)).adjoint(
                (dy, to) -> to.gradient(x, dx -> to.launch(n, new ReluGradient(x, dy, dx, n))));
    }

    /// y = x / (1 + e^-x), SiLU.
    default Tensor silu(Tensor x) {
        Tensor y = result("silu", new Tensor[]{x}, x.shape());
        int n = y.count();
        return operation("silu", y, x).launch(20L * n, new Silu(x, y, n)).adjoint(
                (dy, to) -> to.gradient(x, dx -> to.launch(25L * n, new SiluGradient(x, dy, dx, n))));
    }

    /// y = x keep / (1 - p) with a given mask: one entry of `keep` (0 or 1) for each element (dropout) or for each of
    /// the leading groups (drop path).
    default Tensor dropout(Tensor x, Tensor keep, float p) {
        int groups = keep.count();
        if (groups == 0 || x.size() % groups != 0) {
            throw new IllegalArgumentException("dropout: mask " + keep + " does not divide " + x);
        }
        int m = x.count() / groups;
        float scale = 1f / (1f - p);
        Tensor y = result("dropout", new Tensor[]{x}, x.shape());
        return operation("dropout", y, x, keep).launch(y.size(), new MaskGroups(x, keep, y, groups, m, scale))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(dy.size(), new MaskGroups(dy, keep, dx, groups, m, scale))));
    }

    /// `y[b, c, ...] = x[b, c, ...] + bias[c]`.
    default Tensor channelBias(Tensor x, Tensor bias) {
        int batch = x.side(0);
        int channels = x.side(1);
        Recording.expect("channelBias", bias, channels);
        int inner = Math.toIntExact(x.size() / Math.max(1, batch * channels));
        Tensor y = result("channelBias", new Tensor[]{x, bias}, x.shape());
        return operation("channelBias", y, x, bias)
                .launch(y.size(), new ChannelBias(x, bias, y, batch, channels, inner)).adjoint((dy, to) -> {
                    to.passes(x, dy);
                    to.gradient(bias, db -> to.launch(dy.size(), new ChannelSums(dy, db, batch, channels, inner)));
                });
    }

    /// The same numbers under another shape; gradients pass.
    default Tensor reshape(Tensor x, int... shape) {
        Tensor y = x.reshape(shape);
        return operation("reshape", y, x).adjoint((dy, to) -> to.passes(x, dy));
    }

    /// Entries `from` to `from + count - 1` of the first axis, as a view; the gradient is zero outside.
    default Tensor slice(Tensor x, int from, int count) {
        int[] shape = x.shape();
        long inner = x.size() / Math.max(1, shape[0]);
        shape[0] = count;
        Tensor y = x.view(from * inner, shape);
        return operation("slice", y, x).adjoint((dy, to) -> to.gradient(x, dx -> {
            to.launch(0, new Fill(dx, dx.count(), 0f));
            Tensor part = dx.view(from * inner, shape);
            to.launch(0, new CopyValues(dy, part, part.count()));
        }));
    }

    /// Tensors one after another along the first axis.
    default Tensor concat(Tensor... parts) {
        int[] shape = parts[0].shape();
        int rows = Arrays.stream(parts).mapToInt(t -> t.side(0)).sum();
        long inner = parts[0].size() / Math.max(1, shape[0]);
        shape[0] = rows;
        Tensor y = result("concat", parts, shape);
        Operation operation = operation("concat", y, parts);
        long at = 0;
        for (Tensor part : parts) {
            if (part.size() != part.side(0) * inner) {
                throw new IllegalArgumentException("concat: " + part + " does not fit " + parts[0]);
            }
            operation.launch(0, new CopyValues(part, y.view(at, part.shape()), part.count()));
            at += part.size();
        }
        return operation.adjoint((dy, to) -> {
            long from = 0;
            for (Tensor part : parts) {
                to.passes(part, dy.view(from, part.shape()));
                from += part.size();
            }
        });
    }

    /// y = scale * sum of all numbers of x, a scalar.
    default Tensor scaledSum(Tensor x, float scale) {
        int n = x.count();
        Tensor y = result("sum", new Tensor[]{x});
        return operation("sum", y, x).launch(n, new ScaledSum(x, y, n, scale)).adjoint(
                (dy, to) -> to.gradient(x, dx -> to.launch(n, new BroadcastScalar(dy, dx, n, scale))));
    }

    /// The mean of all numbers of x, a scalar.
    default Tensor mean(Tensor x) {
        return scaledSum(x, 1f / x.count());
    }

    /// Means over the middle axis. x (groups, t, d): (groups, d).
    default Tensor groupMeans(Tensor x) {
        int groups = x.side(0);
        int t = x.side(1);
        int d = x.side(2);
        Tensor y = result("groupMeans", new Tensor[]{x}, groups, d);
        return operation("groupMeans", y, x).launch(x.size(), new GroupMeans(x, y, groups, t, d))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(dx.size(), new GroupMeansGradient(dy, dx, groups, t, d))));
    }
}
