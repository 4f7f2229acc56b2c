package dev.triptych.cli;

import dev.triptych.method.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints a program: what a step computes, launch by launch, and what it costs. Nothing runs, no arena is allocated.
@Command(name = "program", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Print what a step of a recipe computes, and what it costs.",
        "Every launch with its operation, kernel, output shape, MFLOP and MB moved, under the sections and equations "
                + "of the specification; then totals. Nothing is run, no memory is taken."}, footer = {
                        "", "Examples:", "  triptych program --recipe stellar-micro",
                        "  triptych program --recipe stellar-cifar --stage prior",
                        "  triptych program --recipe stellar-paper --memory",
                        "  triptych program --recipe stellar-scenes "
                                + "--evaluate training.batch=1"})
final class ProgramCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--recipe", paramLabel = "NAME|FILE", required = true, description = {
            "A built-in recipe, or a YAML file."})
    private String recipe;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {"Overrides of the recipe."})
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--stage", paramLabel = "NAME", description = {"Stage of the training; the last by default."})
    private String stage;

    @Option(names = "--evaluate", description = {"The program that evaluates images, not a training step."})
    private boolean evaluate;

    @Option(names = "--memory", description = {"Totals and memory only, no list."})
    private boolean memory;

    @Override
    public Integer call() {
        var methods = Main.methods(spec);
        var loaded = methods.recipes().load(recipe, overrides);
        var terminal = Terminal.of(spec);
        if (evaluate && stage != null) {
            throw new InputException("--stage " + stage + " goes with --evaluate; expected one of them, because "
                    + "evaluation has no stages. Leave one out.");
        }
        try {
            var programs = methods.of(loaded.recipe()).programs(loaded.recipe());
            var program = evaluate
                    ? programs.evaluate(loaded.recipe().training().batch()).program()
                    : programs.train(Stages.named(loaded.recipe(), stage)).program();
            var listing = new Listing(program, loaded.recipe().training().batch());
            terminal.print(loaded.origin() + (overrides.isEmpty() ? "" : ", " + String.join(", ", overrides)) + ": "
                    + program.name());
            if (!memory) {
                listing.launches(terminal::print);
            }
            terminal.print("");
            listing.totals(terminal::print);
        } catch (ArithmeticException e) {
            throw new InputException("training.batch is " + loaded.recipe().training().batch()
                    + ": a tensor of this program has more elements than a Java array holds, 2147483647 (" +
                    e.getMessage() + "). Lower training.batch.", e);
        }
        return 0;
    }
}
