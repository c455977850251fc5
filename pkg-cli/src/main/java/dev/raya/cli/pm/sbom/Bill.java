package dev.raya.cli.pm.sbom;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a bill of materials says, whatever its format. The same lockfile, manifest and metadata give
 * the same bill.
 *
 * @param root the project
 * @param components what it consists of, in the order of the lockfile
 * @param tool version of raya-pm
 * @param time of the last thing locked: bills carry no time of their own making
 * @param source digest of the lockfile and the project's name
 */
public record Bill(
    Component root, List<Component> components, String tool, Instant time, Digest source) {

  /** Copies the list. */
  public Bill {
    components = List.copyOf(components);
  }

  /**
   * A package of the bill.
   *
   * @param id {@code name version}
   * @param name its name
   * @param version its version
   * @param description one line, or empty
   * @param license SPDX expression, or empty where it is not known
   * @param authors its authors
   * @param repository its address, or empty
   * @param checksum SHA-256 of its archive, or null
   * @param origin where it was taken from, as SPDX writes a download location, or empty
   * @param application whether it is an application rather than a library
   * @param dependsOn ids of what it depends on
   */
  public record Component(
      String id,
      String name,
      String version,
      String description,
      String license,
      List<String> authors,
      String repository,
      @Nullable Digest checksum,
      String origin,
      boolean application,
      List<String> dependsOn) {
    /** Copies the lists. */
    public Component {
      authors = List.copyOf(authors);
      dependsOn = List.copyOf(dependsOn);
    }

    /** Its package URL (packages.md 1). */
    public String purl() {
      return "pkg:raya/" + name.replace("@", "%40") + "@" + version.replace("+", "%2B");
    }
  }

  /** A number that only this bill has, made from what it says. */
  public UUID serial() {
    return UUID.nameUUIDFromBytes(
        (source.hex() + " " + root.id()).getBytes(StandardCharsets.UTF_8));
  }
}
