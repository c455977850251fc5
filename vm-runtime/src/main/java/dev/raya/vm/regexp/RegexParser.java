package dev.raya.vm.regexp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pattern: ECMAScript 2018 without octal escapes, {@code \c}, back-references inside
 * look-behind, unbounded look-behind, and properties other than general categories and scripts
 * (stdlib.md 2.9). Without flag {@code u} a brace that is no quantifier means itself.
 */
final class RegexParser {
  /** How deep groups may lie in each other. */
  private static final int MAX_DEPTH = 200;

  private static final int MAX_GROUPS = 10_000;
  private static final int MAX_COUNT = 100_000;

  private final String text;
  private final boolean unicode;
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final int groupCount;
  private final List<Node.BackReference> references = new ArrayList<>();
  private int at;
  private int groups = 1;
  private int depth;
  private int behind;

  RegexParser(String text, boolean unicode) throws RegexSyntaxException {
    this.text = text;
    this.unicode = unicode;
    this.groupCount = countGroups();
    if (groupCount > MAX_GROUPS) {
      throw fault("more than " + MAX_GROUPS + " groups");
    }
  }

  /** Returns the names of groups, in order. */
  Map<String, Integer> names() {
    return names;
  }

  /** Returns the number of groups, the whole match included. */
  int groups() {
    return groups;
  }

  Node parse() throws RegexSyntaxException {
    Node node = choice();
    if (at < text.length()) {
      throw fault("unmatched ')'");
    }
    for (Node.BackReference reference : references) {
      String name = reference.name();
      if (name != null && !names.containsKey(name)) {
        throw fault("no group is named '" + name + "'");
      }
    }
    return node;
  }

  private RegexSyntaxException fault(String message) {
    return new RegexSyntaxException("invalid regular expression: " + message, at);
  }

  private int countGroups() {
    int count = 1;
    boolean inClass = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        inClass = true;
      } else if (c == ']') {
        inClass = false;
      } else if (c == '(' && !inClass) {
        boolean plain = !text.startsWith("?", i + 1);
        boolean named =
            text.startsWith("?<", i + 1)
                && !text.startsWith("=", i + 3)
                && !text.startsWith("!", i + 3);
        count += plain || named ? 1 : 0;
      }
    }
    return count;
  }

  /** The value of an ASCII digit, or −1: those of other scripts are characters like all others. */
  private static int digit(char c, int radix) {
    return c < 0x80 ? Character.digit(c, radix) : -1;
  }

  private boolean next(String token) {
    if (text.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private Node choice() throws RegexSyntaxException {
    if (++depth > MAX_DEPTH) {
      throw fault("groups lie too deep in each other");
    }
    List<Node> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (next("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new Node.Choice(options);
  }

  private Node sequence() throws RegexSyntaxException {
    List<Node> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      int firstGroup = groups;
      int start = at;
      Node atom = atom();
      parts.add(quantified(atom, firstGroup, start));
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.Sequence(parts);
  }

  private Node quantified(Node atom, int firstGroup, int start) throws RegexSyntaxException {
    if (at >= text.length()) {
      return atom;
    }
    int min;
    int max;
    int before = at;
    switch (text.charAt(at)) {
      case '*' -> {
        min = 0;
        max = -1;
        at++;
      }
      case '+' -> {
        min = 1;
        max = -1;
        at++;
      }
      case '?' -> {
        min = 0;
        max = 1;
        at++;
      }
      case '{' -> {
        int[] counts = counts();
        if (counts == null) {
          at = before;
          if (unicode) {
            throw fault("a lone '{' must be escaped");
          }
          return atom;
        }
        min = counts[0];
        max = counts[1];
      }
      default -> {
        return atom;
      }
    }
    if (atom instanceof Node.Assertion || atom instanceof Node.Look) {
      at = start;
      throw fault("nothing to repeat");
    }
    if (max < 0 && behind > 0) {
      throw fault("look-behind must be bounded");
    }
    return new Node.Repeat(atom, min, max, !next("?"), firstGroup, groups);
  }

  private int @Nullable [] counts() throws RegexSyntaxException {
    at++;
    int min = integer();
    if (min < 0) {
      return null;
    }
    int max = min;
    if (next(",")) {
      max = at < text.length() && text.charAt(at) == '}' ? -1 : integer();
      if (max < 0 && !text.startsWith("}", at)) {
        return null;
      }
    }
    if (!next("}")) {
      return null;
    }
    if (max >= 0 && max < min) {
      throw fault("numbers of a quantifier out of order");
    }
    return new int[] {min, max};
  }

  private int integer() throws RegexSyntaxException {
    int start = at;
    int value = 0;
    while (at < text.length() && digit(text.charAt(at), 10) >= 0 && at < start + 9) {
      value = value * 10 + (text.charAt(at++) - '0');
    }
    if (value > MAX_COUNT) {
      throw fault("a quantifier above " + MAX_COUNT);
    }
    return at == start ? -1 : value;
  }

  private Node atom() throws RegexSyntaxException {
    char c = text.charAt(at);
    switch (c) {
      case '^' -> {
        at++;
        return new Node.Assertion(Node.Assertion.Kind.START);
      }
      case '$' -> {
        at++;
        return new Node.Assertion(Node.Assertion.Kind.END);
      }
      case '.' -> {
        at++;
        return new Node.Any();
      }
      case '(' -> {
        return group();
      }
      case '[' -> {
        return new Node.OneOf(brackets());
      }
      case '\\' -> {
        return escape();
      }
      case '*', '+', '?' -> throw fault("nothing to repeat");
      case '{' -> {
        int before = at;
        boolean quantifier = counts() != null;
        at = before;
        if (quantifier || unicode) {
          throw fault("nothing to repeat");
        }
      }
      case '}', ']' -> {
        if (unicode) {
          throw fault("a lone '" + c + "' must be escaped");
        }
      }
      default -> {}
    }
    return new Node.Char(character());
  }

  /** The character at the place, as the flags count characters. */
  private int character() {
    int c = unicode ? text.codePointAt(at) : text.charAt(at);
    at += Character.charCount(c);
    return c;
  }

  private Node group() throws RegexSyntaxException {
    at++;
    if (next("?:")) {
      Node body = choice();
      close();
      return body instanceof Node.Repeat ? new Node.Sequence(List.of(body)) : body;
    }
    if (next("?=") || next("?!")) {
      boolean negative = text.charAt(at - 1) == '!';
      Node body = choice();
      close();
      return new Node.Look(body, true, negative);
    }
    if (next("?<=") || next("?<!")) {
      boolean negative = text.charAt(at - 1) == '!';
      behind++;
      Node body = choice();
      behind--;
      close();
      return new Node.Look(body, false, negative);
    }
    int number = groups++;
    if (next("?<")) {
      String name = groupName();
      if (names.putIfAbsent(name, number) != null) {
        throw fault("two groups are named '" + name + "'");
      }
    } else if (next("?")) {
      at--;
      throw fault("unknown kind of group");
    }
    Node body = choice();
    close();
    return new Node.Group(number, body);
  }

  private void close() throws RegexSyntaxException {
    if (!next(")")) {
      throw fault("unterminated group");
    }
  }

  private String groupName() throws RegexSyntaxException {
    int end = text.indexOf('>', at);
    String name = end < 0 ? "" : text.substring(at, end);
    boolean valid = !name.isEmpty() && Character.isJavaIdentifierStart(name.codePointAt(0));
    for (int i = 0; i < name.length() && valid; i++) {
      valid =
          Character.isJavaIdentifierPart(name.charAt(i)) && !Character.isISOControl(name.charAt(i));
    }
    if (!valid) {
      throw fault("malformed name of a group");
    }
    at = end + 1;
    return name;
  }

  private Node escape() throws RegexSyntaxException {
    if (at + 1 >= text.length()) {
      throw fault("'\\' at the end");
    }
    char c = text.charAt(at + 1);
    if (c == 'b' || c == 'B') {
      at += 2;
      return new Node.Assertion(
          c == 'b' ? Node.Assertion.Kind.BOUNDARY : Node.Assertion.Kind.NO_BOUNDARY);
    }
    if (c >= '1' && c <= '9') {
      at++;
      int number = integer();
      if (number >= groupCount) {
        throw fault("there is no group " + number + " (octal escapes are not supported)");
      }
      return reference(new Node.BackReference(number, null));
    }
    if (c == 'k' && (unicode || text.startsWith("<", at + 2))) {
      at += 2;
      if (!next("<")) {
        throw fault("expected the name of a group");
      }
      return reference(new Node.BackReference(0, groupName()));
    }
    IntPredicate set = setEscape();
    if (set != null) {
      CharSet one = new CharSet();
      one.add(set);
      return new Node.OneOf(one);
    }
    return new Node.Char(characterEscape(false));
  }

  private Node reference(Node.BackReference reference) throws RegexSyntaxException {
    if (behind > 0) {
      throw fault("back-references inside look-behind are not supported");
    }
    references.add(reference);
    return reference;
  }

  /** {@code \d}, {@code \p{…}} and the like, consumed; null if the escape is none of them. */
  private @Nullable IntPredicate setEscape() throws RegexSyntaxException {
    char c = text.charAt(at + 1);
    IntPredicate simple = CharSet.escape(c);
    if (simple != null) {
      at += 2;
      return simple;
    }
    if ((c != 'p' && c != 'P') || !unicode) {
      return null;
    }
    int end = text.indexOf('}', at);
    if (!text.startsWith("{", at + 2) || end < 0) {
      throw fault("malformed property");
    }
    String name = text.substring(at + 3, end);
    IntPredicate property = CharSet.property(name);
    if (property == null) {
      throw fault("unknown property '" + name + "' (general categories and scripts are known)");
    }
    at = end + 1;
    return c == 'p' ? property : property.negate();
  }

  private int characterEscape(boolean inClass) throws RegexSyntaxException {
    at++;
    char c = text.charAt(at);
    switch (c) {
      case 't' -> {
        at++;
        return '\t';
      }
      case 'n' -> {
        at++;
        return '\n';
      }
      case 'v' -> {
        at++;
        return 0x0B;
      }
      case 'f' -> {
        at++;
        return '\f';
      }
      case 'r' -> {
        at++;
        return '\r';
      }
      case '0' -> {
        at++;
        if (at < text.length() && digit(text.charAt(at), 10) >= 0) {
          throw fault("octal escapes are not supported");
        }
        return 0;
      }
      case 'x' -> {
        at++;
        return hex(2);
      }
      case 'u' -> {
        return unicodeEscape();
      }
      case 'c' -> throw fault("'\\c' is not supported");
      default -> {
        if (inClass && c == '-') {
          at++;
          return '-';
        }
        boolean syntax = "^$\\.*+?()[]{}|/".indexOf(c) >= 0;
        if (!syntax && (unicode || Character.isLetterOrDigit(c))) {
          throw fault("unknown escape '\\" + c + "'");
        }
        return character();
      }
    }
  }

  private int unicodeEscape() throws RegexSyntaxException {
    at++;
    if (unicode && next("{")) {
      int value = 0;
      int start = at;
      while (at < text.length() && text.charAt(at) != '}') {
        int digit = digit(text.charAt(at), 16);
        value = digit < 0 ? -1 : value * 16 + digit;
        if (value < 0 || value > Character.MAX_CODE_POINT) {
          throw fault("malformed code point");
        }
        at++;
      }
      if (at == start || !next("}")) {
        throw fault("malformed code point");
      }
      return value;
    }
    int unit = hex(4);
    if (unicode && Character.isHighSurrogate((char) unit) && text.startsWith("\\u", at)) {
      int before = at;
      at += 2;
      if (!text.startsWith("{", at)) {
        int low = hex(4);
        if (Character.isLowSurrogate((char) low)) {
          return Character.toCodePoint((char) unit, (char) low);
        }
      }
      at = before;
    }
    return unit;
  }

  private int hex(int digits) throws RegexSyntaxException {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() ? digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw fault("expected " + digits + " hexadecimal digits");
      }
      value = value * 16 + digit;
      at++;
    }
    return value;
  }

  private CharSet brackets() throws RegexSyntaxException {
    at++;
    CharSet set = new CharSet();
    if (next("^")) {
      set.negate();
    }
    while (!next("]")) {
      int from = member(set);
      boolean range =
          text.startsWith("-", at) && at + 1 < text.length() && text.charAt(at + 1) != ']';
      if (!range) {
        if (from >= 0) {
          set.add(from, from);
        }
        continue;
      }
      int dash = at++;
      int to = member(set);
      if (from >= 0 && to >= 0) {
        if (to < from) {
          at = dash;
          throw fault("a range out of order");
        }
        set.add(from, to);
      } else if (unicode) {
        at = dash;
        throw fault("a range of a set");
      } else {
        set.add('-', '-');
        int one = Math.max(from, to);
        if (one >= 0) {
          set.add(one, one);
        }
      }
    }
    return set;
  }

  /** A character of a class, or −1 if it was a set, which was added. */
  private int member(CharSet set) throws RegexSyntaxException {
    if (at >= text.length()) {
      throw fault("unterminated class");
    }
    if (text.charAt(at) != '\\') {
      return character();
    }
    if (at + 1 >= text.length()) {
      throw fault("'\\' at the end");
    }
    if (text.charAt(at + 1) == 'b') {
      at += 2;
      return '\b';
    }
    IntPredicate escape = setEscape();
    if (escape != null) {
      set.add(escape);
      return -1;
    }
    if (digit(text.charAt(at + 1), 10) > 0) {
      throw fault("octal escapes are not supported");
    }
    return characterEscape(true);
  }
}
