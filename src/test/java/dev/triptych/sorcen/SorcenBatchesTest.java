package dev.triptych.sorcen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.SampleCodes;
import dev.triptych.methods.Methods;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.sorcen.SorcenSection.WindowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Masks and batches of Sorcen: what is masked, dropped, seen by the teacher; nothing but the step decides.
class SorcenBatchesTest {
    private static final int GRID = 4;
    private static final int N = GRID * GRID;
    private static final int BATCH = 6;
    private static final MaskRatio LAW = new MaskRatio(0.55, 0.25, 0.5, 1);

    private static Path folder;
    private static CodeSet one;
    private static CodeSet two;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("triptych");
        one = SampleCodes.write(folder.resolve("one.codes"), GRID, 12, 1, 30);
        two = SampleCodes.write(folder.resolve("two.codes"), GRID, 12, 2, 30);
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(folder.resolve("one.codes"));
        Files.delete(folder.resolve("two.codes"));
        Files.delete(folder);
    }

    private static SorcenBatches batches(CodeSet codes, WindowKind window, String... overrides) {
        var all = new ArrayList<>(List.of("seed=7", "training.batch=" + BATCH, "sorcen.codebook=30",
                "sorcen.window=" + window.name().toLowerCase(Locale.ROOT)));
        all.addAll(List.of(overrides));
        return new SorcenBatches(codes, Methods.RECIPES.load("sorcen-micro", all).recipe());
    }

    @Property(tries = 200)
    void droppedCellsAreMaskedOnes(@ForAll @IntRange(min = 1, max = 300) int n,
            @ForAll @DoubleRange(min = 0, max = 1) double u, @ForAll long seed) {
        double ratio = LAW.at(u == 1 ? 0 : u);
        assertTrue(ratio >= 0.5 && ratio <= 1);
        int drops = (n + 1) / 2;
        CodeMask mask = CodeMask.of(noise(n, seed), ratio, drops);
        assertEquals((int) Math.ceil(ratio * n), IntStream.range(0, n).filter(mask::masked).count());
        assertEquals(drops, IntStream.range(0, n).filter(mask::dropped).count());
        assertTrue(IntStream.range(0, n).allMatch(i -> mask.masked(i) || !mask.dropped(i)));
        int[] kept = mask.kept();
        assertEquals(n - drops, kept.length);
        assertArrayEquals(Arrays.stream(kept).sorted().toArray(), kept);
    }

    private static double[] noise(int n, long seed) {
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        double[] noise = new double[n];
        Arrays.setAll(noise, i -> random.below(50)); // with ties
        return noise;
    }

    @Example
    void equalNoiseRanksTheLowerCellFirst() {
        assertArrayEquals(new int[]{1, 2, 0, 3}, CodeMask.of(new double[]{0.5, 0.5, 0.1, 0.5}, 0.5, 2).rank());
        var refused = assertThrows(IllegalArgumentException.class, () -> CodeMask.of(new double[4], 0.25, 2));
        assertTrue(refused.getMessage().contains("masks 1 of 4 cells; expected 2 to 4"), refused.getMessage());
    }

    @Example
    void theLawOfTheRatio() {
        assertEquals(0.5, LAW.at(0), 1e-12);
        assertEquals(1, LAW.at(Math.nextDown(1.0)), 1e-9);
        assertEquals(0.6756697314995572, LAW.at(0.5), 1e-12);
        double mean = IntStream.range(0, 1000).mapToDouble(i -> LAW.at((i + 0.5) / 1000)).average().orElseThrow();
        assertEquals(0.6936, mean, 1e-4);
    }

    @Property(tries = 40)
    void aBatchIsWhole(@ForAll @IntRange(max = 1000) int step) {
        SorcenBatch batch = batches(one, WindowKind.SQUARE).make(step, null);
        double weight = 0;
        for (int i = 0; i < BATCH * N; i++) {
            assertTrue(batch.codes()[i] >= 0 && batch.codes()[i] < 12);
            assertTrue(batch.echoDraws()[i] >= 0 && batch.echoDraws()[i] < 1);
            assertEquals(batch.masked()[i], batch.weights()[i] > 0);
            weight += batch.weights()[i];
        }
        assertEquals(1, weight, 1e-5);
        for (int b = 0; b < BATCH; b++) {
            square(Arrays.copyOfRange(batch.window(), b * N, (b + 1) * N));
        }
        assertTrue(Arrays.stream(batch.trueWindow()).allMatch(s -> s == 0 || s == 1));
    }

    /// Exactly s^2 cells, one square, its side between half the grid and the grid.
    private static void square(int[] window) {
        int[] inside = IntStream.range(0, N).filter(i -> window[i] == 2).toArray();
        int side = (int) Math.round(Math.sqrt(inside.length));
        assertEquals(inside.length, side * side);
        assertTrue(side >= GRID / 2 && side <= GRID);
        for (int i : inside) {
            assertTrue(i / GRID - inside[0] / GRID < side && i % GRID >= inside[0] % GRID
                    && i % GRID - inside[0] % GRID < side);
        }
    }

    @Example
    void allSidesAndRatiosOccur() {
        Set<Integer> sides = new HashSet<>();
        Set<Integer> masks = new HashSet<>();
        var batches = batches(one, WindowKind.SQUARE);
        for (int step = 0; step < 60; step++) {
            SorcenBatch batch = batches.make(step, null);
            for (int b = 0; b < BATCH; b++) {
                int[] own = Arrays.copyOfRange(batch.window(), b * N, (b + 1) * N);
                sides.add((int) Arrays.stream(own).filter(s -> s == 2).count());
                int at = b * N;
                masks.add((int) IntStream.range(at, at + N).filter(i -> batch.masked()[i]).count());
            }
        }
        assertEquals(Set.of(4, 9, 16), sides);
        assertEquals(Set.of(9, 10, 11, 12, 13, 14, 15, 16), masks, "half of them is the bound, never reached");
    }

    @Example
    void imagesOfAGroupShareRatioAndSide() {
        var batches = batches(one, WindowKind.SCATTERED, "sorcen.shared-draws=3");
        for (int step = 0; step < 20; step++) {
            SorcenBatch batch = batches.make(step, null);
            for (int b = 0; b < BATCH; b++) {
                assertEquals(masks(batch, b / 3 * 3), masks(batch, b));
                assertEquals(seen(batch, b / 3 * 3), seen(batch, b));
            }
        }
    }

    private static long masks(SorcenBatch batch, int b) {
        return IntStream.range(b * N, (b + 1) * N).filter(i -> batch.masked()[i]).count();
    }

    private static long seen(SorcenBatch batch, int b) {
        return IntStream.range(b * N, (b + 1) * N).filter(i -> batch.window()[i] > 0).count();
    }

    @Example
    void switchesOfTheWindow() {
        SorcenBatch whole = batches(one, WindowKind.WHOLE).make(3, null);
        assertTrue(Arrays.stream(whole.window()).allMatch(s -> s == 2));
        SorcenBatch truth = batches(one, WindowKind.SQUARE, "sorcen.echo=truth").make(3, null);
        assertArrayEquals(truth.trueWindow(), truth.window());
        SorcenBatch keep = batches(one, WindowKind.WHOLE, "sorcen.echo-keep-visible=true").make(3, null);
        for (int i = 0; i < BATCH * N; i++) {
            assertEquals(keep.masked()[i] ? 2 : 1, keep.window()[i]);
        }
    }

    @Example
    void aBatchDependsOnItsStepAlone() {
        SorcenBatch a = batches(one, WindowKind.SQUARE).make(11, null);
        var other = batches(one, WindowKind.SQUARE);
        other.make(3, null);
        SorcenBatch b = other.make(11, null);
        assertArrayEquals(a.codes(), b.codes());
        assertArrayEquals(a.kept(), b.kept());
        assertArrayEquals(a.window(), b.window());
        assertArrayEquals(a.echoDraws(), b.echoDraws());
        assertEquals(a.dropout(), b.dropout());
        assertNotEquals(a.dropout(), other.make(12, null).dropout());
    }

    @Example
    void anEpochSeesOneViewOfAnImage() {
        var batches = batches(two, WindowKind.SQUARE);
        boolean mirrored = false;
        int[] codes = new int[2 * N];
        int[] indices = new int[BATCH];
        for (int step = 0; step < 10; step++) {
            SorcenBatch batch = batches.make(step, null);
            batches.order().indices(step, indices);
            for (int b = 0; b < BATCH; b++) {
                two.codes(indices[b], 0, codes, 0);
                two.codes(indices[b], 1, codes, N);
                int[] own = Arrays.copyOfRange(batch.codes(), b * N, (b + 1) * N);
                boolean first = Arrays.equals(own, Arrays.copyOf(codes, N));
                assertTrue(first || Arrays.equals(own, Arrays.copyOfRange(codes, N, 2 * N)));
                mirrored |= !first;
            }
        }
        assertTrue(mirrored);
        assertFalse(Arrays.equals(codes, new int[2 * N]));
    }
}
