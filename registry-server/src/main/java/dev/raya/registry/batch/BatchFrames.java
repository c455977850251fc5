package dev.raya.registry.batch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The frames of a batch: each a line of JSON and then as many bytes as it says. What would make the
 * answer larger than its bound is left out and answered with status 413, so that the client fetches
 * it singly.
 */
final class BatchFrames {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int limit;
  private int frames;

  BatchFrames(int limit) {
    this.limit = limit;
  }

  /** A static file from an offset on. */
  void file(String path, byte[] bytes, int offset) {
    int length = bytes.length - offset;
    if (out.size() + length > limit) {
      line(Json.object().put("path", path).put("status", 413));
      return;
    }
    line(Json.object().put("path", path).put("length", length).put("offset", offset));
    out.write(bytes, offset, length);
  }

  /** A static file as a splice of another one, which the client holds. */
  void splice(String path, byte[] splice, Digest base) {
    line(
        Json.object()
            .put("path", path)
            .put("length", splice.length)
            .put("offset", 0)
            .put("base", base.hex()));
    out.writeBytes(splice);
  }

  /** A record of the log, its line feed, and the proof that it is in the log. */
  void leaf(long index, byte[] record, String proof) {
    byte[] text = proof.getBytes(StandardCharsets.UTF_8);
    line(Json.object().put("leaf", index).put("length", record.length + 1 + text.length));
    out.writeBytes(record);
    out.write('\n');
    out.writeBytes(text);
  }

  /** A package that there is not. */
  void absent(String name) {
    line(Json.object().put("name", name).put("status", 404));
  }

  /** A record that there is not. */
  void absentLeaf(long index) {
    line(Json.object().put("leaf", index).put("status", 404));
  }

  /** A file that there is not, or that is too large for a batch. */
  void absentFile(String path) {
    line(Json.object().put("path", path).put("status", 404));
  }

  /** Ends the batch. */
  byte[] finish() {
    int count = frames;
    line(Json.object().put("end", true).put("frames", count));
    return out.toByteArray();
  }

  private void line(Json.ObjectBuilder head) {
    out.writeBytes(CanonicalJson.bytes(head.build()));
    out.write('\n');
    frames++;
  }
}
