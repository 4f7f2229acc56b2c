package dev.triptych.vqgan;

import dev.triptych.device.Device;
import dev.triptych.io.Safetensors;
import dev.triptych.measure.feature.OnlineFeatures;
import dev.triptych.method.Judge;
import dev.triptych.method.Meanings;
import dev.triptych.method.Method;
import dev.triptych.method.OnlineJudge;
import dev.triptych.method.Supply;
import dev.triptych.method.TokenizerSource;
import dev.triptych.method.Trained;
import dev.triptych.method.WeightsReader;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.ReleasedWeights;
import dev.triptych.train.ReleasedWeights.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// MaskGIT's VQGAN: the tokenizer of the papers, whose published weights `import` reads.
public final class VqganMethod implements Method {
    @Override
    public String name() {
        return "vqgan";
    }

    @Override
    public List<Class<? extends Record>> sections() {
        return List.of(VqganSection.class);
    }

    @Override
    public boolean encoder() {
        return false;
    }

    @Override
    public void check(Recipe recipe) {
        VqganSection.of(recipe).check(recipe);
    }

    @Override
    public List<String> recipes() {
        return List.of("vqgan-micro", "maskgit-vqgan");
    }

    @Override
    public VqganPrograms programs(Recipe recipe) {
        return new VqganPrograms(recipe);
    }

    @Override
    public Supply supply(Recipe recipe, Workplace place) throws IOException {
        return Supply.images(recipe, place, images -> new VqganTask(recipe, images));
    }

    @Override
    public Judge judge() {
        return new VqganJudge();
    }

    @Override
    public OnlineJudge online(Recipe recipe, Workplace place) throws IOException {
        return OnlineFeatures.ofImages(recipe, place, programs(recipe));
    }

    @Override
    public Map<String, String> meanings() {
        return Meanings.and("""
                codebook: How far the codes are from the encoder's vectors that they replace.
                """);
    }

    @Override
    public String sheetCaption() {
        return "Images through their codes";
    }

    @Override
    public Optional<TokenizerSource> tokenizer() {
        return Optional.of(new TokenizerSource() {
            @Override
            public Tokenizer open(Trained run, Device device) throws IOException {
                return VqganTokenizer.open(run, device);
            }

            /// Published weights were accepted by those who publish results with them.
            @Override
            public String objection(Path run, Tokenizer tokenizer) {
                return "";
            }
        });
    }

    @Override
    public Optional<WeightsReader> weights() {
        return Optional.of(VqganMethod::weights);
    }

    /// The published names are ours; windows of convolutions have the same order of numbers on both sides.
    private static ReleasedWeights weights(Path path, Recipe recipe) throws IOException {
        var state = new VqganPrograms(recipe).state();
        var parts = new ArrayList<Part>();
        state.parameters().forEach((name, tensor) -> parts.add(Part.joined(tensor, List.of(name), shape(name,
                tensor.shape()))));
        return ReleasedWeights.of(Safetensors.read(path), recipe, state.parameterCount(), parts, _ -> false);
    }

    /// Convolutions of 3 x 3 and of 1 x 1; tables and vectors as they are.
    static int[] shape(String name, int[] ours) {
        boolean small = name.endsWith("nin_shortcut.weight") || name.equals("encoder.conv_out.weight");
        boolean convolution = ours.length == 2 && !name.startsWith("quantize");
        return !convolution
                ? ours
                : small ? new int[]{ours[0], ours[1], 1, 1} : new int[]{ours[0], ours[1] / 9, 3, 3};
    }
}
