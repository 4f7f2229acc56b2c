package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Adaptation under a shift: learnt on some classes, adapted on others or on pictures that were made worse.
class ShiftRunTest {
    @TempDir
    private Path folder;

    private Path train(String name, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", "--recipe", "bits-micro", "--quiet", "--device", "plain",
                "--stop-after", 2, "--out", run, "bits.reset-every=null"));
        words.addAll(List.of(more));
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return run;
    }

    private String evaluated(Path run, String name, Object... more) throws IOException {
        Path out = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("eval", "--run", run, "--device", "plain", "--out", out));
        words.addAll(List.of(more));
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        return Files.readString(out.resolve("eval.json"));
    }

    private static float[] patches(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            var file = Safetensors.read(files.filter(f -> f.toString().endsWith(".safetensors")).findFirst()
                    .orElseThrow());
            return file.floats(file.names().stream().filter(name -> name.matches("encoder.*patch.*weight"))
                    .findFirst().orElseThrow());
        }
    }

    /// Frozen beside adapted, fixed beside reset, each by its command.
    @Test
    void learnsOnSomeClassesAndAdaptsOnOthers() throws IOException {
        Object[] shift = {"data.classes=after:3", "data.corruption=noise", "data.strength=5"};
        Path source = train("source", "data.classes=first:3");
        Path fixed = train("fixed", Stream.concat(Stream.of("--init-from", source), Stream.of(shift)).toArray());
        Path reset = train("reset", Stream.concat(Stream.of("--init-from", source, "bits.reset-first=true"),
                Stream.of(shift)).toArray());
        String frozen = evaluated(source, "frozen", shift);
        assertNotEquals(frozen, evaluated(fixed, "adapted"));
        assertFalse(Arrays.equals(patches(fixed), patches(reset)));
        // the figures of raw pixels are of the images alone: those of the run's own shift are those of the command
        assertEquals(raw(frozen), raw(Files.readString(folder.resolve("adapted/eval.json"))));
        assertNotEquals(raw(frozen), raw(evaluated(source, "clean", "data.classes=after:3")));
        assertNotEquals(raw(frozen), raw(evaluated(source, "home")));
    }

    /// What raw pixels give.
    private static List<String> raw(String json) {
        var found = Pattern.compile("\"raw pixels\"[^,}]*").matcher(json).results().map(MatchResult::group).toList();
        assertFalse(found.isEmpty(), json);
        return found;
    }

    /// Each key changes what is learnt, alone.
    @Test
    void eachKeyArrives() throws IOException {
        var learnt = new ArrayList<float[]>();
        for (String word : List.of("data.corruption=none", "data.classes=first:3", "data.classes=after:3",
                "data.corruption=noise", "data.corruption=blur", "data.corruption=contrast", "data.corruption=jpeg",
                "data.corruption=jpeg data.strength=5")) {
            float[] now = patches(train("run" + learnt.size(), (Object[]) word.split(" ")));
            assertTrue(learnt.stream().noneMatch(before -> Arrays.equals(before, now)), word);
            learnt.add(now);
        }
    }

    /// Of pictures in folders: classes are chosen among all of them, and then their number.
    @Test
    void classesAreChosenBeforeTheirNumber() throws IOException {
        Path data = folder.resolve("pictures");
        for (int i = 0; i < 96; i++) {
            var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i % 16, i / 16, 0xFFFFFF);
            Path file = data.resolve(i % 2 == 0 ? "train" : "test").resolve(i < 64 ? "cat" : "dog")
                    .resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        Object[] words = {"data=" + data, "data.cache=" + folder.resolve("cache"), "data.classes=dog",
                "data.train-images=16", "data.test-images=16"};
        train("dogs", words);
        words[3] = "data.train-images=17";
        var all = new ArrayList<Object>(List.of("train", "--recipe", "bits-micro", "--out", folder.resolve("more")));
        all.addAll(List.of(words));
        Cli cli = Cli.run(all.toArray());
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("data.train-images is 17, but there are 16"), cli::all);
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("data.classes is 'unicorns', but there is no class 'unicorns'", "data.classes=unicorns");
        refused("data.corruption is noise; expected none, because data.pack=none", "data.corruption=noise",
                "data.pack=none");
        refused("data.strength is 6", "data.corruption=noise", "data.strength=6");
        refused("data.corruption is 'fog'", "data.corruption=fog");
    }

    private void refused(String message, Object... words) {
        var all = new ArrayList<Object>(List.of("train", "--recipe", "bits-micro", "--out", folder.resolve("bad")));
        all.addAll(List.of(words));
        Cli cli = Cli.run(all.toArray());
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains(message), cli::all);
        assertFalse(Files.exists(folder.resolve("bad").resolve("checkpoints")));
    }
}
