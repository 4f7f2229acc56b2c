package dev.triptych.cli;

import dev.triptych.io.AtomicFile;
import dev.triptych.method.InputException;
import dev.triptych.program.Program;
import dev.triptych.read.ProgramText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints a program: what a step computes, and what it costs. Nothing runs, no arena is allocated.
@Command(name = "program", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Print what a step of a recipe computes, and what it costs.",
        "A line for each result: its name in the sources, its shape, operation and operands, and the line of source; "
                + "under the sections and equations of the specification, what repeats once; then totals. Nothing is "
                + "run, no memory is taken."}, footer = {
                        "", "Examples:", "  triptych program --recipe stellar-micro",
                        "  triptych program --recipe stellar-micro --equation=14",
                        "  triptych program --recipe stellar-cifar --stage prior --html program.html",
                        "  triptych program --recipe stellar-cifar --launches",
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

    @Option(names = "--equation", paramLabel = "N", description = {
            "Only what belongs to this equation of the specification."})
    private String equation;

    @Option(names = "--section", paramLabel = "N", description = {
            "Only what belongs to this section of the specification."})
    private String section;

    @Option(names = "--cost", description = {"MFLOP and MB of each result."})
    private boolean cost;

    @Option(names = "--launches", description = {
            "Launch by launch instead: operation, kernel, MFLOP, MB moved, what is written."})
    private boolean launches;

    @Option(names = "--html", paramLabel = "FILE", description = {"Write a page instead of printing."})
    private Path html;

    @Option(names = "--memory", description = {"Totals and memory only, no list."})
    private boolean memory;

    @Override
    public Integer call() throws IOException {
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
            if (launches) {
                listing.launches(terminal::print);
            } else if (!memory) {
                follow(program, terminal);
            }
            if (equation == null && section == null && html == null) {
                terminal.print("");
                listing.totals(terminal::print);
            }
        } catch (ArithmeticException e) {
            throw new InputException("training.batch is " + loaded.recipe().training().batch()
                    + ": a tensor of this program has more elements than a Java array holds, 2147483647 (" +
                    e.getMessage() + "). Lower training.batch.", e);
        }
        return 0;
    }

    private void follow(Program program, Terminal terminal) throws IOException {
        String anchor = equation != null ? "eq-" + equation : section != null ? "section-" + section : null;
        var anchors = ProgramText.anchors(program);
        if (anchor != null && !anchors.contains(anchor.replace('.', '-'))) {
            String option = equation != null ? "--equation " + equation : "--section " + section;
            throw new InputException(option + ": program " + program.name() + " cites no such part; expected one of "
                    + String.join(", ", anchors) + ". Another --stage or recipe may have it.");
        }
        var text = anchor == null
                ? ProgramText.of(program, cost)
                : ProgramText.of(program, cost, anchor.replace('.', '-'));
        if (html == null) {
            text.lines().forEach(terminal::print);
        } else {
            AtomicFile.write(html, text.html(recipe + ": " + program.name()).getBytes(StandardCharsets.UTF_8));
            terminal.print("Page: " + html);
        }
    }
}
