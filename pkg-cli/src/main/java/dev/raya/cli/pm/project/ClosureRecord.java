package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished install came to: {@code .raya/install.json} of the project, and the same under
 * the home's {@code closures/} for any other checkout of it. As long as manifest and lockfile have
 * these digests and the entries with their proofs are there, there is nothing to do: a no-op reads
 * three files and looks at one name per entry, library and compiled package, whatever the number of
 * packages.
 *
 * <p>Never believed beyond that: programs are verified when they are loaded, and a changed lockfile
 * or manifest makes the record void.
 *
 * @param manifest digest of {@code raya.toml}, or of it and the manifests that it leads to
 * @param folders how many packages in folders it leads to: members of a workspace, path
 *     dependencies
 * @param packages how many packages the lockfile holds
 * @param lock digest of {@code raya.lock}
 * @param home the home whose cache holds the entries
 * @param trust the trust level they were checked at
 * @param maker the target and the compiler's version that decide which unproved, compiled packages
 *     and entries are used; empty where nothing depends on them
 * @param entries the cache entries used that have a proof, sorted
 * @param unproved the cache entries used that no registry's log vouches for, sorted: native
 *     libraries, which the archives pin, and archives on the web
 * @param builds the names of compiled git packages used, sorted
 * @param stamps of each entry, in a shared record: what tells that nothing befell its files since;
 *     empty in a project's own, which deleting makes an install look at everything
 * @param claims in a shared record: digests of what was accepted of the entries, sorted
 */
public record ClosureRecord(
    Digest manifest,
    int folders,
    int packages,
    Digest lock,
    String home,
    String trust,
    String maker,
    List<Digest> entries,
    List<Digest> unproved,
    List<Digest> builds,
    List<String> stamps,
    List<String> claims) {
  private static final String SCHEMA = "raya/install/2";
  private static final long MAX_BYTES = 16 << 20;
  private static final int MAX_SHARED = 64;
  private static final int MAX_PACKAGES = 1 << 20;

  /** Copies the lists. */
  public ClosureRecord {
    entries = List.copyOf(entries);
    unproved = List.copyOf(unproved);
    builds = List.copyOf(builds);
    stamps = List.copyOf(stamps);
    claims = List.copyOf(claims);
  }

  /** The same record with these stamps and claims. */
  public ClosureRecord stamped(List<String> otherStamps, List<String> otherClaims) {
    return new ClosureRecord(
        manifest,
        folders,
        packages,
        lock,
        home,
        trust,
        maker,
        entries,
        unproved,
        builds,
        otherStamps,
        otherClaims);
  }

  /** Where the record of a project lies. */
  public static Path file(Path project) {
    return project.resolve(".raya").resolve("install.json");
  }

  /** Where the record of these files, under these checks, lies in a home. */
  public static Path shared(Path home, Digest manifest, Digest lock, String trust) {
    Digest key = Digest.of((manifest.hex() + lock.hex() + trust).getBytes(StandardCharsets.UTF_8));
    return home.resolve("closures").resolve(key.hex() + ".json");
  }

  /** Reads a record; a missing or malformed one is no record. */
  public static Optional<ClosureRecord> read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(Files.readAllBytes(file)));
      if (!fields.string("schema").equals(SCHEMA)) {
        return Optional.empty();
      }
      return Optional.of(
          new ClosureRecord(
              new Digest(fields.string("manifest")),
              fields.integer("folders", 0, MAX_PACKAGES),
              fields.integer("packages", 0, MAX_PACKAGES),
              new Digest(fields.string("lock")),
              fields.string("home"),
              fields.string("trust"),
              fields.string("maker"),
              digests(fields, "entries"),
              digests(fields, "unproved"),
              digests(fields, "builds"),
              fields.strings("stamps"),
              fields.strings("claims")));
    } catch (JsonException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static List<Digest> digests(JsonFields fields, String member) throws JsonException {
    List<Digest> digests = new ArrayList<>();
    for (String hex : fields.strings(member)) {
      digests.add(new Digest(hex));
    }
    return digests;
  }

  private static Json hexes(List<Digest> digests) {
    List<String> hexes = new ArrayList<>();
    for (Digest digest : digests) {
      hexes.add(digest.hex());
    }
    return Json.strings(hexes);
  }

  /**
   * Writes the record.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    Json document =
        Json.object()
            .put("schema", SCHEMA)
            .put("manifest", manifest.hex())
            .put("folders", folders)
            .put("packages", packages)
            .put("lock", lock.hex())
            .put("home", home)
            .put("trust", trust)
            .put("maker", maker)
            .put("entries", hexes(entries))
            .put("unproved", hexes(unproved))
            .put("builds", hexes(builds))
            .put("stamps", Json.strings(stamps))
            .put("claims", Json.strings(claims))
            .build();
    AtomicFiles.writeUnforced(file, CanonicalJson.bytes(document));
  }

  /**
   * Removes the oldest of the shared records where there are more than a home needs.
   *
   * @throws IOException if they cannot be listed or removed
   */
  public static void bound(Path home) throws IOException {
    File[] records = home.resolve("closures").toFile().listFiles();
    if (records == null || records.length <= MAX_SHARED) {
      return;
    }
    Map<File, Long> written = new HashMap<>();
    for (File record : records) {
      written.put(record, record.lastModified());
    }
    Arrays.sort(records, Comparator.comparing(written::get));
    for (int i = 0; i < records.length - MAX_SHARED; i++) {
      Files.deleteIfExists(records[i].toPath());
    }
  }

  /** Whether it still holds for these digests, this home and this level. */
  public boolean holds(Digest manifestNow, Digest lockNow, Path homeNow, String trustNow) {
    return manifest.equals(manifestNow)
        && lock.equals(lockNow)
        && home.equals(homeNow.toString())
        && trust.equals(trustNow);
  }
}
