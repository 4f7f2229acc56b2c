package dev.triptych.device.tornado;

import dev.triptych.program.Tensor;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// What the tasks of a graph read from tables, one unit after another: the offsets of its tensors, behind these the
/// numbers of launches where a kernel is told them, and its constants.
record Tables(int[] integers, float[] numbers) {
    /// Tables, and where in them a unit's part begins.
    record Place(int[] integers, int integer, float[] numbers, int number) {
    }

    /// The tables of units.
    static Tables of(List<Unit> units, ToIntFunction<Tensor> offset) {
        var integers = IntStream.builder();
        for (Unit unit : units) {
            unit.tensors().forEach(t -> integers.add(offset.applyAsInt(t)));
            unit.numbers().forEach(integers::add);
        }
        List<Float> constants = units.stream().flatMap(u -> u.constants().stream()).toList();
        float[] numbers = new float[constants.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = constants.get(i);
        }
        return new Tables(integers.build().toArray(), numbers);
    }

    /// The place of the first unit.
    Place begin() {
        return new Place(integers, 0, numbers, 0);
    }

    /// The place behind that of a unit.
    static Place behind(Place place, Unit unit) {
        return new Place(place.integers, place.integer + unit.integers(), place.numbers,
                place.number + unit.constants().size());
    }

    void take(Tables other) {
        System.arraycopy(other.integers, 0, integers, 0, integers.length);
        System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
    }

    long bytes() {
        return 4L * (integers.length + numbers.length);
    }
}
