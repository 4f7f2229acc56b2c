package dev.triptych.device.tornado;

import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/// Builds the graphs of a session's plan: what they send, keep and consume, and their tasks.
final class Graphs {
    private static final String OWN = "own";

    private final ArenaArrays arenas;
    private final Versions versions;
    private final int device;
    private final GridScheduler grids = new GridScheduler();

    /// @param device number of the device, or -1
    Graphs(ArenaArrays arenas, Versions versions, int device) {
        this.arenas = arenas;
        this.versions = versions;
        this.device = device;
    }

    /// The grids of the tasks that have one.
    GridScheduler grids() {
        return grids;
    }

    /// Sends all arenas.
    ImmutableTaskGraph own() {
        return keep(new TaskGraph(OWN), arenas.all().keySet());
    }

    /// Sends the inputs.
    ImmutableTaskGraph sendInputs() {
        return keep(new TaskGraph("inputs").consumeFromDevice(OWN, arenas.of(arenas.others())), arenas.inputs());
    }

    /// Completes a graph that sends arenas and leaves them on the device, readable and writable.
    private ImmutableTaskGraph keep(TaskGraph graph, Set<Arena> kept) {
        int[] go = {0};
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, go)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, arenas.of(kept));
        for (Arena arena : kept) {
            switch (arenas.all().get(arena)) {
                case int[] integers -> graph.task(arena.name(), Residence::residentIntegers, go, integers);
                case Object floats -> graph.task(arena.name(), Residence::residentFloats, go, (float[]) floats);
            }
        }
        return graph.persistOnDevice(arenas.of(kept)).snapshot();
    }

    /// Carries out launches, with what it reads from tables.
    ImmutableTaskGraph of(String name, List<Launch> launches, Tables tables) {
        var graph = new TaskGraph(name).consumeFromDevice(OWN, arenas.of(arenas.all().keySet()));
        return append(graph, name, launches, tables).snapshot();
    }

    /// Completes a graph that has all arenas of its launches.
    private TaskGraph append(TaskGraph graph, String name, List<Launch> launches, Tables tables) {
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, tables.integers());
        if (tables.numbers().length > 0) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, tables.numbers());
        }
        Tables.Place place = tables.begin();
        for (int i = 0; i < launches.size(); i++) {
            versions.append(graph, name, task(launches.get(i), i), launches.get(i).call(), arenas, place, grids);
            place = Tables.behind(place, launches.get(i).call());
        }
        return graph;
    }

    /// The name of the task for launch i of a graph.
    static String task(Launch launch, int i) {
        return launch.kernel().name() + i;
    }

    /// Whether a launch compiles in a graph of its own, which is not run.
    boolean compiles(Launch launch) {
        var graph = new TaskGraph("probe").transferToDevice(DataTransferMode.EVERY_EXECUTION,
                arenas.of(launch.tensors().stream().map(Tensor::arena).collect(Collectors.toSet())));
        append(graph, "probe", List.of(launch), Tables.of(List.of(launch), arenas::offset));
        try (var probe = new TornadoExecutionPlan(graph.snapshot())) {
            if (device >= 0) {
                probe.withDevice(Hardware.find(device));
            }
            probe.withPreCompilation();
            return true;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Exception | Error e) {
            return false;
        }
    }
}
