package dev.triptych;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.openjdk.jcstress.Main;

/// Runs jcstress with its own options. It takes a test that fails before it begins for one that was skipped, and is
/// content: here that is a failure, too.
public final class Stress {
    private Stress() {
    }

    /// @throws AssertionError where a test sees what it forbids, or was skipped
    public static void main(String[] args) throws Exception {
        var said = new ByteArrayOutputStream();
        PrintStream terminal = System.out;
        System.setOut(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                said.write(b);
                terminal.write(b);
            }
        }, true, StandardCharsets.UTF_8));
        Main.main(args);
        if (said.toString(StandardCharsets.UTF_8).contains("[SKIPPED]")) {
            throw new AssertionError("Tests were skipped: look for [SKIPPED] above");
        }
    }
}
