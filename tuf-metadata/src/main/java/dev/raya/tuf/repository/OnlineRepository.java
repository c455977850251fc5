package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The online half of a registry's repository: keeps bins, advisories, snapshot and timestamp in
 * step with the index documents. Files are written in the order bin, snapshot, timestamp, so that
 * everything a timestamp leads to is there; work that a crash cut off is simply done again. One
 * thread at a time, and one process a folder.
 */
public final class OnlineRepository {
  /** A timestamp is signed anew after this time. */
  private static final Duration TIMESTAMP_AGE = Duration.ofHours(1);

  private static final int MAX_SNAPSHOT = 16 << 20;
  private static final String JSON = ".json";

  /** Longest version in the name of a file. */
  private static final int MAX_DIGITS = 18;

  private final MetadataFiles files;
  private final OnlineSigner signer;
  private final InstantSource clock;

  /** The timestamp's bytes that {@link #versions} was read from. */
  private byte @Nullable [] timestamp;

  private SortedMap<String, Long> versions = new TreeMap<>();
  private Instant snapshotExpires = Instant.EPOCH;
  private Instant timestampExpires = Instant.EPOCH;

  /** Takes the folder that is served, and who signs. */
  public OnlineRepository(MetadataFiles files, OnlineSigner signer, InstantSource clock) {
    this.files = files;
    this.signer = signer;
    this.clock = clock;
  }

  /**
   * Brings everything up to date that is older than it may be, makes what is missing, and takes
   * newer offline roles into the snapshot.
   *
   * @param offline version of each offline metadata file that is to be current
   * @return whether the repository was made now, so that it knows no index document yet
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if a file cannot be written or the signer gives no answer
   */
  public boolean refresh(Map<String, Long> offline) throws TufException, IOException {
    load();
    boolean fresh = versions.isEmpty();
    SortedMap<String, Long> next = new TreeMap<>(versions);
    recover(next);
    next.putAll(offline);
    bins(next, false);
    renewAdvisories(next);
    Instant now = clock.instant();
    if (!next.equals(versions) || isHalfOver(snapshotExpires, RegistryRole.SNAPSHOT, now)) {
      commit(next);
    } else if (!now.isBefore(
        timestampExpires.minus(RegistryRole.TIMESTAMP.life()).plus(TIMESTAMP_AGE))) {
      writeTimestamp(Digest.of(currentSnapshot()));
    }
    return fresh;
  }

  /**
   * Goes on from where the signer is, if it signed a snapshot that never came to be served: a crash
   * cut that off, or the folder came from a backup. No version is ever used for two contents.
   */
  private void recover(SortedMap<String, Long> next) throws TufException, IOException {
    byte[] last = signer.lastSnapshot().orElse(null);
    if (last == null || (timestamp != null && Arrays.equals(last, currentSnapshot()))) {
      return;
    }
    Role.Snapshot signed = RoleReader.snapshot(last, MAX_SNAPSHOT).role();
    Set<String> there = new HashSet<>(files.names());
    SortedMap<Long, List<String>> empty = new TreeMap<>();
    for (Map.Entry<String, Role.MetaFile> file : signed.files().entrySet()) {
      long version = file.getValue().version();
      if (version <= next.getOrDefault(file.getKey(), 0L)) {
        continue;
      }
      String role = file.getKey().substring(0, file.getKey().length() - JSON.length());
      if (there.contains(version + "." + file.getKey())) {
        next.put(file.getKey(), version);
      } else if (HashBin.isName(role)) {
        Map<String, Role.TargetFile> held =
            versions.containsKey(file.getKey()) ? targets(role).targets() : Map.of();
        long anew = HashBin.next(version, held.isEmpty());
        if (held.isEmpty()) {
          empty.computeIfAbsent(anew, v -> new ArrayList<>()).add(anew + "." + file.getKey());
        } else {
          files.write(anew + "." + file.getKey(), signer.bin(role, anew, held));
        }
        next.put(file.getKey(), anew);
      } else if (role.equals(RegistryRole.ADVISORIES.id())) {
        writeAdvisories(version + 1, Map.of(), next);
      } else {
        throw new TufException(
            Code.METADATA_REFUSED,
            "the signer knows version " + version + " of " + role + ", whose file is missing");
      }
    }
    writeEmpty(empty);
    // Whatever it holds, it is not the snapshot that was signed last.
    snapshotExpires = Instant.EPOCH;
    versions = new TreeMap<>(next);
  }

  /**
   * Signs all online roles anew, whatever their age: after a rotation of their keys, which may come
   * before anything was signed with them.
   *
   * @param offline version of each offline metadata file that is to be current
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if a file cannot be written or the signer gives no answer
   */
  public void signAnew(Map<String, Long> offline) throws TufException, IOException {
    load();
    SortedMap<String, Long> next = new TreeMap<>(versions);
    recover(next);
    next.putAll(offline);
    bins(next, true);
    long version = next.getOrDefault(RegistryRole.ADVISORIES.file(), 0L) + 1;
    Map<String, Role.TargetFile> advisories =
        version == 1 ? Map.of() : targets(RegistryRole.ADVISORIES.id()).targets();
    writeAdvisories(version, advisories, next);
    commit(next);
  }

  /**
   * Names index documents as targets.
   *
   * @param documents target path to file
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if a file cannot be written or the signer gives no answer
   */
  public void publish(Map<String, Role.TargetFile> documents) throws TufException, IOException {
    load();
    SortedMap<String, SortedMap<String, Role.TargetFile>> byBin = new TreeMap<>();
    documents.forEach(
        (path, file) ->
            byBin.computeIfAbsent(HashBin.of(path), bin -> new TreeMap<>()).put(path, file));
    SortedMap<String, Long> next = new TreeMap<>(versions);
    for (Map.Entry<String, SortedMap<String, Role.TargetFile>> entry : byBin.entrySet()) {
      String bin = entry.getKey();
      Role.Targets current = targets(bin);
      Map<String, Role.TargetFile> merged = new TreeMap<>(current.targets());
      merged.putAll(entry.getValue());
      if (!merged.equals(new TreeMap<>(current.targets()))) {
        long version = HashBin.next(current.version(), merged.isEmpty());
        files.write(version + "." + bin + JSON, signer.bin(bin, version, merged));
        next.put(bin + JSON, version);
      }
    }
    if (!next.equals(versions)) {
      commit(next);
    }
  }

  /**
   * Replaces what the advisories role says.
   *
   * @param targets target path to file
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if a file cannot be written or the signer gives no answer
   */
  public void advisories(Map<String, Role.TargetFile> targets) throws TufException, IOException {
    load();
    Role.Targets current = targets(RegistryRole.ADVISORIES.id());
    if (!current.targets().equals(new LinkedHashMap<>(targets))) {
      SortedMap<String, Long> next = new TreeMap<>(versions);
      writeAdvisories(current.version() + 1, targets, next);
      commit(next);
    }
  }

  /**
   * Deletes files that no metadata in force can name any more: superseded for longer than a
   * timestamp lives, and once more for good measure. Roots stay for ever.
   *
   * @return how many were deleted
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or deleted
   */
  public int prune() throws TufException, IOException {
    load();
    SortedMap<String, SortedMap<Long, String>> all = new TreeMap<>();
    for (String name : files.names()) {
      int dot = name.indexOf('.');
      String role = name.substring(dot + 1);
      boolean numbered =
          dot > 0 && dot <= MAX_DIGITS && name.chars().limit(dot).allMatch(Character::isDigit);
      if (numbered && !role.equals(RegistryRole.ROOT.file())) {
        all.computeIfAbsent(role, r -> new TreeMap<>())
            .put(Long.valueOf(name.substring(0, dot)), name);
      }
    }
    Instant limit = clock.instant().minus(RegistryRole.TIMESTAMP.life().multipliedBy(2));
    int deleted = 0;
    for (Map.Entry<String, SortedMap<Long, String>> role : all.entrySet()) {
      Long current =
          role.getKey().equals(RegistryRole.SNAPSHOT.file())
              ? role.getValue().lastKey()
              : versions.get(role.getKey());
      if (current == null || role.getValue().size() < 2) {
        continue;
      }
      String former = null;
      for (Map.Entry<Long, String> file : role.getValue().entrySet()) {
        Instant written = files.written(file.getValue()).orElse(Instant.MAX);
        if (former != null && file.getKey() <= current && written.isBefore(limit)) {
          files.delete(former);
          deleted++;
        }
        former = file.getValue();
      }
    }
    return deleted;
  }

  /** The versions that the current snapshot names, by file name. */
  public SortedMap<String, Long> versions() throws TufException, IOException {
    load();
    return new TreeMap<>(versions);
  }

  /** Reads what is served, unless it is what was read or written last. */
  private void load() throws TufException, IOException {
    byte[] served = files.read(RegistryRole.TIMESTAMP.file()).orElse(null);
    if (served == null || Arrays.equals(served, timestamp)) {
      return;
    }
    Role.Timestamp role = RoleReader.timestamp(served).role();
    byte[] document = read(role.snapshot().version() + ".snapshot.json");
    Role.Snapshot snapshot = RoleReader.snapshot(document, MAX_SNAPSHOT).role();
    SortedMap<String, Long> named = new TreeMap<>();
    snapshot.files().forEach((name, file) -> named.put(name, file.version()));
    timestamp = served;
    versions = named;
    snapshotExpires = snapshot.expires();
    timestampExpires = role.expires();
  }

  private void bins(SortedMap<String, Long> next, boolean all) throws TufException, IOException {
    if (next.keySet().stream().noneMatch(file -> file.startsWith(HashBin.PREFIX + '-'))) {
      makeBins(next);
    } else {
      renewBins(next, all);
    }
  }

  private void makeBins(SortedMap<String, Long> next) throws TufException, IOException {
    List<String> names = HashBin.names();
    files.writeSame(names.stream().map(bin -> "1." + bin + JSON).toList(), signer.emptyBin(1));
    names.forEach(bin -> next.put(bin + JSON, 1L));
  }

  /** Bins whose life is half over, or all; those without targets share one signature a version. */
  private void renewBins(SortedMap<String, Long> next, boolean all)
      throws TufException, IOException {
    Instant now = clock.instant();
    SortedMap<Long, List<String>> empty = new TreeMap<>();
    for (String bin : HashBin.names()) {
      Role.Targets role = targets(bin);
      if (!all && !isHalfOver(role.expires(), RegistryRole.BIN, now)) {
        continue;
      }
      long version = HashBin.next(role.version(), role.targets().isEmpty());
      next.put(bin + JSON, version);
      if (role.targets().isEmpty()) {
        empty.computeIfAbsent(version, v -> new ArrayList<>()).add(version + "." + bin + JSON);
      } else {
        files.write(version + "." + bin + JSON, signer.bin(bin, version, role.targets()));
      }
    }
    writeEmpty(empty);
  }

  private void writeEmpty(SortedMap<Long, List<String>> byVersion)
      throws TufException, IOException {
    for (Map.Entry<Long, List<String>> group : byVersion.entrySet()) {
      files.writeSame(group.getValue(), signer.emptyBin(group.getKey()));
    }
  }

  private void renewAdvisories(SortedMap<String, Long> next) throws TufException, IOException {
    Long version = versions.get(RegistryRole.ADVISORIES.file());
    if (version == null) {
      writeAdvisories(1, Map.of(), next);
      return;
    }
    Role.Targets role = targets(RegistryRole.ADVISORIES.id());
    if (isHalfOver(role.expires(), RegistryRole.ADVISORIES, clock.instant())) {
      writeAdvisories(version + 1, role.targets(), next);
    }
  }

  private void writeAdvisories(
      long version, Map<String, Role.TargetFile> targets, SortedMap<String, Long> next)
      throws TufException, IOException {
    files.write(
        version + "." + RegistryRole.ADVISORIES.file(), signer.advisories(version, targets));
    next.put(RegistryRole.ADVISORIES.file(), version);
  }

  private void commit(SortedMap<String, Long> next) throws TufException, IOException {
    byte[] document = signer.snapshot(next);
    Role.Snapshot role = RoleReader.snapshot(document, MAX_SNAPSHOT).role();
    files.write(role.version() + ".snapshot.json", document);
    writeTimestamp(Digest.of(document));
    versions = next;
    snapshotExpires = role.expires();
  }

  private void writeTimestamp(Digest snapshot) throws TufException, IOException {
    byte[] document = signer.timestamp(snapshot);
    files.write(RegistryRole.TIMESTAMP.file(), document);
    timestamp = document;
    timestampExpires = RoleReader.timestamp(document).role().expires();
  }

  private byte[] currentSnapshot() throws TufException, IOException {
    byte[] served = Objects.requireNonNull(timestamp, "loaded before");
    return read(RoleReader.timestamp(served).role().snapshot().version() + ".snapshot.json");
  }

  private Role.Targets targets(String role) throws TufException, IOException {
    Long version = versions.get(role + JSON);
    if (version == null) {
      throw new TufException(Code.METADATA_REFUSED, "the snapshot does not name " + role);
    }
    return RoleReader.targets(read(version + "." + role + JSON)).role();
  }

  private byte[] read(String name) throws TufException, IOException {
    return files
        .read(name)
        .orElseThrow(
            () -> new TufException(Code.METADATA_REFUSED, "the file " + name + " is missing"));
  }

  private static boolean isHalfOver(Instant expires, RegistryRole role, Instant now) {
    return !now.isBefore(expires.minus(role.life().dividedBy(2)));
  }
}
