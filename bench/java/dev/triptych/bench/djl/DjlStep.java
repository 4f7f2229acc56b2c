package dev.triptych.bench.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.triptych.bench.Machine;
import dev.triptych.bench.StepBench;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The step of `triptych bench step` in libtorch through DJL, in a JVM, from the weights and the batch that
/// `--export FILE` wrote: `DjlStep FILE [--threads N] [--steps N] [--warmup N]`. Prints one line of JSON with the keys
/// of `triptych bench step --json`.
///
/// libtorch's own linear, layer norm, GELU, convolution and softmax and its autograd, called operation by operation
/// over JNI. DJL has no scaled dot product attention: here it is two batched products around a softmax. AdamW is
/// written with in-place operations on each tensor, as DJL's own is, whose epsilon sits elsewhere.
public final class DjlStep implements StepBench.Step {
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    private final Map<String, String> meta;
    private final Engine engine = Engine.getEngine("PyTorch");
    private final NDManager manager = engine.newBaseManager();
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray[]> moments = new LinkedHashMap<>();
    private final NDArray images;
    private final NDArray labels;
    private final NDArray mean;
    private final NDArray deviation;

    private DjlStep(SafetensorsFile file) {
        meta = file.metadata();
        images = manager.create(file.floats("images"), shape(file, "images"));
        labels = manager.create(file.longs("labels")).oneHot(integer("classes"), DataType.FLOAT32);
        mean = manager.create(MEAN, new Shape(1, 3, 1, 1));
        deviation = manager.create(DEVIATION, new Shape(1, 3, 1, 1));
        for (String name : file.names()) {
            if (!name.equals("images") && !name.equals("labels")) {
                Shape shape = name.equals("encoder.patch.weight")
                        ? new Shape(integer("dim"), 3, integer("patch"), integer("patch"))
                        : shape(file, name);
                NDArray parameter = manager.create(file.floats(name), shape);
                parameter.setRequiresGradient(true);
                parameters.put(name, parameter);
                moments.put(name, new NDArray[]{manager.zeros(shape), manager.zeros(shape)});
            }
        }
    }

    private static Shape shape(SafetensorsFile file, String name) {
        int[] shape = file.shape(name);
        long[] wide = new long[shape.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = shape[i];
        }
        return new Shape(wide);
    }

    private int integer(String key) {
        return Integer.parseInt(meta.get(key));
    }

    private double number(String key) {
        return Double.parseDouble(meta.get(key));
    }

    @Override
    public float run(long number) {
        try (NDManager step = manager.newSubManager()) {
            var p = new LinkedHashMap<>(parameters);
            // what is computed belongs to the manager of its first operand, and goes with the step
            p.values().forEach(parameter -> parameter.tempAttach(step));
            moments.values().forEach(both -> List.of(both).forEach(moment -> moment.tempAttach(step)));
            images.tempAttach(step);
            float value;
            try (GradientCollector collector = engine.newGradientCollector()) {
                NDArray loss = loss(p);
                collector.backward(loss);
                value = loss.getFloat();
            }
            p.forEach((name, parameter) -> adamw(parameter, moments.get(name), number + 1));
            return value;
        }
    }

    private NDArray loss(Map<String, NDArray> p) {
        int batch = integer("batch");
        int dim = integer("dim");
        NDArray pixels = images.sub(mean).div(deviation);
        int patch = integer("patch");
        NDArray x = pixels.getNDArrayInternal().convolution(pixels, p.get("encoder.patch.weight"),
                p.get("encoder.patch.bias"), new Shape(patch, patch), new Shape(0, 0), new Shape(1, 1), 1)
                .singletonOrThrow();
        x = x.reshape(batch, dim, -1).transpose(0, 2, 1);
        x = p.get("encoder.cls").broadcast(new Shape(batch, 1, dim)).concat(x, 1).add(p.get("encoder.positions"));
        for (int i = 0; i < integer("depth"); i++) {
            x = block(p, "encoder.blocks." + i, x);
        }
        NDArray cls = norm(p, "encoder.norm", x).get(":, 0");
        NDArray logits = linear(p, "head", cls);
        return logits.logSoftmax(-1).mul(labels).sum().mul(-1f / batch);
    }

    private NDArray block(Map<String, NDArray> p, String name, NDArray x) {
        NDArray y = x.add(linear(p, name + ".attn.proj", attention(linear(p, name + ".attn.qkv",
                norm(p, name + ".norm1", x)))));
        NDArray hidden = linear(p, name + ".mlp.fc1", norm(p, name + ".norm2", y)).getNDArrayInternal().gelu();
        return y.add(linear(p, name + ".mlp.fc2", hidden));
    }

    private NDArray attention(NDArray qkv) {
        int heads = integer("heads");
        Shape shape = qkv.getShape();
        long batch = shape.get(0);
        long tokens = shape.get(1);
        long width = shape.get(2) / 3;
        NDList parts = qkv.split(3, 2);
        NDArray q = heads(parts.get(0), batch, tokens, heads, width);
        NDArray k = heads(parts.get(1), batch, tokens, heads, width);
        NDArray v = heads(parts.get(2), batch, tokens, heads, width);
        double scale = 1 / Math.sqrt((double) width / heads);
        NDArray weights = q.mul(scale).matMul(k.transpose(0, 1, 3, 2)).softmax(-1);
        return weights.matMul(v).transpose(0, 2, 1, 3).reshape(batch, tokens, width);
    }

    private static NDArray heads(NDArray x, long batch, long tokens, int heads, long width) {
        return x.reshape(batch, tokens, heads, width / heads).transpose(0, 2, 1, 3);
    }

    private static NDArray linear(Map<String, NDArray> p, String name, NDArray x) {
        return x.getNDArrayInternal().linear(x, p.get(name + ".weight"), p.get(name + ".bias")).singletonOrThrow();
    }

    private NDArray norm(Map<String, NDArray> p, String name, NDArray x) {
        return x.getNDArrayInternal().layerNorm(x, new Shape(integer("dim")), p.get(name + ".weight"),
                p.get(name + ".bias"), (float) number("layer_norm_eps")).singletonOrThrow();
    }

    private void adamw(NDArray parameter, NDArray[] moment, long t) {
        NDArray g = parameter.getGradient();
        double beta1 = number("beta1");
        double beta2 = number("beta2");
        double c1 = 1 - Math.pow(beta1, t);
        double c2 = 1 - Math.pow(beta2, t);
        moment[0].muli((float) beta1).addi(g.mul((float) (1 - beta1)));
        moment[1].muli((float) beta2).addi(g.mul(g).muli((float) (1 - beta2)));
        NDArray root = moment[1].div((float) c2).sqrt().addi((float) number("adam_eps"));
        parameter.muli((float) (1 - number("lr") * number("weight_decay")));
        parameter.subi(moment[0].div(root).muli((float) (number("lr") / c1)));
        g.muli(0); // the next step adds to it
    }

    @Override
    public double waitedSeconds() {
        return 0;
    }

    /// Measures and prints.
    public static void main(String[] args) throws IOException {
        if (args.length % 2 == 0) {
            System.err.println("DjlStep FILE [--threads N] [--steps N] [--warmup N]: FILE is what `triptych bench step "
                    + "--export FILE` wrote");
            System.exit(2);
        }
        var options = new LinkedHashMap<>(Map.of("--threads", 2, "--steps", 20, "--warmup", 5));
        for (int i = 1; i < args.length; i += 2) {
            options.put(args[i], Integer.parseInt(args[i + 1]));
        }
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("DJL_CACHE_DIR", "target/djl"); // where libtorch is unpacked
        System.setProperty("ai.djl.pytorch.num_threads", options.get("--threads").toString());
        long begun = System.nanoTime();
        var file = Safetensors.read(Path.of(args[0]));
        var step = new DjlStep(file);
        double bind = (System.nanoTime() - begun) * 1e-6;
        var result = StepBench.measure(step, new StepBench.Length(options.get("--warmup"), options.get("--steps")),
                bind, 0);
        var values = new LinkedHashMap<String, Object>();
        values.put("framework", "djl");
        for (String key : new String[]{"model", "dim", "depth", "heads", "batch", "tokens"}) {
            values.put(key, key.equals("model") ? file.metadata().get(key) : step.integer(key));
        }
        values.put("device", "cpu");
        values.put("device_description", "libtorch " + step.engine.getVersion() + " through DJL "
                + Engine.getDjlVersion());
        values.put("threads", options.get("--threads"));
        long parameters = step.parameters.values().stream().mapToLong(NDArray::size).sum();
        values.putAll(result.values(step.number("gflop"), step.integer("batch"), parameters));
        values.put("peak_heap_mb", null);
        values.put("arena_bytes", null);
        values.putAll(Machine.values());
        System.out.println(Json.write(values, false));
        step.manager.close();
    }
}
