package dev.triptych.data.codes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In Javas of their own: reading codes loads neither images nor tokenizers, and writing them takes little memory
/// however many there are.
class CodesAloneTest {
    private static final Pattern LOADED = Pattern.compile("\\[class,load] (dev\\.triptych\\.[\\w.$]+)");

    @TempDir
    private Path folder;

    private static String java(List<String> flags, Class<?> main, Object... arguments)
            throws IOException, InterruptedException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(flags);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    /// Opens a code file and reads all of it.
    static final class Reader {
        private Reader() {
        }

        public static void main(String[] arguments) throws IOException {
            var set = CodeSet.open(Path.of(arguments[0]));
            set.requireTokenizer(set.header().tokenizerSha256(), "itself");
            System.out.println("used " + set.use().used() + " label " + set.label(1));
        }
    }

    /// Writes the codes of images that would not fit into its memory.
    static final class Writer {
        static final int IMAGES = 50_000;
        static final int SIDE = 32;

        private Writer() {
        }

        public static void main(String[] arguments) throws IOException {
            float[] vectors = new float[4 * 48];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = i / 48 * 0.25f;
            }
            var tokenizer = new PatchCodebook(new Codebook(vectors, 4, 48), SIDE);
            var maker = new CodeMaker(new Grey(), tokenizer, 1, (images, count, codes) -> {
            });
            CodeWriter.write(Path.of(arguments[0]), maker.header(Split.TRAIN), i -> i % 10, maker);
        }
    }

    private record Grey() implements ImageSet {
        @Override
        public int size() {
            return Writer.IMAGES;
        }

        @Override
        public int side() {
            return Writer.SIDE;
        }

        @Override
        public List<String> classes() {
            return List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }

        @Override
        public int label(int i) {
            return i % 10;
        }

        @Override
        public void pixels(int i, byte[] out, int at) {
            java.util.Arrays.fill(out, at, at + 3 * side() * side(), (byte) (i % 251));
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

    @Test
    void fiftyThousandImagesAreWrittenInLittleMemoryAndReadAlone() throws IOException, InterruptedException {
        Path file = folder.resolve("grey.codes");
        // the images alone have 154 MB, their codes 6.4 MB
        java(List.of("-Xmx40m", "-XX:+UseSerialGC"), Writer.class, file);
        long body = Writer.IMAGES * (1 + 2 * 64L);
        assertTrue(Files.size(file) > body && Files.size(file) < body + 1000, "bytes " + Files.size(file));

        String text = java(List.of("-Xmx40m", "-Xlog:class+load=info:stdout:tags"), Reader.class, file);
        assertTrue(text.contains("used 4 label 1"), text);
        var loaded = LOADED.matcher(text).results().map(r -> r.group(1)).collect(Collectors.toSet());
        assertTrue(loaded.contains("dev.triptych.data.codes.CodeSet"), loaded::toString);
        loaded.removeIf(name -> name.startsWith("dev.triptych.data.codes.") || name.startsWith("dev.triptych.io."));
        assertEquals(Set.of(), loaded);
    }
}
