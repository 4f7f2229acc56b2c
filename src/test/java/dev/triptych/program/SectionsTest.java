package dev.triptych.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// An operation belongs to the innermost section that is open when it is recorded, and so does its adjoint.
class SectionsTest {
    private final Program p = new Program("sample", new State());
    private final Tensor x = p.differentiableInput("x", 3);

    private List<String> headings() {
        return p.launches().stream().map(l -> l.operation() + " in " + l.section()).toList();
    }

    @Test
    void theSectionAroundGoesOnBehindOneWithin() {
        try (var _ = p.section("outer")) {
            p.gelu(x);
            try (var _ = p.section("inner")) {
                p.relu(x);
            }
            p.gelu(x);
        }
        p.relu(x);
        assertEquals(List.of("gelu in outer", "relu in inner", "gelu in outer", "relu in "), headings());
    }

    @Test
    void whatASectionGivesIsHandedOn() {
        Tensor y = p.section("outer", () -> p.gelu(p.section("inner", () -> p.relu(x))));
        assertEquals("gelu", y.name());
        assertEquals(List.of("relu in inner", "gelu in outer"), headings());
    }

    @Test
    void aSectionThatFailsIsClosed() {
        assertThrows(IllegalArgumentException.class, () -> p.section("outer", () -> p.slice(x, 2, 2)));
        p.relu(x);
        assertEquals(List.of("relu in "), headings());
    }

    @Test
    void adjointsStandUnderTheirOperation() {
        Tensor y = p.section("model", () -> p.gelu(x));
        Tensor loss = p.section("loss", () -> p.mean(y));
        try (var _ = p.section("somewhere else")) {
            p.gradient(loss);
        }
        assertEquals(List.of("gelu in model", "sum in loss", "loss' in loss", "sum' in loss", "gelu' in model"),
                headings());
    }

    @Test
    void aLossIsTheOutputOfAnOperation() {
        var e = assertThrows(IllegalArgumentException.class, () -> p.gradient(p.input("given", 1)));
        assertEquals("The loss given(1) is the output of no operation", e.getMessage());
    }
}
