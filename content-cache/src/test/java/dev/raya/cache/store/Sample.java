package dev.raya.cache.store;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A small package whose content follows from a seed, the same in every process. */
record Sample(byte[] archive, ExpectedPackage expected) {
  static final String SOURCE = "registry+https://raya.example";

  static Sample of(int seed) {
    Map<String, Content> files = new TreeMap<>();
    files.put(
        "metadata.json",
        Content.of(
            ("{\"name\":\"p" + seed + "\",\"schema\":\"raya/package/1\",\"version\":\"1.0.0\"}")
                .getBytes(StandardCharsets.UTF_8)));
    Random random = new Random(seed);
    for (String name : new String[] {"module.rbin", "module.rdef", "files/a/b", "files/c"}) {
      byte[] bytes = new byte[3000];
      random.nextBytes(bytes);
      files.put(name, Content.of(bytes));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
      return new Sample(out.toByteArray(), new ExpectedPackage("p" + seed, "1.0.0", facts));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  InputStream stream() {
    return new ByteArrayInputStream(archive);
  }

  CacheEntry putInto(PackageCache cache) throws IOException {
    return cache.put(stream(), expected, SOURCE);
  }
}
