package dev.triptych.data.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The files below a folder, in the order of their names, without ever leaving it. A link to a file inside counts as
/// that file; other links, and what is neither a file nor a folder, come with the reason why they are not read. A link
/// to a folder is not followed, so that no circle of links can hold the walk.
public final class FileWalk {
    /// @param file what was found
    /// @param refusal why it is not to be read; null for a file that is
    public record Found(Path file, ImageException refusal) {
    }

    /// Takes what is found.
    @FunctionalInterface
    public interface Visitor {
        /// One file, or one thing that is not read.
        void visit(Found found) throws IOException;
    }

    private FileWalk() {
    }

    /// Visits everything below a folder.
    ///
    /// @throws ImageException if it is not a folder
    public static void over(Path folder, Visitor visitor) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ImageException(folder, Files.exists(folder) ? "it is not a folder" : "there is no such folder",
                    "Give a folder of images");
        }
        Path boundary = folder.toRealPath();
        Deque<Path> open = new ArrayDeque<>(children(folder));
        while (!open.isEmpty()) {
            Path path = open.pop();
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    children(path).reversed().forEach(open::push);
                } catch (IOException e) {
                    visitor.visit(refused(path, Refusal.UNREADABLE, "the folder cannot be listed (" + e + ")"));
                }
            } else {
                visitor.visit(judge(path, boundary));
            }
        }
    }

    private static Found judge(Path path, Path boundary) {
        if (Files.isSymbolicLink(path)) {
            Path target;
            try {
                target = path.toRealPath();
            } catch (IOException e) {
                return refused(path, Refusal.UNREADABLE, "the link leads nowhere, or in a circle");
            }
            if (!target.startsWith(boundary)) {
                return refused(path, Refusal.LINK_LEAVES_FOLDER, "the link leads out of the folder");
            }
            if (Files.isDirectory(target)) {
                return refused(path, Refusal.LINKED_FOLDER, "the link leads to a folder, listed at its own place");
            }
        }
        return Files.isRegularFile(path)
                ? new Found(path, null)
                : refused(path, Refusal.NOT_A_FILE,
                        "it is a pipe, a socket or a device, not a file");
    }

    private static Found refused(Path path, Refusal refusal, String reason) {
        return new Found(path, new ImageException(refusal, path, reason, "Copy what is meant, or remove it", null));
    }

    private static List<Path> children(Path folder) throws IOException {
        var children = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        children.sort(Comparator.comparing(path -> path.getFileName().toString()));
        return children;
    }
}
