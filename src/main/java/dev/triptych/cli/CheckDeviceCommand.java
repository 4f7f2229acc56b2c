package dev.triptych.cli;

import dev.triptych.check.device.BlockCheck;
import dev.triptych.check.device.BlockTable;
import dev.triptych.check.device.KernelCase;
import dev.triptych.check.device.KernelCheck;
import dev.triptych.check.device.KernelTable;
import dev.triptych.check.device.StepCheck;
import dev.triptych.device.Device;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import dev.triptych.program.Call;
import dev.triptych.program.Kernel;
import dev.triptych.recipe.LoadedRecipe;
import dev.triptych.trial.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares a device with the plain one: kernels, then training steps.
@Command(name = "check-device", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Compare a device with the plain one: every kernel, what it computes together, then whole training steps; on "
                + "TornadoVM both in the form of kernels that the device takes, and in the other one (plain, or for "
                + "graphics cards).",
        "A line for each kernel; a line for each stage of the recipes named *-micro*: what is discrete, losses and "
                + "gradient of one step, losses of further steps, weights in the end; what crossed between Java and "
                + "the device in a step; last a line of JSON. Exit code 1 if anything is off."}, footer = {"",
                        "Examples:", "  triptych check-device --device tornado",
                        "  triptych check-device --device tornado:1 --recipe stellar-micro --no-kernels "
                                + "--steps 50"})
final class CheckDeviceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions deviceOptions;

    @Option(names = "--recipe", paramLabel = "R", description = {
            "Check steps of this recipe only; may be repeated. Every built-in recipe *-micro* by default."})
    private List<String> recipes = new ArrayList<>();

    @Parameters(paramLabel = "KEY=VALUE", arity = "0..*", description = {"Overrides of keys of the recipes."})
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--steps", paramLabel = "N", defaultValue = "10", description = {
            "Steps of each stage (${DEFAULT-VALUE})."})
    private int steps;

    @Option(names = "--kernel", paramLabel = "NAME", description = {
            "Check kernels only whose name contains NAME; may be repeated."})
    private List<String> names = new ArrayList<>();

    @Option(names = "--no-kernels", description = {"Check steps only."})
    private boolean noKernels;

    @Option(names = "--no-steps", description = {"Check kernels only."})
    private boolean noSteps;

    @Option(names = "--one-form", description = {"Check the form of kernels that the device takes, and no other."})
    private boolean oneForm;

    @Option(names = "--json", description = {"No table, the line of JSON only."})
    private boolean json;

    private Terminal terminal;

    @Override
    public Integer call() throws IOException {
        if (steps < 1 || steps > 1000) {
            throw new InputException("--steps is " + steps + "; expected 1 to 1000.");
        }
        requireSomething();
        terminal = Terminal.of(spec);
        List<LoadedRecipe> loaded = loaded();
        try (Device device = deviceOptions.open(); TornadoDevice other = other(device)) {
            show("device: " + device.name() + ", " + device.description());
            long begun = System.nanoTime();
            List<KernelCheck> kernels = noKernels ? List.of() : kernels(device, "kernel", k -> true);
            List<KernelCheck> others = noKernels || other == null
                    ? List.of()
                    : kernels(other, title(other), TornadoDevice::hasForms);
            List<BlockCheck> blocks = noKernels || !names.isEmpty() ? List.of() : blocks(device, other);
            double seconds = (System.nanoTime() - begun) * 1e-9;
            List<StepCheck> stages = noSteps ? List.of() : stages(loaded, device, "step");
            List<StepCheck> otherStages = noSteps || other == null ? List.of() : stages(loaded, other, title(other));
            boolean passed = Stream.concat(kernels.stream(), others.stream()).allMatch(KernelCheck::passed)
                    && blocks.stream().allMatch(BlockCheck::passed)
                    && Stream.concat(stages.stream(), otherStages.stream()).allMatch(StepCheck::passed);
            terminal.print(json(device, kernels, others, blocks, seconds, stages, otherStages, passed));
            return passed ? 0 : 1;
        }
    }

    /// Checks that the options leave something to compare.
    private void requireSomething() {
        if (noKernels && noSteps) {
            throw new InputException("--no-kernels goes with --no-steps; expected one of them at most, because nothing "
                    + "else is checked. Leave one out.");
        }
        Set<Kernel> known = names.isEmpty() ? Set.of() : KernelTable.cases().keySet();
        for (String name : names) {
            if (known.stream().noneMatch(kernel -> kernel.toString().contains(name))) {
                throw new InputException("--kernel is '" + name + "', which is in the name of no kernel; expected one "
                        + "such as Linear. or Linear.product. Leave it out for all kernels.");
            }
        }
    }

    /// The recipes whose steps are wanted.
    private List<LoadedRecipe> loaded() {
        var book = Main.methods(spec).recipes();
        List<String> wanted = recipes.isEmpty()
                ? book.names().stream().filter(name -> name.contains("-micro")).toList()
                : recipes;
        return wanted.stream().map(name -> book.load(name, overrides)).toList();
    }

    /// The same device with the other form of those kernels that have two; null if it has none, or shall not be asked.
    private TornadoDevice other(Device device) {
        if (!(device instanceof TornadoDevice tornado)) {
            if (oneForm) {
                throw new InputException("--one-form goes with --device " + device.name() + ", whose kernels have one "
                        + "form only; expected a TornadoVM device. Leave --one-form out.");
            }
            return null;
        }
        if (oneForm) {
            return null;
        }
        if (!tornado.forGraphicsCards() && !tornado.canTakeGroups()) {
            show("The kernels for graphics cards are not checked: the groups of this device are too small for them.");
            return null;
        }
        return tornado.withOtherForms();
    }

    private static String title(TornadoDevice other) {
        return other.forGraphicsCards() ? "form for graphics cards" : "plain form";
    }

    private void show(String line) {
        if (!json) {
            terminal.print(line);
        }
    }

    private List<KernelCheck> kernels(Device device, String title, Predicate<Call> which) {
        show("");
        show(String.format(Locale.ROOT, "%-40s %6s %-9s %-9s %s", title, "shapes", "error", "allowed", "worst"));
        var checks = new ArrayList<KernelCheck>();
        for (Map.Entry<Kernel, List<KernelCase>> row : KernelTable.cases().entrySet()) {
            if (!which.test(row.getValue().getFirst().call())
                    || !names.isEmpty() && names.stream().noneMatch(row.getKey().toString()::contains)) {
                continue;
            }
            var check = KernelCheck.of(row.getValue(), device);
            checks.add(check);
            show(String.format(Locale.ROOT, "%-40s %6d %-9.1e %-9.0e %s%s", check.kernel(), check.cases(),
                    check.error(), check.tolerance(), check.passed() ? "" : "FAILED ",
                    check.failure() == null ? check.worst() : check.failure()));
        }
        return checks;
    }

    /// What is computed together, by the device or by its form that has such patterns.
    private List<BlockCheck> blocks(Device device, TornadoDevice other) {
        Device cards = device instanceof TornadoDevice tornado && !tornado.forGraphicsCards() ? other : device;
        if (cards == null) {
            return List.of();
        }
        show("");
        show(String.format(Locale.ROOT, "%-72s %8s %5s %-9s %-9s %s", "together", "launches", "tasks", "error",
                "allowed", "worst"));
        var checks = new ArrayList<BlockCheck>();
        for (Trial trial : BlockTable.trials()) {
            var c = BlockCheck.of(trial, cards);
            checks.add(c);
            show(String.format(Locale.ROOT, "%-72s %8d %5d %-9.1e %-9.0e %s%s", c.name(), c.launches(), c.tasks(),
                    c.error(), BlockCheck.TOLERANCE, c.passed() ? "" : "FAILED ",
                    c.failure() == null ? c.worst() : c.failure()));
        }
        return checks;
    }

    private List<StepCheck> stages(List<LoadedRecipe> wanted, Device device, String title) throws IOException {
        show("");
        show(String.format(Locale.ROOT, "%-24s %8s %8s %14s %15s %-9s %-9s %-9s %-9s %9s %9s %9s", title, "launches",
                "executed", "graphs / tasks", "decisions", "losses", "gradient", steps + " steps", "weights",
                "compile s",
                "first s", "steady s"));
        show(String.format(Locale.ROOT, "%-24s %8s %8s %14s %15s %-9.0e %-9.0e %-9.0e %-9.0e", "  allowed", "", "", "",
                "", StepCheck.LOSS, StepCheck.GRADIENT, StepCheck.LATER, StepCheck.LATER));
        var checks = new ArrayList<StepCheck>();
        for (LoadedRecipe loaded : wanted) {
            try (var place = CommandPlace.forSteps(terminal, Main.methods(spec), device, _ -> {
            })) {
                var supply = Main.methods(spec).of(loaded.recipe()).supply(loaded.recipe(), place);
                checks.addAll(StepCheck.of(loaded.name(), loaded.recipe(), supply::task, device, steps, this::show));
            }
        }
        return checks;
    }

    private void show(StepCheck c) {
        var decisions = c.decisions();
        show(String.format(Locale.ROOT, "%-24s %8d %8d %14s %15s %-9.1e %-9.1e %-9.1e %-9.1e %9.2f %9.2f %9.3f%s",
                c.recipe() + ", " + c.stage(), c.launches(), c.work().launched(),
                c.work().graphs() + " / " + c.work().tasks(), decisions.flips() + " of "
                        + decisions.count() + " off",
                c.loss(), c.gradient(), c.later(), c.weights(), c.work().compileSeconds(),
                c.first(), c.steady(),
                c.passed() ? "" : " FAILED " + c.worst() + " " + decisions.where()));
        if (c.turned() > 0) {
            show(String.format(Locale.ROOT, "  step %d: %d of %d decisions fall otherwise, first %s, by a margin of "
                    + "%.1e (allowed %.0e); single losses differ by up to %.1e", c.turned(), c.turning().flips(),
                    c.turning().count(), c.turning().where(), c.turning().margin(), StepCheck.LATER, c.apart()));
        }
        c.transfers().forEach(t -> show(String.format(Locale.ROOT, "  %-40s %4d times, %,14d bytes a step", t.what(),
                t.count(), t.bytes())));
    }

    private static String json(Device device, List<KernelCheck> kernels, List<KernelCheck> others,
            List<BlockCheck> blocks, double seconds, List<StepCheck> stages, List<StepCheck> otherStages,
            boolean passed) {
        var values = new LinkedHashMap<String, Object>();
        values.put("device", device.name());
        values.put("device_description", device.description());
        values.put("device_details", device.details());
        values.put("kernels", kernels.size());
        values.put("kernel_cases", kernels.stream().mapToInt(KernelCheck::cases).sum());
        values.put("kernel_seconds", seconds);
        values.put("kernel_largest_error", kernels.stream().mapToDouble(KernelCheck::error).reduce(0, Math::max));
        values.put("other_forms", others.size());
        values.put("other_forms_largest_error", others.stream().mapToDouble(KernelCheck::error).reduce(0, Math::max));
        values.put("kernels_failed",
                Stream.concat(kernels.stream(), others.stream()).filter(k -> !k.passed())
                        .map(k -> k.kernel().toString()).toList());
        values.put("blocks", blocks.size());
        values.put("blocks_largest_error", blocks.stream().mapToDouble(BlockCheck::error).reduce(0, Math::max));
        values.put("blocks_failed", blocks.stream().filter(b -> !b.passed()).map(BlockCheck::name).toList());
        values.put("steps", stages.stream().map(CheckDeviceCommand::values).toList());
        values.put("other_form_steps", otherStages.stream().map(CheckDeviceCommand::values).toList());
        values.put("passed", passed);
        return Json.write(values, false);
    }

    private static Map<String, Object> values(StepCheck c) {
        var values = new LinkedHashMap<String, Object>();
        values.put("recipe", c.recipe());
        values.put("stage", c.stage());
        values.put("launches", c.launches());
        values.put("executed", c.work().launched());
        values.put("graphs", c.work().graphs());
        values.put("tasks", c.work().tasks());
        values.put("compile_seconds", c.work().compileSeconds());
        values.put("decisions", c.decisions().count());
        values.put("flips", c.decisions().flips());
        values.put("loss_error", c.loss());
        values.put("gradient_error", c.gradient());
        values.put("later_error", c.later());
        values.put("turned_at_step", c.turned());
        values.put("turned_margin", c.turning().margin());
        values.put("single_losses_error", c.apart());
        values.put("weights_error", c.weights());
        values.put("compared_steps", c.steps());
        values.put("first_step_seconds", c.first());
        values.put("steady_step_seconds", c.steady());
        values.put("transfers", c.transfers().stream()
                .map(t -> Map.of("what", t.what(), "count", t.count(), "bytes", t.bytes())).toList());
        values.put("passed", c.passed());
        return values;
    }
}
