package dev.triptych.check.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.check.measure.EvaluationVectors;
import dev.triptych.check.train.TrainerVectors;
import dev.triptych.io.Dtype;
import dev.triptych.io.Safetensors;
import dev.triptych.io.Sha256;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.vectors.Tolerance;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.io.vectors.VectorRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every golden vector in both precisions, and what happens to cases that nothing knows.
class GoldenVectorsTest {
    private static final Path VECTORS = Path.of("reference-checks");

    @TestFactory
    Stream<DynamicTest> allCases() throws IOException {
        List<VectorReport> reports = VectorRun.run(VECTORS, done -> {
        }, TrainerVectors.or("float32", EvaluationVectors.or("float32", VectorCheck::run)), TrainerVectors.or("float64",
                EvaluationVectors.or("float64", dev.triptych.twin.check.vectors.VectorCheck::run)));
        assertEquals(2 * (98 + 23), reports.size());
        return reports.stream()
                .map(report -> DynamicTest.dynamicTest(report.file().getFileName() + " in " + report.precision(),
                        () -> assertTrue(report.passed(), String.join("\n", report.text()))));
    }

    @Test
    void namesAndTitlesDecideNothing(@TempDir Path folder) throws IOException {
        int number = 0;
        for (Path file : VectorCase.find(VECTORS)) {
            String json = Files.readString(file).replaceFirst("\"case\": \"[^\"]*\"", "\"case\": \"x\"")
                    .replaceFirst("\"title\": \"[^\"]*\"", "\"title\": \"y\"")
                    .replaceFirst("\"file\": \"[^\"]*\"", "\"file\": \"z\"");
            Path copy = Files.createDirectories(folder.resolve("deep")).resolve("case" + number++ + ".json");
            Files.writeString(copy, json);
            Files.copy(Path.of(file.toString().replace(".json", ".safetensors")),
                    Path.of(copy.toString().replace(".json", ".safetensors")));
        }
        for (VectorReport report : VectorRun.run(folder, done -> {
        }, TrainerVectors.or("float32", EvaluationVectors.or("float32", VectorCheck::run)))) {
            assertTrue(report.passed(), String.join("\n", report.text()));
        }
    }

    /// Codes are found by what they are: under another name, stored twice, as the result of a tokenizer's call.
    @Test
    void codesMayBeStoredUnderAnyName(@TempDir Path folder) throws IOException {
        Path source = VECTORS.resolve("stellar/train_codes.safetensors");
        var read = Safetensors.read(source);
        var entries = new ArrayList<TensorEntry>();
        for (String name : read.names()) {
            if (read.dtype(name) == Dtype.I64) {
                entries.add(TensorEntry.of(name.replace("draws.codes", "inputs.vq"), read.shape(name),
                        read.longs(name)));
            } else {
                entries.add(TensorEntry.of(name, read.shape(name), read.doubles(name)));
            }
        }
        int[] shape = read.shape("draws.codes");
        long[] codes = read.longs("draws.codes");
        entries.add(TensorEntry.of("intermediates.acts.tokenizer_encode.0.out0", shape, codes));
        entries.add(TensorEntry.of("intermediates.acts.tokenizer_encode.0.in0", read.shape("inputs.image"),
                read.doubles("inputs.image")));
        entries.add(TensorEntry.of("params.tokenizer.quantize.embedding.weight", new int[]{1}, new double[]{1}));
        write(folder, source, entries);
        var reports = VectorRun.run(folder, done -> {
        }, VectorCheck::run);
        assertTrue(reports.getFirst().passed(), String.join("\n", reports.getFirst().text()));

        entries.removeIf(entry -> entry.name().equals("inputs.vq"));
        codes[0] = (codes[0] + 1) % 11;
        entries.add(TensorEntry.of("inputs.vq", shape, codes));
        write(folder, source, entries);
        assertFalse(VectorRun.run(folder, done -> {
        }, VectorCheck::run).getFirst().passed(), "two codes for one patch");
    }

    private static void write(Path folder, Path source, List<TensorEntry> entries) throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of(), entries);
        Files.writeString(folder.resolve("x.json"), Files.readString(Path.of(source.toString()
                .replace(".safetensors", ".json")))
                .replaceFirst("\"sha256\": \"[0-9a-f]*\"",
                        "\"sha256\": \"" + HexFormat.of().formatHex(Sha256.digest().digest(Files.readAllBytes(file)))
                                + "\"")
                .replaceFirst("\"file\": \"[^\"]*\"", "\"file\": \"x.safetensors\""));
    }

    @Test
    void whatNothingRecognisesFails(@TempDir Path folder) throws IOException {
        copy(folder, "gelu_erf", "\"method\": \"common\"", "\"method\": \"alchemy\"");
        copy(folder, "linear", "", "");
        copy(folder, "ema", "", "");
        Files.write(folder.resolve("ema.safetensors"), new byte[1], java.nio.file.StandardOpenOption.APPEND);
        copy(folder, "groupnorm", "\"groups\": 3", "\"groups\": 2");
        Files.writeString(folder.resolve("notes.json"), "{\"about\": \"no case\"}");
        List<VectorReport> reports = VectorRun.run(folder, done -> {
        }, VectorCheck::run);
        assertEquals(4, reports.size());
        assertTrue(reports.get(0).failures().getFirst().contains("checksum"), reports.get(0).toString());
        assertTrue(reports.get(1).failures().getFirst().contains("alchemy"), reports.get(1).toString());
        assertFalse(reports.get(2).passed(), "another number of groups gives other values");
        assertTrue(reports.get(3).passed(), reports.get(3).toString());
    }

    private static void copy(Path folder, String name, String from, String to) throws IOException {
        Path source = VECTORS.resolve("common");
        Files.writeString(folder.resolve(name + ".json"),
                Files.readString(source.resolve(name + ".json")).replace(from, to));
        Files.copy(source.resolve(name + ".safetensors"), folder.resolve(name + ".safetensors"));
    }

    /// A bias in front of a batch norm: what is stored and what is computed are rounding noise of what cancels.
    @Test
    void aGradientThatIsZeroIsJudgedByTheNormOfAll() throws IOException {
        var contrast = VectorCase.open(VECTORS.resolve("sorcen/contrast.json"));
        assertEquals(new Tolerance.OfGradientNorm(1e-4),
                contrast.tolerance("float32", "grads.con.params.proj.fc1.bias"));
        assertEquals(new Tolerance.Bound(1e-4, 1e-7),
                contrast.tolerance("float32", "grads.con.params.proj.fc1.weight"));
        assertEquals(new Tolerance.Bound(2e-5, 1e-6), contrast.tolerance("float32", "params.proj.fc1.bias"));
    }
}
