package dev.raya.cli.pm.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole HTTP answer, read under a limit.
 *
 * @param uri what was asked
 * @param status its status
 * @param headers the first value of each header, by its name in lower case
 * @param body its bytes; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying bodies would cost
public record Answer(URI uri, int status, Map<String, String> headers, byte[] body) {
  private static final int SHOWN = 120;

  /** Whether the status is one of success. */
  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The first value of a header, or null. */
  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** The beginning of the body, to show who spoke. */
  public String beginning() {
    String text =
        new String(body, 0, Math.min(body.length, 4 * SHOWN), StandardCharsets.UTF_8).strip();
    int line = text.indexOf('\n');
    String first = line < 0 ? text : text.substring(0, line);
    return first.length() <= SHOWN ? first : first.substring(0, SHOWN) + "…";
  }
}
