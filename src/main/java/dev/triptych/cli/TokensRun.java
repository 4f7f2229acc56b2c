package dev.triptych.cli;

import dev.triptych.data.set.PictureSet;
import dev.triptych.device.Device;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.stellar.StellarPrograms;
import dev.triptych.stellar.TokenSheet;
import dev.triptych.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Pictures through the weights of a STELLAR run: their numbers, a line each, a sheet.
final class TokensRun {
    private static final int LARGEST_BATCH = 16;
    private static final int ROWS = 24;
    private static final String PALE = " The decoder predicts codes of a tokenizer that is not here: no picture.";
    private static final List<String> NUMBERS = List.of("cls", "sparse", "localization");

    private final Terminal terminal;
    private final Recipe recipe;
    private final Path checkpoint;
    private final Device device;

    /// @param checkpoint of a run
    /// @param recipe of the run
    TokensRun(Terminal terminal, Recipe recipe, Path checkpoint, Device device) {
        this.terminal = terminal;
        this.recipe = recipe;
        this.checkpoint = checkpoint;
        this.device = device;
    }

    /// Encodes the pictures, prints a line each, and writes `tokens.safetensors` and `tokens.png` into a folder.
    ///
    /// @param files the pictures' names, for people
    void take(PictureSet pictures, List<Path> files, Path folder) throws IOException {
        var programs = new StellarPrograms(recipe);
        var evaluation = programs.evaluate(Math.min(LARGEST_BATCH, pictures.size()));
        try (var tokenizer = TargetTokenizer.open(recipe, device);
                var session = device.bind(programs.state(), evaluation.program())) {
            Checkpoint.load(checkpoint, programs.state(), session, null);
            var encoder = new ImageEncoder(session, evaluation,
                    tokenizer.targets(recipe, checkpoint, Checkpoint.position(checkpoint)));
            var numbers = new LinkedHashMap<String, float[]>();
            NUMBERS.forEach(name -> numbers.put(name, new float[Math.multiplyExact(pictures.size(),
                    each(encoder, name))]));
            encoder.encode(pictures, List.of(), batch -> {
                numbers.forEach((name, all) -> System.arraycopy(encoder.value(name), 0, all,
                        batch.first() * each(encoder, name), batch.count() * each(encoder, name)));
                double[] psnr = encoder.paints()
                        ? Psnr.perImage(batch.images(), encoder.reconstruction(), batch.count(),
                                3 * pictures.side() * pictures.side())
                        : null;
                for (int i = 0; i < batch.count(); i++) {
                    show(files.get(batch.first() + i), batch.first() + i, encoder, numbers,
                            psnr == null ? null : psnr[i]);
                }
            });
            Path tensors = folder.resolve("tokens.safetensors");
            Safetensors.write(tensors, names(files), numbers.entrySet().stream()
                    .map(e -> TensorEntry.of(e.getKey(), shape(encoder, e.getKey(), pictures.size()), e.getValue()))
                    .toList());
            Path sheet = folder.resolve("tokens.png");
            new TokenSheet(recipe, encoder, pictures, true, ROWS)
                    .write(sheet, "What and where", "Pictures cut to their centre." + (encoder.paints() ? "" : PALE))
                    .ifPresent(terminal::remark);
            if (pictures.size() > ROWS) {
                terminal.remark("The sheet shows " + ROWS + " of " + pictures.size() + " pictures.");
            }
            terminal.print("Numbers: " + tensors);
            terminal.print("Sheet:   " + sheet);
        }
    }

    private static int each(ImageEncoder encoder, String name) {
        return encoder.tensor(name).count() / encoder.batch();
    }

    /// (pictures, rows of each, columns); CLS has one row, and that is left out.
    private static int[] shape(ImageEncoder encoder, String name, int pictures) {
        Tensor tensor = encoder.tensor(name);
        int rows = tensor.rows() / encoder.batch();
        return rows == 1 && name.equals("cls")
                ? new int[]{pictures, tensor.columns()}
                : new int[]{pictures, rows, tensor.columns()};
    }

    /// `image.0`, `image.1`, ...: the files, in the order of the tensors' rows.
    private static Map<String, String> names(List<Path> files) {
        var names = new LinkedHashMap<String, String>();
        for (int i = 0; i < files.size(); i++) {
            names.put("image." + i, files.get(i).toString());
        }
        return names;
    }

    private void show(Path file, int i, ImageEncoder encoder, Map<String, float[]> numbers, Double psnr) {
        int tokens = recipe.stellar().tokens();
        int patches = recipe.patches();
        int[] most = ArgMax.ofRows(numbers.get("localization"), i * patches * tokens, patches, tokens);
        double[] share = new double[tokens];
        Arrays.stream(most).forEach(k -> share[k] += 1.0 / patches);
        terminal.print(file + ": share of each token's patches by arg-max L "
                + Arrays.stream(share).mapToObj(s -> String.format(Locale.ROOT, "%.0f%%", 100 * s))
                        .collect(Collectors.joining(" "))
                + (psnr == null ? "" : String.format(Locale.ROOT, ", PSNR %.2f dB", psnr)));
        var object = new LinkedHashMap<String, Object>();
        object.put("file", file.toString());
        object.put("side", recipe.data().side());
        object.put("patches", patches);
        object.put("share", share);
        object.put("psnr", psnr);
        object.put("sparse", rows(encoder, "sparse", numbers, i));
        object.put("localization", rows(encoder, "localization", numbers, i));
        terminal.result(object);
    }

    private static List<float[]> rows(ImageEncoder encoder, String name, Map<String, float[]> numbers, int i) {
        int columns = encoder.tensor(name).columns();
        int rows = each(encoder, name) / columns;
        var list = new ArrayList<float[]>();
        for (int r = 0; r < rows; r++) {
            int at = (i * rows + r) * columns;
            list.add(Arrays.copyOfRange(numbers.get(name), at, at + columns));
        }
        return list;
    }
}
