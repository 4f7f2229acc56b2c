package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Event files read back by the rules of TFRecord and protobuf, with a check sum of the test's own.
class EventFileTest {
    @TempDir
    private Path folder;

    /// CRC-32C bit by bit, then TFRecord's mask.
    private static int maskedCrc(byte[] data, int from, int to) {
        int crc = -1;
        for (int i = from; i < to; i++) {
            crc ^= data[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xA282EAD8;
    }

    /// A message's fields by number; numbers of any kind as Long or Double, bytes as ByteBuffer.
    private static Map<Integer, List<Object>> message(ByteBuffer in) {
        var fields = new TreeMap<Integer, List<Object>>();
        while (in.hasRemaining()) {
            long key = varint(in);
            Object value = switch ((int) (key & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getDouble();
                case 5 -> (double) in.getFloat();
                case 2 -> {
                    int length = (int) varint(in);
                    var part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
                    in.position(in.position() + length);
                    yield part;
                }
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.computeIfAbsent((int) (key >> 3), n -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static String text(Object bytes) {
        return StandardCharsets.UTF_8.decode((ByteBuffer) bytes).toString();
    }

    private static List<Map<Integer, List<Object>>> events(Path file) throws IOException {
        byte[] data = Files.readAllBytes(file);
        var in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        var events = new ArrayList<Map<Integer, List<Object>>>();
        while (in.hasRemaining()) {
            int at = in.position();
            int length = (int) in.getLong();
            assertEquals(maskedCrc(data, at, at + 8), in.getInt(), "check sum of the length");
            events.add(message(in.slice(at + 12, length).order(ByteOrder.LITTLE_ENDIAN)));
            in.position(at + 12 + length);
            assertEquals(maskedCrc(data, at + 12, at + 12 + length), in.getInt(), "check sum of the data");
        }
        return events;
    }

    private static Map<String, Double> scalars(Map<Integer, List<Object>> event) {
        var scalars = new TreeMap<String, Double>();
        for (Object value : message((ByteBuffer) event.get(5).getFirst()).get(1)) {
            var fields = message((ByteBuffer) value);
            scalars.put(text(fields.get(1).getFirst()), (Double) fields.get(2).getFirst());
        }
        return scalars;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(f -> f.getFileName().toString().startsWith("events.out.tfevents.")).sorted().toList();
        }
    }

    @Test
    void picturesAreWrittenAsTheyAre() throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(300, 7, BufferedImage.TYPE_INT_RGB), "png", bytes);
        try (var events = EventFile.begin(folder, 0)) {
            events.pictures(775, Map.of("eval/sheet", bytes.toByteArray()));
        }
        var event = events(files(folder).getFirst()).get(1);
        assertEquals(775L, event.get(2).getFirst());
        var value = message((ByteBuffer) message((ByteBuffer) event.get(5).getFirst()).get(1).getFirst());
        assertEquals("eval/sheet", text(value.get(1).getFirst()));
        var image = message((ByteBuffer) value.get(4).getFirst());
        assertEquals(List.of(7L, 300L, 3L), List.of(image.get(1).getFirst(), image.get(2).getFirst(),
                image.get(3).getFirst()), "height, width, RGB");
        assertEquals(ByteBuffer.wrap(bytes.toByteArray()), image.get(4).getFirst());
    }

    @Test
    void metricsAreWrittenAsEventsToo() throws IOException {
        try (var log = MetricsLog.open(folder.resolve("metrics.jsonl")).beside(EventFile.begin(folder, 0))) {
            log.write("train", 5, Map.of("total", 1.5, "stage", "main", "images", 300L));
            log.write("warning", 6, Map.of("text", "no number"));
            log.write("train", 1_000_000, Map.of("total", Double.NaN));
        }
        try (var log = MetricsLog.resume(folder.resolve("metrics.jsonl"), 5).beside(EventFile.begin(folder, 5))) {
            log.write("train", 6, Map.of("total", 2.0));
        }
        var files = files(folder);
        assertEquals(2, files.size());
        var first = events(files.getFirst());
        assertEquals(3, first.size());
        assertEquals("brain.Event:2", text(first.getFirst().get(3).getFirst()));
        assertEquals(5L, first.get(1).get(2).getFirst());
        assertEquals(Map.of("train/total", 1.5, "train/images", 300.0), scalars(first.get(1)));
        assertTrue(Math.abs(System.currentTimeMillis() / 1e3 - (Double) first.get(1).get(1).getFirst()) < 3600);
        assertEquals(1_000_000L, first.get(2).get(2).getFirst());
        assertTrue(Double.isNaN(scalars(first.get(2)).get("train/total")));
        var second = events(files.getLast());
        assertEquals(6L, second.get(1).get(2).getFirst(), "what older files say from here on is void");
        assertEquals(1L, message((ByteBuffer) second.get(1).get(7).getFirst()).get(1).getFirst(), "START");
        assertEquals(Map.of("train/total", 2.0), scalars(second.get(2)));
    }
}
