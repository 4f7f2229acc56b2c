package dev.triptych.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How folders are taken: parts, classes, what is asked, what is not looked at, links.
class FolderLayoutTest {
    @TempDir
    private Path folder;

    /// Files of these names; no picture is decoded here.
    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    private Source open(Labels labels, Parts parts) throws IOException {
        return new FolderSource(folder, new SourceOptions(labels, parts, false));
    }

    private Source open() throws IOException {
        return open(Labels.AUTO, Parts.AUTO);
    }

    private static List<String> names(Source source, Split part) throws IOException {
        return SourceContract.all(source, part).stream().map(Entry::name).toList();
    }

    private void refused(String expected, Labels labels, Parts parts) {
        String message = assertThrows(ImageException.class, () -> open(labels, parts).survey(Split.TRAIN))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @ParameterizedTest
    @CsvSource({"train, test", "Train, Test", "TRAIN, val", "train, VALID", "Train, validation", "Training, Testing",
            "seg_train, seg_test", "images-train, images-val", "train1, test1"})
    void partsAreFoundInAnyCase(String train, String test) throws IOException {
        files(train + "/a/1.png", train + "/b/1.png", test + "/b/2.png");
        var source = open();
        assertTrue(source.hasTest());
        assertEquals(List.of("a", "b"), source.classes());
        assertEquals(List.of(train + "/a/1.png", train + "/b/1.png"), names(source, Split.TRAIN));
        assertEquals(List.of(test + "/b/2.png"), names(source, Split.TEST));
        assertEquals(1, SourceContract.all(source, Split.TEST).getFirst().label());
        assertEquals(List.of(0L, 1L), java.util.Arrays.stream(source.survey(Split.TEST).perClass()).boxed().toList());
    }

    /// Unpacked archives have a folder around it all.
    @Test
    void aFolderAroundThePartsIsGoneThrough() throws IOException {
        files("set/train/a/1.png", "set/train/b/1.png", "set/test/b/2.png");
        var source = open();
        assertEquals(List.of("a", "b"), source.classes());
        assertEquals(2, names(source, Split.TRAIN).size());
        assertEquals(1, names(source, Split.TEST).size());
        assertEquals(List.of("All lies in set: its folders are the parts."), source.remarks());
        assertEquals(List.of("set"), open(Labels.AUTO, Parts.NONE).classes());
    }

    @Test
    void classesWithPartsOfTheirOwnAndPartsOfSeveralSetsAreAskedAbout() throws IOException {
        files("cat/train/1.png", "cat/test/2.png", "dog/train/1.png", "dog/test/2.png");
        refused("its folders cat, dog have parts to learn from and to judge with of their own", Labels.AUTO,
                Parts.AUTO);
        assertEquals(List.of("cat", "dog"), open(Labels.AUTO, Parts.NONE).classes());
    }

    @Test
    void partsOfSeveralSetsAreAskedAbout() throws IOException {
        files("a_train/1.png", "a_test/2.png", "b_train/1.png", "b_test/2.png");
        refused("are parts of several sets by their names", Labels.AUTO, Parts.AUTO);
    }

    /// A word within a word is none, and a pair needs both.
    @Test
    void namesThatHoldThePartsByChanceAreClasses() throws IOException {
        files("trainer/1.png", "tester/1.png", "bus_train/1.png", "contest/1.png");
        assertEquals(List.of("bus_train", "contest", "tester", "trainer"), open().classes());
    }

    @Test
    void aFolderCalledTrainBesideClassesIsAskedAbout() throws IOException {
        files("train/1.png", "bus/1.png", "plane/1.png");
        refused("it has a folder train beside bus, plane, and none for testing; it may be a part, or a class like the "
                + "others. Give data.parts=none", Labels.AUTO, Parts.AUTO);
        assertEquals(List.of("bus", "plane", "train"), open(Labels.AUTO, Parts.NONE).classes());
        var part = open(Labels.AUTO, Parts.FOLDERS);
        assertEquals(List.of("train/1.png"), names(part, Split.TRAIN));
        assertTrue(part.remarks().getFirst().contains("not looked at: bus, plane"), part.remarks()::toString);
    }

    @Test
    void aFolderCalledTestWithoutTrainIsAskedAbout() throws IOException {
        files("val/1.png", "cat/1.png");
        refused("it has a folder val and no folder train", Labels.AUTO, Parts.AUTO);
        refused("it has no folder train, though data.parts is folders", Labels.AUTO, Parts.FOLDERS);
        assertEquals(List.of("cat", "val"), open(Labels.AUTO, Parts.NONE).classes());
    }

    @Test
    void twoFoldersOfOneNameAreRefused() throws IOException {
        files("Train/1.png", "train/1.png", "test/1.png");
        try (var found = Files.list(folder)) {
            org.junit.jupiter.api.Assumptions.assumeTrue(found.count() == 3, "this file system knows no capitals");
        }
        refused("it has both Train and train", Labels.AUTO, Parts.AUTO);
    }

    /// A part for training alone is made two; folders without pictures beside it ask nothing.
    @Test
    void aPartForTrainingAloneIsHeldOutFrom() throws IOException {
        for (int i = 0; i < 10; i++) {
            files("train/" + i + ".png");
        }
        files("notes/a.txt");
        var source = open();
        assertFalse(source.hasTest());
        assertEquals(List.of("train/9.png"), names(HeldOut.of(source), Split.TEST));
    }

    @Test
    void picturesBesideFoldersTellThatTheseAreNoClasses() throws IOException {
        files("a/1.png", "b/c/2.png", "3.png", "b/x.txt", ".hidden/4.png");
        var source = open();
        assertEquals(List.of(), source.classes());
        assertEquals(List.of("3.png", "a/1.png", "b/c/2.png"), names(source, Split.TRAIN));
        assertEquals(Map.of("*.txt", 1L, "hidden folder", 1L), source.survey(Split.TRAIN).leftOut());
        assertTrue(source.remarks().getFirst().contains("1 pictures lie beside 2 folders")
                && source.remarks().getFirst().contains("data.labels=folders"), source.remarks()::toString);
        var classes = open(Labels.FOLDERS, Parts.AUTO);
        assertEquals(List.of("a", "b"), classes.classes());
        assertEquals(1L, classes.survey(Split.TRAIN).leftOut().get("beside the class folders"));
        assertEquals(List.of(".", "a", "b/c"), open(Labels.NESTED, Parts.AUTO).classes());
    }

    /// `a-b` sorts before `a/`, as whole paths do, so that every tenth is the same as in one sorted list.
    @Test
    void theOrderIsThatOfWholePaths() throws IOException {
        files("x/a/1.png", "x/a-b.png", "x/a0.png", "x/a/b/2.png");
        assertEquals(List.of("x/a-b.png", "x/a/1.png", "x/a/b/2.png", "x/a0.png"), names(open(), Split.TRAIN));
    }

    @Test
    void aClassWithoutPicturesIsRefused() throws IOException {
        files("cat/1.png", "dog/film.mp4");
        refused("dog: the class folder has no images", Labels.AUTO, Parts.AUTO);
        assertEquals(List.of("cat/1.png"), names(open(Labels.NONE, Parts.AUTO), Split.TRAIN));
        Files.delete(folder.resolve("cat/1.png"));
        refused("it holds no pictures", Labels.NONE, Parts.AUTO);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void linksLeaveTheFolderOnlyWhereTheyMay(boolean follow) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data/cat"));
        Files.createDirectories(folder.resolve("data/dog"));
        Files.writeString(data.resolve("1.png"), "1");
        Files.createDirectories(folder.resolve("pool"));
        Files.writeString(folder.resolve("pool/2.png"), "2");
        Files.createSymbolicLink(folder.resolve("data/dog/2.png"), folder.resolve("pool/2.png"));
        Files.createSymbolicLink(data.resolve("round"), folder.resolve("data"));
        var source = new FolderSource(folder.resolve("data"), new SourceOptions(Labels.AUTO, Parts.AUTO, follow));
        assertEquals(List.of("cat/1.png", "dog/2.png"), names(source, Split.TRAIN));
        assertEquals(1L, source.survey(Split.TRAIN).leftOut().get("link to a folder that is listed already"));
        var away = SourceContract.all(source, Split.TRAIN).getLast();
        if (follow) {
            assertEquals("2", new String(source.open(away).readAllBytes()));
        } else {
            assertEquals(Refusal.LINK_LEAVES_FOLDER,
                    assertThrows(ImageException.class, () -> source.open(away)).refusal());
        }
        Files.createSymbolicLink(folder.resolve("data/owl"), folder.resolve("pool"));
        if (follow) {
            assertEquals(List.of("cat", "dog", "owl"), new FolderSource(folder.resolve("data"),
                    new SourceOptions(Labels.AUTO, Parts.AUTO, true)).classes());
        } else {
            String message = assertThrows(ImageException.class, () -> new FolderSource(folder.resolve("data"),
                    SourceOptions.AUTO).survey(Split.TRAIN)).getMessage();
            assertTrue(message.contains("data.follow-links=true"), message);
        }
    }
}
