package dev.triptych.export;

import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// The forms in which an encoder can leave: each is a folder that a program of others loads without code of ours.
public enum ExportFormat {
    /// Stock `timm`: `timm.create_model("local-dir:FOLDER", pretrained=True)`.
    TIMM,
    /// Stock Hugging Face `transformers`: `AutoModel.from_pretrained(FOLDER)`.
    HF,
    /// An ONNX graph for any runtime: pixels to CLS, D, S and L.
    ONNX;

    /// What L is made with, beside the encoder.
    static final String LOCALIZATION = "localization.safetensors";

    /// Writes the encoder of a run into a folder, with a model card.
    ///
    /// @param facts what the card says of the run besides, by name
    public void write(PlainEncoder encoder, Trained run, Map<String, String> facts, Path folder) throws IOException {
        var weights = EncoderWeights.open(encoder, run);
        switch (this) {
            case TIMM -> TimmModel.write(weights, folder);
            case HF -> HuggingFaceModel.write(weights, folder);
            case ONNX -> OnnxModel.write(weights, folder);
        }
        if (encoder.localization() != null && this != ONNX) {
            weights.writeLocalization(folder.resolve(LOCALIZATION));
        }
        ModelCard.write(this, encoder, run, facts, folder);
    }

    /// As users write it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
