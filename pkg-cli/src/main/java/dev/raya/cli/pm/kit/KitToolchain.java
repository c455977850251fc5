package dev.raya.cli.pm.kit;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.toolchain.bundle.ToolchainException;
import dev.raya.toolchain.bundle.ToolchainFile;
import dev.raya.toolchain.bundle.ToolchainManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The toolchain inside a kit. Programs come with no signature of their own there: it is taken only
 * when the user gives the digest of its {@code toolchain.json}, which the export printed, or
 * confirms it on a terminal; then every file must be what that document says.
 */
public final class KitToolchain {
  private static final String REFUSED = "RAYA-TC-003";

  private final Path folder;
  private final ToolchainManifest manifest;

  private KitToolchain(Path folder, ToolchainManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Checks the toolchain of a kit whole.
   *
   * @param kit one that has a toolchain
   * @param expected the digest that the user gave, or null
   * @throws CommandException RAYA-TC-003 if it is not what is expected, or nobody expects it
   * @throws IOException if it cannot be read
   */
  public static KitToolchain check(Session session, Kit kit, @Nullable Digest expected)
      throws CommandException, IOException {
    Path folder = kit.folder().resolve("toolchain");
    Path document = regular(folder, ToolchainManifest.FILE);
    Digest found = Digest.ofFile(document);
    if (!found.equals(kit.toolchain()) || (expected != null && !found.equals(expected))) {
      throw new CommandException(
          REFUSED,
          "the toolchain in the kit is another one",
          "expected: " + (expected == null ? kit.toolchain() : expected),
          "found: " + found);
    }
    boolean taken =
        expected != null
            || session
                .console()
                .confirm("The kit holds a toolchain, " + found + ".\nInstall its programs?");
    if (!taken) {
      throw new CommandException(
          REFUSED,
          "the kit holds a toolchain, and nothing confirms it",
          "it is " + found,
          "if `raya-pm cache export` printed the same, give it: --toolchain " + found,
          "or take the packages alone: --without-toolchain");
    }
    try {
      ToolchainManifest manifest = ToolchainManifest.read(Files.readAllBytes(document));
      for (ToolchainFile file : manifest.files()) {
        Digest content = Digest.ofFile(regular(folder, file.path()));
        if (!content.equals(file.digest())) {
          throw new CommandException(
              REFUSED,
              file.path() + " of the toolchain has another digest",
              "expected: " + file.digest(),
              "found: " + content);
        }
      }
      return new KitToolchain(folder, manifest);
    } catch (ToolchainException malformed) {
      throw new CommandException(REFUSED, String.valueOf(malformed.getMessage()));
    }
  }

  /**
   * Puts it into {@code toolchains/VERSION-TARGET} by one rename; one that is there stays.
   *
   * @return where it lies
   * @throws IOException if it cannot be written
   */
  public Path install(Session session) throws IOException {
    Path toolchains = session.home().toolchains();
    Path target = toolchains.resolve(manifest.version() + "-" + manifest.target().id());
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return target;
    }
    Files.createDirectories(toolchains);
    Path made = Files.createTempDirectory(session.home().tmp(), "toolchain-");
    try {
      copy(ToolchainManifest.FILE, made, false);
      for (ToolchainFile file : manifest.files()) {
        copy(file.path(), made, file.executable());
      }
      mode(made, "rwxr-xr-x");
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
      return target;
    } finally {
      Directories.delete(made);
    }
  }

  private void copy(String path, Path made, boolean executable) throws IOException {
    Path to = made.resolve(path);
    Path parent = to.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.copy(folder.resolve(path), to);
    mode(to, executable ? "rwxr-xr-x" : "rw-r--r--");
  }

  private static void mode(Path path, String mode) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }

  private static Path regular(Path folder, String path) throws CommandException {
    Path file = folder.resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(REFUSED, "the toolchain in the kit lacks the file " + path);
    }
    return file;
  }
}
