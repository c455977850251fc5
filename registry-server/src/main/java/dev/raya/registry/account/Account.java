package dev.raya.registry.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;

/** Somebody who publishes: a person or a service. */
@Entity
@DynamicUpdate
@Table(name = "account")
public class Account extends PanacheEntityBase {
  /** The account number of log records and identities. */
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** Unique name. */
  public String name = "";

  /** When it was made. */
  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /** The account of that name. */
  public static Optional<Account> named(String name) {
    return find("name", name).firstResultOptional();
  }
}
