package dev.triptych.libtorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A function in TorchScript, compiled and run by libtorch, with its autograd.
///
/// DJL's arrays lack many of libtorch's operators (log-determinant, group norm, fused AdamW); TorchScript knows all. A
/// file of TorchScript is an archive of source text and a pickled module, and DJL loads it: here the archive is written
/// in memory, around the text of a row. No Python is involved.
public final class Script {
    /// A module without parameters, as `torch.jit.save` pickles it.
    private static final String MODULE = "\u0080\u0002c__torch__\nScript\n)\u0081}X\b\0\0\0training\u0089sb.";
    private static final String NO_CONSTANTS = "\u0080\u0002).";
    private static final String FORMAT = "6\n";

    private static final Path FOLDER = Path.of("reference-checks", "live", "torch");
    private static final String LIBRARY = library();
    private static final Pattern CALL = Pattern.compile("(?<!def )(?<![\\w.])("
            + Pattern.compile("(?m)^def (\\w+)\\(").matcher(LIBRARY).results().map(r -> r.group(1))
                    .collect(Collectors.joining("|"))
            + ")\\(");

    private static final Engine ENGINE = Engine.getEngine("PyTorch");
    private static final NDManager MANAGER = ENGINE.newBaseManager();
    private static final Map<String, Script> COMPILED = new ConcurrentHashMap<>();

    private final String body;
    private final PtSymbolBlock block;

    private Script(String text, String body) {
        this.body = body;
        try {
            JniUtils.setGraphExecutorOptimize(false);
            block = JniUtils.loadModule((PtNDManager) MANAGER, new ByteArrayInputStream(archive(text)), false, false);
        } catch (RuntimeException | IOException e) {
            throw new IllegalStateException("libtorch does not compile this TorchScript, which calls functions of "
                    + FOLDER + ":\n" + body + "\n" + e.getMessage(), e);
        }
    }

    /// Where arrays are made.
    public static NDManager manager() {
        return MANAGER;
    }

    /// libtorch with its autograd.
    public static Engine engine() {
        return ENGINE;
    }

    /// A function of named arguments. It may call the functions of `reference-checks/live/torch`.
    ///
    /// @param signature names and types, as `x: Tensor, p: Dict[str, Tensor]`
    /// @param body an expression, or several lines of which the last returns
    public static Script of(String signature, String body) {
        String lines = body.strip().contains("return ") ? body.strip() : "return " + body.strip();
        String text = qualified(LIBRARY) + """

                class Script(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.Script, %s) -> Tensor:
                %s
                """.formatted(signature, qualified(lines).indent(4));
        return COMPILED.computeIfAbsent(text, t -> new Script(t, body));
    }

    /// The functions that scripts share.
    private static String library() {
        try (var files = Files.list(FOLDER)) {
            var text = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".py")).sorted().toList()) {
                text.append(Files.readString(file)).append('\n');
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the TorchScript in " + FOLDER, e);
        }
    }

    /// Calls of the library's functions by their full names, as TorchScript wants them.
    private static String qualified(String text) {
        return CALL.matcher(text).replaceAll("__torch__.$1(");
    }

    private static byte[] archive(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", MODULE);
            store(zip, "code/__torch__.py", text);
            store(zip, "constants.pkl", NO_CONSTANTS);
            store(zip, "version", FORMAT);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        var checksum = new CRC32();
        checksum.update(bytes);
        var entry = new ZipEntry("script/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /// Runs the function on arguments in order. Arguments of one dictionary are named `name.key` and follow each other.
    public NDList run(NDList arguments) {
        try {
            return IValueUtils.forward(block, arguments, true);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "libtorch cannot run this TorchScript:\n" + body + "\n" + e.getMessage(), e);
        }
    }
}
