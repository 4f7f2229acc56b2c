package dev.triptych.bits;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.DropPath;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.teacher.EmaTeacher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// BITS (Zaher et al. 2026, arXiv 2602.09764): self-supervised learning as discrete communication. An EMA teacher says
/// B bits about each of two global crops; from every other crop of the image the student predicts them; a coding rate
/// keeps the messages spread.
///
/// This class writes the objective in the order of the specification (sections 1 to 3 and 5); what it calls is each in
/// a package of its own.
@Twinned
public final class Bits {
    private static final String BACKBONE = "BITS section 1.1";

    /// Everything that fixes the model.
    ///
    /// @param encoder sizes of the vision transformer f
    /// @param head sizes of the projection head g
    /// @param messages what of the teacher's logits is predicted
    /// @param agreement how the student is held to it
    /// @param rate the coding rate
    /// @param beta weight of the coding rate; with 0 it is computed and not learned from
    /// @param dropPath probability of each of the student's blocks (`DropPath.linear`)
    public record Settings(VisionTransformer.Settings encoder, BitsHead.Settings head, Messages messages,
            BitAgreement agreement, CodingRate rate, float beta, List<Float> dropPath) {
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

    /// The objective of one step: what a program computes before its gradient.
    ///
    /// @param terms every term of the loss by name, not weighted
    /// @param total the weighted sum
    /// @param values tensors in between by name: `student logits` (V, n, B), `teacher logits` and `messages` (2, n, B),
    ///        `student cls` (V n, d), `teacher cls` (2 n, d)
    /// @param student encoding of all views, view-major: global crops, then local ones
    /// @param teacher encoding of the global crops
    public record Objective(Map<String, Tensor> terms, Tensor total, Map<String, Tensor> values, Encoding student,
            Encoding teacher) {
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
        encoder = new VisionTransformer(scope, settings.encoder(), 0, BACKBONE);
        head = new BitsHead(scope, width, settings.head());
        teacherEncoder = new VisionTransformer(averages, settings.encoder(), 0, BACKBONE);
        teacherHead = new BitsHead(averages, width, settings.head());
    }

    /// CLS and patch tokens of the teacher's backbone on full images (input `image`), and the logits of its head
    /// (section 6): what evaluation reads.
    public Map<String, Tensor> evaluate(Program p, int batch) {
        int grid = settings.encoder().grid();
        Encoding encoding = teacherEncoder.encode(p, View.full(p, images(p, "image", batch, grid), batch, 0, 1, grid));
        var values = new LinkedHashMap<String, Tensor>();
        values.put("cls", encoding.cls(p, 0));
        values.put("dense", encoding.dense(p, 0));
        values.put("logits", p.section("teacher's head (BITS section 1.2)",
                () -> teacherHead.evaluate(p, values.get("cls"))));
        values.values().forEach(p::keep);
        return values;
    }

    /// The objective of a training step (section 3). Inputs, image-major: `global` (n 2, 3, side, side), `local`
    /// (n L, 3, crop, crop), and with drop path `droppath` (blocks, 2, V n), whose sequences are view-major.
    public Objective objective(Program p, Views views) {
        int n = views.batch();
        var values = new LinkedHashMap<String, Tensor>();
        View global = View.byView(p, images(p, "global", n * Messages.VIEWS, settings.encoder().grid()), n,
                Messages.VIEWS, settings.encoder().grid());

        // T = g(f(global crops)) of the teacher, Z = 1[T > 0]
        Encoding teacher = teacherEncoder.encode(p, global);
        values.put("teacher cls", teacher.cls(p));
        Tensor t = p.section("teacher's head (BITS section 1.2)",
                () -> logits(p, teacherHead, values.get("teacher cls"), n));
        Tensor z = p.section("messages (BITS Eq. 7, section 3.1)", () -> settings.messages().of(p, t));

        // S = g(f(all crops)) of the student
        Encoding student = encoder.encode(p, DropPath.input(p, settings.dropPath(), views.count() * n),
                studentViews(p, global, views));
        values.put("student cls", student.cls(p));
        Tensor s = p.section("head (BITS section 1.2)", () -> logits(p, head, values.get("student cls"), n));
        values.put("student logits", s);
        values.put("teacher logits", t);
        values.put("messages", z);

        // L = L_bce + beta L_rate
        var terms = new LinkedHashMap<String, Tensor>();
        Tensor agreement = p.section("bit agreement (BITS Eq. 8, section 3.2)",
                () -> settings.agreement().loss(p, s, z));
        terms.put(settings.agreement() == BitAgreement.BCE ? "bce" : "cosine", agreement);
        Tensor rate = p.section("coding rate (BITS Eq. 9, section 3.3)", () -> settings.rate().loss(p, s, t));
        terms.put("rate", rate);
        Tensor total = p.section("total loss (BITS Eq. 10, section 3.4)", () -> settings.beta() == 0f
                ? p.scale(agreement, 1f)
                : p.addScaled(agreement, 1f, rate, settings.beta()));
        return new Objective(terms, total, values, student, teacher);
    }

    private View[] studentViews(Program p, View global, Views views) {
        if (views.localCrops() == 0) {
            return new View[]{global};
        }
        Tensor local = images(p, "local", views.batch() * views.localCrops(), views.localGrid());
        return new View[]{global,
                View.byView(p, local, views.batch(), views.localCrops(), views.localGrid())};
    }

    /// Logits (views, n, B) of CLS tokens (views n, d).
    private Tensor logits(Program p, BitsHead g, Tensor cls, int n) {
        return p.reshape(g.logits(p, cls), cls.rows() / n, n, settings.head().bits());
    }

    /// Appends the EMA update that ends a training step (section 5): backbone and head, after the optimizer.
    public void updateTeacher(Program p) {
        EmaTeacher.update(p, "BITS section 5");
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
