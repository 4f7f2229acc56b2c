package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.device.tornado.TornadoDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What CUDA's compiler makes of products and attention, at the shapes of the vision transformers of `bench step`: no
/// stack, registers that leave enough groups, and loops of multiplications.
class CodeBudgetTest {
    private static boolean found(String tool) {
        String toolkit = System.getenv("CUDA_HOME");
        return Stream.of(System.getenv("PATH").split(":"), new String[]{toolkit == null ? "" : toolkit + "/bin"})
                .flatMap(Arrays::stream).anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private static String run(Path folder, List<String> command, int expected) throws Exception {
        Path out = folder.resolve("said");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("EMULATED_CUDA_RUN", "no");
        builder.environment().put("EMULATED_CUDA_SOURCES", folder.toString());
        int code = builder.start().waitFor();
        String said = Files.readString(out);
        assertEquals(expected, code, said);
        return said;
    }

    @Test
    void productsAndAttentionKeepWithinIt(@TempDir Path folder) throws Exception {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        assumeTrue(TornadoDevice.list().getFirst().contains("Emulated card"), "the first device is a real one");
        for (String tool : List.of("nvcc", "cuobjdump", "python3")) {
            assumeTrue(found(tool), () -> tool + " is not here: neither on the PATH nor in bin of CUDA_HOME");
        }
        for (String sizes : List.of("--dim 192 --heads 3", "--dim 384 --heads 6")) {
            var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@" + System.getenv("TORNADOVM_HOME") + "/tornado-argfile", "@src/main/tornado/java-options",
                    "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                    Main.class.getName(), "bench", "step", "--device", "tornado", "--depth", "1", "--batch", "128",
                    "--warmup", "1", "--steps", "1"));
            command.addAll(List.of(sizes.split(" ")));
            run(folder, command, 0);
        }
        assertEquals("", run(folder, List.of("python3", "bench/gpu/code.py", "--check", folder.toString()), 0));
    }

    /// A kernel with a stack and without multiplications is found.
    @Test
    void whatBreaksItIsFound(@TempDir Path folder) throws Exception {
        assumeTrue(found("nvcc") && found("cuobjdump") && found("python3"), "nvcc, cuobjdump or python3 is not here");
        Files.writeString(folder.resolve("tiledProduct_0.cu"), """
                extern "C" __global__ void tiledProduct(float *x, int n) {
                    float kept[64];
                    for (int i = 0; i < n; i++) { kept[(int) x[i] & 63] = x[i]; }
                    for (int i = 0; i < n; i++) { x[i] = kept[(int) x[n - i] & 63]; }
                }
                """);
        String said = run(folder, List.of("python3", "bench/gpu/code.py", "--check", folder.toString()), 1);
        assertEquals(List.of("tiledProduct: 0.00 of its loop are FFMA; 0.75 are expected",
                "tiledProduct: 256 bytes of stack; 0 are allowed"), said.lines().toList());
    }
}
