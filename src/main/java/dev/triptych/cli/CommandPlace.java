package dev.triptych.cli;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.Registry;
import dev.triptych.method.SavedTokenizer;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Where a method works for a command: its device, its terminal, the files that it names.
final class CommandPlace implements Workplace, AutoCloseable {
    private final Terminal terminal;
    private final Registry methods;
    private final Device device;
    private final Consumer<String> remarks;
    private final boolean makesUp;
    private final Evaluating progress;
    private final Images images;
    private final Deque<Runnable> endings = new ArrayDeque<>();

    CommandPlace(Terminal terminal, Registry methods, Device device) {
        this(terminal, methods, device, terminal::remark, false);
    }

    /// A place where steps are measured or checked.
    ///
    /// @param remarks where remarks go
    static CommandPlace forSteps(Terminal terminal, Registry methods, Device device, Consumer<String> remarks) {
        return new CommandPlace(terminal, methods, device, remarks, true);
    }

    private CommandPlace(Terminal terminal, Registry methods, Device device, Consumer<String> remarks,
            boolean makesUp) {
        this.terminal = terminal;
        this.methods = methods;
        this.device = device;
        this.remarks = remarks;
        this.makesUp = makesUp;
        this.progress = new Evaluating(terminal);
        this.images = new Images(terminal);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public EvaluationProgress progress() {
        return progress;
    }

    @Override
    public void remark(String text) {
        remarks.accept(text);
    }

    @Override
    public boolean makesUp() {
        return makesUp;
    }

    @Override
    public ImageSet images(Recipe recipe, Split split) throws IOException {
        return images.open(recipe, split);
    }

    @Override
    public ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        return images.streamed(data, seed, split);
    }

    @Override
    public SavedTokenizer tokenizer(Path fileOrRun) throws IOException {
        var saved = TokenizerFiles.open(fileOrRun, methods, device);
        endings.push(saved.tokenizer()::close);
        return saved;
    }

    /// On `plain`, kernels run as written here, too.
    @Override
    public SavedTokenizer batchTokenizer(Path fileOrRun) throws IOException {
        Device own = device instanceof PlainDevice ? new PlainDevice() : new VectorDevice(1);
        endings.push(own::close);
        var saved = TokenizerFiles.open(fileOrRun, methods, own);
        endings.push(saved.tokenizer()::close);
        return saved;
    }

    @Override
    public void close() {
        progress.close();
        endings.forEach(Runnable::run);
    }
}
