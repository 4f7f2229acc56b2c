package dev.triptych.train;

import dev.triptych.io.Dtype;
import dev.triptych.io.FormatException;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.WeightsReader;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Weights that others released, checked against a recipe's model and ready to be written as a checkpoint. No more than
/// one tensor is in memory at a time.
public final class ReleasedWeights implements WeightsReader.Weights {
    private static final Set<Dtype> FLOATS = Set.of(Dtype.F64, Dtype.F32, Dtype.F16, Dtype.BF16);

    /// A tensor of a checkpoint, and what it is made of.
    ///
    /// @param ours its name in the checkpoint
    /// @param shape ours
    /// @param theirs shapes of the tensors of theirs that it is made of, by name
    /// @param reading makes ours of the file
    public record Part(String ours, int[] shape, Map<String, int[]> theirs, Reading reading) {
        /// Made of one tensor of theirs, or of several of one shape.
        public Part(String ours, int[] shape, List<String> theirs, int[] theirShape, Reading reading) {
            this(ours, shape, alike(theirs, theirShape), reading);
        }

        private static Map<String, int[]> alike(List<String> names, int[] shape) {
            var all = new LinkedHashMap<String, int[]>();
            names.forEach(name -> all.put(name, shape));
            return all;
        }

        /// Tensors of theirs one after another (q, k, v), or one as it is.
        public static Part joined(Tensor ours, List<String> theirs, int... theirShape) {
            return laid(ours, theirs, UnaryOperator.identity(), theirShape);
        }

        /// The same in another order of the numbers.
        public static Part laid(Tensor ours, List<String> theirs, UnaryOperator<float[]> layout, int... theirShape) {
            return new Part(ours.name(), ours.shape(), theirs, theirShape, file -> {
                float[] values = new float[ours.count()];
                int at = 0;
                for (String name : theirs) {
                    float[] part = file.floats(name);
                    System.arraycopy(part, 0, values, at, part.length);
                    at += part.length;
                }
                return layout.apply(values);
            });
        }
    }

    /// Makes a tensor of a file.
    @FunctionalInterface
    public interface Reading {
        /// The numbers of one tensor of ours.
        float[] read(SafetensorsFile file);
    }

    private final SafetensorsFile file;
    private final Recipe recipe;
    private final long parameters;
    private final List<Part> parts;
    private final Predicate<String> unused;
    /// Their tensors that the model needs, with the shapes expected, in the order of ours.
    private final Map<String, int[]> expected = new LinkedHashMap<>();

    private ReleasedWeights(SafetensorsFile file, Recipe recipe, long parameters, List<Part> parts,
            Predicate<String> unused) {
        this.file = file;
        this.recipe = recipe;
        this.parameters = parameters;
        this.parts = List.copyOf(parts);
        this.unused = unused;
        parts.forEach(part -> expected.putAll(part.theirs()));
    }

    /// Checks every tensor of a file against a model: names, shapes, number formats, and that all numbers are finite.
    ///
    /// @param parameters numbers that the model learns
    /// @param parts of the checkpoint: all parameters and buffers
    /// @param unused names of tensors that the model never uses
    /// @throws FormatException listing all tensors that are missing, not the model's, or not as they should be
    public static ReleasedWeights of(SafetensorsFile file, Recipe recipe, long parameters, List<Part> parts,
            Predicate<String> unused) {
        var weights = new ReleasedWeights(file, recipe, parameters, parts, unused);
        weights.check();
        return weights;
    }

    private void check() {
        var missing = expected.keySet().stream().filter(name -> !file.has(name))
                .map(name -> name + " " + Tensor.text(expected.get(name))).toList();
        var extra = file.names().stream()
                .filter(name -> !expected.containsKey(name) && !unused.test(name)).map(this::found).toList();
        var shaped = expected.keySet().stream().filter(file::has)
                .filter(name -> !Arrays.equals(file.shape(name), expected.get(name)))
                .map(name -> found(name) + ", expected " + Tensor.text(expected.get(name))).toList();
        var damaged = expected.keySet().stream().filter(file::has).map(this::damage).filter(d -> d != null).toList();
        var problems = new ArrayList<String>();
        list(problems, "missing", missing);
        list(problems, "not of this model", extra);
        list(problems, "of another shape", shaped);
        list(problems, "damaged", damaged);
        if (!problems.isEmpty()) {
            throw new FormatException(file.path(), "its tensors are not those of the model",
                    String.join("\n", problems) + "\n" + file.names().size() + " tensors found, " + expected.size()
                            + " expected",
                    "Choose the recipe of this file by --as, give its sizes as key=value, or download the file again");
        }
    }

    private static void list(List<String> problems, String what, List<String> names) {
        if (!names.isEmpty()) {
            problems.add("\n" + names.size() + " " + what + ":\n  " + String.join("\n  ", new TreeSet<>(names)));
        }
    }

    private String found(String name) {
        return name + " " + Tensor.text(file.shape(name));
    }

    /// What is wrong with the numbers of a tensor; null if nothing is.
    private String damage(String name) {
        if (!FLOATS.contains(file.dtype(name))) {
            return name + " holds " + file.dtype(name) + ", expected one of " + new TreeSet<>(FLOATS);
        }
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return name + " holds " + values[i] + " at " + i + ", expected finite numbers";
            }
        }
        return null;
    }

    @Override
    public List<String> unused() {
        return file.names().stream().filter(unused).toList();
    }

    @Override
    public int used() {
        return expected.size();
    }

    @Override
    public long parameters() {
        return parameters;
    }

    @Override
    public void save(Path checkpoint) throws IOException {
        var entries = parts.stream().map(part -> TensorEntry.later(part.ours(), part.shape(),
                () -> part.reading().read(file))).toList();
        Checkpoint.write(checkpoint, recipe, new Checkpoint.Position(0, 0, 0, 0, LossWindow.begin(0), "", "", Map.of()),
                entries);
    }
}
