package dev.triptych.data.set;

import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.Sha256;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.TensorHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// What a training learns from, two numbers an example, in their order: the first 64 bits of the SHA-256 of its
/// content, which are the pixels as training sees them or its codes, and of its class's name. It knows no files, and so
/// nothing of where the examples lie.
///
/// It reads every byte once, on all cores.
public final class Fingerprint {
    private static final String FORMAT = "triptych-examples-1";
    private static final String CONTENT = "content";
    private static final String LABEL = "label";
    private static final String REMEDY = "Delete it: the run then goes on without saying which examples differ";

    private final long[] content;
    private final long[] label;
    private final String sha256;

    private Fingerprint(long[] content, long[] label) {
        this.content = content;
        this.label = label;
        this.sha256 = TensorHash.sha256(entries());
    }

    /// Hands out the content of one example. Safe from several threads.
    @FunctionalInterface
    public interface Content {
        /// Hashes example i.
        void feed(int i, MessageDigest digest);
    }

    /// The fingerprint of images: of the pixels that crops are cut from, and of class names.
    public static Fingerprint of(ImageSet images) {
        int side = images.side();
        List<String> classes = images.classes();
        return of(images.size(), (i, digest) -> {
            var picture = images.original(i);
            if (picture.width() != side || picture.height() != side) { // else as many pixels may be another picture
                digest.update(ByteBuffer.allocate(8).putInt(picture.width()).putInt(picture.height()).array());
            }
            digest.update(picture.planes());
        }, i -> name(classes, images.label(i)));
    }

    /// The fingerprint of examples of any kind.
    ///
    /// @param label the class of example i, in words
    public static Fingerprint of(int size, Content content, IntFunction<String> label) {
        long[] contents = new long[size];
        long[] labels = new long[size];
        IntStream.range(0, size).parallel().forEach(i -> {
            MessageDigest digest = Sha256.digest();
            content.feed(i, digest);
            contents[i] = first(digest);
            digest.update(label.apply(i).getBytes(StandardCharsets.UTF_8));
            labels[i] = first(digest);
        });
        return new Fingerprint(contents, labels);
    }

    /// The name of a class; empty where an image has none.
    private static String name(List<String> classes, int label) {
        return label < 0 || label >= classes.size() ? "" : classes.get(label);
    }

    private static long first(MessageDigest digest) {
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /// One hash of all, as 64 hexadecimal digits.
    public String sha256() {
        return sha256;
    }

    private List<TensorEntry> entries() {
        int[] shape = {content.length};
        return List.of(TensorEntry.of(CONTENT, shape, content), TensorEntry.of(LABEL, shape, label));
    }

    /// Writes it atomically, 16 bytes an example.
    public void write(Path file) throws IOException {
        Safetensors.write(file, Map.of("format", FORMAT), entries());
    }

    /// Reads one back.
    ///
    /// @throws FormatException if the file holds none
    public static Fingerprint read(Path file) throws IOException {
        var f = Safetensors.read(file);
        if (!FORMAT.equals(f.metadata().get("format")) || !f.has(CONTENT) || !f.has(LABEL)) {
            throw new FormatException(file, "metadata", "its format is " + f.metadata().get("format") + ", expected "
                    + FORMAT, REMEDY);
        }
        long[] content = f.longs(CONTENT);
        long[] label = f.longs(LABEL);
        if (content.length != label.length) {
            throw new FormatException(file, LABEL, "there are " + label.length + " of them for " + content.length
                    + " examples", REMEDY);
        }
        return new Fingerprint(content, label);
    }

    /// What became of these examples.
    ///
    /// @param was how many there were
    /// @param is how many there are
    /// @param added whose content was not there
    /// @param missing whose content is not there any more
    /// @param changed at their place lies something that was nowhere before
    /// @param renamed of the same content at the same place, in another class
    /// @param moved of the same content, at another place than the order of the others gives them
    public record Difference(int was, int is, int added, int missing, int changed, int renamed, boolean moved) {
        /// In words: `64 then, 65 now: 2 added, 1 missing`.
        @Override
        public String toString() {
            var words = new StringBuilder().append(was).append(" then, ").append(is).append(" now");
            String before = ": ";
            int[] counts = {added, missing, changed, renamed};
            String[] what = {" added", " missing", " changed", " of another class"};
            for (int k = 0; k < counts.length; k++) {
                if (counts[k] > 0) {
                    words.append(before).append(counts[k]).append(what[k]);
                    before = ", ";
                }
            }
            return words.append(moved ? before + "in another order" : "").toString();
        }
    }

    /// How these examples differ from those of now. An example whose content changed is one of another content at the
    /// same place; where the number of examples changed too, it counts as one missing and one added.
    public Difference to(Fingerprint now) {
        long[] before = content.clone();
        long[] after = now.content.clone();
        Arrays.sort(before);
        Arrays.sort(after);
        int changed = 0;
        int renamed = 0;
        boolean elsewhere = false;
        for (int i = 0; i < Math.min(content.length, now.content.length); i++) {
            if (content[i] == now.content[i]) {
                renamed += label[i] != now.label[i] ? 1 : 0;
            } else if (content.length == now.content.length && Arrays.binarySearch(after, content[i]) < 0
                    && Arrays.binarySearch(before, now.content[i]) < 0) {
                changed++;
            } else {
                elsewhere = true;
            }
        }
        int common = common(before, after);
        int added = after.length - common - changed;
        int missing = before.length - common - changed;
        return new Difference(content.length, now.content.length, added, missing, changed, renamed,
                elsewhere && added == 0 && missing == 0);
    }

    /// Numbers that two sorted arrays share, each as often as both have it.
    private static int common(long[] a, long[] b) {
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length;) {
            if (a[i] == b[j]) {
                common++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return common;
    }
}
