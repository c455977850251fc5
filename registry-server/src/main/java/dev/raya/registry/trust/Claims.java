package dev.raya.registry.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.tuf.TufException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   * Writes a claim, signed into the next version of the claimed role, whose keys lie here. The copy
   * that {@link #publishers} reads comes last: a claim that is refused binds nobody.
   *
   * @throws StorageException if the present role is not signed by those who are to sign it
   * @throws TufException if a file is damaged
   * @throws IOException if one cannot be written
   */
  public static void sign(StaticTree tree, OfflineRenewal roles, PackageName name, byte[] document)
      throws StorageException, TufException, IOException {
    tree.put(TrustFiles.digestPath(path(name), Digest.of(document)), document);
    roles.claim(path(name), TrustFiles.target(document));
    TrustFiles.write(tree, path(name), document);
  }
}
