package dev.triptych.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this program was built of, written into it when it was built: whoever runs it may stand in any repository.
///
/// @param version of the program
/// @param commit it was built of; null where it was built outside a repository
/// @param changed whether files under version control differed from the commit; null where there is none
public record BuildStamp(String version, String commit, Boolean changed) {
    private static final String FILE = "build.properties";

    /// That of this program.
    public static BuildStamp ofThisProgram() {
        try (InputStream in = BuildStamp.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing; expected what the build writes. Build again.");
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the lines that the build fills in; without a repository it fills in nothing.
    static BuildStamp read(InputStream in) throws IOException {
        var lines = new Properties();
        lines.load(in);
        String commit = lines.getProperty("commit", "");
        boolean known = commit.matches("[0-9a-f]{40,64}");
        return new BuildStamp(lines.getProperty("version"), known ? commit : null,
                known ? Boolean.valueOf(lines.getProperty("changed")) : null);
    }

    @Override
    public String toString() {
        return version + (commit == null
                ? ", built outside a repository"
                : ", commit " + commit.substring(0, 10) + (changed ? " with changes" : ""));
    }
}
