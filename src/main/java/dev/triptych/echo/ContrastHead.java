package dev.triptych.echo;

import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Projector and predictor (Sorcen section 2.6): linear, batch normalisation with the batch's own moments, ReLU,
/// linear.
///
/// @param fc1 in to hidden
/// @param norm gain and shift of the batch normalisation
/// @param running moving moments (hidden, 2); never used, kept for those who take the head elsewhere
/// @param fc2 hidden to out
/// @param centres whether the batch is centred before it is normalised, which changes nothing but rounding: where the
///        rows of a batch are much alike, as means of tokens are, their mean takes the digits of their differences
public record ContrastHead(LinearLayer fc1, LayerNorm norm, Tensor running, LinearLayer fc2, boolean centres) {
    private static final float EPS = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    /// A head whose parameters are `fc1`, `bn`, `fc2`. A teacher's has moving moments of its own.
    public static ContrastHead of(Scope scope, int in, int hidden, int out) {
        float[] moments = new float[2 * hidden];
        for (int i = 0; i < hidden; i++) {
            moments[2 * i + 1] = 1f;
        }
        return new ContrastHead(LinearLayer.xavier(scope.in("fc1"), in, hidden),
                LayerNorm.of(scope.in("bn"), hidden, EPS),
                scope.buffer(scope.teacher() ? "bn.teacher_running" : "bn.running", moments, hidden, 2),
                LinearLayer.xavier(scope.in("fc2"), hidden, out), false);
    }

    /// The same head that centres its batches.
    public ContrastHead centring() {
        return new ContrastHead(fc1, norm, running, fc2, true);
    }

    /// What a head made of its input.
    ///
    /// @param hidden after the first layer
    /// @param moments mean and biased variance of each number of these (hidden, 2)
    /// @param normalised after batch normalisation
    /// @param out after the second layer
    public record Projection(Tensor hidden, Tensor moments, Tensor normalised, Tensor out) {
    }

    /// x (B, in): out (B, out). The moving moments move by 0.1 towards the batch's.
    public Projection apply(Program p, Tensor x) {
        Tensor h = fc1.apply(p, x);
        Tensor moments = p.channelMoments(h);
        p.updateRunningMoments(h, moments, running, MOMENTUM);
        Tensor y = centres ? centred(p, h) : p.batchNorm(h, moments, norm.gain(), norm.shift(), norm.eps());
        return new Projection(h, moments, y, fc2.apply(p, p.relu(y)));
    }

    private Tensor centred(Program p, Tensor h) {
        Tensor e = p.reshape(p.centreColumns(p.reshape(h, 1, h.rows(), h.columns())), h.shape());
        return p.batchNorm(e, p.channelMoments(e), norm.gain(), norm.shift(), norm.eps());
    }
}
