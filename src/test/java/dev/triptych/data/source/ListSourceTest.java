package dev.triptych.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of files and tables of labels.
class ListSourceTest {
    @TempDir
    private Path folder;

    /// The contract on a list of some form.
    abstract static class Form extends SourceContract {
        private final String name;
        private final String header;
        private final boolean labelled;
        private final List<Wanted> train = new ArrayList<>();
        private final List<Wanted> test = new ArrayList<>();

        Form(String name, String header, boolean labelled, boolean parts) {
            this.name = name;
            this.header = header;
            this.labelled = labelled;
            for (int i = 0; i < 22; i++) { // not in the order of names
                train.add(new Wanted("a, b/%02d.png".formatted(i * 7 % 22), labelled ? i % 2 : Entry.UNLABELLED,
                        10 * i + 3));
            }
            for (int i = 0; parts && i < 3; i++) {
                test.add(new Wanted("t%d.png".formatted(i), labelled ? 1 : Entry.UNLABELLED, 10 * i + 3));
            }
        }

        private String row(Wanted want, Path data) {
            String file = want.label() == 0 ? data.resolve(want.name()).toString() : want.name();
            return !labelled
                    ? want.name()
                    : name.endsWith("tsv")
                            ? file + "\tdog" + want.label()
                            : "\"" + file + "\", dog" + want.label();
        }

        @Override
        Source make(Wanted extra) throws IOException {
            Path data = Files.createDirectories(folder.resolve("data/a, b")).getParent();
            for (var part : List.of(train, test)) {
                var rows = new StringBuilder(header);
                for (var want : part) {
                    Files.write(data.resolve(want.name()), want.png());
                    rows.append(row(want, data)).append("\r\n");
                }
                if (extra != null && part == train) {
                    var more = new Wanted(extra.name() + ".png", extra.label(), extra.level());
                    Files.write(data.resolve(more.name()), more.png());
                    rows.append(row(more, data));
                }
                if (!part.isEmpty()) {
                    Files.writeString(data.resolve(part == train ? name : name.replace("train", "val")),
                            rows.toString());
                }
            }
            return Sources.kindOf(data.resolve(name), SourceOptions.AUTO);
        }

        @Override
        List<Wanted> wanted(Split part) {
            return part == Split.TRAIN ? train : test;
        }

        @Override
        boolean damages() {
            return true;
        }

        @Override
        Source damage(int victim) throws IOException {
            make(null).close();
            Files.delete(folder.resolve("data").resolve(train.get(victim).name()));
            return Sources.kindOf(folder.resolve("data").resolve(name), SourceOptions.AUTO);
        }
    }

    @Nested
    class Text extends Form {
        Text() {
            super("photos.txt", "\uFEFF# my photos\n\n", false, false);
        }
    }

    @Nested
    class TextInParts extends Form {
        TextInParts() {
            super("my_train.lst", "", false, true);
        }
    }

    @Nested
    class Csv extends Form {
        Csv() {
            super("labels.csv", "", true, false);
        }
    }

    @Nested
    class CsvWithHeaderInParts extends Form {
        CsvWithHeaderInParts() {
            super("train.csv", "\uFEFFImage,Label\r\n", true, true);
        }
    }

    @Nested
    class Tsv extends Form {
        Tsv() {
            super("labels.tsv", "path\tclass\n", true, false);
        }
    }

    private Source open(String name, String content, Labels labels) throws IOException {
        return Sources.kindOf(Files.writeString(folder.resolve(name), content),
                new SourceOptions(labels, Parts.AUTO, false));
    }

    @Test
    void columnsAreFoundByTheirNames() throws IOException {
        var source = open("l.csv", "id,label,note,file\n1,10,x,a.png\n2,9,y,b.png\n", Labels.AUTO);
        assertEquals(List.of("9", "10"), source.classes(), "numbers in the order of numbers");
        assertEquals(List.of(Entry.file("a.png", 1, -1), Entry.file("b.png", 0, -1)),
                SourceContract.all(source, Split.TRAIN));
        source = open("l.csv", "file,size\na.png,3\n", Labels.AUTO);
        assertEquals(List.of(), source.classes());
        assertEquals(List.of("No labels: the list gives none."), source.remarks());
        source = open("l.csv", "a.png,x\nb.png,y\n", Labels.NONE);
        assertEquals(List.of(Entry.file("a.png", Entry.UNLABELLED, -1), Entry.file("b.png", Entry.UNLABELLED, -1)),
                SourceContract.all(source, Split.TRAIN));
    }

    /// The test part may combine the labels of training anew.
    @Test
    void ofSeveralLabelsTheTestPartHasOthersTogether() throws IOException {
        Files.writeString(folder.resolve("test.csv"), "c.png,x;y\nd.png,x;other\n");
        var source = open("train.csv", "a.png,x\nb.png,y;z\n", Labels.AUTO);
        assertEquals(List.of("x", "x;y", "y;z"), source.classes());
        String message = assertThrows(ImageException.class, () -> source.survey(Split.TEST)).getMessage();
        assertTrue(message.contains("row 2 has the label 'x;other', which training does not have"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.png,x\nb.png\n | row 2 has no label, those before it have some",
            "a.png\nb.png,x\n | row 2 has a label, those before it have none", "\n\n | it lists no pictures",
            ",x\n | row 1 names no file: [, x]", "file,label\n | it lists no pictures",
            "a.png,x\na.png,x\n | it lists a.png twice", "a.png,\"x\n | it cannot be read"})
    void tablesThatDoNotFitAreRefused(String tableAndReason) throws IOException {
        String[] both = tableAndReason.split(" \\| ");
        String message = assertThrows(ImageException.class,
                () -> open("l.csv", both[0], Labels.AUTO).survey(Split.TRAIN)).getMessage();
        assertTrue(message.contains("l.csv: " + both[1]), message);
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        Path list = Files.write(folder.resolve("l.txt"), "\u00E9.png\n".getBytes(StandardCharsets.ISO_8859_1));
        String message = assertThrows(ImageException.class, () -> Sources.open(list, SourceOptions.AUTO)).getMessage();
        assertTrue(message.contains("it is not text in UTF-8"), message);
    }

    @Test
    void labelsOfTheTestPartAreThoseOfTraining() throws IOException {
        Files.writeString(folder.resolve("test.csv"), "c.png,z\n");
        var source = open("train.csv", "a.png,x\nb.png,y\n", Labels.AUTO);
        String message = assertThrows(ImageException.class, () -> source.survey(Split.TEST)).getMessage();
        assertTrue(message.contains("test.csv: row 1 has the label 'z', which training does not have"), message);
    }
}
