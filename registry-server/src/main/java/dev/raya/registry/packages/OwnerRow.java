package dev.raya.registry.packages;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import org.hibernate.annotations.DynamicUpdate;

/** An account that owns a package. */
@Entity
@DynamicUpdate
@Table(name = "owner")
@IdClass(OwnerRow.Key.class)
public class OwnerRow extends PanacheEntityBase {
  /** The package. */
  @Id
  @Column(name = "package_id")
  public long packageId;

  /** The account. */
  @Id
  @Column(name = "account_id")
  public long accountId;

  /** What it may do. */
  public String role = "owner";

  /**
   * The two columns of the primary key.
   *
   * @param packageId the package
   * @param accountId the account
   */
  public record Key(long packageId, long accountId) implements Serializable {}
}
