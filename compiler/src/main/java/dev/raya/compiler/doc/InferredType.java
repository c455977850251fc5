package dev.raya.compiler.doc;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The type in a row of DECL, whose tokens stand apart, spaced as people write it. A generic
 * function's row is its source, so a result its author left out is not in there.
 */
final class InferredType {
  private static final Set<String> CLOSE_BEFORE =
      Set.of(",", ";", ")", "]", ">", "[", "<", ":", "?", ".");
  private static final Set<String> CLOSE_AFTER = Set.of("(", "[", "<", "...", ".");

  private InferredType() {}

  /** The type of the variable or the result of the function that a row declares, or null. */
  static @Nullable String of(String row) {
    SourceFile file = SourceFile.of("row", row);
    for (Statement item : Parser.parseDeclarations(file, new Diagnostics()).items()) {
      Statement declared =
          switch (item) {
            case Statement.ExportDeclaration e -> e.declaration();
            case Statement.Ambient a -> a.declaration();
            default -> item;
          };
      TypeNode type = null;
      if (declared instanceof Statement.Function f) {
        type = f.function().result();
      } else if (declared instanceof Statement.Variables v && !v.bindings().isEmpty()) {
        type = v.bindings().getFirst().annotation();
      }
      if (type != null) {
        return spaced(type.span().text());
      }
    }
    return null;
  }

  private static String spaced(String tokens) {
    StringBuilder out = new StringBuilder();
    String last = "(";
    int at = 0;
    while (at < tokens.length()) {
      int end = end(tokens, at);
      String token = tokens.substring(at, end);
      if (!token.isBlank()) {
        if (!CLOSE_BEFORE.contains(token) && !CLOSE_AFTER.contains(last)) {
          out.append(' ');
        }
        out.append(token);
        last = token;
      }
      at = end;
    }
    return out.toString();
  }

  /** The end of a token, or of the space between two; a string is one token. */
  private static int end(String text, int start) {
    char first = text.charAt(start);
    int at = start + 1;
    if (first == '"') {
      while (at < text.length() && text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return Math.min(text.length(), at + 1);
    }
    while (first != ' ' && at < text.length() && text.charAt(at) != ' ') {
      at++;
    }
    return at;
  }
}
