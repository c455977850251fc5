package dev.raya.registry.packages;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.trust.ServedSigstore;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
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
import org.jspecify.annotations.Nullable;

/**
 * The provenance of published versions. It is verified whenever it is shown, as clients verify it:
 * versions that were published before provenance was checked may carry anything under its name.
 */
@ApplicationScoped
public class ServedProvenance {
  private final DirectoryBlobStore blobs;
  private final SigstoreTrust trust;

  @Inject
  ServedProvenance(DirectoryBlobStore blobs, StaticTree tree) {
    this.blobs = blobs;
    this.trust = new ServedSigstore(tree);
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
   * The provenance of a version, or empty if it carries none that is that of its run.
   *
   * @throws IOException if it cannot be read
   */
  public Optional<Served> of(VersionRow row) throws IOException {
    List<?> found = QuarkusTransaction.requiringNew().call(() -> attestations(row.id));
    try {
      for (Object each : found) {
        Object[] attestation = (Object[]) each;
        if (BuildProvenance.PREDICATE_TYPE.equals(attestation[1])) {
          Served served = verified(row, (Object[]) found.getFirst(), (String) attestation[0]);
          if (served != null) {
            return Optional.of(served);
          }
        }
      }
    } catch (JsonException damaged) {
      throw new IOException("a stored attestation is damaged", damaged);
    }
    return Optional.empty();
  }

  /** Null if it is not that of the run that published: as if it were not there. */
  private @Nullable Served verified(VersionRow row, Object[] publish, String hash)
      throws IOException, JsonException {
    byte[] bundle = read(hash);
    PublishStatement statement =
        PublishStatement.read(ProvenanceBundle.statement(read((String) publish[0])));
    Identity publisher = Identity.read(JsonFields.root(JsonReader.read(row.publisher)));
    try {
      return new Served(
          ProvenanceBundle.verify(bundle, publisher, statement.subjects(), trust),
          JsonReader.read(ProvenanceBundle.statement(bundle)),
          PackageViews.blobPath(hash));
    } catch (SigningException refused) {
      return null;
    }
  }

  private byte[] read(String hash) throws IOException {
    try (InputStream in = blobs.open(new Digest(hash))) {
      return in.readNBytes(PublishBundle.MAX_BYTES);
    }
  }

  private static List<?> attestations(long version) {
    return Panache.getEntityManager()
        .createNativeQuery(
            """
            select hash, detail from version_blob
            where version_id = :version and role = 'attestation' order by ordinal""")
        .setParameter("version", version)
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
