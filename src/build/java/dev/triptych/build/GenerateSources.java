package dev.triptych.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the generated sources at build time: the float64 twin ([Twin]), range forms ([RangeForm]), layer forms
/// ([LayerForm]) and typed calls ([Calls]) of kernels with TornadoVM's tasks of them ([LayerTasks]), and the innermost
/// loops of matrix products ([Tiles]).
///
/// Usage: `java GenerateSources.java src/main/java target/generated-sources/triptych`, with the folder of other sources
/// behind it whose twins these may use. A file is only written when its
/// text changed, so that incremental builds stay incremental; a file whose source is gone is deleted. A source that has
/// a hand-written twin (`dev/triptych/twin/kernel/Scalar.java` for `dev/triptych/kernel/Scalar.java`) is left to it.
public final class GenerateSources {
    private static final String ROOT = "dev/triptych/";

    private GenerateSources() {
    }

    /// @param args the folder of the sources, the folder to generate into, and if there are any, that of other sources
    ///        whose twins they use
    public static void main(String[] args) throws IOException {
        if (args.length != 2 && args.length != 3) {
            System.err.println("Usage: GenerateSources SOURCES GENERATED [OTHERS]");
            System.exit(2);
        }
        List<String> broken = new ArrayList<>();
        Set<String> others = args.length == 3 ? marked(texts(Path.of(args[2]))) : Set.of();
        Map<String, String> generated = generate(Path.of(args[0]), others, broken);
        if (!broken.isEmpty()) {
            broken.forEach(line -> System.err.println("[ERROR] " + line));
            System.err.println("[ERROR] " + broken.size() + " broken rules; CONTRIBUTING.md explains them.");
            System.exit(1);
        }
        write(Path.of(args[1]), generated);
    }

    /// Generates everything of sources that use no others, without writing it.
    ///
    /// @param sources the folder that holds `dev/triptych`
    /// @param broken  receives a line for every rule that a kernel breaks
    /// @return text by path
    public static Map<String, String> generate(Path sources, List<String> broken) throws IOException {
        return generate(sources, Set.of(), broken);
    }

    private static Map<String, String> generate(Path sources, Set<String> others, List<String> broken)
            throws IOException {
        Map<String, String> generated = new TreeMap<>();
        List<KernelRules> kernelFiles = new ArrayList<>();
        Map<String, List<Kernel>> families = new TreeMap<>();
        Map<String, String> texts = texts(sources);
        Set<String> marked = marked(texts);
        marked.addAll(others);
        for (Map.Entry<String, String> file : texts.entrySet()) {
            String name = file.getKey();
            String inRoot = name.substring(ROOT.length());
            String packageName = inRoot.replaceAll("/?[^/]*$", "").replace('/', '.');
            String text = file.getValue();
            if ((Twin.covers(packageName) || marked.contains(typeName(name)))
                    && !Files.exists(sources.resolve(ROOT + "twin/" + inRoot))) {
                generated.put(ROOT + "twin/" + inRoot, Twin.of(name, text, marked));
            }
            if (name.equals(Tiles.INTERFACE)) {
                generated.putAll(Tiles.all());
            }
            if (packageName.equals("kernel") && !name.endsWith("package-info.java")) {
                Source source = new Source(name, text);
                KernelRules rules = new KernelRules(source);
                broken.addAll(rules.broken());
                kernelFiles.add(rules);
                if (!rules.kernels().isEmpty()) {
                    families.put(inRoot.replaceAll(".*/|\\.java", ""), rules.kernels());
                    addForms(generated, source, text, rules.kernels());
                }
            }
        }
        if (!families.isEmpty()) {
            generated.put(LayerTasks.PATH, LayerTasks.of(families));
        }
        broken.addAll(KernelRules.clashes(kernelFiles));
        return generated;
    }

    private static Map<String, String> texts(Path sources) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path path : javaFiles(sources.resolve(ROOT))) {
            texts.put(sources.relativize(path).toString().replace('\\', '/'), Files.readString(path));
        }
        return texts;
    }

    /// The types of files that are marked to have a twin.
    private static Set<String> marked(Map<String, String> texts) {
        return texts.entrySet().stream().filter(file -> Twin.isMarked(file.getValue()))
                .map(file -> typeName(file.getKey())).collect(Collectors.toCollection(TreeSet::new));
    }

    /// `stellar.Stellar` for `dev/triptych/stellar/Stellar.java`.
    private static String typeName(String name) {
        return name.substring(ROOT.length()).replaceFirst("\\.java$", "").replace('/', '.');
    }

    /// The forms of a file's kernels; the float64 twin has those that its plain device runs.
    private static void addForms(Map<String, String> generated, Source source, String text, List<Kernel> kernels) {
        String name = source.name();
        var again = new Source(name, text);
        generated.put(name.replace("/kernel/", "/kernel/layer/"),
                LayerForm.of(again, new KernelRules(again).kernels()));
        var twinned = Map.of(Calls.path(name), Calls.of(name, kernels), name.replace("/kernel/", "/kernel/range/"),
                RangeForm.of(source, kernels));
        twinned.forEach((path, form) -> {
            generated.put(path, form);
            generated.put(path.replace(ROOT, ROOT + "twin/"), Twin.of(name, form));
        });
    }

    /// Brings a folder to hold exactly the generated files, touching those only that differ.
    static void write(Path folder, Map<String, String> generated) throws IOException {
        for (Map.Entry<String, String> file : generated.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        }
        for (Path path : javaFiles(folder)) {
            if (!generated.containsKey(folder.relativize(path).toString().replace('\\', '/'))) {
                Files.delete(path);
            }
        }
    }

    private static List<Path> javaFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(p -> p.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
