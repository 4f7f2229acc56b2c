package dev.triptych.cli;

import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.PackedSet;
import dev.triptych.io.FormatException;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists the packed images, or removes them.
@Command(name = "cache", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "List the packed images: training decodes each picture once and keeps it at the side that it needs.",
        "They lie in TRIPTYCH_CACHE, else in triptych below XDG_CACHE_HOME or ~/.cache. What is removed is packed "
                + "again when it is needed."}, footer = {"", "Examples:", "  triptych cache",
                        "  triptych cache --clear", "  triptych cache --clear --of DIR"})
final class CacheCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--folder", paramLabel = "DIR", description = {
            "Another folder than the user's own: what data.cache named."})
    private String folder;

    @Option(names = "--of", paramLabel = "DATA", description = {"Only what was packed of these pictures."})
    private Path of;

    @Option(names = "--clear", description = {"Remove what is listed."})
    private boolean clear;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec);
        var cache = CacheFolder.of(folder);
        if (folder != null && !Files.isDirectory(cache.folder())) {
            throw new InputException("--folder " + folder + " is no folder; expected one that data.cache named. Leave "
                    + "it out for " + CacheFolder.of(null).folder() + ".");
        }
        long bytes = 0;
        int files = 0;
        for (Path file : cache.files()) {
            var facts = facts(file);
            if (of != null && !facts.getFirst().equals(of.toAbsolutePath().normalize().toString())) {
                continue;
            }
            long size = Files.size(file);
            bytes += size;
            files++;
            if (clear) {
                Files.delete(file);
            }
            terminal.print(CacheFolder.size(size) + "  " + String.join(", ", facts));
        }
        terminal.print((clear ? "removed " : "") + files + (files == 1 ? " packed set, " : " packed sets, ")
                + CacheFolder.size(bytes) + (clear ? " from " : " in ") + cache.folder());
        return 0;
    }

    /// What a file holds, in words, the place of its pictures first.
    private static List<String> facts(Path file) throws IOException {
        if (file.getFileName().toString().startsWith(".")) {
            return List.of("left by a packing that was ended");
        }
        try {
            var set = PackedSet.open(file);
            return List.of(set.facts().getFirst(), set.facts().getLast(), set.size() + " pictures of " + set.side()
                    + " px");
        } catch (FormatException e) {
            return List.of("of another version, or damaged");
        }
    }
}
