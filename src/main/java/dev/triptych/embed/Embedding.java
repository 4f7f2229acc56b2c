package dev.triptych.embed;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.Evaluation;
import dev.triptych.method.InputException;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// Pictures of a source through the encoder of a run, to rows of a file. Memory does not grow with their number: the
/// next batch is read and decoded while one is encoded. A row's numbers depend on its picture alone, whatever else
/// lies in its batch.
///
/// @param run whose weights are loaded
/// @param evaluation of a batch, with named values
/// @param values that are written
/// @param bad what becomes of pictures that cannot be read: they are left out and listed, or end all
public record Embedding(Trained run, MethodPrograms programs, Evaluation<?> evaluation, List<EncodedValue> values,
        BadImages bad) {
    /// What was done.
    ///
    /// @param rows in the file
    /// @param refused pictures that could not be read
    /// @param before rows of these that an earlier, unfinished command left
    /// @param listed the list of rows, beside the file
    public record Result(long rows, long refused, long before, Path listed) {
    }

    /// An embedding of the values that are asked for by name.
    ///
    /// @param names none for the first that the method has
    /// @throws InputException where a run has no such value
    public static Embedding of(Trained run, MethodPrograms programs, int batch, List<String> names, BadImages bad) {
        var evaluation = programs.evaluate(Math.max(batch, Evaluation.SMALLEST_BATCH));
        var all = NamedValues.of(run, evaluation);
        var chosen = new ArrayList<EncodedValue>();
        for (String name : names.isEmpty() ? List.of(all.getFirst().name()) : names) {
            chosen.add(all.stream().filter(value -> value.name().equals(name)).findFirst().orElseThrow(
                    () -> new InputException("--values " + name + ": this run has no such value; expected some of\n"
                            + all.stream().map(v -> "  " + v.name() + ": " + v.meaning())
                                    .collect(Collectors.joining("\n"))
                            + "\nName one of these.")));
        }
        if (chosen.stream().distinct().count() < chosen.size()) {
            throw new InputException("--values " + String.join(",", names) + " names a value twice; expected each "
                    + "once. Leave one out.");
        }
        return new Embedding(run, programs, evaluation, List.copyOf(chosen), bad);
    }

    /// Where rows lie until the file is whole.
    public static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /// Embeds all pictures of a source, both parts where it has two.
    ///
    /// @param done told how many more pictures are done
    /// @throws ImageException where more pictures than are allowed cannot be read
    public Result embed(Source source, EntryDecoder decoder, Device device, Path file, LongConsumer done)
            throws IOException {
        int batch = evaluation.batch();
        var format = RowFormat.of(file, values.size());
        var rowValues = values.stream().map(value -> RowValue.of(value, batch)).toList();
        format.require(file, rowValues);
        try (var rows = new RowFolder(unfinished(file), rowValues, madeOf(source));
                var session = device.bind(programs.state(), evaluation.program())) {
            run.load(programs.state(), session);
            long before = rows.rows();
            done.accept(rows.pictures());
            var stream = new PictureStream(source, decoder, evaluation, bad);
            stream.each(session, rows.pictures(), rows.pictures() - rows.rows(), pictures -> {
                var numbers = values.stream().map(value -> session.download(value.tensor())).toList();
                rows.append(pictures, source.classes(), (v, i, to) -> {
                    int length = rowValues.get(v).numbers();
                    rowValues.get(v).put(numbers.get(v), i * length, length, to);
                });
                done.accept(pictures.size());
            });
            if (rows.pictures() == 0) {
                rows.remove();
                throw new InputException("--in " + source.origin() + ": there is no picture in it; expected at least "
                        + "one. Name another place.");
            }
            format.write(rows, rowValues, file);
            Path listed = file.resolveSibling(file.getFileName() + ".rows.csv");
            Files.move(rows.lines(), listed, StandardCopyOption.REPLACE_EXISTING);
            var result = new Result(rows.rows(), rows.pictures() - rows.rows(), before, listed);
            rows.remove();
            return result;
        }
    }

    /// Everything that rows depend on.
    private String madeOf(Source source) throws IOException {
        var text = new StringBuilder("run " + run.folder().toAbsolutePath().normalize() + "\ncheckpoint "
                + run.checkpoint().getFileName() + ", " + Files.size(run.checkpoint()) + " bytes of "
                + Files.getLastModifiedTime(run.checkpoint()) + "\nvalues "
                + values.stream().map(EncodedValue::name).collect(Collectors.joining(",")) + "\nbad pictures "
                + bad + "\nsource " + source.origin() + "\n"
                + source.fingerprint(Split.TRAIN));
        if (source.hasTest()) {
            text.append('\n').append(source.fingerprint(Split.TEST));
        }
        return text.toString();
    }
}
