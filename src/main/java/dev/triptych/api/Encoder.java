package dev.triptych.api;

import dev.triptych.data.set.BadImages;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.device.Device;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.embed.GivenPictures;
import dev.triptych.embed.NearestPictures;
import dev.triptych.embed.OpenEncoder;
import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// The encoder of a trained run, from [Triptych#open].
///
/// **Threads.** Any thread may call it; one call runs at a time, the others wait. Each call computes on all the cores
/// that the encoder was opened with. The numbers of a picture are the same whatever else is asked for.
///
/// **Closing.** It holds the weights, and threads, until it is closed; then every call but [#close] throws
/// [IllegalStateException]. [#close] waits for the call at work, and may be called again.
///
/// **Errors.** What does not fit throws [TriptychException], what cannot be read or written [IOException]; the encoder
/// stays as it was, and may be asked again.
public final class Encoder implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Path folder;
    private final Recipe recipe;
    private final Method method;
    private final TrainedRun trained;
    private final Device device;
    private OpenEncoder open;
    private boolean closed;

    Encoder(RunFolder run, int threads) throws IOException {
        folder = run.path();
        recipe = run.recipe(Methods.RECIPES);
        method = Methods.ALL.of(recipe);
        trained = TrainedRun.open(run, run.newest(), recipe, recipe);
        device = new VectorDevice(threads);
    }

    /// Steps that the weights were trained.
    public long step() {
        return trained.step();
    }

    /// What it says of each picture, what people mostly want first.
    ///
    /// @throws TriptychException if the run reads no pictures but codes
    public List<Value> values() throws IOException {
        return alone(() -> List.copyOf(named().values()));
    }

    /// Encodes pictures of any size: the short side is scaled to the encoder's, then the centre is taken.
    ///
    /// @return in the order of the pictures
    /// @throws TriptychException naming all pictures that cannot be read
    public List<Encoded> encode(List<Path> pictures) throws IOException {
        return alone(() -> {
            var values = named();
            var set = GivenPictures.read(pictures, recipe.data().side(), GivenPictures.decoder(recipe));
            var rows = encoder().encode(set);
            return IntStream.range(0, rows.size())
                    .mapToObj(i -> new Encoded(set.classes().get(i), values, rows.get(i))).toList();
        });
    }

    /// Encodes one picture.
    public Encoded encode(Path picture) throws IOException {
        return encode(List.of(picture)).getFirst();
    }

    /// Takes pictures apart and paints them again from what was found: numbers and a sheet, written into a folder.
    ///
    /// @param into a folder, which is made where there is none
    /// @return the file of numbers, `tokens.safetensors`
    /// @throws TriptychException if the run's method has no decoder of tokens
    public Path decode(List<Path> pictures, Path into) throws IOException {
        return alone(() -> {
            var reader = method.tokens().orElseThrow(() -> new InputException(folder + ": a run of " + method.title()
                    + ", which has no tokens; expected a run of "
                    + Methods.ALL.titles(m -> m.tokens().isPresent(), " or ") + ". Open another run."));
            var set = GivenPictures.read(pictures, recipe.data().side(), GivenPictures.decoder(recipe));
            try (var place = new Place(device, _ -> {
            })) {
                reader.read(trained, set, pictures, List.of(), List.of(), Files.createDirectories(into), place);
            }
            return into.resolve("tokens.safetensors");
        });
    }

    /// The pictures of a source that are nearest to one, the nearest first.
    ///
    /// @param source a folder or archive
    /// @param count how many, at most
    /// @throws TriptychException if the run has not what is compared, or a picture of the source cannot be read
    public List<Neighbour> neighbours(Path picture, Path source, Likeness by, int count) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; expected 1 or more.");
        }
        return alone(() -> {
            var limited = GivenPictures.decoder(recipe);
            var query = GivenPictures.read(List.of(picture), recipe.data().side(), limited);
            var nearest = new NearestPictures(trained, method.programs(recipe), by.nearness(), 0, count);
            try (var pictures = Sources.whole(source, SourceOptions.AUTO)) {
                return nearest.find(query, pictures, new EntryDecoder(limited), BadImages.STOP, device, _ -> {
                }, _ -> {
                }).getFirst().found().stream().map(f -> new Neighbour(f.file(), f.label(), f.closeness())).toList();
            }
        });
    }

    /// Draws pictures out of nothing; they lie in the run's folder.
    ///
    /// @param name of the files, without an ending
    /// @param settings `key=value`, as of the command `generate`
    /// @return the sheet, `NAME.png`
    /// @throws TriptychException if the run's method draws none, or a setting does not fit
    public Path generate(String name, List<String> settings) throws IOException {
        return alone(() -> {
            var generator = method.generator().orElseThrow(() -> new InputException(folder + ": a run of "
                    + method.title() + ", which draws no pictures; expected one of "
                    + Methods.ALL.titles(m -> m.generator().isPresent(), " or ") + ". Open another run."));
            try (var place = new Place(device, _ -> {
            })) {
                generator.generate(trained, new ArrayList<>(settings), null, name, place);
            }
            return folder.resolve(name + ".png");
        });
    }

    private OpenEncoder encoder() throws IOException {
        if (open == null) {
            open = new OpenEncoder(trained, method.programs(recipe), device);
        }
        return open;
    }

    private Map<String, Value> named() throws IOException {
        var values = new LinkedHashMap<String, Value>();
        encoder().values().forEach(v -> values.put(v.name(),
                new Value(v.name(), v.meaning(), IntStream.of(v.shape()).boxed().toList(), v.bits())));
        return values;
    }

    private <T> T alone(Work<T> work) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(
                        "the encoder of " + folder + " is closed; expected an open one. Open the "
                                + "run again.");
            }
            return Work.told(work);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                if (open != null) {
                    open.close();
                }
                device.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
