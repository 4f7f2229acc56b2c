package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// What a command that counts says of itself, with a clock that is turned by hand.
class WorkingTest {
    private final StringWriter err = new StringWriter();
    private long now;

    private String said(boolean rewritable, Terminal.Style style, long all) {
        var terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), rewritable, style);
        try (var working = new Working(terminal, "images", all, 10, () -> now)) {
            for (int i = 0; i < 4; i++) {
                now += 6_000_000_000L;
                working.did(5);
            }
        }
        return err.toString();
    }

    @Test
    void plainLinesAreRare() {
        assertEquals("images: 10 of 40, 36 s left\nimages: 20 of 40, 24 s left\n", said(false, Terminal.Style.TEXT, 40)
                .replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aBarIsRewrittenAndGoes() {
        String bar = "\r[#####               ] images: 10 of 40, 36 s left";
        assertEquals(bar + "\r[##########          ] images: 20 of 40, 24 s left\r" + " ".repeat(bar.length() - 1)
                + "\r", said(true, Terminal.Style.TEXT, 40));
    }

    @Test
    void nobodyKnowsHowManyThereAre() {
        assertEquals("images: 10\nimages: 20\n", said(false, Terminal.Style.TEXT, 0)
                .replace(System.lineSeparator(), "\n"));
    }

    @Test
    void linesOfJson() {
        assertEquals("{\"kind\":\"progress\",\"what\":\"images\",\"done\":10,\"all\":40,\"seconds\":12.0}",
                said(false, Terminal.Style.JSON, 40).lines().findFirst().orElseThrow());
    }

    @Test
    void quietIsQuiet() {
        assertEquals("", said(true, Terminal.Style.QUIET, 40));
    }
}
