package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a run records of the program is what the build wrote, and what leaves the checkout has one version.
class BuildStampTest {
    private static final String COMMIT = "0123456789".repeat(4);

    private static BuildStamp stamp(String lines) throws IOException {
        return BuildStamp.read(new ByteArrayInputStream(lines.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void theBuildsLinesAreRead() throws IOException {
        assertEquals(new BuildStamp("1.2", COMMIT, true), stamp("version=1.2\ncommit=" + COMMIT + "\nchanged=true\n"));
        assertEquals("1.2, commit 0123456789",
                stamp("version=1.2\ncommit=" + COMMIT + "\nchanged=false\n").toString());
    }

    /// Maven leaves what it cannot fill in as it stands.
    @Test
    void outsideARepositoryThereIsNoCommit() throws IOException {
        var stamp = stamp("version=1.2\ncommit=${git.commit.id}\nchanged=${git.dirty}\n");
        assertEquals(new BuildStamp("1.2", null, null), stamp);
        assertEquals("1.2, built outside a repository", stamp.toString());
    }

    /// Not of the folder that the process stands in, which is a repository here: of the classes.
    @Test
    void provenanceIsTheBuilds() throws IOException {
        BuildStamp built;
        try (var in = BuildStamp.class.getResourceAsStream("build.properties")) {
            built = BuildStamp.read(in);
        }
        var values = Provenance.collect("plain", 1, List.of()).values();
        assertEquals(built.version(), values.get("version"));
        assertEquals(built.commit(), values.get("commit"));
        assertEquals(built.changed(), values.get("commit-changed"));
        if (built.commit() == null) {
            assertNull(built.changed());
        }
    }

    @Test
    void whatIsReleasedHasTheVersionOfThePom() throws IOException {
        String version = first("pom.xml", "<version>([^<]+)</version>");
        assertEquals(version, BuildStamp.ofThisProgram().version());
        assertEquals(version, first("CITATION.cff", "(?m)^version: (.+)$"));
        assertEquals(version, first("jbang-catalog.json", "\"dev\\.triptych:triptych:([^\"]+)\""));
        assertTrue(Files.readString(Path.of("CHANGELOG.md")).contains(version.replace("-SNAPSHOT", "")));
    }

    private static String first(String file, String pattern) throws IOException {
        var found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        assertTrue(found.find(), file);
        return found.group(1);
    }
}
