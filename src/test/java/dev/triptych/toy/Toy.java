package dev.triptych.toy;

import dev.triptych.method.EncodedValue;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import java.util.List;

/// A linear autoencoder of whole images.
final class Toy {
    private static final int CHANNELS = 3;

    /// Everything that fixes the model and its loss.
    ///
    /// @param side of an image
    /// @param width of z
    /// @param size weight of |z|^2
    record Settings(int side, int width, float size) {
    }

    /// INPUTS of a step.
    ///
    /// @param image (B, 3, side, side)
    record Inputs(Tensor image) {
    }

    /// The objective of a step.
    ///
    /// @param z (B, width)
    record Objective(Inputs inputs, Tensor z, TotalLoss loss) {
    }

    /// What evaluation reads.
    ///
    /// @param z (batch, width)
    /// @param prediction (batch, 3 side side)
    record Features(Tensor z, Tensor prediction) implements EncodedValue.Named {
        @Override
        public List<EncodedValue> named() {
            return List.of(EncodedValue.of("z", "z (width)", z));
        }
    }

    private final Settings settings;
    private final LinearLayer encoder;
    private final LinearLayer decoder;

    Toy(State state, Settings settings) {
        this.settings = settings;
        int pixels = CHANNELS * settings.side() * settings.side();
        Scope scope = Scope.of(state);
        encoder = LinearLayer.xavier(scope.in("encoder"), pixels, settings.width());
        decoder = LinearLayer.xavier(scope.in("decoder"), settings.width(), pixels);
    }

    Tensor image(Program p, int batch) {
        return p.input("image", batch, CHANNELS, settings.side(), settings.side());
    }

    Objective objective(Program p, int batch) {
        // INPUTS
        var in = new Inputs(image(p, batch));

        // FORWARD
        Features out = forward(p, in.image());

        // TERMS
        var terms = new TotalLoss.Terms();
        terms.add("reconstruction", 1f, () -> p.section("loss (Toy)",
                () -> p.mean(p.squaredError(out.prediction(), rows(in.image())))));
        terms.add("size", settings.size(), () -> p.section("size (Toy)", () -> p.mean(p.rowDots(out.z(), out.z()))));

        // TOTAL
        return new Objective(in, out.z(), p.section("total (Toy)", () -> terms.total(p)));
    }

    Features evaluate(Program p, Tensor image) {
        Features out = forward(p, image);
        p.keep(out.z());
        p.keep(out.prediction());
        return out;
    }

    private Features forward(Program p, Tensor image) {
        Tensor z = p.section("encoder (Toy)", () -> encoder.apply(p, rows(image)));
        return new Features(z, p.section("decoder (Toy)", () -> decoder.apply(p, z)));
    }

    private static Tensor rows(Tensor image) {
        return image.reshape(image.side(0), image.count() / image.side(0));
    }
}
