package dev.triptych.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.measure.code.CodeProbe;
import dev.triptych.measure.feature.FewShot;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.LinearProbe;
import dev.triptych.measure.retrieval.HammingRetrieval;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The protocols that the tables of `docs/results.md` were made by: another number makes other tables. Which method is
/// judged by which protocol is held by `JudgesTest`.
class ProtocolTest {
    @Test
    void theSettingsAreThoseOfTheTables() {
        assertEquals(new Knn(20, Knn.Vote.MAJORITY, 0.07), Knn.standard());
        assertEquals(new Knn(20, Knn.Vote.WEIGHTED, 0.07), Knn.weighted());
        assertEquals(new LinearProbe(1e-4, 200, 1e-5), LinearProbe.standard());
        assertEquals(new CodeProbe(1e-3, 200, 1e-5), CodeProbe.standard());
        assertEquals(List.of(1, 5, 10, 25), FewShot.SHOTS);
        assertEquals(List.of(100, 1e-4), List.of(FewShot.ITERATIONS, FewShot.TOLERANCE));
        assertEquals(5, HammingRetrieval.SUBSETS);
    }

    /// What is private is told in words.
    @Test
    void protocolsSayWhatIsDone() {
        assertEquals("kNN, cosine, k = 20, majority vote, ties to the class of the nearest neighbour",
                Knn.standard().protocol());
        assertEquals("kNN, cosine, k = 20, votes weighted by exp(cos / 0.07), ties to the class of the nearest "
                + "neighbour", Knn.weighted().protocol());
        assertEquals("logistic regression on that many training rows of each class, mean over 5 draws; features "
                + "standardised by all training rows, one-hot codes as they are; weight decay of 5 chosen among "
                + "these rows by cross-validation, 0.01 for one of each class", FewShot.protocol());
    }
}
