package dev.triptych.tokens;

import dev.triptych.data.set.PictureSet;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.method.Evaluation;
import dev.triptych.method.InputException;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Outcome;
import dev.triptych.method.TokenReader;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Pictures through the weights of a run: CLS, S and L of each, and a sheet.
///
/// @param maker of the programs
public record PictureTokens(Maker maker) implements TokenReader {
    /// Programs over one state, one of which takes pictures apart.
    ///
    /// @param programs that hold the state
    /// @param evaluation of pictures
    /// @param values of it
    /// @param decoding of tokens that were edited; null where the decoder reads no tokens
    public record Model(MethodPrograms programs, Evaluation<?> evaluation, LowRankFeatures values,
            TokenDecoding decoding) {
    }

    /// Makes the programs of a recipe.
    @FunctionalInterface
    public interface Maker {
        /// @param batch pictures of a run
        Model make(Recipe recipe, int batch);
    }

    private static final int LARGEST_BATCH = 16;
    private static final int ROWS = 24;
    private static final String PALE = " The decoder predicts codes of a tokenizer that is not here: no picture.";

    @Override
    public List<Outcome> read(Trained run, PictureSet pictures, List<Path> files, List<Integer> drop,
            List<String> swap, Path folder, Workplace place) throws IOException {
        var edits = TokenEdits.of(drop, swap);
        Model model = maker.make(run.recipe(), Math.clamp(pictures.size(),
                Evaluation.SMALLEST_BATCH, LARGEST_BATCH));
        State state = model.programs().state();
        edits.require(model.values().tokens(), files);
        if (model.decoding() == null && !edits.isEmpty()) {
            throw new InputException("--drop and --swap: the decoder of this run reads D (decoder.reads=dense), where "
                    + "no token is; expected one that reads Z = L S. Leave them out, or choose another run.");
        }
        var programs = new ArrayList<>(List.of(model.evaluation().program()));
        if (!edits.isEmpty()) {
            programs.add(model.decoding().program());
        }
        try (var session = place.device().bind(state, programs.toArray(Program[]::new))) {
            run.load(state, session);
            var encoder = new ImageEncoder(session, model.evaluation());
            LowRankFeatures values = model.values();
            var painter = new Painter(encoder, values, DecoderTargets.learnt(run, place));
            var outcomes = new ArrayList<Outcome>();
            var numbers = numbers(painter, pictures, files, outcomes);
            Path tensors = Files.createDirectories(folder).resolve("tokens.safetensors");
            Safetensors.write(tensors, entries(files), List.of(
                    TensorEntry.of("cls", new int[]{pictures.size(), values.cls().columns()},
                            numbers.get(values.cls())),
                    entry("sparse", values.sparse(), pictures, numbers),
                    entry("localization", values.localization(), pictures, numbers)));
            Path sheet = folder.resolve("tokens.png");
            new TokenSheet(run.recipe(), painter, pictures, true, ROWS)
                    .sheet("What and where", "Pictures cut to their centre." + (painter.paints() ? "" : PALE))
                    .write(sheet).ifPresent(place::remark);
            if (pictures.size() > ROWS) {
                place.remark("The sheet shows " + ROWS + " of " + pictures.size() + " pictures.");
            }
            var lines = new ArrayList<>(List.of("Numbers: " + tensors, "Sheet:   " + sheet));
            if (!edits.isEmpty()) {
                Path edited = folder.resolve("edited.png");
                new EditedPictures(painter, session, model.decoding(), pictures, edits, files)
                        .sheet(numbers.get(values.sparse()), numbers.get(values.localization())).write(edited)
                        .ifPresent(place::remark);
                lines.add("Edited:  " + edited);
            }
            outcomes.add(new Outcome(lines, Map.of()));
            return outcomes;
        }
    }

    /// CLS, S and L of all pictures.
    ///
    /// @param outcomes receives one for each picture
    private static Map<Tensor, float[]> numbers(Painter painter, PictureSet pictures, List<Path> files,
            List<Outcome> outcomes) {
        var encoder = painter.encoder();
        var values = painter.values();
        var numbers = new LinkedHashMap<Tensor, float[]>();
        for (Tensor value : List.of(values.cls(), values.sparse(), values.localization())) {
            numbers.put(value, new float[Math.multiplyExact(pictures.size(), value.count() / encoder.batch())]);
        }
        encoder.encode(pictures, List.of(), batch -> {
            numbers.forEach((value, all) -> {
                int each = value.count() / encoder.batch();
                System.arraycopy(encoder.value(value), 0, all, batch.first() * each, batch.count() * each);
            });
            double[] psnr = painter.paints()
                    ? Psnr.perImage(batch.images(), painter.reconstruction(), batch.count(),
                            3 * pictures.side() * pictures.side())
                    : null;
            for (int i = 0; i < batch.count(); i++) {
                int picture = batch.first() + i;
                outcomes.add(outcome(files.get(picture), pictures.side(), picture, numbers, values,
                        psnr == null ? null : psnr[i]));
            }
        });
        return numbers;
    }

    /// (pictures, rows of each, columns).
    private static TensorEntry entry(String name, Tensor value, PictureSet pictures, Map<Tensor, float[]> numbers) {
        return TensorEntry.of(name, new int[]{pictures.size(), value.side(1), value.columns()}, numbers.get(value));
    }

    /// `image.0`, `image.1`, ...: the files, in the order of the tensors' rows.
    private static Map<String, String> entries(List<Path> files) {
        var names = new LinkedHashMap<String, String>();
        for (int i = 0; i < files.size(); i++) {
            names.put("image." + i, files.get(i).toString());
        }
        return names;
    }

    private static Outcome outcome(Path file, int side, int i, Map<Tensor, float[]> numbers, LowRankFeatures values,
            Double psnr) {
        Tensor l = values.localization();
        int patches = l.side(1);
        int tokens = l.side(2);
        int[] most = ArgMax.ofRows(numbers.get(l), i * patches * tokens, patches, tokens);
        double[] share = new double[tokens];
        Arrays.stream(most).forEach(k -> share[k] += 1.0 / patches);
        var object = new LinkedHashMap<String, Object>();
        object.put("file", file.toString());
        object.put("side", side);
        object.put("patches", patches);
        object.put("share", share);
        object.put("psnr", psnr);
        object.put("sparse", rows(values.sparse(), numbers, i));
        object.put("localization", rows(l, numbers, i));
        return new Outcome(List.of(file + ": share of each token's patches by arg-max L "
                + Arrays.stream(share).mapToObj(s -> String.format(Locale.ROOT, "%.0f%%", 100 * s))
                        .collect(Collectors.joining(" "))
                + (psnr == null ? "" : String.format(Locale.ROOT, ", PSNR %.2f dB", psnr))), object);
    }

    private static List<float[]> rows(Tensor value, Map<Tensor, float[]> numbers, int i) {
        int rows = value.side(1);
        int columns = value.side(2);
        var list = new ArrayList<float[]>();
        for (int r = 0; r < rows; r++) {
            int at = (i * rows + r) * columns;
            list.add(Arrays.copyOfRange(numbers.get(value), at, at + columns));
        }
        return list;
    }
}
