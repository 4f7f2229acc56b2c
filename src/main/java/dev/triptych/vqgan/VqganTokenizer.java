package dev.triptych.vqgan;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.TensorHash;
import dev.triptych.method.Evaluation;
import dev.triptych.method.Trained;
import dev.triptych.program.Tensor;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.tokenizer.VqganSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A VQGAN as a tokenizer (VQGAN section 2). Images pass through it in batches of one size, so the codes of an image do
/// not depend on how many are asked for together. Several threads may ask: they wait for one another. Being
/// convolutions alone, it takes images of any side that it can halve (VQGAN section 5).
public final class VqganTokenizer implements Tokenizer {
    private static final int CHANNELS = 3;
    /// Floats of the widest maps of a batch, about: what is decoded at once.
    private static final long LARGEST = 1L << 26;

    private final Trained run;
    private final Device device;
    private final Session session;
    private final VqganSettings sizes;
    private final Evaluation<Tensor> encode;
    private final Evaluation<Tensor> decode;
    private final int batch;
    private final String sha256;
    private final List<VqganTokenizer> others = new ArrayList<>();

    private VqganTokenizer(Trained run, Device device, VqganPrograms programs) throws IOException {
        this.run = run;
        this.device = device;
        this.sizes = programs.model().settings().sizes();
        this.batch = batch(sizes);
        this.encode = programs.encode(batch);
        this.decode = programs.decode(batch);
        this.session = device.bind(programs.state(), encode.program(), decode.program());
        try {
            run.load(programs.state(), session);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
        var parts = new ArrayList<TensorEntry>();
        programs.state().parameters()
                .forEach((name, t) -> parts.add(TensorEntry.of(name, t.shape(), session.download(t))));
        this.sha256 = TensorHash.sha256(parts);
    }

    /// Windows of 3 x 3 are nine times a map.
    private static int batch(VqganSettings s) {
        long map = 9L * s.side() * s.side() * s.widths().getFirst();
        return Math.clamp(LARGEST / map, 1, 64);
    }

    /// The model of a checkpoint.
    public static VqganTokenizer open(Trained run, Device device) throws IOException {
        return new VqganTokenizer(run, device, new VqganPrograms(run.recipe()));
    }

    @Override
    public int codes() {
        return sizes.codes();
    }

    @Override
    public int side() {
        return sizes.side();
    }

    @Override
    public int grid() {
        return sizes.grid();
    }

    @Override
    public synchronized Tokenizer forSide(int side) {
        if (side == side()) {
            return this;
        }
        if (side % sizes.factor() != 0) {
            throw new IllegalArgumentException("the tokenizer makes one code of " + sizes.factor() + " x "
                    + sizes.factor() + " pixels, which do not divide images of " + side + "; expected a multiple");
        }
        var found = others.stream().filter(other -> other.side() == side).findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        try {
            var other = new VqganTokenizer(run, device, new VqganPrograms(run.recipe(), side));
            others.add(other);
            return other;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Tokenizer forGrid(int grid) {
        return forSide(grid * sizes.factor());
    }

    @Override
    public synchronized void encode(float[] images, int count, int[] codes) {
        int numbers = CHANNELS * side() * side();
        for (int first = 0; first < count; first += batch) {
            int n = Math.min(batch, count - first);
            session.upload(encode.input(),
                    Arrays.copyOf(Arrays.copyOfRange(images, first * numbers, (first + n) * numbers),
                            batch * numbers));
            session.run(encode.program());
            System.arraycopy(session.downloadIntegers(encode.values()), 0, codes, first * positions(),
                    n * positions());
        }
    }

    @Override
    public synchronized void decode(int[] codes, int count, float[] images) {
        for (int i = 0; i < count * positions(); i++) {
            if (codes[i] < 0 || codes[i] >= codes()) {
                throw new IllegalArgumentException("code " + codes[i] + " at position " + i + "; expected 0 to "
                        + (codes() - 1));
            }
        }
        for (int first = 0; first < count; first += batch) {
            int n = Math.min(batch, count - first);
            session.upload(decode.input(),
                    Arrays.copyOf(Arrays.copyOfRange(codes, first * positions(), (first + n) * positions()),
                            batch * positions()));
            session.run(decode.program());
            paint(session.download(decode.values()), n, images, first);
        }
    }

    /// Rows of pixels as planes, limited to [0, 1].
    private void paint(float[] rows, int count, float[] images, int first) {
        int pixels = side() * side();
        for (int i = 0; i < count * CHANNELS * pixels; i++) {
            int pixel = i % pixels;
            int channel = i / pixels % CHANNELS;
            int image = i / pixels / CHANNELS;
            images[first * CHANNELS * pixels + i] = Math
                    .clamp(rows[(image * pixels + pixel) * CHANNELS + channel], 0f, 1f);
        }
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public String description() {
        return "VQGAN, " + codes() + " codes of " + sizes.dim() + " numbers, " + sizes.factor() + " px each";
    }

    @Override
    public void close() {
        others.forEach(VqganTokenizer::close);
        session.close();
    }
}
