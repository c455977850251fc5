package dev.raya.registry.packages;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A tag of a package. */
@Entity
@DynamicUpdate
@Table(name = "tag")
@IdClass(TagRow.Key.class)
public class TagRow extends PanacheEntityBase {
  /** The package. */
  @Id
  @Column(name = "package_id")
  public long packageId;

  /** The tag. */
  @Id public String tag = "";

  /** The version it points to. */
  @Column(name = "version_id")
  public long versionId;

  /**
   * The two columns of the primary key.
   *
   * @param packageId the package
   * @param tag the tag
   */
  public record Key(long packageId, String tag) implements Serializable {}

  /** The tags of a package, sorted. */
  public static List<TagRow> of(long packageId) {
    return list("packageId = ?1 order by tag", packageId);
  }

  /**
   * Points a tag to a version, or takes it away.
   *
   * @param versionId the version, or null
   * @return whether that changed anything
   */
  public static boolean point(long packageId, String tag, @Nullable Long versionId) {
    TagRow present = findById(new Key(packageId, tag));
    if (versionId == null) {
      if (present != null) {
        present.delete();
      }
      return present != null;
    }
    if (present != null) {
      boolean changed = present.versionId != versionId;
      present.versionId = versionId;
      return changed;
    }
    TagRow added = new TagRow();
    added.packageId = packageId;
    added.tag = tag;
    added.versionId = versionId;
    added.persistAndFlush();
    return true;
  }
}
