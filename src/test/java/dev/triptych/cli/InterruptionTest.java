package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    /// Works as a training that begins while the program is ending already, and is never closed.
    static final class Late {
        private Late() {
        }

        public static void main(String[] args) {
            var terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false,
                    Main.COLUMNS,
                    Terminal.Style.TEXT);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                @SuppressWarnings("resource") // the work that would close it never ends
                var interruption = new Interruption(terminal);
                System.out.print("asked: " + interruption.asked());
                System.out.flush();
            }));
            System.exit(7);
        }
    }

    /// Ctrl-C just before the first step: the end waited for ten minutes, for work that had never begun.
    @Test
    void aSignalBeforeTheFirstStepWaitsForNobody() throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Late.class.getName()).redirectErrorStream(true).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it waits for the end of what never began");
            assertEquals("asked: true", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(7, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }
}
