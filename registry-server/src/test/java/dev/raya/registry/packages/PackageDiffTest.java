package dev.raya.registry.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.blob.BlobSink;
import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.publish.TestPackage;
import dev.raya.vm.bytecode.PredefinedType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs between two archives of the blob store. */
final class PackageDiffTest {
  @TempDir Path folder = Path.of("");

  private static StoredArchive stored(DirectoryBlobStore blobs, TestPackage sample)
      throws IOException {
    try (BlobSink sink = blobs.sink(sample.archive().length)) {
      sink.write(sample.archive());
      sink.commit(sample.facts().checksum());
    }
    return StoredArchive.read(blobs, sample.facts().checksum());
  }

  @Test
  void interfaceAndFilesAreNamed() throws IOException {
    DirectoryBlobStore blobs = new DirectoryBlobStore(folder);
    StoredArchive before =
        stored(blobs, TestPackage.exporting("lib", "1.0.0", Map.of("gone", PredefinedType.INT)));
    StoredArchive after =
        stored(blobs, TestPackage.exporting("lib", "1.1.0", Map.of("come", PredefinedType.INT)));

    assertThat(CanonicalJson.text(PackageDiff.json("lib", "1.0.0", before, "1.1.0", after)))
        .contains("\"impact\":\"breaking\",\"item\":\"gone\"")
        .contains("\"impact\":\"addition\",\"item\":\"come\"")
        .contains("\"capabilities\":{\"added\":[],\"removed\":[]}")
        .contains("{\"change\":\"changed\",\"path\":\"metadata.json\"}");
    assertThatThrownBy(() -> StoredArchive.read(blobs, Digest.of(new byte[0])))
        .isInstanceOf(IOException.class);
  }
}
