package dev.triptych.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What methods add to recipes: words, sections, keys that only some know, checks of their own.
class SchemaTest {
    record AlphaSection(@Doc("a width") @Range(min = 1, max = 9) @Default("4") int width) {
    }

    record BetaSection(@Doc("a flag") @Default("false") boolean flag, @Doc("a rate") double rate) {
    }

    record MoreSection(@Doc("more") @Default("1") int more) {
    }

    /// A method of the test.
    record Plain(String name, List<Class<? extends Record>> sections, boolean encoder, Set<String> sharedKeys,
            int smallest) implements Schema {
        @Override
        public void check(Recipe recipe) {
            if (recipe.seed() == 13) {
                throw RecipeException.value("seed", 13, "another number", "Set another.");
            }
        }

        @Override
        public int smallestView(Recipe recipe) {
            return smallest;
        }

        @Override
        public List<String> recipes() {
            return List.of(name + "-one");
        }
    }

    private static final Plain ALPHA = new Plain("alpha", List.of(AlphaSection.class, MoreSection.class), false,
            Set.of(), 8);
    private static final Plain BETA = new Plain("beta", List.of(BetaSection.class), true,
            Set.of("training.stages.*.mask-ratio", "augment.shared-colour"), 8);
    private static final RecipeBook BOOK = new RecipeBook(List.of(ALPHA, BETA));

    private static final String DATA = "data:\n  side: 8\n  train-images: 32\n";
    private static final String REST = "optimizer:\n  lr: 1e-3\n"
            + "training:\n  batch: 8\n  stages:\n    - name: only\n      epochs: 1\n";
    private static final String ENCODER = "encoder:\n  patch: 4\n  width: 8\n  depth: 1\n  heads: 1\n";

    private static Recipe read(String text, String... overrides) {
        return BOOK.parse(text, "t.yaml", List.of(overrides)).recipe();
    }

    private static String refused(String text, String... overrides) {
        return assertThrows(RecipeException.class, () -> read(text, overrides)).getMessage();
    }

    private static String alpha(String section) {
        return "method: alpha\nseed: 1\n" + DATA + section + REST;
    }

    private static String beta(String section) {
        return "method: beta\nseed: 1\n" + DATA + ENCODER + section + REST;
    }

    @Test
    void aSectionIsFoundByItsRecord() {
        Recipe recipe = read(alpha("alpha:\n  width: 7\n"));
        assertEquals(new AlphaSection(7), recipe.section(AlphaSection.class));
        assertEquals(new MoreSection(1), recipe.section(MoreSection.class));
        assertNull(recipe.encoder());
        assertEquals(recipe, read(recipe.toYaml()));
        assertEquals(new BetaSection(true, 0.5),
                read(beta("beta:\n  rate: 0.5\n"), "beta.flag=true").section(BetaSection.class));
        assertThrows(RuntimeException.class, () -> recipe.section(BetaSection.class));
    }

    @Test
    void sectionsStandInTheOrderOfTheMethods() {
        List<String> sections = BOOK.keys().stream().map(Key::path).filter(key -> key.matches("(alpha|beta|more)\\..*"))
                .toList();
        assertEquals(List.of("alpha.width", "more.more", "beta.flag", "beta.rate"), sections);
        assertEquals(List.of("alpha-one", "beta-one"), BOOK.names());
        assertTrue(BOOK.describe().contains("a width"));
    }

    @Test
    void anotherMethodsKeysAreRefused() {
        String of = refused(alpha("beta:\n  rate: 1\n"));
        assertTrue(of.contains("beta") && of.contains("alpha"), of);
        String encoder = refused(alpha(ENCODER));
        assertTrue(encoder.contains("encoder") && encoder.contains("beta"), encoder);
        String shared = refused(alpha(""), "training.stages.0.mask-ratio=0.5");
        assertTrue(shared.contains("mask-ratio") && shared.contains("beta"), shared);
        assertEquals(0.5, read(beta("beta:\n  rate: 1\n"), "training.stages.0.mask-ratio=0.5").training().stages()
                .getFirst().maskRatio());
        String word = refused("method: gamma\n" + DATA + REST);
        assertTrue(word.contains("gamma") && word.contains("alpha") && word.contains("beta"), word);
    }

    @Test
    void aMethodsOwnCheckIsAsked() {
        assertTrue(refused(alpha(""), "seed=13").contains("another number"));
        assertTrue(refused(alpha("alpha:\n  width: 10\n")).contains("alpha.width"));
        assertTrue(refused(alpha(""), "augment.blur-kernel=17").contains("smaller than the smallest view, 8 px"));
        assertTrue(refused(beta("beta:\n  rate: 1\n"), "encoder.patch=3").contains("data.side"));
    }

    @Test
    void methodsThatDoNotGoTogetherAreRefused() {
        refusedBook("two methods have the name alpha", ALPHA, ALPHA);
        refusedBook("the section alpha of other is there already", ALPHA,
                new Plain("other", List.of(Other.AlphaSection.class), false, Set.of(), 8));
        record DataSection(int side) {
        }
        refusedBook("the section data of other is there already",
                new Plain("other", List.of(DataSection.class), false, Set.of(), 8));
        refusedBook("augment.colour of [other] is not a key of a recipe",
                new Plain("other", List.of(), false, Set.of("augment.colour"), 8));
    }

    /// Another section of that name.
    private interface Other {
        record AlphaSection(int width) {
        }
    }

    /// One record, one section: both methods' recipes have it, and no third one's.
    @Test
    void methodsMayShareASection() {
        var book = new RecipeBook(List.of(ALPHA, new Plain("other", List.of(AlphaSection.class), false, Set.of(), 8),
                BETA));
        assertEquals(1, book.keys().stream().filter(key -> key.path().equals("alpha.width")).count());
        String other = alpha("alpha:\n  width: 7\n").replace("method: alpha", "method: other");
        assertEquals(new AlphaSection(7),
                book.parse(other, "t.yaml", List.of()).recipe().section(AlphaSection.class));
        String wrong = beta("beta:\n  rate: 1\nalpha:\n  width: 7\n");
        String of = assertThrows(RecipeException.class, () -> book.parse(wrong, "t.yaml", List.of())).getMessage();
        assertTrue(of.contains("alpha") && of.contains("other"), of);
    }

    private static void refusedBook(String message, Plain... schemas) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> new RecipeBook(List.of(schemas))).getMessage());
    }

    record GammaSection(@Doc("a number of things") @Range(min = 2, max = 9) @Nullable @Default("null") Integer things,
            @Doc("sizes") @Range(min = 1, max = 64) @Default("[1, 2]") List<Integer> sizes) {
    }

    @Test
    void wholeNumbersMayBeNullAndMayBeListed() {
        var book = new RecipeBook(List.of(new Plain("gamma", List.of(GammaSection.class), false, Set.of(), 8)));
        String text = "method: gamma\n" + DATA + REST;
        var bare = book.parse(text, "t.yaml", List.of()).recipe();
        assertEquals(new GammaSection(null, List.of(1, 2)), bare.section(GammaSection.class));
        var given = book.parse(text, "t.yaml", List.of("gamma.things=3", "gamma.sizes=[4, 4, 8]")).recipe();
        assertEquals(new GammaSection(3, List.of(4, 4, 8)), given.section(GammaSection.class));
        assertEquals(given, book.parse(given.toYaml(), "back.yaml", List.of()).recipe());
        for (String wrong : List.of("gamma.things=10", "gamma.sizes=[4, 0]", "gamma.sizes=[4, x]")) {
            String message = assertThrows(RecipeException.class,
                    () -> book.parse(text, "t.yaml", List.of(wrong))).getMessage();
            assertTrue(message.contains("expected a whole number in [") || message.contains("expected a list in ["),
                    message);
        }
    }
}
