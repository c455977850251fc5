package dev.raya.registry.packages;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A package: a name and the rules for publishing it. */
@Entity
@DynamicUpdate
@Table(name = "package")
public class PackageRow extends PanacheEntityBase {
  /** Most identities that may publish: their record has to fit into a leaf of the log. */
  public static final int MAX_PUBLISHERS = 50;

  /** Its number. */
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  /** Its name. */
  public String name = "";

  /** The form under which names collide. */
  public String skeleton = "";

  /** The scope it lies in, or null. */
  @Column(name = "scope_id")
  public @Nullable Long scopeId;

  /** Whether a token and a registered key are enough to publish. */
  @Column(name = "token_publishing")
  public boolean tokenPublishing = true;

  /** Whether every version must carry provenance. */
  public boolean provenance;

  /** Whether an owner may not promote what the same account staged. */
  @Column(name = "promoted_by_another")
  public boolean promotedByAnother;

  /** Whether the name is claimed in TUF. */
  public boolean claimed;

  /** Identities that may publish: a canonical JSON array. */
  public String publishers = "[]";

  /** When its first version was received. */
  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /** The identities that may publish. */
  public List<Identity> publisherIdentities() {
    try {
      JsonFields fields =
          JsonFields.root(Json.object().put("publishers", VersionRow.stored(publishers)).build());
      List<Identity> identities = new ArrayList<>();
      for (JsonFields identity : fields.list("publishers")) {
        identities.add(Identity.read(identity));
      }
      return identities;
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds identities that we did not write", e);
    }
  }

  /** Whether its owners publish with their registered keys. */
  public boolean isPublishedByKeys() {
    List<Identity> identities = publisherIdentities();
    return tokenPublishing
        && (identities.isEmpty() || identities.stream().anyMatch(Identity.Key.class::isInstance));
  }

  /** Replaces the identities that may publish. */
  public void publishBy(List<? extends Identity> identities) {
    publishers = CanonicalJson.text(Json.array(identities.stream().map(Identity::json).toList()));
  }

  /**
   * Takes the lock under which a name is published and changed, for the length of the transaction.
   * Names that collide share it.
   */
  public static void lock(PackageName name) {
    Panache.getEntityManager()
        .createNativeQuery("select 1 from pg_advisory_xact_lock(2, hashtext(:name))")
        .setParameter("name", name.skeleton())
        .getResultList();
  }

  /**
   * The same for a command beside the server, until the connection's transaction ends.
   *
   * @throws SQLException if the database fails
   */
  public static void lock(Connection connection, PackageName name) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(2, hashtext(?))")) {
      lock.setString(1, name.skeleton());
      lock.execute();
    }
  }

  /** The package of that name. */
  public static Optional<PackageRow> named(String name) {
    return find("name", name).firstResultOptional();
  }
}
