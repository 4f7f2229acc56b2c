package dev.triptych.embed;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.PictureSet;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.Evaluation;
import dev.triptych.method.InputException;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Trained;
import dev.triptych.program.Tensor;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Places;
import dev.triptych.sheet.Sheet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// What lies nearest to some pictures in a source, by what a run makes of them. The source is gone through once; no
/// more than a batch and what was found is in memory.
///
/// @param by what is compared
/// @param token the query's token that is looked for, from 0; only by [Nearness#TOKEN]
/// @param count how many are kept for each query
public record NearestPictures(Trained run, MethodPrograms programs, Nearness by, int token, int count) {
    private static final int BATCH = 64;
    private static final int CELL = 104;
    private static final int LONGEST_NAME = 10;

    /// A picture that was found.
    ///
    /// @param file its name in the source
    /// @param label its class; empty where it has none
    /// @param closeness cosine, or less the bits that differ
    /// @param text the same in words
    /// @param cell the picture; with the token's place where one is looked for
    public record Found(String file, String label, double closeness, String text, Cell cell) {
    }

    /// A query and what is near it, the nearest first; of equals the earlier in the source.
    ///
    /// @param cell the query, with the token's place where one is looked for
    public record Answer(String query, Cell cell, List<Found> found) {
    }

    /// What is asked for, while the source is gone through.
    private final class Asked {
        private final String name;
        private final Cell cell;
        private final float[] numbers;
        private final List<Found> found = new ArrayList<>();

        Asked(String name, Cell cell, float[] numbers) {
            this.name = name;
            this.cell = cell;
            this.numbers = numbers;
        }

        /// Whether a picture so near is kept.
        boolean takes(double closeness) {
            return found.size() < count || closeness > found.getLast().closeness();
        }

        void take(Found picture) {
            int at = found.size();
            while (at > 0 && found.get(at - 1).closeness() < picture.closeness()) {
                at--;
            }
            found.add(at, picture);
            if (found.size() > count) {
                found.removeLast();
            }
        }
    }

    /// What a batch's pictures are compared by, and where their tokens are.
    private record Values(EncodedValue compared, Tensor localization) {
    }

    /// Looks for the neighbours of some pictures.
    ///
    /// @param queries one or more
    /// @param bad what becomes of pictures of the source that cannot be read: they are passed over, or end all
    /// @param passed takes those that are passed over
    /// @param done told how many more pictures were seen
    public List<Answer> find(PictureSet queries, Source source, EntryDecoder decoder, BadImages bad, Device device,
            LongConsumer done, Consumer<ImageException> passed) throws IOException {
        var evaluation = programs.evaluate(BATCH);
        var named = NamedValues.of(run, evaluation);
        var compared = by.of(named);
        Tensor places = by != Nearness.TOKEN
                ? null
                : named.stream()
                        .filter(value -> value.name().equals("localization")).findFirst().orElseThrow().tensor();
        int tokens = compared.tensor().rows() / BATCH;
        if (by == Nearness.TOKEN && token >= tokens) {
            throw new InputException("--token is " + (token + 1) + "; expected 1 to " + tokens + ", the tokens of this "
                    + "run. `tokens` shows where each is.");
        }
        var values = new Values(compared, places);
        try (var session = device.bind(programs.state(), evaluation.program())) {
            run.load(programs.state(), session);
            var asked = asked(queries, evaluation, session, values);
            new PictureStream(source, decoder, evaluation, bad).each(session, 0, 0, pictures -> {
                compare(asked, pictures, source.classes(), session, values);
                pictures.stream().map(PictureFeed.Picture::refusal).filter(Objects::nonNull).forEach(passed);
                done.accept(pictures.size());
            });
            return asked.stream().map(a -> new Answer(a.name, a.cell, List.copyOf(a.found))).toList();
        }
    }

    private List<Asked> asked(PictureSet queries, Evaluation<?> evaluation, Session session, Values values) {
        var asked = new ArrayList<Asked>();
        float[] images = new float[evaluation.input().count()];
        int one = images.length / BATCH;
        for (int first = 0; first < queries.size(); first += BATCH) {
            int n = Math.min(BATCH, queries.size() - first);
            queries.images(IntStream.range(first, first + n).toArray(), images, 0);
            Arrays.fill(images, n * one, images.length, 0f);
            session.upload(evaluation.input(), images);
            session.run(evaluation.program());
            float[] all = session.download(values.compared().tensor());
            float[] places = values.localization() == null ? null : session.download(values.localization());
            int each = all.length / BATCH;
            for (int i = 0; i < n; i++) {
                var picture = Cell.image(images, i * one, queries.side(), queries.side());
                asked.add(new Asked(queries.classes().get(first + i), placed(picture, places, i, token, values),
                        Arrays.copyOfRange(all, i * each, (i + 1) * each)));
            }
        }
        return asked;
    }

    private void compare(List<Asked> asked, List<PictureFeed.Picture> pictures, List<String> classes, Session session,
            Values values) {
        float[] all = session.download(values.compared().tensor());
        float[] places = values.localization() == null ? null : session.download(values.localization());
        int each = all.length / BATCH;
        int width = values.compared().tensor().columns();
        int i = 0;
        for (var picture : pictures) {
            if (picture.pixels() == null) {
                continue;
            }
            for (var one : asked) {
                var match = by.match(one.numbers, token, all, i * each, each, width);
                if (one.takes(match.closeness())) {
                    float[] image = new float[picture.pixels().length];
                    PictureFeed.fill(picture, image, 0);
                    int side = (int) Math.sqrt(image.length / 3);
                    int label = picture.entry().label();
                    one.take(new Found(picture.entry().name(), label < 0 ? "" : classes.get(label), match.closeness(),
                            by.text(match.closeness()),
                            placed(Cell.image(image, 0, side, side), places, i, match.token(), values)));
                }
            }
            i++;
        }
    }

    /// The picture under the heat map of a token: a column of L.
    private static Cell placed(Cell picture, float[] places, int i, int token, Values values) {
        if (places == null) {
            return picture;
        }
        int patches = values.localization().side(1);
        int tokens = values.localization().side(2);
        return new Places(places, i * patches * tokens, (int) Math.sqrt(patches), tokens).over(picture, token);
    }

    /// Looks whether the run has what is compared, before anything is read.
    ///
    /// @throws InputException where it has not
    public void require() {
        by.of(NamedValues.of(run, programs.evaluate(BATCH)));
    }

    /// What was found in one way.
    public record Answers(NearestPictures how, List<Answer> all) {
    }

    /// A sheet of answers: a row a query, one way after the other.
    public static Sheet sheet(String title, List<Answers> answers) {
        var captions = new ArrayList<>(List.of("query"));
        IntStream.rangeClosed(1, answers.stream().flatMap(a -> a.all().stream()).mapToInt(a -> a.found().size()).max()
                .orElse(0)).forEach(n -> captions.add(Integer.toString(n)));
        var rows = new ArrayList<Sheet.Row>();
        var note = new ArrayList<String>();
        for (var some : answers) {
            for (var answer : some.all()) {
                rows.add(some.how().row(answer, answers.size() > 1 ? "by " + some.how().by() : ""));
            }
            note.add((answers.size() > 1 ? "By " + some.how().by() + ": nearest" : "Nearest") + " first, "
                    + some.how().meaning());
        }
        return new Sheet(title, captions, rows, String.join(" ", note), CELL);
    }

    private Sheet.Row row(Answer answer, String label) {
        var cells = new ArrayList<>(List.of(answer.cell()));
        var notes = new ArrayList<>(List.of(cut(answer.query())));
        for (var found : answer.found()) {
            cells.add(found.cell());
            notes.add(cut(found.file().substring(found.file().lastIndexOf('/') + 1)) + " "
                    + by.shortText(found.closeness()));
        }
        return new Sheet.Row(label, cells, notes);
    }

    private String meaning() {
        return switch (by) {
            case CLS -> "by the cosine of CLS.";
            case BITS -> "by the bits in which the messages differ.";
            case TOKEN -> "by the cosine of token " + (token + 1) + " with the nearest token of each "
                    + "picture; bright is where that token is, a column of L up to its largest value.";
        };
    }

    private static String cut(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
