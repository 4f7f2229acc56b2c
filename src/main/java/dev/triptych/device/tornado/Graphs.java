package dev.triptych.device.tornado;

import dev.triptych.program.Arena;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/// Builds the graphs of a session's plan: what they send, keep and consume, and their tasks.
final class Graphs {
    private static final String OWN = "own";

    private final ArenaArrays arenas;
    private final Tables tables;
    private final int device;
    private final int[] go = {0};
    private final KernelContext context = new KernelContext();
    private final GridScheduler grids = new GridScheduler();

    /// @param tables of all runs of all graphs
    /// @param device number of the device, or -1
    Graphs(ArenaArrays arenas, Tables tables, int device) {
        this.arenas = arenas;
        this.tables = tables;
        this.device = device;
    }

    /// The grids of the tasks that have one.
    GridScheduler grids() {
        return grids;
    }

    /// Sends all arenas but inputs, and the tables, and makes room for the scratch array.
    ImmutableTaskGraph own() {
        var graph = new TaskGraph(OWN);
        keep(graph, arenas.others());
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, tables.integers(), tables.numbers())
                .task("integers", Residence::residentIntegers, go, tables.integers())
                .task("numbers", Residence::residentFloats, go, tables.numbers())
                .persistOnDevice(tables.integers(), tables.numbers());
        if (arenas.scratch().length > 0) {
            graph.task("scratch", Residence::makeRoom, go, arenas.scratch()).persistOnDevice(arenas.scratch());
        }
        return graph.snapshot();
    }

    /// Sends the inputs.
    ImmutableTaskGraph sendInputs() {
        var graph = new TaskGraph("inputs").consumeFromDevice(OWN, arenas.of(arenas.others()));
        consumeRest(graph);
        return keep(graph, arenas.inputs()).snapshot();
    }

    /// Begins a program.
    ///
    /// @param row where its first row begins, and 0; sent at every run
    ImmutableTaskGraph begin(int[] row) {
        var graph = new TaskGraph("begin");
        consumeAll(graph);
        return graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, row)
                .task("begin", Residence::begin, row, tables.integers()).snapshot();
    }

    /// Completes a graph that sends arenas and leaves them on the device, readable and writable.
    private TaskGraph keep(TaskGraph graph, Set<Arena> kept) {
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, go)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, arenas.of(kept));
        for (Arena arena : kept) {
            switch (arenas.all().get(arena)) {
                case int[] integers -> graph.task(arena.name(), Residence::residentIntegers, go, integers);
                case Object floats -> graph.task(arena.name(), Residence::residentFloats, go, (float[]) floats);
            }
        }
        return graph.persistOnDevice(arenas.of(kept));
    }

    private void consumeAll(TaskGraph graph) {
        graph.consumeFromDevice(OWN, arenas.of(arenas.all().keySet()));
        consumeRest(graph);
    }

    private void consumeRest(TaskGraph graph) {
        graph.consumeFromDevice(OWN, tables.integers(), tables.numbers());
        if (arenas.scratch().length > 0) {
            graph.consumeFromDevice(OWN, arenas.scratch());
        }
    }

    /// Carries out units, as the row says whose turn it is.
    ImmutableTaskGraph of(String name, List<Unit> units) {
        var graph = new TaskGraph(name);
        consumeAll(graph);
        graph.task("takeRow", Replay::takeRow, context, tables.integers(), tables.numbers(), Tables.integers(units),
                Tables.constants(units));
        grid(name + ".takeRow", Replay.LANES, 1);
        return append(graph, name, units).snapshot();
    }

    /// Completes a graph that has all arrays of its units.
    private TaskGraph append(TaskGraph graph, String name, List<Unit> units) {
        Tables.Place place = tables.begin();
        for (int i = 0; i < units.size(); i++) {
            Unit unit = units.get(i);
            for (int j = 0; j < unit.tasks().size(); j++) {
                Unit.Task task = unit.tasks().get(j);
                String id = unit.id(i, j);
                task.append().to(graph, id, context, arenas, place);
                if (task.lanes() > 0) {
                    grid(name + "." + id, task.lanes(), task.groups());
                }
            }
            place = place.behind(unit);
        }
        return graph;
    }

    private void grid(String task, int lanes, int groups) {
        var grid = new WorkerGrid1D(lanes * groups);
        grid.setLocalWork(lanes, 1, 1);
        grids.addWorkerGrid(task, grid);
    }

    /// Whether a unit compiles in a graph of its own, which is not run.
    boolean compiles(Unit unit) {
        var graph = new TaskGraph("probe").transferToDevice(DataTransferMode.EVERY_EXECUTION, arenas.everything())
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, tables.integers(), tables.numbers());
        append(graph, "probe", List.of(unit));
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
