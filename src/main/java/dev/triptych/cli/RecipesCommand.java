package dev.triptych.cli;

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
                recipes.comment(recipe).lines().forEach(line -> terminal.print("    " + line));
            }
        } else {
            terminal.print((name.equals("keys") ? recipes.describe() : recipes.text(name)).stripTrailing());
        }
    }
}
