package dev.triptych.check.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Dtype;
import dev.triptych.io.Safetensors;
import dev.triptych.io.Sha256;
import dev.triptych.io.TensorEntry;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A table that differs in one number, or a setting that the table does not follow, fails and is named.
class TrainerVectorsTest {
    private static final Path CASE = Path.of("reference-checks/trainer/peak_at_last_resets_stages.json");

    @TempDir
    private Path folder;

    private static VectorReport run(Path file, String precision) throws IOException {
        return TrainerVectors.or(precision, data -> {
            throw new IllegalStateException("not a case of the trainer");
        }).apply(VectorCase.open(file));
    }

    /// The case with one number of a tensor moved, or with another text in its JSON.
    private Path changed(String tensor, String text, String by) throws IOException {
        var read = Safetensors.read(Path.of(CASE.toString().replace(".json", ".safetensors")));
        var entries = new ArrayList<TensorEntry>();
        for (String name : read.names()) {
            double[] values = read.doubles(name);
            long[] whole = read.dtype(name) == Dtype.I64 ? read.longs(name) : null;
            if (name.equals(tensor)) {
                int last = values.length - 1;
                values[last] *= 1.001;
                if (whole != null) {
                    whole[last]++;
                }
            }
            entries.add(whole == null
                    ? TensorEntry.of(name, read.shape(name), values)
                    : TensorEntry.of(name, read.shape(name), whole));
        }
        Path file = folder.resolve("case.safetensors");
        Safetensors.write(file, Map.of(), entries);
        String json = Files.readString(CASE);
        assertTrue(json.contains(text), text);
        Files.writeString(folder.resolve("case.json"), json.replace(text, by).replaceFirst(
                "\"sha256\": \"[0-9a-f]+\"", "\"sha256\": \"" + sha256(file) + "\""));
        return folder.resolve("case.json");
    }

    private static String sha256(Path file) throws IOException {
        return HexFormat.of().formatHex(Sha256.digest().digest(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "stage", "stage_step", "body_counter", "head_counter", "lr", "weight_decay",
            "momentum", "one_minus_beta1_power_body", "one_minus_beta1_power_head", "one_minus_beta2_power_body",
            "one_minus_beta2_power_head", "warmup_steps"})
    void everyColumnIsCompared(String column) throws IOException {
        for (String precision : List.of("float32", "float64")) {
            VectorReport report = run(changed("intermediates." + column, "", ""), precision);
            assertEquals(1, report.failures().size(), String.join("\n", report.text()));
            assertTrue(report.failures().getFirst().startsWith("intermediates." + column + " is off by"),
                    String.join("\n", report.text()));
        }
    }

    @Test
    void everySettingIsFollowed() throws IOException {
        Map<String, String> settings = Map.of("\"base_lr\": 0.0005", "\"base_lr\": 0.0006",
                "\"min_lr\": 5e-05", "\"min_lr\": 6e-05", "\"warmup_reaches_peak\": true",
                "\"warmup_reaches_peak\": false", "\"wd_start\": 0.05", "\"wd_start\": 0.06", "\"wd_end\": 0.3",
                "\"wd_end\": null", "\"steps\": 14", "\"steps\": 15", "\"warmup_share\": 0.15",
                "\"warmup_share\": 0.25", "\"lr_scale\": 2.5", "\"lr_scale\": 2.6", "\"ema_start\": 0.95",
                "\"ema_start\": 0.96", "\"total_steps\": 24", "\"total_steps\": 25");
        for (Map.Entry<String, String> change : settings.entrySet()) {
            assertTrue(!run(changed("", change.getKey(), change.getValue()), "float64").passed(), change.toString());
        }
    }

    @Test
    void aCaseOfSomethingElseIsLeftToOthers() throws IOException {
        var other = VectorReport.failed(CASE, "other", "float32", "told");
        assertEquals(other, TrainerVectors.or("float32", data -> other)
                .apply(VectorCase.open(Path.of("reference-checks/common/ema.json"))));
    }
}
