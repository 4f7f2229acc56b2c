package dev.triptych.device.vector;

import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The table of patterns: models say what is computed, kernel by kernel; the table says what is computed together. The
/// first pattern that fits at a launch is taken, so longer ones stand before their beginnings.
///
/// Every implementation gives each number that somebody reads, by the same formulas in the same order for every number
/// of threads; what nobody reads is not written.
final class Patterns {
    private static final List<Pattern> TABLE = List.of(
            line("linear gelu", LinearFusions::activates, LinearFusions::linearGelu),
            line("linear weightedAdd", LinearFusions::addsToResidual, LinearFusions::linearResidual),
            line("product geluGradient", LinearFusions::passesActivation, LinearFusions::productGeluGradient),
            line("transposedProduct columnPartialSums combineColumns", LinearFusions::weightsWithBias,
                    LinearFusions::weightAndBiasGradient),
            line("attentionProbabilities attentionContext", AttentionKernels::reads, AttentionKernels::forward),
            line("attentionScoreGradient attentionGradient", AttentionKernels::gradients, AttentionKernels::backward),
            line("attentionDroppedScoreGradient attentionGradient", AttentionKernels::droppedGradients,
                    AttentionKernels::droppedBackward),
            line("rowMoments layerNorm", NormFusions::sameRows, NormFusions::layerNorm),
            line("layerNormGradient weightedAdd layerNormGainPartial combineColumns columnPartialSums combineColumns",
                    NormFusions::gradientAddsToResidual, NormFusions::gradientWithResidual),
            line("layerNormGradient layerNormGainPartial combineColumns columnPartialSums combineColumns",
                    NormFusions::gradient, NormFusions::gradientAlone));

    private Patterns() {
    }

    private static Pattern line(String kernels, Predicate<Window> fits, Pattern.Fusion fusion) {
        return new Pattern(List.of(kernels.split(" ")), fits, fusion);
    }

    /// The kernels of all patterns.
    static List<List<String>> kernels() {
        return TABLE.stream().map(Pattern::kernels).toList();
    }

    /// Cuts a program's launches into groups, each of which fits a pattern or is one launch.
    static List<List<Launch>> groups(Program program) {
        List<Launch> launches = program.launches();
        Map<Tensor, Integer> mentions = Window.mentions(program);
        var groups = new ArrayList<List<Launch>>();
        int at = 0;
        while (at < launches.size()) {
            int length = length(launches.subList(at, launches.size()), mentions);
            groups.add(List.copyOf(launches.subList(at, at + length)));
            at += length;
        }
        return groups;
    }

    private static int length(List<Launch> launches, Map<Tensor, Integer> mentions) {
        for (Pattern pattern : TABLE) {
            int n = pattern.kernels().size();
            if (n <= launches.size()) {
                var window = new Window(launches.subList(0, n), mentions);
                if (window.calls(pattern.kernels()) && pattern.fits().test(window)) {
                    return n;
                }
            }
        }
        return 1;
    }

    /// Binds a group of several launches.
    ///
    /// @param mentions of the group's program
    static Runnable bind(List<Launch> group, Map<Tensor, Integer> mentions, List<Arguments> arguments,
            WorkerPool pool) {
        var window = new Window(group, mentions);
        for (Pattern pattern : TABLE) {
            if (pattern.kernels().size() == group.size() && window.calls(pattern.kernels())) {
                return pattern.fusion().bind(window, arguments, pool);
            }
        }
        throw new IllegalStateException("No pattern for " + group.stream().map(Launch::kernel).toList());
    }
}
