package dev.triptych.train;

import dev.triptych.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/// Scalars and pictures as a TensorBoard event file: records of TFRecord framing (length, masked CRC32C of the length,
/// data, masked CRC32C of the data), each an `Event` in protobuf's wire format. `tensorboard --logdir runs` shows them.
///
/// Event: wall_time 1 (double), step 2 (int64), file_version 3 (string), summary 5, session_log 7. Summary: value 1;
/// Value: tag 1 (string), simple_value 2 (float), image 4. Image: height 1, width 2, colorspace 3 (3 is RGB),
/// encoded_image_string 4 (a PNG). SessionLog: status 1, of which 1 is START.
public final class EventFile implements Closeable {
    private static final int MASK_DELTA = 0xA282EAD8;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int RGB = 3;
    /// Where a PNG has its width, and behind it its height.
    private static final int SIZES_IN_PNG = 16;

    private final Path file;
    private final FileChannel channel;

    private EventFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Begins a new event file in a run folder; one of each start and resumption.
    ///
    /// @param step steps done before; TensorBoard then drops what older files say of later steps, which come again
    public static EventFile begin(Path folder, long step) throws IOException {
        long seconds = System.currentTimeMillis() / 1000;
        for (int number = 1;; number++) {
            Path file = folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.triptych.%d", seconds,
                    number));
            try {
                var events = new EventFile(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE));
                events.record(event(0, field(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8))));
                if (step > 0) {
                    var start = new ByteArrayOutputStream();
                    varint(start, 1 << 3 | VARINT);
                    varint(start, 1);
                    events.record(event(step + 1, field(7, start.toByteArray())));
                }
                return events;
            } catch (FileAlreadyExistsException e) {
                continue; // of the same second
            }
        }
    }

    /// Appends the numbers among the values of a step, tagged `kind/name`.
    public void write(String kind, long step, Map<String, ?> values) throws IOException {
        var summary = new ByteArrayOutputStream();
        values.forEach((name, value) -> {
            if (value instanceof Number number) {
                var scalar = new ByteArrayOutputStream();
                scalar.writeBytes(field(1, (kind + "/" + name).getBytes(StandardCharsets.UTF_8)));
                varint(scalar, 2 << 3 | FIXED32);
                scalar.writeBytes(little(4).putFloat(number.floatValue()).array());
                summary.writeBytes(field(1, scalar.toByteArray()));
            }
        });
        if (summary.size() > 0) {
            record(event(step, field(5, summary.toByteArray())));
        }
    }

    /// Appends pictures of a step.
    ///
    /// @param pngs PNG files by tag
    public void pictures(long step, Map<String, byte[]> pngs) throws IOException {
        for (var png : pngs.entrySet()) {
            var sizes = ByteBuffer.wrap(png.getValue(), SIZES_IN_PNG, 8);
            var image = new ByteArrayOutputStream();
            varint(image, 1 << 3 | VARINT);
            int width = sizes.getInt();
            varint(image, sizes.getInt());
            varint(image, 2 << 3 | VARINT);
            varint(image, width);
            varint(image, 3 << 3 | VARINT);
            varint(image, RGB);
            image.writeBytes(field(4, png.getValue()));
            var value = new ByteArrayOutputStream();
            value.writeBytes(field(1, png.getKey().getBytes(StandardCharsets.UTF_8)));
            value.writeBytes(field(4, image.toByteArray()));
            record(event(step, field(5, field(1, value.toByteArray()))));
        }
    }

    private static byte[] event(long step, byte[] rest) {
        var event = new ByteArrayOutputStream();
        varint(event, 1 << 3 | FIXED64);
        event.writeBytes(little(8).putDouble(System.currentTimeMillis() / 1000.0).array());
        varint(event, 2 << 3 | VARINT);
        varint(event, step);
        event.writeBytes(rest);
        return event.toByteArray();
    }

    private static byte[] field(int number, byte[] content) {
        var out = new ByteArrayOutputStream();
        varint(out, (long) number << 3 | BYTES);
        varint(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    /// Seven bits a byte, the lowest first; steps are never negative.
    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>= 7;
        }
        out.write((int) rest);
    }

    private void record(byte[] data) throws IOException {
        byte[] length = little(8).putLong(data.length).array();
        try {
            AtomicFile.writeFully(channel, little(16 + data.length).put(length).putInt(maskedCrc(length)).put(data)
                    .putInt(maskedCrc(data)).flip());
        } catch (IOException e) {
            throw AtomicFile.notWritten(file, e);
        }
    }

    private static int maskedCrc(byte[] data) {
        var crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
