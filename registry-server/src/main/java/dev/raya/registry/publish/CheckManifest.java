package dev.raya.registry.publish;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.JsonException;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.StorableJson;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.signing.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** metadata.json of the archive: its form, and that it says what was announced. */
final class CheckManifest implements PublishStep {
  private static final int MAX_TEXT = 1024;

  @Override
  public void run(Publication publication) throws RegistryException {
    Announcement announced = publication.announcement();
    PackageMetadata metadata = read(publication);
    same("name", announced.name(), metadata.name());
    same("version", announced.version().text(), metadata.version().text());
    same("native", announced.natives(), natives(metadata));
    for (String text : List.of(metadata.description(), metadata.license(), metadata.repository())) {
      if (text.length() > MAX_TEXT) {
        throw refused("description, license and repository have at most 1024 characters");
      }
    }
    publication.describe(metadata);
  }

  private static PackageMetadata read(Publication publication) throws RegistryException {
    try {
      StorableJson.check(publication.archive().metadata());
      return PackageMetadataCodec.read(CanonicalJson.bytes(publication.archive().metadata()));
    } catch (JsonException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static List<LogRecord.Native> natives(PackageMetadata metadata) {
    List<LogRecord.Native> natives = new ArrayList<>();
    for (NativeBlob blob : metadata.natives()) {
      natives.add(
          new LogRecord.Native(
              blob.module(), blob.target(), blob.file(), blob.size(), blob.sha256()));
    }
    return natives;
  }

  private static void same(String member, Object announced, Object found) throws RegistryException {
    if (!announced.equals(found)) {
      throw refused('/' + member + ": announced was " + announced + ", found " + found);
    }
  }

  private static RegistryException refused(String detail) {
    return new RegistryException(Problem.MANIFEST_REFUSED, "metadata.json: " + detail);
  }
}
