package dev.triptych.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.triptych.cli.Main;
import dev.triptych.io.Safetensors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The API says what the commands say, names nothing of the inside, and refuses as they do.
class ApiTest {
    private static final String[] SMALL = {"data.train-images=32", "data.test-images=8", "training.log-every=1"};

    @TempDir
    private static Path folder;

    private static Path stellar;
    private static Path bits;
    private static Path pictures;

    @BeforeAll
    static void trained() throws IOException {
        stellar = Triptych.train("stellar-micro", null, folder.resolve("stellar"), step -> step.step() < 2, SMALL);
        bits = Triptych.train("bits-micro", null, folder.resolve("bits"), step -> step.step() < 2, SMALL);
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < 11; i++) {
            var image = new BufferedImage(12 + i, 30 - i, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < image.getWidth() * image.getHeight(); at++) {
                image.setRGB(at % image.getWidth(), at / image.getWidth(), (at + i) * 7919 & 0xFFFFFF);
            }
            ImageIO.write(image, "png", pictures.resolve("p%02d.png".formatted(i)).toFile());
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(pictures)) {
            return files.sorted().toList();
        }
    }

    /// All pictures, in batches of other sizes than `embed`'s.
    @ParameterizedTest
    @ValueSource(strings = {"stellar", "bits"})
    void numbersAreThoseOfEmbed(String name) throws IOException {
        Path run = name.equals("bits") ? bits : stellar;
        List<Encoded> encoded;
        List<Value> values;
        try (var encoder = Triptych.open(run, 1)) {
            values = encoder.values();
            encoded = encoder.encode(files());
        }
        Path out = folder.resolve(name + ".safetensors");
        var said = new StringWriter();
        assertEquals(0, Main.execute(new PrintWriter(said), new PrintWriter(said), "embed", "--run", run.toString(),
                "--in", pictures.toString(), "--out", out.toString(), "--quiet", "--values",
                String.join(",", values.stream().map(Value::name).toList())), said::toString);
        var rows = Safetensors.read(out);
        assertEquals(11, encoded.size());
        for (var value : values) {
            for (int i = 0; i < encoded.size(); i++) {
                if (value.bits()) {
                    byte[] mine = encoded.get(i).bits(value.name());
                    int[] all = rows.ints(value.name());
                    int at = i * mine.length;
                    assertArrayEquals(IntStream.range(0, mine.length).map(b -> all[at + b]).toArray(),
                            IntStream.range(0, mine.length).map(b -> mine[b] & 0xFF).toArray(), value.name());
                } else {
                    float[] mine = encoded.get(i).numbers(value.name());
                    assertArrayEquals(Arrays.copyOfRange(rows.floats(value.name()), i * mine.length,
                            (i + 1) * mine.length), mine, value.name());
                    assertEquals(mine.length, value.shape().stream().reduce(1, Math::multiplyExact));
                }
            }
        }
        assertEquals("p03.png", encoded.get(3).picture());
    }

    @Test
    void manyThreadsGetTheSameNumbers() throws Exception {
        try (var encoder = Triptych.open(stellar); var threads = Executors.newFixedThreadPool(4)) {
            float[] alone = encoder.encode(files().get(5)).numbers("cls");
            var asked = new ArrayList<Future<Encoded>>();
            for (int i = 0; i < 12; i++) {
                Path file = files().get(i % 2 == 0 ? 5 : i % 11);
                asked.add(threads.submit(() -> encoder.encode(file)));
            }
            for (int i = 0; i < 12; i += 2) {
                assertArrayEquals(alone, asked.get(i).get().numbers("cls"));
            }
        }
    }

    @Test
    void aPictureIsNearestToItself() throws IOException {
        try (var encoder = Triptych.open(stellar)) {
            for (var by : List.of(Likeness.CLS, Likeness.TOKEN)) {
                var near = encoder.neighbours(files().get(4), pictures, by, 3);
                assertEquals(3, near.size());
                assertEquals("p04.png", near.getFirst().file());
                assertEquals(1, near.getFirst().closeness(), 1e-6);
            }
            assertTrue(Files.exists(encoder.decode(files().subList(0, 1), folder.resolve("apart"))));
        }
    }

    @Test
    void aListenerIsToldAndMayEndIt() throws IOException {
        var told = new ArrayList<TrainingListener.Step>();
        Path run = Triptych.train("stellar-micro", null, folder.resolve("stopped"), step -> {
            told.add(step);
            return step.step() < 3;
        }, SMALL);
        assertEquals(List.of(1L, 2L, 3L), told.stream().map(TrainingListener.Step::step).toList());
        assertEquals("total", told.getFirst().losses().keySet().iterator().next());
        try (var encoder = Triptych.open(run)) {
            assertEquals(3, encoder.step());
        }
    }

    @Test
    void whatDoesNotFitSaysWhatWould() throws IOException {
        assertTrue(assertThrows(TriptychException.class, () -> Triptych.open(folder.resolve("none"))).getMessage()
                .contains("expected the folder of a run"));
        assertTrue(assertThrows(TriptychException.class,
                () -> Triptych.train("stellar-micro", null, stellar, step -> true)).getMessage()
                .contains("holds a run already"));
        assertTrue(assertThrows(TriptychException.class,
                () -> Triptych.train("stellar-mikro", null, folder.resolve("new"), step -> true)).getMessage()
                .contains("stellar-micro"));
        assertFalse(Files.exists(folder.resolve("new")));
        var encoder = Triptych.open(stellar);
        Path broken = Files.write(folder.resolve("broken.png"), new byte[]{1, 2, 3});
        assertTrue(assertThrows(TriptychException.class, () -> encoder.encode(broken)).getMessage()
                .contains("broken.png"));
        var encoded = encoder.encode(files().getFirst());
        assertThrows(IllegalArgumentException.class, () -> encoded.numbers("bits"));
        assertThrows(IllegalArgumentException.class, () -> encoded.bits("cls"));
        assertThrows(TriptychException.class,
                () -> encoder.neighbours(files().getFirst(), pictures, Likeness.BITS, 1));
        assertThrows(TriptychException.class, () -> encoder.generate("drawn", List.of()));
        encoder.close();
        encoder.close();
        assertThrows(IllegalStateException.class, encoder::values);
    }

    /// What is public, or inherited by those who extend, mentions this package and Java's own.
    @Test
    void signaturesNameNothingOfTheInside() {
        var inside = new TreeSet<String>();
        var classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.triptych.api");
        int members = 0;
        for (JavaClass type : classes) {
            if (!type.getModifiers().contains(JavaModifier.PUBLIC)) {
                continue;
            }
            for (var member : type.getMembers()) {
                if (!member.getModifiers().contains(JavaModifier.PUBLIC)) {
                    continue;
                }
                members++;
                member.getAllInvolvedRawTypes().stream().map(t -> t.getBaseComponentType())
                        .filter(t -> t.getPackageName().startsWith("dev.triptych")
                                && !t.getPackageName().equals("dev.triptych.api"))
                        .forEach(t -> inside.add(member.getFullName() + ": " + t.getName()));
            }
        }
        assertTrue(members > 30, members + " members");
        assertEquals(new TreeSet<>(), inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-encode.jsh", "2-neighbours.jsh", "3-train.jsh"})
    void aLessonRuns(String lesson) throws IOException {
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true));
        try (var shell = JShell.builder().executionEngine("local").build()) {
            int done = 0;
            String open = "";
            for (String line : Files.readAllLines(Path.of("docs/lessons", lesson))) {
                open += line + "\n"; // as the shell reads: line by line, until a snippet is whole
                var next = shell.sourceCodeAnalysis().analyzeCompletion(open);
                if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                    open = "";
                } else if (next.completeness().isComplete()) {
                    for (var event : shell.eval(next.source())) {
                        assertEquals(Snippet.Status.VALID, event.status(), () -> next.source() + shell
                                .diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList());
                        assertNull(event.exception(), next.source());
                        done++;
                    }
                    open = next.remaining();
                }
            }
            assertEquals("", open.strip());
            assertTrue(done > 6, done + " snippets");
        } finally {
            System.setOut(before);
        }
        assertTrue(printed.size() > 50, printed::toString);
    }
}
