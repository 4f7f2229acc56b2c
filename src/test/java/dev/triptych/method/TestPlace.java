package dev.triptych.method;

import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A workplace for tests: the plain device, generated scenes, remarks that can be read.
public class TestPlace implements Workplace {
    private final Device device = new PlainDevice();
    private final List<String> remarks = new ArrayList<>();

    /// What was remarked.
    public List<String> remarks() {
        return remarks;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public EvaluationProgress progress() {
        return EvaluationProgress.NONE;
    }

    @Override
    public void remark(String text) {
        remarks.add(text);
    }

    @Override
    public boolean makesUp() {
        return true;
    }

    @Override
    public ImageSet images(Recipe recipe, Split split) throws IOException {
        return streamed(recipe.data(), recipe.seed(), split);
    }

    @Override
    public ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        data.requireImages();
        return ImageSets.scenes(new DataSource.Generated(seed, data.trainImages(), data.testImages()), split,
                data.side());
    }

    @Override
    public SavedTokenizer tokenizer(Path fileOrRun) throws IOException {
        return TokenizerFiles.open(fileOrRun, Methods.ALL, device);
    }

    @Override
    public SavedTokenizer batchTokenizer(Path fileOrRun) throws IOException {
        return tokenizer(fileOrRun);
    }
}
