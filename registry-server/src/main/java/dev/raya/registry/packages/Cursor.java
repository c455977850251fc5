package dev.raya.registry.packages;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page of a collection begins: opaque to clients, the key of the last item before it. */
final class Cursor {
  private static final int MAX = 400;

  private Cursor() {}

  /** The cursor after an item with that key. */
  static String after(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The key that a cursor stands for.
   *
   * @param cursor as a request has it, or null for the beginning
   * @throws RegistryException if it is none of ours
   */
  static @Nullable String key(@Nullable String cursor) throws RegistryException {
    if (cursor == null) {
      return null;
    }
    try {
      if (cursor.length() <= MAX) {
        String key =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor)))
                .toString();
        if (key.indexOf('\0') < 0) {
          return key;
        }
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw malformed();
    }
    throw malformed();
  }

  private static RegistryException malformed() {
    return new RegistryException(
        Problem.MALFORMED, "cursor: expected one from a former answer", "begin without it");
  }
}
