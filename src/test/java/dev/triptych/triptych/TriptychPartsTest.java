package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.channel.CodingRate;
import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.EchoWindow;
import dev.triptych.echo.SquareWindow;
import dev.triptych.nn.DropPath;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The parts that only Triptych has, each by what has to hold of it.
class TriptychPartsTest {
    private static final CounterRandom RANDOM = CounterRandom.of(7, Stream.CHECK, 18, 0);

    private static float[] gaussian(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) RANDOM.gaussian();
        }
        return x;
    }

    /// Section 9: permuting the student's tokens permutes matches and leaves the loss.
    @Test
    void permutingTokensPermutesMatchesAndLeavesTheLoss() {
        int[] order = {2, 0, 3, 1};
        float[] student = gaussian(2 * 4 * 5);
        float[] logits = gaussian(2 * 4 * 3);
        float[] teacher = gaussian(2 * 4 * 5);
        float[] messages = gaussian(2 * 4 * 3);
        Matched plain = matched(student, logits, teacher, messages);
        Matched moved = matched(permuted(student, 4, 5, order), permuted(logits, 4, 3, order), teacher, messages);
        assertEquals(plain.loss, moved.loss, 1e-6);
        for (int i = 0; i < 8; i++) {
            assertEquals(plain.rows[i / 4 * 4 + order[i % 4]], moved.rows[i]);
        }
        assertNotEquals(plain.loss, matched(student, permuted(logits, 4, 3, order), teacher, messages).loss, 1e-3);
    }

    private record Matched(double loss, int[] rows) {
    }

    private static Matched matched(float[] student, float[] logits, float[] teacher, float[] messages) {
        var state = new State();
        var p = new Program("matching", state);
        Tensor s = p.input("s", 2, 4, 5);
        Tensor t = p.input("t", 2, 4, 5);
        Tensor l = p.input("l", 8, 3);
        Tensor z = p.input("z", 8, 3);
        var matches = new TokenMatching(true, 0.1f, 5).apply(p, s, t);
        Tensor loss = new Alignment.Bits(null, new CodingRate(0.05f, false, false)).tokenLoss(p, l,
                p.binarize(z), matches.rows());
        p.keep(loss);
        try (HostSession session = new PlainDevice(false).bind(state, p)) {
            session.upload(s, student);
            session.upload(t, teacher);
            session.upload(l, logits);
            session.upload(z, messages);
            session.run(p);
            return new Matched(session.value(loss), session.downloadIntegers(matches.rows()));
        }
    }

    private static float[] permuted(float[] x, int k, int d, int[] order) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            int set = i / (k * d);
            y[i] = x[(set * k + order[i / d % k]) * d + i % d];
        }
        return y;
    }

    /// Section 5: exactly one arg-max is removed, of equals the lowest index, and the echo holds ranks 2 to k + 1,
    /// whatever is drawn; of equals the lowest indices are the first of these too.
    @Test
    void theEchoHoldsRanksTwoToKPlusOneAndNeverAFirstChoice() {
        int cells = 200;
        int codes = 40;
        int k = 5;
        var state = new State();
        var p = new Program("echo", state);
        Tensor logits = p.input("logits", cells, codes);
        Tensor u = p.input("u", cells);
        var echo = new EchoSampling(new Candidates(k, true, false)).draw(p, logits, u);
        p.keep(echo.kept());
        try (HostSession session = new PlainDevice(false).bind(state, p)) {
            float[] x = gaussian(cells * codes);
            float[] draws = new float[cells];
            for (int i = 0; i < cells; i++) {
                draws[i] = i % 4 == 0 ? 0f : i % 4 == 1 ? Math.nextDown(1f) : RANDOM.uniform();
            }
            for (int i = 0; i < x.length / 2; i++) {
                x[i] = Math.round(x[i]); // whole numbers, so that many are equal
            }
            session.upload(logits, x);
            session.upload(u, draws);
            session.run(p);
            int[] kept = session.downloadIntegers(echo.kept());
            int[] drawn = session.downloadIntegers(echo.codes());
            int ties = 0;
            for (int i = 0; i < cells; i++) {
                int row = i * codes;
                // a stable sort: equals stay in the order of their codes
                int[] order = IntStream.range(0, codes).boxed()
                        .sorted(Comparator.comparingDouble(c -> -x[row + c])).mapToInt(c -> c).toArray();
                int[] ranks = IntStream.of(order).skip(1).limit(k).sorted().toArray();
                assertArrayEquals(ranks, Arrays.copyOfRange(kept, i * k, (i + 1) * k), "cell " + i);
                assertTrue(IntStream.of(ranks).anyMatch(c -> c == drawn[row / codes]), "cell " + i);
                if (i % 4 < 2) {
                    assertEquals(ranks[i % 4 == 0 ? 0 : k - 1], drawn[i], "cell " + i);
                }
                ties += x[row + order[0]] == x[row + order[1]] && x[row + order[k]] == x[row + order[k + 1]] ? 1 : 0;
            }
            assertTrue(ties > 20, ties + " cells of equals at both ends");
        }
    }

    /// What the window shows is what a sequence of its own would be, on windows of every side in turn, on both devices:
    /// cells outside are seen by nobody inside.
    @Test
    void aWindowIsASequenceOfItsOwnWhateverItsSide() {
        int n = 2;
        int grid = 4;
        int tokens = 3;
        int width = 6;
        for (Device device : List.of(new PlainDevice(false), new VectorDevice(2))) {
            var state = new State();
            var p = new Program("window", state);
            EchoWindow window = EchoWindow.input(p, n, grid, tokens, 2);
            Tensor table = p.input("table", n * 17 + tokens, 3 * width);
            Tensor seen = window.tokens(p, p.attention(window.arrange(p, table), window.packing()));
            p.keep(seen);
            float[] numbers = gaussian(table.count());
            try (device; HostSession session = (HostSession) device.bind(state, p)) {
                session.upload(table, numbers);
                for (int side : new int[]{3, 4, 2, 4, 3}) {
                    List<SquareWindow> windows = List.of(SquareWindow.placed(grid, side, 0, 0.99),
                            SquareWindow.placed(grid, side, 0.5, 0));
                    window.give(windows, session::upload);
                    session.run(p);
                    assertArrayEquals(alone(numbers, windows, grid, tokens, width), session.download(seen), 2e-6f);
                }
            }
        }
    }

    /// The same tokens out of sequences of constant length.
    private static float[] alone(float[] table, List<SquareWindow> windows, int grid, int tokens, int width) {
        int cells = grid * grid;
        var rows = new ArrayList<Integer>();
        int[] lengths = new int[windows.size()];
        for (int i = 0; i < windows.size(); i++) {
            int before = rows.size();
            rows.add(i * (1 + cells));
            for (int cell = 0; cell < cells; cell++) {
                if (windows.get(i).contains(cell, grid)) {
                    rows.add(i * (1 + cells) + 1 + cell);
                }
            }
            for (int k = 0; k < tokens; k++) {
                rows.add(windows.size() * (1 + cells) + k);
            }
            lengths[i] = rows.size() - before;
        }
        var state = new State();
        var p = new Program("alone", state);
        Tensor x = p.input("x", rows.size(), 3 * width);
        Tensor y = p.attention(x, Packing.of(p, 2, lengths));
        p.keep(y);
        try (HostSession session = new PlainDevice(false).bind(state, p)) {
            float[] picked = new float[rows.size() * 3 * width];
            for (int i = 0; i < picked.length; i++) {
                picked[i] = table[rows.get(i / (3 * width)) * 3 * width + i % (3 * width)];
            }
            session.upload(x, picked);
            session.run(p);
            float[] all = session.download(y);
            float[] last = new float[windows.size() * tokens * width];
            for (int i = 0; i < last.length; i++) {
                int end = Arrays.stream(lengths, 0, i / (tokens * width) + 1).sum();
                last[i] = all[(end - tokens + i / width % tokens) * width + i % width];
            }
            return last;
        }
    }

    @Test
    void whatAPackingIsGivenHasToFit() {
        var p = new Program("packing", new State());
        Packing packing = Packing.input(p, "some", 1, 2, 5, 13);
        packing.give(new int[]{3, 2}, (t, v) -> {
        });
        assertThrows(IllegalArgumentException.class, () -> packing.give(new int[]{5, 0}, (t, v) -> {
        }));
        assertThrows(IllegalArgumentException.class, () -> packing.give(new int[]{3, 1}, (t, v) -> {
        }));
        Tensor x = p.differentiableInput("x", 5, 6);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> p.attention(x, packing)).getMessage()
                .contains("change from run to run"));
        assertEquals(DropPath.NONE.pack(p).rows(), null);
    }

    /// Section 5: s = G/2 + floor(u (G/2 + 1)), of every side between half the grid's and all of it.
    @Test
    void theSharedSide() {
        assertArrayEquals(new int[]{4, 5, 6, 7, 8},
                IntStream.range(0, 5).map(i -> SquareWindow.shared(8, i / 5.0 + 0.01)).toArray());
        assertEquals(2, SquareWindow.shared(5, 0));
        assertEquals(4, SquareWindow.shared(5, 0.999));
    }

    /// Section 8: balanced slot by slot, so that no slot's rows count in another's columns.
    @Test
    void sinkhornBySlotIsSinkhornOfEachSlot() {
        var targets = new SinkhornTargets(0.06f, 3, 1f);
        float[] x = gaussian(5 * 3 * 4);
        float[] all = assigned(x, targets, 5, 3, 4);
        for (int k = 0; k < 3; k++) {
            float[] slot = new float[5 * 4];
            for (int i = 0; i < slot.length; i++) {
                slot[i] = x[(i / 4 * 3 + k) * 4 + i % 4];
            }
            float[] own = assigned(slot, targets, 5, 1, 4);
            for (int i = 0; i < slot.length; i++) {
                assertEquals(own[i], all[(i / 4 * 3 + k) * 4 + i % 4]);
            }
        }
    }

    private static float[] assigned(float[] x, SinkhornTargets targets, int n, int k, int c) {
        var state = new State();
        var p = new Program("sinkhorn", state);
        Tensor logits = p.input("x", n, k, c);
        Tensor q = targets.assignBySlot(p, logits);
        p.keep(q);
        try (HostSession session = new PlainDevice(false).bind(state, p)) {
            session.upload(logits, x);
            session.run(p);
            return session.download(q);
        }
    }

    /// The pairs of section 4: of each teacher's view, the other masked view and x0.
    @Test
    void theFourPairs() {
        assertEquals(List.of(1, 2, 0, 2), List.of(TokenPairs.student(0, 0), TokenPairs.student(0, 1),
                TokenPairs.student(1, 0), TokenPairs.student(1, 1)));
    }
}
