package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The index documents this home holds of one registry, {@code registry/ID/index/p1/p2/file}. A
 * document is followed by a line with its digest: what a disk or a program did to it here must not
 * be told as the registry's rewriting. Earlier releases kept none; what they kept is taken as it
 * is.
 */
public final class IndexStore {
  private static final int TRAILER = "sha256:".length() + 64 + 1;

  private final Path folder;

  /** Documents below the folder of a known registry. */
  public IndexStore(Path registryFolder) {
    this.folder = registryFolder.resolve("index");
  }

  /**
   * The document held, or an empty array if there is none.
   *
   * @throws CommandException RAYA-SEC-013 if it is not what was kept, say after a power cut
   * @throws IOException if it cannot be read
   */
  public byte[] held(PackageName name) throws CommandException, IOException {
    Path file = file(name);
    if (!Files.exists(file)) {
      return new byte[0]; // the usual case of a first install, without an exception
    }
    byte[] bytes;
    try {
      if (Files.size(file) > Registry.MAX_INDEX_BYTES + TRAILER) {
        throw new IOException(file + " is larger than an index document can be");
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
    if (isFormer(bytes)) {
      return bytes;
    }
    byte[] document = Arrays.copyOf(bytes, Math.max(0, bytes.length - TRAILER));
    byte[] trailer = Arrays.copyOfRange(bytes, document.length, bytes.length);
    if (bytes.length > 0 && !Arrays.equals(trailer, trailer(document))) {
      throw new CommandException(
          "RAYA-SEC-013",
          "the index document of " + name + " that is held here is not what was kept",
          "it is damaged: remove "
              + file
              + " and install again; with a network it is fetched again by what asks for it");
    }
    return document;
  }

  /**
   * The document held, or an empty array where what is held is damaged, for those who get another.
   *
   * @throws IOException if it cannot be read
   */
  public byte[] intact(PackageName name) throws IOException {
    try {
      return held(name);
    } catch (CommandException damaged) {
      return new byte[0];
    }
  }

  /**
   * Keeps a document that was checked, in the place of the one held so far.
   *
   * @throws IOException if it cannot be written
   */
  public void keep(PackageName name, byte[] held, byte[] document) throws IOException {
    if (!Arrays.equals(held, document)) {
      byte[] trailer = trailer(document);
      byte[] bytes = Arrays.copyOf(document, document.length + trailer.length);
      System.arraycopy(trailer, 0, bytes, document.length, trailer.length);
      AtomicFiles.writeUnforced(file(name), bytes);
    }
  }

  /**
   * Whether it ends with a whole line of a document, which is a JSON object, and not with a digest.
   */
  private static boolean isFormer(byte[] bytes) {
    if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
      return false;
    }
    int start = bytes.length - 1;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    return bytes[start] == '{';
  }

  private static byte[] trailer(byte[] document) {
    return (Digest.of(document) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Where a document lies. */
  Path file(PackageName name) {
    return folder.resolve(name.indexPath());
  }
}
