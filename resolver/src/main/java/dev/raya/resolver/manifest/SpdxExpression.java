package dev.raya.resolver.manifest;

import dev.raya.resolver.version.ResolverCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks a licence: an SPDX expression (SPDX 2.3, annex D) of identifiers of the SPDX list, {@code
 * LicenseRef-…}, {@code +}, {@code WITH}, {@code AND}, {@code OR} and parentheses.
 */
final class SpdxExpression {
  private final Set<String> licenses = list("spdx-licenses.txt");
  private final Set<String> exceptions = list("spdx-exceptions.txt");
  private final Deque<String> tokens = new ArrayDeque<>();
  private @Nullable String fault;
  private @Nullable String suggestion;

  private SpdxExpression(String text) {
    for (String token : text.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")) {
      tokens.add(token);
    }
  }

  /** Adds a fault for the key if the text is no expression. */
  static void check(TomlSection t, String key, String text) {
    SpdxExpression expression = new SpdxExpression(text);
    expression.read();
    if (expression.fault != null) {
      t.fault(ResolverCode.MANIFEST_MALFORMED, key, expression.fault, expression.suggestion);
    }
  }

  /** Adds a fault for an entry of a list of licences that is not one licence. */
  static void checkEntry(TomlSection t, TomlSection.Item item) {
    SpdxExpression expression = new SpdxExpression(item.text());
    expression.read();
    boolean several = item.text().contains(" AND ") || item.text().contains(" OR ");
    if (expression.fault != null || several) {
      t.faults()
          .add(
              ResolverCode.MANIFEST_MALFORMED,
              item.position(),
              expression.fault != null
                  ? expression.fault
                  : "expected one licence, found \"" + ManifestFaults.cut(item.text()) + '"',
              expression.suggestion);
    }
  }

  /** Operands and operators alternate; parentheses balance. No recursion: depth is the user's. */
  private void read() {
    int open = 0;
    boolean operand = true;
    while (!tokens.isEmpty() && fault == null) {
      String token = tokens.remove();
      if (operand && token.equals("(")) {
        open++;
      } else if (operand) {
        license(token);
        operand = false;
      } else if (token.equals(")") && open > 0) {
        open--;
      } else if (token.equals("AND") || token.equals("OR")) {
        operand = true;
      } else {
        fault = "expected AND or OR in the licence, found \"" + ManifestFaults.cut(token) + '"';
        suggestion = Spelling.nearest(token.toUpperCase(Locale.ROOT), Set.of("AND", "OR"));
      }
    }
    if (fault == null && (operand || open > 0)) {
      fault = operand ? "the licence ends where an identifier is expected" : "a ( is not closed";
    }
  }

  private void license(String token) {
    String id = token.endsWith("+") ? token.substring(0, token.length() - 1) : token;
    boolean reference = id.matches("(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+");
    if (!reference) {
      require(id, licenses, "SPDX licence identifiers such as MIT or Apache-2.0");
    }
    if (fault == null && "WITH".equals(tokens.peek())) {
      tokens.remove();
      String exception = tokens.poll();
      require(exception == null ? "" : exception, exceptions, "an SPDX exception after WITH");
    }
  }

  private void require(String id, Set<String> known, String expected) {
    if (!known.contains(id)) {
      fault = "expected " + expected + ", found \"" + ManifestFaults.cut(id) + '"';
      suggestion = nearest(id, known);
    }
  }

  private static @Nullable String nearest(String id, Set<String> known) {
    for (String candidate : known) {
      if (candidate.equalsIgnoreCase(id)) {
        return candidate;
      }
    }
    String lower = id.toLowerCase(Locale.ROOT).replace(' ', '-');
    for (String candidate : known) {
      if (Spelling.distance(candidate.toLowerCase(Locale.ROOT), lower) == 1) {
        return candidate;
      }
    }
    return Spelling.nearest(id, known);
  }

  private static Set<String> list(String resource) {
    try (InputStream in = SpdxExpression.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new TreeSet<>(text.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
