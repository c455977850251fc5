package dev.raya.tuf.role;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.json.UtcTimes;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads metadata files strictly: bounded, no duplicate members, every member of the specification
 * of its type. Unknown members are kept in the signed bytes and otherwise ignored, as TUF asks.
 */
public final class RoleReader {
  /** Largest root, targets or delegated file (security.md, "Roots"). */
  public static final int MAX_BYTES = 1 << 20;

  /** Largest timestamp. */
  public static final int MAX_TIMESTAMP_BYTES = 64 << 10;

  private static final int MAX_KEYS = 1024;
  static final int MAX_SIGNATURES = 64;
  private static final int MAX_BIT_LENGTH = 32;

  /** Longest name of a delegated role; any character may be in it, and names are quoted in use. */
  private static final int MAX_ROLE_NAME = 255;

  /** Longest name of its file. */
  static final int MAX_FILE_NAME = MAX_ROLE_NAME + ".json".length();

  private RoleReader() {}

  /**
   * Reads a root.
   *
   * @throws TufException with {@link Code#METADATA_REFUSED} if it is too large or malformed
   */
  public static SignedRole<Role.Root> root(byte[] document) throws TufException {
    return read(document, MAX_BYTES, Kind.ROOT, RoleReader::readRoot);
  }

  /**
   * Reads a timestamp.
   *
   * @throws TufException with {@link Code#METADATA_REFUSED} if it is too large or malformed
   */
  public static SignedRole<Role.Timestamp> timestamp(byte[] document) throws TufException {
    return read(document, MAX_TIMESTAMP_BYTES, Kind.TIMESTAMP, RoleReader::readTimestamp);
  }

  /**
   * Reads a snapshot.
   *
   * @param limit largest size in bytes, as the timestamp says
   * @throws TufException with {@link Code#METADATA_REFUSED} if it is too large or malformed
   */
  public static SignedRole<Role.Snapshot> snapshot(byte[] document, int limit) throws TufException {
    SignedRole<Role.Snapshot> plain = document.length > limit ? null : plainSnapshot(document);
    return plain == null ? anySnapshot(document, limit) : plain;
  }

  /** The snapshot of the form that we write, or null. */
  static @Nullable SignedRole<Role.Snapshot> plainSnapshot(byte[] document) {
    PlainSnapshot.Found found = PlainSnapshot.read(document);
    if (found == null
        || found.expires().length() != RoleWriter.EXPIRES_LENGTH
        || !found.expires().endsWith("Z")
        || !isSupported(found.specVersion())) {
      return null;
    }
    try {
      return new SignedRole<>(
          new Role.Snapshot(found.version(), UtcTimes.parse(found.expires()), found.files()),
          found.signed(),
          found.signatures());
    } catch (DateTimeException malformed) {
      return null; // whoever reads it the long way says what is wrong
    }
  }

  /** A snapshot of whatever form. */
  static SignedRole<Role.Snapshot> anySnapshot(byte[] document, int limit) throws TufException {
    return read(document, limit, Kind.SNAPSHOT, RoleReader::readSnapshot);
  }

  /**
   * Reads targets, top-level or delegated.
   *
   * @throws TufException with {@link Code#METADATA_REFUSED} if it is too large or malformed
   */
  public static SignedRole<Role.Targets> targets(byte[] document) throws TufException {
    return read(document, MAX_BYTES, Kind.TARGETS, RoleReader::readTargets);
  }

  private interface Body<R extends Role> {
    R read(JsonFields fields) throws JsonException;
  }

  private static <R extends Role> SignedRole<R> read(
      byte[] document, int limit, Kind kind, Body<R> body) throws TufException {
    if (document.length > limit) {
      throw refused(kind, "expected at most " + limit + " bytes, found " + document.length, null);
    }
    try {
      JsonFields envelope = JsonFields.root(JsonReader.read(document));
      JsonFields signed = envelope.fields("signed");
      String type = signed.string("_type");
      if (!type.equals(kind.id())) {
        throw signed.fault("_type", "expected " + kind.id() + ", found \"" + type + '"');
      }
      String spec = signed.string("spec_version");
      if (!isSupported(spec)) {
        throw signed.fault("spec_version", "expected 1.x, found \"" + spec + '"');
      }
      List<SignedRole.RoleSignature> signatures = signatures(envelope);
      return new SignedRole<>(body.read(signed), CanonicalForm.bytes(signed.object()), signatures);
    } catch (JsonException | IllegalArgumentException e) {
      throw refused(kind, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isSupported(String specVersion) {
    String[] parts = specVersion.split("\\.", -1);
    if (parts.length < 2 || parts.length > 3 || !parts[0].equals("1")) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 6
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private static List<SignedRole.RoleSignature> signatures(JsonFields envelope)
      throws JsonException {
    envelope.value("signatures");
    List<JsonFields> list = envelope.list("signatures");
    if (list.size() > MAX_SIGNATURES) {
      throw envelope.fault("signatures", "more than " + MAX_SIGNATURES);
    }
    List<SignedRole.RoleSignature> signatures = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonFields signature : list) {
      String keyId = signature.string("keyid");
      if (!seen.add(keyId)) {
        throw signature.fault("keyid", "signs twice: " + keyId);
      }
      String hex = signature.string("sig");
      if (!hex.equals(HexFormat.of().formatHex(HexFormat.of().parseHex(hex)))) {
        throw signature.fault("sig", "expected lower-case hexadecimal digits");
      }
      signatures.add(new SignedRole.RoleSignature(keyId, hex));
    }
    return signatures;
  }

  private static Role.Root readRoot(JsonFields fields) throws JsonException {
    Map<String, TufKey> keys = keys(fields);
    JsonFields roles = fields.fields("roles");
    Map<Kind, RoleKeys> signers = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      signers.put(kind, signers(roles.fields(kind.id()), "keyids", "threshold"));
    }
    return new Role.Root(
        version(fields), expires(fields), fields.bool("consistent_snapshot", false), keys, signers);
  }

  private static Role.Timestamp readTimestamp(JsonFields fields) throws JsonException {
    JsonFields meta = fields.fields("meta");
    meta.only(Set.of("snapshot.json"));
    return new Role.Timestamp(
        version(fields), expires(fields), metaFile(meta.fields("snapshot.json")));
  }

  private static Role.Snapshot readSnapshot(JsonFields fields) throws JsonException {
    JsonFields meta = fields.fields("meta");
    Map<String, Role.MetaFile> files = new LinkedHashMap<>();
    for (String name : meta.names()) {
      if (!name.endsWith(".json") || name.length() > MAX_FILE_NAME) {
        throw meta.fault(name, "expected the name of a metadata file");
      }
      files.put(name, metaFile(meta.fields(name)));
    }
    return new Role.Snapshot(version(fields), expires(fields), files);
  }

  private static Role.Targets readTargets(JsonFields fields) throws JsonException {
    JsonFields list = fields.fields("targets");
    Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
    for (String path : list.names()) {
      JsonFields target = list.fields(path);
      Map<String, String> hashes = hashes(target.fields("hashes"));
      if (hashes.isEmpty()) {
        throw target.fault("hashes", "expected at least one");
      }
      targets.put(path, new Role.TargetFile(length(target), hashes));
    }
    JsonFields delegations = fields.optionalFields("delegations");
    return new Role.Targets(
        version(fields),
        expires(fields),
        targets,
        delegations == null ? null : delegations(delegations),
        fields.has(RoleWriter.ROLE) ? fields.string(RoleWriter.ROLE) : null);
  }

  private static Role.Delegations delegations(JsonFields fields) throws JsonException {
    Map<String, TufKey> keys = keys(fields);
    boolean named = fields.has("roles");
    if (named == fields.has("succinct_roles")) {
      throw fields.fault("roles", "expected either roles or succinct_roles");
    }
    if (!named) {
      JsonFields bins = fields.fields("succinct_roles");
      String prefix = bins.string("name_prefix");
      checkRoleName(bins, "name_prefix", prefix);
      return new Role.Delegations(
          keys,
          List.of(),
          new Role.HashBins(
              signers(bins, "keyids", "threshold"),
              bins.integer("bit_length", 1, MAX_BIT_LENGTH),
              prefix));
    }
    List<Role.DelegatedRole> roles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields role : fields.list("roles")) {
      String name = role.string("name");
      checkRoleName(role, "name", name);
      for (Kind kind : Kind.values()) {
        // In whatever case: there are file systems to which Root.json is root.json.
        if (name.equalsIgnoreCase(kind.id())) {
          throw role.fault("name", "a delegation cannot be called " + name);
        }
      }
      if (!names.add(name)) {
        throw role.fault("name", name + " is delegated to twice");
      }
      if (role.has("paths") == role.has("path_hash_prefixes")) {
        throw role.fault("paths", "expected either paths or path_hash_prefixes");
      }
      roles.add(
          new Role.DelegatedRole(
              name,
              signers(role, "keyids", "threshold"),
              role.strings("paths"),
              role.strings("path_hash_prefixes"),
              role.bool("terminating", false),
              role.bool(RoleWriter.NAMED, false)));
    }
    return new Role.Delegations(keys, roles, null);
  }

  private static void checkRoleName(JsonFields fields, String member, String name)
      throws JsonException {
    if (name.isEmpty() || name.length() > MAX_ROLE_NAME) {
      throw fields.fault(
          member, "expected 1 to " + MAX_ROLE_NAME + " characters, found " + name.length());
    }
  }

  private static Map<String, TufKey> keys(JsonFields fields) throws JsonException {
    JsonFields list = fields.fields("keys");
    if (list.names().size() > MAX_KEYS) {
      throw fields.fault("keys", "more than " + MAX_KEYS);
    }
    Map<String, TufKey> keys = new LinkedHashMap<>();
    for (String keyId : list.names()) {
      JsonFields key = list.fields(keyId);
      JsonFields value = key.fields("keyval");
      // A type that we do not know may keep its public part elsewhere; it verifies nothing.
      keys.put(
          keyId,
          new TufKey(
              key.string("keytype"),
              key.string("scheme"),
              value.has("public") ? value.string("public") : ""));
    }
    return keys;
  }

  private static RoleKeys signers(JsonFields fields, String keyIds, String threshold)
      throws JsonException {
    fields.value(keyIds);
    List<String> ids = fields.strings(keyIds);
    Set<String> distinct = new LinkedHashSet<>(ids);
    if (ids.size() > MAX_KEYS || distinct.size() != ids.size()) {
      throw fields.fault(keyIds, "expected at most " + MAX_KEYS + " different keyids");
    }
    return new RoleKeys(distinct, fields.integer(threshold, 1, MAX_KEYS));
  }

  private static Role.MetaFile metaFile(JsonFields fields) throws JsonException {
    JsonFields hashes = fields.optionalFields("hashes");
    @Nullable Long length = fields.has("length") ? length(fields) : null;
    return new Role.MetaFile(version(fields), length, hashes == null ? Map.of() : hashes(hashes));
  }

  private static Map<String, String> hashes(JsonFields fields) throws JsonException {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (String algorithm : fields.names()) {
      String hex = fields.string(algorithm);
      HexFormat.of().parseHex(hex);
      hashes.put(algorithm, hex.toLowerCase(Locale.ROOT));
    }
    return hashes;
  }

  private static long version(JsonFields fields) throws JsonException {
    long version = fields.integer("version");
    if (version < 1) {
      throw fields.fault("version", "expected a number of at least 1, found " + version);
    }
    return version;
  }

  private static long length(JsonFields fields) throws JsonException {
    long length = fields.integer("length");
    if (length < 0) {
      throw fields.fault("length", "expected a number of at least 0, found " + length);
    }
    return length;
  }

  private static Instant expires(JsonFields fields) throws JsonException {
    String text = fields.string("expires");
    try {
      if (text.length() == RoleWriter.EXPIRES_LENGTH && text.endsWith("Z")) {
        return UtcTimes.parse(text);
      }
    } catch (DateTimeException e) {
      throw fields.fault("expires", "expected YYYY-MM-DDTHH:MM:SSZ, found \"" + text + '"');
    }
    throw fields.fault("expires", "expected YYYY-MM-DDTHH:MM:SSZ, found \"" + text + '"');
  }

  private static TufException refused(Kind kind, String message, @Nullable Throwable cause) {
    String text = kind.id() + " metadata refused: " + message;
    return cause == null
        ? new TufException(Code.METADATA_REFUSED, text)
        : new TufException(Code.METADATA_REFUSED, text, cause);
  }
}
