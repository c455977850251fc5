package dev.raya.cli.raya;

import dev.raya.vm.context.VmErrorKind;
import dev.raya.vm.context.VmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The compiled standard library: {@code lib/stdlib/NAME.rbin} of the toolchain, or outside of one
 * (tests, a program run from the build) the resource {@code /raya/stdlib/NAME.rbin}.
 */
final class StandardModules {
  private StandardModules() {}

  static byte[] read(String specifier, @Nullable Path toolchainHome) throws VmException {
    String name = specifier.substring("raya:".length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '/' && c != '-') {
        throw missing(specifier);
      }
    }
    try {
      if (toolchainHome != null) {
        Path file = toolchainHome.resolve("lib/stdlib").resolve(name + ".rbin");
        if (Files.isRegularFile(file)) {
          return Files.readAllBytes(file);
        }
      }
      try (InputStream in =
          StandardModules.class.getResourceAsStream("/raya/stdlib/" + name + ".rbin")) {
        if (in != null) {
          return in.readAllBytes();
        }
      }
    } catch (IOException e) {
      throw new VmException(
          VmErrorKind.IO_ERROR, specifier + " cannot be read: " + e.getMessage(), e);
    }
    throw missing(specifier);
  }

  private static VmException missing(String specifier) {
    return new VmException(VmErrorKind.IO_ERROR, "this toolchain has no module " + specifier);
  }
}
