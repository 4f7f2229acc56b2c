package dev.triptych.sorcen;

import dev.triptych.device.Session;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.feature.Features;
import dev.triptych.method.Evaluation;
import dev.triptych.program.Tensor;
import java.util.function.LongConsumer;

/// Passes grids of codes through Sorcen's evaluation program: nothing is masked, nothing dropped (Sorcen section 6.2).
public final class CodeEncoder {
    private final Session session;
    private final Evaluation<Sorcen.Features> evaluation;

    /// @param session in which the program is bound and the weights are loaded
    /// @param evaluation what `SorcenPrograms.evaluate` gave
    public CodeEncoder(Session session, Evaluation<Sorcen.Features> evaluation) {
        this.session = session;
        this.evaluation = evaluation;
    }

    /// One feature for each grid, (count x D).
    ///
    /// @param did told how many more grids are done
    public Features encode(CodeGrids grids, LongConsumer did) {
        int n = grids.positions();
        int batch = evaluation.batch();
        Tensor feature = evaluation.values().feature();
        int width = feature.columns();
        float[] rows = new float[Math.multiplyExact(grids.count(), width)];
        int[] codes = new int[batch * n]; // what a last batch does not fill keeps codes of the one before
        for (int first = 0; first < grids.count(); first += batch) {
            int count = Math.min(batch, grids.count() - first);
            System.arraycopy(grids.ids(), first * n, codes, 0, count * n);
            session.upload(evaluation.input(), codes);
            session.run(evaluation.program());
            System.arraycopy(session.download(feature), 0, rows, first * width, count * width);
            did.accept(count);
        }
        return new Features(rows, grids.count(), width, grids.labels());
    }
}
