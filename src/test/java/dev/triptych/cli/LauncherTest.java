package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that builds and starts the program, with another `mvn` that says how it was called.
class LauncherTest {
    @TempDir
    private Path folder;

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
