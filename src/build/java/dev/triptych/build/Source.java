package dev.triptych.build;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A Java source file as a list of tokens, and the edits made to it.
///
/// Joining the tokens gives the file back to the letter, white space and comments included. A rewriting replaces the
/// text of some tokens and leaves all others alone; it never adds or removes a line break, so that a line number in a
/// generated file is the line number in the file that it was generated from.
final class Source {
    /// What a token is. Symbols are single characters (`>>>` is three of them).
    enum Kind {
        SPACE, COMMENT, STRING, NUMBER, WORD, SYMBOL
    }

    /// One token. `at` is its place in [#tokens], `line` its line in the file, counted from 1.
    record Token(Kind kind, String text, int line, int at) {
        boolean is(String expected) {
            return text.equals(expected) && (kind == Kind.WORD || kind == Kind.SYMBOL || kind == Kind.NUMBER);
        }
    }

    private static final Pattern TOKEN = Pattern.compile("(?<SPACE>\\s+)" //
            + "|(?<COMMENT>//[^\\n]*|/\\*(?s:.*?)\\*/)"
            + "|(?<STRING>\"\"\"(?s:(?:\\\\.|.)*?)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*+')"
            + "|(?<NUMBER>0[xX][0-9a-fA-F_.]*(?:[pP][+-]?[0-9_]+)?[lLfFdD]?" //
            + "|(?:[0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?[lLfFdD]?)"
            + "|(?<WORD>[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*)" //
            + "|(?<SYMBOL>(?s:.))");

    private final String name;
    private final List<Token> tokens = new ArrayList<>();
    private final String[] edited;

    /// @param name the name by which messages call the file
    Source(String name, String text) {
        this.name = name;
        int line = 1;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            Kind kind = Arrays.stream(Kind.values()).filter(k -> matcher.group(k.name()) != null).findFirst()
                    .orElseThrow();
            tokens.add(new Token(kind, matcher.group(), line, tokens.size()));
            line += (int) matcher.group().chars().filter(c -> c == '\n').count();
        }
        edited = tokens.stream().map(Token::text).toArray(String[]::new);
    }

    String name() {
        return name;
    }

    /// All tokens, white space and comments included.
    List<Token> tokens() {
        return List.copyOf(tokens);
    }

    /// The tokens that mean something to the compiler: neither white space nor comments.
    List<Token> code() {
        return tokens.stream().filter(t -> t.kind() != Kind.SPACE && t.kind() != Kind.COMMENT).toList();
    }

    /// The lines of the comment that ends right before a token; empty if there is none.
    List<String> commentBefore(Token token) {
        var lines = new LinkedList<String>();
        for (int i = token.at() - 1; i >= 0 && tokens.get(i).kind().compareTo(Kind.COMMENT) <= 0; i--) {
            if (tokens.get(i).kind() == Kind.COMMENT) {
                lines.addFirst(tokens.get(i).text());
            }
        }
        return lines;
    }

    /// Replaces the text of one token. The tokens themselves stay what they were: parsing always sees the original.
    void replace(Token token, String text) {
        edited[token.at()] = text;
    }

    /// Adds text right behind a token, after whatever was added there before.
    void append(Token token, String text) {
        edited[token.at()] += text;
    }

    /// Adds text right before a token.
    void prepend(Token token, String text) {
        edited[token.at()] = text + edited[token.at()];
    }

    /// Blanks a token and the spaces behind it, but no line break.
    void drop(Token token) {
        edited[token.at()] = "";
        int next = token.at() + 1;
        if (next < tokens.size() && tokens.get(next).kind() == Kind.SPACE) {
            edited[next] = edited[next].replace(" ", "");
        }
    }

    /// The file after all edits.
    String text() {
        return String.join("", edited);
    }

    /// Drops `@Parallel` and its import: the only trace of TornadoVM that a kernel carries.
    void dropParallel() {
        List<Token> code = code();
        for (int i = 0; i < code.size(); i++) {
            if (matches(code, i, "@", "Parallel")) {
                code.subList(i, i + 2).forEach(this::drop);
            } else if (matches(code, i, "import", "uk", ".", "ac", ".", "manchester")) {
                code.subList(i, indexOf(code, i, ";") + 1).forEach(this::drop);
            }
        }
    }

    /// Whether the tokens from `at` on read as given.
    static boolean matches(List<Token> code, int at, String... texts) {
        for (int k = 0; k < texts.length; k++) {
            if (at + k < 0 || at + k >= code.size() || !code.get(at + k).is(texts[k])) {
                return false;
            }
        }
        return true;
    }

    /// The place of the first token from `at` on that reads as given; the list's size if there is none.
    static int indexOf(List<Token> code, int at, String text) {
        int i = at;
        while (i < code.size() && !code.get(i).is(text)) {
            i++;
        }
        return i;
    }

    /// The place of the bracket that closes the one at `open`; the list's size if nothing does.
    static int closing(List<Token> code, int open) {
        int depth = 0;
        for (int i = open; i < code.size(); i++) {
            Token token = code.get(i);
            if (token.is("(") || token.is("{") || token.is("[")) {
                depth++;
            } else if (token.is(")") || token.is("}") || token.is("]")) {
                depth--;
            }
            if (depth == 0) {
                return i;
            }
        }
        return code.size();
    }

    /// The tokens as one line of code.
    static String line(List<Token> code) {
        return code.stream().map(Token::text).collect(Collectors.joining(" "));
    }
}
