package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.io.Json;
import dev.triptych.train.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tokenize`, `train` and `generate` one after another, as the recipe's head tells.
class GenerateTest {
    @TempDir
    private Path folder;

    @Test
    void fromImagesToImagesThatNeverWere() throws IOException {
        Path codes = folder.resolve("micro.codes");
        Path run = folder.resolve("run");
        ok(Cli.run("tokenize", "--tokenizer", "kmeans", "data.side=16", "data.train-images=64", "data.test-images=32",
                "data.cache=" + folder.resolve("packed"), "kmeans.codes=32", "kmeans.samples=1000", "out=" + codes));
        ok(Cli.run("train", "--recipe", "sorcen-micro", "--quiet", "--out", run, "--stop-after", 6,
                "training.checkpoint-every=1", "sorcen.codes=" + codes));
        Cli first = ok(Cli.run("generate", "--run", run, "n=5", "seed=3", "iterations=4"));
        assertTrue(first.out().contains("5 grids of 16 codes: "), first::all);
        var set = CodeSet.open(run.resolve("generated.codes"));
        assertEquals(5, set.size());
        assertEquals(CodeSet.open(codes).header().tokenizerSha256(), set.header().tokenizerSha256());
        assertTrue(Files.size(run.resolve("generated.png")) > 500);
        ok(Cli.run("generate", "--run", run, "n=3", "seed=3", "iterations=4", "--out", "less"));
        Cli json = ok(Cli.run("generate", "--run", run, "n=3", "seed=4", "iterations=4", "--out", "other", "--json"));
        assertEquals(3L, Json.read(json.out()).get("images"), json::all);
        assertTrue(Files.readString(run.resolve("report.html")).contains("Generated images"), "on the page");
        Cli codesAgain = ok(Cli.run("tokenize", "--tokenizer", "kmeans", "data.side=16", "data.train-images=64",
                "data.test-images=32", "kmeans.codes=32", "kmeans.samples=1000", "--json", "--force", "out=" + codes));
        assertTrue(Json.read(codesAgain.out()).containsKey("figures"), codesAgain::all);
        assertArrayEquals(grid(set, 2), grid(CodeSet.open(run.resolve("less.codes")), 2));
        assertFalse(Arrays.equals(grid(set, 2), grid(CodeSet.open(run.resolve("other.codes")), 2)));
        theCheckpointIsChosen(run);
        aPartOfAPictureIsGeneratedAnew(run);
        refused(Cli.run("generate", "--run", run, "seeds=3"), "'seeds=3' is unknown", "iterations=");
        refused(Cli.run("generate", "--run", run, "n=0"), "'n=0'", "1 to ");
        for (String name : List.of("../x", "a/b", "a\\b", folder.resolve("x").toString())) {
            refused(Cli.run("generate", "--run", run, "n=1", "--out", name), "--out is '" + name
                    + "'; expected a name without folders, because", "Leave it out for generated.");
        }
        refused(Cli.run("generate", "--run", run, "n=1", "--out", ""), "--out is ''; expected a name of one letter");
        refused(Cli.run("generate", "--run", run, "n=1", "--out", ".x"), "--out is '.x'; expected a name without a dot "
                + "in front");
        refused(Cli.run("generate", "--run", "", "n=1"), "--run is ''; expected the folder of a run");
        Files.writeString(run.resolve("sheet.png"), "of eval");
        refused(Cli.run("generate", "--run", run, "n=1", "--out", "sheet"), "--out sheet: " + run.resolve("sheet.png"));
        onlyGeneratedCodesAreReplaced(run, codes);
        refused(Cli.run("generate", "--run", run, "--tokenizer", codes), codes.toString());
        refused(Cli.run("generate", "--run", folder), folder.toString());
    }

    /// Codes outside the mask are those of the picture in every grid; inside, grids differ.
    private void aPartOfAPictureIsGeneratedAnew(Path run) throws IOException {
        Path picture = folder.resolve("picture.png");
        var image = new java.awt.image.BufferedImage(16, 16, java.awt.image.BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, i % 16 * 0x0f0000 + i / 16 * 0x000f00 + 0x40);
        }
        javax.imageio.ImageIO.write(image, "png", picture.toFile());
        ok(Cli.run("generate", "--run", run, "n=6", "iterations=3", "from=" + picture, "mask=0.5,0,0.5,1", "--out",
                "half"));
        var half = CodeSet.open(run.resolve("half.codes"));
        var differ = new java.util.TreeSet<Integer>();
        for (int g = 1; g < 6; g++) {
            for (int i = 0; i < 16; i++) {
                if (grid(half, g)[i] != grid(half, 0)[i]) {
                    differ.add(i);
                }
            }
        }
        assertFalse(differ.isEmpty());
        assertTrue(differ.stream().allMatch(i -> i % 4 >= 2), () -> "cells that differ: " + differ);
        refused(Cli.run("generate", "--run", run, "mask=0,0,1,1"), "expected from= before it");
        refused(Cli.run("generate", "--run", run, "from=" + picture, "mask=0.5,0,0.6,1"), "shares of the picture");
        refused(Cli.run("generate", "--run", run, "from=" + picture, "mask=0,0,0.01,0.01"), "the centre of no code");
        refused(Cli.run("generate", "--run", run, "from=" + folder.resolve("none.png")), "none.png");
    }

    /// By file, as the best, and as the newest without the option.
    private static void theCheckpointIsChosen(Path run) throws IOException {
        var files = new CheckpointFiles(run.resolve("checkpoints"));
        Path best = files.best().orElseThrow().file();
        Path newest = files.newest().orElseThrow().file();
        assertNotEquals(best, newest);
        String[] names = {"best", best.toString(), newest.toString()};
        for (String name : names) {
            ok(Cli.run("generate", "--run", run, "n=3", "seed=3", "--checkpoint", name, "--out",
                    name.equals("best") ? "best" : Path.of(name).getFileName()));
        }
        Path bestCodes = run.resolve("best.codes");
        assertEquals(-1, Files.mismatch(bestCodes, run.resolve(best.getFileName() + ".codes")));
        assertNotEquals(-1, Files.mismatch(bestCodes, run.resolve(newest.getFileName() + ".codes")));
        refused(Cli.run("generate", "--run", run, "n=3", "--checkpoint", "worst"), "--checkpoint worst: there is no "
                + "such file; expected one from " + files.folder() + ", or best.");
        refused(Cli.run("generate", "--run", run, "n=3", "--checkpoint", run), "--checkpoint " + run);
        refused(Cli.run("generate", "n=3", "--checkpoint", "best"), "'--run=RUN'");
    }

    /// Neither codes of images, nor what is no code file, nor what the run itself is trained on, be it generated.
    private static void onlyGeneratedCodesAreReplaced(Path run, Path codes) throws IOException {
        ok(Cli.run("generate", "--run", run, "n=2", "iterations=2", "--out", "less"));
        assertEquals(2, CodeSet.open(run.resolve("less.codes")).size());
        Path images = Files.copy(codes, run.resolve("images.codes"));
        Path text = Files.writeString(run.resolve("text.codes"), "mine");
        for (Path kept : List.of(images, text, Files.createDirectory(run.resolve("folder.codes")))) {
            String name = kept.getFileName().toString().replace(".codes", "");
            refused(Cli.run("generate", "--run", run, "n=1", "--out", name), "--out " + name + ": " + kept
                    + " is there and no file of generated codes, but ", "expected a name that is free");
            assertFalse(Files.exists(run.resolve(name + ".png")));
        }
        assertEquals(-1, Files.mismatch(codes, images));
        assertEquals("mine", Files.readString(text));
        Path recipe = run.resolve("recipe.yaml");
        String before = Files.readString(recipe);
        Path less = run.resolve("less.codes");
        byte[] bytes = Files.readAllBytes(less);
        Files.writeString(recipe, before.replace(codes.toString(), less.toString()));
        refused(Cli.run("generate", "--run", run, "n=1", "--out", "less"), "--out less: " + less
                + " holds the codes that this run is trained on (sorcen.codes); expected a name that is free");
        assertArrayEquals(bytes, Files.readAllBytes(less));
        Files.writeString(recipe, before);
    }

    private static int[] grid(CodeSet set, int image) {
        int[] grid = new int[set.positions()];
        set.codes(image, 0, grid, 0);
        return grid;
    }

    private static Cli ok(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }
}
