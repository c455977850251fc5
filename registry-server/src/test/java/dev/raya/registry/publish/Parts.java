package dev.raya.registry.publish;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart body in the making. */
public final class Parts {
  static final String BOUNDARY = "----raya-test-boundary";
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds a part. */
  public Parts add(String name, String type, byte[] bytes) {
    text("--" + BOUNDARY + "\r\n");
    text("Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name + "\"\r\n");
    text("Content-Type: " + type + "\r\n\r\n");
    out.writeBytes(bytes);
    text("\r\n");
    return this;
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The whole body. */
  byte[] body() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return whole.toByteArray();
  }
}
