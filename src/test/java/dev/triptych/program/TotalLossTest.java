package dev.triptych.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The loss of a method is its terms: each has its own weight, and one of weight 0 is not there.
class TotalLossTest {
    private final State state = new State();
    private final Program p = new Program("loss", state);
    private final Map<String, Float> values = new TreeMap<>();
    private final Map<String, Tensor> inputs = new TreeMap<>();
    private final TotalLoss.Terms terms = new TotalLoss.Terms();

    /// A term whose value is the mean of (v, v), v its own number.
    private void term(String name, float weight, float value) {
        terms.add(name, weight, () -> {
            Tensor x = p.differentiableInput(name, 2);
            values.put(name, value);
            inputs.put(name, x);
            return p.mean(x);
        });
    }

    private Map<String, Double> run(TotalLoss loss) {
        Gradients gradients = p.gradient(loss.total());
        p.keep(loss.total());
        loss.terms().forEach(term -> p.keep(term.value()));
        inputs.values().forEach(x -> p.keep(gradients.of(x)));
        var found = new TreeMap<String, Double>();
        try (HostSession session = new PlainDevice().bind(state, p)) {
            values.forEach((name, v) -> session.upload(inputs.get(name), new float[]{v, v}));
            session.run(p);
            found.put("total", (double) session.value(loss.total()));
            loss.terms().forEach(term -> found.put(term.name(), (double) session.value(term.value())));
            inputs.forEach((name, x) -> found.put("d " + name, (double) session.download(gradients.of(x))[0]));
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5, 3", "10, 0.1, 0.1", "0.25, 1, 1"})
    void theTotalIsTheWeightedSumAndEachTermStaysUnweighted(float a, float b, float c) {
        term("a", a, 2);
        term("b", b, 5);
        term("c", c, 7);
        TotalLoss loss = terms.total(p);
        assertEquals(List.of("a", "b", "c"), loss.terms().stream().map(TotalLoss.Term::name).toList());
        assertEquals(List.of(a, b, c), loss.terms().stream().map(TotalLoss.Term::weight).toList());
        var found = run(loss);
        assertEquals(2 * a + 5 * b + 7 * c, found.get("total"), 1e-6);
        assertEquals(5, found.get("b"), 1e-6);
        assertEquals(a / 2, found.get("d a"), 1e-6);
        assertEquals(b / 2, found.get("d b"), 1e-6);
        assertEquals(c / 2, found.get("d c"), 1e-6);
    }

    @Test
    void aTermThatIsLeftOutTakesNothingOfTheOthers() {
        term("a", 2, 2);
        term("b", 0, 5);
        term("c", 3, 7);
        TotalLoss loss = terms.total(p);
        assertNull(inputs.get("b"), "a term of weight 0 is not computed");
        assertNull(loss.term("b"));
        assertEquals(loss.terms().getLast().value(), loss.term("c"));
        var found = run(loss);
        assertEquals(2 * 2 + 3 * 7, found.get("total"), 1e-6);
        assertEquals(1.5, found.get("d c"), 1e-6);
    }

    @Test
    void oneTermOfWeightOneIsTheTotal() {
        term("a", 1, 2);
        TotalLoss loss = terms.total(p);
        assertEquals(loss.total(), loss.term("a"));
    }

    @Test
    void nothingToLearnIsRefused() {
        term("a", 0, 2);
        assertEquals("All weights of the loss are 0: nothing to learn",
                assertThrows(IllegalArgumentException.class, () -> terms.total(p)).getMessage());
    }
}
