package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Method;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How every parameter begins: mean, deviation and extremes of its draw are those of the rule that the method's
/// framework has for it. The rules are written once more here, by the tensors' names; a tensor without one fails.
class StartTest {
    /// A normal distribution is cut there, whatever its deviation.
    private static final double CUT = 2;
    private static final int SEEDS = 8;
    /// Chance differs by so many deviations of an estimate.
    private static final double SIGMAS = 5;

    /// What a draw of n numbers looks like.
    private sealed interface Rule {
        record Constant(double value) implements Rule {
        }

        record Normal(double deviation) implements Rule {
        }

        /// Within (-bound, bound).
        record Uniform(double bound) implements Rule {
        }

        /// A table of sines and cosines, the same for every seed, with zeros for the class token.
        record Waves(int columns) implements Rule {
        }
    }

    /// Which rule a tensor has.
    private interface Start {
        Rule of(State state, Tensor tensor);
    }

    /// @param names expression for the tensors' names
    private record Row(String names, Start start) {
    }

    private static final Start ONE = (state, t) -> new Rule.Constant(1);
    private static final Start ZERO = (state, t) -> new Rule.Constant(0);
    private static final Start SMALL = (state, t) -> new Rule.Normal(0.02);
    /// PyTorch's default of linear layers and convolutions: weight and bias in (-b, b), b = 1 / sqrt(fan in). The fan
    /// in of a transposed convolution is that of its outputs times the kernel, which is what its rows hold.
    private static final Start FAN_IN = (state, t) -> new Rule.Uniform(
            1 / Math.sqrt(state.parameter(t.name().replaceFirst("bias$", "weight")).columns()));
    /// Glorot and Bengio 2010.
    private static final Start XAVIER = (state, t) -> new Rule.Uniform(Math.sqrt(6.0 / (t.rows() + t.columns())));

    private static final List<Row> NORMS = List.of(
            new Row(".*(norm|norm1|norm2|bn|embedding_norm|norm_out)\\.weight", ONE),
            new Row(".*(norm|norm1|norm2|bn|embedding_norm|norm_out)\\.bias", ZERO));
    private static final List<Row> TRANSFORMER = List.of(
            new Row("encoder\\.(cls|positions)", SMALL),
            new Row("(encoder|decoder)\\.(patch|blocks\\.\\d+\\.(attn|mlp)\\.\\w+)\\.weight", SMALL),
            new Row("(encoder|decoder)\\.(patch|blocks\\.\\d+\\.(attn|mlp)\\.\\w+)\\.bias", ZERO));
    private static final Map<String, List<Row>> ROWS = Map.of(
            "stellar", List.of(
                    new Row("sparse_tokens", (state, t) -> new Rule.Normal(1 / Math.sqrt(t.columns()))),
                    new Row("(clustering|cls)_head\\.prototypes", (state, t) -> new Rule.Normal(1)),
                    new Row("(clustering|cls)_head\\.predictor\\.\\d+\\.(weight|bias)", FAN_IN),
                    new Row("(dense_proj|sparse_proj|decoder\\.proj|decoder\\.head)\\.(weight|bias)", FAN_IN)),
            "bits", List.of(
                    new Row("head\\.fc[123]\\.weight", (state, t) -> new Rule.Normal(0.9 / Math.sqrt(t.columns()))),
                    new Row("head\\.fc[123]\\.bias", ZERO)),
            "triptych", List.of(
                    new Row("sparse_tokens", (state, t) -> new Rule.Normal(1 / Math.sqrt(t.columns()))),
                    new Row("place_query", SMALL),
                    new Row("(token|cls)_head\\.fc[123]\\.weight",
                            (state, t) -> new Rule.Normal(0.9 / Math.sqrt(t.columns()))),
                    new Row("(token|cls)_head\\.fc[123]\\.bias", ZERO),
                    new Row("(projector|predictor)\\.fc[12]\\.weight", XAVIER),
                    new Row("(projector|predictor)\\.fc[12]\\.bias", ZERO),
                    new Row("(place_proj|dense_proj|sparse_proj|decoder\\.proj|decoder\\.head)\\.(weight|bias)",
                            FAN_IN)),
            "vqvae", List.of(new Row(".*\\.(weight|bias)", FAN_IN)),
            "vqgan", List.of(
                    new Row("quantize\\.embedding\\.weight", (state, t) -> new Rule.Uniform(1.0 / t.rows())),
                    new Row(".*\\.(weight|bias)", FAN_IN)),
            "mae", List.of(
                    new Row("encoder\\.cls|decoder\\.mask_token", SMALL),
                    new Row("(encoder|decoder)\\.positions", (state, t) -> new Rule.Waves(t.columns())),
                    new Row(".*\\.weight", XAVIER),
                    new Row(".*\\.bias", ZERO)),
            "sorcen", List.of(
                    new Row("encoder\\.codes|(encoder|decoder)\\.positions", SMALL),
                    new Row(".*\\.weight", XAVIER),
                    new Row(".*bias", ZERO)));

    static List<Method> methods() {
        return Methods.ALL.all();
    }

    private static Rule rule(Method method, State state, Tensor tensor) {
        return Stream.of(NORMS, ROWS.getOrDefault(method.name(), List.of()), TRANSFORMER).flatMap(List::stream)
                .filter(row -> tensor.name().matches(row.names())).findFirst()
                .orElseThrow(() -> new AssertionError(tensor.name() + " of " + method.name()
                        + " has no row here: how does it begin?"))
                .start().of(state, tensor);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyTensorBeginsByItsRule(Method method) {
        var recipe = Methods.RECIPES.load(method.recipes().getFirst(), List.of()).recipe();
        State state = method.programs(recipe).state();
        assertFalse(state.parameters().isEmpty());
        state.parameters().forEach((name, tensor) -> holds(name, rule(method, state, tensor), draws(state, name)));
    }

    /// The draws of several seeds, one after the other: small tensors have few numbers.
    private static float[] draws(State state, String name) {
        var all = new ArrayList<float[]>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            all.add(state.draw(name, seed));
        }
        float[] joined = new float[SEEDS * all.getFirst().length];
        for (int i = 0; i < SEEDS; i++) {
            System.arraycopy(all.get(i), 0, joined, i * all.get(i).length, all.get(i).length);
        }
        return joined;
    }

    private static void holds(String name, Rule rule, float[] x) {
        int n = x.length;
        double mean = 0;
        double square = 0;
        double largest = 0;
        for (float v : x) {
            mean += v / n;
            square += (double) v * v / n;
            largest = Math.max(largest, Math.abs(v));
        }
        double deviation = Math.sqrt(square);
        switch (rule) {
            case Rule.Constant(double value) -> {
                for (float v : x) {
                    assertEquals(value, v, name);
                }
            }
            case Rule.Normal(double expected) -> {
                assertEquals(0, mean, SIGMAS * expected / Math.sqrt(n), name);
                assertEquals(1, deviation / expected, SIGMAS / Math.sqrt(2.0 * n), name);
                // the largest of n is near sqrt(2 ln n) deviations, and never far from it
                double usual = Math.sqrt(2 * Math.log(n)) * expected;
                assertTrue(largest > usual - 1.5 * expected, () -> name + " has no tails");
                assertTrue(largest < usual + 2.5 * expected, () -> name + " has wild tails");
                assertTrue(expected > 0.5 || largest < CUT, () -> name + " is not cut");
            }
            case Rule.Waves(int columns) -> {
                assertTrue(largest <= 1 && largest > 0.9, name);
                int each = n / SEEDS;
                for (int i = 0; i < n; i++) {
                    assertEquals(x[i % each], x[i], name);
                    assertTrue(i % each >= columns || x[i] == 0, name);
                }
                // sin^2 + cos^2 = 1 for each of the d/2 pairs of all rows but the first
                assertEquals((each - columns) / 2.0, square * each, 1e-3 * each, name);
            }
            case Rule.Uniform(double bound) -> {
                assertEquals(0, mean, SIGMAS * bound / Math.sqrt(3.0 * n), name);
                assertEquals(1, deviation / bound * Math.sqrt(3), SIGMAS / Math.sqrt(n), name);
                assertTrue(largest <= bound, () -> name + " leaves its bound");
                assertTrue(largest > bound * (1 - 10.0 / n), () -> name + " keeps away from its bound");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void noTwoTensorsHaveOneDraw(Method method) {
        var recipe = Methods.RECIPES.load(method.recipes().getFirst(), List.of()).recipe();
        State state = method.programs(recipe).state();
        var draws = new ArrayList<String>();
        state.parameters().forEach((name, tensor) -> {
            if (rule(method, state, tensor) instanceof Rule.Normal || rule(method, state,
                    tensor) instanceof Rule.Uniform) {
                draws.add(Arrays.toString(state.draw(name, 1)));
                draws.add(Arrays.toString(state.draw(name, 2)));
            }
        });
        assertEquals(draws.size(), draws.stream().distinct().count());
    }
}
