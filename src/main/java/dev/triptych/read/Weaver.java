package dev.triptych.read;

import dev.triptych.method.Method;
import dev.triptych.method.Supply;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Key;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.recipe.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Weaves the page of a method, in Markdown: part by part of its specification the formulas, the Java that computes
/// them, what one step of its smallest recipe gives, operations with their kernels and adjoints, the same in
/// TorchScript, the recipe's keys, and what holds it. What a page has told once it does not tell again.
public final class Weaver {
    private static final String TORCH = "reference-checks/live/torch/";

    private final Method method;
    private final RecipeBook recipes;
    private final Recipe recipe;
    private final String name;
    private final Evidence evidence;
    private final Object settings;
    private final SourceTree sources = new SourceTree();
    private final Map<String, Specification> pages = new HashMap<>();
    private final OperationTexts operations;
    private final Set<String> told = new HashSet<>();
    private final StringBuilder page = new StringBuilder();

    /// @param recipe the smallest of the method's, by that name
    public Weaver(Method method, RecipeBook recipes, Recipe recipe, String name, Evidence evidence) {
        this.method = method;
        this.recipes = recipes;
        this.recipe = recipe;
        this.name = name;
        this.evidence = evidence;
        this.settings = new Load(LoadSettings.builder().build()).loadFromString(recipe.toYaml());
        this.operations = new OperationTexts(sources, evidence);
    }

    /// The page.
    ///
    /// @param supply what a training of the recipe reads
    public String weave(Supply supply) {
        var stages = new ArrayList<>(recipe.training().stages());
        // the last stage has most parts; earlier ones add what they alone have
        java.util.Collections.reverse(stages);
        var body = new ArrayList<String>();
        var contents = new ArrayList<String>();
        var parts = new HashSet<String>();
        for (Stage stage : stages) {
            try (var values = new StepValues(recipe, stage, supply)) {
                for (Chapter chapter : Chapter.of(Results.of(values.program(), sources))) {
                    if (!parts.add(chapter.cited() == null ? chapter.title().getFirst() : chapter.cited().text())) {
                        continue;
                    }
                    page.setLength(0);
                    String heading = heading(chapter);
                    contents.add("* [" + heading + "](#" + anchor(chapter) + ")");
                    write(chapter, heading, stage, values);
                    body.add(page.toString());
                }
            }
        }
        return "# " + method.title() + ", part by part\n\n" + introduction() + "\n" + String.join("\n", contents)
                + "\n\n" + String.join("\n", body);
    }

    private String introduction() {
        return "*Woven by `./triptych read " + method.name() + "` out of the specification, the sources, one step of `"
                + name + "` and the checks; nothing here is written by hand.* Values are those of the first step of a "
                + "stage: one number, or the smallest, the mean and the largest of several. `x@12` is the value that "
                + "step 12 gave, where a later one has the same name.\n";
    }

    private String heading(Chapter chapter) {
        if (chapter.cited() == null) {
            return chapter.title().getFirst();
        }
        String part = chapter.cited().text().substring(chapter.cited().method().length() + 1);
        var titles = specification(chapter.cited()).titles(chapter.cited());
        String own = titles.isEmpty() ? chapter.title().getFirst() : String.join("; ", titles);
        return part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1) + ": " + own;
    }

    private static String anchor(Chapter chapter) {
        return chapter.cited() == null
                ? chapter.title().getFirst().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
                : String.join("-", chapter.cited().anchors());
    }

    private Specification specification(Citation cited) {
        return pages.computeIfAbsent(cited.page(),
                path -> Specification.of(SourceTexts.find(path).orElse("")));
    }

    private void write(Chapter chapter, String heading, Stage stage, StepValues values) {
        page.append("## <a id=\"").append(anchor(chapter)).append("\"></a>").append(heading).append("\n\n");
        Citation cited = chapter.cited();
        if (cited != null) {
            page.append(cited.anchors().stream()
                    .map(a -> "[" + a.replace("eq-", "Eq. ").replace("section-", "Section ").replace("appendix-",
                            "Appendix ").replaceAll("(?<=\\d)-", ".") + "](../" + cited.file() + "#" + a + ")")
                    .collect(Collectors.joining(", ", "Specification: ", ".\n\n")));
            specification(cited).formulas(cited)
                    .forEach(f -> page.append("```math\n").append(f).append("\n```\n\n"));
        }
        methods(chapter);
        results(chapter, stage, values);
        adjoints(chapter);
        operations.of(chapter).forEach(page::append);
        torchScript(chapter);
        keys(chapter);
        proofs(chapter);
    }

    /// The methods that ask for the steps: those of the component, and folded those of the layers it is made of.
    private void methods(Chapter chapter) {
        var own = new LinkedHashMap<String, String>();
        var layers = new LinkedHashMap<String, String>();
        for (Result result : chapter.forward()) {
            for (var origin : result.step().origins()) {
                boolean layer = origin.type().startsWith("dev.triptych.nn.");
                sources.file(origin).flatMap(f -> f.at(origin.line()))
                        .ifPresent(m -> (layer ? layers : own).putIfAbsent(origin.file() + "#" + m.name(), m.text()));
                if (!layer) {
                    break;
                }
            }
        }
        own.forEach((place, text) -> page.append(java(place, text)));
        layers.keySet().removeAll(told);
        if (!layers.isEmpty()) {
            String names = layers.keySet().stream().map(Weaver::called).collect(Collectors.joining(", "));
            page.append(folded("layers: " + names, layers.entrySet().stream()
                    .map(e -> java(e.getKey(), e.getValue())).collect(Collectors.joining())));
        }
    }

    private String java(String place, String text) {
        String link = "[`" + called(place) + "`](../../src/main/java/" + place.substring(0, place.indexOf('#')) + ")";
        return told.add(place) ? link + "\n\n```java\n" + text + "\n```\n\n" : link + ", as above.\n\n";
    }

    /// `Factorization.localization` of a path and a method.
    private static String called(String place) {
        return place.substring(place.lastIndexOf('/') + 1).replace(".java#", ".").replace(".<init>", "");
    }

    static String folded(String summary, String text) {
        return "<details><summary>" + summary + "</summary>\n\n" + text + "</details>\n\n";
    }

    private void results(Chapter chapter, Stage stage, StepValues values) {
        if (chapter.forward().isEmpty()) {
            return;
        }
        page.append("In step 1 of stage `").append(stage.name()).append("`:\n\n")
                .append("| step | gives | by | value |\n|---|---|---|---|\n");
        String section = chapter.forward().getFirst().step().section();
        for (Fold fold : Fold.of(chapter.forward())) {
            section = row(fold, section, values);
        }
        page.append("\n");
    }

    private String row(Fold fold, String before, StepValues values) {
        String section = before;
        switch (fold) {
            case Fold.One(Result r) -> {
                if (!r.step().section().equals(section)) {
                    section = r.step().section();
                    page.append("| | *").append(section.replaceAll(" \\([^()]*\\)$", "")).append("* | | |\n");
                }
                Tensor result = r.results().getFirst();
                page.append("| ").append(r.number()).append(" | `").append(r.left()).append("` | `").append(r.right())
                        .append("` | ").append(values.of(result)).append(" |\n");
            }
            case Fold.Several several -> {
                for (Fold part : several.body()) {
                    section = row(part, section, values);
                }
                section = several.last().step().section();
                page.append("| | ").append(ProgramText.again(several).strip()).append(" | | ")
                        .append(values.of(several.last().results().getFirst())).append(" |\n");
            }
        }
        return section;
    }

    private void adjoints(Chapter chapter) {
        if (chapter.adjoint().isEmpty()) {
            return;
        }
        var rows = new StringBuilder("| step | gives | by |\n|---|---|---|\n");
        Fold.of(chapter.adjoint()).forEach(fold -> adjoint(fold, rows));
        page.append(folded("the gradient, step by step", rows.append("\n").toString()));
    }

    private static void adjoint(Fold fold, StringBuilder rows) {
        switch (fold) {
            case Fold.One(Result r) -> rows.append("| ").append(r.number()).append(" | `").append(r.left())
                    .append("` | `").append(r.right()).append("` |\n");
            case Fold.Several several -> {
                several.body().forEach(part -> adjoint(part, rows));
                rows.append("| | ").append(ProgramText.again(several).strip()).append(" | |\n");
            }
        }
    }

    private void torchScript(Chapter chapter) {
        if (chapter.cited() == null) {
            return;
        }
        var functions = new LinkedHashMap<String, String>();
        for (String path : SourceTexts.below(TORCH.substring(0, TORCH.length() - 1))) {
            for (String function : SourceTexts.read(path).split("\n(?=def )")) {
                if (Citation.in(function).stream().anyMatch(chapter.cited()::meets)) {
                    functions.put(path.substring(TORCH.length()) + ": "
                            + function.substring("def ".length(), function.indexOf('(')), function.stripTrailing());
                }
            }
        }
        var text = new StringBuilder();
        functions.forEach((place, function) -> text.append(told.add(TORCH + place)
                ? "```python\n" + function + "\n```\n\n"
                : "`" + place + "`, as above.\n\n"));
        if (!functions.isEmpty()) {
            page.append(folded("in TorchScript, run by libtorch beside this: " + functions.keySet().stream()
                    .map(place -> place.replaceAll(".*: ", "")).collect(Collectors.joining(", ")), text.toString()));
        }
    }

    private void keys(Chapter chapter) {
        if (chapter.cited() == null) {
            return;
        }
        var rows = specification(chapter.cited()).keys(chapter.cited()).stream()
                .map(k -> "| `" + k.key() + "` | " + value(k.key()) + " | " + k.authors() + " | "
                        + meaning(k.key()) + " |\n")
                .toList();
        if (!rows.isEmpty() && told.add("keys " + rows)) {
            page.append("| key | `").append(name).append("` | authors | meaning |\n|---|---|---|---|\n");
            rows.forEach(page::append);
            page.append("\n");
        }
    }

    /// What a key is in the recipe; of a list of sections the value in each.
    private String value(String key) {
        return values(settings, List.of(key.split("\\."))).stream().map(v -> v == null ? "null" : v.toString())
                .distinct().collect(Collectors.joining(", "));
    }

    private static List<Object> values(Object node, List<String> path) {
        if (path.isEmpty()) {
            var one = new ArrayList<Object>();
            one.add(node);
            return one;
        }
        var rest = path.subList(1, path.size());
        return switch (node) {
            case Map<?, ?> map when map.containsKey(path.getFirst()) -> values(map.get(path.getFirst()), rest);
            case List<?> list when path.getFirst().equals("*") ->
                list.stream().flatMap(element -> values(element, rest).stream()).toList();
            case null, default -> List.of();
        };
    }

    private String meaning(String key) {
        return recipes.keys().stream().filter(k -> k.path().equals(key)).map(Key::doc).findFirst().orElse("")
                .replace("|", "\\|");
    }

    private void proofs(Chapter chapter) {
        var checks = evidence.checks(chapter::isCitedBy);
        var golden = evidence.golden(chapter::isCitedBy);
        if (!checks.isEmpty()) {
            page.append("Gradient errors in float64, by finite differences:\n\n");
            checks.forEach(c -> page.append("* ").append(c).append(": ").append(evidence.error(c)).append("\n"));
            page.append("\n");
        }
        if (!golden.isEmpty()) {
            page.append("Golden cases that compute it, which `./triptych check-vectors` compares: ")
                    .append(golden.stream().map(g -> "`" + g + "`").collect(Collectors.joining(", "))).append(".\n\n");
        }
    }
}
