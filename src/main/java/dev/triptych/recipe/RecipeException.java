package dev.triptych.recipe;

/// A recipe that cannot be used. The message is complete: it names the file and line (or the override), the key, the
/// value found, what was expected, and the remedy.
///
/// The records of this package throw it from their constructors with a key relative to themselves; reading a recipe
/// adds the path of the section and the place in the file.
public final class RecipeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String where;
    private final String key;
    private final String problem;
    private final String remedy;

    /// @param where   file and line, or the override; empty where no file is involved
    /// @param key     dotted key, or empty where the file as a whole is meant
    /// @param problem what was found and what was expected, in the form that follows the key: `is 20; expected ...`
    /// @param remedy  a sentence that says what to do
    public RecipeException(String where, String key, String problem, String remedy) {
        super((where.isEmpty() ? "" : where + ": ") + (key.isEmpty() ? "" : key + " ") + problem + ". " + remedy);
        this.where = where;
        this.key = key;
        this.problem = problem;
        this.remedy = remedy;
    }

    /// A wrong value found by a record itself; `key` is relative to the record.
    public static RecipeException value(String key, Object value, String expected, String remedy) {
        return new RecipeException("", key, "is " + value + "; expected " + expected, remedy);
    }

    /// The same error, placed: its key inside the section `path`, in the file and line `where`.
    RecipeException in(String where, String path) {
        var placed = new RecipeException(where, path.isEmpty() ? key : path + "." + key, problem, remedy);
        placed.initCause(this);
        return placed;
    }

    /// The same error with another place.
    RecipeException at(String otherWhere) {
        var placed = new RecipeException(otherWhere, key, problem, remedy);
        placed.initCause(this);
        return placed;
    }

    /// File and line, or the override; empty where no file is involved.
    public String where() {
        return where;
    }

    /// The dotted key, empty where the file as a whole is meant.
    public String key() {
        return key;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
