package dev.raya.tuf.role;

import dev.raya.cache.json.Json;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The canonical JSON that TUF signs (TUF 1.0, section 4.2; the form of the OLPC wiki): as RFC 8785,
 * but only {@code "} and {@code \} are escaped, members are sorted by code points, and there are no
 * fractions.
 */
final class CanonicalForm {
  private CanonicalForm() {}

  /**
   * The bytes that are signed.
   *
   * @throws TufException if the value holds a number that is no integer
   */
  static byte[] bytes(Json value) throws TufException {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Json value, StringBuilder out) throws TufException {
    switch (value) {
      case Json.Null() -> out.append("null");
      case Json.Bool(boolean b) -> out.append(b);
      case Json.Int(long n) -> out.append(n);
      case Json.Real(double d) ->
          throw new TufException(Code.METADATA_REFUSED, "expected an integer, found " + d);
      case Json.Str(String s) -> string(s, out);
      case Json.Array(List<Json> items) -> {
        char separator = '[';
        for (Json item : items) {
          out.append(separator);
          separator = ',';
          write(item, out);
        }
        out.append(items.isEmpty() ? "[]" : "]");
      }
      case Json.Obj(Map<String, Json> members) -> {
        Map<String, Json> sorted = new TreeMap<>(BY_CODE_POINT);
        sorted.putAll(members);
        char separator = '{';
        for (Map.Entry<String, Json> member : sorted.entrySet()) {
          out.append(separator);
          separator = ',';
          string(member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
    }
  }

  private static final Comparator<String> BY_CODE_POINT =
      (a, b) -> {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
      };

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }
}
