package dev.triptych.export;

import dev.triptych.encoder.Positions;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import dev.triptych.method.InputException;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.PlainEncoder;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.ReleasedWeights;
import dev.triptych.train.ReleasedWeights.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// An encoder that others trained, or that `export` wrote, under the names of timm or transformers, for a method's
/// model. What the file does not have begins as in a new training. Three things of theirs are not in ours and are
/// worked into the weights, each exact up to rounding: a layer scale g after W x + b is (g W) x + g b; pixels that are
/// shifted and scaled otherwise are another patch projection; and positions of another grid are resized once instead of
/// each time.
public final class EncoderImport {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.([0-9]+)\\.(.+)\\.(weight|bias)");
    private static final String ENCODER = "encoder.";
    private static final String SPARSE = "sparse_tokens";

    private final SafetensorsFile file;
    private final SafetensorsFile localization;
    private final EncoderNames names;
    private final EncoderConfig config;
    private final PlainEncoder encoder;
    private final Recipe recipe;
    private final State state;

    private EncoderImport(Path path, Recipe recipe, PlainEncoder encoder, State state) throws IOException {
        this.file = Safetensors.read(path);
        Path places = path.resolveSibling(ExportFormat.LOCALIZATION);
        this.localization = Files.exists(places) ? Safetensors.read(places) : null;
        this.names = EncoderNames.of(file);
        this.config = EncoderConfig.beside(path);
        this.encoder = encoder;
        this.recipe = recipe;
        this.state = state;
    }

    /// What was opened.
    ///
    /// @param fresh parameters that begin as in a new training
    /// @param described whether a `config.json` lay beside the file; else its heads, eps and pixels are taken to be
    ///        the recipe's
    public record Opened(ReleasedWeights weights, List<String> fresh, boolean described) {
    }

    /// Opens a file and checks every tensor, and the configuration beside it, against a recipe's model.
    ///
    /// @param from `model.safetensors`, or the folder that it lies in
    /// @throws dev.triptych.io.FormatException listing all tensors that do not fit
    /// @throws InputException if the configuration says otherwise than the recipe
    public static Opened open(Path from, Recipe recipe, PlainEncoder encoder, MethodPrograms programs)
            throws IOException {
        Path path = Files.isDirectory(from) ? from.resolve("model.safetensors") : from;
        if (!Files.isRegularFile(path)) {
            throw new InputException("--from " + from + ": there is no " + path + "; expected the model.safetensors of "
                    + "an encoder, or its folder. Check the path.");
        }
        var opened = new EncoderImport(path, recipe, encoder, programs.state());
        opened.config.require(recipe);
        return opened.open();
    }

    private Opened open() {
        int registers = registers();
        if (registers > encoder.sparse()) {
            throw new InputException("--from " + file.path() + " has " + registers
                    + " register tokens, the model of the "
                    + "recipe " + encoder.sparse() + " sparse tokens; expected at least as many. Give "
                    + (encoder.sparse() > 0 ? "stellar.tokens=" + registers : "--as a recipe with sparse tokens")
                    + ", or another file.");
        }
        var parts = new ArrayList<Part>();
        var fresh = new ArrayList<String>();
        state.parameters().forEach((name, tensor) -> {
            Part part = part(name, tensor);
            parts.add(part);
            if (part.theirs().isEmpty() && !placed(name)) {
                fresh.add(name);
            }
            if (state.teachers().containsKey(name)) {
                parts.add(new Part(state.teachers().get(name).name(), part.shape(), part.theirs(), part.reading()));
            }
        });
        state.buffers().forEach((name, tensor) -> parts.add(
                new Part("buffer." + name, tensor.shape(), Map.of(), _ -> state.bufferValues(name))));
        return new Opened(ReleasedWeights.of(file, recipe, state.parameterCount(), parts, names::unused),
                List.copyOf(fresh), config.found());
    }

    private int registers() {
        return file.has(names.registers()) && file.shape(names.registers()).length == 3
                ? file.shape(names.registers())[1]
                : 0;
    }

    private boolean placed(String name) {
        return localization != null && localization.has(name);
    }

    private Part part(String name, Tensor tensor) {
        if (name.startsWith(ENCODER)) {
            return encoder(name.substring(ENCODER.length()), tensor);
        }
        if (name.equals(SPARSE) && registers() > 0) {
            return sparse(tensor);
        }
        if (placed(name)) {
            if (!Arrays.equals(localization.shape(name), tensor.shape())) {
                throw new InputException(localization.path() + ": " + name + " is "
                        + Tensor.text(localization.shape(name)) + ", expected " + Tensor.text(tensor.shape())
                        + ". Choose the recipe of this export by --as.");
            }
            return new Part(name, tensor.shape(), Map.of(), _ -> localization.floats(name));
        }
        return new Part(name, tensor.shape(), Map.of(), _ -> state.draw(name, recipe.seed()));
    }

    /// Registers come first, the other tokens as they are drawn.
    private Part sparse(Tensor tensor) {
        int[] theirs = {1, registers(), tensor.columns()};
        return new Part(tensor.name(), tensor.shape(), Map.of(names.registers(), theirs), from -> {
            float[] values = state.draw(SPARSE, recipe.seed());
            float[] given = from.floats(names.registers());
            float[] positions = registerPositions(from);
            for (int i = 0; i < given.length; i++) {
                values[i] = given[i] + positions[i];
            }
            return values;
        });
    }

    private Part encoder(String name, Tensor tensor) {
        int[] shape = tensor.shape();
        var block = BLOCK.matcher(name);
        if (block.matches()) {
            return block(tensor, block.group(1), block.group(2), block.group(3));
        }
        int p = encoder.settings().patch();
        int[] projection = {shape[0], 3, p, p};
        return switch (name) {
            case "cls" -> Part.joined(tensor, List.of(names.cls()), 1, 1, shape[1]);
            case "positions" -> new Part(tensor.name(), shape, Map.of(names.positions(), positionShape(shape)),
                    this::positions);
            case "norm.weight", "norm.bias" -> Part.joined(tensor, List.of(names.norm(end(name))), shape);
            case "patch.weight" -> new Part(tensor.name(), shape, Map.of(names.patch("weight"), projection),
                    from -> config.pixels().weight(from.floats(names.patch("weight")), p * p));
            case "patch.bias" -> {
                var both = new LinkedHashMap<String, int[]>();
                both.put(names.patch("bias"), shape);
                both.put(names.patch("weight"), new int[]{shape[0], 3, p, p});
                yield new Part(tensor.name(), shape, both, from -> config.pixels().bias(
                        from.floats(names.patch("weight")), from.floats(names.patch("bias"))));
            }
            default -> throw new IllegalStateException("no name for " + tensor.name());
        };
    }

    private static String end(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private Part block(Tensor tensor, String block, String part, String end) {
        int[] shape = tensor.shape();
        if (part.equals("attn.qkv")) {
            var theirs = names.qkv(block, end);
            int[] each = shape.clone();
            each[0] /= theirs.size();
            return Part.joined(tensor, theirs, each);
        }
        String name = names.part(block, part, end);
        String scale = names.scale(file, block, part);
        if (scale == null) {
            return Part.joined(tensor, List.of(name), shape);
        }
        var both = new LinkedHashMap<String, int[]>();
        both.put(name, shape);
        both.put(scale, new int[]{shape[0]});
        return new Part(tensor.name(), shape, both, from -> {
            float[] values = from.floats(name);
            float[] by = from.floats(scale);
            int columns = values.length / by.length;
            for (int i = 0; i < values.length; i++) {
                values[i] *= by[i / columns];
            }
            return values;
        });
    }

    /// Rows of their table: CLS's, registers', one for each cell.
    ///
    /// @param cls 1 or 0
    /// @param registers R or 0
    /// @param grid side of the grid
    private record Rows(int cls, int registers, int grid) {
        static Rows of(int rows, int registers) {
            for (int[] before : new int[][]{{1, registers}, {1, 0}, {0, 0}}) {
                int grid = (int) Math.round(Math.sqrt(Math.max(0, rows - before[0] - before[1])));
                if (grid > 0 && grid * grid == rows - before[0] - before[1]) {
                    return new Rows(before[0], before[1], grid);
                }
            }
            return null;
        }
    }

    private Rows rows() {
        int[] shape = file.shape(names.positions());
        return shape.length == 3 ? Rows.of(shape[1], names.kind() == EncoderNames.Kind.TIMM ? registers() : 0) : null;
    }

    private int[] positionShape(int[] ours) {
        boolean readable = file.has(names.positions()) && rows() != null;
        return new int[]{1, readable ? file.shape(names.positions())[1] : ours[0], ours[1]};
    }

    private float[] positions(SafetensorsFile from) {
        var settings = encoder.settings();
        int d = settings.width();
        Rows rows = rows();
        float[] theirs = from.floats(names.positions());
        float[] ours = new float[(1 + settings.patches()) * d];
        System.arraycopy(theirs, 0, ours, 0, rows.cls() * d);
        int cells = (rows.cls() + rows.registers()) * d;
        if (rows.grid() == settings.grid()) {
            System.arraycopy(theirs, cells, ours, d, settings.patches() * d);
            return ours;
        }
        double[][] weights = names.antialias()
                ? Positions.widenedWeights(rows.grid(), settings.grid())
                : Positions.bicubicWeights(rows.grid(), settings.grid());
        resize(theirs, cells, rows.grid(), weights, ours, d);
        return ours;
    }

    private static void resize(float[] from, int at, int grid, double[][] weights, float[] to, int d) {
        int out = weights.length;
        for (int i = 0; i < out * out; i++) {
            for (int c = 0; c < d; c++) {
                double sum = 0;
                for (int j = 0; j < grid * grid; j++) {
                    sum += weights[i / out][j / grid] * weights[i % out][j % grid] * from[at + j * d + c];
                }
                to[(1 + i) * d + c] = (float) sum;
            }
        }
    }

    /// What timm adds to its registers; zeros elsewhere.
    private float[] registerPositions(SafetensorsFile from) {
        int d = encoder.settings().width();
        float[] added = new float[registers() * d];
        Rows rows = rows();
        if (rows.registers() > 0) {
            System.arraycopy(from.floats(names.positions()), rows.cls() * d, added, 0, added.length);
        }
        return added;
    }
}
