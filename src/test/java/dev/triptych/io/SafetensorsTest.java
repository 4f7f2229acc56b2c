package dev.triptych.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void everyDtypeRoundTrips() throws IOException {
        Path file = folder.resolve("new/all.safetensors");
        Safetensors.write(file, Map.of("z", "1", "a", "é"), List.of(
                TensorEntry.of("bool", new int[]{3}, new boolean[]{true, false, true}),
                TensorEntry.of("f", new int[]{2, 2}, new float[]{1, -2, Float.NaN, 1e-40f}),
                TensorEntry.of("d", new int[]{}, new double[]{Math.PI}),
                TensorEntry.of("i", new int[]{2}, new int[]{Integer.MIN_VALUE, 7}),
                TensorEntry.of("l", new int[]{1, 2}, new long[]{Long.MAX_VALUE, -1}),
                TensorEntry.of("u", new int[]{2}, new byte[]{(byte) 200, 5}),
                TensorEntry.of("none", new int[]{0, 5}, new float[0]),
                TensorEntry.of("part", new int[]{2}, new float[]{0, 1, 2, 3}, 1)));
        var read = Safetensors.read(file);
        assertEquals(Map.of("z", "1", "a", "é"), read.metadata());
        assertEquals(8, read.names().size());
        assertArrayEquals(new double[]{1, 0, 1}, read.doubles("bool"));
        assertArrayEquals(new float[]{1, -2, Float.NaN, 1e-40f}, read.floats("f"));
        assertArrayEquals(new double[]{Math.PI}, read.doubles("d"));
        assertArrayEquals(new int[0], read.shape("d"));
        assertArrayEquals(new int[]{Integer.MIN_VALUE, 7}, read.ints("i"));
        assertArrayEquals(new long[]{Long.MAX_VALUE, -1}, read.longs("l"));
        assertArrayEquals(new float[]{200, 5}, read.floats("u"));
        assertArrayEquals(new int[]{0, 5}, read.shape("none"));
        assertEquals(0, read.floats("none").length);
        assertArrayEquals(new long[]{1, 2}, read.longs("part"));
        assertEquals(Dtype.U8, read.dtype("u"));
        assertThrows(FormatException.class, () -> read.ints("l"));
        assertThrows(FormatException.class, () -> read.longs("d"));
        assertTrue(assertThrows(FormatException.class, () -> read.floats("absent")).getMessage().contains("absent"));
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
    }

    @Test
    void dataAreAlignedAndBytesRepeat() throws IOException {
        Path file = folder.resolve("a.safetensors");
        var entries = List.of(TensorEntry.of("b", new int[]{3}, new byte[3]),
                TensorEntry.of("d", new int[]{1}, new double[]{2}));
        Safetensors.write(file, Map.of(), entries);
        byte[] bytes = Files.readAllBytes(file);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        assertEquals(2.0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble((int) header + 8));
        Safetensors.write(file, Map.of(), entries);
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void aFailingWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("a");
        AtomicFile.write(file, new byte[]{1});
        assertThrows(IOException.class, () -> AtomicFile.write(file, channel -> {
            throw new IOException("disk full");
        }));
        assertArrayEquals(new byte[]{1}, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> TensorEntry.of("x", new int[]{2}, new float[3]));
        assertThrows(IllegalArgumentException.class, () -> TensorEntry.of("x", new int[]{-1}, new float[3]));
        assertThrows(IllegalArgumentException.class, () -> TensorEntry.of("x", new int[]{3}, new float[3], 1));
        var x = TensorEntry.of("x", new int[]{1}, new float[1]);
        assertThrows(IllegalArgumentException.class,
                () -> Safetensors.write(folder.resolve("x"), Map.of(), List.of(x, x)));
    }

    /// Headers over 8 bytes of data, each wrong in one way.
    @ParameterizedTest
    @ValueSource(strings = {
            "[]",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}x",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
            "{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                    + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
            "{\"__metadata__\":{\"k\":1},\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            "{\"__metadata__\":[],\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            "{\"x\":7}", "{}", " {}"})
    void brokenHeadersAreRefusedByName(String header) throws IOException {
        Path file = write(header.getBytes(StandardCharsets.UTF_8));
        assertTrue(assertThrows(FormatException.class, () -> Safetensors.read(file)).getMessage().contains("bad"));
    }

    @Test
    void anotherEncodingIsRefused() throws IOException {
        Path file = write("{\"é\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                .getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(FormatException.class, () -> Safetensors.read(file));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 9, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void impossibleHeaderLengthsAreRefusedBeforeAllocation(long length) throws IOException {
        Path file = folder.resolve("bad");
        Files.write(file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        assertTrue(assertThrows(FormatException.class, () -> Safetensors.read(file)).getMessage()
                .contains("header length"));
    }

    private Path write(byte[] header) throws IOException {
        Path file = folder.resolve("bad");
        Files.write(file, ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).array());
        return file;
    }
}
