package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * What tells this compiler from every other one: its version, and where it runs from an archive the
 * archive's digest, since two compilers that are being worked on have one version. What one makes
 * half of, another must not finish.
 */
final class CompilerIdentity {
  private CompilerIdentity() {}

  /** Version and digest; the version alone where there is no archive to be read. */
  static String text() {
    CodeSource source = CompilerIdentity.class.getProtectionDomain().getCodeSource();
    try {
      Path place = source == null ? null : Path.of(source.getLocation().toURI());
      return place == null || !Files.isRegularFile(place)
          ? Compiler.VERSION
          : Compiler.VERSION + " " + Digest.ofFile(place);
    } catch (URISyntaxException | IOException unknown) {
      return Compiler.VERSION;
    }
  }
}
