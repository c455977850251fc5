package dev.raya.registry.storage;

import dev.raya.cache.disk.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The layout of a registry's data directory. Nothing outside it is written.
 *
 * <pre>
 * tree/       what is served as static files; may be copied to any web server
 * keys/       secrets, 0700: database password, token pepper, TUF keys (offline/, online/),
 *             the witness's (witness/)
 * pg/         the embedded PostgreSQL's data; pg-bin/ its programs; pg.log its messages
 * signer/     what the process with the online keys remembers, 0700, and its socket
 * witness/    what the witness's process remembers, 0700, and its socket
 * tmp/        uploads that are not finished; swept at start
 * origin      the registry's own name for itself, fixed by the first start
 * server.lock held by the one process that runs the embedded PostgreSQL
 * keys.lock   held by every server, and by a command that replaces keys
 * </pre>
 *
 * @param root absolute path
 */
public record DataDirectory(Path root) {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int SECRET_BYTES = 32;

  /** Makes the path absolute. */
  public DataDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes what is missing of the layout.
   *
   * @throws IOException if a folder cannot be made
   */
  public DataDirectory create() throws IOException {
    Files.createDirectories(root);
    if (!Files.isDirectory(keys())) {
      Files.createDirectory(keys(), PRIVATE_DIRECTORY);
    }
    if (!Files.isDirectory(signer())) {
      Files.createDirectory(signer(), PRIVATE_DIRECTORY);
    }
    if (!Files.isDirectory(witness())) {
      Files.createDirectory(witness(), PRIVATE_DIRECTORY);
    }
    Files.createDirectories(tree());
    Files.createDirectories(temporary());
    return this;
  }

  /** Whether a registry has been started here before. */
  public boolean exists() {
    return Files.isDirectory(keys());
  }

  /** Root of the static tree. */
  public Path tree() {
    return root.resolve("tree");
  }

  /** Folder of secrets. */
  public Path keys() {
    return root.resolve("keys");
  }

  /** Folder of unfinished files, on the same file system as {@link #tree()}. */
  public Path temporary() {
    return root.resolve("tmp");
  }

  /** What the signer's process remembers, and its socket; 0700. */
  public Path signer() {
    return root.resolve("signer");
  }

  /** What the witness's process remembers, and its socket; 0700. */
  public Path witness() {
    return root.resolve("witness");
  }

  /** The database cluster. */
  public Path cluster() {
    return root.resolve("pg");
  }

  /** Unpacked programs of PostgreSQL. */
  public Path postgresPrograms() {
    return root.resolve("pg-bin");
  }

  /** Messages of PostgreSQL. */
  public Path postgresLog() {
    return root.resolve("pg.log");
  }

  /** The lock of the process that runs the database server. */
  public Path serverLock() {
    return root.resolve("server.lock");
  }

  /** The lock of whoever uses the keys. */
  Path keysLock() {
    return root.resolve("keys.lock");
  }

  /** The origin's file. */
  private Path originFile() {
    return root.resolve("origin");
  }

  /**
   * The origin that the first start fixed; the given one, kept for ever, if this is the first.
   *
   * @param proposed URL without a trailing slash
   * @throws IOException if the file cannot be read or written
   */
  public String fixOrigin(String proposed) throws IOException {
    if (!Files.exists(originFile())) {
      AtomicFile.write(originFile(), (proposed + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return Files.readString(originFile()).strip();
  }

  /**
   * The origin that the first start fixed.
   *
   * @throws IOException if there is none yet, or it cannot be read
   */
  public String origin() throws IOException {
    return Files.readString(originFile()).strip();
  }

  /**
   * A secret of 64 hexadecimal digits that is made at its first use.
   *
   * @param name file name below {@link #keys()}; made under the server's lock only
   * @throws IOException if it cannot be read or written
   */
  public String secret(String name, SecureRandom random) throws IOException {
    Path file = keys().resolve(name);
    if (!Files.exists(file)) {
      byte[] bytes = new byte[SECRET_BYTES];
      random.nextBytes(bytes);
      AtomicFile.writePrivate(
          file, HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
    }
    return Files.readString(file).strip();
  }
}
