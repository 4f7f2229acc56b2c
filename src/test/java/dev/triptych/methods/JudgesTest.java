package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Judging;
import dev.triptych.method.Method;
import dev.triptych.method.Option;
import dev.triptych.method.TestPlace;
import dev.triptych.method.Trained;
import dev.triptych.program.State;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of judges that stand a trained encoder beside an untrained one: they judge an encoder that sees nothing
/// and one that tells the classes apart, over several batches of images or codes of four classes, in an order that no
/// shift maps onto itself, and test images that contradict the training images. What they measure, and by which
/// protocol, is what the files of `src/test/resources/figures` say; `mvn -B test -Dtest=JudgesTest -Dfigures=write`
/// writes them anew, to be read before they are committed.
class JudgesTest {
    private static final Path FOLDER = Path.of("src/test/resources/figures");
    private static final int CLASSES = 4;
    private static final int SIDE = 16;
    private static final int GRID = 4;
    private static final int TRAIN = 100;
    private static final int TEST = 70;
    /// Points that a blind encoder is behind one that sees: chance is 25.
    private static final double BEHIND = 15;

    @TempDir
    private Path folder;

    /// Methods whose figures stand beside an untrained encoder's.
    static List<Method> methods() {
        return Methods.ALL.all().stream().filter(Method::encoder).toList();
    }

    private static int label(int image) {
        return (image * image + image / 7) % CLASSES;
    }

    /// Pictures in the colour of their class, or of the class that is `shift` further, with some noise.
    private record Colours(int size, int first, int shift) implements ImageSet {
        @Override
        public int side() {
            return SIDE;
        }

        @Override
        public List<String> classes() {
            return List.of("red", "green", "blue", "grey");
        }

        @Override
        public int label(int i) {
            return JudgesTest.label(first + i);
        }

        @Override
        public void pixels(int i, byte[] rgb, int at) {
            var random = CounterRandom.of(5, Stream.CHECK, first + i, 0);
            int colour = (label(i) + shift) % CLASSES;
            for (int p = 0; p < 3 * SIDE * SIDE; p++) {
                int bright = colour == 3 || p / (SIDE * SIDE) == colour ? 200 : 20;
                rgb[at + p] = (byte) (bright + random.below(30));
            }
        }

        @Override
        public boolean hasMasks() {
            return false;
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            throw new UnsupportedOperationException();
        }
    }

    /// Grids of codes, eight of its own for each class, or those of the class that is `shift` further.
    private Path codes(String name, int size, int first, int shift) throws IOException {
        String tokenizer = "ab".repeat(32);
        var header = new CodeHeader(GRID, 32, 1, size, name, new Colours(1, 0, 0).classes(), "eight a class", tokenizer,
                "0".repeat(64));
        Path file = folder.resolve(name + ".codes");
        CodeWriter.write(file, header, i -> label(first + i), new CodeWriter.Source() {
            @Override
            public void codes(int from, int count, int[] out) {
                for (int i = 0; i < count * GRID * GRID; i++) {
                    int image = first + from + i / (GRID * GRID);
                    out[i] = 8 * ((label(image) + shift) % CLASSES)
                            + CounterRandom.of(6, Stream.CHECK, image, i % (GRID * GRID)).below(8);
                }
            }

            @Override
            public String imagesSha256() {
                return name.equals("test") ? "cd".repeat(32) : "ef".repeat(32);
            }
        });
        return file;
    }

    /// Weights of the seed, and with them a patch or code embedding of zeros where it is blind.
    private record Weights(Recipe recipe, boolean blind) implements Trained {
        @Override
        public void load(State state, Session into) {
            into.initialize(state, recipe.seed());
            if (blind) {
                for (String name : List.of("encoder.patch.weight", "encoder.codes")) {
                    var tensor = state.parameters().get(name);
                    if (tensor != null) {
                        into.upload(tensor, new float[tensor.count()]);
                        if (state.teachers().containsKey(name)) {
                            into.upload(state.teacher(name), new float[tensor.count()]);
                        }
                    }
                }
            }
        }

        @Override
        public Path folder() {
            return Path.of("run");
        }

        @Override
        public Recipe own() {
            return recipe;
        }

        @Override
        public Path checkpoint() {
            return Path.of("checkpoint");
        }

        @Override
        public long step() {
            return 1;
        }

        @Override
        public Map<String, String> sources() {
            return Map.of();
        }

        @Override
        public void requireSources(Map<String, String> found, String remedy) {
            // these weights are of no training
        }

        @Override
        public Map<String, String> facts(Map<String, String> judged, Device device) {
            return new LinkedHashMap<>(judged);
        }
    }

    private Recipe recipe(Method method, int shift) throws IOException {
        String name = method.recipes().getFirst();
        if (Methods.RECIPES.load(name, List.of()).recipe().toYaml().contains("\n  codes: null")) {
            Path train = codes("train", TRAIN, 0, 0);
            codes("test", TEST, TRAIN, shift);
            return Methods.RECIPES.load(name, List.of(method.name() + ".codes=" + train)).recipe();
        }
        return Methods.RECIPES.load(name, List.of()).recipe();
    }

    private static List<Figure> figures(Method method, Recipe recipe, boolean blind, int shift) throws IOException {
        var given = new LinkedHashMap<Option<?>, Object>();
        for (Option<?> option : method.judge().options()) {
            if (option.name().equals("--samples")) {
                given.put(option, 0);
            }
        }
        var place = new TestPlace() {
            @Override
            public ImageSet images(Recipe of, Split split) {
                return split == Split.TRAIN ? new Colours(TRAIN, 0, 0) : new Colours(TEST, TRAIN, shift);
            }
        };
        return method.judge().judge(new Weights(recipe, blind), new Judging(0, false, given), place).tables().stream()
                .flatMap(List::stream).toList();
    }

    private static Double untrained(Figure figure) {
        return figure.baselines().entrySet().stream().filter(entry -> entry.getKey().startsWith("untrained"))
                .map(Map.Entry::getValue).findFirst().orElse(null);
    }

    private static boolean tellsClassesApart(Figure figure) {
        return figure.what().startsWith("kNN") || figure.what().startsWith("linear probe")
                || figure.what().startsWith("mAP, cosine");
    }

    private static void listed(Method method, List<Figure> figures) throws IOException {
        var lines = figures.stream().map(figure -> figure.what() + (figure.unit().isEmpty() ? "" : ", ")
                + figure.unit() + "\n    " + figure.protocol() + "\n    beside " + String.join(", ",
                        figure.baselines().keySet().stream().sorted().toList()))
                .toList();
        Path file = FOLDER.resolve(method.name() + ".txt");
        if ("write".equals(System.getProperty("figures"))) {
            Files.createDirectories(FOLDER);
            Files.write(file, lines);
        }
        assertEquals(Files.readString(file).strip(), String.join("\n", lines), () -> file
                + ", then the figures as they are; the class says how to write files anew");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void trainedAndUntrainedEachHaveTheirOwnFigures(Method method) throws IOException {
        Recipe recipe = recipe(method, 0);
        List<Figure> blind = figures(method, recipe, true, 0);
        List<Figure> seeing = figures(method, recipe, false, 0);
        listed(method, seeing);
        assertEquals(blind.size(), seeing.size());
        int apart = 0;
        for (int i = 0; i < blind.size(); i++) {
            Figure b = blind.get(i);
            Figure s = seeing.get(i);
            assertEquals(b.what(), s.what());
            assertEquals(b.protocol(), s.protocol());
            if (untrained(s) == null) {
                continue;
            }
            assertEquals(s.value(), untrained(s), "the untrained encoder as a trained one: " + s);
            assertEquals(s.value(), untrained(b), "the untrained encoder beside a blind one: " + b);
            assertNotEquals(s.value(), s.what().endsWith("deviation") ? Double.NaN : b.value(),
                    "a blind encoder as good as one that sees: " + b);
            if (tellsClassesApart(s)) {
                apart++;
                assertTrue(s.value() > b.value() + BEHIND, "blind: " + b + ", seeing: " + s);
                assertTrue(b.value() < 100.0 / CLASSES + BEHIND, "chance is " + 100.0 / CLASSES + ": " + b);
                if (!s.what().startsWith("mAP")) {
                    assertTrue(s.value() > 90, s.toString());
                }
            }
        }
        assertTrue(apart >= 2, blind.toString());
    }

    /// Test images in the colour of the next class: whoever learnt from the training images names the wrong one, and
    /// whoever saw a label of the test images the right one.
    @ParameterizedTest
    @MethodSource("methods")
    void nothingIsLearntFromTheTestImages(Method method) throws IOException {
        for (Figure figure : figures(method, recipe(method, 1), false, 1)) {
            if (tellsClassesApart(figure) || figure.what().endsWith("of a class")) {
                double most = figure.what().startsWith("kNN") || figure.what().startsWith("linear")
                        ? 10
                        : 100.0 / CLASSES;
                assertTrue(figure.value() < most, figure.toString());
                figure.baselines().forEach((whose, value) -> assertTrue(whose.startsWith("chance") || value < most,
                        () -> whose + " of " + figure));
            }
        }
    }
}
