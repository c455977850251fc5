package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A package's archive that was read to its end and keeps the rules on its content: {@code
 * module.rbin} is a file, {@code metadata.json} is strict JSON that names package and version, and
 * nothing takes a name that the cache uses itself (packages.md section 5).
 *
 * @param facts digests and size
 * @param name member {@code name} of metadata.json, as written there
 * @param version member {@code version} of metadata.json, as written there
 * @param metadata metadata.json
 */
public record PackageArchive(ArchiveFacts facts, String name, String version, Json.Obj metadata) {
  /** The linked bytecode of the package. */
  public static final String MODULE = "module.rbin";

  /** The package's metadata. */
  public static final String METADATA = "metadata.json";

  /** Largest metadata.json, in bytes. */
  public static final int MAX_METADATA = 1 << 20;

  /** Top-level names that belong to the cache (packages.md section 6). */
  private static final Set<String> RESERVED = Set.of("entry.json", "proof.json", "native");

  /**
   * Reads and checks a package.
   *
   * @param archive the compressed bytes; read to their end, left open
   * @param visitor sees every entry, metadata.json included
   * @throws ArchiveException if the archive is refused
   * @throws IOException if the stream cannot be read, or from the visitor
   */
  public static PackageArchive read(InputStream archive, ArchiveVisitor visitor)
      throws IOException {
    return read(archive, null, visitor);
  }

  /**
   * A package and its bytecode.
   *
   * @param archive what was read of it
   * @param module bytes of {@link #MODULE}
   */
  public record WithModule(PackageArchive archive, byte[] module) {}

  /**
   * Reads and checks a package, and keeps its bytecode.
   *
   * @throws ArchiveException if the archive is refused
   * @throws IOException if the file cannot be read
   */
  public static WithModule readWithModule(Path file) throws IOException {
    byte[][] module = {{}};
    try (InputStream in = Files.newInputStream(file)) {
      PackageArchive read =
          read(
              in,
              new ArchiveVisitor() {
                @Override
                public void directory(String path) {}

                @Override
                public void file(String path, long size, InputStream content) throws IOException {
                  if (path.equals(MODULE)) {
                    module[0] = content.readAllBytes();
                  }
                }
              });
      return new WithModule(read, module[0]);
    }
  }

  /**
   * As {@link #read(InputStream, ArchiveVisitor)}, for bytes whose digest the caller has compared.
   *
   * @param known their digest
   * @throws ArchiveException if the archive is refused
   * @throws IOException from the visitor
   */
  public static PackageArchive read(byte[] archive, Digest known, ArchiveVisitor visitor)
      throws IOException {
    return read(new ByteArrayInputStream(archive), known, visitor);
  }

  private static PackageArchive read(
      InputStream archive, @Nullable Digest known, ArchiveVisitor visitor) throws IOException {
    Checking checking = new Checking(visitor);
    ArchiveFacts facts = ArchiveReader.read(ArchiveKind.PACKAGE.limits(), archive, known, checking);
    if (!checking.module) {
      throw new ArchiveException(MODULE, "a package has this file");
    }
    byte[] bytes = checking.metadata;
    if (bytes == null) {
      throw new ArchiveException(METADATA, "a package has this file");
    }
    Json json;
    try {
      json = JsonReader.read(bytes);
    } catch (JsonException e) {
      throw new ArchiveException(METADATA, "it is strict JSON: " + e.getMessage());
    }
    if (json instanceof Json.Obj object
        && object.get("name") instanceof Json.Str(String name)
        && object.get("version") instanceof Json.Str(String version)) {
      return new PackageArchive(facts, name, version, object);
    }
    throw new ArchiveException(METADATA, "it is an object with strings name and version");
  }

  /**
   * Checks that the package is the one asked for.
   *
   * @throws ArchiveException if metadata.json names another package or version
   */
  public void expect(String wantedName, String wantedVersion) throws ArchiveException {
    if (!name.equals(wantedName) || !version.equals(wantedVersion)) {
      throw new ArchiveException(
          METADATA,
          "expected " + wantedName + ' ' + wantedVersion + ", found " + name + ' ' + version);
    }
  }

  /** Looks at the names that matter and hands everything on. */
  private static final class Checking implements ArchiveVisitor {
    private final ArchiveVisitor next;
    private boolean module;
    private byte @Nullable [] metadata;

    Checking(ArchiveVisitor next) {
      this.next = next;
    }

    @Override
    public void directory(String path) throws IOException {
      checkReserved(path);
      next.directory(path);
    }

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
      checkReserved(path);
      if (path.equals(MODULE)) {
        module = true;
      }
      if (!path.equals(METADATA)) {
        next.file(path, size, content);
        return;
      }
      if (size > MAX_METADATA) {
        throw new ArchiveException(
            path, "it has at most " + MAX_METADATA + " bytes, found " + size);
      }
      byte[] bytes = content.readAllBytes();
      metadata = bytes;
      next.file(path, size, new ByteArrayInputStream(bytes));
    }

    private static void checkReserved(String path) throws ArchiveException {
      int slash = path.indexOf('/');
      String top = slash < 0 ? path : path.substring(0, slash);
      if (RESERVED.contains(EntryName.fold(top))) {
        throw new ArchiveException(path, "the cache uses the name " + top + " itself");
      }
    }
  }
}
