package dev.raya.registry.account;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A signing key that an account has proved to hold. A key belongs to one account for ever. */
@Entity
@DynamicUpdate
@Table(name = "account_key")
public class AccountKey extends PanacheEntityBase {
  /** SHA-256 of its SubjectPublicKeyInfo, hexadecimal. */
  @Id
  @Column(name = "key_id")
  public String keyId = "";

  /** Whose it is. */
  @Column(name = "account_id")
  public long accountId;

  /** SubjectPublicKeyInfo, Base64. */
  @Column(name = "public_key")
  public String publicKey = "";

  /** SHA-256 of the SubjectPublicKeyInfo of its ML-DSA-65 half, hexadecimal; null without one. */
  @Column(name = "ml_dsa")
  public @Nullable String mlDsa;

  /** When it was registered. */
  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /** When it was revoked, or null. */
  @Column(name = "revoked_at")
  public @Nullable Instant revokedAt;

  /** The keys of an account that are not revoked, oldest first. */
  public static List<AccountKey> active(long accountId) {
    return list("accountId = ?1 and revokedAt is null order by createdAt, keyId", accountId);
  }

  /** The identity under which log records and index documents name it. */
  public Identity.Key identity() {
    return new Identity.Key(
        accountId, VerificationKey.ofBase64(publicKey), mlDsa == null ? null : new Digest(mlDsa));
  }
}
