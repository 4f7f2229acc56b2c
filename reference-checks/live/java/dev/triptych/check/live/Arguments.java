package dev.triptych.check.live;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.triptych.device.HostSession;
import dev.triptych.libtorch.Script;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What TorchScript knows by name: tensors with the values that they have when they are added, and a row's numbers.
final class Arguments {
    private final NDManager manager;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();
    private final Map<String, NDArray> numbers = new LinkedHashMap<>();

    /// Nothing yet.
    Arguments(NDManager manager) {
        this.manager = manager;
    }

    /// Adds a tensor, with its values of now.
    void add(Tensor tensor, HostSession session) {
        var shape = new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray());
        tensors.put(tensor.name(), tensor.arena().isInteger()
                ? manager.create(Arrays.stream(session.downloadIntegers(tensor)).asLongStream().toArray(), shape)
                : manager.create(session.download(tensor), shape));
    }

    /// Adds a number: a Double, a Long or long[].
    void add(String name, Object number) {
        numbers.put(name, switch (number) {
            case Double fraction -> manager.create(fraction.doubleValue());
            case Long whole -> manager.create(whole.longValue());
            case long[] list -> manager.create(list);
            default -> throw new IllegalStateException(name + " is " + number);
        });
    }

    /// libtorch's copy of a tensor.
    NDArray of(Tensor tensor) {
        return tensors.get(tensor.name());
    }

    /// Runs TorchScript that names tensors and numbers alike; names with dots are keys of `p`.
    NDArray run(String torch) {
        var signature = new ArrayList<String>();
        var values = new NDList();
        var keyed = new NDList();
        var all = new LinkedHashMap<>(tensors);
        all.putAll(numbers);
        all.forEach((name, array) -> {
            if (name.matches("\\w+")) {
                array.setName(name);
                values.add(array);
                signature.add(name + ": Tensor");
            } else if (name.matches("[\\w.]+")) {
                array.setName("p." + name);
                keyed.add(array);
            }
        });
        if (!keyed.isEmpty()) {
            signature.add("p: Dict[str, Tensor]");
        }
        values.addAll(keyed);
        return Script.of(String.join(", ", signature), torch).run(values).head();
    }

    /// Runs TorchScript to which all tensors are keys of `p`, and the numbers keys of `s`.
    NDArray runKeyed(String torch) {
        var values = new NDList();
        tensors.forEach((name, array) -> {
            array.setName("p." + name);
            values.add(array);
        });
        numbers.forEach((name, array) -> {
            array.setName("s." + name);
            values.add(array);
        });
        return Script.of("p: Dict[str, Tensor], s: Dict[str, Tensor]", torch).run(values).head();
    }
}
