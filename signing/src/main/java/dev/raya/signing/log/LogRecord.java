package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.signing.key.Identity;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of a registry's log: one canonical JSON object, the leaf of the transparency log
 * (security.md, "Log"). {@link LogRecordReader} reads one.
 */
public sealed interface LogRecord {
  /** Largest record in bytes. */
  int MAX_BYTES = 16 << 10;

  /** Version of the format. */
  int VERSION = 1;

  /**
   * What all records say.
   *
   * @param time RFC 3339 UTC in whole seconds: the logged time
   * @param actor account number as text, or {@code registry}
   */
  record Header(String time, String actor) {}

  /** Time and actor. */
  Header header();

  /**
   * A native blob of a version.
   *
   * @param module name of the native module
   * @param target platform
   * @param file name of the library file
   * @param size in bytes
   * @param digest of the file
   */
  record Native(String module, String target, String file, long size, Digest digest) {}

  /**
   * An attestation of a version.
   *
   * @param predicateType of its statement
   * @param size in bytes
   * @param digest of the bundle's bytes
   */
  record Attestation(String predicateType, long size, Digest digest) {}

  /**
   * A version was accepted from an identity.
   *
   * @param header time and actor
   * @param name package
   * @param version SemVer text
   * @param archive digest of the archive
   * @param size of the archive in bytes
   * @param tree digest of the unpacked files
   * @param natives native blobs, sorted by module and target
   * @param capabilities what the bytecode needs, sorted
   * @param publisher who signed the publish statement
   * @param attestations the publish statement first
   * @param previous log index of the name's last {@code publish}, or null for the first
   */
  record Publish(
      Header header,
      String name,
      String version,
      Digest archive,
      long size,
      Digest tree,
      List<Native> natives,
      List<String> capabilities,
      Identity publisher,
      List<Attestation> attestations,
      @Nullable Long previous)
      implements LogRecord {
    /** Copies the lists in. */
    public Publish {
      natives = List.copyOf(natives);
      capabilities = List.copyOf(capabilities);
      attestations = List.copyOf(attestations);
    }
  }

  /**
   * A package's publishers and rules changed; the first one creates the name.
   *
   * @param header time and actor
   * @param name package
   * @param publishers who may publish from here on
   * @param tokenPublishing whether a token and a registered key are enough
   * @param provenance whether every version must carry provenance
   * @param claimed whether the name is claimed in TUF
   */
  record Package(
      Header header,
      String name,
      List<Identity> publishers,
      boolean tokenPublishing,
      boolean provenance,
      boolean claimed)
      implements LogRecord {
    /** Copies the list in. */
    public Package {
      publishers = List.copyOf(publishers);
    }
  }

  /**
   * A version was yanked, deprecated or taken down, or no longer is.
   *
   * @param header time and actor
   * @param name package
   * @param version SemVer text
   * @param yanked hidden from new resolutions
   * @param deprecated advised against
   * @param tombstone its bytes are gone
   * @param reason one of the reasons of registry.md section 1.4, or null
   * @param use a version to use instead, or null
   */
  record Status(
      Header header,
      String name,
      String version,
      boolean yanked,
      boolean deprecated,
      boolean tombstone,
      @Nullable String reason,
      @Nullable String use)
      implements LogRecord {}

  /**
   * A tag points to a version, or no longer exists.
   *
   * @param header time and actor
   * @param name package
   * @param tag its name
   * @param version SemVer text, or null
   */
  record Tag(Header header, String name, String tag, @Nullable String version)
      implements LogRecord {}

  /**
   * An account became or ceased to be an owner of a package.
   *
   * @param header time and actor
   * @param name package
   * @param account its number
   * @param role what it may do
   * @param added whether it was added
   */
  record Owner(Header header, String name, long account, String role, boolean added)
      implements LogRecord {}

  /**
   * A key was registered to an account, or revoked.
   *
   * @param header time and actor
   * @param identity account and key
   * @param registered whether it was registered
   */
  record KeyChange(Header header, Identity.Key identity, boolean registered) implements LogRecord {}

  /**
   * A version was put under quarantine, or is no longer.
   *
   * @param header time and actor
   * @param name package
   * @param version SemVer text
   * @param on whether it is under quarantine from here on
   * @param reason one of the reasons of registry.md section 1.4, or null
   * @param advisory identifier of an advisory, or null
   */
  record Quarantine(
      Header header,
      String name,
      String version,
      boolean on,
      @Nullable String reason,
      @Nullable String advisory)
      implements LogRecord {}

  /**
   * A TUF root was published.
   *
   * @param header time and actor
   * @param version of the root
   * @param digest of its file
   */
  record Root(Header header, long version, Digest digest) implements LogRecord {}

  /** The JSON object. */
  default Json.Obj json() {
    Json.ObjectBuilder out =
        Json.object().put("v", VERSION).put("time", header().time()).put("actor", header().actor());
    return switch (this) {
      case Publish publish -> publish(publish, out);
      case Package change -> {
        List<Json> publishers = new ArrayList<>();
        for (Identity publisher : change.publishers()) {
          publishers.add(publisher.json());
        }
        out.put("type", "package").put("name", change.name());
        out.put("publishers", Json.array(publishers));
        if (!change.tokenPublishing()) {
          out.put("tokenPublishing", false);
        }
        putIfTrue(out, "provenance", change.provenance());
        putIfTrue(out, "claimed", change.claimed());
        yield out.build();
      }
      case Status status -> {
        out.put("type", "status").put("name", status.name()).put("version", status.version());
        putIfTrue(out, "yanked", status.yanked());
        putIfTrue(out, "deprecated", status.deprecated());
        putIfTrue(out, "tombstone", status.tombstone());
        yield out.putUnlessEmpty("reason", status.reason())
            .putUnlessEmpty("use", status.use())
            .build();
      }
      case Tag tag ->
          out.put("type", "tag")
              .put("name", tag.name())
              .put("tag", tag.tag())
              .putUnlessEmpty("version", tag.version())
              .build();
      case Owner owner ->
          out.put("type", "owner")
              .put("name", owner.name())
              .put("account", owner.account())
              .put("role", owner.role())
              .put("change", owner.added() ? "add" : "remove")
              .build();
      case KeyChange key ->
          out.put("type", "key")
              .put("account", key.identity().account())
              .put("keyId", key.identity().key().keyId().hex())
              .put("publicKey", key.identity().key().base64())
              .putUnlessEmpty(
                  Identity.ML_DSA,
                  key.identity().mlDsa() == null ? null : key.identity().mlDsa().hex())
              .put("change", key.registered() ? "register" : "revoke")
              .build();
      case Quarantine quarantine ->
          out.put("type", "quarantine")
              .put("name", quarantine.name())
              .put("version", quarantine.version())
              .put("on", quarantine.on())
              .putUnlessEmpty("reason", quarantine.reason())
              .putUnlessEmpty("advisory", quarantine.advisory())
              .build();
      case Root root ->
          out.put("type", "root")
              .put("version", root.version())
              .put("sha256", root.digest().hex())
              .build();
    };
  }

  /** The canonical bytes: the leaf. */
  default byte[] bytes() {
    return CanonicalJson.bytes(json());
  }

  /** The Merkle leaf hash: SHA-256 of a zero byte and the record (RFC 6962, section 2.1). */
  static Digest leafHash(byte[] record) {
    MessageDigest digest = Digest.sha256();
    digest.update((byte) 0);
    digest.update(record);
    return Digest.finish(digest);
  }

  private static Json.Obj publish(Publish publish, Json.ObjectBuilder out) {
    List<Json> natives = new ArrayList<>();
    for (Native blob : publish.natives()) {
      natives.add(
          Json.object()
              .put("module", blob.module())
              .put("target", blob.target())
              .put("file", blob.file())
              .put("size", blob.size())
              .put("sha256", blob.digest().hex())
              .build());
    }
    List<Json> attestations = new ArrayList<>();
    for (Attestation attestation : publish.attestations()) {
      attestations.add(
          Json.object()
              .put("predicateType", attestation.predicateType())
              .put("size", attestation.size())
              .put("sha256", attestation.digest().hex())
              .build());
    }
    Long previous = publish.previous();
    return out.put("type", "publish")
        .put("name", publish.name())
        .put("version", publish.version())
        .put("sha256", publish.archive().hex())
        .put("size", publish.size())
        .put("tree", publish.tree().hex())
        .put("natives", Json.array(natives))
        .put("capabilities", Json.strings(publish.capabilities()))
        .put("publisher", publish.publisher().json())
        .put("attestations", Json.array(attestations))
        .put("previous", previous == null ? Json.NULL : Json.of(previous.longValue()))
        .build();
  }

  private static void putIfTrue(Json.ObjectBuilder out, String name, boolean value) {
    if (value) {
      out.put(name, true);
    }
  }
}
