package dev.triptych.cli;

import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.source.Split;
import dev.triptych.io.AtomicFile;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Where an evaluation goes: the run's own, of its recipe's images, all of them, and of its newest checkpoint, into the
/// run folder; any other into a folder below `evaluations`, named by what it does otherwise, so that it never takes the
/// place of the run's own figures. The same asked for again goes to the same folder.
final class EvaluationFolder {
    private static final int LONGEST = 40;
    private static final int DIGITS = 6;
    /// What the run's own evaluations judged: the SHA-256 of the test images.
    private static final String TEST = "test-images.sha256";
    private static final Set<String> PLACES = Set.of("data.dir", "data.cache");

    private EvaluationFolder() {
    }

    /// The folder.
    ///
    /// @param own the run's recipe
    /// @param judged the same with the images that are judged
    /// @param otherwise what was asked for besides, a word each: `limit-train=100`
    /// @param place that hands out the images
    /// @param images whether the run learnt from images
    static Path of(RunFolder run, Recipe own, Recipe judged, List<String> otherwise, Workplace place, boolean images)
            throws IOException {
        var words = new ArrayList<String>();
        if (!none(own.data())) {
            words.addAll(settings(own, judged));
            if (judged.data().generated() && !own.data().generated()) {
                words.addFirst("scenes");
            }
            if (!judged.data().generated() && !learnt(run, own, judged, place, images)) {
                words.addFirst(name(judged, place));
            }
        }
        words.addAll(otherwise);
        String name = String.join(",", words);
        return name.isEmpty() ? run.path() : run.path().resolve(RunFolder.EVALUATIONS).resolve(name);
    }

    /// Whether a recipe names no images, as one of codes: it takes those that are given as its own.
    private static boolean none(DataSection data) {
        return data.generated() && (data.trainImages() == 0 || data.testImages() == 0);
    }

    /// Settings of images that differ, but for where they and their cache lie.
    private static List<String> settings(Recipe own, Recipe judged) {
        var before = own.values();
        var after = judged.values();
        return after.keySet().stream()
                .filter(key -> key.startsWith("data.") && !PLACES.contains(key)
                        && !after.get(key).equals(before.get(key)))
                .map(key -> key.substring("data.".length()) + "=" + after.get(key)).toList();
    }

    /// Whether the images that are judged are those that the run learnt from and was judged on before, by their
    /// content. A run that does not say which images it learnt from, as one that was imported or learnt from codes, is
    /// asked for their path at its first evaluation.
    private static boolean learnt(RunFolder run, Recipe own, Recipe judged, Workplace place, boolean images)
            throws IOException {
        Path before = run.path().resolve(TEST);
        String test = hash(judged, Split.TEST, place);
        boolean judgedBefore = Files.exists(before);
        if (judgedBefore && !Files.readString(before).strip().equals(test)) {
            return false;
        }
        boolean same = images && Files.exists(run.examples())
                ? Fingerprint.read(run.examples()).sha256().equals(hash(judged, Split.TRAIN, place))
                : judgedBefore || judged.data().dir().equals(own.data().dir());
        if (!same) {
            return false;
        }
        AtomicFile.write(before, (test + "\n").getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private static String hash(Recipe judged, Split split, Workplace place) throws IOException {
        return Fingerprint.of(place.images(judged, split)).sha256();
    }

    /// A name that people know and the content decides.
    private static String name(Recipe judged, Workplace place) throws IOException {
        String folder = Path.of(judged.data().dir()).toAbsolutePath().normalize().getFileName().toString();
        String plain = folder.replaceAll("[^A-Za-z0-9._-]+", "-");
        return plain.substring(0, Math.min(LONGEST, plain.length())) + "-"
                + (hash(judged, Split.TRAIN, place).substring(0, DIGITS)
                        + hash(judged, Split.TEST, place).substring(0, DIGITS));
    }

    /// What is asked for besides other images.
    ///
    /// @param limitTrain null where there is none
    /// @param checkpoint null for the newest
    static List<String> otherwise(Integer limitTrain, Path checkpoint) {
        var words = new ArrayList<String>();
        if (checkpoint != null) {
            words.add(checkpoint.getFileName().toString().replaceFirst("\\.safetensors$", ""));
        }
        if (limitTrain != null) {
            words.add("limit-train=" + limitTrain);
        }
        return words;
    }
}
