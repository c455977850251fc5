package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A jar without its signature. Classes of a signed jar are kept out of start-up caches; what
 * vouches for the files of a toolchain is its own manifest. The declaration of security providers
 * is left out too: it makes each TLS connection load every class that such a provider names.
 */
final class UnsignedJar {
  private static final String PROVIDERS = "META-INF/services/java.security.Provider";

  private UnsignedJar() {}

  /**
   * Rewrites a jar in place if it is signed; equal jars give equal bytes. What is no archive is
   * left as it is, for whoever loads classes to complain of.
   *
   * @return whether it was signed
   * @throws IOException if it cannot be read or written
   */
  static boolean strip(Path jar) throws IOException {
    Path fresh = jar.resolveSibling(jar.getFileName() + ".tmp");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<ZipEntry> entries = zip.stream().map(ZipEntry.class::cast).toList();
      if (entries.stream().noneMatch(entry -> isSignature(entry.getName()))) {
        return false;
      }
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(fresh))) {
        for (ZipEntry entry : entries) {
          if (isSignature(entry.getName()) || entry.getName().equals(PROVIDERS)) {
            continue;
          }
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    } catch (ZipException noArchive) {
      return false;
    }
    Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("META-INF/")
        && upper.indexOf('/', "META-INF/".length()) < 0
        && (upper.endsWith(".SF")
            || upper.endsWith(".RSA")
            || upper.endsWith(".DSA")
            || upper.endsWith(".EC"));
  }
}
