package dev.triptych.methods;

import dev.triptych.device.Figures;
import dev.triptych.device.Session;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A session that computes nothing and keeps what is uploaded. A tensor that nothing was uploaded to holds a ramp up to
/// a level.
final class NotedSession implements Session {
    private final Map<Tensor, Object> uploaded = new LinkedHashMap<>();
    private final List<Tensor> order = new ArrayList<>();
    private final float level;

    NotedSession(float level) {
        this.level = level;
    }

    /// Tensors in the order of their uploads.
    List<Tensor> order() {
        return order;
    }

    /// A text that differs where an upload does.
    String noted(Tensor tensor) {
        return uploaded.get(tensor) instanceof float[] numbers
                ? Arrays.toString(numbers)
                : Arrays.toString((int[]) uploaded.get(tensor));
    }

    @Override
    public void run(Program program) {
        // what it would compute is not asked for
    }

    @Override
    public void upload(Tensor tensor, float[] values) {
        order.add(tensor);
        uploaded.put(tensor, values.clone());
    }

    @Override
    public void upload(Tensor tensor, int[] values) {
        order.add(tensor);
        uploaded.put(tensor, values.clone());
    }

    @Override
    public float[] download(Tensor tensor) {
        if (uploaded.get(tensor) instanceof float[] numbers && tensor.arena() != Arena.BUFFERS) {
            return numbers.clone();
        }
        float[] ramp = new float[tensor.count()];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = level * (i + 1) / ramp.length;
        }
        return ramp;
    }

    @Override
    public int[] downloadIntegers(Tensor tensor) {
        return uploaded.get(tensor) instanceof int[] numbers ? numbers.clone() : new int[tensor.count()];
    }

    @Override
    public String firstNonFinite(Program program) {
        return null;
    }

    @Override
    public Figures figures() {
        return new Figures(0, 0, 0, 0, List.of());
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {
        uploaded.clear();
    }
}
