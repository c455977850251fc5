package dev.raya.toolchain.bundle;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lays out a toolchain directory as toolchain.md section 2 describes it. The same inputs give the
 * same files, and {@code toolchain.json} names every one of them.
 */
public final class ToolchainBuilder {
  private static final String STAMP_SUFFIX = ".inputs";
  private static final String EMPTY_REGISTRIES =
      "{\"registries\":[],\"schema\":\"raya/registries/1\"}";

  /** Where zstd-jni keeps the library of linux-x64 inside its jar. */
  private static final String ZSTD_ENTRY_PREFIX = "linux/amd64/libzstd-jni";

  private final ToolchainInputs inputs;

  /** Takes the inputs. */
  public ToolchainBuilder(ToolchainInputs inputs) {
    this.inputs = inputs;
  }

  /**
   * Makes the directory, unless it was already made from the same inputs.
   *
   * @param home the toolchain directory; an older one is replaced as a whole
   * @return whether it had to be made
   * @throws IOException if a file cannot be read or written
   */
  public boolean layOut(Path home) throws IOException {
    Path stamp = home.resolveSibling(home.getFileName() + STAMP_SUFFIX);
    String wanted = inputs.digest().hex();
    if (Files.exists(home.resolve(ToolchainManifest.FILE))
        && Files.exists(stamp)
        && Files.readString(stamp).equals(wanted)) {
      return false;
    }
    Files.deleteIfExists(stamp);
    Path staging = home.resolveSibling(home.getFileName() + ".staging");
    Directories.delete(staging);
    fill(staging);
    Directories.delete(home);
    Files.move(staging, home);
    Files.writeString(stamp, wanted);
    return true;
  }

  private void fill(Path home) throws IOException {
    FolderFiles.copy(inputs.runtime(), home.resolve("lib/runtime"));
    FolderFiles.copy(inputs.jars(), home.resolve("lib/modules"));
    FolderFiles.copy(inputs.stdlib(), home.resolve("lib/stdlib"));
    Path keyless = inputs.keyless();
    if (keyless != null) {
      FolderFiles.copy(keyless, home.resolve("lib/keyless"));
    }
    List<String> classPath = new ArrayList<>();
    List<Path> jars = Launcher.jars(home);
    for (Path jar : jars) {
      UnsignedJar.strip(jar);
      PlainCallSites.rewrite(jar, jars);
      classPath.add("lib/modules/" + jar.getFileName());
      extractZstd(jar, home.resolve(Launcher.ZSTD_LIBRARY));
    }
    write(home.resolve("lib/trust/registries.json"), EMPTY_REGISTRIES);
    write(home.resolve(NativeHeader.IN_TOOLCHAIN), NativeHeader.text());
    for (Program program : Program.ALL) {
      write(home.resolve("bin").resolve(program.name()), Launcher.shell(program, classPath));
    }
    Files.write(home.resolve(ToolchainManifest.FILE), describe(home).bytes());
    setModes(home);
  }

  private ToolchainManifest describe(Path home) throws IOException {
    List<ToolchainFile> files = new ArrayList<>();
    Set<Component> components = EnumSet.noneOf(Component.class);
    for (Path file : FolderFiles.files(home)) {
      String path = home.relativize(file).toString().replace('\\', '/');
      Component component = componentOf(path);
      components.add(component);
      files.add(
          new ToolchainFile(
              path, Files.size(file), Digest.ofFile(file), component, executable(path)));
    }
    return new ToolchainManifest(
        inputs.version(),
        inputs.target(),
        List.copyOf(components),
        files,
        inputs.bytecode(),
        inputs.nativeAbi());
  }

  private static Component componentOf(String path) {
    if (path.startsWith("lib/runtime/")) {
      return Component.RUNTIME;
    }
    if (path.startsWith("lib/stdlib/")) {
      return Component.STDLIB;
    }
    if (path.startsWith("lib/keyless/")) {
      return Component.KEYLESS;
    }
    if (path.startsWith("lib/native/")) {
      return Component.NATIVE_LOADER;
    }
    return path.equals("bin/rayac") || path.startsWith("lib/modules/compiler-")
        ? Component.COMPILER
        : Component.VM;
  }

  private static boolean executable(String path) {
    return path.startsWith("bin/")
        || path.startsWith("lib/runtime/bin/")
        || path.equals("lib/runtime/lib/jspawnhelper")
        || path.equals("lib/runtime/lib/jexec");
  }

  private static void setModes(Path home) throws IOException {
    if (Files.getFileAttributeView(home, PosixFileAttributeView.class) == null) {
      return;
    }
    Set<Path> folders = new HashSet<>(List.of(home));
    for (Path file : FolderFiles.files(home)) {
      String path = home.relativize(file).toString();
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(executable(path) ? "rwxr-xr-x" : "rw-r--r--"));
      for (Path up = file.getParent(); up != null && folders.add(up); up = up.getParent()) {
        if (!up.startsWith(home)) {
          break;
        }
      }
    }
    for (Path folder : folders) {
      if (folder.startsWith(home) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void extractZstd(Path jar, Path library) throws IOException {
    if (!jar.getFileName().toString().startsWith("zstd-jni-")) {
      return;
    }
    Files.createDirectories(library.toAbsolutePath().getParent());
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
        if (entry.getName().startsWith(ZSTD_ENTRY_PREFIX) && entry.getName().endsWith(".so")) {
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, library);
          }
          return;
        }
      }
    }
    throw new IOException(jar + " holds no " + ZSTD_ENTRY_PREFIX + "*.so");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
