package dev.raya.tuf.role;

import dev.raya.cache.json.Json;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import java.nio.charset.StandardCharsets;
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
        char separator = '{';
        for (Map.Entry<String, Json> member : sorted(members).entrySet()) {
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

  /** Metadata is mostly served in this order, and a snapshot has a member for each bin. */
  private static Map<String, Json> sorted(Map<String, Json> members) {
    String before = null;
    for (String name : members.keySet()) {
      if (before != null && compare(before, name) > 0) {
        Map<String, Json> sorted = new TreeMap<>(CanonicalForm::compare);
        sorted.putAll(members);
        return sorted;
      }
      before = name;
    }
    return members;
  }

  /** By code points, of which those above U+FFFF are two chars below U+E000. */
  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        boolean plain = Character.isSurrogate(left) == Character.isSurrogate(right);
        return plain ? left - right : Character.isSurrogate(left) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

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
