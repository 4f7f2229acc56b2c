package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that builds and starts the program, with another `mvn` that says how it was called.
class LauncherTest {
    @TempDir
    private Path folder;

    /// Java takes names of files in the locale's encoding, whatever its own options say.
    @Test
    void aLocaleOfUtf8IsSetWhereThereIsNone() throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("target/lib"));
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("src/build"));
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(home.resolve("target/triptych.jar"));
        Path launcher = Files.copy(Path.of("triptych"), home.resolve("triptych"));
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        for (String name : List.of("java", "javac")) {
            Files.writeString(bin.resolve(name), "#!/bin/sh\nif [ \"$1\" = -version ]; then\n"
                    + "echo 'openjdk version \"25\"' >&2\nelse\nlocale charmap\nfi\n").toFile().setExecutable(true);
        }
        assumeTrue(charmap("C.UTF-8").equals("UTF-8"), "this system has no locale C.UTF-8");
        for (String locale : List.of("C", "POSIX", "de_DE", "xx_XX.UTF-8", "C.UTF-8")) {
            var builder = new ProcessBuilder("sh", launcher.toString()).redirectOutput(folder.resolve("out").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("JAVA_HOME", bin.getParent().toString());
            builder.environment().put("LC_ALL", locale);
            assertEquals(0, builder.start().waitFor());
            assertEquals("UTF-8\n", Files.readString(folder.resolve("out")), locale);
        }
    }

    /// In a distribution nothing is built or looked for: the jars of lib/ run on the Java that lies in java/.
    @Test
    void aDistributionRunsItsOwnJava() throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("größerer Ordner/triptych 1"));
        Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("triptych.jar"));
        Files.copy(Path.of("src/main/tornado/java-options"), home.resolve("lib/tornado-java-options"));
        Path launcher = Files.copy(Path.of("triptych"),
                Files.createDirectories(home.resolve("bin")).resolve("triptych"));
        Path java = Files.createDirectories(home.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nif [ \"$1\" = -version ]; then\necho 'openjdk version \"25\"' >&2\nelse\n"
                + "for a in \"$@\"; do echo \"$a\"; done\nfi\n").toFile().setExecutable(true);
        var builder = new ProcessBuilder("sh", launcher.toString(), "recipes", "a b")
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().remove("JAVA_HOME");
        assertEquals(0, builder.start().waitFor(), () -> {
            try {
                return Files.readString(folder.resolve("err"));
            } catch (IOException e) {
                return e.toString();
            }
        });
        var words = Files.readAllLines(folder.resolve("out"));
        assertEquals(List.of("-cp", home.toRealPath() + "/lib/*", "dev.triptych.cli.Main", "recipes", "a b"),
                words.subList(words.size() - 5, words.size()));
    }

    private String charmap(String locale) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("sh", "-c", "locale charmap || true")
                .redirectOutput(folder.resolve("charmap").toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", locale);
        builder.start().waitFor();
        return Files.readString(folder.resolve("charmap")).strip();
    }

    /// Without `jansi.noreset` Maven ends with ESC[0m, in a file as well, whatever it is told of colours.
    @Test
    void theBuildLeavesNoCodesOfColoursAndItsFailureIsSaid() throws IOException, InterruptedException {
        Path launcher = Files.copy(Path.of("triptych"), folder.resolve("triptych"));
        Path mvn = Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("mvn"),
                "#!/bin/sh\necho \"$MAVEN_OPTS: mvn $*\"\nexit 1\n");
        mvn.toFile().setExecutable(true);
        var builder = new ProcessBuilder("sh", launcher.toString(), "recipes")
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().put("PATH", mvn.getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_OPTS", "-Xmx1g");
        assertEquals(3, builder.start().waitFor());
        assertEquals("", Files.readString(folder.resolve("out")));
        assertEquals("""
                triptych: building (mvn package, without tests) ...
                --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -Djansi.noreset=true -Xmx1g: \
                mvn -B -q -DskipTests package
                triptych: the build failed; the lines above say why.
                """, Files.readString(folder.resolve("err")));
    }
}
