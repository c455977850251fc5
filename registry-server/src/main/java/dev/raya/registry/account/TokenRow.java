package dev.raya.registry.account;

import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A token, as its hash. */
@Entity
@DynamicUpdate
@Table(name = "token")
public class TokenRow extends PanacheEntityBase {
  /** Its number. */
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** Whose it is. */
  @Column(name = "account_id")
  public long accountId;

  /** SHA-256 of pepper and token, hexadecimal. */
  public String hash = "";

  /** What its owner calls it. */
  public String description = "";

  /** Names of {@link TokenScope}, joined by a blank. */
  public String scopes = "";

  /** Patterns of package names, joined by a blank; {@code *} for all. */
  public String packages = "*";

  /** Whether an operator made it on the server's machine. */
  public boolean operator;

  /** When it was made. */
  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /** When it ends, or null for never. */
  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  /** When it was last used, to the hour; null for never. */
  @Column(name = "last_used_at")
  public @Nullable Instant lastUsedAt;

  /** When it was revoked, or null. */
  @Column(name = "revoked_at")
  public @Nullable Instant revokedAt;

  /** The workflow run that it was exchanged for, canonical JSON; null for all other tokens. */
  public @Nullable String run;

  /** Where that run can be looked at, as its ID token says; null if nothing says so. */
  @Column(name = "run_address")
  public @Nullable String runAddress;

  /** The one version that an exchanged token published, or null. */
  @Column(name = "used_version")
  public @Nullable Long usedVersion;

  /** Id of the one release that an exchanged token staged, or null. */
  @Column(name = "used_stage")
  public @Nullable String usedStage;

  /** The run that it was exchanged for, or null. */
  Identity.@Nullable Oidc workflow() {
    return run == null ? null : Identity.Oidc.stored(run);
  }
}
