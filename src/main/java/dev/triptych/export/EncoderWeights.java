package dev.triptych.export;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.io.TensorEntry;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The encoder of a checkpoint, tensor by tensor. The file stays on disk.
///
/// @param encoder what it is
/// @param run whose it is
/// @param file the checkpoint
record EncoderWeights(PlainEncoder encoder, Trained run, SafetensorsFile file) {
    /// Opens a run's checkpoint.
    static EncoderWeights open(PlainEncoder encoder, Trained run) throws IOException {
        return new EncoderWeights(encoder, run, Safetensors.read(run.checkpoint()));
    }

    /// A parameter of the encoder, by its name below `encoder.`.
    float[] encoder(String name) {
        return root("encoder." + name);
    }

    /// A parameter beside the encoder, such as `sparse_tokens`.
    float[] root(String name) {
        return file.floats(encoder.prefix() + name);
    }

    /// Writes the two projections that L is made with: neither timm nor transformers has a place for them.
    void writeLocalization(Path target) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        for (String name : List.of("dense_proj.weight", "dense_proj.bias", "sparse_proj.weight", "sparse_proj.bias")) {
            entries.add(TensorEntry.of(name, file.shape(encoder.prefix() + name), root(name)));
        }
        Safetensors.write(target, Map.of("format", "pt"), entries);
    }

    /// Rows `from` .. `from + rows - 1` of a matrix whose rows have `width` numbers.
    static float[] rows(float[] matrix, int from, int rows, int width) {
        return Arrays.copyOfRange(matrix, from * width, (from + rows) * width);
    }

    /// The transpose of a matrix (rows, columns).
    static float[] transposed(float[] matrix, int rows, int columns) {
        float[] out = new float[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = matrix[i * columns + j];
            }
        }
        return out;
    }
}
