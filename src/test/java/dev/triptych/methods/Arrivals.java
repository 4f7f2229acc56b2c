package dev.triptych.methods;

import dev.triptych.data.source.Split;
import dev.triptych.method.Pace;
import dev.triptych.method.Task;
import dev.triptych.method.TestPlace;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Everything that a method makes of a recipe, place by place: constants and sizes of every launch of its programs, how
/// each parameter begins, what is uploaded for a step, rates and momentum, and what is done before steps.
record Arrivals(Map<String, List<String>> places) {
    /// More places than that are counted instead of listed.
    private static final int LISTED = 6;
    private static final float[] LEVELS = {0f, 0.04f, 0.09f, 0.15f, 0.2f, 0.3f, 0.6f};

    static Arrivals of(Recipe recipe) throws IOException {
        var places = new LinkedHashMap<String, List<String>>();
        var method = Methods.ALL.of(recipe);
        var place = new TestPlace();
        for (Program program : ProgramListsTest.programs(recipe)) {
            launches(places, program);
        }
        start(places, method.programs(recipe).state());
        Task task = method.supply(recipe, place).task();
        note(places, "all | training images", task.size());
        if (recipe.data().trainImages() > 0) {
            note(places, "all | opened training images", place.images(recipe, Split.TRAIN).size());
            note(places, "all | opened test images", place.images(recipe, Split.TEST).size());
        }
        task.sources().forEach((name, sha256) -> note(places, "all | source " + name, sha256));
        for (Stage stage : recipe.training().stages()) {
            stage(places, recipe, task, stage);
        }
        return new Arrivals(places);
    }

    private static void note(Map<String, List<String>> places, String place, Object value) {
        places.computeIfAbsent(place, p -> new ArrayList<>()).add(String.valueOf(value));
    }

    private static void launches(Map<String, List<String>> places, Program program) {
        String name = program.name();
        for (Launch launch : program.launches()) {
            var call = launch.call();
            note(places, name + " | launches | " + launch.section(), launch.kernel());
            for (RecordComponent component : call.getClass().getRecordComponents()) {
                String kind = component.getType() == float.class
                        ? "constant"
                        : component.getType() == int.class ? "size" : null;
                if (kind != null) {
                    note(places, name + " | " + kind + " | " + launch.section() + ": " + launch.kernel() + "."
                            + component.getName(), value(call, component));
                }
            }
        }
        program.constants().forEach((tensor, values) -> {
            note(places, name + " | given | " + tensor.name(),
                    values.length == 1 ? values[0] : Arrays.toString(tensor.shape()) + Arrays.hashCode(values));
        });
        program.inputs().forEach((input, tensor) -> note(places, name + " | input | " + input,
                Arrays.toString(tensor.shape())));
    }

    private static Object value(Object call, RecordComponent component) {
        try {
            return component.getAccessor().invoke(call);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(Map<String, List<String>> places, State state) {
        state.parameters().forEach((name, tensor) -> note(places, "all | start | " + name,
                Arrays.toString(tensor.shape()) + Arrays.hashCode(state.draw(name, 3))));
        state.buffers().forEach((name, tensor) -> note(places, "all | start | buffer " + name,
                Arrays.toString(tensor.shape()) + Arrays.hashCode(state.bufferValues(name))));
        state.teachers().forEach((name, tensor) -> note(places, "all | start | teacher " + name,
                Arrays.toString(tensor.shape())));
    }

    private static void stage(Map<String, List<String>> places, Recipe recipe, Task task, Stage stage) {
        long length = stage.steps(task.size(), recipe.training().batch());
        note(places, stage.name() + " | steps", length);
        Task.Part part = task.part(stage);
        rates(places, recipe, stage, part, length);
        uploads(places, stage.name() + " | first batch | ", part, 0);
        for (float level : LEVELS) {
            Task.Part again = task.part(stage);
            var session = new NotedSession(level);
            var counters = new AdamWRates(again.step().descent().parameters(), tensor -> true, 0.9, 0.99);
            for (long t = 0; t < length; t++) {
                long step = t;
                again.before(session, counters, t, length).ifPresent(
                        what -> note(places, stage.name() + " | before a step", step + " at level " + level + ": "
                                + what));
            }
            for (Tensor tensor : new LinkedHashSet<>(session.order())) {
                note(places, stage.name() + " | uploaded before a step | " + tensor.name(),
                        session.noted(tensor).hashCode());
            }
            if (level == LEVELS[LEVELS.length - 1]) {
                uploads(places, stage.name() + " | last batch | ", again, length - 1);
            }
        }
    }

    private static void rates(Map<String, List<String>> places, Recipe recipe, Stage stage, Task.Part part,
            long length) {
        var pace = new Pace(recipe, stage, part, length);
        var descent = part.step().descent();
        int matrix = rank(descent.parameters(), 2);
        int vector = rank(descent.parameters(), 1);
        for (long t = 0; t < length; t++) {
            var session = new NotedSession(0f);
            pace.upload(session, t);
            float[] rates = session.download(descent.rates());
            String[] names = {"rate", "rate times decay of matrices", "1 - beta1^t", "1 - beta2^t"};
            for (int k = 0; k < names.length; k++) {
                note(places, stage.name() + " | " + names[k], rates[4 * matrix + k]);
            }
            note(places, stage.name() + " | rate times decay of vectors", rates[4 * vector + 1]);
            if (part.step().momentum() != null) {
                note(places, stage.name() + " | momentum", session.value(part.step().momentum()));
            }
        }
    }

    private static int rank(List<Tensor> parameters, int rank) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).rank() == rank) {
                return i;
            }
        }
        throw new IllegalStateException("no parameter has rank " + rank);
    }

    private static void uploads(Map<String, List<String>> places, String place, Task.Part part, long step) {
        var session = new NotedSession(0f);
        try (var feed = part.feed(session, step, step + 1)) {
            feed.next();
        }
        for (Tensor tensor : session.order()) {
            note(places, place + tensor.name(), session.noted(tensor).hashCode());
        }
    }

    /// A place that is otherwise.
    ///
    /// @param where programs or stages
    /// @param head what it is
    /// @param tail which of its kind
    /// @param change of value, where it can be read
    private record Line(String where, String head, String tail, String change) {
        String text() {
            return (where.equals("all") ? "" : where + " | ") + head + (tail.isEmpty() ? "" : " | " + tail) + change;
        }
    }

    /// What is otherwise: places with one and the same change are one line, and so are many of one kind.
    List<String> differences(Arrivals other) {
        var names = new LinkedHashSet<>(places.keySet());
        names.addAll(other.places.keySet());
        names.removeIf(name -> Objects.equals(places.get(name), other.places.get(name))
                || otherLaunches(name, other));
        var lines = names.stream().map(name -> {
            String[] parts = name.split(" \\| ", 3);
            return new Line(parts[0], parts[1], parts.length == 3 ? parts[2] : "",
                    parts[1].equals("launches") ? "" : change(places.get(name), other.places.get(name)));
        }).toList();
        lines = merge(lines, line -> List.of(line.where(), line.head()), (line, all) -> all.size() > LISTED
                && !line.head().equals("constant") ? new Line(line.where(), line.head(), "many", "") : line);
        lines = merge(lines, line -> List.of(line.head(), line.tail(), line.change()),
                (line, all) -> new Line(joined(all, Line::where), line.head(), line.tail(), line.change()));
        lines = merge(lines, line -> List.of(line.where(), line.head(), line.change()),
                (line, all) -> new Line(line.where(), line.head(), joined(all, Line::tail), line.change()));
        return lines.stream().map(Line::text).distinct().toList();
    }

    /// Constants and sizes of a section whose launches are others say nothing more.
    private boolean otherLaunches(String name, Arrivals other) {
        String[] parts = name.split(" \\| ", 3);
        if (parts.length < 3 || !parts[1].equals("constant") && !parts[1].equals("size")) {
            return false;
        }
        String launches = parts[0] + " | launches | " + parts[2].substring(0, parts[2].lastIndexOf(": "));
        return !Objects.equals(places.get(launches), other.places.get(launches));
    }

    /// Lines of one key become one where `merged` makes them so; it is asked for each.
    private static List<Line> merge(List<Line> lines, Function<Line, List<String>> key,
            BiFunction<Line, List<Line>, Line> merged) {
        var groups = new LinkedHashMap<List<String>, List<Line>>();
        lines.forEach(line -> groups.computeIfAbsent(key.apply(line), k -> new ArrayList<>()).add(line));
        return groups.values().stream()
                .flatMap(group -> group.stream().map(line -> merged.apply(line, group)).distinct()).toList();
    }

    private static String joined(List<Line> lines, Function<Line, String> part) {
        return String.join(", ", new LinkedHashSet<>(lines.stream().map(part).toList()));
    }

    /// The first value that is otherwise, where it is short enough to read.
    private static String change(List<String> before, List<String> after) {
        if (before == null || after == null) {
            return before == null ? ": new" : ": gone";
        }
        if (before.size() != after.size()) {
            return ": " + before.size() + " -> " + after.size();
        }
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).equals(after.get(i))) {
                return readable(before.get(i)) && readable(after.get(i))
                        ? ": " + before.get(i) + " -> " + after.get(i)
                        : "";
            }
        }
        return "";
    }

    /// Numbers and texts, no hashes.
    private static boolean readable(String value) {
        return !value.matches("-?[0-9]{5,}") && !value.matches("\\[.*\\]-?[0-9]+");
    }
}
