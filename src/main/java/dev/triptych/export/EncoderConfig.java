package dev.triptych.export;

import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What is said of an encoder beside its weights, and cannot be read off them.
///
/// @param file `config.json`; null where there is none
/// @param heads null where it is not said
/// @param eps of the layer norms; null where it is not said
/// @param activation of the MLPs; null where it is not said
/// @param pixels how pixels are read
record EncoderConfig(Path file, Number heads, Number eps, String activation, Pixels pixels) {
    /// Pixels less a mean, over a deviation, as a change of the projection that reads ours, (x - m) / s.
    ///
    /// @param mean theirs
    /// @param deviation theirs
    record Pixels(float[] mean, float[] deviation) {
        static final Pixels OURS = new Pixels(null, null);

        static Pixels of(Object mean, Object deviation) {
            if (!(mean instanceof List<?> m) || !(deviation instanceof List<?> s) || m.size() != 3 || s.size() != 3) {
                return OURS;
            }
            float[] theirMean = new float[3];
            float[] theirDeviation = new float[3];
            boolean same = true;
            for (int c = 0; c < 3; c++) {
                theirMean[c] = ((Number) m.get(c)).floatValue();
                theirDeviation[c] = ((Number) s.get(c)).floatValue();
                same &= theirMean[c] == PictureValues.MEAN.get(c)
                        && theirDeviation[c] == PictureValues.DEVIATION.get(c);
            }
            return same ? OURS : new Pixels(theirMean, theirDeviation);
        }

        /// W (d, 3, p, p), each channel times s over their deviation.
        ///
        /// @param plane p p
        float[] weight(float[] theirs, int plane) {
            if (mean == null) {
                return theirs;
            }
            float[] ours = new float[theirs.length];
            for (int i = 0; i < theirs.length; i++) {
                int c = i / plane % 3;
                ours[i] = (float) (theirs[i] * ((double) PictureValues.DEVIATION.get(c) / deviation[c]));
            }
            return ours;
        }

        /// b, and W times what the pixel m is for them.
        float[] bias(float[] weight, float[] theirs) {
            if (mean == null) {
                return theirs;
            }
            int plane = weight.length / theirs.length / 3;
            float[] ours = new float[theirs.length];
            for (int o = 0; o < theirs.length; o++) {
                double sum = theirs[o];
                for (int i = 0; i < 3 * plane; i++) {
                    int c = i / plane;
                    sum += weight[o * 3 * plane + i] * ((double) PictureValues.MEAN.get(c) - mean[c]) / deviation[c];
                }
                ours[o] = (float) sum;
            }
            return ours;
        }
    }

    /// Whether there is a description.
    boolean found() {
        return file != null;
    }

    /// Reads `config.json` and `preprocessor_config.json` beside the weights, of transformers or of timm.
    static EncoderConfig beside(Path weights) throws IOException {
        Path file = weights.resolveSibling("config.json");
        if (!Files.exists(file)) {
            return new EncoderConfig(null, null, null, null, Pixels.OURS);
        }
        var config = read(file);
        if (config.get("model_args") instanceof Map<?, ?> sizes
                && config.get("pretrained_cfg") instanceof Map<?, ?> pictures) {
            return new EncoderConfig(file, number(sizes.get("num_heads")), null, null,
                    Pixels.of(pictures.get("mean"), pictures.get("std")));
        }
        Path preprocessor = weights.resolveSibling("preprocessor_config.json");
        var pictures = Files.exists(preprocessor) ? read(preprocessor) : Map.<String, Object>of();
        return new EncoderConfig(file, number(config.get("num_attention_heads")), number(config.get("layer_norm_eps")),
                config.get("hidden_act") instanceof String name ? name : null,
                Pixels.of(pictures.get("image_mean"), pictures.get("image_std")));
    }

    private static Map<String, Object> read(Path file) throws IOException {
        try {
            return Json.read(Files.readString(file));
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage() + "; expected the configuration of a "
                    + "model, as JSON. Get it again, or take it away.", e);
        }
    }

    private static Number number(Object value) {
        return value instanceof Number number ? number : null;
    }

    /// Compares with a recipe what no tensor's shape shows.
    ///
    /// @throws InputException where they differ
    void require(Recipe recipe) {
        var ours = recipe.encoder();
        if (heads != null && heads.intValue() != ours.heads()) {
            throw differ("heads", heads, ours.heads(), "encoder.heads=" + heads);
        }
        if (eps != null && eps.floatValue() != (float) ours.layerNormEps()) {
            throw differ("layer_norm_eps", eps, ours.layerNormEps(), "encoder.layer-norm-eps=" + eps);
        }
        if (activation != null && !activation.equals("gelu")) {
            throw differ("hidden_act", activation, "gelu", "another file");
        }
    }

    private InputException differ(String name, Object found, Object expected, String remedy) {
        return new InputException(file + ": " + name + " is " + found + ", in the recipe's model " + expected
                + "; expected the same. Give " + remedy + ".");
    }
}
