package dev.triptych.program;

import dev.triptych.program.call.OptimizerCalls.EmaUpdate;
import dev.triptych.program.call.QuantisationCalls.CodeCounts;
import dev.triptych.program.call.QuantisationCalls.CodeMeans;
import dev.triptych.program.call.QuantisationCalls.CodeSums;
import dev.triptych.program.call.QuantisationCalls.CodeVectors;
import dev.triptych.program.call.QuantisationCalls.NearestCodes;
import dev.triptych.program.call.QuantisationCalls.SmoothCounts;
import dev.triptych.program.call.WindowsCalls.BlockSums;
import dev.triptych.program.call.WindowsCalls.FoldWindows;
import dev.triptych.program.call.WindowsCalls.RepeatBlocks;
import dev.triptych.program.call.WindowsCalls.UnfoldWindows;
/// Windows and resolution of feature maps, and vector quantisation. A feature map is rows of channels, (batch x height
/// x width, channels).
public interface QuantisationOperations extends Recording {
    /// What a codebook that follows averages consists of; all of it is state.
    ///
    /// @param vectors c (K, d)
    /// @param counts N (K), average number of rows with each code
    /// @param sums M (K, d), average sum of these rows
    record CodeAverages(Tensor vectors, Tensor counts, Tensor sums) {
    }

    /// Where windows lie on a feature map.
    ///
    /// @param batch number of maps
    /// @param height of a map
    /// @param width of a map
    /// @param k side of a window
    /// @param stride between windows
    /// @param pad zeros around a map
    record Windowing(int batch, int height, int width, int k, int stride, int pad) {
        /// Windows below each other.
        public int rows() {
            return (height + 2 * pad - k) / stride + 1;
        }

        /// Windows beside each other.
        public int columns() {
            return (width + 2 * pad - k) / stride + 1;
        }

        private void check(String operation) {
            if (Math.min(height, width) + 2 * pad < k) {
                throw new IllegalArgumentException(operation + ": window " + k + " is larger than a map of " + height
                        + " x " + width + " with a padding of " + pad);
            }
        }

        private Call unfold(Tensor map, Tensor windows, int channels) {
            return new UnfoldWindows(map, windows, batch, height, width, channels, rows(), columns(), k, stride, pad);
        }

        private Call fold(Tensor windows, Tensor map, int channels) {
            return new FoldWindows(windows, map, batch, height, width, channels, rows(), columns(), k, stride, pad);
        }
    }

    /// Every window as a row: a convolution is this and a `linear`. x (batch height width, c): (windows, c k k).
    default Tensor unfold(Tensor x, Windowing w) {
        w.check("unfold");
        int c = x.columns();
        Recording.expect("unfold", x, w.batch() * w.height() * w.width(), c);
        Tensor y = result("unfold", new Tensor[]{x}, w.batch() * w.rows() * w.columns(), c * w.k() * w.k());
        return operation("unfold", y, x).launch(0, w.unfold(x, y, c)).adjoint(
                (dy, to) -> to.gradient(x, dx -> to.launch(dy.size(), w.fold(dy, dx, c))));
    }

    /// Adds up windows on a map: a transposed convolution is a product and this. y (windows, c k k): (batch height
    /// width, c).
    default Tensor fold(Tensor y, Windowing w) {
        w.check("fold");
        int c = y.columns() / (w.k() * w.k());
        Recording.expect("fold", y, w.batch() * w.rows() * w.columns(), c * w.k() * w.k());
        Tensor x = result("fold", new Tensor[]{y}, w.batch() * w.height() * w.width(), c);
        return operation("fold", x, y).launch(y.size(), w.fold(y, x, c)).adjoint(
                (dx, to) -> to.gradient(y, dy -> to.launch(0, w.unfold(dx, dy, c))));
    }

    /// Average pooling: the mean of every block of k x k places. x (batch height width, c): (batch height / k width /
    /// k, c).
    default Tensor averagePool(Tensor x, int batch, int height, int width, int k) {
        if (k < 1 || height % k != 0 || width % k != 0) {
            throw new IllegalArgumentException(
                    "averagePool: blocks of " + k + " x " + k + " places do not divide maps of "
                            + height + " x " + width);
        }
        int c = x.columns();
        int h = height / k;
        int w = width / k;
        Recording.expect("averagePool", x, batch * height * width, c);
        Tensor y = result("averagePool", new Tensor[]{x}, batch * h * w, c);
        return operation("averagePool", y, x).launch(2 * x.size(), new BlockSums(x, y, batch, h, w, c, k, 1f / (k * k)))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(dx.size(), new RepeatBlocks(dy, dx, batch, h, w, c, k, 1f / (k * k)))));
    }

    /// Nearest-neighbour upsampling: every place becomes a block of k x k places. x (batch height width, c): (batch
    /// height k width k, c).
    default Tensor upsample(Tensor x, int batch, int height, int width, int k) {
        int c = x.columns();
        Recording.expect("upsample", x, batch * height * width, c);
        Tensor y = result("upsample", new Tensor[]{x}, batch * height * k * width * k, c);
        return operation("upsample", y, x).launch(0, new RepeatBlocks(x, y, batch, height, width, c, k, 1f))
                .adjoint((dy, to) -> to.gradient(x,
                        dx -> to.launch(dy.size(), new BlockSums(dy, dx, batch, height, width, c, k, 1f))));
    }

    /// The nearest code of every row by squared Euclidean distance, the lowest of equals; no gradient.
    /// x (n, d), codebook (K, d): (n) integers.
    default Tensor nearestCodes(Tensor x, Tensor codebook) {
        int n = x.rows();
        int d = x.columns();
        int k = codebook.side(0);
        Recording.expect("nearestCodes", codebook, k, d);
        Tensor code = integerActivation("codes", n);
        return operation("nearestCodes", code, x, codebook)
                .launch(3L * n * k * d, new NearestCodes(x, codebook, code, n, k, d)).withoutAdjoint();
    }

    /// The vectors of codes. codebook (K, d), code (n): (n, d). The gradient of a code's vector is the sum of those of
    /// the rows that have the code.
    default Tensor codeVectors(Tensor codebook, Tensor code) {
        int n = code.count();
        int k = codebook.side(0);
        int d = codebook.columns();
        Tensor y = result("codeVectors", new Tensor[]{codebook}, n, d);
        return operation("codeVectors", y, codebook).launch(0, new CodeVectors(codebook, code, y, n, d))
                .adjoint((dy, to) -> to.gradient(codebook,
                        dc -> to.launch((long) n * (k + d), new CodeSums(dy, code, dc, n, k, d))));
    }

    /// Moves a codebook towards the rows that took its codes: N = decay N + (1 - decay) n, M = decay M + (1 - decay) s
    /// with n and s the number and the sum of the rows of each code; then c = M / N', N' being N with Laplace
    /// smoothing. x (n, d), code (n). Returns the new vectors.
    default Tensor averageCodes(CodeAverages codebook, Tensor x, Tensor code, float decay, float eps) {
        int n = code.count();
        int k = codebook.vectors().side(0);
        int d = codebook.vectors().columns();
        Recording.expect("averageCodes", x, n, d);
        Recording.expect("averageCodes", codebook.counts(), k);
        Recording.expect("averageCodes", codebook.sums(), k, d);
        Tensor momentum = constant("decay", new float[]{decay}, 1);
        Tensor count = activation("codes.count", false, k);
        Tensor sum = activation("codes.sum", false, k, d);
        Tensor smooth = activation("codes.smooth", false, k);
        return operation("averageCodes", codebook.vectors(), x, code)
                .launch((long) n * k, new CodeCounts(code, count, n, k))
                .launch((long) n * (k + d), new CodeSums(x, code, sum, n, k, d))
                .launch(3L * k, new EmaUpdate(count, momentum, codebook.counts(), k))
                .launch(3L * k * d, new EmaUpdate(sum, momentum, codebook.sums(), k * d))
                .launch((long) k * k, new SmoothCounts(codebook.counts(), smooth, k, eps))
                .launch((long) k * d, new CodeMeans(codebook.sums(), smooth, codebook.vectors(), k, d))
                .withoutAdjoint();
    }
}
