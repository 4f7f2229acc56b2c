package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.io.Json;
import dev.triptych.recipe.Recipes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A step of each method on TornadoVM's CUDA backend behind the emulated driver. (Kernels are compared one by one by
/// `TornadoKernelsTest`, which profile `cuda-emulated` runs on the same device.)
class EmulatedCudaTest {
    @BeforeEach
    void onlyOnTheEmulatedCard() {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        assumeTrue(TornadoDevice.list().getFirst().contains("Emulated card"), () -> "The first device is "
                + TornadoDevice.list().getFirst()
                + "; expected the emulated card: TORNADOVM_HOME must name a TornadoVM "
                + "SDK with the CUDA backend, and g++ must be here");
    }

    static Stream<String> recipes() {
        return Recipes.names().stream().filter(name -> name.contains("-micro"));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aStepAgreesWithThePlainDevice(String recipe) throws IOException {
        Cli cli = Cli.run("check-device", "--device", "tornado", "--no-kernels", "--one-form", "--steps", 2, "--recipe",
                recipe, "--json");
        assertEquals(0, cli.code(), cli::all);
        Map<String, Object> report = Json.read(cli.out());
        assertTrue(report.get("device_description").toString().contains("kernels for graphics cards"), cli::all);
        for (Object step : (List<?>) report.get("steps")) {
            Map<?, ?> stage = (Map<?, ?>) step;
            assertEquals(stage.get("launches"), stage.get("executed"), cli::all);
        }
    }
}
