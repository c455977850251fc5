package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a jar of the toolchain keeps when its signature goes. */
final class UnsignedJarTest {
  @TempDir Path folder = Path.of("");

  private Path jar(String name, String... entries) throws IOException {
    Path jar = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (String entry : entries) {
        ZipEntry added = new ZipEntry(entry);
        added.setTime(0);
        out.putNextEntry(added);
        out.write(entry.getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }

  private static List<String> names(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void signatureAndProvidersGoAndAllElseStays() throws IOException {
    String[] entries = {
      "META-INF/MANIFEST.MF",
      "META-INF/KEY.SF",
      "META-INF/KEY.DSA",
      "META-INF/services/java.security.Provider",
      "META-INF/services/x.Y",
      "a/B.class",
      "a/META-INF/K.SF"
    };
    Path signed = jar("signed.jar", entries);
    Path again = jar("again.jar", entries);
    assertThat(UnsignedJar.strip(signed)).isTrue();
    assertThat(UnsignedJar.strip(again)).isTrue();
    assertThat(names(signed))
        .containsExactly(
            "META-INF/MANIFEST.MF", "META-INF/services/x.Y", "a/B.class", "a/META-INF/K.SF");
    assertThat(signed).hasSameBinaryContentAs(again);
    assertThat(UnsignedJar.strip(signed)).isFalse();
  }

  @Test
  void unsignedJarIsNotTouched() throws IOException {
    Path plain = jar("plain.jar", "META-INF/services/java.security.Provider", "a/B.class");
    byte[] before = Files.readAllBytes(plain);
    assertThat(UnsignedJar.strip(plain)).isFalse();
    assertThat(plain).hasBinaryContent(before);
  }
}
