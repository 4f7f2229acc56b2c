package dev.triptych.api;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.RecipeImages;
import dev.triptych.method.SavedTokenizer;
import dev.triptych.method.Workplace;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Where a method works for a caller of the API: no terminal, remarks to whoever listens.
final class Place implements Workplace, AutoCloseable {
    private final Device device;
    private final Consumer<String> remarks;
    private final Deque<Runnable> endings = new ArrayDeque<>();

    Place(Device device, Consumer<String> remarks) {
        this.device = device;
        this.remarks = remarks;
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
        remarks.accept(text);
    }

    @Override
    public ImageSet images(Recipe recipe, Split split) throws IOException {
        RecipeImages.requireRoom(recipe.data(), split);
        return RecipeImages.inMemory(streamed(recipe.data(), recipe.seed(), split), recipe);
    }

    @Override
    public ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        ImageSet set = RecipeImages.streamed(data, seed, split, _ -> {
        });
        set.skipped().forEach(unread -> remark(unread.text()));
        return RecipeImages.chosen(set, data, split);
    }

    @Override
    public SavedTokenizer tokenizer(Path fileOrRun) throws IOException {
        return opened(fileOrRun, device);
    }

    @Override
    public SavedTokenizer batchTokenizer(Path fileOrRun) throws IOException {
        Device own = new VectorDevice(1);
        endings.push(own::close);
        return opened(fileOrRun, own);
    }

    private SavedTokenizer opened(Path fileOrRun, Device on) throws IOException {
        var saved = TokenizerFiles.open(fileOrRun, Methods.ALL, on);
        endings.push(saved.tokenizer()::close);
        return saved;
    }

    @Override
    public void close() {
        endings.forEach(Runnable::run);
    }
}
