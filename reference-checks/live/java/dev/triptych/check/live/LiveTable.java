package dev.triptych.check.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Every operation beside libtorch.
final class LiveTable {
    private LiveTable() {
    }

    /// All rows, family by family.
    static List<LiveRow> rows() {
        var rows = new ArrayList<LiveRow>();
        rows.addAll(LinearLive.rows());
        rows.addAll(ElementwiseLive.rows());
        rows.addAll(NormLive.rows());
        rows.addAll(TokenLive.rows());
        rows.addAll(DropoutLive.rows());
        rows.addAll(CodeLive.rows());
        rows.addAll(LossLive.rows());
        rows.addAll(AssignmentLive.rows());
        rows.addAll(ChannelLive.rows());
        rows.addAll(ConvolutionLive.rows());
        rows.addAll(QuantisationLive.rows());
        rows.addAll(UpdateLive.rows());
        return List.copyOf(rows);
    }

    /// What is made of operations: layers, and the whole losses of the methods.
    static List<LiveRow> pieces() {
        var pieces = new ArrayList<LiveRow>();
        pieces.addAll(LayerLive.rows());
        pieces.add(StellarLive.row());
        pieces.add(BitsLive.row());
        pieces.add(SorcenLive.row());
        pieces.add(VqVaeLive.row());
        pieces.add(MaeLive.row());
        pieces.add(VqganLive.row());
        pieces.add(TriptychLive.row());
        return List.copyOf(pieces);
    }

    /// Operations without a row, with the reason.
    static Map<String, String> without() {
        return Map.of();
    }
}
