package dev.raya.registry.trust;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Claims: targets of an offline role that say who alone may publish a package, so that theft of
 * every online key publishes nothing for it (spec: security.md "Roots").
 */
public final class Claims {
  private static final String SCHEMA = "raya/claim/1";

  private Claims() {}

  /** Target path of a package's claim. */
  public static String path(PackageName name) {
    return "claimed/" + name.indexPath();
  }

  /**
   * The document.
   *
   * @param publishers identities, as the package's last record has them
   */
  public static byte[] document(PackageName name, List<Identity> publishers) {
    List<Json> list = new ArrayList<>();
    publishers.forEach(publisher -> list.add(publisher.json()));
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", SCHEMA)
            .put("name", name.text())
            .put("publishers", Json.array(list))
            .build());
  }

  /**
   * Whom a claim names; empty if the package is not claimed.
   *
   * @throws IOException if the claim cannot be read
   */
  public static Optional<List<Identity>> publishers(StaticTree tree, PackageName name)
      throws IOException {
    Optional<byte[]> document = tree.read(path(name));
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<Identity> publishers = new ArrayList<>();
      JsonFields fields = JsonFields.root(JsonReader.read(document.get()));
      for (JsonFields publisher : fields.list("publishers")) {
        publishers.add(Identity.read(publisher));
      }
      return Optional.of(publishers);
    } catch (JsonException e) {
      throw new IOException(path(name) + " is no claim: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the next version of the claimed role, with one claim put in or replaced. Its target's
   * file is there already.
   *
   * @param keys enough of the role's keys
   * @throws TufException if the role's file is damaged
   * @throws IOException if it cannot be written
   */
  public static void sign(
      MetadataFiles files, List<SigningKey> keys, PackageName name, byte[] document, Instant now)
      throws TufException, IOException {
    long version = 0;
    String file = RegistryRole.CLAIMED.file();
    for (String each : files.names()) {
      if (each.endsWith('.' + file) && each.matches("[0-9]{1,9}\\..*")) {
        version = Math.max(version, Long.parseLong(each.substring(0, each.indexOf('.'))));
      }
    }
    Map<String, Role.TargetFile> targets = new TreeMap<>();
    Optional<byte[]> present = files.read(version + "." + file);
    if (present.isPresent()) {
      targets.putAll(RoleReader.targets(present.get()).role().targets());
    }
    targets.put(path(name), TrustFiles.target(document));
    Role.Targets next =
        OfflineRoles.plain(version + 1, now.plus(RegistryRole.CLAIMED.life()), targets);
    files.write(version + 1 + "." + file, RoleWriter.sign(next, keys));
  }
}
