package dev.triptych.recipe;

/// The k-means patch codebook.
// @formatter:off
public record KmeansSection(
        @Doc("codes K") @Range(min = 2, max = 65536) @Default("512") int codes,
        @Doc("side of a patch, pixels") @Range(min = 1, max = 64) @Default("4") int patch,
        @Doc("patches drawn from the training images") @Range(min = 2, max = 10000000) @Default("200000") int samples,
        @Doc("patches of a mini-batch") @Range(min = 1, max = 1048576) @Default("4096") int batch,
        @Doc("passes over the patches in mini-batches") @Range(min = 0, max = 1000) @Default("4") int passes,
        @Doc("passes of Lloyd's algorithm at the end") @Range(min = 0, max = 1000) @Default("8") int settling) {
    // @formatter:on

    /// As many codes of patches of that side, all else as by default.
    public KmeansSection(int codes, int patch) {
        this(codes, patch, Math.max(200_000, 32 * codes), 4096, 4, 8);
    }

    public KmeansSection {
        if (samples < codes) {
            throw RecipeException.value("samples", samples, "at least kmeans.codes, " + codes,
                    "Set kmeans.samples=" + 100L * codes + ", or lower kmeans.codes.");
        }
    }
}
