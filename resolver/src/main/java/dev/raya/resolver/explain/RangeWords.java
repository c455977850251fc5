package dev.raya.resolver.explain;

import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A range the way people write it: {@code ^1.2.0} for {@code >=1.2.0 <2.0.0-0}. What comes out
 * means the same range.
 */
final class RangeWords {
  private static final String OR = " || ";

  private RangeWords() {}

  /** The range in its shortest written form. */
  static String of(VersionRange range) {
    List<String> alternatives = new ArrayList<>();
    for (String alternative : range.text().split(" \\|\\| ", -1)) {
      alternatives.add(alternative(alternative));
    }
    return String.join(OR, alternatives);
  }

  private static String alternative(String text) {
    int space = text.indexOf(' ');
    if (!text.startsWith(">=") || space < 0) {
      return text;
    }
    String low = text.substring(2, space);
    for (char sign : new char[] {'^', '~'}) {
      VersionRange range = VersionRange.tryParse(sign + low);
      if (range != null && range.text().equals(text)) {
        return sign + low;
      }
    }
    return text;
  }
}
