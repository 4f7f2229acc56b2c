package dev.triptych.vqvae;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.TensorHash;
import dev.triptych.method.Evaluation;
import dev.triptych.method.Trained;
import dev.triptych.program.Tensor;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.tokenizer.VqSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;

/// A trained VQ-VAE as a tokenizer. Images pass through it in batches of one size, so the codes of an image do not
/// depend on how many are asked for together. Several threads may ask: they wait for one another.
public final class VqVaeTokenizer implements Tokenizer {
    private static final int CHANNELS = 3;
    private static final int BATCH = 64;

    private final Session session;
    private final VqSettings sizes;
    private final Evaluation<VqVae.Features> encode;
    private final Evaluation<Tensor> decode;
    private final int batch;
    private final String sha256;

    /// @param session in which both programs are bound and the weights are loaded; closed with this tokenizer
    /// @param programs of the model
    /// @param encode from `VqVaePrograms.evaluate`
    /// @param decode from `VqVaePrograms.decode`, of the same batch
    public VqVaeTokenizer(Session session, VqVaePrograms programs, Evaluation<VqVae.Features> encode,
            Evaluation<Tensor> decode) {
        this.session = session;
        this.sizes = programs.model().settings().sizes();
        this.encode = encode;
        this.decode = decode;
        this.batch = encode.batch();
        var parts = new ArrayList<TensorEntry>();
        for (var tensors : java.util.List.of(programs.state().parameters(), programs.state().buffers())) {
            tensors.forEach((name, t) -> parts.add(TensorEntry.of(name, t.shape(), session.download(t))));
        }
        this.sha256 = TensorHash.sha256(parts);
    }

    /// The model of a checkpoint.
    public static VqVaeTokenizer open(Trained run, Device device) throws IOException {
        var programs = new VqVaePrograms(run.recipe());
        var encode = programs.evaluate(BATCH);
        var decode = programs.decode(BATCH);
        var session = device.bind(programs.state(), encode.program(), decode.program());
        try {
            run.load(programs.state(), session);
            return new VqVaeTokenizer(session, programs, encode, decode);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
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
    public synchronized void encode(float[] images, int count, int[] codes) {
        int numbers = CHANNELS * side() * side();
        for (int first = 0; first < count; first += batch) {
            int n = Math.min(batch, count - first);
            float[] part = Arrays.copyOf(Arrays.copyOfRange(images, first * numbers, (first + n) * numbers),
                    batch * numbers);
            session.upload(encode.input(), part);
            session.run(encode.program());
            int[] found = session.downloadIntegers(encode.values().codes());
            System.arraycopy(found, 0, codes, first * positions(), n * positions());
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
            int[] part = Arrays.copyOf(Arrays.copyOfRange(codes, first * positions(), (first + n) * positions()),
                    batch * positions());
            session.upload(decode.input(), part);
            session.run(decode.program());
            paint(session.download(decode.values()), n, images, first);
        }
    }

    /// Rows of pixels in [-0.5, 0.5] as planes in [0, 1].
    private void paint(float[] rows, int count, float[] images, int first) {
        int pixels = side() * side();
        for (int i = 0; i < count * CHANNELS * pixels; i++) {
            int pixel = i % pixels;
            int channel = i / pixels % CHANNELS;
            int image = i / pixels / CHANNELS;
            float value = rows[(image * pixels + pixel) * CHANNELS + channel] + 0.5f;
            images[first * CHANNELS * pixels + i] = Math.clamp(value, 0f, 1f);
        }
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public String description() {
        return "VQ-VAE, " + codes() + " codes of " + sizes.dim() + " numbers, " + sizes.patch() + " px each";
    }

    /// Waits for who is at work: batches that were given up may still be in the making.
    @Override
    public synchronized void close() {
        session.close();
    }
}
