package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.RegistryException;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A staged release: a version that was received and checked, and is not published. */
@Entity
@DynamicUpdate
@Table(name = "stage")
public class StageRow extends PanacheEntityBase {
  /** Its id, 40 hexadecimal digits that nobody can guess. */
  @Id public String id = "";

  /** Name of the package. */
  public String name = "";

  /** The form under which names collide. */
  public String skeleton = "";

  /** The same of the scope it lies in, or null. */
  @Column(name = "scope_skeleton")
  public @Nullable String scopeSkeleton;

  /** SemVer text as sent. */
  public String version = "";

  /** SemVer text without build metadata. */
  public String precedence = "";

  /** Account that staged it. */
  @Column(name = "account_id")
  public long accountId;

  /** {@code token} or {@code oidc}. */
  public String method = "token";

  /** First part of the publish request. */
  public String announcement = "{}";

  /** metadata.json, canonical. */
  public String metadata = "{}";

  /** What its checks gave rise to remark: a canonical JSON array. */
  public String checks = "[]";

  /** Identity that signed the statement, canonical JSON. */
  public String signer = "{}";

  /** Whether it carries provenance. */
  public boolean provenance;

  /** Digest of the rendered README, or null. */
  public @Nullable String readme;

  /** Its size in bytes. */
  @Column(name = "readme_size")
  public long readmeSize;

  /** When it was received. */
  @Column(name = "received_at")
  public Instant receivedAt = Instant.EPOCH;

  /** When name and version are free again. */
  @Column(name = "expires_at")
  public Instant expiresAt = Instant.EPOCH;

  /** The release that reserves a version, if one does. */
  static Optional<StageRow> open(PackageName name, Version version, Instant now) {
    return find(
            "name = ?1 and precedence = ?2 and expiresAt > ?3",
            name.text(),
            version.precedence(),
            now)
        .firstResultOptional();
  }

  /** The same, held until the transaction ends: nobody drops or promotes it meanwhile. */
  static Optional<StageRow> held(PackageName name, Version version, Instant now) {
    return StageRow.<StageRow>find(
            "name = ?1 and precedence = ?2 and expiresAt > ?3",
            name.text(),
            version.precedence(),
            now)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  /** The releases that an account has staged. */
  static long countOf(long account, Instant now) {
    return count("accountId = ?1 and expiresAt > ?2", account, now);
  }

  /** The release that keeps a name, which is not its own, from being anybody's first version. */
  static @Nullable StageRow nameReservedBy(PackageName name, long account, Instant now) {
    List<StageRow> found =
        list(
            "skeleton = ?1 and (name <> ?2 or accountId <> ?3) and expiresAt > ?4",
            name.skeleton(),
            name.text(),
            account,
            now);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The release of another account that keeps a scope without members, or null. */
  static @Nullable StageRow scopeReservedBy(String scopeSkeleton, long account, Instant now) {
    List<StageRow> found =
        list(
            "scopeSkeleton = ?1 and accountId <> ?2 and expiresAt > ?3",
            scopeSkeleton,
            account,
            now);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** What was announced. */
  Announcement announced() {
    try {
      return Announcement.read(announcement.getBytes(StandardCharsets.UTF_8));
    } catch (RegistryException e) {
      throw new IllegalStateException("the database holds a request that was not taken", e);
    }
  }

  /** Digest of the archive. */
  Digest archive() {
    return announced().archive().digest();
  }

  /** metadata.json, read. */
  PackageMetadata metadataRead() {
    try {
      return PackageMetadataCodec.read(metadata.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds metadata that we did not write", e);
    }
  }

  /** Who signed. */
  Identity signerIdentity() {
    try {
      return Identity.read(JsonFields.root(JsonReader.read(signer)));
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds an identity that we did not write", e);
    }
  }
}
