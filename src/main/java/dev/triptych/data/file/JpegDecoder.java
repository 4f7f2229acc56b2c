package dev.triptych.data.file;

import java.io.IOException;

/// The seam through which JPEG files are decoded: grey or three-component files whose header was read already.
public interface JpegDecoder {
    /// Decodes one file.
    ///
    /// @param data as [JpegScans] leaves it
    /// @throws IOException where the file is damaged or part of its picture is missing
    RgbImage decode(byte[] data, JpegHeader header) throws IOException;

    /// Short name; images packed with one decoder are packed anew for another.
    String name();

    /// The default: the JDK's decoder up to the raw samples (libjpeg in its module java.desktop), then the JFIF
    /// conversion in libjpeg's fixed point. Reads progressive files; ignores colour profiles, as Pillow does, and stays
    /// within one level of it.
    static JpegDecoder raster() {
        return JpegDecoders.RASTER;
    }

    /// The alternative without native code: Apache Commons Imaging. Baseline files only (a progressive one is an
    /// error); with subsampled chroma single pixels differ by up to 58 levels from libjpeg, 0.9 in the mean, because
    /// chroma is not interpolated.
    static JpegDecoder pureJava() {
        return JpegDecoders.PURE_JAVA;
    }
}
