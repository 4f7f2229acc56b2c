package dev.triptych.bits;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.HeadReset;
import dev.triptych.channel.Messages;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.PatchFeatures;
import dev.triptych.nn.DropPath;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import java.util.List;

/// BITS (Zaher et al. 2026, arXiv 2602.09764): self-supervised learning as discrete communication. An EMA teacher says
/// B bits about each of two global crops; from every other crop of the image the student predicts them; a coding rate
/// keeps the messages spread.
///
/// This class writes the objective in the order of the specification (sections 1 to 3 and 5): inputs, forward, terms,
/// total. What it calls is each in a package of its own.
@Twinned
public final class Bits {
    private static final String HEAD = "head";
    /// BITS-reset: what begins again (section 4).
    public static final HeadReset RESET = new HeadReset(List.of(HEAD));
    private static final String BACKBONE = "BITS section 1.1";
    private static final String TEACHER_HEAD = "teacher's head (BITS section 1.2)";

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the vision transformer f
    /// @param head sizes of the projection head g
    /// @param messages what of the teacher's logits is predicted
    /// @param agreement how the student is held to it
    /// @param rate the coding rate
    /// @param beta weight of the coding rate; 0 leaves it out
    /// @param dropPath probability of each of the student's blocks (`DropPath.linear`)
    /// @param pixels what is read of a pixel, and of a crop's positions
    public record Settings(VisionTransformer.Settings encoder, BitsHead.Settings head, Messages messages,
            BitAgreement agreement, CodingRate rate, float beta, List<Float> dropPath,
            VisionTransformer.Pixels pixels) {
    }

    /// How many views a step sees.
    ///
    /// @param batch n images, each with two global crops
    /// @param localCrops L crops of each image
    /// @param localGrid patches along a side of a local crop
    public record Views(int batch, int localCrops, int localGrid) {
        /// V = 2 + L student views.
        public int count() {
            return Messages.VIEWS + localCrops;
        }
    }

    /// INPUTS of a step, image-major.
    ///
    /// @param global crops (n 2, 3, side, side)
    /// @param local crops (n L, 3, crop, crop); null without
    /// @param dropPath whose sequences are view-major (blocks, 2, V n)
    public record Inputs(Tensor global, Tensor local, DropPath dropPath) {
    }

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param student encoding of all views, view-major: global crops, then local ones
    /// @param teacher encoding of the global crops
    /// @param studentCls f of all views (V n, d)
    /// @param teacherCls f of the global crops by the teacher (2 n, d)
    /// @param studentLogits S (V, n, B)
    /// @param teacherLogits T (2, n, B)
    /// @param messages Z (2, n, B)
    public record Objective(Inputs inputs, Encoding student, Encoding teacher, Tensor studentCls, Tensor teacherCls,
            Tensor studentLogits, Tensor teacherLogits, Tensor messages, TotalLoss loss) {
    }

    /// What evaluation reads of full images, of the teacher's backbone and head.
    ///
    /// @param cls (batch, d)
    /// @param dense patch tokens (batch, N, d)
    /// @param logits (batch, B)
    public record Features(Tensor cls, Tensor dense, Tensor logits) implements PatchFeatures, EncodedValue.Named {
        @Override
        public List<EncodedValue> named() {
            return List.of(EncodedValue.of("cls", "CLS (d)", cls),
                    new EncodedValue("bits", "the message: B bits, packed", logits, true),
                    EncodedValue.of("logits", "T (B), whose signs are the bits", logits),
                    EncodedValue.of("dense", "patch tokens (N, d)", dense));
        }
    }

    private final Settings settings;
    private final VisionTransformer encoder;
    private final BitsHead head;
    private final VisionTransformer teacherEncoder;
    private final BitsHead teacherHead;

    /// Registers all parameters in a state, each with its teacher's average.
    public Bits(State state, Settings settings) {
        this.settings = settings;
        Scope scope = Scope.of(state);
        Scope averages = scope.asTeacher();
        int width = settings.encoder().width();
        encoder = backbone(scope);
        head = new BitsHead(scope.in(HEAD), width, settings.head());
        teacherEncoder = backbone(averages);
        teacherHead = new BitsHead(averages.in(HEAD), width, settings.head());
    }

    private VisionTransformer backbone(Scope scope) {
        return new VisionTransformer(scope, settings.encoder(), 0, BACKBONE, VisionTransformer.Start.TRANSFORMER,
                settings.pixels());
    }

    /// The input `image` of that many full images.
    public Tensor image(Program p, int batch) {
        return images(p, "image", batch, settings.encoder().grid());
    }

    /// CLS and patch tokens of the teacher's backbone on full images, and the logits of its head (section 6).
    public Features evaluate(Program p, Tensor image) {
        Encoding encoding = teacherEncoder.encode(p,
                View.full(p, image, image.side(0), 0, 1, settings.encoder().grid()));
        Tensor cls = encoding.cls(p, 0);
        Tensor dense = encoding.dense(p, 0);
        var features = new Features(cls, dense, p.section(TEACHER_HEAD, () -> teacherHead.evaluate(p, cls)));
        List.of(cls, dense, features.logits()).forEach(p::keep);
        return features;
    }

    /// The objective of a training step (section 3).
    public Objective objective(Program p, Views views) {
        int n = views.batch();

        // INPUTS
        Inputs in = inputs(p, views);

        // FORWARD
        // T = g(f(global crops)) of the teacher, Z = 1[T > 0]
        View global = View.byView(p, in.global(), n, Messages.VIEWS, settings.encoder().grid())
                .reading(View.Read.CLS);
        Encoding teacher = teacherEncoder.encode(p, global);
        Tensor teacherCls = teacher.cls(p);
        Tensor t = p.section(TEACHER_HEAD, () -> logits(p, teacherHead, teacherCls, n));
        Tensor z = p.section("messages (BITS Eq. 7, section 3.1)", () -> settings.messages().of(p, t));
        // S = g(f(all crops)) of the student
        Encoding student = encoder.encode(p, in.dropPath(), studentViews(p, global, in, views));
        Tensor studentCls = student.cls(p);
        Tensor s = p.section("head (BITS section 1.2)", () -> logits(p, head, studentCls, n));

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add(settings.agreement() == BitAgreement.BCE ? "bce" : "cosine", 1f,
                () -> p.section("bit agreement (BITS Eq. 8, section 3.2)", () -> settings.agreement().loss(p, s, z)));
        terms.add("rate", settings.beta(),
                () -> p.section("coding rate (BITS Eq. 9, section 3.3, section 10.2)",
                        () -> settings.rate().loss(p, s, t)));

        // TOTAL
        TotalLoss loss = p.section("total loss (BITS Eq. 10, section 3.4)", () -> terms.total(p));
        return new Objective(in, student, teacher, studentCls, teacherCls, s, t, z, loss);
    }

    private Inputs inputs(Program p, Views v) {
        return new Inputs(images(p, "global", v.batch() * Messages.VIEWS, settings.encoder().grid()),
                v.localCrops() == 0 ? null : images(p, "local", v.batch() * v.localCrops(), v.localGrid()),
                DropPath.input(p, settings.dropPath(), v.count() * v.batch()));
    }

    private static View[] studentViews(Program p, View global, Inputs in, Views v) {
        return in.local() == null
                ? new View[]{global}
                : new View[]{global, View.byView(p, in.local(), v.batch(), v.localCrops(), v.localGrid())
                        .reading(View.Read.CLS)};
    }

    /// Logits (views, n, B) of CLS tokens (views n, d).
    private Tensor logits(Program p, BitsHead g, Tensor cls, int n) {
        return p.reshape(g.logits(p, cls), cls.rows() / n, n, settings.head().bits());
    }

    /// Appends the EMA update that ends a training step (section 5): backbone and head, after the optimizer.
    ///
    /// @return the input `momentum`
    public Tensor updateTeacher(Program p) {
        return EmaTeacher.update(p, "BITS section 5");
    }

    /// The input of a number of square images with that many patches along a side.
    private Tensor images(Program p, String name, int count, int grid) {
        int side = grid * settings.encoder().patch();
        return p.input(name, count, 3, side, side);
    }

    /// Sizes and switches.
    public Settings settings() {
        return settings;
    }
}
