package dev.triptych.data.codes;

import dev.triptych.data.file.Planar;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.io.Sha256;
import dev.triptych.tokenizer.Tokenizer;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Turns a set of images into the codes of a file, a few images at a time, and hashes every pixel on the way.
public final class CodeMaker implements CodeWriter.Source {
    /// Sees images with their codes, as they pass.
    @FunctionalInterface
    public interface Observer {
        /// @param images (count, 3, side, side)
        /// @param count images of one view
        /// @param codes (count, N)
        void saw(float[] images, int count, int[] codes);
    }

    private static final int CHANNELS = 3;

    private final ImageSet set;
    private final Tokenizer tokenizer;
    private final int views;
    private final Observer observer;
    private final MessageDigest digest = Sha256.digest();
    private final byte[] bytes;

    /// @param views 1 for the images alone, 2 for their mirror images too
    /// @throws IllegalArgumentException where the images have another side than the tokenizer takes
    public CodeMaker(ImageSet set, Tokenizer tokenizer, int views, Observer observer) {
        if (set.side() != tokenizer.side()) {
            throw new IllegalArgumentException("images of " + set.side() + " px for a tokenizer of "
                    + tokenizer.side() + " px");
        }
        this.set = set;
        this.tokenizer = tokenizer;
        this.views = views;
        this.observer = observer;
        this.bytes = new byte[CHANNELS * set.side() * set.side()];
    }

    /// The hash of all pixels of a set, which a file of its codes holds too.
    public static String sha256(ImageSet set) {
        MessageDigest digest = Sha256.digest();
        byte[] pixels = new byte[CHANNELS * set.side() * set.side()];
        for (int i = 0; i < set.size(); i++) {
            set.pixels(i, pixels, 0);
            digest.update(pixels);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// The header of the file; the hash of the images is not known yet.
    public CodeHeader header(Split split) {
        return new CodeHeader(tokenizer.grid(), tokenizer.codes(), views, set.size(), split.title(), set.classes(),
                tokenizer.description(), tokenizer.sha256(), "0".repeat(2 * Sha256.BYTES));
    }

    @Override
    public void codes(int first, int count, int[] out) {
        int n = tokenizer.positions();
        float[] images = new float[count * bytes.length];
        int[] codes = new int[count * n];
        for (int view = 0; view < views; view++) {
            for (int i = 0; i < count; i++) {
                read(first + i, view, images, i * bytes.length);
            }
            tokenizer.encode(images, count, codes);
            for (int i = 0; i < count; i++) {
                System.arraycopy(codes, i * n, out, (i * views + view) * n, n);
            }
            observer.saw(images, count, codes);
        }
    }

    private void read(int i, int view, float[] images, int at) {
        set.pixels(i, bytes, 0);
        Planar.toFloats(bytes, 0, images, at, bytes.length);
        if (view == 0) {
            digest.update(bytes);
        } else {
            Planar.mirror(images, at, CHANNELS * set.side(), set.side());
        }
    }

    @Override
    public String imagesSha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
