package dev.raya.tuf.role;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and signs metadata files. The same role and keys give the same bytes. */
public final class RoleWriter {
  /** The version of the specification that we write. */
  public static final String SPEC_VERSION = "1.0.33";

  /** Length of {@code YYYY-MM-DDTHH:MM:SSZ}. */
  static final int EXPIRES_LENGTH = 20;

  /** Member of targets that says which role the file is of; TUF lets members be added. */
  static final String ROLE = "x-raya-role";

  /** Member of a delegation that says that files have to have the other one. */
  static final String NAMED = "x-raya-named";

  private RoleWriter() {}

  /** The signed bytes of a metadata file, with a signature of each key in the order given. */
  public static byte[] sign(Role role, List<SigningKey> keys) {
    Json.Obj signed = signed(role);
    byte[] message;
    try {
      message = CanonicalForm.bytes(signed);
    } catch (TufException e) {
      throw new IllegalStateException("what we write holds integers only", e);
    }
    List<Json> signatures = new ArrayList<>();
    for (SigningKey key : keys) {
      signatures.add(
          Json.object()
              .put("keyid", TufKey.of(key.verificationKey()).keyId().hex())
              .put("sig", HexFormat.of().formatHex(key.sign(message)))
              .build());
    }
    return envelope(signed, signatures);
  }

  /**
   * A metadata file with the signatures of more keys; a key that signed it before signs it anew.
   *
   * @param document of any role, with any number of signatures
   * @throws TufException if it is no metadata file
   */
  public static byte[] addSignatures(byte[] document, List<SigningKey> keys) throws TufException {
    try {
      JsonFields envelope = JsonFields.root(JsonReader.read(document));
      Json.Obj signed = envelope.fields("signed").object();
      byte[] message = CanonicalForm.bytes(signed);
      Map<String, Json> signatures = new LinkedHashMap<>();
      for (JsonFields each : envelope.list("signatures")) {
        signatures.put(each.string("keyid"), each.object());
      }
      for (SigningKey key : keys) {
        String keyId = TufKey.of(key.verificationKey()).keyId().hex();
        signatures.put(
            keyId,
            Json.object()
                .put("keyid", keyId)
                .put("sig", HexFormat.of().formatHex(key.sign(message)))
                .build());
      }
      return envelope(signed, List.copyOf(signatures.values()));
    } catch (JsonException e) {
      throw malformed(e);
    }
  }

  /**
   * The next version of a metadata file, which says the same and nobody has signed.
   *
   * @param expires of the next version
   * @param name of the role that the next version is to say, or null to leave it as it is
   * @throws TufException if the file is no metadata file
   */
  public static byte[] renew(byte[] document, Instant expires, @Nullable String name)
      throws TufException {
    try {
      JsonFields signed = JsonFields.root(JsonReader.read(document)).fields("signed");
      Map<String, Json> members = new LinkedHashMap<>(signed.object().members());
      members.put("version", Json.of(signed.integer("version") + 1));
      members.put("expires", Json.of(expires.truncatedTo(ChronoUnit.SECONDS).toString()));
      if (name != null) {
        members.put(ROLE, new Json.Str(name));
      }
      return envelope(new Json.Obj(members), List.of());
    } catch (JsonException e) {
      throw malformed(e);
    }
  }

  private static byte[] envelope(Json.Obj signed, List<Json> signatures) {
    return CanonicalJson.bytes(
        Json.object().put("signed", signed).put("signatures", Json.array(signatures)).build());
  }

  private static TufException malformed(JsonException e) {
    return new TufException(
        TufException.Code.METADATA_REFUSED, "no metadata file: " + e.getMessage(), e);
  }

  private static Json.Obj signed(Role role) {
    Json.ObjectBuilder out =
        Json.object()
            .put("_type", role.kind().id())
            .put("spec_version", SPEC_VERSION)
            .put("version", role.version())
            .put("expires", role.expires().truncatedTo(ChronoUnit.SECONDS).toString());
    return switch (role) {
      case Role.Root root -> {
        Json.ObjectBuilder roles = Json.object();
        root.roles().forEach((kind, signers) -> roles.put(kind.id(), signers(signers).build()));
        yield out.put("consistent_snapshot", root.consistentSnapshot())
            .put("keys", keys(root.keys()))
            .put("roles", roles.build())
            .build();
      }
      case Role.Timestamp timestamp ->
          out.put(
                  "meta",
                  Json.object().put("snapshot.json", metaFile(timestamp.snapshot())).build())
              .build();
      case Role.Snapshot snapshot -> {
        Json.ObjectBuilder meta = Json.object();
        snapshot.files().forEach((name, file) -> meta.put(name, metaFile(file)));
        yield out.put("meta", meta.build()).build();
      }
      case Role.Targets targets -> {
        Json.ObjectBuilder list = Json.object();
        targets
            .targets()
            .forEach(
                (path, file) ->
                    list.put(
                        path,
                        Json.object()
                            .put("length", file.length())
                            .put("hashes", hashes(file.hashes()))
                            .build()));
        out.put("targets", list.build());
        String name = targets.name();
        if (name != null) {
          out.put(ROLE, name);
        }
        Role.Delegations delegations = targets.delegations();
        yield delegations == null
            ? out.build()
            : out.put("delegations", delegations(delegations)).build();
      }
    };
  }

  private static Json delegations(Role.Delegations delegations) {
    Json.ObjectBuilder out = Json.object().put("keys", keys(delegations.keys()));
    Role.HashBins bins = delegations.bins();
    if (bins != null) {
      return out.put(
              "succinct_roles",
              signers(bins.signers())
                  .put("bit_length", bins.bitLength())
                  .put("name_prefix", bins.namePrefix())
                  .build())
          .build();
    }
    List<Json> roles = new ArrayList<>();
    for (Role.DelegatedRole role : delegations.roles()) {
      Json.ObjectBuilder each =
          signers(role.signers())
              .put("name", role.name())
              .put("terminating", role.terminating())
              .put(
                  role.pathHashPrefixes().isEmpty() ? "paths" : "path_hash_prefixes",
                  Json.strings(
                      role.pathHashPrefixes().isEmpty() ? role.paths() : role.pathHashPrefixes()));
      roles.add((role.named() ? each.put(NAMED, true) : each).build());
    }
    return out.put("roles", Json.array(roles)).build();
  }

  private static Json.ObjectBuilder signers(RoleKeys signers) {
    return Json.object()
        .put("keyids", Json.strings(signers.keyIds()))
        .put("threshold", signers.threshold());
  }

  private static Json keys(Map<String, TufKey> keys) {
    Json.ObjectBuilder out = Json.object();
    keys.forEach((keyId, key) -> out.put(keyId, key.json()));
    return out.build();
  }

  private static Json metaFile(Role.MetaFile file) {
    Json.ObjectBuilder out = Json.object().put("version", file.version());
    Long length = file.length();
    if (length != null) {
      out.put("length", length.longValue());
    }
    return file.hashes().isEmpty() ? out.build() : out.put("hashes", hashes(file.hashes())).build();
  }

  private static Json hashes(Map<String, String> hashes) {
    Json.ObjectBuilder out = Json.object();
    hashes.forEach(out::put);
    return out.build();
  }
}
