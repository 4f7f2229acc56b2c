package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user reads of CUDA: what is here, what is missing, and how to get it.
class CudaLibrariesTest {
    @TempDir
    private Path sdk;

    private void backend(String content) throws IOException {
        Path lib = Files.createDirectory(sdk.resolve("lib"));
        Files.writeString(lib.resolve(System.mapLibraryName("tornado-cuda")), content);
    }

    @Test
    void theBackendSaysWhichCompilerItWants() throws IOException {
        backend("ELF libcuda.so.1 libnvrtc.so.4321 nvrtcVersion");
        var found = CudaLibraries.find(sdk);
        assertTrue(found.backend());
        assertEquals("libnvrtc.so.4321", found.library());
        assertNull(found.nvrtc());
        assertFalse(found.complete());
        assertTrue(found.remedy().contains("libnvrtc.so.4321") && found.remedy().contains("LD_LIBRARY_PATH"),
                found::remedy);
    }

    @Test
    void withoutASdkNothingIsCertain() {
        var found = CudaLibraries.find(null);
        assertFalse(found.complete());
        assertTrue(found.found().startsWith("no backend in the SDK"), found::found);
        assertTrue(found.remedy().contains("TORNADOVM_HOME"), found::remedy);
    }

    @Test
    void whatIsCompleteNeedsNoRemedy() {
        var all = new CudaLibraries(true, "13.0", "libnvrtc.so.13", "13.0");
        assertTrue(all.complete());
        assertEquals("", all.remedy());
        assertEquals("backend in the SDK, driver for CUDA 13.0, NVRTC 13.0", all.found());
        var driverless = new CudaLibraries(true, null, "libnvrtc.so.13", "13.0");
        assertTrue(driverless.remedy().contains("libcuda.so.1") && !driverless.remedy().contains("libnvrtc"),
                driverless::remedy);
    }
}
