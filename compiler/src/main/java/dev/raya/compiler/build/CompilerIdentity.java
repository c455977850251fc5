package dev.raya.compiler.build;

import dev.raya.vm.bytecode.RbinModule;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What tells this compiler from every other one: its version, and where it runs from archives the
 * sizes and CRC-32 of its own and of the one that knows the file's format, since two compilers that
 * are being worked on have one version. What one makes half of, another must not finish. Nobody has
 * to be kept from forging it, and builds with nothing to do compute it: CRC-32 takes a millisecond
 * where SHA-256 in a program that has just begun takes many.
 */
final class CompilerIdentity {
  private static final class Known {
    private static final String TEXT =
        text(List.of(archive(CompilerIdentity.class), archive(RbinModule.class)));
  }

  private CompilerIdentity() {}

  /** Version and archives; the version alone where there is no archive to be read. */
  static String text() {
    return Known.TEXT;
  }

  /** Version and the files among some places. */
  static String text(List<Path> archives) {
    List<String> words = new ArrayList<>(List.of(Compiler.VERSION));
    for (Path archive : archives) {
      try {
        if (Files.isRegularFile(archive)) {
          byte[] bytes = Files.readAllBytes(archive);
          CRC32 sum = new CRC32();
          sum.update(bytes);
          words.add(bytes.length + ":" + Long.toHexString(sum.getValue()));
        }
      } catch (IOException unreadable) {
        words.add("unknown");
      }
    }
    return String.join(" ", words);
  }

  private static Path archive(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Path.of("") : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException nowhere) {
      return Path.of("");
    }
  }
}
