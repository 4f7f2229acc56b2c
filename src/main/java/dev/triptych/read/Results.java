package dev.triptych.read;

import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The steps of a program, each by what it gives. A value is called as the variable of the sources that it becomes; of
/// two values of one name, the older one is written with the number of its step, `x@12`.
final class Results {
    private record Named(String name, int number) {
    }

    private final Program program;
    private final SourceTree sources;
    private final Map<Tensor, Named> named = new IdentityHashMap<>();
    private final Map<String, Tensor> latest = new HashMap<>();
    private final List<Result> results = new ArrayList<>();

    private Results(Program program, SourceTree sources) {
        this.program = program;
        this.sources = sources;
        var launches = program.launches();
        for (int from = 0; from < launches.size();) {
            int to = from + 1;
            while (to < launches.size() && launches.get(to).step() == launches.get(from).step()) {
                to++;
            }
            results.add(result(launches.subList(from, to)));
            from = to;
        }
    }

    /// All steps of a program.
    static List<Result> of(Program program, SourceTree sources) {
        return List.copyOf(new Results(program, sources).results);
    }

    private Result result(List<Launch> launches) {
        var step = launches.getFirst().step();
        int number = results.size() + 1;
        Set<Tensor> written = new LinkedHashSet<>();
        launches.forEach(launch -> written.addAll(launch.call().written()));
        // an operand that several launches read is told once, one that a launch reads twice is told twice: f f^T
        var read = new ArrayList<Tensor>();
        for (Launch launch : launches) {
            var before = List.copyOf(read);
            launch.tensors().stream().filter(t -> !before.contains(t) && !written.contains(t)
                    && !written.contains(t.root())).forEach(read::add);
        }
        // before the result is named, which may have the name of an operand
        List<String> operands = step.isAdjoint()
                ? distinct(read.stream().sorted((a, b) -> Boolean.compare(isGradient(b), isGradient(a))).toList())
                : read.stream().map(this::label).toList();
        var naming = sources.name(step.origins());
        List<Tensor> given;
        if (step.isAdjoint()) {
            given = written.stream().filter(this::isGradient).toList();
            given = given.isEmpty() ? List.of(launches.getLast().output()) : given;
        } else {
            given = List.of(whole(launches.getLast().output()));
            name(given.getFirst(), naming.map(SourceTree.Naming::name).orElse(given.getFirst().name()), number);
        }
        return new Result(number, step, List.copyOf(launches), distinct(given), given, operands,
                naming.map(SourceTree.Naming::place)
                        .orElse(step.origins().isEmpty() ? null : step.origins().getFirst()));
    }

    private List<String> distinct(List<Tensor> tensors) {
        return tensors.stream().map(this::label).distinct().toList();
    }

    /// What the sources have in hand: a value in between that is written part by part is one.
    private static Tensor whole(Tensor written) {
        return written.arena() == Arena.ACTIVATIONS || written.arena() == Arena.INTEGERS ? written.root() : written;
    }

    private boolean isGradient(Tensor t) {
        return program.differentiated(t) != null || program.differentiated(t.root()) != null;
    }

    private void name(Tensor result, String name, int number) {
        named.put(result, new Named(name, number));
        latest.put(name, result);
    }

    private String label(Tensor t) {
        Tensor x = program.differentiated(t) == null ? program.differentiated(t.root()) : program.differentiated(t);
        if (x != null) {
            return "d" + label(x);
        }
        Tensor known = named.containsKey(t) ? t : t.root();
        Named own = named.get(known);
        if (own == null) {
            return known.name();
        }
        return latest.get(own.name()) == known ? own.name() : own.name() + "@" + own.number();
    }
}
