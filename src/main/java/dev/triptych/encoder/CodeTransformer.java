package dev.triptych.encoder;

import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The encoder of codes (Sorcen sections 2.2 and 2.3): `e(i, p) = dropout(LN(W[i] + P[p]))`, pre-norm blocks with exact
/// GELU, a final layer norm. Positions are added before cells are dropped, so what is kept stays in its place.
public final class CodeTransformer {
    /// Sizes of an encoder of codes.
    ///
    /// @param codes K; the embedding has two rows more, for CLS and MASK
    /// @param cells N of the grid
    /// @param width D
    /// @param depth number of blocks
    /// @param heads of attention
    /// @param hidden width of the MLPs
    /// @param eps of every layer norm
    public record Settings(int codes, int cells, int width, int depth, int heads, int hidden, float eps) {
        /// The id of CLS.
        public int cls() {
            return codes;
        }

        /// The id that hides a code.
        public int mask() {
            return codes + 1;
        }
    }

    /// What the encoder made of its sequences.
    ///
    /// @param embedded before the first block (count * length, D)
    /// @param hidden after each block
    /// @param tokens z: after the final layer norm
    public record Encoding(Tensor embedded, List<Tensor> hidden, Tensor tokens) {
    }

    private final Settings settings;
    private final String title;
    private final Tensor words;
    private final Tensor positions;
    private final LayerNorm embeddingNorm;
    private final List<TransformerBlock> blocks;
    private final LayerNorm norm;

    /// Registers the parameters `encoder.*`: Xavier's start, embeddings N(0, 0.02^2).
    public CodeTransformer(Scope root, Settings settings) {
        Scope scope = root.in("encoder");
        int d = settings.width();
        this.settings = settings;
        title = "encoder";
        words = scope.parameter("codes", Init.normal(0.02), settings.codes() + 2, d);
        positions = scope.parameter("positions", Init.normal(0.02), 1 + settings.cells(), d);
        embeddingNorm = LayerNorm.of(scope.in("embedding_norm"), d, settings.eps());
        blocks = blocks(scope, settings);
        norm = LayerNorm.of(scope.in("norm"), d, settings.eps());
    }

    private CodeTransformer(CodeTransformer student, List<TransformerBlock> blocks) {
        settings = student.settings;
        title = "teacher";
        words = student.words;
        positions = student.positions;
        embeddingNorm = student.embeddingNorm;
        this.blocks = blocks;
        norm = student.norm;
    }

    private static List<TransformerBlock> blocks(Scope scope, Settings settings) {
        var blocks = new ArrayList<TransformerBlock>();
        for (int i = 0; i < settings.depth(); i++) {
            blocks.add(TransformerBlock.of(scope.in("blocks." + i), settings.width(), settings.hidden(), settings.eps(),
                    LinearLayer::xavier));
        }
        return List.copyOf(blocks);
    }

    /// The teacher (section 2.6): blocks of its own, averages of this one's; embedding and final layer norm are this
    /// one's, as they are now.
    public CodeTransformer teacher(Scope root) {
        return new CodeTransformer(this, blocks(root.asTeacher().in("encoder"), settings));
    }

    /// e(i, p) of all ids (count * length, D).
    public Tensor embed(Program p, CodeSequences sequences, DropoutLayer dropout) {
        try (var _ = p.section(title + ": embedding of codes and positions (Sorcen section 2.2)")) {
            Tensor sum = p.add(p.gatherRows(words, sequences.ids()), p.gatherRows(positions, sequences.places()));
            return dropout.apply(p, embeddingNorm.apply(p, sum));
        }
    }

    /// The blocks and the final layer norm on embedded sequences.
    public Encoding encode(Program p, Tensor embedded, CodeSequences sequences, DropoutLayer dropout) {
        Packing packing = sequences.packing(p, settings.heads());
        var hidden = new ArrayList<Tensor>();
        Tensor x = embedded;
        for (int i = 0; i < blocks.size(); i++) {
            try (var _ = p.section(title + ": block " + i + " (Sorcen section 2.3)")) {
                x = blocks.get(i).apply(p, x, packing, dropout);
            }
            hidden.add(x);
        }
        try (var _ = p.section(title + ": final layer norm (Sorcen section 2.3)")) {
            return new Encoding(embedded, List.copyOf(hidden), norm.apply(p, x));
        }
    }

    /// W (K + 2, D).
    public Tensor words() {
        return words;
    }

    /// The sizes.
    public Settings settings() {
        return settings;
    }
}
