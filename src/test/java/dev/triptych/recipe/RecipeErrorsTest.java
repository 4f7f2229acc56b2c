package dev.triptych.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Recipes that do not fit: each kind of error has its message.
class RecipeErrorsTest {
    private static String error(String... overrides) {
        return assertThrows(RecipeException.class, () -> Methods.RECIPES.load("stellar-micro", List.of(overrides)))
                .getMessage();
    }

    private static String errorOf(String find, String replace) {
        var text = Methods.RECIPES.text("stellar-micro");
        assertTrue(text.contains(find), find);
        return assertThrows(RecipeException.class,
                () -> Methods.RECIPES.parse(text.replace(find, replace), "my.yaml", List.of())).getMessage();
    }

    @Test
    void anUnknownKeyNamesLineValueAndTheNearestKey() {
        assertEquals("my.yaml:19: stellar.token is not a key of a recipe (its value: 3); expected one of tokens, "
                + "spatial-temperature, prototypes, cls-prototypes, predictor-hidden, predictor-layers, prototype-dim, "
                + "logit-temperature, target-temperature, sinkhorn-iterations, sinkhorn-scale, masked-views, "
                + "mask-kind, local-crops, local-side, match, match-epsilon, match-iterations, weights. "
                + "Did you mean stellar.tokens?", errorOf("  tokens: 3", "  token: 3"));
    }

    @Test
    void aKeyInTheWrongSectionIsPointedToItsOwn() {
        var message = error("lr=1e-3");
        assertTrue(message.startsWith("override 'lr=1e-3': lr is not a key of a recipe (its value: 1e-3)"), message);
        assertTrue(message.endsWith("Did you mean optimizer.lr?"), message);
        assertTrue(error("batch=3").endsWith("Did you mean training.batch?"));
        assertTrue(error("data.qqqqqqqq=3").endsWith("Remove it."));
        assertTrue(error("heads=3").endsWith("Did you mean encoder.heads or decoder.heads?"));
    }

    @Test
    void aMissingKeyIsNamedWithItsMeaning() {
        assertEquals("my.yaml:14: encoder.depth is missing; expected a whole number in [1, 1000] (number of blocks). "
                + "Add it to the recipe, or give encoder.depth=VALUE.", errorOf("  depth: 2\n", ""));
        assertTrue(errorOf("method: stellar\n", "").contains("method is missing; expected one of stellar"));
        assertTrue(errorOf("decoder:\n  width: 32\n  depth: 1\n  heads: 2\n", "")
                .contains("decoder.width is missing; expected a whole number in [2, 65536]"));
        assertTrue(errorOf("    - name: prior\n      epochs: 1\n", "    - name: prior\n")
                .contains("training.stages.0.epochs is missing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "training.stages.0.teacher=false | teacher is false; expected true, because the messages",
            "training.stages.0.mask-ratio=0.5 | is a key of method stellar or mae; expected only those of this",
            "augment.blur-probability=1 | augment.blur-probability is a key of method stellar",
            "augment.shared-colour=true | augment.shared-colour is a key of method stellar",
            "augment.blur-kernel=0 | expected a kernel of at least 3 pixels",
            "bits.target-temperature=0.2 | with hard targets, which have no temperature. Set bits.targets=soft",
            "bits.local-side=9 | bits.local-side is 9; expected a multiple of encoder.patch, 4",
            "bits.reset-every=0 | bits.reset-every is 0; expected a number in (0, inf), or null",
            "bits.agreement=dot | is 'dot'; expected one of bce, cosine",
            "'training.stages=[{name: a, epochs: 1}, {name: b, epochs: 1}]' | is 2 stages; expected one, because",
            "stellar.tokens=3 | stellar is a section of method stellar; expected only those of this recipe's",
    })
    void whatBitsRefuses(String override, String part) {
        var message = assertThrows(RecipeException.class, () -> Methods.RECIPES.load("bits-micro", List.of(override)))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aKeyOfAnotherMethodMayHaveItsDefault() {
        assertEquals(Methods.RECIPES.load("bits-micro", List.of()).recipe(),
                Methods.RECIPES.load("bits-micro", List.of("augment.blur-probability=0.5")).recipe());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "stellar.tokens=3.5 | stellar.tokens is 3.5; expected a whole number in [1, 4096]. Write it without",
            "stellar.tokens=three | stellar.tokens is 'three'; expected a whole number in [1, 4096]",
            "stellar.tokens=99999999999999999999 | is 99999999999999999999; expected a whole number in [1, 4096]",
            "stellar.tokens=null | stellar.tokens is null; expected a whole number",
            "stellar.tokens=0 | stellar.tokens is 0; expected a whole number in [1, 4096]",
            "data.skip-bad=yes | data.skip-bad is 'yes'; expected true or false, or null. Correct the value, or leave",
            "stellar.match=1 | stellar.match is 1; expected true or false",
            "optimizer.lr=fast | optimizer.lr is 'fast'; expected a number in (0, 10]",
            "optimizer.lr=0 | optimizer.lr is 0; expected a number in (0, 10]",
            "optimizer.lr=.nan | optimizer.lr is .nan; expected a number in (0, 10]",
            "optimizer.clip-norm=.inf | optimizer.clip-norm is .inf; expected a number in (0, inf)",
            "optimizer.warmup=1.5 | optimizer.warmup is 1.5; expected a number in [0, 1]",
            "optimizer.beta1=1 | optimizer.beta1 is 1; expected a number in [0, 1)",
            "stellar.spatial-temperature=0 | is 0; expected a number in (0, inf), or null",
            "stellar.mask-kind=gausian | is 'gausian'; expected one of uniform, gaussian, block. Did you mean",
            "optimizer.clip=per_tensor | expected one of global, per-tensor, none. Did you mean per-tensor?",
            "method=dino | method is 'dino'; expected one of stellar, bits",
            "bits.bits=8 | bits is a section of method bits; expected only those of this recipe's method, stellar",
            "augment.global-scale=0.5 | is 0.5; expected [low, high], two numbers in (0, 1]",
            "'augment.global-scale=[1, 0.5]' | is [1, 0.5]; expected [low, high], two numbers in (0, 1], the smaller",
            "'augment.global-scale=[0, 1]' | augment.global-scale is 0; expected [low, high], two numbers in (0, 1]",
            "'augment.global-scale=[1, 2, 3]' | is [1, 2, 3]; expected [low, high]",
            "encoder=7 | encoder is 7; expected a section of 'key: value' lines",
            "training.stages=7 | training.stages is 7; expected a list",
            "'training.stages=[7]' | training.stages.0 is 7; expected a section",
            "seed=-1 | seed is -1; expected a whole number in [0, inf)",
            "data= | data.dir is empty, as a variable is that was not set; expected the path of pictures",
            "data.dir= | data.dir is empty, as a variable is that was not set",
            "data.cache=[] | data.cache is []; expected text",
    })
    void wrongTypesAndRanges(String override, String part) {
        var message = error(override);
        assertTrue(message.startsWith("override '" + override + "': ") && message.contains(part), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "data.side=18 | data.side is 18; expected a multiple of encoder.patch, 4. Set data.side to 16 or 20",
            "stellar.local-side=6 | stellar.local-side is 6; expected a multiple of encoder.patch, 4",
            "stellar.local-side=20 | stellar.local-side is 20; expected at most data.side, 16",
            "encoder.width=33 | encoder.width is 33; expected a multiple of heads, 2. Set width to 32 or 34",
            "decoder.heads=3 | decoder.width is 32; expected a multiple of heads, 3. Set width to 30 or 33",
            "stellar.tokens=16 | fewer tokens K than the N = 16 patches of an image (data.side 16, encoder.patch 4)",
            "stellar.tokens=1 | stellar.tokens is 1; expected at least 2, because KoLeo",
            "training.stages.0.mask-ratio=0.99 | training.stages.0.mask-ratio is 0.99; expected a ratio that keeps",
            "training.stages=[] | training.stages is []; expected at least one stage. Add one",
            "training.stages.1.name=prior | training.stages.1.name is prior; expected a name used once",
            "training.stages.1.name=a b | training.stages.1.name is 'a b'; expected letters",
            "stellar.masked-views=1 | training.stages.0.teacher is true; expected stellar.masked-views of at least 2",
            "augment.blur-kernel=4 | augment.blur-kernel is 4; expected an odd number, or 0 for no blur. Set it to 3",
            "augment.blur-kernel=17 | half is smaller than the smallest view, 8 px. Set augment.blur-kernel to 15",
            "optimizer.min-lr=1 | optimizer.min-lr is 1.0; expected at most optimizer.lr, 0.001",
            "training.batch=65 | training.batch is 65; expected at most data.train-images, 64",
    })
    void keysThatDoNotFitTogether(String override, String part) {
        var message = error(override);
        assertTrue(message.contains(part), message);
    }

    @Test
    void checksNameTheLineOfTheFile() {
        assertTrue(errorOf("tokens: 3", "tokens: 20").startsWith("my.yaml:19: stellar.tokens is 20; expected fewer"));
        assertTrue(errorOf("width: 32\n  depth: 2", "width: 35\n  depth: 2").startsWith("my.yaml:15: encoder.width"));
    }

    @Test
    void brokenYamlNamesTheLine() {
        assertTrue(errorOf("seed: 1", "seed: [1").startsWith("my.yaml:"));
        assertEquals("my.yaml:6: seed is given twice in one section; expected once. Remove one of the two.",
                errorOf("seed: 1", "seed: 1\nseed: 2"));
        var list = assertThrows(RecipeException.class, () -> Methods.RECIPES.parse("- 1", "l.yaml", List.of()));
        assertTrue(list.getMessage().startsWith("l.yaml: the file is [1]; expected 'key: value' lines"));
        assertThrows(RecipeException.class, () -> Methods.RECIPES.parse("", "empty.yaml", List.of()));
        assertThrows(RecipeException.class, () -> Methods.RECIPES.parse("a: &x [*x]", "loop.yaml", List.of()));
        assertThrows(RecipeException.class, () -> Methods.RECIPES.parse("[1]: 2", "key.yaml", List.of()));
    }

    /// Depth would exhaust the stack, aliases the memory.
    @Test
    void aBombIsRefusedBeforeItGoesOff(@TempDir Path folder) throws Exception {
        for (String word : List.of("[", "{", "- ", "{a: ")) {
            String message = assertThrows(RecipeException.class,
                    () -> Methods.RECIPES.parse(word.repeat(100_000), "my.yaml", List.of())).getMessage();
            assertTrue(message.startsWith("my.yaml:1: more than 20 lists and sections stand within each other"),
                    message);
        }
        assertTrue(error("seed=" + "[".repeat(100_000)).contains("more than 20 lists"));
        for (String escape : List.of("\\x", "\\x+", "\\uD8", "\\UFFFFFFFF")) {
            assertTrue(
                    assertThrows(RecipeException.class, () -> Methods.RECIPES.parse("a: \"" + escape + "\"", "my.yaml",
                            List.of())).getMessage().contains("the YAML cannot be read"),
                    escape);
        }
        for (String tagged : List.of("!!int .6", "!!float x", "!!bool 1", "!!null x", "!!int ''")) {
            assertTrue(errorOf("seed: 1", "seed: " + tagged).contains("is tagged tag:yaml.org,2002:"), tagged);
        }
        var laughs = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 25; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertTrue(assertThrows(RecipeException.class,
                () -> Methods.RECIPES.parse(laughs.toString(), "my.yaml", List.of()))
                .getMessage().contains("there are more than 10000 values, aliases counted"));
        Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
        assertTrue(assertThrows(RecipeException.class, () -> Methods.RECIPES.load(large, List.of())).getMessage()
                .contains("the file has 1048577 bytes; expected a recipe, at most 1048576"));
    }

    @Test
    void unknownNamesAndFiles(@TempDir Path folder) throws Exception {
        var message = assertThrows(RecipeException.class, () -> Methods.RECIPES.load("stelar-cifar", List.of()))
                .getMessage();
        assertTrue(message.startsWith("recipe 'stelar-cifar' is unknown; expected one of stellar-micro, "), message);
        assertTrue(message.endsWith("Did you mean stellar-cifar?"), message);
        var absent = folder.resolve("absent.yaml").toString();
        message = assertThrows(RecipeException.class, () -> Methods.RECIPES.load(absent, List.of())).getMessage();
        assertTrue(message.startsWith(absent + ": there is no such file"), message);
        var binary = Files.write(folder.resolve("binary.yaml"), new byte[]{(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThrows(RecipeException.class, () -> Methods.RECIPES.load(binary, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "=3", "seed.x=3", "training.stages.2.epochs=1", "training.stages.x.epochs=1",
            "a..b=1", "optimizer.=3", "training.stages.0=3", "stellar.weights={koleo: [}"})
    void overridesThatCannotBeApplied(String override) {
        var message = error(override);
        assertTrue(message.startsWith("override '" + override + "'"), message);
    }

    @Test
    void aFolderRecipeDoesNotFallBackOnScenes() {
        var recipe = Methods.RECIPES.load("stellar-cifar", List.of()).recipe();
        var message = assertThrows(RecipeException.class, () -> recipe.data().requireImages()).getMessage();
        assertTrue(message.startsWith("data.dir is null") && message.contains("Give data=DIR"), message);
        Methods.RECIPES.load("stellar-cifar", List.of("data=somewhere")).recipe().data().requireImages();
    }

    @Test
    void editDistance() {
        assertEquals(0, Nearest.distance("abc", "abc"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(4, Nearest.distance("", "abcd"));
    }
}
