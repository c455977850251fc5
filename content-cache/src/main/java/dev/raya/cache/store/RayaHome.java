package dev.raya.cache.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The layout of {@code ~/.raya}, or of {@code RAYA_HOME}. What lies there decides what runs, so the
 * folder is the user's alone (0700), and a link where a folder or file should be is refused.
 *
 * <p>Making the value touches nothing. {@link #prepare} is for programs that will write; {@link
 * #check} is one attribute read, for those that only read.
 */
public final class RayaHome {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path root;

  /** Names the folder; it need not exist yet. */
  public RayaHome(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The folder itself. */
  public Path root() {
    return root;
  }

  /** {@code cache/}: package entries and native libraries by digest. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** {@code build/}: compiled output of local modules, by key. */
  public Path build() {
    return root.resolve("build");
  }

  /** {@code git/}: mirrors of git dependencies. */
  public Path git() {
    return root.resolve("git");
  }

  /** {@code registry/}: known registries and their trusted state. */
  public Path registry() {
    return root.resolve("registry");
  }

  /** {@code registry/known.json}: origins and URLs to registry ids. */
  public Path knownRegistries() {
    return registry().resolve("known.json");
  }

  /** {@code toolchains/}. */
  public Path toolchains() {
    return root.resolve("toolchains");
  }

  /** {@code bin/}: the dispatchers. */
  public Path bin() {
    return root.resolve("bin");
  }

  /** {@code modules/}: native modules put there by hand. */
  public Path modules() {
    return root.resolve("modules");
  }

  /** {@code keys/}: signing keys. */
  public Path keys() {
    return root.resolve("keys");
  }

  /** {@code tmp/}: where everything is made before it is renamed into place. */
  public Path tmp() {
    return root.resolve("tmp");
  }

  /** {@code locks/}. */
  public Path locks() {
    return root.resolve("locks");
  }

  /** {@code projects/}: where the projects lie whose lockfiles name entries of the cache. */
  public Path projects() {
    return root.resolve("projects");
  }

  /** {@code config.toml}: the user's settings. */
  public Path config() {
    return root.resolve("config.toml");
  }

  /** {@code credentials.toml}: tokens; 0600. */
  public Path credentials() {
    return root.resolve("credentials.toml");
  }

  /**
   * Checks the folder for reading: it is a folder and no link, if it is there at all.
   *
   * @throws CacheException.UnsafeHome if it is a link or something else
   */
  public void check() throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      requireFolder(root);
    }
  }

  /**
   * Makes the folder and its parts where they are missing, and checks the ones that are there:
   * folders, no links, this user's, writable. Permissions of others on the folder itself are taken
   * away.
   *
   * @throws CacheException.UnsafeHome if that cannot be had
   * @throws IOException if the system fails otherwise
   */
  public RayaHome prepare() throws IOException {
    makePrivate(root);
    UserPrincipal user = probe();
    tighten(root, user);
    for (Path folder : new Path[] {cache(), registry(), tmp(), locks(), keys()}) {
      makePrivate(folder);
      tighten(folder, user);
    }
    return this;
  }

  /**
   * A folder of the home, made with mode 0700 where it is missing.
   *
   * @throws CacheException.UnsafeHome if it is a link or no folder, or cannot be made
   */
  public static Path makePrivate(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      requireFolder(folder);
      return folder;
    }
    try {
      Path parent = folder.getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        Files.createDirectories(parent);
      }
    } catch (IOException e) {
      throw cannotBeMade(folder, e);
    }
    try {
      Files.createDirectory(folder, privateFolder(folder));
    } catch (FileAlreadyExistsException e) {
      requireFolder(folder); // another process was faster
    } catch (IOException e) {
      throw cannotBeMade(folder, e);
    }
    return folder;
  }

  private static CacheException.UnsafeHome cannotBeMade(Path folder, IOException cause) {
    return new CacheException.UnsafeHome(folder, "cannot be made: " + cause.getMessage());
  }

  private static void requireFolder(Path folder) throws CacheException.UnsafeHome {
    if (Files.isSymbolicLink(folder)) {
      throw new CacheException.UnsafeHome(folder, "is a symbolic link; a folder is expected");
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new CacheException.UnsafeHome(folder, "is not a folder");
    }
  }

  /** Who the system says we are: the owner of a file made just now. */
  private @Nullable UserPrincipal probe() throws IOException {
    try {
      // A name that nobody else takes, without the platform's source of random numbers.
      Path file =
          Files.createFile(
              root.resolve(".probe-" + ProcessHandle.current().pid() + '-' + System.nanoTime()));
      try {
        return posix(file) ? Files.getOwner(file, LinkOption.NOFOLLOW_LINKS) : null;
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new CacheException.UnsafeHome(root, "cannot be written: " + e.getMessage());
    }
  }

  private static void tighten(Path folder, @Nullable UserPrincipal user) throws IOException {
    if (user == null) {
      return;
    }
    UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(user)) {
      throw new CacheException.UnsafeHome(
          folder, "belongs to " + owner.getName() + ", not to " + user.getName());
    }
    Set<PosixFilePermission> mode =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (!mode.equals(PRIVATE)) {
      Files.setPosixFilePermissions(folder, PRIVATE);
    }
    if (Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
        .anyMatch(WRITABLE_BY_OTHERS::contains)) {
      throw new CacheException.UnsafeHome(folder, "can be written by others");
    }
  }

  private static FileAttribute<?>[] privateFolder(Path folder) {
    return posix(folder)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
