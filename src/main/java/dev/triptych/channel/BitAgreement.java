package dev.triptych.channel;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// How well the student's logits agree with the messages of every other view (BITS Eq. 8, specification section 3.2).
///
/// Teacher view q and student view v of an image make a pair unless q = v: 2 V - 2 pairs for two teacher views. A local
/// crop thus sees both messages, a global view only the other's.
public enum BitAgreement {
    /// The mean over pairs, images and bits of softplus(s) - z s, the binary cross-entropy with logits.
    BCE {
        @Override
        public Tensor loss(Program p, Tensor s, Tensor z) {
            double count = (double) pairs(s.side(0), z.side(0)) * s.side(1) * s.side(2);
            return p.scaledSum(p.bitCrossEntropy(s, z), (float) (1 / count));
        }
    },
    /// The mean over pairs and images of 1 - cos(s, 2 z - 1), the paper's comparison in table 3.
    COSINE {
        @Override
        public Tensor loss(Program p, Tensor s, Tensor z) {
            double count = (double) pairs(s.side(0), z.side(0)) * s.side(1);
            return p.scaledSum(p.signCosine(p.normalizeLength(s, CodingRate.SHORTEST), z), (float) (1 / count));
        }
    };

    /// Number of pairs.
    public static int pairs(int views, int teachers) {
        return teachers * (views - 1);
    }

    /// One number. s (V, n, B) logits of all student views, z (2, n, B) messages of the first two.
    public abstract Tensor loss(Program p, Tensor s, Tensor z);
}
