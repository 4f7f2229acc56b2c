package dev.triptych.vqvae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.PatchSample;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rule by which a tokenizer is accepted, with codebooks in the place of a VQ-VAE.
class VqVaeEvaluationTest {
    private static final int CODES = 12;

    private ImageSet scenes;
    private Tokenizer fitted;

    @BeforeEach
    void fit() throws IOException {
        scenes = ImageSets.streamed(new DataSource.Generated(1, 70, 1), Split.TRAIN, 8, Path.of("unused"),
                ImageDecoder.standard(), false);
        var sample = PatchSample.draw(scenes, 4, 280, 1);
        assertEquals(280, sample.rows());
        fitted = new PatchCodebook(new KMeans(CODES, 50, 2, 3).fit(sample.patches(), 280, 48, 1), 8);
    }

    private VqVaeEvaluation.Finding judge(Tokenizer trained, String... departures) {
        return VqVaeEvaluation.evaluate(trained, fitted, scenes, List.of(departures),
                EvaluationProgress.NONE);
    }

    @Test
    void oneThatIsNoBetterIsNotAccepted() {
        var verdict = judge(fitted);
        assertEquals(1, verdict.objections().size(), verdict.objections()::toString);
        assertTrue(verdict.objections().getFirst().startsWith("PSNR"), verdict.objections()::toString);
        assertTrue(verdict.facts().get("accepted as tokenizer").startsWith("no: PSNR"));
        for (var figure : verdict.figures()) {
            assertEquals(figure.value(), figure.baselines().get("k-means"), figure.what());
        }
    }

    @Test
    void oneThatUsesFewCodesIsNotAccepted() {
        float[] grey = new float[CODES * 48];
        java.util.Arrays.fill(grey, 0.5f);
        var verdict = judge(new PatchCodebook(new Codebook(grey, CODES, 48), 8));
        assertEquals(3, verdict.objections().size(), verdict.objections()::toString);
        assertTrue(verdict.objections().getFirst().contains("1 of 12 codes used, expected 11"),
                verdict.objections()::toString);
        assertTrue(verdict.objections().get(1).contains("perplexity 1.0, expected 6"), verdict.objections()::toString);
    }

    @Test
    void oneThatIsBetterIsAccepted() {
        var sample = PatchSample.draw(scenes, 2, 1000, 1);
        var finer = new PatchCodebook(new KMeans(CODES, 50, 2, 3).fit(sample.patches(), sample.rows(), 12, 1), 8);
        var verdict = judge(finer);
        assertTrue(verdict.objections().isEmpty(), verdict.objections()::toString);
        assertEquals("yes", verdict.facts().get("accepted as tokenizer"));
        assertFalse(verdict.figures().isEmpty());
        var elsewhere = judge(finer, "judged on other images");
        assertEquals("no: judged on other images", elsewhere.facts().get("accepted as tokenizer"));
        assertEquals(verdict.figures(), elsewhere.figures());
    }
}
