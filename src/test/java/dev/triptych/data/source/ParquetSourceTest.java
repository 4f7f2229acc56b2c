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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The contract on Parquet files that pyarrow wrote (reference-checks/parquet), and what is refused.
class ParquetSourceTest extends SourceContract {
    private static final Path FILES = Path.of("src/test/resources/parquet");

    /// Copies a set, so that it lies where the contract wants it.
    private Source copied(String set) throws IOException {
        Path data = folder.resolve("set");
        try (var files = Files.walk(FILES.resolve(set))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = data.resolve(FILES.resolve(set).relativize(file));
                Files.createDirectories(to.getParent());
                Files.write(to, Files.readAllBytes(file));
            }
        }
        return Sources.kindOf(data, SourceOptions.AUTO);
    }

    @Override
    Source make(Wanted extra) throws IOException {
        return copied(extra == null ? "set" : "more");
    }

    @Override
    List<Wanted> wanted(Split part) {
        var wanted = new ArrayList<Wanted>();
        for (int i = 0; i < (part == Split.TRAIN ? 12 : 4); i++) {
            String file = part == Split.TRAIN ? "data/train-0000" + i / 7 + "-of-00002" : "data/test-00000-of-00001";
            wanted.add(new Wanted(file + ".parquet#" + i % 7, i % 2, 10 * i + 1));
        }
        return wanted;
    }

    @Override
    boolean damages() {
        return true;
    }

    @Override
    Source damage(int victim) throws IOException {
        return copied("damaged");
    }

    @Test
    void namesOfClassesAreThoseOfTheFile() throws IOException {
        try (var source = make(null)) {
            assertEquals(List.of("cat", "dog"), source.classes());
            assertEquals(List.of("Pictures are those of the column image, labels those of label."), source.remarks());
        }
    }

    @Test
    void plainColumnsAndOtherNames() throws IOException {
        try (var source = Sources.open(FILES.resolve("plain.parquet"), SourceOptions.AUTO)) {
            assertEquals(List.of("2", "11"), source.classes());
            assertEquals(18, source.survey(Split.TRAIN).pictures());
            var test = all(source, Split.TEST);
            assertEquals(List.of(0, 1), test.stream().map(Entry::label).toList());
        }
        try (var source = Sources.kindOf(FILES.resolve("unlabelled.parquet"), SourceOptions.AUTO)) {
            assertEquals(List.of(), source.classes());
            assertEquals(3, all(source, Split.TRAIN).size());
        }
        var none = new SourceOptions(Labels.NONE, Parts.AUTO, false);
        for (String file : List.of("plain.parquet", "nolabel.parquet")) {
            try (var source = Sources.kindOf(FILES.resolve(file), none)) {
                assertEquals(List.of(), source.classes());
                assertTrue(all(source, Split.TRAIN).stream().allMatch(e -> e.label() == Entry.UNLABELLED));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "codec.parquet | compressed by BROTLI, expected one of [UNCOMPRESSED, SNAPPY, GZIP, ZSTD]",
            "label.parquet | column label holds 2, expected 0 to 1, its named classes",
            "nolabel.parquet | column label holds -1, expected 0 to 1",
            "two.parquet | hold pictures in [left, right]; expected one",
            "text.parquet | hold no pictures"})
    void whatCannotBeReadIsRefusedByName(String file, String reason) {
        var refused = assertThrows(ImageException.class, () -> {
            try (var source = Sources.kindOf(FILES.resolve(file), SourceOptions.AUTO)) {
                source.survey(Split.TRAIN);
            }
        });
        assertTrue(refused.getMessage().startsWith(FILES.resolve(file).toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void aPictureThatLiesElsewhereIsRefusedAlone() throws IOException {
        try (var source = Sources.kindOf(FILES.resolve("missing.parquet"), SourceOptions.AUTO);
                var walk = source.walk(Split.TRAIN)) {
            walk.next();
            walk.open().close();
            walk.next();
            assertEquals(Refusal.EMPTY, assertThrows(ImageException.class, walk::open).refusal());
            walk.next();
            assertFalse(walk.open().readAllBytes().length == 0);
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("plain.parquet"));
        Path cut = folder.resolve("cut.parquet");
        for (int length : new int[]{4, 8, 500, whole.length - 1}) {
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            assertEquals(Refusal.DAMAGED_ARCHIVE, assertThrows(ImageException.class,
                    () -> Sources.kindOf(cut, SourceOptions.AUTO)).refusal());
        }
    }
}
