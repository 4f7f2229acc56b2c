package dev.triptych.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes the generated sources at build time: the float64 twin ([Twin]), the range forms ([RangeForm]) and the
/// innermost loops of matrix products ([Tiles]).
///
/// Usage: `java GenerateSources.java src/main/java target/generated-sources/triptych`. A file is only written when its
/// text changed, so that incremental builds stay incremental; a file whose source is gone is deleted. A source that has
/// a hand-written twin (`dev/triptych/twin/kernel/Scalar.java` for `dev/triptych/kernel/Scalar.java`) is left to it.
public final class GenerateSources {
    private static final String ROOT = "dev/triptych/";

    private GenerateSources() {
    }

    /// @param args the folder of the sources and the folder to generate into
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("Usage: GenerateSources SOURCES GENERATED");
            System.exit(2);
        }
        List<String> broken = new ArrayList<>();
        Map<String, String> generated = generate(Path.of(args[0]), broken);
        if (!broken.isEmpty()) {
            broken.forEach(line -> System.err.println("[ERROR] " + line));
            System.err.println("[ERROR] " + broken.size() + " broken rules; CONTRIBUTING.md explains them.");
            System.exit(1);
        }
        write(Path.of(args[1]), generated);
    }

    /// Generates everything, without writing it.
    ///
    /// @param sources the folder that holds `dev/triptych`
    /// @param broken  receives a line for every rule that a kernel breaks
    /// @return text by path
    public static Map<String, String> generate(Path sources, List<String> broken) throws IOException {
        Map<String, String> generated = new TreeMap<>();
        List<KernelRules> kernelFiles = new ArrayList<>();
        for (Path path : javaFiles(sources.resolve(ROOT))) {
            String name = sources.relativize(path).toString().replace('\\', '/');
            String inRoot = name.substring(ROOT.length());
            String packageName = inRoot.replaceAll("/?[^/]*$", "").replace('/', '.');
            String text = Files.readString(path);
            if (Twin.covers(packageName) && !Files.exists(sources.resolve(ROOT + "twin/" + inRoot))) {
                generated.put(ROOT + "twin/" + inRoot, Twin.of(name, text));
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
                    generated.put(name.replace("/kernel/", "/kernel/range/"), RangeForm.of(source, rules.kernels()));
                    Source again = new Source(name, text);
                    generated.put(name.replace("/kernel/", "/kernel/layer/"),
                            LayerForm.of(again, new KernelRules(again).kernels()));
                }
            }
        }
        broken.addAll(KernelRules.clashes(kernelFiles));
        return generated;
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
