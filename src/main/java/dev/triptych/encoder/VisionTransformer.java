package dev.triptych.encoder;

import dev.triptych.nn.DropPath;
import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.SinePositions;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Initializer;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The vision transformer: patches, learned positions, one CLS token, K learned sparse tokens appended after the
/// positions (STELLAR; none elsewhere), pre-norm blocks with exact GELU, a final layer norm on all tokens.
///
/// All views pass through it together as packed sequences [CLS ; kept patches ; sparse tokens]. Between embedding and
/// blocks is a seam: whatever has been embedded as rows of width d, in sequences of any make, passes through the blocks
/// by [#encode(Program, Tensor, Packing, DropPath.Packed)].
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

    /// How the parameters begin, and whether the table of positions is learnt.
    ///
    /// @param layers of patch embedding and blocks
    /// @param cls the class token
    /// @param sine positions are the fixed table of [SinePositions] that no gradient reaches; else they begin as
    ///        `positions` and are learnt
    /// @param positions how learnt ones begin
    public record Start(LinearLayer.Maker layers, Initializer cls, boolean sine, Initializer positions) {
        /// ViT's: truncated normal 0.02 everywhere, learnt positions.
        public static final Start TRANSFORMER = new Start(LinearLayer::transformer, Init.truncatedNormal(0.02), false,
                Init.truncatedNormal(0.02));
    }

    /// What the encoder reads of a pixel, the pixel less the mean of its channel, over its deviation; and of a crop's
    /// positions.
    ///
    /// @param mean of each channel
    /// @param deviation of each channel
    /// @param more that the grid of a crop is taken to be larger, before its positions are read off the table: 0, or
    ///        0.1 as in DINO's code
    public record Pixels(float[] mean, float[] deviation, double more) {
        /// The usual ones of ImageNet.
        public static final Pixels IMAGENET = new Pixels(MEAN, DEVIATION, 0);
        /// The same with DINO's 0.1.
        public static final Pixels DINO = new Pixels(MEAN, DEVIATION, 0.1);
        /// Images come as they are read.
        public static final Pixels PLAIN = new Pixels(new float[3], new float[]{1f, 1f, 1f}, 0);

        /// Patches of images (any, 3, side, side) in the order channel, row, column (patches, 3 p p).
        ///
        /// @param source which patches, counted over all images
        public Tensor patches(Program p, Tensor images, Tensor source, int patch) {
            return p.patches(images, source, mean, deviation, patch);
        }
    }

    private final Settings settings;
    private final String title;
    private final String source;
    private final boolean fixedPositions;
    private final Pixels reading;
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
        this(root, settings, sparse, source, Start.TRANSFORMER, Pixels.IMAGENET);
    }

    /// The same with parameters that begin otherwise, and pixels that are read otherwise.
    public VisionTransformer(Scope root, Settings settings, int sparse, String source, Start start, Pixels reading) {
        this.reading = reading;
        this.settings = settings;
        this.source = source;
        this.fixedPositions = start.sine();
        this.title = root.teacher() ? "teacher's encoder" : "encoder";
        int d = settings.width();
        Scope scope = root.in("encoder");
        patchEmbedding = start.layers().make(scope.in("patch"), 3 * settings.patch() * settings.patch(), d);
        cls = scope.parameter("cls", start.cls(), 1, d);
        positions = scope.parameter("positions",
                fixedPositions ? Init.given(SinePositions.table(settings.grid(), d)) : start.positions(),
                1 + settings.patches(), d);
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), d, settings.hidden(), settings.eps(),
                    start.layers()));
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
        var layout = new Layout(List.of(views), sparseTokens == null ? 0 : sparseTokens.side(0),
                p.whole());
        Tensor embedded = embed(p, layout);
        Packing packing = Packing.of(p, settings.heads(), layout.lengths());
        DropPath.Packed drop = dropPath.pack(p, layout.lengths());
        EncodedRows rows = layout.readsAll()
                ? encode(p, embedded, packing, drop)
                : encode(p, embedded, packing, drop,
                        new Last(RowIndex.of(p, "read", layout.total(), layout.readRows()),
                                dropPath.pack(p, layout.readLengths())));
        return new Encoding(layout, embedded, rows.hidden(), rows.tokens(), title, source);
    }

    /// Rows after the blocks.
    ///
    /// @param hidden after each block (rows, d)
    /// @param tokens after the final layer norm (rows, d)
    public record EncodedRows(List<Tensor> hidden, Tensor tokens) {
    }

    /// What the last block does not make of all rows.
    ///
    /// @param read rows that somebody reads behind it
    /// @param drop drop path over those
    private record Last(RowIndex read, DropPath.Packed drop) {
    }

    /// The blocks and the final layer norm on rows (rows, d) of whatever was embedded.
    public EncodedRows encode(Program p, Tensor embedded, Packing packing, DropPath.Packed drop) {
        return encode(p, embedded, packing, drop, null);
    }

    private EncodedRows encode(Program p, Tensor embedded, Packing packing, DropPath.Packed all, Last last) {
        var hidden = new ArrayList<Tensor>();
        Tensor x = embedded;
        for (int i = 0; i < blocks.size(); i++) {
            int block = i;
            boolean some = last != null && i == blocks.size() - 1;
            DropPath.Packed drop = some ? last.drop() : all;
            try (var _ = p.section(heading("block " + i))) {
                x = blocks.get(i).apply(p, x, packing, some ? last.read() : null, y -> drop.attention(p, block, y),
                        y -> drop.mlp(p, block, y));
            }
            hidden.add(x);
        }
        try (var _ = p.section(heading("final layer norm"))) {
            return new EncodedRows(List.copyOf(hidden), norm.apply(p, x));
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
                if (view.kept() > 0) {
                    parts.add(embed(p, view));
                }
            }
            parts.add(p.add(cls, p.slice(table(p), 0, 1)));
            if (sparse) {
                parts.add(sparseTokens);
            }
            Tensor table = p.concat(parts.toArray(Tensor[]::new));
            return p.gatherRows(table, RowIndex.of(p, "layout", table.rows(), layout.rows()));
        }
    }

    private Tensor table(Program p) {
        return fixedPositions ? p.stopGradient("table of positions", positions) : positions;
    }

    /// Patch embeddings plus positions of one group of views (count * kept, d).
    private Tensor embed(Program p, View view) {
        Tensor pixels = reading.patches(p, view.images(), view.source(), settings.patch());
        Tensor grid = p.slice(table(p), 1, settings.patches());
        if (view.grid() != settings.grid()) {
            int cells = view.grid() * view.grid();
            Tensor resize = p.constant("bicubic", Positions.squareGrid(settings.grid(), view.grid(), reading.more()),
                    cells,
                    settings.patches());
            grid = p.product(resize, grid);
        }
        return p.add(patchEmbedding.apply(p, pixels), p.gatherRows(grid, view.cells()));
    }

    /// What the encoder reads of a pixel in [0, 1].
    public static float normalised(int channel, float pixel) {
        return (pixel - MEAN[channel]) / DEVIATION[channel];
    }

    /// Embeddings of patches without their positions (rows, d), the pixels normalised as every picture's.
    ///
    /// @param images in [0, 1] (count, 3, side, side)
    /// @param source numbers of the patches among all of these (rows)
    public Tensor embedPatches(Program p, Tensor images, Tensor source) {
        return patchEmbedding.apply(p, reading.patches(p, images, source, settings.patch()));
    }

    /// CLS before its position is added (1, d).
    public Tensor cls() {
        return cls;
    }

    /// The position table: row 0 is CLS's, row 1 + i that of cell i (1 + N, d).
    public Tensor positions() {
        return positions;
    }

    /// T, which have no positions (K, d); null without.
    public Tensor sparseTokens() {
        return sparseTokens;
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
