package dev.raya.registry.oidc;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;

/**
 * A workflow that may publish a name. Of a name that has versions the package's publishers hold it
 * too, which is what counts and what the log shows; of a name without versions it waits here.
 */
@Entity
@DynamicUpdate
@Table(name = "trusted_publisher")
public class TrustedPublisher extends PanacheEntityBase {
  /** Its number. */
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** The package's name, whether or not there is one yet. */
  @Column(name = "package_name")
  public String packageName = "";

  /** Who added it. */
  @Column(name = "account_id")
  public long accountId;

  /** The workflow: canonical JSON. */
  public String identity = "";

  /** When it was added. */
  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /** The workflow. */
  public Identity.Oidc workflow() {
    return Identity.Oidc.stored(identity);
  }

  /** Those of a name, oldest first; inside a transaction. */
  public static List<TrustedPublisher> of(String packageName) {
    return list("packageName = ?1 order by id", packageName);
  }

  /** The one of a name that admits a run; inside a transaction. */
  public static Optional<TrustedPublisher> admitting(String packageName, Identity.Oidc run) {
    return of(packageName).stream().filter(row -> row.workflow().admits(run)).findFirst();
  }

  /** The stored form of a workflow. */
  public static String text(Identity.Oidc workflow) {
    return CanonicalJson.text(workflow.json());
  }
}
