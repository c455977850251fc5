package dev.raya.vm.bytecode.compat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the text of a declaration says beyond types ({@code rbin.md} 3.12: tokens separated by one
 * space or line feed, strings in double quotes).
 */
final class DeclarationTokens {
  /** Tokens after which a brace opens a type or a value, not a body. */
  private static final Set<String> BEFORE_TYPE =
      Set.of(":", "|", "&", "=>", "<", ",", "(", "[", "=", "?", "extends", "readonly", "keyof");

  private static final Set<String> MODIFIERS =
      Set.of(
          "public", "protected", "private", "static", "abstract", "async", "readonly", "override");

  private static final Set<String> KINDS =
      Set.of("class", "interface", "type", "function", "const");

  private static final Set<String> AFTER_NAME = Set.of("(", ":", "?", "!", ";", "=", "<");

  private static final Set<String> OPENING = Set.of("(", "[", "{");

  private final List<String> tokens;

  DeclarationTokens(String text) {
    this.tokens = split(text);
  }

  private static List<String> split(String text) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!quoted && (c == ' ' || c == '\n')) {
        if (!token.isEmpty()) {
          tokens.add(token.toString());
          token.setLength(0);
        }
        continue;
      }
      token.append(c);
      if (quoted && c == '\\' && i + 1 < text.length()) {
        token.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
      }
    }
    if (!token.isEmpty()) {
      tokens.add(token.toString());
    }
    return tokens;
  }

  /** Whether it declares a class, and not another name for one. */
  boolean isClass() {
    return kind().equals("class");
  }

  /** Whether it declares an abstract class. */
  boolean isAbstractClass() {
    return isClass() && tokens.subList(0, tokens.indexOf("class")).contains("abstract");
  }

  /**
   * The modifiers of a class's members by name: statics as {@code static NAME}, accessors as {@code
   * get NAME} and {@code set NAME}. For ambient declarations, whose members all end in a semicolon.
   */
  Map<String, Set<String>> members() {
    Map<String, Set<String>> members = new HashMap<>();
    int at = kind().equals("class") ? bodyOfClass() : tokens.size();
    while (at < tokens.size() && !tokens.get(at).equals("}")) {
      Set<String> modifiers = new HashSet<>();
      while (MODIFIERS.contains(tokens.get(at)) && !endsName(at + 1)) {
        modifiers.add(tokens.get(at++));
      }
      String name = tokens.get(at);
      if ((name.equals("get") || name.equals("set")) && !endsName(at + 1)) {
        name += ' ' + tokens.get(++at);
      }
      members.put(modifiers.contains("static") ? "static " + name : name, modifiers);
      while (at < tokens.size() && !tokens.get(at).equals(";")) {
        at = OPENING.contains(tokens.get(at)) ? closing(at) + 1 : at + 1;
      }
      at++;
    }
    return members;
  }

  private boolean endsName(int at) {
    return at >= tokens.size() || AFTER_NAME.contains(tokens.get(at));
  }

  /** The index after the brace that opens a class's body, or the number of tokens. */
  private int bodyOfClass() {
    int at = tokens.indexOf("class") + 1;
    while (at < tokens.size()
        && !(tokens.get(at).equals("{") && !BEFORE_TYPE.contains(tokens.get(at - 1)))) {
      at++;
    }
    return at + 1;
  }

  /**
   * The declaration without what callers do not see: bodies, default values and initialisers,
   * private members. Where a default value stands, {@code =} is left.
   */
  String head() {
    if (kind().equals("type") || kind().equals("interface")) {
      return String.join(" ", tokens);
    }
    List<String> kept = new ArrayList<>();
    int member = 0;
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      switch (token) {
        case "=" -> {
          kept.add(token);
          i = endOfValue(i + 1) - 1;
        }
        case "{" -> {
          boolean body = !kept.isEmpty() && !BEFORE_TYPE.contains(kept.getLast());
          if (body && (depth > 0 || !kind().equals("class"))) {
            i = closing(i);
            member = endMember(kept, member);
          } else {
            depth++;
            kept.add(token);
            member = kept.size();
          }
        }
        case "}" -> {
          depth--;
          kept.add(token);
        }
        case ";" -> {
          kept.add(token);
          member = endMember(kept, member);
        }
        default -> kept.add(token);
      }
    }
    return String.join(" ", kept);
  }

  /** The word that says what is declared; empty if there is none. */
  private String kind() {
    return tokens.stream().filter(KINDS::contains).findFirst().orElse("");
  }

  /** Drops the member that just ended if it is private; where the next one starts. */
  private static int endMember(List<String> kept, int start) {
    if (start < kept.size() && kept.get(start).equals("private")) {
      kept.subList(start, kept.size()).clear();
    }
    return kept.size();
  }

  /** The index of the token that ends a value: a comma, semicolon or bracket around it. */
  private int endOfValue(int from) {
    int at = from;
    while (at < tokens.size()) {
      switch (tokens.get(at)) {
        case "(", "[", "{" -> at = closing(at);
        case ",", ";", ")", "]", "}" -> {
          return at;
        }
        default -> {}
      }
      at++;
    }
    return at;
  }

  /** The index of the bracket that closes the one at that index, or of the last token. */
  private int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      switch (tokens.get(i)) {
        case "(", "[", "{" -> depth++;
        case ")", "]", "}" -> {
          if (--depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return tokens.size() - 1;
  }
}
