package dev.triptych.triptych;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.HeadReset;
import dev.triptych.channel.Messages;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import java.util.ArrayList;
import java.util.List;

/// What tokens and CLS of a student's views are held to of a teacher's (section 4): messages of bits, or prototypes.
/// Two heads on either side, of tokens and of CLS.
@Twinned
public sealed interface Alignment {
    /// The scopes of both heads.
    String TOKENS = "token_head";
    /// The other one.
    String CLS = "cls_head";
    /// What begins again where heads are re-initialised.
    HeadReset RESET = new HeadReset(List.of(TOKENS, CLS));

    /// The heads of a student or a teacher.
    ///
    /// @param tokens for tokens
    /// @param cls for CLS
    record Heads(Head tokens, Head cls) {
    }

    /// One of them.
    @FunctionalInterface
    interface Head {
        /// x (rows, d): (rows, B) or (rows, C).
        Tensor logits(Program p, Tensor x);
    }

    /// What a teacher says, without gradient.
    ///
    /// @param tokens of its two views (2 n K, B or C)
    /// @param cls of its two views (2, n, B or C)
    record Targets(Tensor tokens, Tensor cls) {
    }

    /// What it is called in the names of terms.
    String term();

    /// What the section of a program says of it.
    String source();

    /// Registers both heads.
    Heads heads(Scope scope, int width);

    /// Targets of the teacher's logits.
    ///
    /// @param tokens (2, n, K, B or C)
    /// @param cls (2, n, B or C)
    Targets targets(Program p, Tensor tokens, Tensor cls);

    /// The loss of tokens, each with the row that its partner has.
    ///
    /// @param logits of the student, pair by pair (rows, B or C)
    /// @param rows of the targets (rows)
    Tensor tokenLoss(Program p, Tensor logits, Tensor targets, Tensor rows);

    /// The loss of CLS over the pairs of BITS Eq. 8: teacher's view q and student's view v of an image, unless q = v.
    ///
    /// @param logits (V, n, B or C), the first two views those of the teacher
    /// @param targets (2, n, B or C)
    Tensor clsLoss(Program p, Tensor logits, Tensor targets);

    /// Messages of B bits.
    ///
    /// @param head sizes of both heads
    /// @param rate the coding rate of logits
    record Bits(BitsHead.Settings head, CodingRate rate) implements Alignment {
        @Override
        public String term() {
            return "messages";
        }

        @Override
        public String source() {
            return "messages (Triptych section 4, BITS Eq. 7-8)";
        }

        @Override
        public Heads heads(Scope scope, int width) {
            return new Heads(new BitsHead(scope.in(TOKENS), width, head)::logits,
                    new BitsHead(scope.in(CLS), width, head)::logits);
        }

        @Override
        public Targets targets(Program p, Tensor tokens, Tensor cls) {
            return new Targets(p.reshape(Messages.HARD.of(p, tokens), tokens.rows(), head.bits()),
                    Messages.HARD.of(p, cls));
        }

        @Override
        public Tensor tokenLoss(Program p, Tensor logits, Tensor targets, Tensor rows) {
            return p.scaledSum(p.bitCrossEntropy(logits, targets, rows), 1f / logits.count());
        }

        @Override
        public Tensor clsLoss(Program p, Tensor logits, Tensor targets) {
            return BitAgreement.BCE.loss(p, logits, targets);
        }

        /// -gamma R of the rows of each of two views by itself, averaged (BITS Eq. 9). logits (2, rows, B).
        public Tensor rateLoss(Program p, Tensor logits) {
            return rate.loss(p, logits, logits);
        }
    }

    /// Prototypes (STELLAR Eq. 5-6), of tokens balanced slot by slot.
    ///
    /// @param head sizes of both heads
    /// @param sinkhorn of the targets
    /// @param temperature of the logits
    record Prototypes(PrototypeHead.Settings head, SinkhornTargets sinkhorn, float temperature) implements Alignment {
        @Override
        public String term() {
            return "prototypes";
        }

        @Override
        public String source() {
            return "prototypes (Triptych section 8, STELLAR Eq. 5-6)";
        }

        @Override
        public Heads heads(Scope scope, int width) {
            return new Heads(new PrototypeHead(scope.in(TOKENS), width, head)::logits,
                    new PrototypeHead(scope.in(CLS), width, head)::logits);
        }

        /// Each of the teacher's views by itself.
        @Override
        public Targets targets(Program p, Tensor tokens, Tensor cls) {
            int n = tokens.side(1);
            int k = tokens.side(2);
            int c = tokens.side(3);
            var token = new Tensor[tokens.side(0)];
            var one = new Tensor[tokens.side(0)];
            for (int v = 0; v < token.length; v++) {
                token[v] = p.reshape(sinkhorn.assignBySlot(p, p.reshape(p.slice(tokens, v, 1), n, k, c)), n * k, c);
                one[v] = sinkhorn.assign(p, p.reshape(p.slice(cls, v, 1), n, c));
            }
            return new Targets(p.concat(token), p.reshape(p.concat(one), cls.shape()));
        }

        @Override
        public Tensor tokenLoss(Program p, Tensor logits, Tensor targets, Tensor rows) {
            return p.mean(p.softCrossEntropy(logits, targets, rows, 1f / temperature));
        }

        @Override
        public Tensor clsLoss(Program p, Tensor logits, Tensor targets) {
            int n = logits.side(1);
            int c = logits.side(2);
            var student = new ArrayList<Integer>();
            var teacher = new ArrayList<Integer>();
            for (int q = 0; q < targets.side(0); q++) {
                for (int v = 0; v < logits.side(0); v++) {
                    for (int i = 0; i < n && v != q; i++) {
                        student.add(v * n + i);
                        teacher.add(q * n + i);
                    }
                }
            }
            int[] rows = student.stream().mapToInt(i -> i).toArray();
            Tensor pairs = p.gatherRows(p.reshape(logits, logits.rows(), c),
                    RowIndex.of(p, "cls pairs", logits.rows(), rows));
            return tokenLoss(p, pairs, p.reshape(targets, targets.rows(), c),
                    p.constant("cls targets", teacher.stream().mapToInt(i -> i).toArray()));
        }
    }
}
