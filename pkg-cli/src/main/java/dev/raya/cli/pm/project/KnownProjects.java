package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.store.CacheCollection;
import dev.raya.cache.store.RayaHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The projects whose lockfiles keep entries in the cache: one small file each in {@code projects/}
 * of the home, named by a digest of the project's path and holding that path. Files of different
 * projects never meet, so that no lock is needed and no update is lost.
 *
 * <p>What a lockfile needs is read from the lockfile itself when somebody asks, not remembered.
 */
public final class KnownProjects implements CacheCollection.Needed {
  private static final String SCHEMA = "raya/project/1";
  private static final int NAME_DIGITS = 32;
  private static final long MAX_RECORD = 64 << 10;
  private static final long MAX_LOCKFILE = 64 << 20;

  /** Only collections read lockfiles; every install makes one known. */
  private static final class Digests {
    /**
     * Every digest in the text counts, so that a lockfile in the middle of a merge keeps the
     * entries of both sides.
     */
    static final Pattern NAMED = Pattern.compile("sha256:([0-9a-f]{64})");
  }

  private final RayaHome home;

  /** Reads and writes below this home. */
  public KnownProjects(RayaHome home) {
    this.home = home;
  }

  /** Whether a project is known; one look at one name. */
  public boolean knows(ProjectFolder project) {
    return Files.exists(record(project.workspace()), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Makes a project known.
   *
   * @throws IOException if that cannot be written
   */
  public void add(ProjectFolder project) throws IOException {
    if (knows(project)) {
      return;
    }
    RayaHome.makePrivate(home.projects());
    write(record(project.workspace()), project.workspace());
  }

  private static void write(Path record, Path project) throws IOException {
    AtomicFiles.write(
        record,
        CanonicalJson.bytes(
            Json.object().put("path", project.toString()).put("schema", SCHEMA).build()));
  }

  private Path record(Path project) {
    Digest digest = Digest.of(project.toString().getBytes(StandardCharsets.UTF_8));
    return home.projects().resolve(digest.hex().substring(0, NAME_DIGITS));
  }

  /**
   * The folders of the known projects, sorted; those that are there no more are left out.
   *
   * @throws IOException if they cannot be listed
   */
  public List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (Path record : records()) {
      Path folder = folder(record);
      if (folder != null && isProject(folder)) {
        folders.add(folder);
      }
    }
    folders.sort(null);
    return List.copyOf(folders);
  }

  /**
   * Forgets projects that have no lockfile any more. A project that writes its lockfile at that
   * moment stays known: it looks at its record after its lockfile is written, and the lockfile is
   * looked at again here after the record is gone, so that one of the two sees the other.
   *
   * @return how many were forgotten
   * @throws IOException if they cannot be listed or removed
   */
  public int forgetGone() throws IOException {
    int forgotten = 0;
    for (Path record : records()) {
      Path folder = folder(record);
      if (folder == null || !isProject(folder)) {
        Files.deleteIfExists(record);
        if (folder != null && isProject(folder)) {
          write(record, folder);
        } else {
          forgotten++;
        }
      }
    }
    return forgotten;
  }

  /** The digests that the lockfiles of all known projects name. */
  @Override
  public Set<Digest> read() throws IOException {
    Set<Digest> named = new TreeSet<>();
    for (Path folder : folders()) {
      named.addAll(namedBy(folder.resolve(ProjectFolder.LOCKFILE)));
    }
    return named;
  }

  @Override
  public Map<Digest, Instant> used() throws IOException {
    return RecordedUse.read(home);
  }

  /**
   * The digests that a lockfile names.
   *
   * @throws IOException if it cannot be read
   */
  public static Set<Digest> namedBy(Path lockfile) throws IOException {
    if (Files.size(lockfile) > MAX_LOCKFILE) {
      throw new IOException(lockfile + " is larger than a lockfile can be");
    }
    Set<Digest> named = new TreeSet<>();
    Matcher digests =
        Digests.NAMED.matcher(
            new String(Files.readAllBytes(lockfile), StandardCharsets.ISO_8859_1));
    while (digests.find()) {
      named.add(new Digest(digests.group(1)));
    }
    return named;
  }

  private static boolean isProject(Path folder) {
    return Files.isRegularFile(folder.resolve(ProjectFolder.LOCKFILE));
  }

  private List<Path> records() throws IOException {
    if (!Files.isDirectory(home.projects(), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(home.projects())) {
      return children
          .filter(file -> String.valueOf(file.getFileName()).length() == NAME_DIGITS)
          .sorted()
          .toList();
    }
  }

  /** The folder that a record names, or null if it is malformed or gone: then it keeps nothing. */
  private static @Nullable Path folder(Path record) throws IOException {
    if (!Files.isRegularFile(record, LinkOption.NOFOLLOW_LINKS)
        || Files.size(record) > MAX_RECORD) {
      return null;
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(Files.readAllBytes(record)));
      Path folder = Path.of(fields.string("path"));
      return fields.string("schema").equals(SCHEMA) && folder.isAbsolute() ? folder : null;
    } catch (JsonException | InvalidPathException malformed) {
      return null;
    } catch (NoSuchFileException forgotten) {
      return null; // by another process
    }
  }
}
