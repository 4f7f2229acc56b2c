package dev.triptych.cli;

import dev.triptych.method.Words;
import dev.triptych.recipe.Key;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the built-in recipes, prints one, or explains all keys.
@Command(name = "recipes", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "List the built-in recipes, print one, or explain every key."}, footer = {
                "", "Examples:", "  triptych recipes", "  triptych recipes stellar-cifar > my.yaml",
                "  triptych recipes keys"})
final class RecipesCommand implements Runnable {
    private static final String COMMAND = "./triptych";
    private static final String INDENT = "    ";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME|keys", arity = "0..1", description = {"A recipe to print, or keys."})
    private String name;

    @Override
    public void run() {
        var terminal = Terminal.of(spec);
        var recipes = Main.methods(spec).recipes();
        if (name == null) {
            for (String recipe : recipes.names()) {
                terminal.print(recipe);
                comment(recipes.comment(recipe).lines().toList(), terminal);
            }
        } else if (name.equals("keys")) {
            keys(recipes.keys(), terminal);
        } else {
            terminal.print(recipes.text(name).stripTrailing());
        }
    }

    /// Commands as they are typed, and what is said of the recipe as a paragraph.
    private static void comment(List<String> lines, Terminal terminal) {
        lines.stream().filter(line -> line.startsWith(COMMAND))
                .forEach(line -> terminal.print(CommandLines.shell("    " + line, terminal.columns())));
        String rest = lines.stream().filter(line -> !line.startsWith(COMMAND)).collect(Collectors.joining(" "));
        Words.lines(rest, terminal.columns() - INDENT.length()).forEach(line -> terminal.print(INDENT + line));
    }

    /// Keys, those of a section together: name, what it takes, meaning.
    private static void keys(List<Key> keys, Terminal terminal) {
        String section = "";
        for (Key key : keys) {
            int dot = key.path().indexOf('.');
            String own = dot < 0 ? "recipe" : key.path().substring(0, dot);
            if (!own.equals(section)) {
                terminal.print((section.isEmpty() ? "" : System.lineSeparator()) + own);
                section = own;
            }
            terminal.print("  " + key.path());
            String values = key.type() + (key.range().isEmpty() ? "" : ", " + key.range())
                    + (key.standard() == null ? "; has to be given" : "; default " + key.standard());
            Words.lines(values, terminal.columns() - INDENT.length()).forEach(line -> terminal.print(INDENT + line));
            Words.lines(key.doc(), terminal.columns() - INDENT.length()).forEach(line -> terminal.print(INDENT + line));
        }
    }
}
