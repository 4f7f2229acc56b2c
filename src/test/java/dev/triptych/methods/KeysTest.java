package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.Method;
import dev.triptych.recipe.Key;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Every key of a recipe reaches what uses it, and nothing else. Each is set to an odd value, alone, and what is then
/// otherwise is what the files of `src/test/resources/keys` say: constants of launches with the value that arrives,
/// batches, starts, rates, what is done before steps. A key that changes nothing fails, unless it is named here with
/// the test that holds it.
///
/// `mvn -B test -Dtest=KeysTest -Dkeys=write` writes the files anew, to be read before they are committed.
class KeysTest {
    private static final Path FOLDER = Path.of("src/test/resources/keys");
    private static final List<String> SMALL = List.of("training.batch=6", "data.train-images=24",
            "data.test-images=8");
    private static final List<String> PROTOTYPES = List.of("triptych.alignment=prototypes",
            "triptych.weights.rate=0");
    /// What a key needs beside it to have a meaning.
    private static final Map<String, List<String>> BESIDE = Map.ofEntries(
            Map.entry("bits.target-temperature", List.of("bits.targets=soft")),
            Map.entry("bits.reset-every", List.of("bits.reset-every=2")),
            Map.entry("bits.blur-second", List.of("bits.blur-second=1")),
            Map.entry("sorcen.echo-ready", List.of("sorcen.echo-ready=2")),
            Map.entry("augment.blur-probability", List.of("augment.blur-kernel=3")),
            Map.entry("augment.blur-sigma", List.of("augment.blur-kernel=3")),
            Map.entry("augment.blur-kernel", List.of("augment.blur-kernel=3")),
            Map.entry("optimizer.warmup-reaches-peak", List.of("optimizer.warmup=0.5")),
            Map.entry("optimizer.clip-norm", List.of("optimizer.clip=global")),
            Map.entry("optimizer.decay-vectors", List.of("optimizer.weight-decay=0.1")),
            Map.entry("optimizer.warmup", List.of("optimizer.warmup=0.5")),
            Map.entry("triptych.echo-warmup", List.of("triptych.echo-warmup=1")),
            Map.entry("triptych.prototypes", PROTOTYPES),
            Map.entry("triptych.predictor-hidden", PROTOTYPES),
            Map.entry("triptych.prototype-dim", PROTOTYPES));
    private static final List<String> COLOURS = List.of("augment.brightness", "augment.contrast",
            "augment.saturation", "augment.hue", "augment.jitter-probability", "augment.grayscale",
            "augment.blur-kernel", "augment.blur-sigma");
    private static final List<String> CROPS = List.of("augment.global-scale", "augment.local-scale");
    private static final List<String> TEACHER = List.of("training.stages.0.teacher", "training.stages.0.momentum",
            "training.stages.0.momentum-final");
    /// Keys of common sections that a method has no use for.
    private static final Map<String, List<String>> NO_USE = Map.of(
            "mae", joined(Stream.of(COLOURS, List.of("augment.local-scale"), TEACHER.subList(1, 3))),
            "vqgan", joined(Stream.of(COLOURS, CROPS, TEACHER)),
            "vqvae", joined(Stream.of(COLOURS, CROPS, TEACHER)),
            "sorcen", joined(Stream.of(COLOURS, CROPS, List.of("augment.flip"))));
    /// Keys of opening files and of the trainer's books, and what holds them.
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("method", "ContractTest"),
            Map.entry("data.dir", "ImageFilesTest"),
            Map.entry("data.labels", "FolderSourceTest"),
            Map.entry("data.parts", "FolderSourceTest"),
            Map.entry("data.follow-links", "LimitedDecoderTest"),
            Map.entry("data.skip-bad", "ImageFilesTest"),
            Map.entry("data.max-pixels", "ImageFilesTest"),
            Map.entry("data.cache", "ImageFilesTest"),
            Map.entry("data.pack", "UnpackedRunTest"),
            Map.entry("data.classes", "ShiftRunTest"),
            Map.entry("data.corruption", "ShiftRunTest"),
            Map.entry("data.strength", "ShiftRunTest"),
            Map.entry("sorcen.codes", "SorcenTrainingTest"),
            Map.entry("sorcen.generate-iterations", "SorcenOptionsTest"),
            Map.entry("sorcen.generate-temperature", "SorcenOptionsTest"),
            Map.entry("decoder.tokenizer", "StellarCodesTest"),
            Map.entry("training.log-every", "TrainerTest"),
            Map.entry("training.checkpoint-every", "TrainerTest"),
            Map.entry("training.keep-checkpoints", "TrainerTest"),
            Map.entry("eval.every", "LooksTest"),
            Map.entry("eval.keys", "OnlineRunTest"),
            Map.entry("eval.queries", "OnlineRunTest"),
            Map.entry("eval.by", "OnlineRunTest"),
            Map.entry("eval.patience", "LooksTest"));

    private static List<String> joined(Stream<List<String>> lists) {
        return lists.flatMap(List::stream).sorted().toList();
    }

    static List<Method> methods() {
        return Methods.ALL.all();
    }

    private static Recipe load(String name, Stream<String> overrides) {
        var latest = new LinkedHashMap<String, String>(); // of those of one key
        overrides.forEach(word -> latest.putLast(word.substring(0, word.indexOf('=')), word));
        return Methods.RECIPES.load(name, List.copyOf(latest.values())).recipe();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyKeyArrivesWhereItBelongs(Method method) throws IOException {
        String name = method.recipes().getFirst();
        var lines = new ArrayList<String>();
        var silent = new TreeSet<String>();
        var plain = Arrivals.of(load(name, SMALL.stream()));
        for (Key key : Methods.RECIPES.keys()) {
            List<String> beside = BESIDE.getOrDefault(key.path(), List.of());
            if (ELSEWHERE.containsKey(key.path()) || !known(name, key)) {
                continue;
            }
            String path = key.path().replace(".*.", ".0.");
            var base = Stream.concat(SMALL.stream(), beside.stream()).toList();
            Recipe before = load(name, base.stream());
            var refusals = new ArrayList<String>();
            Changed changed = changed(name, base, path, key, before, refusals);
            if (changed == null) {
                lines.add(path);
                lines.add("    refused: " + refusals.getFirst().replaceFirst("^override '[^']*': ", ""));
                continue;
            }
            var differences = (beside.isEmpty() ? plain : Arrivals.of(before))
                    .differences(Arrivals.of(changed.recipe()));
            lines.add(String.join(" ", beside) + (beside.isEmpty() ? "" : ", then ") + path + "=" + changed.value());
            differences.forEach(line -> lines.add("    " + line));
            if (differences.isEmpty()) {
                silent.add(path);
            }
        }
        assertEquals(NO_USE.getOrDefault(method.name(), List.of()), List.copyOf(silent), "keys that reach nothing");
        Path file = FOLDER.resolve(method.name() + ".txt");
        if ("write".equals(System.getProperty("keys"))) {
            Files.createDirectories(FOLDER);
            Files.write(file, lines);
        }
        assertEquals(String.join("\n", Files.readAllLines(file)), String.join("\n", lines),
                () -> file + ", then what arrives; the class says how to write files anew");
    }

    @Test
    void noListIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(methods().stream().map(method -> method.name() + ".txt").sorted().toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void whatIsHeldElsewhereIsThere() throws IOException {
        Set<String> keys = new TreeSet<>(Methods.RECIPES.keys().stream().map(Key::path).toList());
        assertTrue(keys.containsAll(ELSEWHERE.keySet()), "keys that there are not");
        assertTrue(keys.containsAll(BESIDE.keySet()), "keys that there are not");
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            var names = sources.map(path -> path.getFileName().toString().replace(".java", "")).toList();
            assertTrue(names.containsAll(ELSEWHERE.values()), "tests that there are not");
        }
    }

    /// Whether recipes of this name have the key.
    private static boolean known(String name, Key key) {
        Recipe recipe = load(name, SMALL.stream());
        String yaml = "\n" + recipe.toYaml();
        String[] parts = key.path().split("\\.");
        return parts.length == 1 || yaml.contains("\n" + parts[0] + ":") && !refused(name, key);
    }

    private static boolean refused(String name, Key key) {
        var owners = Methods.ALL.all().stream().filter(method -> method.sharedKeys().contains(key.path())).toList();
        return !owners.isEmpty() && owners.stream().noneMatch(method -> method.recipes().contains(name));
    }

    private record Changed(String value, Recipe recipe) {
    }

    /// The first value of a key that the rest of the recipe allows; null if there is none.
    private static Changed changed(String name, List<String> base, String path, Key key, Recipe before,
            List<String> refusals) {
        for (String value : candidates(key, current(before, path))) {
            try {
                Recipe recipe = load(name, Stream.concat(base.stream(), Stream.of(path + "=" + value)));
                if (!recipe.equals(before)) {
                    return new Changed(value, recipe);
                }
            } catch (RecipeException e) {
                refusals.add(e.getMessage());
            }
        }
        return null;
    }

    /// The value that a key has.
    private static Object current(Recipe recipe, String path) {
        Object value = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build())
                .loadFromString(recipe.toYaml());
        for (String part : path.split("\\.")) {
            value = value instanceof List<?> list ? list.get(Integer.parseInt(part)) : ((Map<?, ?>) value).get(part);
        }
        return value;
    }

    private static List<String> candidates(Key key, Object current) {
        if (current instanceof List<?> list && list.stream().allMatch(Integer.class::isInstance)) {
            var values = new ArrayList<Object>(list);
            values.set(0, 2 * (Integer) list.getFirst());
            return List.of(values.toString());
        }
        return switch (key.type().replace(" or null", "")) {
            case "true|false" -> List.of(String.valueOf(!(Boolean) current));
            case "word" -> Arrays.stream(key.range().split(", ")).filter(word -> !word.equals(current)).toList();
            case "text" -> List.of("odd-name");
            case "[low, high]" -> {
                double low = ((Number) ((List<?>) current).get(0)).doubleValue();
                double high = ((Number) ((List<?>) current).get(1)).doubleValue();
                yield List.of("[" + number(low + 0.07 * (high - low)) + ", " + number(high - 0.13 * (high - low))
                        + "]");
            }
            case "integer" -> {
                long value = current == null ? 3 : ((Number) current).longValue();
                yield Stream.of(value + 1, value + 2, 2 * value, value - 1, 3L, 5L, 8L, 0L).map(String::valueOf)
                        .toList();
            }
            default -> {
                double value = current == null ? 0.37 : ((Number) current).doubleValue();
                yield Stream.of(1.25 * value, 0.75 * value, 0.8125, 0.1875, 3.0, 1e-4).map(KeysTest::number).toList();
            }
        };
    }

    private static String number(double x) {
        return String.format(Locale.ROOT, "%.6g", x);
    }
}
