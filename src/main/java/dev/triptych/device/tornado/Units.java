package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// How a device carries out programs: launch by launch in layer forms, or, on graphics cards, by [TaskPattern].
///
/// @param groups whether versions for graphics cards are taken
record Units(boolean groups) {
    /// The units of a program, in the order of its launches.
    List<Unit> of(Program program) {
        List<Launch> launches = program.launches();
        if (!groups) {
            return launches.stream().map(Unit::plain).toList();
        }
        Map<Tensor, Integer> mentions = Window.mentions(program);
        var units = new ArrayList<Unit>();
        int at = 0;
        while (at < launches.size()) {
            Unit unit = TaskPattern.of(launches.subList(at, launches.size()), mentions)
                    .filter(Units::works).orElse(Unit.plain(launches.get(at)));
            units.add(unit);
            at += unit.launches().size();
        }
        return units;
    }

    /// TornadoVM refuses a grid of no groups; a loop of no rounds it does not.
    private static boolean works(Unit unit) {
        return unit.tasks().stream().allMatch(task -> task.groups() > 0);
    }

    /// The launches of each unit.
    List<List<Launch>> groups(Program program) {
        return of(program).stream().map(Unit::launches).toList();
    }

    /// Whether a call has a version for graphics cards.
    static boolean hasForms(Call call) {
        return TaskPattern.of(List.of(new Launch(call, "", "", 0)), Map.of()).isPresent();
    }

    /// The most numbers that a unit needs beside its tensors.
    static int scratch(Collection<List<Unit>> units) {
        return units.stream().flatMap(List::stream).flatMap(unit -> unit.tasks().stream())
                .mapToInt(Unit.Task::scratch).max().orElse(0);
    }
}
