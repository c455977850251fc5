package dev.raya.toolchain.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A platform that toolchains and native modules are built for (toolchain.md section 1). */
public enum Target {
  LINUX_X64("linux-x64", Os.LINUX),
  LINUX_ARM64("linux-arm64", Os.LINUX),
  LINUX_MUSL_X64("linux-musl-x64", Os.LINUX),
  MACOS_X64("macos-x64", Os.MACOS),
  MACOS_ARM64("macos-arm64", Os.MACOS),
  WINDOWS_X64("windows-x64", Os.WINDOWS);

  private enum Os {
    LINUX,
    MACOS,
    WINDOWS
  }

  private final String id;
  private final Os os;

  Target(String id, Os os) {
    this.id = id;
    this.os = os;
  }

  /** The name in manifests, lockfiles and file names, such as {@code linux-x64}. */
  public String id() {
    return id;
  }

  /** The file name of a native module's library, such as {@code liblz4.so}. */
  public String libraryFile(String module) {
    return switch (os) {
      case LINUX -> "lib" + module + ".so";
      case MACOS -> "lib" + module + ".dylib";
      case WINDOWS -> module + ".dll";
    };
  }

  /** The target of that name, or nothing if there is none. */
  public static Optional<Target> parse(String id) {
    return Arrays.stream(values()).filter(target -> target.id.equals(id)).findFirst();
  }

  /**
   * The target of a machine.
   *
   * @param osName as the system property {@code os.name}
   * @param osArch as the system property {@code os.arch}
   * @param musl whether the C library is musl
   * @return nothing if Raya is not built for such a machine
   */
  public static Optional<Target> of(String osName, String osArch, boolean musl) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean x64 = osArch.equals("amd64") || osArch.equals("x86_64");
    boolean arm64 = osArch.equals("aarch64") || osArch.equals("arm64");
    if (os.startsWith("linux")) {
      if (x64) {
        return Optional.of(musl ? LINUX_MUSL_X64 : LINUX_X64);
      }
      return arm64 && !musl ? Optional.of(LINUX_ARM64) : Optional.empty();
    }
    if (os.startsWith("mac")) {
      return x64 ? Optional.of(MACOS_X64) : arm64 ? Optional.of(MACOS_ARM64) : Optional.empty();
    }
    return os.startsWith("windows") && x64 ? Optional.of(WINDOWS_X64) : Optional.empty();
  }
}
