package dev.triptych.encoder;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.List;

/// What the encoder made of its views: packed tokens after the final layer norm, picked out by kind.
///
/// @param layout where each token lies
/// @param embedded packed tokens before the first block (rows, d)
/// @param hidden packed tokens after each block (rows, d); after the last one those that are read (read rows, d)
/// @param tokens those after the final layer norm (read rows, d)
/// @param title of the encoder, for the sections of programs
/// @param source where the specification of the method that uses the encoder describes it
public record Encoding(Layout layout, Tensor embedded, List<Tensor> hidden, Tensor tokens, String title,
        String source) {
    /// CLS of all sequences of all views, in packed order (sequences, d).
    public Tensor cls(Program p) {
        return p.section(title + ": CLS of all views (" + source + ")",
                () -> gather(p, "cls", layout.cls()));
    }

    /// CLS of each sequence of a view (count, d).
    public Tensor cls(Program p, int view) {
        return pick(p, "cls", view, 0, 1);
    }

    /// Dense features D of a view (count, kept, d).
    public Tensor dense(Program p, int view) {
        View v = layout.views().get(view);
        return p.reshape(pick(p, "dense", view, 1, v.kept()), v.count(), v.kept(), tokens.columns());
    }

    /// Sparse tokens S of a view (count, K, d).
    public Tensor sparse(Program p, int view) {
        View v = layout.views().get(view);
        return p.reshape(pick(p, "sparse", view, 1 + v.kept(), layout.sparse()), v.count(), layout.sparse(),
                tokens.columns());
    }

    private Tensor pick(Program p, String name, int view, int from, int count) {
        return p.section(title + ": tokens of a view by kind (" + source + ")",
                () -> gather(p, name, layout.tokens(view, from, count)));
    }

    /// @param rows packed
    private Tensor gather(Program p, String name, int... rows) {
        return p.gatherRows(tokens, RowIndex.of(p, name, tokens.rows(), layout.amongRead(rows)));
    }
}
