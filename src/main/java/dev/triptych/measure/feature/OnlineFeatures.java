package dev.triptych.measure.feature;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.Subset;
import dev.triptych.data.source.Split;
import dev.triptych.device.Session;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.Evaluation;
import dev.triptych.method.Health;
import dev.triptych.method.InputException;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Workplace;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.EvalSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Looks at features while they are learnt. With labels: kNN (k = 20, majority) of some test images among some training
/// images. Without: the directions that features fill (r_eff, d_eff) and the mean cosine of any two. With a teacher,
/// both are looked at, and how often the nearest training image is the same one for both.
///
/// An evaluation reads the student or the teacher, as its method has it; for each look the weights that are meant are
/// copied to both places.
public final class OnlineFeatures implements OnlineJudge {
    private static final String STUDENT = ", student";
    private static final String TEACHER = ", teacher";
    private static final int LARGEST_BATCH = 64;
    /// Share of the memory that pictures may take.
    private static final int SHARE = 16;

    private final State state;
    private final Session session;
    private final EvalSection how;
    private final List<String> names;
    private final String absence;
    private final Supplier<Seen> encode;
    private final String description;

    /// Features by the names of their values.
    ///
    /// @param keys among which neighbours are sought
    /// @param queries that are judged
    public record Seen(Map<String, Features> keys, Map<String, Features> queries) {
    }

    /// @param state of programs of its own
    /// @param session in which they are bound; is closed with this
    /// @param names of the values that are looked at
    /// @param absence why labels tell nothing; empty where they do
    /// @param encode what the weights in the session make of keys and queries
    /// @param counts of both, in words
    /// @throws InputException if `eval.by` names none of the values, or there is nothing to decide by
    public OnlineFeatures(State state, Session session, EvalSection how, List<String> names, String absence,
            Supplier<Seen> encode, String counts) {
        this.state = state;
        this.session = session;
        this.how = how;
        this.names = List.copyOf(names);
        this.absence = absence;
        this.encode = encode;
        this.description = (labelled() ? "kNN of " : "directions of features of ") + counts + ", every "
                + how.every() + " epochs" + (labelled() ? "" : ", since " + absence);
        if (how.by() != null && !names.contains(how.by())) {
            throw new InputException("eval.by is '" + how.by() + "'; expected one of " + String.join(", ", names)
                    + ". Change it, or leave it out for " + names.getFirst() + ".");
        }
        if (how.patience() > 0 && !labelled()) {
            throw new InputException("eval.patience is " + how.patience() + ", but " + absence + "; expected labels, "
                    + "because nothing else says which weights are better. Set eval.patience=0.");
        }
    }

    /// Looks at what a method makes of a recipe's images.
    ///
    /// @param programs of its own: not those that are trained
    /// @throws InputException if there are too few images
    public static OnlineFeatures ofImages(Recipe recipe, Workplace place, MethodPrograms programs) throws IOException {
        EvalSection how = recipe.eval();
        ImageSet keys = some(recipe, place, Split.TRAIN, how.keys());
        ImageSet queries = some(recipe, place, Split.TEST, how.queries());
        String absence = ClassNames.absence(keys.classes());
        if (absence.isEmpty()) {
            Knn.require(keys.size(), "Raise eval.keys or data.train-images, or set eval.every=0.");
        }
        Evaluation<?> evaluation = programs.evaluate(Math.min(LARGEST_BATCH, Math.min(keys.size(), queries.size())));
        var values = new LinkedHashMap<String, Tensor>();
        ((EncodedValue.Named) evaluation.values()).named().stream().filter(value -> !value.bits())
                .forEach(value -> values.put(value.name(), value.tensor()));
        Session session = place.device().bind(programs.state(), evaluation.program());
        var encoder = new ImageEncoder(session, evaluation);
        return new OnlineFeatures(programs.state(), session, how, List.copyOf(values.keySet()), absence,
                () -> new Seen(features(encoder, keys, values), features(encoder, queries, values)),
                counts(queries.size(), keys.size()));
    }

    /// How many are looked at, in words.
    public static String counts(int queries, int keys) {
        return queries + " test images among " + keys + " training images";
    }

    /// How many of `size` are meant by a key of the recipe.
    public static int[] drawn(int size, int wanted) {
        return Subset.drawn(size, wanted == 0 ? size : Math.min(wanted, size));
    }

    private static ImageSet some(Recipe recipe, Workplace place, Split split, int wanted) throws IOException {
        ImageSet set = place.streamed(recipe.data(), recipe.seed(), split);
        if (set.size() == 0) {
            throw new InputException("eval.every is " + recipe.eval().every() + ", but there are no " + split.title()
                    + " images; expected some to look at. Give some, or set eval.every=0.");
        }
        ImageSet some = ImageSets.subset(set, drawn(set.size(), wanted));
        long bytes = 3L * some.side() * some.side() * some.size();
        return bytes > Runtime.getRuntime().maxMemory() / SHARE ? some : MemorySet.of(some);
    }

    private static Map<String, Features> features(ImageEncoder encoder, ImageSet set, Map<String, Tensor> values) {
        var encoded = encoder.encode(set, List.copyOf(values.values()), batch -> {
        });
        var features = new LinkedHashMap<String, Features>();
        values.forEach((name, tensor) -> features.put(name, encoded.get(tensor)));
        return features;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean labelled() {
        return absence.isEmpty();
    }

    @Override
    public Look look(Session training, State trained, boolean teacher) {
        var figures = new LinkedHashMap<String, Double>();
        String by = how.by() == null ? names.getFirst() : how.by();
        Seen student = encoded(training, trained, false);
        figures(student, STUDENT, figures);
        if (teacher) {
            Seen average = encoded(training, trained, true);
            figures(average, TEACHER, figures);
            figures.put("agreement on " + by + " of student and teacher",
                    agreement(student, average, by));
        }
        boolean readsTeacher = teacher && !state.teachers().isEmpty();
        return new Look(figures, figure(by) + (readsTeacher ? TEACHER : STUDENT));
    }

    private String figure(String name) {
        return (labelled() ? "kNN on " : "r_eff of ") + name;
    }

    /// What student or teacher make of keys and queries.
    private Seen encoded(Session training, State trained, boolean teacher) {
        state.parameters().forEach((name, tensor) -> {
            boolean averaged = teacher && trained.teachers().containsKey(name);
            float[] values = training
                    .download(averaged ? trained.teachers().get(name) : trained.parameters().get(name));
            session.upload(tensor, values);
            if (state.teachers().containsKey(name)) {
                session.upload(state.teachers().get(name), values);
            }
        });
        state.buffers().forEach((name, tensor) -> session.upload(tensor,
                training.download(trained.buffers().get(name))));
        return encode.get();
    }

    private void figures(Seen seen, String who, Map<String, Double> to) {
        for (String name : names) {
            Features queries = seen.queries().get(name);
            if (labelled()) {
                to.put(figure(name) + who, Knn.standard().accuracy(seen.keys().get(name), queries));
            } else {
                to.put(figure(name) + who, Health.orNaN(() -> Geometry.of(queries).effectiveRank()));
                to.put("d_eff of " + name + who, Health.orNaN(() -> Geometry.of(queries).participation()));
                to.put("mean cosine of " + name + who, Health.orNaN(() -> Spectrum.meanCosine(queries.rows(), 0,
                        queries.count(), queries.width())));
            }
        }
    }

    /// Percentage of queries whose nearest key is the same one for both.
    private static double agreement(Seen one, Seen other, String name) {
        int[] first = nearest(one, name);
        int[] second = nearest(other, name);
        return 100.0 * IntStream.range(0, first.length).filter(q -> first[q] == second[q]).count() / first.length;
    }

    private static int[] nearest(Seen seen, String name) {
        Features queries = seen.queries().get(name);
        var neighbours = CosinePanels.pack(seen.keys().get(name)).nearest(queries, 0, queries.count(), 1);
        return IntStream.range(0, queries.count()).map(q -> neighbours.key(q, 0)).toArray();
    }

    @Override
    public void close() {
        session.close();
    }
}
