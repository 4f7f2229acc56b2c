package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.method.Registry;
import dev.triptych.recipe.Recipe;
import dev.triptych.report.SweepReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains and judges the arms of an experiment, each with several seeds.
@Command(name = "sweep", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Train and evaluate the arms of an experiment, each with several seeds, beside each other: mean,",
        "standard deviation and n of every figure, differences from the first arm by pairs of one seed, and curves.",
        "The same command goes on where it was stopped or killed; runs that are done stay as they are. Writes",
        "DIR/ARM/seed-N (runs), DIR/sweep.md and DIR/sweep.html, anew after each run."}, footer = {
                "", "Examples:",
                "  triptych sweep --recipe stellar-scenes --over stellar.tokens=1,2,4,8 --seeds 1,2,3 --out sweeps/k",
                "  triptych sweep --recipe stellar-scenes --out sweeps/controls --seeds 1,2,3 --side-by-side 2 "
                        + "eval.every=5 --arm whole --arm \"no KoLeo: stellar.weights.koleo=0\"",
                "  triptych sweep --recipe stellar-cifar --out sweeps/prior data=DIR --arm alone --arm \"MAE: "
                        + "--init-from runs/mae-cifar-001\""})
final class SweepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--recipe", required = true, paramLabel = "NAME|FILE", description = {
            "A built-in recipe, or a YAML file."})
    private String recipe;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = {"Folder of the sweep."})
    private Path out;

    @Option(names = "--arm", paramLabel = "NAME[: WORDS]", description = {
            "An arm by its name, with overrides of its own, or --init-from RUN; the first one is what the others are "
                    + "compared with."})
    private List<String> named = new ArrayList<>();

    @Option(names = "--over", paramLabel = "KEY=A,B,..", description = {
            "An arm for each value of a key; of several keys, for each combination."})
    private List<String> over = new ArrayList<>();

    @Option(names = "--seeds", paramLabel = "N,N,..", split = ",", defaultValue = "1", description = {
            "Seeds of every arm (1)."})
    private List<Long> seeds;

    @Option(names = "--side-by-side", paramLabel = "N", defaultValue = "1", description = {
            "Runs at a time, which share cores and memory (1)."})
    private int sideBySide;

    @Option(names = "--device", paramLabel = "NAME", description = {"As of train."})
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = {
            "Threads of each run; by default all cores, shared by those side by side."})
    private Integer threads;

    @Option(names = "--eval", paramLabel = "WORDS", defaultValue = "", description = {
            "Options of the evaluations, as \"--limit-train 5000 --hide-images\"."})
    private String eval;

    @Option(names = "--figure", paramLabel = "TEXT", description = {
            "Figures of the tables: those whose name begins so; all by default."})
    private List<String> figures = new ArrayList<>();

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {"Overrides for all arms."})
    private List<String> overrides = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec);
        var methods = Main.methods(spec);
        if (sideBySide < 1 || sideBySide > 64) {
            throw new InputException("--side-by-side is " + sideBySide + "; expected 1 to 64. Leave it out for one "
                    + "at a time.");
        }
        var jobs = jobs(methods);
        var arms = new LinkedHashMap<String, List<Path>>();
        jobs.forEach(job -> arms.computeIfAbsent(job.arm(), arm -> new ArrayList<>()));
        var runs = new SweepRuns(jobs, new SweepRuns.Setting(methods.recipes(), sideBySide,
                chosen(), words(eval).toList()), terminal::print, job -> {
                    arms.get(job.arm()).add(job.folder());
                    report(methods, arms);
                });
        runs.run();
        var report = new SweepReport(title(), arms, methods.recipes());
        terminal.print("");
        terminal.print(report.table(figures).plain(terminal.columns()).stripTrailing());
        if (arms.size() > 1) {
            terminal.print("");
            terminal.print(report.differences(figures).plain(terminal.columns()).stripTrailing());
        }
        terminal.print("");
        terminal.print("Markdown: " + out.resolve("sweep.md"));
        terminal.print("Page:     " + out.resolve("sweep.html"));
        return 0;
    }

    /// What all commands are told of the device. TornadoVM needs more of Java than a process begun here has.
    private List<String> chosen() {
        if (device != null && device.startsWith("tornado")) {
            throw new InputException("--device is '" + device + "'; expected vector or plain, because runs of a sweep "
                    + "start in a Java without TornadoVM. Train the arms one by one, and compare them.");
        }
        if (device != null && !device.equals("vector")) {
            return List.of("--device", device);
        }
        int all = Runtime.getRuntime().availableProcessors();
        return List.of("--threads", Integer.toString(threads == null ? Math.max(1, all / sideBySide) : threads));
    }

    private String title() {
        return out.toAbsolutePath().normalize().getFileName().toString();
    }

    private void report(Registry methods, LinkedHashMap<String, List<Path>> arms) throws IOException {
        var report = new SweepReport(title(), arms, methods.recipes());
        report.writeMarkdown(out.resolve("sweep.md"), figures);
        report.write(out.resolve("sweep.html"), figures);
    }

    /// Every arm with every seed, the seeds outside: after the first seed there is one run of each arm.
    private List<SweepRuns.Job> jobs(Registry methods) {
        var jobs = new ArrayList<SweepRuns.Job>();
        var folders = new LinkedHashMap<Path, String>();
        for (long seed : seeds) {
            arms().forEach((arm, words) -> {
                var own = keys(words);
                var shared = overrides.stream().filter(word -> own.stream().noneMatch(key -> same(key, word)));
                var keys = Stream.concat(shared, Stream.concat(own.stream(), Stream.of("seed=" + seed))).toList();
                Recipe resolved = methods.recipes().load(recipe, keys).recipe();
                methods.of(resolved).requireData(resolved);
                Path folder = out.resolve(arm.replaceAll("[^A-Za-z0-9._=-]+", "-")).resolve("seed-" + seed);
                String other = folders.put(folder, arm);
                if (other != null) {
                    throw new InputException("the arms '" + other + "' and '" + arm + "' of seed " + seed
                            + " both go to " + folder + "; expected names and seeds that differ. Rename one.");
                }
                jobs.add(new SweepRuns.Job(arm, seed, folder, resolved, start(keys, words)));
            });
        }
        return jobs;
    }

    /// Whether two settings are of one key; an arm's takes the place of that of all arms.
    private static boolean same(String setting, String other) {
        return setting.substring(0, setting.indexOf('=') + 1).equals(other.substring(0, other.indexOf('=') + 1));
    }

    /// What `train` is told.
    private List<String> start(List<String> keys, List<String> words) {
        var start = new ArrayList<>(List.of("--recipe", recipe));
        start.addAll(keys);
        words.stream().filter(word -> !keys.contains(word)).forEach(start::add);
        return start;
    }

    private static List<String> keys(List<String> words) {
        var keys = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--init-from")) {
                i++;
            } else if (words.get(i).startsWith("-") || !words.get(i).contains("=")) {
                throw new InputException("an arm has the word '" + words.get(i) + "'; expected key=value, or "
                        + "--init-from RUN. Write --arm \"NAME: key=value key=value\".");
            } else {
                keys.add(words.get(i));
            }
        }
        return keys;
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty());
    }

    /// The words of each arm by its name: those that have names, each with every combination of values.
    private LinkedHashMap<String, List<String>> arms() {
        var arms = new LinkedHashMap<String, List<String>>();
        for (String text : named) {
            int colon = text.indexOf(':');
            String name = (colon < 0 ? text : text.substring(0, colon)).strip();
            if (name.isEmpty() || arms.put(name, words(colon < 0 ? "" : text.substring(colon + 1)).toList()) != null) {
                throw new InputException("--arm '" + text + "' has " + (name.isEmpty()
                        ? "no name"
                        : "a name that was "
                                + "given before")
                        + "; expected a name of its own. Write --arm \"NAME: key=value\".");
            }
        }
        if (arms.isEmpty()) {
            arms.put("", List.of());
        }
        for (String text : over) {
            arms = combined(arms, text);
        }
        if (arms.containsKey("")) {
            arms.put("all", arms.remove(""));
        }
        return arms;
    }

    private static LinkedHashMap<String, List<String>> combined(LinkedHashMap<String, List<String>> arms,
            String text) {
        int equals = text.indexOf('=');
        String[] values = text.substring(equals + 1).split(",(?![^\\[]*\\])"); // not inside [0.1, 0.2]
        if (equals < 1 || values.length < 2) {
            throw new InputException("--over is '" + text + "'; expected a key and two or more values. Write --over "
                    + "stellar.tokens=2,4,8.");
        }
        var all = new LinkedHashMap<String, List<String>>();
        arms.forEach((name, words) -> Arrays.stream(values).map(String::strip).forEach(value -> {
            String setting = text.substring(0, equals) + "=" + value;
            all.put(name.isEmpty() ? setting : name + ", " + setting,
                    Stream.concat(words.stream(), Stream.of(setting)).toList());
        }));
        return all;
    }
}
