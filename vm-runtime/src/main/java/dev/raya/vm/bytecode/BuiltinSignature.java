package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.List;

/**
 * The types of a built-in, as patterns over the types of a module. A capital letter is a type
 * variable: the first parameter pattern that holds it binds it to exactly what the operand's type
 * has at that place (so it normally stands in the receiver, which comes first); everywhere else it
 * means the bound type. Operands must be assignable to the parameters so obtained.
 *
 * <p>Grammar: {@code (type, type?, …) -> type}; a type is a predefined name, a variable, {@code
 * t[]}, {@code readonly t[]}, {@code [t, t]}, {@code t|t}, {@code Name<t, …>}, an instance of the
 * generic class {@code Name} of {@code raya:core}, or {@code Name}, a class of it that the VM
 * implements.
 *
 * @param params parameter patterns
 * @param optional how many trailing parameters may be left out
 * @param result the result; {@code void} pushes nothing
 */
public record BuiltinSignature(List<Pattern> params, int optional, Pattern result) {
  public BuiltinSignature {
    params = List.copyOf(params);
  }

  /** The least number of arguments. */
  public int required() {
    return params.size() - optional;
  }

  /** A type with variables. */
  public sealed interface Pattern {}

  /** A predefined type. */
  public record Exact(int type) implements Pattern {}

  /** A type variable. */
  public record Variable(char name) implements Pattern {}

  /** An array; a read-only pattern also accepts mutable arrays. */
  public record ArrayPattern(Pattern element, boolean readOnly) implements Pattern {}

  /** A tuple. */
  public record TuplePattern(List<Pattern> elements) implements Pattern {
    public TuplePattern {
      elements = List.copyOf(elements);
    }
  }

  /** A channel. */
  public record ChannelPattern(Pattern element) implements Pattern {}

  /** A task. */
  public record TaskPattern(Pattern result) implements Pattern {}

  /** A union; as a parameter it must be free of variables. */
  public record UnionPattern(List<Pattern> members) implements Pattern {
    public UnionPattern {
      members = List.copyOf(members);
    }
  }

  /** An instance of a generic class of {@code raya:core}, such as {@code Map<K, V>}. */
  public record CorePattern(String name, List<Pattern> arguments) implements Pattern {
    public CorePattern {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Parses a signature.
   *
   * @throws IllegalArgumentException if the text is not one: a mistake in the table
   */
  public static BuiltinSignature parse(String text) {
    return new Parser(text).signature();
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    BuiltinSignature signature() {
      expect("(");
      List<Pattern> params = new ArrayList<>();
      int optional = 0;
      while (!accept(")")) {
        if (!params.isEmpty()) {
          expect(",");
        }
        params.add(pattern());
        if (accept("?")) {
          optional++;
        } else if (optional > 0) {
          throw fault("a required parameter after an optional one");
        }
      }
      expect("->");
      Pattern result = pattern();
      if (at != text.length()) {
        throw fault("the end");
      }
      return new BuiltinSignature(params, optional, result);
    }

    private Pattern pattern() {
      Pattern first = postfix();
      if (!accept("|")) {
        return first;
      }
      List<Pattern> members = new ArrayList<>(List.of(first));
      do {
        members.add(postfix());
      } while (accept("|"));
      return new UnionPattern(members);
    }

    private Pattern postfix() {
      boolean readOnly = accept("readonly ");
      Pattern pattern = primary();
      int depth = 0;
      while (accept("[]")) {
        depth++;
      }
      if (readOnly && depth == 0) {
        throw fault("an array after readonly");
      }
      for (int i = 1; i <= depth; i++) {
        pattern = new ArrayPattern(pattern, readOnly && i == depth);
      }
      return pattern;
    }

    private Pattern primary() {
      if (accept("[")) {
        return new TuplePattern(list("]"));
      }
      if (accept("(")) {
        Pattern inner = pattern();
        expect(")");
        return inner;
      }
      skipSpace();
      int start = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      String name = text.substring(start, at);
      int predefined = PredefinedType.indexOf(name);
      if (predefined >= 0) {
        return new Exact(predefined);
      }
      if (name.length() == 1) {
        return new Variable(name.charAt(0));
      }
      if (name.equals("channel") && accept("<")) {
        return new ChannelPattern(list(">").getFirst());
      }
      if (name.equals("task") && accept("<")) {
        return new TaskPattern(list(">").getFirst());
      }
      if (!name.isEmpty() && accept("<")) {
        return new CorePattern(name, list(">"));
      }
      if (!name.isEmpty() && Character.isUpperCase(name.charAt(0))) {
        return new CorePattern(name, List.of());
      }
      throw fault("a type");
    }

    private List<Pattern> list(String end) {
      List<Pattern> patterns = new ArrayList<>();
      do {
        patterns.add(pattern());
      } while (accept(","));
      expect(end);
      return patterns;
    }

    private void skipSpace() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }

    private boolean accept(String token) {
      skipSpace();
      if (text.startsWith(token, at)) {
        at += token.length();
        return true;
      }
      return false;
    }

    private void expect(String token) {
      if (!accept(token)) {
        throw fault(token);
      }
    }

    private IllegalArgumentException fault(String expected) {
      return new IllegalArgumentException(
          "built-in signature \"" + text + "\": expected " + expected + " at " + at);
    }
  }
}
