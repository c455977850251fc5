package dev.raya.registry.publish;

import dev.raya.cache.blob.BlobException;
import dev.raya.cache.blob.BlobStore;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.StoredArchive;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.io.IOException;
import java.time.InstantSource;

/** The bytecode of a staged release is read again, once it is known that its caller may promote. */
final class ReadStaged implements PublishStep {
  private final BlobStore blobs;
  private final ModuleMemory memory;
  private final InstantSource clock;

  ReadStaged(BlobStore blobs, ModuleMemory memory, InstantSource clock) {
    this.blobs = blobs;
    this.memory = memory;
    this.clock = clock;
  }

  @Override
  public void run(Publication publication) throws RegistryException, IOException {
    Announcement.Archive archive = publication.announcement().archive();
    try {
      publication.holds(memory.take(archive.size()));
      publication.verified(StoredArchive.read(blobs, archive.digest()).module());
    } catch (ModuleMemory.ExhaustedException e) {
      throw new RegistryException(
          Problem.BUSY, String.valueOf(e.getMessage()), "promote it again in a moment");
    } catch (BlobException.Absent gone) {
      throw missing(publication);
    }
  }

  /** A release that was dropped or promoted meanwhile is no fault; an open one has its bytes. */
  private RegistryException missing(Publication publication) {
    PackageName name = publication.announcement().name();
    Version version = publication.announcement().version();
    String id = publication.staged().id;
    boolean open =
        QuarkusTransaction.requiringNew()
            .call(() -> StageRow.open(name, version, clock.instant()))
            .filter(row -> row.id.equals(id))
            .isPresent();
    return open
        ? new RegistryException(
            Problem.INTERNAL,
            "the archive of the staged release " + id + " is missing from the registry's blobs",
            "tell its operator; "
                + publication.announcement().dropping()
                + " frees the version, to be staged again")
        : StageDocuments.noneOf(name.text(), version.text());
  }
}
