package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteOrder;

/// The strips and tiles of a TIFF file, unpacked and with their predictor undone: rows of samples, each row beginning
/// at a whole byte.
record TiffBlocks(TiffDirectory directory, TiffLayout layout) {
    /// Rows of a strip or tile: tiles are always whole, the last strip ends with the picture.
    int rows(int block) {
        int row = block / layout.across() % layout.down();
        return layout.tiled()
                ? layout.blockHeight()
                : Math.min(layout.blockHeight(), layout.height() - row * layout.blockHeight());
    }

    /// The bytes of a strip or tile as they lie in the file.
    byte[] packed(int block, long most) throws IOException {
        long count = layout.counts().length == 0 ? most : Math.min(most, layout.counts()[block]);
        return directory.bytes(layout.offsets()[block], count, "its strip or tile " + block);
    }

    /// The rows of a strip or tile.
    ///
    /// @throws IOException where it is damaged or ends too soon
    byte[] unpacked(int block) throws IOException {
        int rows = rows(block);
        var chroma = layout.chroma();
        int length = (int) (chroma == null ? layout.rowBytes() * rows : chroma.bytes(layout.blockWidth(), rows));
        byte[] in = packed(block, layout.compression() == TiffCompression.NONE ? length : Integer.MAX_VALUE);
        if (layout.lowBitsFirst()) {
            for (int i = 0; i < in.length; i++) {
                in[i] = (byte) (Integer.reverse(in[i]) >>> 24);
            }
        }
        byte[] out = layout.compression().unpack(in, length, layout.blockWidth(), rows, layout.options());
        for (int row = 0; row < rows && layout.predictor() > 1; row++) {
            if (layout.predictor() == 2) {
                addUp(out, row * (int) layout.rowBytes());
            } else {
                gather(out, row * (int) layout.rowBytes());
            }
        }
        return out;
    }

    /// Predictor 2: each sample was stored less the same sample of the pixel before it.
    private void addUp(byte[] out, int at) {
        int size = layout.bits() / 8;
        int before = size * layout.together();
        boolean little = layout.order() == ByteOrder.LITTLE_ENDIAN;
        for (int i = at + before; i < at + layout.rowBytes(); i += size) {
            int carry = 0;
            for (int b = 0; b < size; b++) {
                int place = i + (little ? b : size - 1 - b);
                int sum = (out[place] & 0xFF) + (out[place - before] & 0xFF) + carry;
                out[place] = (byte) sum;
                carry = sum >> 8;
            }
        }
    }

    /// Predictor 3 (TIFF supplement 3): of a row first all highest bytes, then all next ones, and so on, and of these
    /// each less the same sample's byte of the pixel before it.
    private void gather(byte[] out, int at) {
        int size = layout.bits() / 8;
        int length = (int) layout.rowBytes();
        int count = length / size;
        for (int i = layout.together(); i < length; i++) {
            out[at + i] += out[at + i - layout.together()];
        }
        byte[] planes = new byte[length];
        System.arraycopy(out, at, planes, 0, length);
        boolean little = layout.order() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < count; i++) {
            for (int b = 0; b < size; b++) {
                out[at + i * size + (little ? size - 1 - b : b)] = planes[b * count + i];
            }
        }
    }
}
