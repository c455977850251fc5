package dev.raya.registry.http;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Reads small request bodies, cut at a bound before anything is made of them. */
public final class RequestBodies {
  /** Largest body of an ordinary write. */
  public static final int MAX_SMALL = 64 << 10;

  private RequestBodies() {}

  /**
   * The whole body.
   *
   * @throws RegistryException with {@link Problem#TOO_LARGE} if it is longer than the limit
   * @throws PacedBody.TooSlowException if it drips
   * @throws IOException if the client goes away
   */
  public static byte[] whole(InputStream body, int limit) throws RegistryException, IOException {
    InputStream paced = new PacedBody(body);
    byte[] bytes = paced.readNBytes(limit);
    if (paced.read() >= 0) {
      throw new RegistryException(
          Problem.TOO_LARGE, "expected a body of at most " + limit + " bytes");
    }
    return bytes;
  }

  /**
   * A JSON object with known members only.
   *
   * @throws RegistryException if it is too large, no object, or has other members
   * @throws IOException if the client goes away
   */
  public static JsonFields object(InputStream body, Set<String> members)
      throws RegistryException, IOException {
    try {
      JsonFields fields = JsonFields.root(StorableJson.read(whole(body, MAX_SMALL)));
      fields.only(members);
      return fields;
    } catch (JsonException e) {
      throw malformed(e);
    }
  }

  /**
   * The same where a request may also do without a body.
   *
   * @throws RegistryException as {@link #object}
   * @throws IOException if the client goes away
   */
  public static JsonFields optionalObject(InputStream body, Set<String> members)
      throws RegistryException, IOException {
    byte[] bytes = whole(body, MAX_SMALL);
    return object(
        new ByteArrayInputStream(bytes.length == 0 ? new byte[] {'{', '}'} : bytes), members);
  }

  /** The refusal of a body of another shape. */
  public static RegistryException malformed(JsonException cause) {
    return new RegistryException(Problem.MALFORMED, String.valueOf(cause.getMessage()));
  }
}
