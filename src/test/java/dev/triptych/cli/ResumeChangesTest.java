package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.SampleCodes;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Key;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.CheckpointFiles;
import dev.triptych.train.Resumption;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A run whose recipe or examples were changed behind its back does not go on; what may change, may.
class ResumeChangesTest {
    private static final int PICTURES = 40;

    @TempDir
    private Path folder;

    private static Cli done(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(Cli cli, Object... named) {
        assertEquals(2, cli.code(), cli::all);
        for (Object name : named) {
            assertTrue(cli.err().contains(name.toString()), () -> "'" + name + "' in " + cli.all());
        }
    }

    private static Cli resume(Path run, Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--resume", run, "--quiet", "--device", "plain"));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private Path codes(int images) throws IOException {
        Path codes = folder.resolve(images + ".codes");
        SampleCodes.write(codes, 4, 32, 1, images);
        return codes;
    }

    /// A codebook of 32 patches of generated scenes.
    private static Path tokenizer(Path folder) {
        Path file = folder.resolve("scenes.tokenizer.safetensors");
        if (!Files.exists(file)) {
            done(Cli.run("tokenize", "--tokenizer", "kmeans", "data.side=16", "data.train-images=64",
                    "data.test-images=32", "kmeans.codes=32", "kmeans.samples=1000",
                    "out=" + folder.resolve("scenes.codes")));
        }
        return file;
    }

    /// What a micro recipe's short run reads: few scenes or codes, and a tokenizer where it has codes to predict.
    ///
    /// @param folder for codes and tokenizer
    static List<String> little(String name, Path folder) throws IOException {
        var recipe = Methods.RECIPES.load(name, List.of()).recipe();
        var words = new ArrayList<String>();
        if (recipe.method().equals("sorcen")) {
            Path codes = folder.resolve("32.codes");
            if (!Files.exists(codes)) {
                SampleCodes.write(codes, 4, 32, 1, 32);
            }
            words.add("sorcen.codes=" + codes);
        } else {
            words.addAll(List.of("data.train-images=32", "data.test-images=8"));
        }
        if (!recipe.values().getOrDefault("decoder.codes", "0").equals("0")) {
            words.add("decoder.tokenizer=" + tokenizer(folder));
        }
        return words;
    }

    /// A run of one step.
    private Path begun(String name, Object... more) throws IOException {
        Path run = folder.resolve("run");
        var words = new ArrayList<Object>(List.of("train", "--recipe", name, "--quiet", "--device", "plain", "--out",
                run, "--stop-after", 1));
        words.addAll(little(name, folder));
        words = Cli.with(words, more);
        done(Cli.run(words.toArray()));
        return run;
    }

    /// Values to put in the place of another one.
    private static List<String> others(Recipe recipe, String path) {
        String value = recipe.values().get(path);
        Key key = Methods.RECIPES.keys().stream()
                .filter(k -> k.path().equals(path.replaceAll("\\.\\d+\\.", ".*."))).findFirst().orElseThrow();
        return switch (key.type().replace(" or null", "")) {
            case "true|false" -> List.of(value.equals("true") ? "false" : "true");
            case "integer" -> List.of("" + (Long.parseLong(value) + 1), "" + (Long.parseLong(value) - 1),
                    "" + 2 * Long.parseLong(value), "" + Long.parseLong(value) / 2);
            case "number" -> value.equals("null")
                    ? List.of("0.5")
                    : List.of("" + Double.parseDouble(value) * 0.5, "" + (Double.parseDouble(value) + 1e-6),
                            "" + (Double.parseDouble(value) + 1));
            case "word" -> Arrays.stream(key.range().split(", ")).filter(word -> !word.equals(value)).toList();
            case "[low, high]" -> List.of("[0.3, 0.7]", "[0.5, 0.9]", "[1.0, 1.5]");
            default -> List.of("other");
        };
    }

    /// Recipes that fit, each with one other value.
    private static Recipe changed(Recipe recipe, String path) {
        for (String value : others(recipe, path)) {
            try {
                var other = Methods.RECIPES.parse(recipe.toYaml(), "recipe.yaml", List.of(path + "=" + value)).recipe();
                if (!other.equals(recipe)) {
                    return other;
                }
            } catch (RecipeException e) {
                continue; // this value goes not with the others
            }
        }
        return null;
    }

    /// The YAML of a recipe with another value at a key, whether it fits or not.
    private static String edited(String yaml, String path, String value) {
        var lines = new ArrayList<>(yaml.lines().toList());
        var at = new ArrayList<String>();
        var items = new HashMap<String, Integer>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).strip();
            int depth = (lines.get(i).length() - lines.get(i).stripLeading().length()) / 2;
            at.subList(Math.min(at.size(), depth), at.size()).clear();
            if (text.startsWith("- ")) {
                at.add("" + (items.merge(String.join(".", at), 1, Integer::sum) - 1));
                text = text.substring(2);
            }
            at.add(text.replaceFirst(":.*", ""));
            if (String.join(".", at).equals(path)) {
                lines.set(i, lines.get(i).replaceFirst(":.*", ": " + value));
                if (text.endsWith(":")) { // a pair of numbers, a line each
                    lines.subList(i + 1, i + 3).clear();
                }
                return String.join("\n", lines) + "\n";
            }
        }
        throw new IllegalArgumentException(path + " is not in\n" + yaml);
    }

    /// One of each method.
    static List<String> micros() {
        return Methods.RECIPES.names().stream().filter(name -> name.endsWith("-micro")).toList();
    }

    @ParameterizedTest
    @MethodSource("micros")
    void everyKeyThatMayNotChangeIsNamed(String name) throws IOException {
        Path run = begun(name);
        Path file = run.resolve("recipe.yaml");
        Recipe own = Methods.RECIPES.load(file, List.of()).recipe();
        List<String> before = Cli.files(run);
        int compared = 0;
        int fixed = 0;
        for (String path : own.values().keySet()) {
            if (Resumption.FREE.contains(path) || Methods.RECIPES.files(own).contains(path)) {
                continue;
            }
            fixed++;
            Recipe other = changed(own, path);
            if (other == null) { // the rest of the recipe, or its method, leaves it but one value
                Files.writeString(file, edited(own.toYaml(), path, others(own, path).getFirst()));
                refused(resume(run), file);
                continue;
            }
            Files.writeString(file, other.toYaml());
            refused(resume(run), newest(run), "trained with another recipe", path + ": " + own.values().get(path)
                    + " then, " + other.values().get(path) + " now", "Restore " + file, "--init-from");
            compared++;
        }
        assertTrue(compared > fixed * 3 / 4, compared + " of " + fixed);
        Files.writeString(file, own.toYaml());
        assertEquals(before, Cli.files(run), "nothing is written");
        done(resume(run, "--stop-after", 1));
    }

    @Test
    void theKeysThatMayChangeAreThese() {
        var keys = new TreeSet<>(Methods.RECIPES.keys().stream().map(Key::path).toList());
        assertTrue(keys.containsAll(Resumption.FREE), Resumption.FREE::toString);
        assertEquals(Set.of("data.dir", "data.cache", "data.skip-bad", "data.max-pixels", "training.log-every",
                "training.checkpoint-every", "training.keep-checkpoints", "eval.every", "eval.keys", "eval.queries",
                "eval.by", "eval.patience"), Resumption.FREE);
        var files = new TreeSet<String>();
        for (String name : Methods.RECIPES.names()) {
            files.addAll(Methods.RECIPES.files(Methods.RECIPES.load(name, List.of()).recipe()));
        }
        assertEquals(Set.of("sorcen.codes", "decoder.tokenizer"), files);
    }

    private static Path newest(Path run) throws IOException {
        return new CheckpointFiles(run.resolve("checkpoints")).newest().orElseThrow().file();
    }

    /// A picture of one colour and a dot, at `home/train/CLASS/NAME.png`.
    private static void picture(Path home, String name, int number) throws IOException {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, number * 7919 & 0xFFFFFF);
        }
        image.setRGB(number % 16, number / 16 % 16, 0xFFFFFF);
        Path file = home.resolve(name + ".png");
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private Path pictures() throws IOException {
        Path home = folder.resolve("home");
        for (int i = 0; i < PICTURES; i++) {
            picture(home, String.format("train/%s/%02d", i < PICTURES / 2 ? "one" : "two", i), i);
        }
        picture(home, "test/one/0", 100);
        picture(home, "test/two/0", 101);
        return home;
    }

    private Path begunOnPictures(Path home) throws IOException {
        return begun("stellar-micro", "data=" + home, "data.train-images=0", "data.test-images=0",
                "data.cache=" + folder.resolve("packed"));
    }

    @Test
    void whatMayChangeChanges() throws IOException {
        Path home = pictures();
        Path run = begunOnPictures(home);
        Path file = run.resolve("recipe.yaml");
        Path moved = Files.move(home, folder.resolve("moved"));
        Files.writeString(file, Methods.RECIPES.load(file, List.of("data=" + moved, "data.skip-bad=true",
                "data.cache=" + folder.resolve("packed2"), "data.max-pixels=100000", "training.log-every=3",
                "training.checkpoint-every=2", "training.keep-checkpoints=5")).recipe().toYaml());
        Cli cli = done(resume(run, "--stop-after", 1));
        assertTrue(!cli.err().contains("older program"), cli::all);
        done(Cli.run("train", "--resume", run, "--quiet", "--threads", 2));
    }

    @Test
    void otherPicturesAreCounted() throws IOException {
        Path home = pictures();
        Path run = begunOnPictures(home);
        List<String> before = Cli.files(run);
        picture(home, "train/two/25", 200);
        refused(resume(run), newest(run), "40 then, 40 now: 1 changed;", "Put them back", "--init-from");
        Files.delete(home.resolve("train/two/25.png"));
        refused(resume(run), "40 then, 39 now: 1 missing;");
        picture(home, "train/two/99", 201);
        picture(home, "train/two/98", 202);
        refused(resume(run), "40 then, 41 now: 2 added, 1 missing;");
        Files.delete(home.resolve("train/two/99.png"));
        Files.delete(home.resolve("train/two/98.png"));
        picture(home, "train/two/25", 25);
        Files.move(home.resolve("train/one/19.png"), home.resolve("train/two/00.png"));
        refused(resume(run), "40 then, 40 now: 1 of another class;");
        Files.move(home.resolve("train/two/00.png"), home.resolve("train/one/00a.png"));
        refused(resume(run), "40 then, 40 now: in another order;");
        Path examples = run.resolve("examples.safetensors");
        byte[] kept = Files.readAllBytes(examples);
        Files.delete(examples);
        refused(resume(run), "SHA-256", examples + " is missing");
        Files.write(examples, Arrays.copyOf(kept, 100));
        refused(resume(run), "SHA-256", examples);
        Files.write(examples, kept);
        assertEquals(before, Cli.files(run), "nothing is written");
        Files.move(home.resolve("train/one/00a.png"), home.resolve("train/one/19.png"));
        done(resume(run, "--stop-after", 1));
    }

    @Test
    void otherCodesAreCounted() throws IOException {
        Path run = begun("sorcen-micro");
        Path moved = Files.move(folder.resolve("32.codes"), folder.resolve("moved.codes"));
        Path file = run.resolve("recipe.yaml");
        Recipe own = Methods.RECIPES.load(file, List.of()).recipe();
        var more = SampleCodes.write(folder.resolve("32.codes"), 4, 32, 1, 33);
        refused(resume(run), "learnt from other images or codes. 32 then, 33 now: ", "added", "Put them back");
        assertEquals(33, more.size());
        Files.writeString(file, Methods.RECIPES.load(file, List.of("sorcen.codes=" + moved)).recipe().toYaml());
        done(resume(run, "--stop-after", 1));
        assertEquals(own.values().size(), Methods.RECIPES.load(file, List.of()).recipe().values().size());
        assertEquals(64, Checkpoint.position(newest(run)).examples().length());
    }
}
