package dev.triptych.device.tornado;

import dev.triptych.device.Window;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Step;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
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
            Unit unit = TaskPattern.of(launches.subList(at, launches.size()), launches, mentions)
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

    /// How many numbers tensors of a program need that are not stored whole: what its units have in their place.
    Map<Tensor, Long> rooms(Program program) {
        var rooms = new IdentityHashMap<Tensor, Long>();
        of(program).forEach(unit -> rooms.putAll(unit.rooms()));
        of(program).stream().filter(unit -> unit.rooms().isEmpty())
                .forEach(unit -> unit.launches().stream().flatMap(l -> l.tensors().stream()).map(Tensor::root)
                        .filter(rooms::containsKey).findFirst().ifPresent(t -> {
                            throw new IllegalStateException(unit + " needs " + t + ", which is not stored");
                        }));
        return rooms;
    }

    /// The launches of each unit.
    List<List<Launch>> groups(Program program) {
        return of(program).stream().map(Unit::launches).toList();
    }

    /// Whether a call has a version for graphics cards.
    static boolean hasForms(Call call) {
        List<Launch> alone = List.of(new Launch(call, new Step("", "", List.of()), 0));
        return TaskPattern.of(alone, alone, Map.of()).isPresent();
    }

    /// The most numbers that a unit needs beside its tensors.
    static int scratch(Collection<List<Unit>> units) {
        return units.stream().flatMap(List::stream).flatMap(unit -> unit.tasks().stream())
                .mapToInt(Unit.Task::scratch).max().orElse(0);
    }
}
