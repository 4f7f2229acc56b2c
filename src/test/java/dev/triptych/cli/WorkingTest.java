package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a command that counts says of itself, with a clock that is turned by hand.
class WorkingTest {
    private final StringWriter err = new StringWriter();
    private long now;

    private String said(boolean rewritable, Terminal.Style style, long all) {
        return said(rewritable, style, all, null, 160);
    }

    private String said(boolean rewritable, Terminal.Style style, long all, Working.Stage stage, int columns) {
        var terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), rewritable, Main.COLUMNS,
                style);
        try (var working = new Working(terminal, "images", all, stage, columns, 10, () -> now)) {
            for (int i = 0; i < 4; i++) {
                now += 6_000_000_000L;
                working.did(5);
            }
        }
        return err.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void plainLinesAreRare() {
        assertEquals("images: 0 of 40\nimages: 10 of 40, 36s left\nimages: 20 of 40, 24s left\n",
                said(false, Terminal.Style.TEXT, 40));
    }

    @Test
    void aBarIsRewrittenAndGoes() {
        String bar = "\r[#####               ] images: 10 of 40, 36s left";
        assertEquals("\r[                    ] images: 0 of 40" + bar
                + "\r[##########          ] images: 20 of 40, 24s left\r" + " ".repeat(bar.length() - 1)
                + "\r", said(true, Terminal.Style.TEXT, 40));
    }

    /// Without room for the bar the text stands alone; where that has none either, the end of the name goes.
    @Test
    void aLineStaysInItsColumns() {
        assertEquals("\rimages: 0 of 40\r10 of 40, 36s left\r20 of 40, 24s left\r" + " ".repeat(18) + "\r",
                said(20));
        assertEquals("\r[                    ] images: 0 of 40\rimages: 10 of 40, 36s left            "
                + "\rimages: 20 of 40, 24s left\r" + " ".repeat(26) + "\r", said(40));
        assertEquals("\rimages: 0 of 40\rim…: 10 of 40, 36s left\rim…: 20 of 40, 24s left\r" + " ".repeat(23) + "\r",
                said(24));
        assertEquals(said(50), said(160));
        for (int columns = 10; columns < 80; columns++) {
            for (String line : said(columns).split("\r")) {
                assertTrue(line.length() < columns, line);
            }
        }
        assertNotEquals(said(49), said(160));
    }

    private String said(int columns) {
        err.getBuffer().setLength(0);
        now = 0;
        return said(true, Terminal.Style.TEXT, 40, null, columns);
    }

    /// A guess from the first moments would be far off.
    @Test
    void theTimeLeftComesOnceItIsKnown() {
        var terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, Main.COLUMNS,
                Terminal.Style.TEXT);
        try (var working = new Working(terminal, "images", 100_000, null, 80, 0.5, () -> now)) {
            for (int i = 0; i < 3; i++) {
                now += 1_000_000_000L;
                working.did(10);
            }
        }
        assertEquals(List.of("images: 0 of 100000", "images: 10 of 100000", "images: 20 of 100000, 2h46m left",
                "images: 30 of 100000, 2h46m left"), err.toString().lines().toList());
    }

    @Test
    void nobodyKnowsHowManyThereAre() {
        assertEquals("images: 10\nimages: 20\n", said(false, Terminal.Style.TEXT, 0));
    }

    @Test
    void linesOfJson() {
        assertEquals(List.of("{\"kind\":\"progress\",\"what\":\"images\",\"done\":0,\"all\":22,\"seconds\":0.0}",
                "{\"kind\":\"progress\",\"what\":\"images\",\"done\":10,\"all\":22,\"seconds\":12.0}",
                "{\"kind\":\"progress\",\"what\":\"images\",\"done\":20,\"all\":22,\"seconds\":24.0}"),
                said(false, Terminal.Style.JSON, 22).lines().toList());
    }

    @Test
    void stagesAreNumbered() {
        var stage = new Working.Stage("evaluating", 2, 7);
        assertEquals("evaluating 2/7, images: 0 of 40",
                said(false, Terminal.Style.TEXT, 40, stage, 160).lines().findFirst()
                        .orElseThrow());
        err.getBuffer().setLength(0);
        assertTrue(said(false, Terminal.Style.JSON, 40, stage, 160)
                .startsWith("{\"kind\":\"progress\",\"stage\":2,\"stages\":7,\"what\":\"images\",\"done\":0,"));
    }

    @Test
    void quietIsQuiet() {
        assertEquals("", said(true, Terminal.Style.QUIET, 40));
    }
}
