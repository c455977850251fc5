package dev.raya.registry.packages;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A version of a package. */
@Entity
@DynamicUpdate
@Table(name = "version")
public class VersionRow extends PanacheEntityBase {
  /** Its number. */
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** Number of its package. */
  @Column(name = "package_id")
  public long packageId;

  /** SemVer text as published. */
  public String version = "";

  /** SemVer text without build metadata. */
  public String precedence = "";

  /** Bytes in the order of precedence. */
  @Column(name = "sort_key")
  public byte[] sortKey = {};

  /** Whether it is a pre-release. */
  public boolean prerelease;

  /** Digest of the archive, hexadecimal. */
  public String archive = "";

  /** Size of the archive in bytes. */
  public long size;

  /** Digest of the unpacked files, hexadecimal. */
  public String tree = "";

  /** metadata.json, canonical. */
  public String metadata = "{}";

  /** What the bytecode needs: a canonical JSON array of names. */
  public String capabilities = "[]";

  /** What its publishing gave rise to remark: a canonical JSON array. */
  public String checks = "[]";

  /** Account that published it. */
  @Column(name = "publisher_account")
  public long publisherAccount;

  /** Identity that signed the statement, canonical JSON. */
  public String publisher = "{}";

  /** {@code token} or {@code oidc}. */
  public String method = "token";

  /** Id of the staged release that it was, or null. */
  public @Nullable String stage;

  /** When it was received. */
  @Column(name = "received_at")
  public Instant receivedAt = Instant.EPOCH;

  /** Index of its log record; null until it is numbered. */
  @Column(name = "log_seq")
  public @Nullable Long logSeq;

  /** The time in that record. */
  @Column(name = "logged_at")
  public @Nullable Instant loggedAt;

  /** Hidden from new resolutions. */
  public boolean yanked;

  /** Advised against. */
  public boolean deprecated;

  /** Its bytes are gone. */
  public boolean tombstone;

  /** Word for why it is yanked or deprecated, or null. */
  @Column(name = "status_reason")
  public @Nullable String statusReason;

  /** The version to use instead, or null. */
  @Column(name = "status_use")
  public @Nullable String statusUse;

  /** Why, in the words of whoever changed it; empty for none. */
  @Column(name = "status_message")
  public String statusMessage = "";

  /**
   * The visible version of a package.
   *
   * @param version SemVer text, exactly as published
   * @throws RegistryException with {@link Problem#NOT_FOUND} if there is none
   */
  public static VersionRow of(PackageRow row, String version) throws RegistryException {
    VersionRow found =
        find("packageId = ?1 and version = ?2 and logSeq is not null", row.id, version)
            .firstResult();
    if (found == null) {
      String shown = version.length() <= 120 ? version : version.substring(0, 120) + "…";
      throw new RegistryException(
          Problem.NOT_FOUND,
          row.name + " has no version " + shown,
          "raya-pm info " + row.name + " lists its versions");
    }
    return found;
  }

  /** The visible versions of a package, highest first. */
  public static List<VersionRow> visible(long packageId) {
    return list("packageId = ?1 and logSeq is not null order by sortKey desc", packageId);
  }

  /** metadata.json as a value. */
  public Json.Obj metadataJson() {
    return (Json.Obj) stored(metadata);
  }

  /** A stored canonical text as a value. */
  static Json stored(String text) {
    try {
      return JsonReader.read(text);
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds JSON that we did not write", e);
    }
  }
}
