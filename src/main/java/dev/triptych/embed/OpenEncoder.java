package dev.triptych.embed;

import dev.triptych.data.set.PictureSet;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Trained;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// An encoder that stays open: single pictures to the rows that [Embedding] writes, bit for bit. Not for use by several
/// threads at once.
public final class OpenEncoder implements AutoCloseable {
    /// What it says of a picture.
    ///
    /// @param meaning in words
    /// @param shape of one picture; bytes where bits are packed
    /// @param bits whether it is bits, the first in a byte's highest place
    public record Value(String name, String meaning, int[] shape, boolean bits) {
    }

    private final Evaluation<?> evaluation;
    private final List<RowValue> values;
    private final Session session;

    /// Binds the program and loads the weights.
    ///
    /// @throws dev.triptych.method.InputException where the run reads no pictures
    public OpenEncoder(Trained run, MethodPrograms programs, Device device) throws IOException {
        evaluation = programs.evaluate(Evaluation.SMALLEST_BATCH);
        values = NamedValues.of(run, evaluation).stream().map(value -> RowValue.of(value, evaluation.batch())).toList();
        session = device.bind(programs.state(), evaluation.program());
        run.load(programs.state(), session);
    }

    /// All values, what people mostly want first.
    public List<Value> values() {
        return values.stream()
                .map(v -> new Value(v.name(), v.value().meaning(), v.shape().clone(), v.value().bits())).toList();
    }

    /// The values of pictures by name: floats or packed bits, little-endian.
    public List<Map<String, ByteBuffer>> encode(PictureSet pictures) {
        var rows = new ArrayList<Map<String, ByteBuffer>>();
        int batch = evaluation.batch();
        float[] images = new float[evaluation.input().count()];
        for (int first = 0; first < pictures.size(); first += batch) {
            int n = Math.min(batch, pictures.size() - first);
            Arrays.fill(images, 0f);
            pictures.images(IntStream.range(first, first + n).toArray(), images, 0);
            session.upload(evaluation.input(), images);
            session.run(evaluation.program());
            for (int i = 0; i < n; i++) {
                rows.add(new LinkedHashMap<>());
            }
            for (RowValue value : values) {
                float[] all = session.download(value.value().tensor());
                int length = value.numbers();
                for (int i = 0; i < n; i++) {
                    var bytes = ByteBuffer.allocate(value.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                    value.put(all, i * length, length, bytes);
                    rows.get(first + i).put(value.name(), bytes.flip());
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        session.close();
    }
}
