package dev.triptych.check;

import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// All components and methods whose gradients are checked beyond single operations.
public final class Components {
    private static final double LIVELINESS = 0.3;

    private Components() {
    }

    /// The components, from the ground up.
    public static List<Component> all() {
        var all = new ArrayList<Component>();
        all.addAll(LayerComponents.all());
        all.addAll(PartComponents.all());
        all.addAll(ChannelComponents.all());
        all.addAll(TokenizerComponents.all());
        all.addAll(StellarMiniature.components());
        all.addAll(BitsMiniature.components());
        all.addAll(SorcenComponents.all());
        return List.copyOf(all);
    }

    /// Gives every parameter its first draw plus normal noise of 0.3, and every teacher's average the student's value
    /// plus a third of that. At their first values, attention is uniform and many gradients vanish: errors would hide.
    static void enliven(Trial trial) {
        for (Tensor parameter : trial.state().parameters().values()) {
            float[] values = plus(trial, trial.state().draw(parameter.name(), 1), LIVELINESS);
            trial.upload(parameter, values);
            Tensor teacher = trial.state().teachers().get(parameter.name());
            if (teacher != null) {
                trial.upload(teacher, plus(trial, values, LIVELINESS / 3));
            }
        }
    }

    private static float[] plus(Trial trial, float[] values, double deviation) {
        float[] sum = trial.gaussian(values.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (values[i] + deviation * sum[i]);
        }
        return sum;
    }
}
