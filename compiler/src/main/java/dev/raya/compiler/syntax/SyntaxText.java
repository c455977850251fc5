package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.Span;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A syntax tree as text, for people: {@code rayac compile --emit ast}. One node a line, inner nodes
 * further in; each with the name of its record, its words and numbers, and where it starts. The
 * tree's records say it all, so none is named here.
 */
public final class SyntaxText {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private SyntaxText() {}

  /** The text of a file's tree; equal trees give equal texts. */
  public static String of(ModuleSyntax module) {
    SyntaxText text = new SyntaxText();
    text.node("", module, 0);
    return text.out.toString();
  }

  private void node(String role, Record node, int depth) {
    line(role, depth).append(name(node.getClass()));
    RecordComponent[] components = node.getClass().getRecordComponents();
    for (RecordComponent component : components) {
      Object value = value(component, node);
      if (value instanceof Span span) {
        Position from = span.from();
        out.append(' ').append(from.line()).append(':').append(from.column());
      } else if (isWord(value)) {
        out.append(' ').append(component.getName()).append('=').append(word(value));
      }
    }
    out.append('\n');
    for (RecordComponent component : components) {
      part(component.getName(), value(component, node), depth + 1);
    }
  }

  private void part(String role, @Nullable Object value, int depth) {
    switch (value) {
      case Record inner -> {
        if (!(inner instanceof Span)) {
          node(role, inner, depth);
        }
      }
      case List<?> list -> {
        if (!list.isEmpty()) {
          out.append(INDENT.repeat(depth)).append(role).append(":\n");
          for (Object item : list) {
            if (item == null || isWord(item)) {
              line("", depth + 1).append(item == null ? "hole" : word(item)).append('\n');
            } else {
              part("", item, depth + 1);
            }
          }
        }
      }
      case null, default -> {}
    }
  }

  private StringBuilder line(String role, int depth) {
    out.append(INDENT.repeat(depth));
    return role.isEmpty() ? out : out.append(role).append(": ");
  }

  private static boolean isWord(@Nullable Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Number
        || value instanceof Enum<?>;
  }

  private static String word(@Nullable Object value) {
    return switch (value) {
      case String s ->
          '"'
              + s.replace("\\", "\\\\")
                  .replace("\n", "\\n")
                  .replace("\r", "\\r")
                  .replace("\"", "\\\"")
              + '"';
      case Enum<?> e -> e.name().toLowerCase(Locale.ROOT);
      case null, default -> String.valueOf(value);
    };
  }

  private static String name(Class<?> type) {
    return type.getSimpleName();
  }

  private static @Nullable Object value(RecordComponent component, Record node) {
    try {
      return component.getAccessor().invoke(node);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " of a syntax tree cannot be read", e);
    }
  }
}
