package dev.triptych.cli;

import dev.triptych.data.file.ImageException;
import dev.triptych.device.DeviceException;
import dev.triptych.io.FormatException;
import dev.triptych.method.InputException;
import dev.triptych.method.Registry;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.RecipeException;
import dev.triptych.train.BuildStamp;
import dev.triptych.train.RunException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program `triptych`. Exit code 0: done; 1: a check failed, or an error nobody foresaw; 2: bad input, with a
/// message that names the thing, the value found, the value expected and the remedy; 130: interrupted (Ctrl-C, SIGINT);
/// 143: ended by SIGTERM. A training that is interrupted ends with a checkpoint first, every other command at once;
/// none leaves a part of a file.
@Command(name = "triptych", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, description = {
        "Self-supervised vision in pure Java: what is where in an image, learnt without labels."}, footer = {
                "", "Begin with:", "  triptych demo", "  triptych recipes",
                "  triptych help COMMAND"}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                        " 0:done", " 1:a check failed, or an error that nobody foresaw",
                        " 2:input that does not fit, with a message that says what would",
                        " 3:no JDK, no Maven, or the build failed",
                        "130:Ctrl-C (SIGINT); a training ends with a checkpoint first",
                        "143:SIGTERM; a training ends with a checkpoint first"}, subcommands = {DemoCommand.class,
                                TrainCommand.class, EvalCommand.class,
                                TokenizeCommand.class, GenerateCommand.class, ImportCommand.class, ExportCommand.class,
                                TokensCommand.class, EmbedCommand.class, NeighboursCommand.class, IndexCommand.class,
                                SearchCommand.class,
                                ProgramCommand.class,
                                RecipesCommand.class, CheckGradientsCommand.class, CheckVectorsCommand.class,
                                CheckDeviceCommand.class, BenchCommand.class, DevicesCommand.class, ImagesCommand.class,
                                CacheCommand.class, RunsCommand.class, CompareCommand.class,
                                SweepCommand.class, ReadCommand.class, DoctorCommand.class,
                                CommandLine.HelpCommand.class, AutoComplete.GenerateCompletion.class})
public final class Main implements Runnable {
    /// Columns where nothing says how many the terminal has, as in a file.
    static final int COLUMNS = 80;

    @Spec
    private CommandSpec spec;

    @Option(names = {"--stacktrace"}, scope = ScopeType.INHERIT, description = {
            "Print the stack trace of an unexpected error."})
    private boolean stacktrace;

    private final Registry methods;
    private final int columns;

    private Main(Registry methods, int columns) {
        this.methods = methods;
        this.columns = columns;
    }

    /// The methods that a command knows.
    static Registry methods(CommandSpec command) {
        return ((Main) command.root().userObject()).methods;
    }

    /// Columns of the terminal.
    static int columns(CommandSpec command) {
        return ((Main) command.root().userObject()).columns;
    }

    /// A folder that comes with the program: as it was given, or, where there is none, beside the launcher.
    static Path built(Path given) {
        String home = System.getProperty("triptych.home", "");
        return home.isEmpty() || Files.exists(given) || !Files.isDirectory(Path.of(home).resolve(given))
                ? given
                : Path.of(home).resolve(given);
    }

    /// Runs a command and ends the program with its exit code.
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String columns = System.getProperty("triptych.columns", "");
        System.exit(execute(Methods.ALL, columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : COLUMNS, out,
                err, args));
    }

    /// Runs a command that knows all methods.
    ///
    /// @param out where results go
    /// @param err where progress, remarks and errors go
    /// @return the exit code
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        return execute(Methods.ALL, COLUMNS, out, err, args);
    }

    /// Runs a command.
    ///
    /// @param methods that it knows
    /// @param columns of the terminal
    /// @param out where results go
    /// @param err where progress, remarks and errors go
    /// @return the exit code
    static int execute(Registry methods, int columns, PrintWriter out, PrintWriter err, String... args) {
        var main = new Main(methods, columns);
        var line = new CommandLine(main).setOut(out).setErr(err)
                .setParameterExceptionHandler((e, words) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command));
        new MethodOptions(line.getSubcommands().get("eval").getCommandSpec(), methods).add();
        CommandLines.prepare(line, columns);
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            return main.report(new InputException("The memory of this Java, " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB, is too small; expected more. Give it: TRIPTYCH_HEAP="
                    + (Runtime.getRuntime().maxMemory() / 500_000_000 + 1)
                    + "g. Or take fewer or smaller pictures: training.batch, data.side, data.train-images.",
                    e), line);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static int refuse(ParameterException e) {
        var err = e.getCommandLine().getErr();
        err.println(e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` explains it.");
        return ExitCode.USAGE;
    }

    private int report(Throwable thrown, CommandLine command) {
        Throwable e = thrown instanceof UncheckedIOException unchecked ? unchecked.getCause() : thrown;
        var err = command.getErr();
        boolean badInput = switch (e) {
            case RecipeException r -> true;
            case RunException r -> true;
            case ImageException i -> true;
            case FormatException f -> true;
            case InputException i -> true;
            case DeviceException d -> true;
            case FileSystemException f -> true;
            default -> false;
        };
        if (badInput) {
            err.println(e instanceof FileSystemException f ? text(f) : e.getMessage());
        } else {
            err.println("Unexpected error: " + e + (stacktrace ? "" : ". --stacktrace shows where it happened."));
        }
        if (stacktrace) {
            e.printStackTrace(err);
        }
        return badInput ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static String text(FileSystemException e) {
        if (e.getReason() != null && e.getReason().startsWith("it cannot be written")) {
            return e.getFile() + ": " + e.getReason() + "; what was there before is unchanged. Free some space, or "
                    + "choose another place.";
        }
        String kind = e.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return e.getFile() + ": " + (e.getReason() == null ? kind.toLowerCase(java.util.Locale.ROOT) : e.getReason())
                + "; expected a path that can be used. Check the path and its permissions.";
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// The version, and what it was built of.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"triptych " + BuildStamp.ofThisProgram(),
                    "Java " + Runtime.version()};
        }
    }
}
