package dev.triptych.vqgan;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Subset;
import dev.triptych.data.source.Split;
import dev.triptych.measure.code.CodeFigures;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Judges a VQGAN: how its codes are used, and how near to an image its code's picture is (VQGAN section 4).
final class VqganJudge implements Judge {
    private static final int ROWS = 8;
    private static final int CELL = 96;
    private static final int BATCH = 16;

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        Recipe recipe = run.recipe();
        ImageSet test = place.streamed(recipe.data(), recipe.seed(), Split.TEST);
        try (Tokenizer tokenizer = VqganTokenizer.open(run, place.device())) {
            place.progress().expect(1);
            place.progress().begin("codes and reconstructions, images", test.size());
            var facts = run.facts(Map.of("images", test.size() + " to judge, "
                    + (recipe.data().generated() ? "generated scenes" : recipe.data().dir())), place.device());
            Sheet sheet = sheet("VQGAN, " + run.name(), tokenizer, test, how.images());
            return new Verdict(facts, List.of(EvaluationReport.over(test.size(), figures(tokenizer, test, place))),
                    List.of(new Picture(Verdict.SHEET, sheet::write)));
        }
    }

    private static List<Figure> figures(Tokenizer tokenizer, ImageSet test, Workplace place) {
        var figures = new CodeFigures(tokenizer);
        float[] images = new float[BATCH * 3 * test.side() * test.side()];
        int[] codes = new int[BATCH * tokenizer.positions()];
        for (int first = 0; first < test.size(); first += BATCH) {
            int count = Math.min(BATCH, test.size() - first);
            test.images(IntStream.range(first, first + count).toArray(), images, 0);
            tokenizer.encode(images, count, codes);
            figures.add(images, count, codes);
            place.progress().did(count);
        }
        return figures.figures(Map.of());
    }

    private static Sheet sheet(String title, Tokenizer tokenizer, ImageSet test, boolean images) {
        int[] indices = Subset.strided(test.size(), Math.min(ROWS, test.size()));
        int side = test.side();
        int length = 3 * side * side;
        float[] pixels = new float[indices.length * length];
        test.images(indices, pixels, 0);
        int[] codes = new int[indices.length * tokenizer.positions()];
        tokenizer.encode(pixels, indices.length, codes);
        float[] decoded = new float[pixels.length];
        tokenizer.decode(codes, indices.length, decoded);
        var rows = new ArrayList<Sheet.Row>();
        for (int i = 0; i < indices.length; i++) {
            var cells = new ArrayList<Cell>();
            if (images) {
                cells.add(Cell.image(pixels, i * length, side, side));
            }
            cells.add(Cell.image(decoded, i * length, side, side));
            rows.add(new Sheet.Row(test.className(indices[i]), cells));
        }
        return new Sheet(title, images ? List.of("image", "VQGAN") : List.of("VQGAN"), rows,
                "Images that training never saw, encoded to codes and decoded.", CELL);
    }
}
