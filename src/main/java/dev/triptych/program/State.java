package dev.triptych.program;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What lives longer than one run: parameters with their companions (gradients, moments, teacher) and buffers. All
/// programs of a method share one state. Offsets are given on registration, each on a multiple of 16 numbers.
public final class State {
    private static final int ALIGNMENT = 16;

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Initializer> initializers = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, float[]> bufferValues = new LinkedHashMap<>();
    private final Map<String, Tensor> teachers = new LinkedHashMap<>();
    private long parameterEnd;
    private long bufferEnd;

    /// A trainable parameter.
    public Tensor parameter(String name, Initializer initializer, int... shape) {
        var tensor = new Tensor(name, Arena.PARAMETERS, parameterEnd, true, shape);
        if (parameters.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("Parameter '" + name + "' is registered twice");
        }
        initializers.put(name, initializer);
        parameterEnd = align(parameterEnd + tensor.size());
        return tensor;
    }

    /// State without gradient, with its initial values.
    public Tensor buffer(String name, float[] values, int... shape) {
        if (values.length != Tensor.count(shape)) {
            throw new IllegalArgumentException(
                    "Buffer '" + name + "' of shape " + Tensor.text(shape) + " is given " + values.length + " values");
        }
        var tensor = new Tensor(name, Arena.BUFFERS, bufferEnd, false, shape);
        if (buffers.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("Buffer '" + name + "' is registered twice");
        }
        bufferValues.put(name, values.clone());
        bufferEnd = align(bufferEnd + tensor.size());
        return tensor;
    }

    /// The moving average of a registered parameter, in the teacher arena.
    public Tensor teacher(String parameter) {
        Tensor student = parameter(parameter);
        return teachers.computeIfAbsent(parameter,
                name -> new Tensor("teacher." + name, Arena.TEACHER, student.offset(), false, student.shape()));
    }

    /// A registered parameter by name.
    public Tensor parameter(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No parameter '" + name + "' among " + parameters.keySet());
        }
        return tensor;
    }

    /// The slot of a parameter in one of the arenas that mirror the parameters.
    public Tensor mirror(Tensor parameter, Arena arena) {
        return new Tensor(arena.name().toLowerCase(java.util.Locale.ROOT) + "." + parameter.name(), arena,
                parameter.offset(), false, parameter.shape());
    }

    /// The whole of an arena that mirrors the parameters, as it stands now.
    Tensor whole(Arena arena) {
        return new Tensor(arena.name().toLowerCase(java.util.Locale.ROOT), arena, 0, false,
                Math.toIntExact(parameterEnd));
    }

    /// All parameters by name, in order of registration.
    public Map<String, Tensor> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /// All buffers by name.
    public Map<String, Tensor> buffers() {
        return Collections.unmodifiableMap(buffers);
    }

    /// The teacher's tensors by the name of their parameter; empty without a teacher.
    public Map<String, Tensor> teachers() {
        return Collections.unmodifiableMap(teachers);
    }

    /// The first values of a parameter: a function of the seed and its name alone.
    public float[] draw(String parameter, long seed) {
        long key = Integer.toUnsignedLong(parameter.hashCode());
        return draw(parameter, CounterRandom.of(seed, Stream.INIT, key, 0));
    }

    /// Values of a parameter's initial distribution.
    public float[] draw(String parameter, CounterRandom random) {
        float[] values = new float[parameter(parameter).count()];
        initializers.get(parameter).fill(values, random);
        return values;
    }

    /// First values of a buffer.
    public float[] bufferValues(String name) {
        return bufferValues.get(name).clone();
    }

    /// Number of trainable numbers.
    public long parameterCount() {
        long count = 0;
        for (Tensor t : parameters.values()) {
            count += t.size();
        }
        return count;
    }

    /// Length of an arena of the state, in numbers.
    public long length(Arena arena) {
        if (arena == Arena.TEACHER && teachers.isEmpty()) {
            return 0;
        }
        return arena.mirrorsParameters() ? parameterEnd : arena == Arena.BUFFERS ? bufferEnd : 0;
    }

    static long align(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
