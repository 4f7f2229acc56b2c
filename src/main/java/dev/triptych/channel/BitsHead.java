package dev.triptych.channel;

import dev.triptych.nn.Init;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The projection head g (BITS specification section 1.2): Linear, GELU, Linear, GELU, Linear to B logits, biases
/// everywhere. Its output is not normalised: the cross-entropy needs a free scale.
public final class BitsHead {
    private static final double PAPERS_DEVIATION = 0.02;
    private static final float NORM_EPS = 1e-5f;
    private static final float NORM_MOMENTUM = 0.1f;

    /// Sizes and switches of the head.
    ///
    /// @param hidden width between the linear layers
    /// @param bits B
    /// @param gain weights begin with deviation gain / sqrt(fan-in); 0 for the paper's 0.02, which a gain of 0.9 equals
    ///        at width 2048
    /// @param batchNorm whether batch normalisation follows the last layer, as in CroVCA
    public record Settings(int hidden, int bits, float gain, boolean batchNorm) {
    }

    private final Settings settings;
    private final boolean teacher;
    private final LinearLayer fc1;
    private final LinearLayer fc2;
    private final LinearLayer fc3;
    private final LayerNorm norm;
    private final Tensor running;

    /// Registers `fc1`, `fc2`, `fc3` and, with batch norm, `norm` with its running moments.
    ///
    /// @param scope of the head
    /// @param width d of what it reads
    public BitsHead(Scope scope, int width, Settings settings) {
        this.settings = settings;
        this.teacher = scope.teacher();
        fc1 = layer(scope.in("fc1"), width, settings.hidden());
        fc2 = layer(scope.in("fc2"), settings.hidden(), settings.hidden());
        fc3 = layer(scope.in("fc3"), settings.hidden(), settings.bits());
        norm = settings.batchNorm() ? LayerNorm.of(scope.in("norm"), settings.bits(), NORM_EPS) : null;
        running = settings.batchNorm()
                ? scope.buffer("norm.running", moments(settings.bits()), settings.bits(), 2)
                : null;
    }

    private LinearLayer layer(Scope scope, int in, int out) {
        double deviation = settings.gain() == 0f ? PAPERS_DEVIATION : settings.gain() / Math.sqrt(in);
        return LinearLayer.of(scope, in, out, Init.truncatedNormal(deviation), Init.constant(0f));
    }

    /// Mean 0 and variance 1 of each bit.
    private static float[] moments(int bits) {
        float[] moments = new float[2 * bits];
        for (int i = 0; i < bits; i++) {
            moments[2 * i + 1] = 1f;
        }
        return moments;
    }

    /// Logits of a training step. h (rows, d): (rows, B). Batch norm takes the moments of these rows; the teacher's
    /// also move the running ones.
    public Tensor logits(Program p, Tensor h) {
        Tensor y = project(p, h);
        if (norm == null) {
            return y;
        }
        Tensor moments = p.channelMoments(y);
        if (teacher) {
            p.updateRunningMoments(y, moments, running, NORM_MOMENTUM);
        }
        return p.batchNorm(y, moments, norm.gain(), norm.shift(), norm.eps());
    }

    /// Logits of single images, where batch norm takes the running moments. h (rows, d): (rows, B), no gradient.
    public Tensor evaluate(Program p, Tensor h) {
        Tensor y = project(p, h);
        return norm == null ? y : p.batchNormEvaluation(y, running, norm.gain(), norm.shift(), norm.eps());
    }

    private Tensor project(Program p, Tensor h) {
        return fc3.apply(p, p.gelu(fc2.apply(p, p.gelu(fc1.apply(p, h)))));
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }
}
