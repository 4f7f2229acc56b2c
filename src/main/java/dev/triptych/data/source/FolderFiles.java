package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LeftOut;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The pictures below a folder, in the order of their paths as text, one folder's list in memory at a time for each
/// level. Names that begin with a dot are left out, files and folders.
///
/// A link to a folder is followed, each target once and never into itself, so that no circle holds the walk.
final class FolderFiles {
    private static final Comparator<Child> ORDER = Comparator.comparing(Child::key).thenComparing(Child::path);

    private final Deque<Frame> open = new ArrayDeque<>();
    private final Set<Path> followed = new HashSet<>();
    private final Links links;
    private final LeftOut leftOut;

    /// Which links are followed: those that stay below `boundary`, a real path; all of them where that is null.
    record Links(Path boundary) {
        static Links of(Path folder, boolean anywhere) throws IOException {
            return new Links(anywhere ? null : folder.toRealPath());
        }

        /// Refuses a link that leads out of the data.
        void require(Path path) throws IOException {
            if (boundary != null && Files.isSymbolicLink(path)) {
                requireInside(path);
            }
        }

        private boolean leave(Path path) throws IOException {
            return boundary != null && !path.toRealPath().startsWith(boundary);
        }

        /// Refuses a path of which any part leads out of the data.
        void requireInside(Path path) throws IOException {
            if (leave(path)) {
                throw new ImageException(Refusal.LINK_LEAVES_FOLDER, path,
                        "the link leads out of the folder to " + path.toRealPath(),
                        "Copy what is meant, remove the link, or allow it with data.follow-links=true", null);
            }
        }

        /// Opens the file of a picture.
        ///
        /// @throws ImageException where it cannot be opened
        InputStream open(Path file) throws IOException {
            if (!FileNames.known(file)) {
                throw refused(Refusal.UNREADABLE, file, FileNames.reason(file), FileNames.remedy());
            }
            if (!Files.exists(file)) {
                throw refused(Refusal.UNREADABLE, file, Files.isSymbolicLink(file)
                        ? "the link leads nowhere, or in a circle"
                        : "there is no such file", "Remove or replace it");
            }
            requireInside(file);
            if (!Files.isRegularFile(file)) {
                throw refused(Refusal.NOT_A_FILE, file, "it is a folder, a pipe or a device, not a file", "Remove it");
            }
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new ImageException(Refusal.UNREADABLE, file, "it cannot be read (" + e + ")",
                        "Remove or replace it",
                        e);
            }
        }

        private static ImageException refused(Refusal refusal, Path file, String reason, String remedy) {
            return new ImageException(refusal, file, reason, remedy, null);
        }
    }

    /// @param attributes of what a link leads to; null where it leads nowhere
    record Found(Path path, BasicFileAttributes attributes) {
        long bytes() {
            return attributes == null ? -1 : attributes.size();
        }

        long modified() {
            return attributes == null ? 0 : attributes.lastModifiedTime().toMillis();
        }
    }

    private record Child(Path path, BasicFileAttributes attributes, boolean link, String key) {
        /// `key` is the name, of a folder with a slash: so the walk has the order of whole paths.
        static Child of(Path path) throws IOException {
            var own = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            BasicFileAttributes attributes = own;
            if (own.isSymbolicLink()) {
                try {
                    attributes = Files.readAttributes(path, BasicFileAttributes.class);
                } catch (IOException e) {
                    attributes = null; // nowhere, or in a circle
                }
            }
            boolean folder = attributes != null && attributes.isDirectory();
            return new Child(path, attributes, own.isSymbolicLink(), path.getFileName() + (folder ? "/" : ""));
        }

        boolean isFolder() {
            return attributes != null && attributes.isDirectory();
        }

        boolean isHidden() {
            return key.startsWith(".");
        }
    }

    private record Frame(Path real, Deque<Child> left) {
    }

    /// @param leftOut counts what is no picture
    FolderFiles(Path folder, Links links, LeftOut leftOut) throws IOException {
        this.links = links;
        this.leftOut = leftOut;
        links.require(folder);
        open.push(new Frame(folder.toRealPath(), new ArrayDeque<>(children(folder))));
    }

    /// The next picture; null behind the last.
    Found next() throws IOException {
        while (!open.isEmpty()) {
            var frame = open.peek();
            var child = frame.left.poll();
            if (child == null) {
                open.pop();
            } else if (child.isFolder()) {
                enter(frame, child);
            } else if (takes(child)) {
                return new Found(child.path, child.attributes);
            }
        }
        return null;
    }

    private boolean takes(Child child) throws IOException {
        boolean away = child.link && child.attributes != null && links.leave(child.path);
        return away
                ? leftOut.takes(child.path.getFileName().toString(), _ -> new byte[0]) // what lies there is not read
                : leftOut.takes(child.path);
    }

    private void enter(Frame frame, Child folder) throws IOException {
        if (folder.isHidden()) {
            leftOut.count("hidden folder");
            return;
        }
        Path real = frame.real.resolve(folder.path.getFileName());
        if (folder.link) {
            links.require(folder.path);
            real = folder.path.toRealPath();
            Path target = real;
            if (open.stream().anyMatch(outer -> outer.real.startsWith(target)) || !followed.add(real)) {
                leftOut.count("link to a folder that is listed already");
                return;
            }
        }
        open.push(new Frame(real, new ArrayDeque<>(children(folder.path))));
    }

    /// What lies directly in a folder, in order.
    private static List<Child> children(Path folder) throws IOException {
        var children = new ArrayList<Child>();
        try (var stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                children.add(Child.of(path));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NotDirectoryException e) {
            throw new ImageException(folder, "it is not a folder", "Give a folder of images");
        }
        children.sort(ORDER);
        return children;
    }

    /// The folders directly in a folder, hidden ones left out, in the order of their names.
    static List<Path> folders(Path folder) throws IOException {
        return children(folder).stream().filter(child -> child.isFolder() && !child.isHidden()).map(Child::path)
                .sorted(Comparator.comparing(path -> path.getFileName().toString())).toList();
    }

    /// Number of pictures directly in a folder.
    static long picturesIn(Path folder) throws IOException {
        var aside = new LeftOut();
        return children(folder).stream().filter(child -> !child.isFolder() && aside.takes(child.path)).count();
    }
}
