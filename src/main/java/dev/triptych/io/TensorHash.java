package dev.triptych.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// SHA-256 of tensors: of the name, number format, shape and little-endian numbers of each, in the order given.
public final class TensorHash {
    private static final int CHUNK = 1 << 16;

    private TensorHash() {
    }

    /// The hash as 64 hexadecimal digits.
    public static String sha256(List<TensorEntry> tensors) {
        MessageDigest digest = Sha256.digest();
        var buffer = ByteBuffer.allocate(CHUNK);
        var segment = MemorySegment.ofBuffer(buffer);
        for (TensorEntry given : tensors) {
            TensorEntry tensor = given.loaded();
            String head = tensor.name() + " " + tensor.dtype() + " " + Arrays.toString(tensor.shape()) + "\n";
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            int bytes = tensor.dtype().bytes();
            for (int from = 0; from < tensor.count(); from += CHUNK / bytes) {
                int n = Math.min(CHUNK / bytes, tensor.count() - from);
                tensor.copyTo(segment, from, n);
                digest.update(buffer.array(), 0, n * bytes);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
