package dev.raya.registry.publish;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.blob.BlobSink;
import dev.raya.cache.digest.Digest;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.signing.log.LogRecord;
import java.util.List;

/** What arrived is what was announced: archive, tree, native libraries, attestations. */
final class CheckDigests implements PublishStep {
  @Override
  public void run(Publication publication) throws RegistryException {
    Announcement announced = publication.announcement();
    ArchiveFacts found = publication.archive().facts();
    same("archive: size", announced.archive().size(), found.size());
    same("archive: digest", announced.archive().digest(), found.checksum());
    same("archive: tree", announced.archive().tree(), found.tree());
    List<LogRecord.Native> natives = announced.natives();
    for (int i = 0; i < natives.size(); i++) {
      BlobSink sink = publication.nativeSinks().get(i);
      same("native " + natives.get(i).file() + ": size", natives.get(i).size(), sink.size());
      same("native " + natives.get(i).file() + ": digest", natives.get(i).digest(), sink.digest());
    }
    List<LogRecord.Attestation> attestations = announced.attestations();
    for (int i = 0; i < attestations.size(); i++) {
      byte[] bytes = publication.attestations().get(i);
      same("attestation " + i + ": size", attestations.get(i).size(), (long) bytes.length);
      same("attestation " + i + ": digest", attestations.get(i).digest(), Digest.of(bytes));
    }
  }

  private static void same(String what, Object expected, Object found) throws RegistryException {
    if (!expected.equals(found)) {
      throw new RegistryException(
          Problem.ARCHIVE_REFUSED,
          what + ": announced " + expected + ", received " + found,
          "the upload was damaged on its way; publish again");
    }
  }
}
