package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of signing keys, one file {@code KEYID.json} each; folder 0700, files 0600. A key
 * appears by one atomic rename, and none is ever overwritten.
 */
public final class KeyDirectory {
  private static final String SUFFIX = ".json";

  private final Path directory;

  /** Takes the folder, which is made with the first key. */
  public KeyDirectory(Path directory) {
    this.directory = directory;
  }

  /** The folder. */
  public Path path() {
    return directory;
  }

  /**
   * The public halves of all keys, sorted by keyId.
   *
   * @throws IOException if the folder cannot be read
   * @throws SigningException if a file is malformed
   */
  public List<VerificationKey> list() throws IOException, SigningException {
    return publicHalves().stream().map(PublisherKey.Public::ed25519).toList();
  }

  /**
   * The public halves of all keys with what makes one hybrid, sorted by keyId.
   *
   * @throws IOException if the folder cannot be read
   * @throws SigningException if a file is malformed
   */
  public List<PublisherKey.Public> publicHalves() throws IOException, SigningException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    List<PublisherKey.Public> keys = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)
            && Digest.isHex(name.substring(0, name.length() - SUFFIX.length()))) {
          keys.add(KeyFile.readPublic(read(file)));
        }
      }
    }
    keys.sort(Comparator.comparing(PublisherKey.Public::keyId));
    return List.copyOf(keys);
  }

  /**
   * Reads an Ed25519 key.
   *
   * @param keyId which one
   * @param passphrase what opens it, or null
   * @throws IOException if the file cannot be read
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if there is no such key or it cannot
   *     be opened
   */
  public SigningKey load(Digest keyId, char @Nullable [] passphrase)
      throws IOException, SigningException {
    PublisherKey key = loadPublisher(keyId, passphrase);
    if (key.mlDsa() != null) {
      throw new SigningException(
          Code.NO_USABLE_KEY,
          "expected an Ed25519 key alone; " + keyId.hex() + " has an ML-DSA-65 half too");
    }
    return key.ed25519();
  }

  /**
   * Reads a publisher's key, hybrid or not.
   *
   * @param keyId which one
   * @param passphrase what opens it, or null
   * @throws IOException if the file cannot be read
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if there is no such key or it cannot
   *     be opened
   */
  public PublisherKey loadPublisher(Digest keyId, char @Nullable [] passphrase)
      throws IOException, SigningException {
    PublisherKey key = KeyFile.read(document(keyId), passphrase);
    if (!key.keyId().equals(keyId)) {
      throw new SigningException(
          Code.NO_USABLE_KEY, file(keyId) + " holds another key: " + key.keyId().hex());
    }
    return key;
  }

  /**
   * Makes and keeps a new key.
   *
   * @param passphrase what will open it, or null to keep it as it is
   * @param random source of the key
   * @throws IOException if it cannot be written
   */
  public SigningKey generate(char @Nullable [] passphrase, SecureRandom random) throws IOException {
    SigningKey key = SigningKey.generate(random);
    put(PublisherKey.plain(key), passphrase, random);
    return key;
  }

  /**
   * Makes and keeps a new hybrid key.
   *
   * @param passphrase what will open it, or null to keep it as it is
   * @param random source of the key
   * @throws IOException if it cannot be written
   */
  public PublisherKey generateHybrid(char @Nullable [] passphrase, SecureRandom random)
      throws IOException {
    PublisherKey key = PublisherKey.generateHybrid(random);
    put(key, passphrase, random);
    return key;
  }

  /**
   * Keeps a key that was made elsewhere.
   *
   * @param passphrase what will open it, or null to keep it as it is
   * @param random source of salt and nonce
   * @throws FileAlreadyExistsException if there is a key of that id; it stays as it is
   * @throws IOException if it cannot be written
   */
  public void put(PublisherKey key, char @Nullable [] passphrase, SecureRandom random)
      throws IOException {
    createFolder();
    writeNew(
        file(key.keyId()),
        passphrase == null ? KeyFile.write(key) : KeyFile.write(key, passphrase, random));
  }

  private void createFolder() throws IOException {
    Files.createDirectories(directory, attributes(directory, "rwx------"));
  }

  /**
   * Writes a file for its owner alone; it is there as a whole or not at all, and never takes the
   * place of another.
   *
   * @throws FileAlreadyExistsException if there is something of that name; it stays as it is
   * @throws IOException if it cannot be written
   */
  public static void writeNew(Path file, byte[] document) throws IOException {
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), ".key", ".tmp", attributes(file, "rw-------"));
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(document);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      appear(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** A rename would replace what is there, a second name for the file never does. */
  private static void appear(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException present) {
      throw present;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      // Some file systems have no second names; then two at once could both find nothing there.
      Files.move(temporary, file);
    }
  }

  private Path file(Digest keyId) {
    return directory.resolve(keyId.hex() + SUFFIX);
  }

  /**
   * The bytes of a key's file.
   *
   * @throws IOException if it cannot be read
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if there is none
   */
  public byte[] document(Digest keyId) throws IOException, SigningException {
    Path file = file(keyId);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new SigningException(
          Code.NO_USABLE_KEY, "there is no key " + keyId.hex() + " in " + directory);
    }
    return read(file);
  }

  private static byte[] read(Path file) throws IOException, SigningException {
    if (Files.size(file) > KeyFile.MAX_BYTES) {
      throw new SigningException(Code.NO_USABLE_KEY, file + " is too large for a key");
    }
    return Files.readAllBytes(file);
  }

  private static FileAttribute<?>[] attributes(Path file, String mode) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
