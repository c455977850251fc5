package dev.raya.registry.packages;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.BuildProvenance;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The provenance of published versions; it was verified before it was stored. */
@ApplicationScoped
public class ServedProvenance {
  private final DirectoryBlobStore blobs;

  @Inject
  ServedProvenance(DirectoryBlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Provenance of a version.
   *
   * @param build what it says
   * @param statement the statement that was signed
   * @param bundle path of the signed bundle in the static tree
   */
  public record Served(BuildProvenance build, Json statement, String bundle) {
    /** What it says, in short. */
    Json.Obj summary() {
      return Json.object()
          .put("repository", build.source().repository())
          .put("ref", build.source().ref())
          .put("commit", build.source().commit())
          .put("directory", build.source().directory())
          .put("workflow", build.workflow())
          .put("toolchain", build.toolchain().version())
          .put("builder", build.builder())
          .put("bundle", bundle)
          .putUnlessEmpty("invocation", build.invocation())
          .build();
    }
  }

  /**
   * The provenance of a version, or empty if it carries none.
   *
   * @throws IOException if it cannot be read
   */
  public Optional<Served> of(VersionRow row) throws IOException {
    List<?> found = QuarkusTransaction.requiringNew().call(() -> attestations(row.id));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String hash = (String) found.getFirst();
    byte[] bundle;
    try (InputStream in = blobs.open(new Digest(hash))) {
      bundle = in.readNBytes(PublishBundle.MAX_BYTES);
    }
    try {
      byte[] payload = ProvenanceBundle.statement(bundle);
      return Optional.of(
          new Served(
              BuildProvenance.read(payload),
              JsonReader.read(payload),
              PackageViews.blobPath(hash)));
    } catch (JsonException damaged) {
      throw new IOException("the stored provenance " + hash + " is damaged", damaged);
    }
  }

  private static List<?> attestations(long version) {
    return Panache.getEntityManager()
        .createNativeQuery(
            """
            select hash from version_blob
            where version_id = :version and role = 'attestation' and detail = :type
            order by ordinal""")
        .setParameter("version", version)
        .setParameter("type", BuildProvenance.PREDICATE_TYPE)
        .getResultList();
  }

  /** The document of a version's provenance. */
  static Json.Obj json(String name, String version, Served served) {
    Map<String, Json> document = new TreeMap<>(served.summary().members());
    document.put("schema", Json.of("raya/provenance/1"));
    document.put("name", Json.of(name));
    document.put("version", Json.of(version));
    document.put("statement", served.statement());
    return new Json.Obj(document);
  }
}
