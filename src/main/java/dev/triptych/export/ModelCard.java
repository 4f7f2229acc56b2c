package dev.triptych.export;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.method.PlainEncoder;
import dev.triptych.method.Trained;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/// `README.md` of an export: what it is, how it is loaded, what it was trained with, the figures of its evaluation.
final class ModelCard {
    private ModelCard() {
    }

    static void write(ExportFormat format, PlainEncoder encoder, Trained run, Map<String, String> facts, Path folder)
            throws IOException {
        var text = new StringBuilder();
        text.append("# ").append(run.name()).append(", step ").append(run.step()).append("\n\n");
        text.append(what(encoder)).append("\n\n## How it is loaded\n\n```python\n").append(code(format, encoder))
                .append("```\n");
        if (encoder.localization() != null && format != ExportFormat.ONNX) {
            text.append("\nWhere each token is, L (batch, N, K), takes `localization.safetensors` besides:\n\n")
                    .append("```python\n").append(localization(encoder)).append("```\n");
        }
        if (format == ExportFormat.TIMM && !TimmModel.remark(encoder).isEmpty()) {
            text.append('\n').append(TimmModel.remark(encoder)).append('\n');
        }
        text.append("\nPictures: RGB in [0, 1], the short side scaled to ").append(encoder.side())
                .append(" and the centre taken, less ").append(PictureValues.MEAN).append(", over ")
                .append(PictureValues.DEVIATION).append(".\n\n## Where it comes from\n\n| | |\n|---|---|\n");
        facts.forEach((name, value) -> text.append("| ").append(name).append(" | ").append(cell(value))
                .append(" |\n"));
        text.append(figures(run)).append("\n## Licence\n\nThe program that trained it is Apache-2.0. What may be done ")
                .append("with weights also depends on the pictures that they were learnt from: see above, and say it ")
                .append("here before you pass them on.\n");
        AtomicFile.write(folder.resolve("README.md"), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String what(PlainEncoder encoder) {
        var s = encoder.settings();
        return String.format(Locale.ROOT,
                "A vision transformer for pictures of %d x %d: patches of %d, width %d, depth "
                        + "%d, %d heads%s. The encoder alone%s, float32.",
                encoder.side(), encoder.side(), s.patch(), s.width(),
                s.depth(), s.heads(),
                encoder.sparse() > 0
                        ? ", CLS and K = " + encoder.sparse() + " learned tokens that carry what is in the picture"
                        : ", CLS",
                encoder.teacher() ? " (the teacher's average, which evaluation reads)" : "");
    }

    private static String code(ExportFormat format, PlainEncoder encoder) {
        int k = encoder.sparse();
        return switch (format) {
            case TIMM -> "import timm\n\n"
                    + "model = timm.create_model(\"local-dir:FOLDER\", pretrained=True).eval()\n"
                    + "x = model.forward_features(pixels)  # [CLS ; S ; D]\n" + split(k, "x");
            case HF -> "from transformers import AutoImageProcessor, AutoModel\n\n"
                    + "model = AutoModel.from_pretrained(\"FOLDER\"" + (k > 0 ? "" : ", add_pooling_layer=False")
                    + ")\n"
                    + "pixels = AutoImageProcessor.from_pretrained(\"FOLDER\")(image, return_tensors=\"pt\")\n"
                    + "x = model(**pixels).last_hidden_state  # [CLS ; S ; D]\n" + split(k, "x");
            case ONNX -> "import onnxruntime\n\n"
                    + "session = onnxruntime.InferenceSession(\"model.onnx\")\n"
                    + "cls, dense" + (k > 0 ? ", sparse, localization" : "")
                    + " = session.run(None, {\"pixel_values\": pixels})\n";
        };
    }

    private static String split(int k, String x) {
        return "cls, " + (k > 0 ? "sparse, " : "") + "dense = " + x + "[:, 0], "
                + (k > 0 ? x + "[:, 1:" + (1 + k) + "], " : "") + x + "[:, " + (1 + k) + ":]\n";
    }

    private static String localization(PlainEncoder encoder) {
        var how = encoder.localization();
        String load = "w = safetensors.torch.load_file(\"localization.safetensors\")\n"
                + "a = dense @ w[\"dense_proj.weight\"].T + w[\"dense_proj.bias\"]\n"
                + "e = sparse @ w[\"sparse_proj.weight\"].T + w[\"sparse_proj.bias\"]\n";
        return load + (how.temperature() == 0
                ? "L = torch.softmax(a @ e.mT / " + encoder.settings().width() + " ** 0.5, -1)\n"
                : "a, e = (F.normalize(x, dim=-1, eps=" + how.eps() + ") for x in (a, e))\n"
                        + "L = torch.softmax(a @ e.mT / " + how.temperature() + ", -1)\n");
    }

    /// The figures of `eval.json`, where the run was evaluated.
    private static String figures(Trained run) throws IOException {
        Path file = run.folder().resolve("eval.json");
        if (!Files.exists(file)) {
            return "\nIt was not evaluated before it was exported.\n";
        }
        var report = Json.read(Files.readString(file));
        var lines = new ArrayList<String>();
        lines.add("\n## Figures\n");
        if (report.get("facts") instanceof Map<?, ?> facts) {
            var said = new StringJoiner("; ");
            facts.forEach((name, value) -> said.add(name + ": " + value));
            lines.add(cell(said.toString()) + ".\n");
        }
        lines.add("| figure | value | beside | protocol |");
        lines.add("|---|---|---|---|");
        if (report.get("figures") instanceof List<?> figures) {
            for (Object figure : figures) {
                lines.add(line((Map<?, ?>) figure));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(Map<?, ?> figure) {
        var beside = new StringJoiner(", ");
        if (figure.get("baselines") instanceof Map<?, ?> baselines) {
            new TreeMap<Object, Object>(baselines).forEach((name, value) -> beside.add(name + " " + number(value)));
        }
        return "| " + figure.get("what") + " | " + number(figure.get("value")) + " " + figure.get("unit") + " | "
                + beside + " | " + cell(String.valueOf(figure.get("protocol"))) + " |";
    }

    private static String number(Object value) {
        return value instanceof Number n ? String.format(Locale.ROOT, "%.4g", n.doubleValue()) : "n/a";
    }

    /// Without what would end a cell of a table.
    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
