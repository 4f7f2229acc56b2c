package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.RgbImage;

/// One picture of a [Source]: what is known of it before it is read. Plain data, which may be kept and opened later
/// where the source [reopens][Source#reopens()].
///
/// @param name the picture's own within its source, with `/` between parts; no two entries of a part have one name
/// @param label class of the picture; [#UNLABELLED] where it has none
/// @param bytes its length; -1 where it is not known before reading
/// @param place where it lies, a number that only its source understands; 0 where the name says it
/// @param samples how bytes that are no image file are to be read; null for an image file of any format
public record Entry(String name, int label, long bytes, long place, Samples samples) {
    /// The label of a picture that has none.
    public static final int UNLABELLED = -1;

    /// Bytes that are nothing but samples, row by row, plane after plane.
    ///
    /// @param channels 3 for planes R, G, B; 1 for grey
    public record Samples(int width, int height, int channels) {
        /// Checks the numbers.
        public Samples {
            if (width < 1 || height < 1 || channels != 1 && channels != 3) {
                throw new IllegalArgumentException(width + " x " + height + " samples of " + channels
                        + " channels; expected at least 1 x 1, of 1 or 3");
            }
        }

        /// The picture that they are.
        ///
        /// @param name for the message
        /// @throws ImageException where there are not as many bytes as samples
        public RgbImage picture(byte[] data, Object name) {
            int plane = Math.multiplyExact(width, height);
            if (data.length != (long) channels * plane) {
                throw new ImageException(name, "it has " + data.length + " bytes, expected " + channels + " x " + width
                        + " x " + height + " samples", "Replace the file that it lies in");
            }
            if (channels == 3) {
                return new RgbImage(width, height, data);
            }
            byte[] planes = new byte[Math.multiplyExact(3, plane)];
            for (int c = 0; c < 3; c++) {
                System.arraycopy(data, 0, planes, c * plane, plane);
            }
            return new RgbImage(width, height, planes);
        }
    }

    /// An image file that its name alone finds again.
    public static Entry file(String name, int label, long bytes) {
        return new Entry(name, label, bytes, 0, null);
    }
}
