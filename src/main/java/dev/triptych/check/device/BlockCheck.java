package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.DeviceException;
import dev.triptych.device.Figures;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Trial;
import java.util.LinkedHashMap;
import java.util.Map;

/// What came of comparing a program of [BlockTable] on a device with the plain device.
///
/// @param name of the program
/// @param launches of it
/// @param tasks that the device made of them; 0 where it compiles nothing
/// @param error largest difference of a tensor, relative to its largest number; NaN where one device gave a number and
///     the other none
/// @param worst the tensor with that error
/// @param failure why the device did not run the program; null if it did
public record BlockCheck(String name, int launches, int tasks, double error, String worst, String failure) {
    /// What the error may be: sums of some hundred terms in another order, and what further sums make of them.
    public static final double TOLERANCE = 3e-5;

    /// Whether the program ran and agreed.
    public boolean passed() {
        return failure == null && error <= TOLERANCE;
    }

    /// Runs a program twice on a device and on the plain one.
    public static BlockCheck of(Trial trial, Device device) {
        String name = trial.program().name();
        int launches = trial.program().launches().size();
        Map<String, float[]> expected;
        try (var plain = new PlainDevice(); Session session = trial.bind(plain)) {
            expected = run(trial, session);
        }
        Map<String, float[]> found;
        Figures figures;
        try (Session session = trial.bind(device)) {
            found = run(trial, session);
            figures = session.figures();
        } catch (DeviceException | IllegalStateException e) {
            return new BlockCheck(name, launches, 0, Double.NaN, "", e.getMessage());
        }
        double error = 0;
        String worst = "";
        for (Map.Entry<String, float[]> one : expected.entrySet()) {
            Difference d = Difference.of(one.getValue(), found.get(one.getKey()));
            if (!(d.error() <= error)) {
                error = d.error();
                worst = one.getKey() + ": " + d.text();
            }
        }
        return new BlockCheck(name, launches, figures.tasks(), error, worst, null);
    }

    /// What is kept, gradients of inputs among it, and the gradients of parameters.
    private static Map<String, float[]> run(Trial trial, Session session) {
        session.run(trial.program());
        session.run(trial.program());
        var values = new LinkedHashMap<String, float[]>();
        for (Tensor kept : trial.program().kept()) {
            values.put(kept.toString(), session.download(kept));
        }
        boolean adjoints = trial.program().launches().stream().flatMap(l -> l.tensors().stream())
                .anyMatch(t -> t.arena() == Arena.GRADIENTS);
        Map<String, Tensor> parameters = adjoints ? trial.state().parameters() : Map.of();
        parameters.forEach((parameter, tensor) -> values.put("gradient of " + parameter,
                session.download(trial.state().mirror(tensor, Arena.GRADIENTS))));
        return values;
    }
}
