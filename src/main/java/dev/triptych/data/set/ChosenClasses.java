package dev.triptych.data.set;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Some classes of a set, in the set's order: labels count them alone.
public final class ChosenClasses extends ImageSets.Subset {
    private final List<String> classes;
    private final int[] numbers;

    private ChosenClasses(ImageSet set, int[] indices, List<String> classes, int[] numbers) {
        super(set, indices);
        this.classes = classes;
        this.numbers = numbers;
    }

    /// The pictures of classes.
    ///
    /// @param words names with commas between them, or semicolons where names have commas; `first:N`, or `after:N`: all
    ///        but those N
    /// @throws IllegalArgumentException that says what was found and expected, where there are no such classes
    public static ImageSet of(ImageSet set, String words) {
        var all = set.classes();
        var chosen = chosen(all, words);
        var numbers = all.stream().mapToInt(chosen::indexOf).toArray();
        int[] indices = IntStream.range(0, set.size()).filter(i -> numbers[set.label(i)] >= 0).toArray();
        return new ChosenClasses(set, indices, chosen, numbers);
    }

    private static List<String> chosen(List<String> all, String words) {
        if (all.isEmpty()) {
            throw wrong(words, all, "pictures without classes have none to choose from");
        }
        var counted = words.matches("(first|after):\\d{1,6}") && !all.contains(words);
        if (counted) {
            int n = Integer.parseInt(words.substring(words.indexOf(':') + 1));
            if (n < 1 || n >= all.size()) {
                throw wrong(words, all, "so many are none or all");
            }
            return words.startsWith("first") ? all.subList(0, n) : all.subList(n, all.size());
        }
        var given = all.contains(words) ? new String[]{words} : words.split(words.contains(";") ? ";" : ",", -1);
        var names = new ArrayList<String>();
        for (String name : given) {
            if (!all.contains(name.strip())) {
                throw wrong(words, all, "there is no class '" + name.strip() + "'");
            }
            names.add(name.strip());
        }
        return all.stream().filter(names::contains).toList();
    }

    private static IllegalArgumentException wrong(String words, List<String> all, String why) {
        return new IllegalArgumentException("'" + words + "', but " + why + "; expected names of classes with commas "
                + "between them (semicolons where names have commas), first:N or after:N, of " + all.size() + " classes"
                + (all.isEmpty()
                        ? ""
                        : ": " + String.join("; ", all.subList(0, Math.min(20, all.size())))
                                + (all.size() > 20 ? ", .." : "")));
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int i) {
        return numbers[super.label(i)];
    }
}
