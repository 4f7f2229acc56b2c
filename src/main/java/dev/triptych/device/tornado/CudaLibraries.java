package dev.triptych.device.tornado;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What TornadoVM's CUDA backend needs of a machine, and what of it is here: the backend in the SDK, NVIDIA's driver,
/// and NVRTC, by which the backend compiles kernels. Looked for on Linux, where each is a shared library.
///
/// @param backend whether the SDK has the CUDA backend
/// @param driver the version of CUDA that the driver knows, such as `13.0`; null where no driver is found
/// @param library the name of NVRTC that the SDK was built for
/// @param nvrtc its version; null where the dynamic linker does not find it
public record CudaLibraries(boolean backend, String driver, String library, String nvrtc) {
    private static final String DRIVER = "libcuda.so.1";
    private static final String NVRTC = "libnvrtc.so.13";
    private static final Pattern NAME = Pattern.compile("libnvrtc\\.so\\.\\d+");

    /// Looks for them.
    ///
    /// @param sdk folder of the SDK; null where none is known
    public static CudaLibraries find(Path sdk) {
        Path own = sdk == null ? null : sdk.resolve("lib").resolve(System.mapLibraryName("tornado-cuda"));
        boolean backend = own != null && Files.isRegularFile(own);
        String library = backend ? wanted(own) : NVRTC;
        return new CudaLibraries(backend, version(DRIVER, "cuDriverGetVersion", 1), library,
                version(library, "nvrtcVersion", 2));
    }

    /// Whether nothing is missing.
    public boolean complete() {
        return backend && driver != null && nvrtc != null;
    }

    /// What is here, in words.
    public String found() {
        return (backend ? "backend in the SDK" : "no backend in the SDK") + ", "
                + (driver == null ? "no driver" : "driver for CUDA " + driver) + ", "
                + (nvrtc == null ? "no NVRTC" : "NVRTC " + nvrtc);
    }

    /// What is missing, with the remedy; empty where nothing is.
    public String remedy() {
        var missing = new ArrayList<String>();
        if (driver == null) {
            missing.add("the dynamic linker does not find " + DRIVER + ": install NVIDIA's driver");
        }
        if (nvrtc == null) {
            missing.add("it does not find " + library + ", which compiles kernels: install the CUDA toolkit of that "
                    + "number, or pip install nvidia-cuda-nvrtc, and name its folder in LD_LIBRARY_PATH");
        }
        if (!backend) {
            missing.add("the SDK has no CUDA backend: unpack TornadoVM's archive for CUDA, and set TORNADOVM_HOME");
        }
        return String.join("; ", missing);
    }

    /// The NVRTC that the backend's library names.
    private static String wanted(Path own) {
        try {
            String text = new String(Files.readAllBytes(own), StandardCharsets.ISO_8859_1);
            return NAME.matcher(text).results().map(m -> m.group()).findFirst().orElse(NVRTC);
        } catch (IOException _) {
            return NVRTC;
        }
    }

    /// What a function says that writes its version: a thousand for each major number, or two numbers.
    // Java's word for calling a library: no signature here is more than pointers to ints
    @SuppressWarnings("restricted")
    private static String version(String library, String function, int numbers) {
        try (Arena arena = Arena.ofConfined()) {
            Optional<MemorySegment> symbol = SymbolLookup.libraryLookup(library, arena).find(function);
            if (symbol.isEmpty()) {
                return null;
            }
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 2);
            MethodHandle handle = Linker.nativeLinker().downcallHandle(symbol.get(),
                    numbers == 1
                            ? FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)
                            : FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            List<Object> places = numbers == 1 ? List.of(out) : List.of(out, out.asSlice(Integer.BYTES));
            if ((int) handle.invokeWithArguments(places) != 0) {
                return null;
            }
            int first = out.getAtIndex(ValueLayout.JAVA_INT, 0);
            return numbers == 1
                    ? first / 1000 + "." + first % 1000 / 10
                    : first + "." + out.getAtIndex(ValueLayout.JAVA_INT, 1);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable _) {
            // not there, or not of this machine's kind
            return null;
        }
    }
}
