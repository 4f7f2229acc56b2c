package dev.triptych.triptych;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.measure.code.SlotInformation;
import dev.triptych.measure.feature.EncoderPair;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.retrieval.HammingRetrieval;
import dev.triptych.measure.retrieval.Relevance;
import dev.triptych.measure.retrieval.TokenRetrieval;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the messages of tokens and of CLS are worth (section 8): retrieval by them, their entropy, and what they say
/// about the slot that a token comes from; each beside an untrained encoder's.
final class MessageEvaluation {
    private static final long ORDER_SEED = 1;
    private static final int STAGES = 4;
    /// Those that need labels.
    private static final int RETRIEVALS = 2;

    private final ImageSet train;
    private final ImageSet test;
    private final EvaluationProgress progress;

    /// @param train labelled images, the database of retrieval
    /// @param test images that are judged
    /// @param progress told how far it is
    MessageEvaluation(ImageSet train, ImageSet test, EvaluationProgress progress) {
        // codes tie often, and sets come class by class: ranked in that order, one code for all would find its class
        this.train = ImageSets.subset(train,
                CounterRandom.of(ORDER_SEED, Stream.PROBE, 0, 0).permutation(train.size()));
        this.test = test;
        this.progress = progress;
    }

    /// Messages of the pictures of one set.
    ///
    /// @param tokens of all tokens, picture by picture
    /// @param cls of the pictures
    private record Messages(BitCodes tokens, BitCodes cls, int[] labels) {
    }

    private record Run(Messages train, Messages test, int slots, Relevance relevance) {
    }

    /// What was found.
    ///
    /// @param train messages of the tokens of the database, picture by picture
    /// @param test messages of the tokens of the queries
    /// @param database its pictures, in that order
    record Found(List<Figure> figures, BitCodes train, BitCodes test, ImageSet database) {
    }

    Found evaluate(EncoderPair encoders, TriptychFeatures values) {
        boolean labelled = ClassNames.absence(train.classes()).isEmpty();
        progress.expect(STAGES - (labelled ? 0 : RETRIEVALS));
        Run run = encode("messages, trained encoder, images", encoders.trained(), values);
        Run start = encode("messages, untrained encoder, images", encoders.untrained(), values);
        var figures = new ArrayList<Figure>();
        int bits = run.test.cls.bits();
        if (labelled) {
            progress.begin("retrieval by messages of CLS, queries", 2L * test.size());
            figures.add(figure("mAP, Hamming, " + bits + " bits of CLS", cls(run), cls(start), "%",
                    HammingRetrieval.protocol()));
            progress.begin("retrieval by messages of tokens, queries", 2L * test.size());
            figures.add(figure("mAP, Hamming, " + bits + " bits of each token", tokens(run), tokens(start), "%",
                    TokenRetrieval.protocol()));
        }
        String messages = "messages of the " + test.size() + " test images";
        figures.add(figure("bit entropy of tokens", BitStatistics.meanEntropy(run.test.tokens),
                BitStatistics.meanEntropy(start.test.tokens), "bits", "mean of H(b) over bits, " + messages));
        figures.add(figure("bit entropy of CLS", BitStatistics.meanEntropy(run.test.cls),
                BitStatistics.meanEntropy(start.test.cls), "bits", "mean of H(b) over bits, " + messages));
        figures.add(figure("I(slot; bit)", SlotInformation.ofBits(run.test.tokens, run.slots),
                SlotInformation.ofBits(start.test.tokens, start.slots), "bits",
                "mean over bits of H(b) - H(b | slot of the token), " + messages));
        figures.add(figure("I(slot; message)",
                SlotInformation.ofMessages(run.train.tokens, run.test.tokens, run.slots),
                SlotInformation.ofMessages(start.train.tokens, start.test.tokens, start.slots), "bits",
                "lower bound: log2 K less the cross-entropy of naive Bayes, learnt on training images, judged on "
                        + messages));
        return new Found(figures, run.train.tokens, run.test.tokens, train);
    }

    private double cls(Run run) {
        return HammingRetrieval.symmetric(run.train.cls, run.test.cls, run.relevance, progress::did).map();
    }

    private double tokens(Run run) {
        return TokenRetrieval.map(run.train.tokens, run.test.tokens, run.slots, run.relevance, progress::did);
    }

    private Run encode(String name, ImageEncoder encoder, TriptychFeatures values) {
        progress.begin(name, (long) train.size() + test.size());
        Messages learnt = messages(encoder, values, train);
        Messages judged = messages(encoder, values, test);
        return new Run(learnt, judged, values.parts().tokens(),
                Relevance.of(train.classes(), judged.labels, learnt.labels));
    }

    private Messages messages(ImageEncoder encoder, TriptychFeatures values, ImageSet set) {
        Tensor token = values.tokens();
        int each = token.count() / encoder.batch();
        float[] logits = new float[Math.multiplyExact(set.size(), each)];
        Features cls = encoder.encode(set, List.of(values.cls()), batch -> {
            System.arraycopy(encoder.value(token), 0, logits, batch.first() * each, batch.count() * each);
            progress.did(batch.count());
        }).get(values.cls());
        return new Messages(BitCodes.of(logits, set.size() * token.side(1), token.columns()), BitCodes.of(cls),
                cls.labels());
    }

    private static Figure figure(String what, double value, double untrained, String unit, String protocol) {
        return new Figure(what, value, unit, protocol, Map.of("untrained encoder", untrained));
    }
}
