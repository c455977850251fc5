package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.List;

/** Types as the user writes them. */
public final class TypePrinter {
  private static final int MAX_DEPTH = 6;

  /** Longer texts leave out what is deep inside, as long as that makes them shorter. */
  private static final int MAX_LENGTH = 160;

  private static final int LEAST_DEPTH = 2;

  private final int maxDepth;

  private TypePrinter(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /** The text of a type, in which "…" stands for what is too deep or too long. */
  public static String print(Type type) {
    String text = new TypePrinter(MAX_DEPTH).print(type, 0);
    for (int d = MAX_DEPTH - 1; d >= LEAST_DEPTH && text.length() > MAX_LENGTH; d--) {
      text = new TypePrinter(d).print(type, 0);
    }
    return text;
  }

  /**
   * The texts of two types that are told apart: as deep as it takes for them to differ, if that is
   * not too deep.
   */
  public static List<String> print(Type one, Type other) {
    int depth = MAX_DEPTH;
    List<String> texts = both(one, other, depth);
    while (depth > LEAST_DEPTH && texts.stream().anyMatch(t -> t.length() > MAX_LENGTH)) {
      texts = both(one, other, --depth);
    }
    while (depth < 2 * MAX_DEPTH && texts.getFirst().equals(texts.getLast())) {
      texts = both(one, other, ++depth);
    }
    return texts;
  }

  private static List<String> both(Type one, Type other, int depth) {
    TypePrinter printer = new TypePrinter(depth);
    return List.of(printer.print(one, 0), printer.print(other, 0));
  }

  private String print(Type type, int depth) {
    if (depth > maxDepth) {
      return "…";
    }
    return switch (type) {
      case Type.Primitive p -> p.toString();
      case Type.StringLiteral l -> quote(l.value());
      case Type.IntLiteral l -> Integer.toString(l.value());
      case Type.BooleanLiteral l -> Boolean.toString(l.value());
      case Type.Array a -> (a.readonly() ? "readonly " : "") + grouped(a.element(), depth) + "[]";
      case Type.Tuple t ->
          (t.readonly() ? "readonly " : "") + "[" + list(t.elements(), depth) + "]";
      case Type.Function f -> function(f, depth, " => ");
      case Type.ClassInstance c ->
          c.symbol().name() + arguments(c.symbol().ownArguments(c.arguments()), depth);
      case Type.Structure s ->
          s.symbol().name().isEmpty()
              ? members(s, depth)
              : s.symbol().name() + arguments(s.arguments(), depth);
      case Type.Union u -> {
        List<String> parts = new ArrayList<>();
        for (Type m : u.members()) {
          parts.add(m instanceof Type.Function ? grouped(m, depth) : print(m, depth + 1));
        }
        yield parts.stream().allMatch("…"::equals) ? "…" : String.join(" | ", parts);
      }
      case Type.Variable v -> v.symbol().name();
    };
  }

  private String grouped(Type type, int depth) {
    String text = print(type, depth + 1);
    return type instanceof Type.Union || type instanceof Type.Function ? "(" + text + ")" : text;
  }

  private String function(Type.Function f, int depth, String arrow) {
    List<String> parts = new ArrayList<>();
    for (Type.Parameter p : f.parameters()) {
      parts.add(
          switch (p.kind()) {
            case REQUIRED -> p.name() + ": " + print(p.type(), depth + 1);
            case OPTIONAL -> p.name() + "?: " + print(Unions.withoutNull(p.type()), depth + 1);
            case DEFAULT -> p.name() + "?: " + print(p.type(), depth + 1);
            case REST -> "..." + p.name() + ": " + print(p.type(), depth + 1);
          });
    }
    String generics = "";
    if (!f.typeParameters().isEmpty()) {
      generics =
          "<"
              + String.join(
                  ", ", f.typeParameters().stream().map(TypeParameterSymbol::name).toList())
              + ">";
    }
    String result =
        f.predicate() == null
            ? print(f.result(), depth + 1)
            : f.parameters().get(f.predicate().parameter()).name()
                + " is "
                + print(f.predicate().type(), depth + 1);
    return generics + "(" + String.join(", ", parts) + ")" + arrow + result;
  }

  private String members(Type.Structure s, int depth) {
    if (!s.symbol().isComplete()) {
      return "{ … }";
    }
    Substitution substitution = Substitution.of(s.symbol().typeParameters(), s.arguments());
    List<String> parts = new ArrayList<>();
    for (StructureSymbol.Property p : s.symbol().properties()) {
      Type type = substitution.apply(p.type());
      if (p.method() && type instanceof Type.Function f) {
        parts.add(p.name() + function(f, depth + 1, ": "));
      } else {
        Type shown = p.optional() ? Unions.withoutNull(type) : type;
        parts.add(
            (p.readonly() ? "readonly " : "")
                + p.name()
                + (p.optional() ? "?: " : ": ")
                + print(shown, depth + 1));
      }
    }
    return parts.isEmpty() ? "{}" : "{ " + String.join("; ", parts) + " }";
  }

  private String arguments(List<Type> arguments, int depth) {
    return arguments.isEmpty() ? "" : "<" + list(arguments, depth) + ">";
  }

  private String list(List<Type> types, int depth) {
    List<String> parts = new ArrayList<>();
    for (Type t : types) {
      parts.add(print(t, depth + 1));
    }
    return String.join(", ", parts);
  }

  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
