package dev.triptych.data.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Walks through the segments and scans of a JPEG file and copies what its samples depend on. A decoder tells only the
/// first thing that it finds wrong, so what is harmless is mended in the copy, lest it hide what is not: bytes between
/// segments, JFIF's revision, the parameters of a sequential scan, a missing end marker, whatever follows the end.
/// EXIF, colour profiles and comments are left out: a broken profile makes the JDK refuse a picture that is fine.
///
/// Refuses what no decoder warns about: a component without a scan, and a progressive file that ends before the last
/// bits of its coefficients.
final class JpegScans {
    private static final int COEFFICIENTS = 64;

    private final byte[] in;
    private final ByteArrayOutputStream out;
    private boolean progressive;
    /// For each component the lowest bit of each coefficient that was sent; -1 where none was.
    private final Map<Integer, int[]> sent = new HashMap<>();

    private JpegScans(byte[] data) {
        in = data;
        out = new ByteArrayOutputStream(data.length + 2);
    }

    /// A copy for a decoder, which ends with an end marker.
    ///
    /// @throws IOException where parts of the picture are missing
    static byte[] cleaned(byte[] data) throws IOException {
        var scans = new JpegScans(data);
        boolean ended = scans.walk();
        for (var component : scans.sent.entrySet()) {
            if (component.getValue()[0] < 0) {
                throw new IOException("component " + component.getKey() + " of its JPEG has no scan: it is truncated");
            }
            boolean complete = Arrays.stream(component.getValue()).allMatch(bit -> bit == 0);
            if (scans.progressive && !ended && !complete) {
                throw new IOException("its progressive JPEG ends before the last bits of component "
                        + component.getKey() + " and has no end marker: it is truncated");
            }
        }
        return scans.out.toByteArray();
    }

    /// Whether a file may have restart markers within its scans: a segment DRI announces them.
    static boolean restarts(byte[] data) {
        for (int i = 0; i + 1 < data.length; i++) {
            if (data[i] == (byte) 0xFF && data[i + 1] == (byte) 0xDD) {
                return true;
            }
        }
        return false;
    }

    /// Whether there is an end marker.
    private boolean walk() {
        out.write(in, 0, 2);
        boolean ended = false;
        for (int at = 2; at + 1 < in.length && !ended;) {
            int marker = in[at + 1] & 0xFF;
            if ((in[at] & 0xFF) != 0xFF || marker == 0xFF) {
                at++; // bytes between segments are skipped, as libjpeg does
            } else if (marker < 2 || marker >= 0xD0 && marker <= 0xD8) {
                at += 2;
            } else if (marker == 0xD9) {
                ended = true;
            } else {
                at = segment(at, marker);
            }
        }
        out.write(0xFF);
        out.write(0xD9);
        return ended;
    }

    /// Copies a segment, with the scan behind it if it begins one; returns where the next one may begin.
    private int segment(int at, int marker) {
        int end = at + 4 > in.length ? in.length : at + 2 + unsigned16(at + 2);
        if (end > in.length || end < at + 4) {
            out.write(in, at, in.length - at); // cut off: the decoder will say so
            return in.length;
        }
        byte[] segment = Arrays.copyOfRange(in, at, end);
        boolean extra = marker >= 0xE1 && marker <= 0xEF && marker != 0xEE || marker == 0xFE;
        if (marker == 0xE0 && segment.length > 9 && segment[4] == 'J' && segment[5] == 'F' && segment[6] == 'I'
                && segment[7] == 'F') {
            segment[9] = 1;
        }
        if (marker == 0xC0 || marker == 0xC1 || marker == 0xC2) {
            frame(segment, marker == 0xC2);
        }
        if (marker == 0xDA) {
            scan(segment);
        }
        if (!extra) {
            out.write(segment, 0, segment.length);
        }
        if (marker != 0xDA) {
            return end;
        }
        int next = end;
        while (next < in.length && !(in[next] == -1 && next + 1 < in.length && endsScan(in[next + 1] & 0xFF))) {
            next++;
        }
        out.write(in, end, next - end);
        return next;
    }

    /// Within a scan 0xFF is followed by 0 for itself, by fill bytes, or by a restart marker.
    private static boolean endsScan(int marker) {
        return marker != 0 && marker != 0xFF && (marker < 0xD0 || marker > 0xD7);
    }

    private void frame(byte[] segment, boolean isProgressive) {
        progressive = isProgressive;
        for (int i = 10; i + 2 < segment.length; i += 3) {
            int[] none = new int[COEFFICIENTS];
            Arrays.fill(none, -1);
            sent.put(segment[i] & 0xFF, none);
        }
    }

    private void scan(byte[] segment) {
        int n = segment.length > 4 ? segment[4] : 0;
        int at = 5 + 2 * n;
        if (n < 1 || n > 4 || at + 3 > segment.length) {
            return; // the decoder will say so
        }
        if (!progressive) {
            segment[at] = 0;
            segment[at + 1] = COEFFICIENTS - 1;
            segment[at + 2] = 0;
        }
        for (int i = 0; i < n; i++) {
            int[] bits = sent.get(segment[5 + 2 * i] & 0xFF);
            for (int k = segment[at] & 0xFF; bits != null && k <= segment[at + 1] && k < COEFFICIENTS; k++) {
                bits[k] = segment[at + 2] & 15;
            }
        }
    }

    private int unsigned16(int at) {
        return (in[at] & 0xFF) << 8 | in[at + 1] & 0xFF;
    }
}
