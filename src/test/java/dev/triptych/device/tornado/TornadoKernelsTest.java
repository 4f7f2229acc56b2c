package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.program.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Every kernel as a task of its own against the same method in Java. Arguments are random, their sizes chosen by the
/// parameters' names: a kernel whose parameters bear new names needs a row in the tables below.
class TornadoKernelsTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/triptych/kernel");
    private static final Pattern KERNEL = Pattern.compile("public static void (\\w+)\\(([^)]*)\\)");
    private static final int LENGTH = 1024;

    private static final Map<String, Integer> SIZES = Map.ofEntries(Map.entry("n", 5), Map.entry("d", 7),
            Map.entry("c", 3), Map.entry("k", 3), Map.entry("m", 4), Map.entry("b", 2), Map.entry("t", 3),
            Map.entry("in", 2), Map.entry("h", 5), Map.entry("wd", 6), Map.entry("out", 3), Map.entry("oh", 3),
            Map.entry("ow", 3), Map.entry("stride", 2), Map.entry("pad", 1), Map.entry("rows", 8),
            Map.entry("heads", 2), Map.entry("width", 6), Map.entry("height", 4), Map.entry("p", 2),
            Map.entry("images", 2), Map.entry("channels", 4), Map.entry("batch", 3), Map.entry("inner", 5),
            Map.entry("groups", 3), Map.entry("blocks", 3), Map.entry("chunks", 2), Map.entry("tokens", 4),
            Map.entry("sets", 4), Map.entry("views", 2), Map.entry("classes", 5), Map.entry("ignore", 1),
            Map.entry("which", 1), Map.entry("launch", 17), Map.entry("rate", 1 << 22), Map.entry("skip", 1),
            Map.entry("ties", 0), Map.entry("mask", 9), Map.entry("first", 8), Map.entry("teachers", 2));

    private static final Map<String, int[]> INTEGERS = Map.ofEntries(
            Map.entry("sequence", new int[]{0, 0, 0, 1, 1, 1, 1, 1}), Map.entry("start", new int[]{0, 3, 8}),
            Map.entry("square", new int[]{0, 18, 68}),
            Map.entry("nearest", new int[]{1, 2, 3, 1, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12}),
            Map.entry("label", new int[]{3, 1, 0, 4, 2}), Map.entry("target", new int[]{3, 1, 0, 3, 2}),
            Map.entry("index", new int[]{3, 1, 0, 3, 2}), Map.entry("source", new int[]{3, 11, 0, 7, 2}),
            Map.entry("first", new int[]{0, 2, 2, 3, 5, 6}), Map.entry("inverse", new int[]{3, 1, 0, 4, 2, 3}),
            Map.entry("block", new int[]{0, 5, 0, 16, 3, 1, 32, 7, 2}), Map.entry("group", new int[]{0, 1, 1}),
            Map.entry("row", new int[0]), Map.entry("ids", new int[0]), Map.entry("code", new int[0]),
            Map.entry("key", new int[]{-123456789}),
            Map.entry("kept", new int[]{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}),
            Map.entry("a", new int[]{3, 1, 0, 4, 2, 3, 1, 0, 4, 2, 3, 1, 0, 4, 2}),
            Map.entry("b", new int[]{2, 1, 4, 4, 2, 3, 3, 0, 1, 2, 0, 1, 0, 3, 2}));

    /// Arrays that hold positive numbers: variances, lengths, divisors, sums of squares.
    private static final Set<String> POSITIVE = Set.of("squares", "m", "moments", "length", "deviation", "rate", "v",
            "norm",
            "overlap", "plan", "p", "q");

    /// Arrays that hold square matrices with a heavy diagonal: they have a Cholesky factor, and an inverse.
    private static final Set<String> MATRICES = Set.of("gram", "l");

    /// @param kernel the method
    /// @param types of its parameters, as written
    /// @param names of its parameters
    record Case(Kernel kernel, List<String> types, List<String> names) {
        Object[] arguments() {
            var random = new Random(kernel.name().hashCode());
            Object[] values = new Object[names.size()];
            for (int i = 0; i < values.length; i++) {
                String name = names.get(i);
                values[i] = switch (types.get(i)) {
                    case "float[]" -> MATRICES.contains(name)
                            ? matrices(random, 3 * (i + 1))
                            : floats(random, POSITIVE.contains(name));
                    case "int[]" -> integers(name);
                    case "int" -> i > 0 && types.get(i - 1).endsWith("[]") ? 3 * i : value(SIZES, name);
                    case "float" -> name.equals("eps") ? 1e-3f : 0.5f;
                    default -> fail("Parameter " + name + " of " + kernel);
                };
            }
            return values;
        }

        private static float[] floats(Random random, boolean positive) {
            float[] values = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                values[i] = positive ? 0.2f + random.nextFloat() : 2f * random.nextFloat() - 1f;
            }
            return values;
        }

        private static float[] matrices(Random random, int offset) {
            int n = SIZES.get("n");
            float[] values = floats(random, false);
            for (int i = 0; i < SIZES.get("b") * n; i++) {
                values[offset + i * n + i % n] += n;
            }
            return values;
        }

        /// The offset, 3 times the parameter's number, is known to be that of the next parameter.
        private int[] integers(String name) {
            int[] values = new int[LENGTH];
            int[] given = value(INTEGERS, name);
            System.arraycopy(given, 0, values, 3 * (names.indexOf(name) + 1), given.length);
            return values;
        }

        private <T> T value(Map<String, T> table, String name) {
            T found = table.get(name);
            return found != null ? found : fail("Kernel " + kernel + ": give '" + name + "' a row in this test");
        }

        List<Object> written(Object[] values) {
            var arrays = new ArrayList<Object>();
            for (int i = 0; i < values.length; i++) {
                if (types.get(i).endsWith("[]")) {
                    arrays.add(values[i]);
                }
            }
            int count = kernel.name().equals("adamw") ? 3 : 1;
            return arrays.subList(arrays.size() - count, arrays.size());
        }

        @Override
        public String toString() {
            return kernel.toString();
        }
    }

    @BeforeAll
    static void onlyWithTheSdk() {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
    }

    static List<Case> kernels() throws IOException, ClassNotFoundException {
        List<Path> files;
        try (Stream<Path> list = Files.list(SOURCES)) {
            files = list.sorted().toList();
        }
        var cases = new ArrayList<Case>();
        for (Path file : files) {
            String family = file.getFileName().toString().replace(".java", "");
            Matcher found = KERNEL.matcher(Files.readString(file));
            while (found.find()) {
                String[] parameters = found.group(2).trim().split("\\s*,\\s*");
                cases.add(new Case(Kernel.of(Class.forName("dev.triptych.kernel." + family), found.group(1)),
                        Arrays.stream(parameters).map(p -> p.split("\\s+")[0]).toList(),
                        Arrays.stream(parameters).map(p -> p.split("\\s+")[1]).toList()));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreesWithJava(Case c) throws ReflectiveOperationException, TornadoExecutionPlanException {
        Object[] expected = c.arguments();
        Object[] found = c.arguments();
        List<Object> before = c.written(c.arguments());
        c.kernel.method().invoke(null, expected);
        run(c, found);
        List<Object> written = c.written(expected);
        for (int i = 0; i < written.size(); i++) {
            switch (written.get(i)) {
                case int[] values -> assertArrayEquals(values, (int[]) c.written(found).get(i));
                case float[] values -> {
                    assertTrue(!Arrays.equals(values, (float[]) before.get(i)), "the kernel writes something");
                    assertClose(values, (float[]) c.written(found).get(i));
                }
                default -> fail("neither int[] nor float[]");
            }
        }
    }

    private static void assertClose(float[] expected, float[] found) {
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Float.isFinite(expected[i]), "the sample avoids what is not finite");
            assertEquals(expected[i], found[i], 2e-6f + 1e-5f * Math.abs(expected[i]), "at " + i);
        }
    }

    /// The tasks before the kernel have the whole of what it writes uploaded: TornadoVM does not send an array that is
    /// only written, and what the kernel leaves alone would come back as whatever lay in the device's memory.
    private static void run(Case c, Object[] arguments) throws TornadoExecutionPlanException {
        Object[] arrays = Arrays.stream(arguments).filter(a -> a.getClass().isArray()).toArray();
        int[] go = {0};
        int touched = 0;
        var graph = new TaskGraph("kernel").transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, go);
        for (Object array : c.written(arguments)) {
            Kernel touch = Kernel.of(Residence.class, array instanceof int[] ? "residentIntegers" : "residentFloats");
            Tasks.append(graph, "touch" + touched++, touch, go, array);
        }
        Tasks.append(graph, c.kernel.name(), c.kernel, arguments);
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, c.written(arguments).toArray());
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.execute();
        }
    }
}
