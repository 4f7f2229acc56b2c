package dev.triptych.tokenizer;

import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.TensorHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The k-means tokenizer: a code is the nearest of K centroids to a patch of p x p raw pixels (channel, row, column);
/// decoding pastes centroids. Its codes are local words of colour and edge, without context.
public final class PatchCodebook implements Tokenizer {
    private static final String FORMAT = "triptych-patch-codebook-1";
    private static final String TENSOR = "codebook";
    private static final String REMEDY = "Give a file that `triptych tokenize --tokenizer kmeans` wrote";
    private static final int CHANNELS = 3;

    private final Codebook codebook;
    private final int patch;
    private final int side;

    /// @param codebook vectors of 3 p p numbers
    /// @param side pixels along a side of the images, a multiple of p
    /// @throws IllegalArgumentException where the sizes do not fit
    public PatchCodebook(Codebook codebook, int side) {
        int p = (int) Math.round(Math.sqrt(codebook.width() / (double) CHANNELS));
        if (CHANNELS * p * p != codebook.width()) {
            throw new IllegalArgumentException("codes of " + codebook.width()
                    + " numbers are no patches; expected 3 p p numbers");
        }
        if (side < p || side % p != 0) {
            throw new IllegalArgumentException("images of " + side + " pixels cannot be cut into patches of " + p
                    + " pixels; expected a multiple");
        }
        this.codebook = codebook;
        this.patch = p;
        this.side = side;
    }

    /// The vectors.
    public Codebook codebook() {
        return codebook;
    }

    /// p, pixels along a side of a patch.
    public int patch() {
        return patch;
    }

    @Override
    public int codes() {
        return codebook.codes();
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public int grid() {
        return side / patch;
    }

    @Override
    public PatchCodebook forSide(int other) {
        return other == side ? this : new PatchCodebook(codebook, other);
    }

    @Override
    public PatchCodebook forGrid(int grid) {
        return forSide(grid * patch);
    }

    @Override
    public void encode(float[] images, int count, int[] codes) {
        int rows = count * positions();
        float[] patches = new float[rows * codebook.width()];
        for (int r = 0; r < rows; r++) {
            patch(images, side, patch, r / positions(), r % positions(), patches, r * codebook.width());
        }
        codebook.nearest(patches, rows, codes, 0);
    }

    @Override
    public void decode(int[] codes, int count, float[] images) {
        float[] vector = new float[codebook.width()];
        for (int r = 0; r < count * positions(); r++) {
            if (codes[r] < 0 || codes[r] >= codes()) {
                throw new IllegalArgumentException("code " + codes[r] + " at position " + r
                        + "; expected 0 to " + (codes() - 1));
            }
            codebook.copy(codes[r], vector, 0);
            for (int line = 0; line < CHANNELS * patch; line++) {
                System.arraycopy(vector, line * patch, images, line(side, patch, r / positions(), r % positions(),
                        line), patch);
            }
        }
    }

    /// Writes one patch of a batch of images (any, 3, side, side) to `out[at ..]`: channel, row, column.
    public static void patch(float[] images, int side, int patch, int image, int position, float[] out, int at) {
        for (int line = 0; line < CHANNELS * patch; line++) {
            System.arraycopy(images, line(side, patch, image, position, line), out, at + line * patch, patch);
        }
    }

    /// Where line `line` of a patch, channel after channel, begins in a batch of images.
    private static int line(int side, int patch, int image, int position, int line) {
        int grid = side / patch;
        int y = position / grid * patch + line % patch;
        return ((image * CHANNELS + line / patch) * side + y) * side + position % grid * patch;
    }

    @Override
    public String sha256() {
        return TensorHash.sha256(entries());
    }

    @Override
    public String description() {
        return "k-means, " + codes() + " codes, patches of " + patch + " px";
    }

    private List<TensorEntry> entries() {
        return List.of(TensorEntry.of(TENSOR, new int[]{codes(), codebook.width()}, codebook.vectors()));
    }

    /// Writes the codebook as safetensors.
    ///
    /// @param remarks metadata of its origin, by name
    public void save(Path file, Map<String, String> remarks) throws IOException {
        var metadata = new java.util.TreeMap<>(remarks);
        metadata.put("format", FORMAT);
        metadata.put("side", Integer.toString(side));
        metadata.put("sha256", sha256());
        Safetensors.write(file, metadata, entries());
    }

    /// Reads a codebook.
    ///
    /// @throws FormatException where the file is none, or its numbers are not those that it was saved with
    public static PatchCodebook load(Path file) throws IOException {
        var stored = Safetensors.read(file);
        String format = stored.metadata().get("format");
        if (!FORMAT.equals(format) || !stored.has(TENSOR) || stored.shape(TENSOR).length != 2) {
            throw new FormatException(file, "metadata", "it is no patch codebook (format is "
                    + (format == null ? "missing" : "'" + format + "'") + ", expected '" + FORMAT + "')", REMEDY);
        }
        int[] shape = stored.shape(TENSOR);
        double[] numbers = stored.doubles(TENSOR);
        float[] vectors = new float[numbers.length];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = (float) numbers[i];
        }
        PatchCodebook read;
        try {
            int side = Integer.parseInt(stored.metadata().getOrDefault("side", "missing"));
            read = new PatchCodebook(new Codebook(vectors, shape[0], shape[1]), side);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, "tensor '" + TENSOR + "' of shape " + Arrays.toString(shape),
                    e.getMessage(), REMEDY, e);
        }
        String promised = stored.metadata().get("sha256");
        if (!read.sha256().equals(promised)) {
            throw new FormatException(file, "tensor '" + TENSOR + "'", "its SHA-256 is " + read.sha256() + ", but "
                    + "the file was written with " + promised, "It is damaged: restore it, or fit another one");
        }
        return read;
    }
}
