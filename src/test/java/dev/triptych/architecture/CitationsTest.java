package dev.triptych.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.architecture.Citations.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What counts as a citation, on planted text: the forms that sources use are understood, all others are errors, and
/// one that leads nowhere is found.
class CitationsTest {
    private static final Path ANYWHERE = Path.of("Anything.java");

    private static String cited(Path file, String text) {
        Citations citations = Citations.in(file, text);
        assertEquals(List.of(), citations.errors(), text);
        return citations.found().stream().map(c -> c.page() + " " + c.anchor())
                .collect(Collectors.toCollection(TreeSet::new)).stream().collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the average (STELLAR section 4.7) | STELLAR section-4-7
            STELLAR specification section 3. | STELLAR section-3
            (STELLAR, section 5 of the specification) | STELLAR section-5
            STELLAR's authors (specification, sections 0 to 1) | STELLAR section-0; STELLAR section-1
            (BITS Eq. 9, specification section 3.3) | BITS eq-9; BITS section-3-3
            (BITS, eq. 7; a tie gives 0) | BITS eq-7
            matching (STELLAR Eq. 8-10) | STELLAR eq-10; STELLAR eq-8; STELLAR eq-9
            must satisfy: STELLAR Eq. 9 to 11. | STELLAR eq-10; STELLAR eq-11; STELLAR eq-9
            STELLAR Eq. 1 and 14 | STELLAR eq-1; STELLAR eq-14
            BITS (specification sections 6, 9.4 and 9.5) | BITS section-6; BITS section-9-4; BITS section-9-5
            STELLAR: section 4.1 to 4.3 | STELLAR section-4-1; STELLAR section-4-2; STELLAR section-4-3
            BITS: (sections 1 to 2 and 5) | BITS section-1; BITS section-2; BITS section-5
            VQ-VAE section 3.1, Eq. 1-2 | VQVAE eq-1; VQVAE eq-2; VQVAE section-3-1
            codebook of averages (VQ-VAE appendix A.1) | VQVAE appendix-a-1
            (van den Oord et al. 2017, appendix A.1) | VQVAE appendix-a-1
            (BITS, specification section 6.7e): a row | BITS section-6-7e
            STELLAR (specification, section 8, point 14) | STELLAR section-8; STELLAR section-8-14
            BITS: soft targets (the paper's table 10) | BITS table-10
            Few labels (Sorcen specification, U7): of each | SORCEN u7
            Sorcen's (Q4) | SORCEN q4
            before (STELLAR section 4.7) or after it (BITS section 5) | BITS section-5; STELLAR section-4-7
            BITS (Zaher et al. 2026), in the order of (sections 1 and 3) | BITS section-1; BITS section-3
            Sorcen section 6.1; Chang et al. 2022). Later (section 6.2) | SORCEN section-6-1; SORCEN section-6-2
            STELLAR beside Wu et al. 2018, "Unsupervised learning", section 3.4 | ''
            STELLAR does this, the paper's section 5 does not | ''
            The number of a section is no citation, nor are 4 sections or a table of 3. | ''
            """)
    void formsThatSourcesUse(String text, String expected) {
        assertEquals(expected, cited(ANYWHERE, "/// " + text + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"STELLAR § 4.7", "STELLAR sec. 4.7", "STELLAR Sect. 4", "STELLAR chapter 4", "STELLAR Eq.5",
            "STELLAR Eq (5)", "STELLAR eq 5", "BITS Eqn. 9", "VQ-VAE App. A.1", "VQ-VAE appendix A",
            "STELLAR section four",
            "STELLAR sections", "BITS section 3.3x", "Sorcen section (4.2)", "STELLAR section 4.3 to 4.1",
            "STELLAR section 4.1 to 5.2", "STELLAR section  4.7"})
    void formsThatNobodyKnowsAreErrors(String text) {
        assertNotEquals(List.of(), Citations.in(ANYWHERE, "/// As " + text + " says.\n").errors());
    }

    @Test
    void aCitationOfNoMethodIsAnError() {
        assertEquals(List.of("1: 'section 4.7' belongs to no method"),
                Citations.in(ANYWHERE, "/// The average (section 4.7).\n").errors());
    }

    /// By folder, by name, by the only method that the file names; a recipe by its name.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            src/main/java/dev/triptych/sorcen/Echo.java | // (section 4.1)           | SORCEN section-4-1
            src/main/java/dev/triptych/train/VqVaeTask.java | /* (section 3.1) */    | VQVAE section-3-1
            Bits.java                                   | // as in section 3         | BITS section-3
            Bitsy.java                                  | // BITS.\\n\\n// section 3 | BITS section-3
            recipes/stellar-paper.yaml                  | # lr: 1e-3 # section 6     | STELLAR section-6
            docs/bits.md                                | by (Eq. 9)                 | BITS eq-9
            """)
    void whoseACitationIs(String file, String text, String expected) {
        assertEquals(expected, cited(Path.of(file), text.replace("\\n", "\n")));
    }

    @Test
    void commentsAndStringsAreReadAndNothingElse() {
        String source = """
                /// Matches tokens by transport (STELLAR Eq. 8-10, specification
                /// section 4.5): costs.
                int section = 4; // STELLAR
                char quote = '"';
                String s = "prototypes (STELLAR "
                        + "Eq. 5)" + name;
                /*
                 * BITS section
                 * 3.3
                 */
                String t = \"""
                        Sorcen section
                        4.2 \""";
                """;
        assertEquals("BITS section-3-3; SORCEN section-4-2; STELLAR eq-10; STELLAR eq-5; STELLAR eq-8; STELLAR eq-9; "
                + "STELLAR section-4-5", cited(ANYWHERE, source));
        List<Integer> lines = Citations.in(ANYWHERE, source).found().stream().map(Citations.Citation::line).distinct()
                .toList();
        assertEquals(List.of(1, 2, 6, 8, 11), lines);
    }

    @Test
    void fencesOfAPageAreNotRead() {
        assertEquals("BITS section-2",
                cited(Path.of("docs/bits.md"), "# Title\n```\nsection 99\n```\nIn section\n2.\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STELLAR section 4.9        | docs/stellar.md has no anchor section-4-9
            STELLAR section 11         | docs/stellar.md has no anchor section-11
            BITS Eq. 9-11              | docs/bits.md has no anchor eq-11
            BITS section 6.7f          |
            Sorcen, quirk Q9           | docs/sorcen.md has no anchor q9
            Sorcen Eq. 1               | docs/sorcen.md has no anchor eq-1
            VQ-VAE appendix B.1        | docs/vqvae.md has no anchor appendix-b-1
            VQ-VAE section 9.2         | docs/vqvae.md has no anchor section-9-2
            BITS table 16              | docs/bits.md has no anchor table-16
            STELLAR section 8, point 18 | docs/stellar.md has no anchor section-8-18
            """)
    void whatIsNotThereIsFound(String text, String problem) throws IOException {
        List<String> problems = Citations.in(ANYWHERE, "// " + text + "\n").problems(SpecificationTest.pages());
        assertEquals(1, problems.size(), () -> text + ": " + problems);
        assertTrue(problem == null || problems.getFirst().equals("1: " + problem), problems::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            '### 4.2 Targets'                                   ; has no anchor section-4-2
            '### <a id="section-4-3"></a>4.2 Targets'           ; has no anchor section-4-2
            '### <a id="section-4-3"></a>4.2 Targets'           ; section-4-3 stands beside another number
            '## Appendix A.1: averages'                         ; has no anchor appendix-a-1
            '<a id="eq-9"></a>**Eq. 8**, the rate'              ; eq-9 stands beside another number
            '| <a id="q4"></a>Q3 | a quirk |'                   ; q4 stands beside another number
            '14. <a id="section-8-14"></a>A point of no section'; section-8-14 stands beside another number
            '- <a id="section-6-7e"></a>(d) another letter'     ; section-6-7e stands beside another number
            """)
    void anchorsThatStandWrongAreFound(String line, String error) {
        List<String> errors = SpecificationPage.of(Method.BITS, List.of(line)).errors();
        assertTrue(errors.stream().anyMatch(e -> e.contains(error)), errors::toString);
    }

    @Test
    void anchorsThatStandRightAreNone() {
        var lines = List.of("## <a id=\"section-8\"></a>8. Defects", "", "14. <a id=\"section-8-14\"></a>The pooler",
                "<a id=\"eq-8\"></a><a id=\"eq-9\"></a>**Eq. 8-9**, costs", "| <a id=\"q4\"></a>Q4 | a quirk |",
                "## <a id=\"appendix-a-1\"></a>Appendix A.1: averages", "## Defaults");
        assertEquals(List.of(), SpecificationPage.of(Method.BITS, lines).errors());
    }

    @Test
    void anchorsThatAreThereTwiceAreFound() {
        var page = SpecificationPage.of(Method.BITS,
                List.of("<a id=\"eq-8\"></a>**Eq. 8**", "", "and <a id=\"eq-8\"></a>**Eq. 8** again"));
        assertEquals(List.of("3: the anchor eq-8 is there twice"), page.errors());
    }
}
