package dev.triptych.stellar;

import dev.triptych.decoder.FourierPositions;
import dev.triptych.io.Safetensors;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.DecoderSection;
import dev.triptych.train.ReleasedWeights;
import dev.triptych.train.ReleasedWeights.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Weights that STELLAR's authors released (specification, sections 0 to 4). Poolers, and the decoder's own embeddings,
/// are left behind.
public final class AuthorsWeights {
    private static final String FOURIER = "position_embedding.positional_encoding_gaussian_matrix";
    private static final String LIGHTNING = "model.";

    private AuthorsWeights() {
    }

    /// Opens a file and checks every tensor against a recipe's model.
    ///
    /// @param recipe of a STELLAR whose model the weights are
    /// @throws dev.triptych.io.FormatException listing all tensors that do not fit
    public static ReleasedWeights open(Path path, Recipe recipe) throws IOException {
        var file = Safetensors.read(path);
        String prefix = file.has(LIGHTNING + "sparse_tokens") ? LIGHTNING : "";
        var state = new StellarPrograms(recipe).state();
        var settings = StellarPrograms.settings(recipe);
        boolean single = StellarSection.of(recipe).predictorLayers() == 1;
        var parts = new ArrayList<Part>();
        state.parameters().forEach((ours, tensor) -> parts.add(Part.joined(tensor,
                StellarNames.theirs(ours, single).stream().map(n -> prefix + n).toList(),
                StellarNames.shape(ours, tensor.shape(), settings))));
        int[] fourier = state.buffers().get("decoder.fourier").shape();
        int[] table = state.buffers().get("decoder.positions").shape();
        int grid = settings.encoder().grid();
        parts.add(new Part("buffer.decoder.fourier", fourier, List.of(prefix + FOURIER), fourier,
                f -> f.floats(prefix + FOURIER)));
        parts.add(new Part("buffer.decoder.positions", table, List.of(prefix + FOURIER), fourier,
                f -> FourierPositions.table(f.doubles(prefix + FOURIER), grid, grid,
                        DecoderSection.of(recipe).width())));
        return ReleasedWeights.of(file, recipe, state.parameterCount(), parts,
                name -> name.startsWith(prefix) && StellarNames.unused(name.substring(prefix.length())));
    }
}
