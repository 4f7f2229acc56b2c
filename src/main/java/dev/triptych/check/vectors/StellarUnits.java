package dev.triptych.check.vectors;

import dev.triptych.alignment.KoleoLoss;
import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.data.view.PatchMask;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.encoder.Positions;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// STELLAR's parts, each on its own; whole models are in [StellarCases].
final class StellarUnits {
    static final List<Family> ALL = Stream.concat(StellarCases.ALL.stream(), Stream.of(
            new Family("clustering", c -> c.has("params.layer.weight"), StellarUnits::clustering),
            new Family("interpolation", c -> c.has("params.position_embeddings"), StellarUnits::interpolation),
            new Family("masking", c -> c.has("draws.noise") && c.has("intermediates.ids_restore"),
                    StellarUnits::masking),
            new Family("matching", c -> c.has("inputs.preds") && c.has("inputs.targets"), StellarUnits::matching),
            new Family("fourier", c -> c.has("params.gauss"), StellarUnits::fourier),
            new Family("sinkhorn", c -> c.has("inputs.logits") && !c.names("intermediates\\.assign_.+").isEmpty(),
                    StellarUnits::sinkhorn),
            new Family("koleo", c -> c.has("inputs.x") && c.has("losses.loss") && c.names("params\\..+").isEmpty(),
                    StellarUnits::koleo)))
            .toList();

    private StellarUnits() {
    }

    private static void koleo(Comparison c) {
        var b = new Bench(c);
        b.differentiate("loss", KoleoLoss.of(b.program(), b.input("inputs.x")));
        b.run();
    }

    /// Prototype head, Sinkhorn targets, cross-entropy (section 4.1 to 4.3).
    private static void clustering(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        int[] s = c.shape("inputs.x");
        int rows = java.util.Arrays.stream(s, 0, s.length - 1).reduce(1, Math::multiplyExact);
        List<String> layers = StellarModel.predictor(c, "params.");
        int hidden = layers.isEmpty() ? 0 : c.shape(layers.getFirst() + ".weight")[0];
        int[] prototypes = c.shape("params.layer.weight");
        var head = new PrototypeHead(Scope.of(b.state()), s[s.length - 1],
                new PrototypeHead.Settings(layers.size(), hidden, prototypes[1], prototypes[0]));
        for (int i = 0; i < layers.size(); i++) {
            b.adopt(layers.get(i) + ".weight", b.state().parameter("predictor." + i + ".weight"));
            b.adopt(layers.get(i) + ".bias", b.state().parameter("predictor." + i + ".bias"));
        }
        b.adopt("params.layer.weight", b.state().parameter("prototypes"));
        Tensor logits = head.logits(p, b.input("inputs.x", rows, s[s.length - 1]));
        var targets = new SinkhornTargets((float) c.hyper("sk_temp", 0.06), (int) c.hyper("n_sk_iter", 3),
                (float) c.hyper("sk_scale", 1));
        Tensor q = targets.assign(p, p.stopGradient("targets", logits));
        Tensor loss = p.mean(p.softCrossEntropy(logits, q, p.constant("rows", AxisOrder.count(rows)),
                (float) (1 / c.hyper("logits_temp", 0.12))));
        b.give("intermediates.logits", logits);
        b.give("intermediates.assign", q);
        b.differentiate("loss", loss);
        b.run();
    }

    private static void sinkhorn(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor logits = b.given("inputs.logits");
        b.give("intermediates.stable_exp", p.sinkhornStart(logits, 1f));
        var pattern = Pattern.compile("intermediates\\.assign_T([0-9.]+)_it([0-9]+)_scale([0-9.]+)");
        for (String name : c.names("intermediates\\.assign_.+")) {
            Matcher setting = match(pattern, name);
            b.give(name, new SinkhornTargets(Float.parseFloat(setting.group(1)), Integer.parseInt(setting.group(2)),
                    Float.parseFloat(setting.group(3))).assign(p, logits));
        }
        b.run();
    }

    private static Matcher match(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + " is not of the form " + pattern);
        }
        return matcher;
    }

    /// Optimal transport (section 4.5); `_eps1_it20` names other constants, `_filter` removes targets by cost.
    private static void matching(Comparison c) {
        var pattern = Pattern.compile("intermediates\\.P(?:_eps([0-9.]+)_it([0-9]+))?(_filter)?");
        for (String name : c.names("intermediates\\.P(_.+)?")) {
            Matcher setting = match(pattern, name);
            float eps = setting.group(1) == null ? 0.1f : Float.parseFloat(setting.group(1));
            int iterations = setting.group(2) == null ? 5 : Integer.parseInt(setting.group(2));
            var costs = new Bench(c);
            Tensor cost = costs.program().transportCost(costs.given("inputs.preds"), costs.given("inputs.targets"));
            costs.run();
            float[] numbers = costs.numbers(cost);
            if (setting.group(3) != null) {
                filter(numbers, c.integers("inputs.filter"), cost.side(1));
            }
            var b = new Bench(c);
            Program p = b.program();
            Tensor plan = p.transportPlan(b.number("cost", numbers, cost.shape()), eps, iterations);
            Tensor rows = p.matchedRows(plan, 1);
            b.give(name, plan);
            b.run();
            int[] match = b.whole(rows);
            for (int i = 0; i < match.length; i++) {
                match[i] -= i / cost.side(1) * cost.side(1);
            }
            c.give(name.replace("intermediates.P", "intermediates.idx"), match);
        }
    }

    /// Targets whose filter is 0 get twice the largest cost of all.
    private static void filter(float[] cost, int[] filter, int tokens) {
        float largest = 0f;
        for (float value : cost) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < cost.length; i++) {
            cost[i] = filter[i / tokens / tokens * tokens + i % tokens] == 0 ? 2f * largest : cost[i];
        }
    }

    /// Position tables of square grids resized; the class token's row stays.
    private static void interpolation(Comparison c) {
        int[] s = c.shape("params.position_embeddings");
        int side = (int) Math.round(Math.sqrt(s[1] - 1));
        if (side * side != s[1] - 1) {
            throw new IllegalArgumentException("the " + (s[1] - 1) + " positions are no square grid");
        }
        var b = new Bench(c);
        Program p = b.program();
        Tensor table = b.parameter("params.position_embeddings", s[1], s[2]);
        var pattern = Pattern.compile("intermediates\\.to_([0-9]+)x([0-9]+)");
        for (String name : c.names("intermediates\\.to_.+")) {
            Matcher size = match(pattern, name);
            Tensor resize = TokenFamilies.resizing(b,
                    Positions.bicubicWeights(side, Integer.parseInt(size.group(1))),
                    Positions.bicubicWeights(side, Integer.parseInt(size.group(2))));
            b.give(name, p.concat(p.slice(table, 0, 1), p.product(resize, p.slice(table, 1, s[1] - 1))));
        }
        b.run();
    }

    /// Random Fourier positions, stored as (channels, rows, columns).
    private static void fourier(Comparison c) {
        double[] g = c.doubles("params.gauss");
        var pattern = Pattern.compile("intermediates\\.out_([0-9]+)x([0-9]+)x([0-9]+)");
        for (String name : c.names("intermediates\\.out_.+")) {
            Matcher size = match(pattern, name);
            int rows = Integer.parseInt(size.group(1));
            int columns = Integer.parseInt(size.group(2));
            int channels = Integer.parseInt(size.group(3));
            c.give(name,
                    AxisOrder.transpose(FourierPositions.table(g, rows, columns, channels), rows * columns, channels));
        }
    }

    /// Upper left corners (row, column) of the blocks of a case, whatever they are called: the whole numbers among the
    /// draws, in one tensor or in two of which the first to be named is the row; null where there is none.
    private static int[] corners(Comparison c, int views) {
        List<String> drawn = c.names("draws\\..+").stream().filter(c::isInteger)
                .filter(name -> !name.matches("draws\\.(cx|cy|ids.*)")).toList();
        var pair = drawn.stream().filter(name -> c.integers(name).length == 2 * views).findFirst();
        if (pair.isPresent()) {
            return c.integers(pair.get());
        }
        List<String> each = drawn.stream().filter(name -> c.integers(name).length == views)
                .sorted(Comparator.comparing(name -> !name.matches("draws\\.(.*_)?(top|row|y|i)(_.*)?"))).toList();
        if (each.size() != 2) {
            return null;
        }
        int[] corners = new int[2 * views];
        for (int i = 0; i < corners.length; i++) {
            corners[i] = c.integers(each.get(i % 2))[i / 2];
        }
        return corners;
    }

    /// Token-drop masking (section 4.6) of each row of `draws.noise`: focal where its coin is below one half, a block
    /// in every row where corners are drawn (section 8, point 10: its coin is ignored), else uniform.
    private static void masking(Comparison c) {
        int[] s = c.shape("inputs.x");
        int kept = c.shape("intermediates.x_kept")[1];
        int patches = s[1];
        int side = (int) Math.round(Math.sqrt(patches));
        double[] noise = c.doubles("draws.noise");
        boolean focal = c.has("draws.cx");
        int[] places = new int[s[0] * patches];
        int[] rows = new int[s[0] * kept];
        float[] mask = AxisOrder.filled(s[0] * patches, 1f);
        int[] corner = corners(c, s[0]);
        if (corner != null) {
            c.excuse("draws\\..*(uniform|coin|rand|do_|focal|blk|block).*");
        }
        for (int v = 0; v < s[0]; v++) {
            double[] keys = java.util.Arrays.copyOfRange(noise, v * patches, (v + 1) * patches);
            if (focal && c.doubles("draws.focal_uniform")[v] < 0.5) {
                keys = PatchMask.focused(keys, side, side, c.doubles("draws.cx")[v], c.doubles("draws.cy")[v],
                        c.doubles("draws.sigma")[v]);
            }
            if (corner != null) {
                keys = PatchMask.blocked(keys, side, corner[2 * v], corner[2 * v + 1], (int) Math.sqrt(kept));
            }
            int[] ranking = PatchMask.ranking(keys);
            System.arraycopy(PatchMask.places(ranking), 0, places, v * patches, patches);
            for (int i = 0; i < kept; i++) {
                rows[v * kept + i] = v * patches + ranking[i];
                mask[v * patches + ranking[i]] = 0f;
            }
        }
        c.give("intermediates.ids_restore", places);
        c.give("intermediates.mask", mask);
        var b = new Bench(c);
        Tensor x = b.given("inputs.x", s[0] * patches, s[2]);
        b.give("intermediates.x_kept",
                b.program().gatherRows(x, RowIndex.of(b.program(), "kept", s[0] * patches, rows)));
        b.run();
    }
}
