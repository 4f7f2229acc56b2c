package dev.triptych.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// What the encoder's tokens must satisfy whatever its weights: specification section 1, 4.6 and 10.
class EncoderPropertiesTest {
    private static final int GRID = 3;
    private static final int N = GRID * GRID;
    private static final int D = 8;

    private State state;

    private VisionTransformer encoder(int tokens) {
        state = new State();
        return new VisionTransformer(Scope.of(state),
                new VisionTransformer.Settings(GRID, 2, D, 2, 2, 12, 1e-12f), tokens, "STELLAR section 1");
    }

    /// All parameters normal with deviation 0.3, so that attention is far from uniform.
    private HostSession session(CounterRandom random, Program... programs) {
        HostSession session = new PlainDevice(false).bind(state, programs);
        for (Tensor parameter : state.parameters().values()) {
            session.upload(parameter, numbers(random, parameter.count(), 0.3));
        }
        return session;
    }

    private static CounterRandom random(int seed) {
        return CounterRandom.of(seed, Stream.CHECK, 4, 0);
    }

    private static float[] numbers(CounterRandom random, int n, double deviation) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) (deviation * random.gaussian());
        }
        return numbers;
    }

    private static float[] row(float[] rows, int row) {
        return java.util.Arrays.copyOfRange(rows, row * D, (row + 1) * D);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void permutingTPermutesS(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 6) int tokens) {
        CounterRandom random = random(seed);
        VisionTransformer encoder = encoder(tokens);
        var p = new Program("full", state);
        Encoding encoding = encoder.encode(p, View.full(p, p.input("image", 2, 3, 6, 6), 2, 0, 1, GRID));
        Tensor s = encoding.sparse(p, 0);
        Tensor dense = encoding.dense(p, 0);
        Tensor cls = encoding.cls(p, 0);
        try (HostSession session = session(random, p)) {
            session.upload(p.inputs().get("image"), numbers(random, 2 * 108, 1));
            Tensor t = state.parameter("sparse_tokens");
            float[] before = session.download(t);
            session.run(p);
            float[] s1 = session.download(s);
            float[] dense1 = session.download(dense);
            float[] cls1 = session.download(cls);

            int[] order = random.permutation(tokens);
            float[] permuted = new float[before.length];
            for (int k = 0; k < tokens; k++) {
                System.arraycopy(before, order[k] * D, permuted, k * D, D);
            }
            session.upload(t, permuted);
            session.run(p);
            float[] s2 = session.download(s);
            for (int row = 0; row < 2 * tokens; row++) {
                int other = row / tokens * tokens + order[row % tokens];
                assertArrayEquals(row(s1, other), row(s2, row), 1e-4f);
            }
            assertArrayEquals(dense1, session.download(dense), 1e-4f);
            assertArrayEquals(cls1, session.download(cls), 1e-4f);
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void viewsPackedTogetherGiveTheTokensOfViewsAlone(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 4) int tokens,
            @ForAll @IntRange(min = 1, max = N) int kept,
            @ForAll @IntRange(min = 1, max = 4) int localGrid) {
        CounterRandom random = random(seed);
        VisionTransformer encoder = encoder(tokens);
        int side = 2 * localGrid;
        var together = new Program("together", state);
        var choice = MaskedPatches.input(together, 3, kept, N);
        Encoding packed = encoder.encode(together,
                View.full(together, together.input("image", 2, 3, 6, 6), 2, 0, 1, GRID),
                View.masked(together.input("global", 3, 3, 6, 6), choice, GRID),
                View.full(together, together.input("local", 2, 3, side, side), 2, 0, 1, localGrid));
        var full = new Program("full", state);
        Encoding fullAlone = encoder.encode(full, View.full(full, full.input("image", 2, 3, 6, 6), 2, 0, 1, GRID));
        var masked = new Program("masked", state);
        Tensor views = masked.input("global", 3, 3, 6, 6);
        var choiceAlone = MaskedPatches.input(masked, 3, kept, N);
        Encoding maskedAlone = encoder.encode(masked, View.masked(views, choiceAlone, GRID));
        var local = new Program("local", state);
        Encoding localAlone = encoder.encode(local,
                View.full(local, local.input("local", 2, 3, side, side), 2, 0, 1, localGrid));

        int[] cells = new int[3 * kept];
        for (int v = 0; v < 3; v++) {
            int[] order = random.permutation(N);
            for (int i = 0; i < kept; i++) {
                cells[v * kept + i] = order[i];
            }
        }
        try (HostSession session = session(random, together, full, masked, local)) {
            for (Program alone : List.of(full, masked, local)) {
                Tensor pixels = alone.inputs().values().iterator().next();
                float[] values = numbers(random, pixels.count(), 1);
                session.upload(pixels, values);
                session.upload(together.inputs().get(pixels.name()), values);
            }
            choice.give(cells, 1, 1, session::upload);
            choiceAlone.give(cells, 1, 1, session::upload);
            session.run(together);
            float[] all = session.download(packed.tokens());
            int from = 0;
            for (var alone : List.of(fullAlone, maskedAlone, localAlone)) {
                session.run(alone == fullAlone ? full : alone == maskedAlone ? masked : local);
                float[] tokensAlone = session.download(alone.tokens());
                assertArrayEquals(tokensAlone, java.util.Arrays.copyOfRange(all, from, from + tokensAlone.length));
                from += tokensAlone.length;
            }
            assertEquals(all.length, from);
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aMaskedViewThatKeepsAllPatchesIsTheFullView(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 4) int tokens) {
        CounterRandom random = random(seed);
        VisionTransformer encoder = encoder(tokens);
        var p = new Program("both", state);
        Tensor image = p.input("image", 1, 3, 6, 6);
        var choice = MaskedPatches.input(p, 1, N, N);
        Encoding encoding = encoder.encode(p, View.full(p, image, 1, 0, 1, GRID), View.masked(image, choice, GRID));
        Tensor cls = encoding.cls(p, 0);
        Tensor maskedCls = encoding.cls(p, 1);
        Tensor s = encoding.sparse(p, 0);
        Tensor maskedS = encoding.sparse(p, 1);
        Tensor dense = encoding.dense(p, 0);
        Tensor maskedDense = encoding.dense(p, 1);
        int[] order = random.permutation(N);
        try (HostSession session = session(random, p)) {
            session.upload(image, numbers(random, 108, 1));
            choice.give(order, 1, 1, session::upload);
            session.run(p);
            assertArrayEquals(session.download(cls), session.download(maskedCls), 1e-4f);
            assertArrayEquals(session.download(s), session.download(maskedS), 1e-4f);
            float[] d = session.download(dense);
            float[] m = session.download(maskedDense);
            for (int i = 0; i < N; i++) {
                assertArrayEquals(row(d, order[i]), row(m, i), 1e-4f);
            }
        }
    }
}
