package dev.triptych.device.tornado;

import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// What tasks read besides arenas: the offsets of their tensors, behind these the numbers of launches where a kernel is
/// told them, and constants. All runs of all graphs have a row each, which is sent once; a run of a graph begins with
/// [Replay#takeRow], which copies the row whose turn it is to where the graph's tasks read. So nothing is sent from run
/// to run, and a run of a graph is the same commands every time, which CUDA records once and replays.
///
/// `integers` holds where the row of the next run begins ([#NEXT]), how many runs there were since a program began
/// ([#RUNS]), what the tasks of the present run read (from [#HEAD] on), and all rows. A row holds where the row of the
/// run behind it begins, where its constants do, and its integers. The last row of a program leads to its first.
///
/// @param integers as above
/// @param numbers the constants of the present run, and those of all rows
/// @param starts where the first row of each program begins
record Tables(int[] integers, float[] numbers, List<Integer> starts) {
    static final int NEXT = 0;
    static final int RUNS = 1;
    static final int HEAD = 2;

    /// Where a unit's part of the present run begins.
    record Place(int[] integers, int integer, float[] numbers, int number) {
        /// The place behind that of a unit.
        Place behind(Unit unit) {
            return new Place(integers, integer + unit.integers(), numbers, number + unit.constants().size());
        }
    }

    /// Where the first unit's part of the present run begins.
    Place begin() {
        return new Place(integers, HEAD, numbers, 0);
    }

    long bytes() {
        return 4L * (integers.length + numbers.length);
    }

    /// The tables of a sequence of runs for each program.
    ///
    /// @param programs the units of each run of each program
    /// @param offset of a tensor in its array
    static Tables of(List<List<List<Unit>>> programs, ToIntFunction<Tensor> offset) {
        List<List<Unit>> all = programs.stream().flatMap(List::stream).toList();
        int integerRoom = all.stream().mapToInt(Tables::integers).max().orElse(0);
        int numberRoom = Math.max(1, all.stream().mapToInt(Tables::constants).max().orElse(0));
        int[] integers = new int[HEAD + integerRoom + all.stream().mapToInt(run -> HEAD + integers(run)).sum()];
        // TornadoVM has no empty arrays
        float[] numbers = new float[numberRoom + all.stream().mapToInt(Tables::constants).sum()];
        var starts = new ArrayList<Integer>();
        int at = HEAD + integerRoom;
        int number = numberRoom;
        for (List<List<Unit>> program : programs) {
            starts.add(at);
            for (int r = 0; r < program.size(); r++) {
                List<Unit> run = program.get(r);
                int row = at;
                at += HEAD + integers(run);
                integers[row] = r + 1 < program.size() ? at : starts.getLast();
                integers[row + 1] = number;
                int i = row + HEAD;
                for (Unit unit : run) {
                    for (Tensor tensor : unit.tensors()) {
                        integers[i++] = offset.applyAsInt(tensor);
                    }
                    for (int n : unit.numbers()) {
                        integers[i++] = n;
                    }
                    for (float c : unit.constants()) {
                        numbers[number++] = c;
                    }
                }
            }
        }
        return new Tables(integers, numbers, List.copyOf(starts));
    }

    /// How many integers a run of units reads.
    static int integers(List<Unit> run) {
        return run.stream().mapToInt(Unit::integers).sum();
    }

    /// How many constants a run of units reads.
    static int constants(List<Unit> run) {
        return run.stream().mapToInt(unit -> unit.constants().size()).sum();
    }
}
