package dev.triptych.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.program.Arenas;
import dev.triptych.program.Call;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.io.File;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Generates from a small source tree, compiles what came out with every warning an error, and runs it.
class GenerateSourcesTest {
    private static final String SAMPLE = """
            package dev.triptych.kernel;

            import uk.ac.manchester.tornado.api.annotations.Parallel;

            /// A sample.
            public final class Sample {
                private static final float THIRD = (float) 1 / 3f;

                private Sample() {
                }

                /// y = x / 3 + a, a row at a time; `float` stays here.
                public static void third(float[] x, int x0, float[] y, int y0, int rows, int d,
                        float a) {
                    int n = rows * d;
                    for (@Parallel int i = 0; i < n / d * d; i++) {
                        y[y0 + i] = scaled(x[x0 + i]) + (float) (Scalar.sqrt(a) * 1.0);
                    }
                }

                private static float scaled(float x) {
                    return x * THIRD;
                }
            }
            """;
    private static final String SCALAR = """
            package dev.triptych.kernel;

            public final class Scalar {
                public static float sqrt(float x) {
                    return (float) Math.sqrt(x);
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void whatIsGeneratedCompilesAndComputesTheSame() throws Exception {
        put("main/dev/triptych/kernel/Sample.java", SAMPLE);
        put("main/dev/triptych/kernel/Scalar.java", SCALAR);
        put("main/dev/triptych/twin/kernel/Scalar.java", Twin.of("Scalar.java", SCALAR));
        List<String> broken = new ArrayList<>();
        Map<String, String> generated = GenerateSources.generate(folder.resolve("main"), broken);
        assertEquals(List.of(), broken);
        assertEquals(List.of("dev/triptych/device/tornado/LayerTasks.java", "dev/triptych/kernel/layer/Sample.java",
                "dev/triptych/kernel/range/Sample.java", "dev/triptych/program/call/SampleCalls.java",
                "dev/triptych/twin/kernel/Sample.java", "dev/triptych/twin/kernel/range/Sample.java",
                "dev/triptych/twin/program/call/SampleCalls.java"), List.copyOf(generated.keySet()));
        GenerateSources.write(folder.resolve("gen"), generated);
        try (URLClassLoader loader = compile("main", "gen")) {
            float[] x = {9f, 1f, 2f, 3f, 4f, 5f, 6f};
            float[] whole = new float[7];
            float[] parts = new float[7];
            Class<?> kernels = loader.loadClass("dev.triptych.kernel.Sample");
            Class<?> ranges = loader.loadClass("dev.triptych.kernel.range.Sample");
            call(kernels, "third", x, 1, whole, 1, 3, 2, 0.5f);
            call(ranges, "third", x, 1, parts, 1, 3, 2, 0.5f, 0, 2);
            assertEquals(0f, parts[3]);
            call(ranges, "third", x, 1, parts, 1, 3, 2, 0.5f, 2, 6);
            assertArrayEquals(whole, parts);
            assertEquals(6, call(ranges, "thirdExtent", x, 1, parts, 1, 3, 2, 0.5f));
            float[] layer = new float[7];
            call(loader.loadClass("dev.triptych.kernel.layer.Sample"), "third", x, layer, 3, 2,
                    new int[]{7, 1, 1}, 1, new float[]{0.5f}, 0);
            assertArrayEquals(whole, layer);
            double[] twin = new double[7];
            call(loader.loadClass("dev.triptych.twin.kernel.Sample"), "third", new double[]{9, 1, 2, 3, 4, 5, 6}, 1,
                    twin, 1, 3, 2, 0.01);
            assertEquals(6.0 * (1.0 / 3.0) + 0.1, twin[6]);
            assertArrayEquals(whole, called(loader.loadClass("dev.triptych.program.call.SampleCalls$Third"), x));
        }
    }

    /// What a typed call writes: in parts, then as a whole over what the parts left.
    private static float[] called(Class<?> type, float[] x) throws Exception {
        var program = new Program("sample", new State());
        Tensor in = program.input("x", 3, 2);
        Tensor out = program.activation("y", false, 3, 2);
        var make = type.getConstructor(Tensor.class, Tensor.class, int.class, int.class, float.class);
        var call = (Call) make.newInstance(in, out, 3, 2, 0.5f);
        assertEquals("Sample.third", call.kernel().toString());
        assertEquals(List.of(in, out), call.tensors());
        assertEquals(List.of(out), call.written());
        assertEquals(List.of(3, 2), call.sizes());
        assertEquals(List.of(0.5f), call.constants());
        assertEquals(make.newInstance(out, in, 3, 2, 0.5f), call.with(t -> t == in ? out : in));
        var refused = assertThrows(InvocationTargetException.class,
                () -> make.newInstance(program.constant("labels", 1, 2), out, 3, 2, 0.5f));
        assertEquals("Kernel Sample.third: x is labels(2), which holds integers; expected a tensor of numbers",
                refused.getCause().getMessage());
        float[] parts = new float[7];
        float[] whole = new float[7];
        Call.Bound bound = call.bind(arrays(in, x, parts));
        assertEquals(6, bound.extent());
        bound.run(0, 2);
        assertEquals(0f, parts[3]);
        bound.run(2, 6);
        call.bind(arrays(in, x, whole)).run();
        assertArrayEquals(whole, parts);
        return whole;
    }

    private static Arenas arrays(Tensor in, float[] x, float[] y) {
        return new Arenas() {
            @Override
            public float[] floats(Tensor tensor) {
                return tensor == in ? x : y;
            }

            @Override
            public int[] integers(Tensor tensor) {
                throw new AssertionError(tensor + " holds no integers");
            }

            @Override
            public int offset(Tensor tensor) {
                return 1;
            }
        };
    }

    @Test
    void onlyWhatChangedIsWrittenAndWhatIsStaleGoes() throws Exception {
        Path gen = folder.resolve("gen");
        GenerateSources.write(gen, Map.of("a/A.java", "class A {}", "b/B.java", "class B {}"));
        FileTime old = FileTime.fromMillis(1_000_000L);
        Files.setLastModifiedTime(gen.resolve("a/A.java"), old);
        GenerateSources.write(gen, Map.of("a/A.java", "class A {}"));
        assertEquals(old, Files.getLastModifiedTime(gen.resolve("a/A.java")));
        assertFalse(Files.exists(gen.resolve("b/B.java")));
        GenerateSources.write(gen, Map.of("a/A.java", "class A { }"));
        assertEquals("class A { }", Files.readString(gen.resolve("a/A.java")));
    }

    @Test
    void aSourceTreeWithoutPackagesIsEmpty() throws Exception {
        assertTrue(GenerateSources.generate(folder, new ArrayList<>()).isEmpty());
    }

    private static Object call(Class<?> type, String name, Object... arguments) throws Exception {
        Method method = Arrays.stream(type.getMethods()).filter(m -> m.getName().equals(name)).findFirst()
                .orElseThrow();
        return method.invoke(null, arguments);
    }

    private void put(String name, String text) throws Exception {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private URLClassLoader compile(String... roots) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-Xlint:all", "-Werror", "-proc:none", "-d",
                folder.resolve("classes").toString(), "-cp",
                place(Parallel.class) + File.pathSeparator + place(Call.class)));
        for (String root : roots) {
            try (var files = Files.walk(folder.resolve(root))) {
                files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
            }
        }
        StringWriter log = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(null, null, null);
        List<String> options = arguments.stream().filter(a -> !a.endsWith(".java")).toList();
        var units = manager
                .getJavaFileObjects(arguments.stream().filter(a -> a.endsWith(".java")).toArray(String[]::new));
        assertTrue(compiler.getTask(log, manager, null, options, null, units).call(), log::toString);
        return new URLClassLoader(new URL[]{folder.resolve("classes").toUri().toURL()},
                GenerateSourcesTest.class.getClassLoader());
    }

    private static Path place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
