package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads log records strictly: what is read is written again in the same bytes. */
public final class LogRecordReader {
  private static final int MAX_LIST = 256;

  private LogRecordReader() {}

  /**
   * Reads a record.
   *
   * @throws JsonException if it is larger than {@link LogRecord#MAX_BYTES}, malformed, of an
   *     unknown type or version, or not in canonical form
   */
  public static LogRecord read(byte[] leaf) throws JsonException {
    if (leaf.length > LogRecord.MAX_BYTES) {
      throw new JsonException(
          "expected at most " + LogRecord.MAX_BYTES + " bytes, found " + leaf.length, -1);
    }
    JsonFields fields = JsonFields.root(JsonReader.read(leaf));
    if (fields.integer("v") != LogRecord.VERSION) {
      throw fields.fault("v", "expected " + LogRecord.VERSION);
    }
    LogRecord.Header header = new LogRecord.Header(fields.string("time"), fields.string("actor"));
    String type = fields.string("type");
    LogRecord record =
        switch (type) {
          case "publish" -> publish(header, fields);
          case "package" ->
              new LogRecord.Package(
                  header,
                  fields.string("name"),
                  identities(fields),
                  fields.bool("tokenPublishing", true),
                  fields.bool("provenance", false),
                  fields.bool("claimed", false));
          case "status" ->
              new LogRecord.Status(
                  header,
                  fields.string("name"),
                  fields.string("version"),
                  fields.bool("yanked", false),
                  fields.bool("deprecated", false),
                  fields.bool("tombstone", false),
                  fields.optionalString("reason"),
                  fields.optionalString("use"));
          case "tag" ->
              new LogRecord.Tag(
                  header,
                  fields.string("name"),
                  fields.string("tag"),
                  fields.optionalString("version"));
          case "owner" ->
              new LogRecord.Owner(
                  header,
                  fields.string("name"),
                  fields.integer("account"),
                  fields.string("role"),
                  fields.string("change").equals("add"));
          case "key" ->
              new LogRecord.KeyChange(
                  header,
                  new Identity.Key(Identity.account(fields), key(fields), Identity.mlDsa(fields)),
                  fields.string("change").equals("register"));
          case "quarantine" ->
              new LogRecord.Quarantine(
                  header,
                  fields.string("name"),
                  fields.string("version"),
                  fields.bool("on", false),
                  fields.optionalString("reason"),
                  fields.optionalString("advisory"));
          case "root" ->
              new LogRecord.Root(header, fields.integer("version"), digest(fields, "sha256"));
          default -> throw fields.fault("type", "unknown type \"" + type + '"');
        };
    if (!Arrays.equals(record.bytes(), leaf)) {
      throw new JsonException("the record is not in its canonical form", -1);
    }
    return record;
  }

  private static LogRecord.Publish publish(LogRecord.Header header, JsonFields fields)
      throws JsonException {
    List<LogRecord.Native> natives = new ArrayList<>();
    for (JsonFields blob : bounded(fields, "natives")) {
      natives.add(
          new LogRecord.Native(
              blob.string("module"),
              blob.string("target"),
              blob.string("file"),
              blob.integer("size"),
              digest(blob, "sha256")));
    }
    List<LogRecord.Attestation> attestations = new ArrayList<>();
    for (JsonFields attestation : bounded(fields, "attestations")) {
      attestations.add(
          new LogRecord.Attestation(
              attestation.string("predicateType"),
              attestation.integer("size"),
              digest(attestation, "sha256")));
    }
    return new LogRecord.Publish(
        header,
        fields.string("name"),
        fields.string("version"),
        digest(fields, "sha256"),
        fields.integer("size"),
        digest(fields, "tree"),
        natives,
        fields.strings("capabilities"),
        Identity.read(fields.fields("publisher")),
        attestations,
        fields.value("previous") instanceof Json.Null ? null : fields.integer("previous"));
  }

  private static List<Identity> identities(JsonFields fields) throws JsonException {
    List<Identity> identities = new ArrayList<>();
    for (JsonFields identity : bounded(fields, "publishers")) {
      identities.add(Identity.read(identity));
    }
    return identities;
  }

  private static List<JsonFields> bounded(JsonFields fields, String name) throws JsonException {
    List<JsonFields> list = fields.list(name);
    if (list.size() > MAX_LIST) {
      throw fields.fault(name, "more than " + MAX_LIST);
    }
    return list;
  }

  private static VerificationKey key(JsonFields fields) throws JsonException {
    try {
      return VerificationKey.ofBase64(fields.string("publicKey"));
    } catch (IllegalArgumentException e) {
      throw fields.fault("publicKey", String.valueOf(e.getMessage()));
    }
  }

  private static Digest digest(JsonFields fields, String name) throws JsonException {
    String hex = fields.string(name);
    if (!Digest.isHex(hex)) {
      throw fields.fault(name, "expected 64 lower-case hexadecimal digits");
    }
    return new Digest(hex);
  }
}
