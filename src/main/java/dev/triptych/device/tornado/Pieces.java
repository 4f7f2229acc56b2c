package dev.triptych.device.tornado;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Programs cut into pieces that are graphs of one plan. What repeats, such as the blocks of a transformer, forward and
/// backward, is one graph that runs once for each repetition, with other offsets: the number of tasks to compile does
/// not grow with the depth of a model.
///
/// Two units are alike if their launches are of the same kernels on the same arrays with the same sizes; where their
/// tensors lie, and what their constants are, does not matter. Repetitions that follow one another are found first,
/// those that save the most before others; then longer runs that occur at several places, in whatever program; the rest
/// is cut into graphs of bounded length.
final class Pieces {
    /// A run of one graph.
    ///
    /// @param graph number of the graph, from 0
    /// @param units that it carries out this time
    record Piece(int graph, List<Unit> units) {
    }

    /// Repetitions in a row: `count` times the `period` units from `from` on.
    private record Repetition(int from, int period, int count) {
        int saved() {
            return (count - 1) * period;
        }

        int end() {
            return from + count * period;
        }
    }

    /// A program's units by number, alike ones by the same, and the pieces that are settled: `length[i]` is that of
    /// the piece that begins at i, 0 where none does, -1 inside of one.
    private record Line(List<Unit> units, int[] numbers, int[] length) {
        boolean open(int from, int n) {
            for (int i = from; i < from + n; i++) {
                if (i >= length.length || length[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        void settle(int from, int n) {
            Arrays.fill(length, from, from + n, -1);
            length[from] = n;
        }

        List<Integer> key(int from, int n) {
            return Arrays.stream(numbers, from, from + n).boxed().toList();
        }
    }

    /// A place in a line.
    private record Place(Line line, int at) {
    }

    /// A run of a graph costs about as much as a task: what saves no more than this is left as it is.
    private static final int LEAST = 3;

    /// Shortest run of units that is worth a graph of its own because it occurs elsewhere too.
    private static final int SHARED = 8;

    private final int most;
    private final Function<Tensor, Object> array;
    private final Map<Program, List<Piece>> pieces = new IdentityHashMap<>();
    private final List<List<Unit>> graphs = new ArrayList<>();
    private final Map<List<Object>, Integer> numbers = new HashMap<>();
    private final Map<List<Integer>, Integer> known = new HashMap<>();

    /// @param units of each program, in the order of their launches
    /// @param most units that a graph may hold
    /// @param array what tells the array that a tensor lies in
    Pieces(Map<Program, List<Unit>> units, int most, Function<Tensor, Object> array) {
        this.most = most;
        this.array = array;
        List<Program> programs = List.copyOf(units.keySet());
        List<Line> lines = programs.stream().map(p -> line(units.get(p))).toList();
        lines.forEach(line -> repeated(line, 0, line.numbers.length));
        for (int n = most; n >= SHARED; n--) {
            shared(lines, n);
        }
        for (int i = 0; i < lines.size(); i++) {
            pieces.put(programs.get(i), cut(lines.get(i)));
        }
    }

    /// The pieces of a program, in order.
    List<Piece> of(Program program) {
        return pieces.get(program);
    }

    /// The units of every graph: those of the piece that was met first.
    List<List<Unit>> graphs() {
        return Collections.unmodifiableList(graphs);
    }

    /// Tasks of all graphs: what is to be compiled.
    int tasks() {
        return graphs.stream().flatMap(List::stream).mapToInt(unit -> unit.tasks().size()).sum();
    }

    private Line line(List<Unit> units) {
        int[] numbered = units.stream()
                .mapToInt(u -> numbers.computeIfAbsent(u.shape(array), s -> numbers.size())).toArray();
        return new Line(units, numbered, new int[numbered.length]);
    }

    /// Settles repetitions in a row between two places.
    private void repeated(Line line, int from, int to) {
        Repetition best = repetition(line.numbers, from, to);
        if (best == null) {
            return;
        }
        repeated(line, from, best.from);
        for (int i = 0; i < best.count; i++) {
            line.settle(best.from + i * best.period, best.period);
        }
        repeated(line, best.end(), to);
    }

    /// The repetitions in a row that save the most tasks; null if none saves more than a run of a graph costs. Of
    /// equals the shortest period, then the first.
    private Repetition repetition(int[] s, int from, int to) {
        Repetition best = null;
        for (int period = 1; period <= Math.min(most, (to - from) / 2); period++) {
            int alike = 0;
            for (int i = to - period - 1; i >= from; i--) {
                alike = s[i] == s[i + period] ? alike + 1 : 0;
                var found = new Repetition(i, period, alike / period + 1);
                if (found.count > 1 && found.saved() > LEAST && (best == null || found.saved() > best.saved()
                        || found.saved() == best.saved() && period == best.period)) {
                    best = found;
                }
            }
        }
        return best;
    }

    /// Settles runs of n units that occur at several places which are still open, or are alike to a settled piece.
    private static void shared(List<Line> lines, int n) {
        var places = new LinkedHashMap<List<Integer>, List<Place>>();
        for (Line line : lines) {
            for (int i = 0; i + n <= line.numbers.length; i++) {
                if (line.open(i, n) || line.length[i] == n) {
                    places.computeIfAbsent(line.key(i, n), k -> new ArrayList<>()).add(new Place(line, i));
                }
            }
        }
        for (List<Place> alike : places.values()) {
            List<Place> apart = apart(alike, n);
            if (apart.size() > 1) {
                apart.forEach(p -> p.line.settle(p.at, n));
            }
        }
    }

    /// Those places that are free by now and do not overlap.
    private static List<Place> apart(List<Place> places, int n) {
        var apart = new ArrayList<Place>();
        for (Place p : places) {
            boolean free = p.line.length[p.at] == n || p.line.open(p.at, n);
            Place last = apart.isEmpty() ? null : apart.getLast();
            if (free && (last == null || last.line != p.line || last.at + n <= p.at)) {
                apart.add(p);
            }
        }
        return apart;
    }

    private List<Piece> cut(Line line) {
        var list = new ArrayList<Piece>();
        int i = 0;
        while (i < line.length.length) {
            int n = line.length[i];
            if (n == 0) {
                n = 1;
                while (n < most && line.open(i, n + 1)) {
                    n++;
                }
            }
            list.add(piece(line, i, n));
            i += n;
        }
        return List.copyOf(list);
    }

    private Piece piece(Line line, int from, int n) {
        List<Unit> units = line.units.subList(from, from + n);
        int graph = known.computeIfAbsent(line.key(from, n), k -> {
            graphs.add(units);
            return graphs.size() - 1;
        });
        return new Piece(graph, units);
    }
}
