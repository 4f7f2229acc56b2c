package dev.triptych.encoder;

import dev.triptych.nn.DropPath;
import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The vision transformer: patches, learned positions, one CLS token, K learned sparse tokens appended after the
/// positions (STELLAR; none elsewhere), pre-norm blocks with exact GELU, a final layer norm on all tokens.
///
/// All views pass through it together as packed sequences [CLS ; kept patches ; sparse tokens].
public final class VisionTransformer {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    /// Sizes of a vision transformer.
    ///
    /// @param grid patches along a side of a full image
    /// @param patch side of a patch in pixels
    /// @param width d of every token
    /// @param depth number of blocks
    /// @param heads of attention
    /// @param hidden width of the MLPs
    /// @param eps of every layer norm
    public record Settings(int grid, int patch, int width, int depth, int heads, int hidden, float eps) {
        /// Patches N of a full image.
        public int patches() {
            return grid * grid;
        }
    }

    private final Settings settings;
    private final String title;
    private final String source;
    private final LinearLayer patchEmbedding;
    private final Tensor cls;
    private final Tensor positions;
    private final Tensor sparseTokens;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;

    /// Registers the parameters `encoder.*` and, unless K is 0, `sparse_tokens` (T, d^{-1/2} N(0, 1)).
    ///
    /// @param sparse number K of sparse tokens
    /// @param source where the specification of the method that uses it describes it, for the sections of programs
    public VisionTransformer(Scope root, Settings settings, int sparse, String source) {
        this.settings = settings;
        this.source = source;
        this.title = root.teacher() ? "teacher's encoder" : "encoder";
        int d = settings.width();
        Scope scope = root.in("encoder");
        patchEmbedding = LinearLayer.transformer(scope.in("patch"), 3 * settings.patch() * settings.patch(), d);
        cls = scope.parameter("cls", Init.truncatedNormal(0.02), 1, d);
        positions = scope.parameter("positions", Init.truncatedNormal(0.02), 1 + settings.patches(), d);
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), d, settings.hidden(), settings.eps()));
        }
        norm = LayerNorm.of(scope.in("norm"), d, settings.eps());
        sparseTokens = sparse == 0 ? null : root.parameter("sparse_tokens", Init.normal(1 / Math.sqrt(d)), sparse, d);
    }

    /// Encodes all views together.
    public Encoding encode(Program p, View... views) {
        return encode(p, DropPath.NONE, views);
    }

    /// Encodes all views together, dropping branches of blocks. The mask counts sequences in packed order.
    public Encoding encode(Program p, DropPath dropPath, View... views) {
        var layout = new Layout(List.of(views), sparseTokens == null ? 0 : sparseTokens.side(0));
        Tensor embedded = embed(p, layout);
        Packing packing = Packing.of(p, settings.heads(), layout.lengths());
        DropPath.Packed drop = dropPath.pack(p, layout.lengths());
        var hidden = new ArrayList<Tensor>();
        Tensor x = embedded;
        for (int i = 0; i < blocks.size(); i++) {
            int block = i;
            try (var _ = p.section(heading("block " + i))) {
                x = blocks.get(i).apply(p, x, packing, y -> drop.attention(p, block, y), y -> drop.mlp(p, block, y));
            }
            hidden.add(x);
        }
        try (var _ = p.section(heading("final layer norm"))) {
            return new Encoding(layout, embedded, List.copyOf(hidden), norm.apply(p, x), title, source);
        }
    }

    private String heading(String part) {
        return title + ": " + part + " (" + source + ")";
    }

    /// Patches of all views, CLS and sparse tokens, packed (rows, d).
    private Tensor embed(Program p, Layout layout) {
        boolean sparse = sparseTokens != null;
        try (var _ = p.section(heading("patches, positions" + (sparse ? ", CLS and sparse tokens" : " and CLS")))) {
            var parts = new ArrayList<Tensor>();
            for (View view : layout.views()) {
                parts.add(embed(p, view));
            }
            parts.add(p.add(cls, p.slice(positions, 0, 1)));
            if (sparse) {
                parts.add(sparseTokens);
            }
            Tensor table = p.concat(parts.toArray(Tensor[]::new));
            return p.gatherRows(table, RowIndex.of(p, "layout", table.rows(), layout.rows()));
        }
    }

    /// Patch embeddings plus positions of one group of views (count * kept, d).
    private Tensor embed(Program p, View view) {
        Tensor pixels = p.patches(view.images(), view.source(), MEAN, DEVIATION, settings.patch());
        Tensor grid = p.slice(positions, 1, settings.patches());
        if (view.grid() != settings.grid()) {
            int cells = view.grid() * view.grid();
            Tensor resize = p.constant("bicubic", Positions.squareGrid(settings.grid(), view.grid()), cells,
                    settings.patches());
            grid = p.product(resize, grid);
        }
        return p.add(patchEmbedding.apply(p, pixels), p.gatherRows(grid, view.cells()));
    }

    /// The pixel in [0, 1] that the encoder reads as that value, once it has subtracted the mean of the channel and
    /// divided by its deviation (the usual ones of ImageNet).
    public static float pixel(int channel, float normalised) {
        return normalised * DEVIATION[channel] + MEAN[channel];
    }

    /// The sizes.
    public Settings settings() {
        return settings;
    }
}
