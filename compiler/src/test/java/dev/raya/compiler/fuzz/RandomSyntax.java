package dev.raya.compiler.fuzz;

import java.util.List;
import java.util.Random;

/**
 * Programs that follow the grammar (language.md 2) and nothing else: names, types and operands are
 * drawn from a few, so that they sometimes fit and mostly do not.
 */
final class RandomSyntax {
  private static final List<String> NAMES = List.of("a", "b", "c", "f", "C", "I", "T", "x", "main");
  private static final List<String> TYPES =
      List.of("int", "number", "string", "boolean", "null", "json", "void", "never", "C", "I", "T");
  private static final List<String> OPERATORS =
      List.of(
          "+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^", "&&", "||", "??", "==",
          "===", "!=", "!==", "<", "<=", ">", ">=", "=", "+=", "??=");

  private final Random random;

  RandomSyntax(Random random) {
    this.random = random;
  }

  String program() {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(6) + 1; i > 0; i--) {
      out.append(random.nextInt(3) == 0 ? "export " + declaration(3) : statement(3)).append('\n');
    }
    return out.toString();
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String name() {
    return one(NAMES);
  }

  private String some(int most, String between, java.util.function.Supplier<String> part) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      out.append(out.isEmpty() ? "" : between).append(part.get());
    }
    return out.toString();
  }

  private boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  private String typeParameters() {
    return chance(3) ? "<T" + (chance(2) ? " extends " + type(1) : "") + ">" : "";
  }

  private String type(int depth) {
    if (depth == 0) {
      return one(TYPES);
    }
    return switch (random.nextInt(12)) {
      case 0 -> type(depth - 1) + "[]";
      case 1 -> "(" + type(depth - 1) + " | " + type(depth - 1) + ")";
      case 2 -> "(" + some(2, ", ", () -> name() + ": " + type(depth - 1)) + ") => " + type(0);
      case 3 -> "{ " + some(3, "; ", () -> name() + optional() + ": " + type(depth - 1)) + " }";
      case 4 -> "[" + type(depth - 1) + ", " + type(0) + "]";
      case 5 -> "Map<" + type(0) + ", " + type(depth - 1) + ">";
      case 6 -> "Task<" + type(depth - 1) + ">";
      case 7 -> name() + "<" + type(depth - 1) + ">";
      case 8 -> "\"" + name() + "\"";
      case 9 -> "readonly " + type(0) + "[]";
      default -> one(TYPES);
    };
  }

  private String optional() {
    return chance(3) ? "?" : "";
  }

  private String annotation() {
    return chance(2) ? ": " + type(2) : "";
  }

  private String parameters() {
    return some(
        3, ", ", () -> pattern(1) + annotation() + (chance(4) ? " = " + expression(1) : ""));
  }

  private String pattern(int depth) {
    return depth == 0 || !chance(4)
        ? name()
        : chance(2)
            ? "[" + some(2, ", ", () -> pattern(0)) + "]"
            : "{ " + some(2, ", ", () -> chance(2) ? name() : name() + ": " + pattern(0)) + " }";
  }

  private String declaration(int depth) {
    return switch (random.nextInt(6)) {
      case 0 ->
          (chance(4) ? "async " : "")
              + "function "
              + name()
              + typeParameters()
              + "("
              + parameters()
              + ")"
              + annotation()
              + " "
              + block(depth - 1);
      case 1 ->
          "class "
              + name()
              + typeParameters()
              + (chance(4) ? " extends " + name() : "")
              + (chance(4) ? " implements " + name() : "")
              + " { "
              + some(4, " ", () -> member(depth - 1))
              + " }";
      case 2 ->
          "interface "
              + name()
              + typeParameters()
              + " { "
              + some(3, " ", () -> name() + optional() + ": " + type(2) + ";")
              + " }";
      case 3 -> "type " + name() + typeParameters() + " = " + type(3) + ";";
      default ->
          (chance(2) ? "const " : "let ")
              + pattern(1)
              + annotation()
              + " = "
              + expression(depth)
              + ";";
    };
  }

  private String member(int depth) {
    String modifiers =
        chance(4) ? "private " : chance(5) ? "static " : chance(6) ? "readonly " : "";
    return switch (random.nextInt(4)) {
      case 0 -> modifiers + name() + annotation() + " = " + expression(depth) + ";";
      case 1 -> modifiers + name() + "(" + parameters() + ")" + annotation() + " " + block(depth);
      case 2 -> "get " + name() + "()" + annotation() + " " + block(depth);
      default -> "constructor(" + parameters() + ") " + block(depth);
    };
  }

  private String block(int depth) {
    return depth <= 0 ? "{}" : "{ " + some(3, " ", () -> statement(depth - 1)) + " }";
  }

  private String statement(int depth) {
    if (depth <= 0) {
      return expression(1) + ";";
    }
    return switch (random.nextInt(12)) {
      case 0 ->
          "if (" + expression(2) + ") " + block(depth) + (chance(2) ? " else " + block(depth) : "");
      case 1 -> "while (" + expression(1) + ") " + block(depth);
      case 2 -> "for (const " + pattern(1) + " of " + expression(1) + ") " + block(depth);
      case 3 -> "for (let a = 0; " + expression(1) + "; a++) " + block(depth);
      case 4 ->
          "switch ("
              + expression(1)
              + ") { "
              + some(3, " ", () -> "case " + expression(0) + ": " + statement(0) + " break;")
              + (chance(2) ? " default: " + statement(0) : "")
              + " }";
      case 5 ->
          "try "
              + block(depth)
              + " catch ("
              + name()
              + (chance(3) ? ": " + type(0) : "")
              + ") "
              + block(depth)
              + (chance(3) ? " finally " + block(depth) : "");
      case 6 -> "return " + expression(2) + ";";
      case 7 -> "throw " + expression(1) + ";";
      case 8 -> chance(2) ? "break;" : "continue;";
      default -> chance(2) ? declaration(depth) : expression(depth) + ";";
    };
  }

  private String expression(int depth) {
    if (depth <= 0) {
      return switch (random.nextInt(8)) {
        case 0 -> Integer.toString(random.nextInt(5));
        case 1 -> "1.5";
        case 2 -> "\"" + name() + "\"";
        case 3 -> chance(2) ? "true" : "null";
        case 4 -> "this";
        default -> name();
      };
    }
    int d = depth - 1;
    return switch (random.nextInt(18)) {
      case 0, 1, 2 -> "(" + expression(d) + " " + one(OPERATORS) + " " + expression(d) + ")";
      case 3 -> name() + "(" + some(3, ", ", () -> expression(d)) + ")";
      case 4 -> expression(d) + "." + name();
      case 5 -> expression(d) + "?." + name();
      case 6 -> expression(0) + "[" + expression(d) + "]";
      case 7 -> "[" + some(3, ", ", () -> (chance(5) ? "..." : "") + expression(d)) + "]";
      case 8 -> "({ " + some(3, ", ", () -> name() + ": " + expression(d)) + " })";
      case 9 -> "((" + parameters() + ") => " + (chance(2) ? expression(d) : block(d)) + ")";
      case 10 ->
          "new " + name() + (chance(3) ? "<" + type(1) + ">" : "") + "(" + expression(d) + ")";
      case 11 -> "(" + expression(d) + " ? " + expression(d) + " : " + expression(d) + ")";
      case 12 -> "(" + expression(d) + " as " + type(2) + ")";
      case 13 -> "`a${" + expression(d) + "}b`";
      case 14 -> (chance(2) ? "!" : "typeof ") + expression(0);
      case 15 -> "(await " + expression(d) + ")";
      case 16 -> name() + "." + name() + "(" + some(2, ", ", () -> expression(d)) + ")";
      default -> expression(0);
    };
  }
}
