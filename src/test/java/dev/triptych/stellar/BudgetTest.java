package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.method.TestPlace;
import dev.triptych.methods.Methods;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a training of STELLAR says of Sinkhorn's budget when it starts: `stellar-micro` has 16 images of 3 tokens a
/// step, 32 prototypes, 8 of CLS.
class BudgetTest {
    private static List<String> said(String... keys) throws IOException {
        var place = new TestPlace();
        new StellarMethod().supply(Methods.RECIPES.load("stellar-micro", List.of(keys)).recipe(), place);
        return place.remarks().stream().filter(text -> text.contains("rototype")).toList();
    }

    @Test
    void rowsAPrototypeAreSaidOfTokensAndOfCls() throws IOException {
        assertEquals(List.of("sinkhorn:   1.50 rows a prototype of tokens, 2.00 of CLS (the authors: 2 and 0.125)"),
                said());
        assertEquals(List.of("sinkhorn:   4.00 rows a prototype of tokens, 1.00 of CLS (the authors: 2 and 0.125)"),
                said("training.batch=32", "stellar.tokens=4", "stellar.cls-prototypes=null"));
    }

    @Test
    void fewerRowsThanPrototypesAreWarnedOfWithWhatWouldFit() throws IOException {
        var said = said("stellar.prototypes=49");
        assertEquals(2, said.size(), said::toString);
        assertEquals("warning: stellar.prototypes is 49, more than the 48 tokens of a step; expected two tokens for "
                + "each. Sinkhorn cannot balance them. Raise training.batch, or set stellar.prototypes=24.",
                said.getLast());
        assertEquals(1, said("stellar.prototypes=48").size(), "as many rows as prototypes");
    }

    @Test
    void withoutAlignmentNothingIsSaid() throws IOException {
        assertEquals(List.of(), said("stellar.weights.clustering=0", "stellar.weights.cls-clustering=0",
                "stellar.weights.mask=0", "stellar.weights.cls=0"));
    }
}
