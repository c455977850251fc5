package dev.raya.registry.storage;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The programs {@code initdb} and {@code postgres}, unpacked once from the archive on the class
 * path into the data directory. Which release it is stands in the folder's name, so that another
 * release of the server finds its own beside it.
 *
 * @param home folder with {@code bin}, {@code lib} and {@code share}
 */
record PostgresPrograms(Path home) {
  /** Enough for one release, far below what a wrong archive could hold. */
  private static final int MAX_ENTRIES = 10_000;

  Path initdb() {
    return home.resolve("bin/initdb");
  }

  Path postgres() {
    return home.resolve("bin/postgres");
  }

  /**
   * Finds or unpacks the programs for this machine. Appears by one rename, so that a kill leaves
   * nothing half there.
   *
   * @throws StorageException if there are none for this machine
   * @throws IOException if they cannot be unpacked
   */
  static PostgresPrograms unpack(DataDirectory directory) throws StorageException, IOException {
    String resource = resource();
    Digest digest = digest(resource);
    Path home = directory.postgresPrograms().resolve(digest.hex().substring(0, 16));
    if (!Files.isDirectory(home)) {
      Files.createDirectories(directory.postgresPrograms());
      Path fresh = Files.createTempDirectory(directory.postgresPrograms(), ".unpack-");
      try {
        unpack(resource, fresh);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        if (!Files.isDirectory(home)) {
          throw e;
        }
      } finally {
        sweep(directory.postgresPrograms());
      }
    }
    return new PostgresPrograms(home);
  }

  private static String resource() throws StorageException {
    String architecture =
        switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> "unknown";
        };
    String resource = "postgres-linux-" + architecture + ".txz";
    if (!System.getProperty("os.name").equals("Linux")
        || PostgresPrograms.class.getClassLoader().getResource(resource) == null) {
      throw new StorageException(
          "there is no embedded PostgreSQL for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + "; name a server of your own with --jdbc-url");
    }
    return resource;
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = PostgresPrograms.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IOException("resource " + resource + " is missing");
    }
    return in;
  }

  private static Digest digest(String resource) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = new DigestInputStream(open(resource), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.finish(sha256);
  }

  private static void unpack(String resource, Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(open(resource))))) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into) || ++entries > MAX_ENTRIES) {
          throw new IOException(resource + ": unexpected entry " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(target.getParent());
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  /** Removes what an interrupted unpacking left. */
  private static void sweep(Path folder) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> list = Files.list(folder)) {
      leftovers = list.filter(path -> path.getFileName().toString().startsWith(".")).toList();
    }
    for (Path leftover : leftovers) {
      Directories.delete(leftover);
    }
  }
}
