package dev.triptych.device.tornado;

import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/// What a graph carries out as one: a launch, or several that a pattern knows, by one task or a few.
///
/// @param launches in order
/// @param tensors whose offsets its tasks read from the graph's table, in order
/// @param numbers that stand behind these in the table
/// @param constants that its tasks read from the table of constants
/// @param tasks one after another
/// @param rooms how many numbers it needs of tensors that it does not store whole
record Unit(List<Launch> launches, List<Tensor> tensors, List<Integer> numbers, List<Float> constants,
        List<Task> tasks, Map<Tensor, Long> rooms) {
    /// A unit that stores every tensor whole.
    Unit(List<Launch> launches, List<Tensor> tensors, List<Integer> numbers, List<Float> constants,
            List<Task> tasks) {
        this(launches, tensors, numbers, constants, tasks, Map.of());
    }

    /// A kernel as TornadoVM runs it.
    ///
    /// @param name of the kernel
    /// @param lanes of a group; 0 where a loop is all there is
    /// @param groups how many
    /// @param scratch how many numbers it needs beside its tensors, while the unit runs
    /// @param append appends it to a graph
    record Task(String name, int lanes, int groups, int scratch, Append append) {
    }

    /// Appends a task to a graph.
    @FunctionalInterface
    interface Append {
        /// @param a the arrays of the device
        /// @param t what the task reads of its graph's tables
        TaskGraph to(TaskGraph graph, String id, KernelContext context, ArenaArrays a, Tables.Place t);
    }

    /// A launch in its layer form.
    static Unit plain(Launch launch) {
        Call call = launch.call();
        return of(launch, new Task(call.kernel().name(), 0, 0, 0,
                (graph, id, context, a, t) -> LayerTasks.append(graph, id, call, a, t)));
    }

    /// A launch by a task that reads of the tables what the layer form does.
    static Unit of(Launch launch, Task task) {
        Call call = launch.call();
        return new Unit(List.of(launch), call.tensors(), call.launch() < 0 ? List.of() : List.of(call.launch()),
                call.constants(), List.of(task));
    }

    /// How many integers it has in a table.
    int integers() {
        return tensors.size() + numbers.size();
    }

    /// What the code of its tasks depends on: two units with the same are carried out by the same tasks, with other
    /// offsets, numbers and constants.
    ///
    /// @param array what tells the array that a tensor lies in
    List<Object> shape(Function<Tensor, Object> array) {
        var shape = new ArrayList<Object>();
        for (Launch launch : launches) {
            Call call = launch.call();
            shape.add(call.kernel());
            shape.add(call.tensors().stream().map(array).toList());
            shape.add(call.sizes());
        }
        shape.add(tensors.stream().map(array).toList());
        tasks.forEach(task -> shape.add(List.of(task.name, task.lanes, task.groups)));
        return shape;
    }

    /// The name of a task in a graph.
    ///
    /// @param i place of this unit in the graph
    /// @param j place of the task in this unit
    String id(int i, int j) {
        return tasks.get(j).name + i + (j == 0 ? "" : "and" + j);
    }

    /// The kernels of its launches.
    @Override
    public String toString() {
        return launches.stream().map(launch -> launch.kernel().toString()).collect(Collectors.joining(" with "));
    }
}
