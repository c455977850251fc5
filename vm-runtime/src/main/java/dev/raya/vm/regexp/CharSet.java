package dev.raya.vm.regexp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A set of code points: a class in brackets, an escape such as {@code \d}, or a property. */
final class CharSet {
  private static final Map<String, Integer> CATEGORIES = categories();

  private final List<int[]> ranges = new ArrayList<>();
  private final List<IntPredicate> predicates = new ArrayList<>();
  private boolean negated;

  void add(int from, int to) {
    ranges.add(new int[] {from, to});
  }

  void add(IntPredicate predicate) {
    predicates.add(predicate);
  }

  void negate() {
    negated = true;
  }

  private boolean holds(int c) {
    for (int[] range : ranges) {
      if (c >= range[0] && c <= range[1]) {
        return true;
      }
    }
    for (IntPredicate predicate : predicates) {
      if (predicate.test(c)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a code point is in the set; with folding, whether one of its cases is. */
  boolean contains(int c, boolean fold) {
    boolean in = holds(c);
    if (fold && !in) {
      int upper = Character.toUpperCase(c);
      int lower = Character.toLowerCase(c);
      in =
          holds(upper)
              || holds(lower)
              || holds(Character.toLowerCase(upper))
              || holds(Character.toTitleCase(c));
    }
    return in != negated;
  }

  /** Returns the set of an escape {@code d, D, w, W, s, S}, or null. */
  static @Nullable IntPredicate escape(char letter) {
    return switch (letter) {
      case 'd' -> c -> c >= '0' && c <= '9';
      case 'D' -> c -> c < '0' || c > '9';
      case 'w' -> CharSet::isWord;
      case 'W' -> c -> !isWord(c);
      case 's' -> CharSet::isSpace;
      case 'S' -> c -> !isSpace(c);
      default -> null;
    };
  }

  static boolean isWord(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  static boolean isSpace(int c) {
    return c >= 9 && c <= 13
        || c == ' '
        || c == 0xA0
        || c == 0xFEFF
        || isLineEnd(c)
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  static boolean isLineEnd(int c) {
    return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
  }

  /** Returns the set of a Unicode property, a general category or a script; null if unknown. */
  static @Nullable IntPredicate property(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? "" : text.substring(0, equals);
    String value = text.substring(equals + 1);
    boolean category = name.isEmpty() || name.equals("gc") || name.equals("General_Category");
    if (category) {
      if (name.isEmpty() && value.equals("Any")) {
        return c -> true;
      }
      Integer mask = CATEGORIES.get(value);
      return mask == null ? null : c -> (mask >> Character.getType(c) & 1) != 0;
    }
    if (name.equals("sc") || name.equals("Script")) {
      try {
        Character.UnicodeScript script = Character.UnicodeScript.forName(value);
        return c -> Character.UnicodeScript.of(c) == script;
      } catch (IllegalArgumentException unknown) {
        return null;
      }
    }
    return null;
  }

  private static Map<String, Integer> categories() {
    // Short name, long name, the numbers of java.lang.Character.
    String table =
        "Lu Uppercase_Letter 1;Ll Lowercase_Letter 2;Lt Titlecase_Letter 3;Lm Modifier_Letter 4;"
            + "Lo Other_Letter 5;Mn Nonspacing_Mark 6;Me Enclosing_Mark 7;Mc Spacing_Mark 8;"
            + "Nd Decimal_Number 9;Nl Letter_Number 10;No Other_Number 11;Zs Space_Separator 12;"
            + "Zl Line_Separator 13;Zp Paragraph_Separator 14;Cc Control 15;Cf Format 16;"
            + "Co Private_Use 18;Cs Surrogate 19;Pd Dash_Punctuation 20;Ps Open_Punctuation 21;"
            + "Pe Close_Punctuation 22;Pc Connector_Punctuation 23;Po Other_Punctuation 24;"
            + "Sm Math_Symbol 25;Sc Currency_Symbol 26;Sk Modifier_Symbol 27;So Other_Symbol 28;"
            + "Pi Initial_Punctuation 29;Pf Final_Punctuation 30;Cn Unassigned 0;"
            + "L Letter 1 2 3 4 5;LC Cased_Letter 1 2 3;M Mark 6 7 8;N Number 9 10 11;"
            + "Z Separator 12 13 14;C Other 0 15 16 18 19;P Punctuation 20 21 22 23 24 29 30;"
            + "S Symbol 25 26 27 28";
    Map<String, Integer> names = new java.util.HashMap<>();
    for (String row : table.split(";")) {
      String[] cells = row.split(" ");
      int mask = 0;
      for (int i = 2; i < cells.length; i++) {
        mask |= 1 << Integer.parseInt(cells[i]);
      }
      names.put(cells[0], mask);
      names.put(cells[1], mask);
    }
    names.put("digit", names.getOrDefault("Nd", 0));
    names.put("punct", names.getOrDefault("P", 0));
    names.put("cntrl", names.getOrDefault("Cc", 0));
    return Map.copyOf(names);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "CharSet(%d ranges)", ranges.size());
  }
}
