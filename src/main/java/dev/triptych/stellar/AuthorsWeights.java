package dev.triptych.stellar;

import dev.triptych.decoder.FourierPositions;
import dev.triptych.io.Dtype;
import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.WeightsReader;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.LossWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Weights that STELLAR's authors released (specification, sections 0 to 4), checked against a recipe's model and ready
/// to be written as a checkpoint. No more than one tensor is in memory at a time.
public final class AuthorsWeights implements WeightsReader.Weights {
    private static final String FOURIER = "position_embedding.positional_encoding_gaussian_matrix";
    private static final String LIGHTNING = "model.";
    private static final Set<Dtype> FLOATS = Set.of(Dtype.F64, Dtype.F32, Dtype.F16, Dtype.BF16);

    private final SafetensorsFile file;
    private final Recipe recipe;
    private final State state;
    private final String prefix;
    /// Their tensors that the model needs, with the shapes expected, in the order of ours.
    private final Map<String, int[]> expected = new LinkedHashMap<>();

    private AuthorsWeights(SafetensorsFile file, Recipe recipe) {
        var programs = new StellarPrograms(recipe);
        this.file = file;
        this.recipe = recipe;
        this.state = programs.state();
        this.prefix = file.has(LIGHTNING + "sparse_tokens") ? LIGHTNING : "";
        var settings = StellarPrograms.settings(recipe);
        state.parameters().forEach((ours, tensor) -> theirs(ours).forEach(
                name -> expected.put(name, StellarNames.shape(ours, tensor.shape(), settings))));
        expected.put(prefix + FOURIER, state.buffers().get("decoder.fourier").shape());
    }

    private List<String> theirs(String ours) {
        return StellarNames.theirs(ours, StellarSection.of(recipe).predictorLayers() == 1).stream().map(n -> prefix + n)
                .toList();
    }

    /// Opens a file and checks every tensor against the model: names, shapes, number formats, and that all numbers are
    /// finite.
    ///
    /// @param recipe of a STELLAR whose model the weights are
    /// @throws FormatException listing all tensors that are missing, not the model's, or not as they should be
    public static AuthorsWeights open(Path file, Recipe recipe) throws IOException {
        var weights = new AuthorsWeights(Safetensors.read(file), recipe);
        weights.check();
        return weights;
    }

    private void check() {
        var missing = expected.keySet().stream().filter(name -> !file.has(name))
                .map(name -> name + " " + Tensor.text(expected.get(name))).toList();
        var extra = file.names().stream()
                .filter(name -> !expected.containsKey(name) && !unused(name)).map(this::found).toList();
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

    private boolean unused(String name) {
        return name.startsWith(prefix) && StellarNames.unused(name.substring(prefix.length()));
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

    /// Poolers, and the decoder's own embeddings.
    @Override
    public List<String> unused() {
        return file.names().stream().filter(this::unused).toList();
    }

    @Override
    public int used() {
        return expected.size();
    }

    @Override
    public long parameters() {
        return state.parameterCount();
    }

    @Override
    public void save(Path checkpoint) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        state.parameters().forEach((ours, tensor) -> entries.add(
                TensorEntry.later(ours, tensor.shape(), () -> joined(theirs(ours), tensor.count()))));
        Tensor table = state.buffers().get("decoder.positions");
        double[] g = file.doubles(prefix + FOURIER);
        entries.add(TensorEntry.later("buffer.decoder.fourier", expected.get(prefix + FOURIER),
                () -> file.floats(prefix + FOURIER)));
        int grid = recipe.data().side() / recipe.encoder().patch();
        entries.add(TensorEntry.of("buffer.decoder.positions", table.shape(),
                FourierPositions.table(g, grid, grid, DecoderSection.of(recipe).width())));
        Checkpoint.write(checkpoint, recipe, new Checkpoint.Position(0, 0, 0, 0, LossWindow.begin(0), Map.of()),
                entries);
    }

    /// The numbers of one tensor, or of q, k and v one after the other.
    private float[] joined(List<String> names, int count) {
        float[] values = new float[count];
        int at = 0;
        for (String name : names) {
            float[] part = file.floats(name);
            System.arraycopy(part, 0, values, at, part.length);
            at += part.length;
        }
        return values;
    }
}
