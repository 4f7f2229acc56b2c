package dev.triptych.device.tornado;

import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// What the tasks of a graph read from tables, one task after another: the offsets of their tensors, behind these the
/// number of the launch where a kernel is told it, and their constants.
record Tables(int[] integers, float[] numbers) {
    /// Tables, and where in them a task's part begins.
    record Place(int[] integers, int integer, float[] numbers, int number) {
    }

    /// The tables of launches.
    static Tables of(List<Launch> launches, ToIntFunction<Tensor> offset) {
        var integers = IntStream.builder();
        for (Launch launch : launches) {
            launch.tensors().forEach(t -> integers.add(offset.applyAsInt(t)));
            if (launch.call().launch() >= 0) {
                integers.add(launch.call().launch());
            }
        }
        List<Float> constants = launches.stream().flatMap(l -> l.call().constants().stream()).toList();
        float[] numbers = new float[constants.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = constants.get(i);
        }
        return new Tables(integers.build().toArray(), numbers);
    }

    /// The place of the first task.
    Place begin() {
        return new Place(integers, 0, numbers, 0);
    }

    /// The place behind that of a call.
    static Place behind(Place place, Call call) {
        int integers = call.tensors().size() + (call.launch() < 0 ? 0 : 1);
        return new Place(place.integers, place.integer + integers, place.numbers,
                place.number + call.constants().size());
    }

    void take(Tables other) {
        System.arraycopy(other.integers, 0, integers, 0, integers.length);
        System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
    }

    long bytes() {
        return 4L * (integers.length + numbers.length);
    }
}
