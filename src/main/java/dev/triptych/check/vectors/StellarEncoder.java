package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.function.Function;

/// The encoder alone on full images: what the whole program never computes, such as the embeddings of patches that a
/// mask then drops, or the dense features of the teacher.
final class StellarEncoder {
    private final HostSession session;
    private final Encoding encoding;

    /// @param weights numbers of a parameter by our name
    /// @param images (count, 3, side, side)
    StellarEncoder(StellarModel model, Function<String, float[]> weights, float[] images, int count) {
        VisionTransformer.Settings s = model.settings().encoder();
        var state = new State();
        var encoder = new VisionTransformer(Scope.of(state), s, model.settings().tokens(), "STELLAR section 1");
        var program = new Program("encode", state);
        Tensor input = program.input("image", count, 3, s.grid() * s.patch(), s.grid() * s.patch());
        encoding = encoder.encode(program, View.full(program, input, count, 0, 1, s.grid()));
        session = new PlainDevice(false).bind(state, program);
        state.parameters().forEach((name, tensor) -> session.upload(tensor, weights.apply(name)));
        session.upload(input, images);
        session.run(program);
    }

    Encoding encoding() {
        return encoding;
    }

    /// The tokens `from` to `from + count - 1` of each sequence, out of packed rows.
    float[] rows(Tensor packed, int from, int count) {
        return rows(encoding, session.download(packed), packed.columns(), 0, from, count);
    }

    /// The same of any view of any encoding.
    static float[] rows(Encoding encoding, float[] packed, int d, int view, int from, int count) {
        int[] rows = encoding.layout().tokens(view, from, count);
        return AxisOrder.pick(packed, rows.length * d, i -> rows[i / d] * d + i % d);
    }
}
