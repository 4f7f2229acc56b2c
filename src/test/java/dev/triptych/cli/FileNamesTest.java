package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.data.file.ImageDecoderTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of folders and files that Java takes for text, rightly or not, in processes with locales of their own. The
/// names are made by a shell of bytes, so that the locale of the tests does not matter.
class FileNamesTest {
    private static final String HAN = "\\346\\261\\211";
    private static final String HAN_TOO = "\\345\\255\\227";
    private static final String LATIN = "caf\\351";

    @TempDir
    private Path folder;
    private Path data;

    @BeforeEach
    void picture() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        Files.write(folder.resolve("a.png"),
                ImageDecoderTest.encode(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png"));
    }

    /// @param octal the name, its bytes as printf has them
    private void classFolder(String octal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", "mkdir -p \"$1/$(printf \"$2\")\" && for i in 0 1 2; do "
                + "cp \"$3\" \"$1/$(printf \"$2\")/$i.png\" || exit; done", "sh", data.toString(), octal,
                folder.resolve("a.png").toString()).inheritIO().start().waitFor();
        assumeTrue(code == 0, "this file system has no such names");
    }

    private Cli run(String locale, Object... words) throws IOException, InterruptedException {
        var process = Fork.start(folder, List.of("-Xmx512m"),
                Map.of("LC_ALL", locale, "TRIPTYCH_CACHE", folder.resolve("cache").toString()), words);
        int code = process.waitFor();
        return new Cli(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Cli tokenise(String locale) throws IOException, InterruptedException {
        return run(locale, "tokenize", "--tokenizer", "kmeans", "--force", "data=" + data, "data.side=8",
                "kmeans.codes=2", "kmeans.samples=4", "out=" + folder.resolve("a.codes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void classesThatWouldBecomeOneAreRefused(String locale) throws IOException, InterruptedException {
        classFolder(HAN);
        classFolder(HAN_TOO);
        Cli cli = tokenise(locale);
        assumeTrue(!cli.err().contains("2 classes"), "this system takes names as UTF-8 in any locale");
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("e5 ad 97") || cli.err().contains("e6 b1 89"), cli::all);
        assertTrue(cli.err().contains("Start with ./triptych, or set LC_ALL=C.UTF-8"), cli::all);
        cli = tokenise("C.UTF-8");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("2 classes"), cli::all);
    }

    @Test
    void aNameThatIsNoTextIsNamedByItsBytes() throws IOException, InterruptedException {
        classFolder("cat");
        classFolder(LATIN);
        Cli cli = tokenise("C.UTF-8");
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("63 61 66 e9, are no text in UTF-8"), cli::all);
        assertTrue(cli.err().contains("Rename it"), cli::all);
    }

    @Test
    void aFileWhoseNameIsNoTextIsLeftOutByItsBytes() throws IOException, InterruptedException {
        classFolder("cat");
        assertEquals(0, new ProcessBuilder("sh", "-c", "cp \"$1\" \"$2/$(printf 'x\\351.png')\"", "sh",
                folder.resolve("a.png").toString(), data.resolve("cat").toString()).start().waitFor());
        Cli cli = tokenise("C.UTF-8");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("3 pictures used, 1 left out") && cli.err().contains("78 e9 2e 70 6e 67"),
                cli::all);
    }

    /// One letter, or a letter and its accent: two classes that look alike.
    @Test
    void namesThatLookAlikeAreToldApart() throws IOException, InterruptedException {
        classFolder("caf\\303\\251");
        classFolder("cafe\\314\\201");
        Cli cli = tokenise("C.UTF-8");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("2 classes") && cli.err().contains("look alike")
                && cli.err().contains("63 61 66 c3 a9") && cli.err().contains("63 61 66 65 cc 81"), cli::all);
    }

    @Test
    void doctorShowsTheEncoding() throws IOException, InterruptedException {
        assertTrue(run("C.UTF-8", "doctor").out().matches("(?s).*file names  ok +UTF-8\n.*"));
        String posix = run("POSIX", "doctor").out().replaceAll("\\s+", " ");
        assertTrue(posix.contains("file names ok UTF-8 ")
                || posix.contains("file names optional ANSI_X3.4-1968 - expected UTF-8"), posix);
    }
}
