package dev.triptych.api;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.PackSettings;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.Judging;
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
        ImageSet set = streamed(recipe.data(), recipe.seed(), split);
        boolean squares = recipe.data().generated() || recipe.data().pack() != DataSection.Pack.NONE;
        long bytes = 3L * set.side() * set.side() * set.size();
        boolean fits = recipe.data().generated() || bytes <= Runtime.getRuntime().maxMemory() / 4;
        return squares && fits && !(set instanceof MemorySet) ? MemorySet.of(set) : set;
    }

    @Override
    public ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        data.requireImages();
        boolean train = split == Split.TRAIN;
        int wanted = train ? data.trainImages() : data.testImages();
        DataSource source = data.generated()
                ? new DataSource.Generated(seed, data.trainImages(), data.testImages())
                : new DataSource.Stored(Path.of(data.dir()), SourceOptions.of(data));
        var how = new PackSettings(data.side(), wanted, CacheFolder.of(data.cache()),
                ImageSets.limited(new ImageDecoder(data.maxPixels(), JpegDecoder.raster())),
                BadImages.of(data.skipBad()), data.pack() == DataSection.Pack.SQUARES, PackSettings.LONGEST);
        ImageSet set = ImageSets.streamed(source, split, how, _ -> {
        });
        set.skipped().forEach(unread -> remark(unread.text()));
        return Judging.limited(set, wanted, train ? "data.train-images" : "data.test-images");
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
