package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Convolutions and transposed convolutions.
final class ConvolutionFamilies {
    private static final Pattern TAG = Pattern.compile("k([0-9]+)(?:s([0-9]+))?(?:p([0-9]+))?");

    static final List<Family> ALL = List.of(
            new Family("conv2d", c -> !c.names("inputs\\.k[0-9]+(s[0-9]+)?(p[0-9]+)?\\.x").isEmpty(),
                    ConvolutionFamilies::convolutions),
            new Family("conv transpose2d", c -> !c.states("patch") && c.has("params.weight")
                    && c.shape("params.weight").length == 4, ConvolutionFamilies::transposed));

    private ConvolutionFamilies() {
    }

    /// One convolution for each tag such as `k4s2p1`: kernel, stride (1), padding (0).
    private static void convolutions(Comparison c) {
        for (String input : c.names("inputs\\..+\\.x")) {
            String tag = input.substring("inputs.".length(), input.length() - ".x".length());
            Matcher setting = TAG.matcher(tag);
            if (!setting.matches()) {
                throw new IllegalArgumentException(input + ": '" + tag + "' is not of the form k4s2p1");
            }
            var b = new Bench(c);
            Program p = b.program();
            Tensor weight = b.parameter("params." + tag + ".weight");
            square(weight, Integer.parseInt(setting.group(1)));
            Tensor y = p.convolve(b.input(input), weight, number(setting.group(2), 1), number(setting.group(3), 0));
            if (c.has("params." + tag + ".bias")) {
                y = p.channelBias(y, b.parameter("params." + tag + ".bias"));
            }
            b.give("intermediates." + tag + ".y", y);
            b.differentiate(tag, b.dot(y, "inputs." + tag + ".upstream"));
            b.run();
        }
    }

    private static int number(String text, int otherwise) {
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private static void square(Tensor weight, int side) {
        if (weight.side(2) != side || weight.side(3) != side) {
            throw new IllegalArgumentException(weight + ": only square kernels are supported, here of side " + side);
        }
    }

    private static void transposed(Comparison c) {
        int[] in = c.shape("inputs.x");
        int[] out = c.shape("inputs.upstream");
        var b = new Bench(c);
        Program p = b.program();
        Tensor weight = b.parameter("params.weight");
        square(weight, weight.side(2));
        int[] setting = transposedSetting(c, in, out, weight.side(2));
        Tensor y = p.convolveTransposed(b.input("inputs.x"), weight, setting[0], setting[1]);
        if (c.has("params.bias")) {
            y = p.channelBias(y, b.parameter("params.bias"));
        }
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    /// Stride and padding: as stated, or what leads from the input's to the output's sides,
    /// out = (in - 1) stride + k - 2 pad, with out = stride in where several do.
    private static int[] transposedSetting(Comparison c, int[] in, int[] out, int k) {
        if (c.states("stride")) {
            return new int[]{c.whole("stride"), (int) c.hyper("padding", 0)};
        }
        int[] found = null;
        for (int stride = 1; stride <= k; stride++) {
            for (int pad = 0; pad < k; pad++) {
                boolean fits = (in[2] - 1) * stride + k - 2 * pad == out[2]
                        && (in[3] - 1) * stride + k - 2 * pad == out[3];
                if (fits && (found == null || out[2] == stride * in[2])) {
                    found = new int[]{stride, pad};
                }
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no stride and padding lead from " + Tensor.text(in) + " to "
                    + Tensor.text(out) + " with a kernel of side " + k);
        }
        return found;
    }
}
