package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.Figures;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Pace;
import dev.triptych.method.Task;
import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A recipe's training on one device, step by step, as the trainer does it: the same batches, rates and changes of
/// state whatever the device.
final class MethodSide implements AutoCloseable {
    private final Recipe recipe;
    private final Task task;
    private final List<Task.Part> parts = new ArrayList<>();
    private final Session session;
    private Task.Part part;
    private Feed<?> feed;
    private Pace pace;
    private long length;
    private long step;
    private Figures work;

    MethodSide(Recipe recipe, Task task, Device device) {
        this.recipe = recipe;
        this.task = task;
        recipe.training().stages().forEach(s -> parts.add(task.part(s)));
        List<Program> programs = parts.stream()
                .flatMap(p -> Stream.concat(Stream.of(p.step().program()), p.others().stream())).toList();
        programs.forEach(p -> p.launches().stream().filter(Decisions::isDecision).forEach(l -> p.keep(l.output())));
        session = device.bind(state(), programs);
        session.initialize(state(), recipe.seed());
    }

    State state() {
        return task.programs().state();
    }

    Session session() {
        return session;
    }

    List<Launch> launches() {
        return part.step().program().launches();
    }

    /// Begins a stage with fresh moments and, where it asks for one, a fresh teacher.
    ///
    /// @param steps that will be made of it
    void begin(int number, int steps) {
        closeFeed();
        Stage stage = recipe.training().stages().get(number);
        part = parts.get(number);
        length = Math.max(steps, stage.steps(task.size(), recipe.training().batch()));
        step = 0;
        pace = new Pace(recipe, stage, part, length);
        for (Tensor parameter : state().parameters().values()) {
            float[] zeros = new float[parameter.count()];
            session.upload(state().mirror(parameter, Arena.FIRST_MOMENTS), zeros);
            session.upload(state().mirror(parameter, Arena.SECOND_MOMENTS), zeros);
        }
        if (stage.teacher()) {
            session.copyToTeacher(state());
        }
        feed = part.feed(session, 0, steps);
    }

    void step() {
        part.before(session, pace.rates(), step, length);
        feed.next();
        pace.upload(session, step);
        Figures before = session.figures();
        session.run(part.step().program());
        work = session.figures().since(before);
        step++;
    }

    /// What the device did for the program of the last step.
    Figures work() {
        return work;
    }

    /// Takes parameters, teacher and buffers from another side.
    void copy(MethodSide other) {
        var from = values(state(), other.state());
        from.forEach((to, source) -> session.upload(to, other.session.download(source)));
    }

    private static Map<Tensor, Tensor> values(State to, State from) {
        var pairs = new LinkedHashMap<Tensor, Tensor>();
        to.parameters().forEach((name, tensor) -> pairs.put(tensor, from.parameters().get(name)));
        to.teachers().forEach((name, tensor) -> pairs.put(tensor, from.teachers().get(name)));
        to.buffers().forEach((name, tensor) -> pairs.put(tensor, from.buffers().get(name)));
        return pairs;
    }

    /// The numbers that the last step put out, by name.
    Map<String, float[]> outputs() {
        var values = new LinkedHashMap<String, float[]>();
        part.step().program().outputs().forEach((name, tensor) -> values.put(name, session.download(tensor)));
        return values;
    }

    /// The numbers of one arena, of each parameter that the gradient reaches.
    List<float[]> mirrors(Arena arena) {
        return part.step().descent().parameters().stream().map(p -> session.download(state().mirror(p, arena)))
                .toList();
    }

    /// All parameters, and all averages of a teacher.
    List<float[]> weights() {
        return Stream.concat(state().parameters().values().stream(), state().teachers().values().stream())
                .map(session::download).toList();
    }

    private void closeFeed() {
        if (feed != null) {
            feed.close();
        }
    }

    @Override
    public void close() {
        closeFeed();
        session.close();
    }
}
