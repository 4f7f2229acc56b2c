package dev.triptych.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Launch;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Memory that is shared by values in between changes nothing and is little.
class MemoryPlanTest {
    @Test
    void valuesWithReuseEqualValuesWithout() {
        var blocks = new Blocks(3, 16, 2, 5, 3);
        float[][] shared = blocks.run(new PlainDevice(true));
        float[][] apart = blocks.run(new PlainDevice(false));
        assertArrayEquals(apart, shared);
        for (float[] values : shared) {
            float norm = 0f;
            for (float v : values) {
                norm += v * v;
            }
            assertTrue(norm > 0f);
        }
    }

    @Test
    void theArenaIsHardlyLargerThanTheLargestLiveSet() {
        for (int depth : new int[]{1, 4, 12}) {
            var plan = new MemoryPlan(List.of(new Blocks(depth, 48, 3, 40, 25, 9).program), true);
            long length = plan.length(Arena.ACTIVATIONS);
            assertTrue(length <= plan.largestLiveSet() * 1.05,
                    () -> depth + " blocks: " + length + " numbers for a live set of " + plan.largestLiveSet());
            assertTrue(plan.largestLiveSet() < plan.withoutReuse());
        }
    }

    @Test
    void constantsOfTwoProgramsDoNotMeet() {
        var state = new State();
        var first = new Program("first", state);
        Tensor a = first.constant("a", new float[]{1f, 2f}, 2);
        Tensor sum = first.output("sum", first.add(a, a));
        var second = new Program("second", state);
        Tensor b = second.constant("b", new float[]{10f, 20f}, 2);
        Tensor double2 = second.output("sum", second.add(b, second.scale(b, 3f)));
        try (HostSession session = new PlainDevice().bind(state, first, second)) {
            for (int i = 0; i < 2; i++) {
                session.run(first);
                session.run(second);
                assertArrayEquals(new float[]{2f, 4f}, session.download(sum));
                assertArrayEquals(new float[]{40f, 80f}, session.download(double2));
            }
        }
    }

    @Test
    void inputsAndParametersMayBeKept() {
        var state = new State();
        var program = new Program("keep", state);
        Tensor x = program.input("x", 3);
        Tensor w = state.parameter("w", (values, random) -> values[0] = 1f, 3);
        program.keep(x);
        program.keep(w);
        Tensor y = program.add(x, w);
        program.keep(y);
        program.scale(program.scale(y, 2f), 2f);
        try (HostSession session = new PlainDevice().bind(state, program)) {
            session.upload(x, new float[]{1f, 2f, 3f});
            session.upload(w, new float[]{10f, 20f, 30f});
            session.run(program);
            assertArrayEquals(new float[]{1f, 2f, 3f}, session.download(x));
            assertArrayEquals(new float[]{11f, 22f, 33f}, session.download(y));
        }
    }

    @Property(tries = 200)
    void whatLivesAtOnceLiesApart(@ForAll @Size(min = 1, max = 40) List<@IntRange(max = 999) Integer> choices,
            @ForAll @IntRange(min = 1, max = 3) int programs) {
        var state = new State();
        var list = new ArrayList<Program>();
        for (int k = 0; k < programs; k++) {
            list.add(random(new Program("p" + k, state), choices, k));
        }
        var plan = new MemoryPlan(list, true);
        var constants = new IdentityHashMap<Tensor, int[]>();
        for (Program program : list) {
            program.constants().keySet().forEach(t -> constants.put(t, new int[]{0, Integer.MAX_VALUE}));
        }
        for (Program program : list) {
            Map<Tensor, int[]> lives = new IdentityHashMap<>(constants);
            List<Launch> launches = program.launches();
            for (int i = 0; i < launches.size(); i++) {
                for (Tensor t : launches.get(i).tensors()) {
                    if (t.arena() == Arena.ACTIVATIONS) {
                        int now = i;
                        lives.computeIfAbsent(t.root(), r -> new int[]{now, now})[1] = Math.max(now,
                                lives.get(t.root())[1]);
                    }
                }
            }
            program.kept().forEach(t -> lives.get(t)[1] = Integer.MAX_VALUE);
            disjoint(plan, new ArrayList<>(lives.entrySet()));
        }
    }

    private static void disjoint(MemoryPlan plan, List<Map.Entry<Tensor, int[]>> lives) {
        for (int i = 0; i < lives.size(); i++) {
            for (int j = 0; j < i; j++) {
                Tensor a = lives.get(i).getKey();
                Tensor b = lives.get(j).getKey();
                int[] lifeA = lives.get(i).getValue();
                int[] lifeB = lives.get(j).getValue();
                boolean together = lifeA[0] <= lifeB[1] && lifeB[0] <= lifeA[1];
                boolean apart = plan.offset(a) + a.size() <= plan.offset(b)
                        || plan.offset(b) + b.size() <= plan.offset(a);
                assertTrue(!together || apart, () -> a + " and " + b + " overlap");
                assertTrue(plan.offset(a) + a.size() <= plan.length(Arena.ACTIVATIONS));
            }
        }
    }

    // operations on values chosen among all before, with constants and kept values here and there
    private static Program random(Program p, List<Integer> choices, int shift) {
        var values = new ArrayList<Tensor>();
        values.add(p.input("x", 2, 3));
        for (int i = 0; i < choices.size(); i++) {
            int choice = choices.get((i + shift) % choices.size());
            Tensor x = values.get(choice % values.size());
            values.add(switch (choice / 100) {
                case 0, 1, 2 -> p.concat(x, p.constant("c", new float[3 * (choice % 5)], choice % 5, 3));
                case 3, 4 -> p.slice(x, 0, (x.side(0) + 1) / 2);
                case 5, 6 -> p.concat(x, values.getLast());
                default -> p.scale(x, 2f);
            });
            if (choice % 7 == 0 && values.getLast().root().arena() == Arena.ACTIVATIONS
                    && !p.constants().containsKey(values.getLast().root())) {
                p.keep(p.scale(values.getLast(), 3f));
            }
        }
        return p;
    }

    /// A transformer of pre-norm blocks over packed sequences, with its gradients.
    private static final class Blocks {
        private final State state = new State();
        private final Program program = new Program("blocks", state);
        private final Tensor x;
        private final Tensor loss;
        private final Gradients gradients;

        Blocks(int depth, int width, int heads, int... lengths) {
            var packing = Packing.of(program, heads, lengths);
            x = program.differentiableInput("x", packing.rows(), width);
            Tensor h = x;
            for (int i = 0; i < depth; i++) {
                Tensor qkv = linear(i + ".qkv", norm(i + ".norm1", h), 3 * width);
                h = program.add(h, linear(i + ".projection", program.attention(qkv, packing), width));
                Tensor hidden = program.gelu(linear(i + ".up", norm(i + ".norm2", h), 4 * width));
                h = program.add(h, linear(i + ".down", hidden, width));
            }
            loss = program.mean(program.squaredError(h, program.input("target", packing.rows(), width)));
            gradients = program.gradient(loss);
            program.output("loss", loss);
            program.output("dx", gradients.of(x));
        }

        private Tensor linear(String name, Tensor y, int out) {
            return program.linear(y, state.parameter(name + ".weight", (v, r) -> {
            }, out, y.columns()), state.parameter(name + ".bias", (v, r) -> {
            }, out));
        }

        private Tensor norm(String name, Tensor y) {
            return program.layerNorm(y, state.parameter(name + ".gain", (v, r) -> {
            }, y.columns()), state.parameter(name + ".shift", (v, r) -> {
            }, y.columns()), 1e-12f);
        }

        float[][] run(PlainDevice device) {
            try (HostSession session = device.bind(state, program)) {
                state.parameters().values().forEach(t -> session.upload(t, numbers(t, 0.3f)));
                program.inputs().values().forEach(t -> session.upload(t, numbers(t, 1f)));
                session.run(program);
                var results = new ArrayList<float[]>();
                program.outputs().values().forEach(t -> results.add(session.download(t)));
                gradients.parameters().forEach(t -> results.add(session.download(gradients.of(t))));
                return results.toArray(float[][]::new);
            }
        }

        private static float[] numbers(Tensor t, float scale) {
            var random = CounterRandom.of(t.name().hashCode(), Stream.CHECK, 0, 0);
            float[] numbers = new float[t.count()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = scale * (float) random.gaussian();
            }
            return numbers;
        }
    }
}
