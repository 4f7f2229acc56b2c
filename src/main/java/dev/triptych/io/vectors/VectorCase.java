package dev.triptych.io.vectors;

import dev.triptych.io.FormatException;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One golden case: `NAME.json` with settings, formulas and tolerances, beside `NAME.safetensors` with all tensors.
/// Neither its name nor its title decides anything.
public final class VectorCase {
    private static final Pattern AFTER_OPTIMIZER = Pattern
            .compile("intermediates\\.(.+\\.)?(params_after|buffers_after|teacher_after|adam_m|adam_v)\\..+");
    private static final Pattern LATER_STEP = Pattern.compile("[a-z]+\\.step([2-9]|[1-9][0-9]+)\\..+");

    private final Path json;
    private final Map<String, Object> values;
    private final SafetensorsFile tensors;

    private VectorCase(Path json, Map<String, Object> values, SafetensorsFile tensors) {
        this.json = json;
        this.values = values;
        this.tensors = tensors;
    }

    /// All `.json` files of a folder and its sub-folders that are cases, sorted: those with a tensor file beside them,
    /// and those that speak of one.
    ///
    /// @throws FormatException if there are none, or a tensor file has no JSON beside it
    public static List<Path> find(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new FormatException(folder, "golden vectors", "there is no such folder",
                    "Name a folder of .json files beside .safetensors files");
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (file.toString().endsWith(".safetensors") && !files.contains(sibling(file, ".safetensors", ".json"))) {
                throw new FormatException(file, "golden vectors", "it has no .json beside it",
                        "Copy both files of every case");
            }
        }
        List<Path> cases = files.stream().filter(f -> f.toString().endsWith(".json"))
                .filter(f -> files.contains(tensorsOf(f)) || speaksOfTensors(f)).toList();
        if (cases.isEmpty()) {
            throw new FormatException(folder, "golden vectors", "it holds no .json beside a .safetensors",
                    "Name a folder of .json files beside .safetensors files");
        }
        return cases;
    }

    private static boolean speaksOfTensors(Path file) {
        try {
            Map<String, Object> values = Json.read(Files.readString(file));
            return values.containsKey("method") && values.containsKey("sha256");
        } catch (IOException e) {
            return false;
        }
    }

    private static Path sibling(Path file, String ending, String other) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
    }

    private static Path tensorsOf(Path json) {
        return sibling(json, ".json", ".safetensors");
    }

    /// Reads a case and verifies the checksum of its tensors.
    ///
    /// @throws FormatException if a file is not what the format demands
    public static VectorCase open(Path json) throws IOException {
        Path file = tensorsOf(json);
        if (!Files.exists(file)) {
            throw new FormatException(json, "tensors", "there is no " + file.getFileName() + " beside it",
                    "Copy both files of the case");
        }
        Map<String, Object> values;
        try {
            values = Json.read(Files.readString(json));
        } catch (IOException e) {
            throw new FormatException(json, "JSON", e.getMessage(), "Copy the case again", e);
        }
        String found = sha256(file);
        if (!found.equals(values.get("sha256"))) {
            throw new FormatException(file, "checksum", "its SHA-256 is " + found + ", the JSON says "
                    + values.get("sha256"), "Copy the case again");
        }
        return new VectorCase(json, values, Safetensors.read(file));
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /// The case's JSON file.
    public Path path() {
        return json;
    }

    /// `common`, `stellar`, ...
    public String method() {
        return String.valueOf(values.get("method"));
    }

    /// One entry of the JSON's top level, or null.
    public Object value(String key) {
        return values.get(key);
    }

    /// All settings.
    public Map<?, ?> hyper() {
        return values.get("hyper") instanceof Map<?, ?> map ? map : Map.of();
    }

    /// The formulas, as one text.
    public String definitions() {
        return String.valueOf(values.get("definitions"));
    }

    /// The tensors.
    public SafetensorsFile tensors() {
        return tensors;
    }

    /// The norm of all gradients: the stated one, or that of the gradients that are stored.
    public double gradientNorm() {
        if (values.get("total_grad_norm") instanceof Number norm) {
            return norm.doubleValue();
        }
        double sum = 0;
        for (String name : tensors.names()) {
            if (name.startsWith("grads.")) {
                for (double g : tensors.doubles(name)) {
                    sum += g * g;
                }
            }
        }
        return Math.sqrt(sum);
    }

    /// Whether a tensor is state after an update by the optimiser.
    public static boolean afterOptimizer(String tensor) {
        return AFTER_OPTIMIZER.matcher(tensor).matches();
    }

    /// The tolerance of a tensor.
    ///
    /// @param precision `float64` or `float32`
    /// @throws IllegalArgumentException if the JSON states none
    public Tolerance tolerance(String precision, String tensor) {
        Map<?, ?> all = map(values.get("tolerances"));
        Map<?, ?> own = map(all.get(precision));
        if (LATER_STEP.matcher(tensor).matches() && all.get(precision + "_steps_2_and_3") instanceof Map<?, ?> later) {
            own = later;
        }
        if (afterOptimizer(tensor)) {
            Object after = own.containsKey("after_optimizer")
                    ? own.get("after_optimizer")
                    : map(all.get("after_optimizer")).get(precision);
            if (after instanceof Map<?, ?> kinds && !kinds.containsKey("rtol")) {
                after = kinds.entrySet().stream().filter(e -> names(String.valueOf(e.getKey()), tensor))
                        .map(Map.Entry::getValue).findFirst().orElse(null);
            }
            if (after != null) {
                return Tolerance.of(after);
            }
        }
        String key = tensor.startsWith("losses.") ? "losses" : tensor.startsWith("grads.") ? "grads" : "values";
        Tolerance stated = Tolerance.of(own.get(key));
        return stated instanceof Tolerance.Bound(double rtol, double atol) && isZeroGradient(tensor)
                ? new Tolerance.OfGradientNorm(rtol)
                : stated;
    }

    /// Whether a gradient is zero whatever the numbers, such as that of a bias in front of a batch norm: what is stored
    /// and what is computed are both rounding noise, which is as large as what cancels.
    private boolean isZeroGradient(String tensor) {
        return map(values.get("zero_gradients")).entrySet().stream()
                .anyMatch(e -> e.getValue() instanceof List<?> list && list.stream().anyMatch(
                        name -> tensor.equals("grads." + name)
                                || tensor.equals("grads." + e.getKey() + "." + name)));
    }

    /// Whether a key such as `params_after, teacher, buffers` speaks of the tensor.
    private static boolean names(String key, String tensor) {
        return Stream.of(key.split(", *")).anyMatch(word -> tensor.contains("." + word));
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
