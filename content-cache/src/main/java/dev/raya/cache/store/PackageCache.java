package dev.raya.cache.store;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveFolder;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.archive.TreeDigest;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The entries under {@code ~/.raya/cache}.
 *
 * <p>An entry is made in {@code tmp/}, checked, forced to disk and appears by one atomic rename:
 * any number of processes may put the same one at once, and a kill at any instant leaves the whole
 * entry or nothing but a leftover in {@code tmp/}, which {@link #sweep} removes. Thread-safe; holds
 * no state.
 *
 * <p>Entries are looked up without being re-hashed: programs verify bytecode when they load it, and
 * {@link #verify} is for those who ask.
 */
public final class PackageCache {
  /** Largest {@code proof.json}, in bytes: several registries with 8 attestations each. */
  public static final int MAX_PROOF = 16 << 20;

  private static final Duration TOUCH_EVERY = Duration.ofDays(1);

  /** The proof's name in an entry's folder. */
  public static final String PROOF = "proof.json";

  private static final int MAX_ENTRY = 64 << 10;
  private static final int COPY_BUFFER = 1 << 16;

  /** Files of the cache's own, which are not part of an entry's tree. */
  private static final Set<String> OWN = Set.of(CacheEntry.FILE, PROOF);

  private static final FileAttribute<Set<PosixFilePermission>> OPEN_TO_READERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  private static final AtomicLong PUTS = new AtomicLong();

  private final RayaHome home;

  /** Takes the home folder; {@link RayaHome#prepare} must have run before something is put. */
  public PackageCache(RayaHome home) {
    this.home = home;
  }

  /** Where the entry of that checksum lies, or would lie. */
  public Path folder(Digest checksum) {
    return home.cache().resolve(checksum.hex());
  }

  /**
   * The entry of that checksum, or empty if it is not there or no entry at all.
   *
   * @throws CacheException.UnsafeHome if a link lies where the entry or its record should be
   * @throws IOException if it cannot be read
   */
  public Optional<CacheEntry> get(Digest checksum) throws IOException {
    Path folder = folder(checksum);
    Path file = folder.resolve(CacheEntry.FILE);
    refuseLink(folder);
    refuseLink(file);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      CacheEntry entry =
          CacheEntry.fromJson(folder, JsonReader.read(BoundedFiles.read(file, MAX_ENTRY)));
      return entry.checksum().equals(checksum) ? Optional.of(entry) : Optional.empty();
    } catch (NoSuchFileException | JsonException e) {
      return Optional.empty(); // moved out meanwhile, or no record: then it is no entry
    }
  }

  /**
   * Puts a package. The bytes are hashed before anything is unpacked. If the entry is there
   * already, it stays and is returned; the stream is then not read.
   *
   * @param archive the compressed bytes, which nobody vouches for; left open
   * @param expected name, version, digests and size it must have
   * @param source where it comes from, spelled as in the lockfile
   * @throws CacheException.Mismatch if it is not what was expected
   * @throws dev.raya.cache.archive.ArchiveException if the archive breaks a rule
   * @throws IOException if reading or writing fails; nothing is left in the cache
   */
  public CacheEntry put(InputStream archive, ExpectedPackage expected, String source)
      throws IOException {
    Optional<CacheEntry> present = get(expected.facts().checksum());
    if (present.isPresent()) {
      return present.get();
    }
    ArchiveFacts wanted = expected.facts();
    Path work = Files.createTempDirectory(home.tmp(), "put-");
    try {
      Path spool = work.resolve("archive");
      spool(
          archive,
          spool,
          Math.min(wanted.size(), ArchiveKind.PACKAGE.maxPacked()),
          wanted,
          "archive");
      Path unpacked = Files.createDirectory(work.resolve("entry"));
      ArchiveFolder folder = new ArchiveFolder(unpacked, true);
      PackageArchive found;
      try (InputStream in = Files.newInputStream(spool)) {
        found = PackageArchive.read(in, folder);
      }
      found.expect(expected.name(), expected.version());
      if (!found.facts().tree().equals(wanted.tree())) {
        throw new CacheException.Mismatch("tree", wanted.tree(), found.facts().tree());
      }
      return publish(
          unpacked,
          folder,
          new CacheEntry(
              folder(wanted.checksum()), wanted.checksum(), wanted.size(), wanted.tree(), source));
    } finally {
      Directories.delete(work);
    }
  }

  /**
   * Looks at a package that is unpacked and about to enter the cache.
   *
   * @param <X> how it refuses
   */
  @FunctionalInterface
  public interface Inspection<X extends Exception> {
    /**
     * Looks.
     *
     * @param archive what was read
     * @param module the bytes of {@code module.rbin}; not copied
     * @return the entry's {@code proof.json}
     * @throws X if the package is refused; nothing of it stays
     */
    byte[] look(PackageArchive archive, byte[] module) throws X;
  }

  /**
   * A package that was unpacked beside the cache, checked and inspected, and is no entry yet.
   * Closed without {@link #publish}, it leaves nothing.
   */
  public static final class Unpacked implements AutoCloseable {
    private final PackageCache cache;
    private final Path folder;
    private final CacheEntry entry;
    private long bytes;

    private Unpacked(PackageCache cache, Path folder, CacheEntry entry) {
      this.cache = cache;
      this.folder = folder;
      this.entry = entry;
    }

    /** How many bytes of the archive's files lie unpacked. */
    public long bytes() {
      return bytes;
    }

    /**
     * Lets the entry appear together with its proof, by one rename.
     *
     * @return the entry; that of another process if it was faster
     * @throws IOException if that fails; nothing is left in the cache
     */
    public CacheEntry publish() throws IOException {
      return cache.appear(folder, entry, false);
    }

    @Override
    public void close() throws IOException {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Directories.delete(folder);
      }
    }
  }

  /**
   * Puts a package that is held in memory and whose digest the caller has compared. Nothing is
   * forced to disk: after a power cut an entry may be cut off, which {@link #verify} finds
   * (docs/decisions/0121).
   *
   * @param archive the compressed bytes
   * @param expected name, version, digests and size it must have
   * @param source where it comes from, spelled as in the lockfile
   * @throws CacheException.Mismatch if it is not what was expected
   * @throws dev.raya.cache.archive.ArchiveException if the archive breaks a rule
   * @throws IOException if reading or writing fails; nothing is left in the cache
   * @throws X if the inspection refuses it
   */
  public <X extends Exception> CacheEntry put(
      byte[] archive, ExpectedPackage expected, String source, Inspection<X> inspection)
      throws IOException, X {
    try (Unpacked unpacked = unpack(archive, expected, source, inspection)) {
      return unpacked.publish();
    }
  }

  /**
   * Reads such a package once, unpacks it beside the cache and has it inspected, for a caller who
   * does not know yet whether it is to be an entry.
   *
   * @param archive the compressed bytes
   * @param expected name, version, digests and size it must have
   * @param source where it comes from, spelled as in the lockfile
   * @return what is to be published, and closed in any case
   * @throws CacheException.Mismatch if it is not what was expected
   * @throws dev.raya.cache.archive.ArchiveException if the archive breaks a rule
   * @throws IOException if reading or writing fails; nothing is left
   * @throws X if the inspection refuses it
   */
  public <X extends Exception> Unpacked unpack(
      byte[] archive, ExpectedPackage expected, String source, Inspection<X> inspection)
      throws IOException, X {
    ArchiveFacts wanted = expected.facts();
    // A name that nobody else takes, without the platform's source of random numbers.
    String name = "put-" + ProcessHandle.current().pid() + '-' + PUTS.incrementAndGet();
    Path folder = home.tmp().resolve(name + '-' + System.nanoTime());
    if (home.tmp().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(folder, OPEN_TO_READERS);
    } else {
      Files.createDirectory(folder);
    }
    CacheEntry entry =
        new CacheEntry(
            folder(wanted.checksum()), wanted.checksum(), wanted.size(), wanted.tree(), source);
    Unpacked unpacked = new Unpacked(this, folder, entry);
    boolean good = false;
    try {
      ArchiveFolder files = new ArchiveFolder(folder, true, false);
      KeepingModule visitor = new KeepingModule(files);
      PackageArchive found = PackageArchive.read(archive, wanted.checksum(), visitor);
      found.expect(expected.name(), expected.version());
      if (!found.facts().tree().equals(wanted.tree())) {
        throw new CacheException.Mismatch("tree", wanted.tree(), found.facts().tree());
      }
      byte[] proof = inspection.look(found, visitor.module);
      files.file(PROOF, proof.length, new ByteArrayInputStream(proof));
      record(files, entry);
      unpacked.bytes = visitor.bytes;
      good = true;
      return unpacked;
    } finally {
      if (!good) {
        unpacked.close();
      }
    }
  }

  /** Hands everything on, counts it, and keeps the module's bytes; a package has one. */
  private static final class KeepingModule implements ArchiveVisitor {
    private final ArchiveVisitor next;
    private byte[] module = {};
    private long bytes;

    KeepingModule(ArchiveVisitor next) {
      this.next = next;
    }

    @Override
    public void directory(String path) throws IOException {
      next.directory(path);
    }

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
      bytes += size;
      if (!path.equals(PackageArchive.MODULE)) {
        next.file(path, size, content);
        return;
      }
      module = content.readAllBytes();
      next.file(path, module.length, new ByteArrayInputStream(module));
    }
  }

  /**
   * Puts a native library as an entry of its own.
   *
   * @param library its bytes; left open
   * @param checksum SHA-256 it must have
   * @param size count of bytes it must have
   * @param file its file name, such as {@code liblz4.so}: one plain component
   * @param source where it comes from, spelled as in the lockfile
   * @throws CacheException.Mismatch if it is not what was expected
   * @throws dev.raya.cache.archive.ArchiveException if the file name is refused
   * @throws IOException if reading or writing fails; nothing is left in the cache
   */
  public CacheEntry putLibrary(
      InputStream library, Digest checksum, long size, String file, String source)
      throws IOException {
    Optional<CacheEntry> present = get(checksum);
    if (present.isPresent()) {
      return present.get();
    }
    Path work = Files.createTempDirectory(home.tmp(), "put-");
    try {
      Path spool = work.resolve("library");
      TreeDigest tree = new TreeDigest();
      tree.add(file, size, checksum);
      ArchiveFacts wanted = new ArchiveFacts(checksum, size, tree.finish());
      spool(library, spool, size, wanted, "library");
      Path unpacked = Files.createDirectory(work.resolve("entry"));
      ArchiveFolder folder = new ArchiveFolder(unpacked, true);
      try (InputStream in = Files.newInputStream(spool)) {
        folder.checkedFile(file, size, in);
      }
      return publish(
          unpacked,
          folder,
          new CacheEntry(folder(checksum), checksum, size, wanted.tree(), source));
    } finally {
      Directories.delete(work);
    }
  }

  /**
   * Hashes an entry's files anew.
   *
   * @throws CacheException.Damaged if they are not what was put there; the entry has been moved to
   *     {@code tmp/damaged/}, and the next install fetches it again
   * @throws IOException if it cannot be read or moved
   */
  public void verify(CacheEntry entry) throws IOException {
    Optional<String> fault = fault(entry);
    if (fault.isPresent()) {
      throw new CacheException.Damaged(
          entry.checksum(), fault.get(), moveOut(entry.folder(), entry.checksum()));
    }
  }

  /**
   * Hashes an entry's files anew and moves nothing.
   *
   * @return expected and found, or empty if they are what was put there
   * @throws IOException if it was moved out meanwhile
   */
  public Optional<String> fault(CacheEntry entry) throws IOException {
    try {
      Digest found = TreeDigest.ofFolder(entry.folder(), OWN);
      return found.equals(entry.tree())
          ? Optional.empty()
          : Optional.of("expected tree " + entry.tree() + ", found " + found);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The checksums of all entries, sorted; names that are no digest are passed over.
   *
   * @throws IOException if the folder cannot be read
   */
  public List<Digest> list() throws IOException {
    List<Digest> entries = new ArrayList<>();
    if (Files.isDirectory(home.cache(), LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> children = Files.list(home.cache())) {
        children
            .map(child -> String.valueOf(child.getFileName()))
            .filter(Digest::isHex)
            .sorted()
            .forEach(name -> entries.add(new Digest(name)));
      }
    }
    return List.copyOf(entries);
  }

  /**
   * Verifies every entry. A folder without a readable record counts as damaged and is moved out
   * too.
   *
   * @return one exception per entry that was moved out, in the order of checksums
   * @throws IOException if something cannot be read or moved
   */
  public List<CacheException.Damaged> verifyAll() throws IOException {
    List<CacheException.Damaged> damaged = new ArrayList<>();
    for (Digest checksum : list()) {
      Optional<CacheEntry> entry = get(checksum);
      try {
        if (entry.isPresent()) {
          verify(entry.get());
        } else if (Files.exists(folder(checksum), LinkOption.NOFOLLOW_LINKS)) {
          damaged.add(
              new CacheException.Damaged(
                  checksum,
                  "its " + CacheEntry.FILE + " is missing or malformed",
                  moveOut(folder(checksum), checksum)));
        }
      } catch (CacheException.Damaged e) {
        damaged.add(e);
      }
    }
    return List.copyOf(damaged);
  }

  /**
   * The entry's {@code proof.json}, unchecked, or empty if there is none.
   *
   * @throws IOException if it cannot be read or is larger than {@link #MAX_PROOF}
   */
  public Optional<byte[]> proof(CacheEntry entry) throws IOException {
    try {
      return Optional.of(BoundedFiles.read(entry.file(PROOF), MAX_PROOF));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes or replaces the entry's {@code proof.json} by one atomic rename.
   *
   * @throws IOException if it cannot be written; the former one then stays
   */
  public void putProof(CacheEntry entry, byte[] proof) throws IOException {
    if (proof.length > MAX_PROOF) {
      throw new IllegalArgumentException("a proof has at most " + MAX_PROOF + " bytes");
    }
    Path file = Files.createTempFile(home.tmp(), "proof-", ".json");
    try {
      writeForced(file, proof);
      Files.move(file, entry.file(PROOF), StandardCopyOption.ATOMIC_MOVE);
      Directories.force(entry.folder());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Removes leftovers in {@code tmp/}, entries moved out as damaged among them.
   *
   * @param clock the present
   * @param age only what was last written longer ago than this; must exceed the longest install
   * @return how many were removed
   * @throws IOException if the folder cannot be read or something not be removed
   */
  public int sweep(InstantSource clock, Duration age) throws IOException {
    Instant before = clock.instant().minus(age);
    Path damaged = home.tmp().resolve("damaged");
    int removed = sweep(home.tmp(), before, damaged);
    if (Files.isDirectory(damaged, LinkOption.NOFOLLOW_LINKS)) {
      removed += sweep(damaged, before, damaged);
    }
    return removed;
  }

  /**
   * Counts entries and bytes.
   *
   * @throws IOException if the cache cannot be read
   */
  public CacheStats stats() throws IOException {
    List<EntryUse> uses = uses();
    return new CacheStats(uses.size(), uses.stream().mapToLong(EntryUse::bytes).sum());
  }

  /**
   * Size and last use of every entry, sorted by checksum. A folder without a record counts by its
   * own time.
   *
   * @throws IOException if the cache cannot be read
   */
  public List<EntryUse> uses() throws IOException {
    List<EntryUse> uses = new ArrayList<>();
    for (Digest checksum : list()) {
      Path folder = folder(checksum);
      try {
        uses.add(new EntryUse(checksum, bytes(folder), lastUsed(folder)));
      } catch (NoSuchFileException gone) {
        continue; // moved out by another process meanwhile
      }
    }
    return List.copyOf(uses);
  }

  private static long bytes(Path folder) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE; // moved out by another process meanwhile
          }
        });
    return bytes[0];
  }

  private static Instant lastUsed(Path folder) throws IOException {
    Path record = folder.resolve(CacheEntry.FILE);
    Path dated = Files.exists(record, LinkOption.NOFOLLOW_LINKS) ? record : folder;
    return Files.getLastModifiedTime(dated, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  /**
   * Notes that an entry is used: the time of its record is its last use. Written at most once a day
   * and entry, so that using the cache hardly ever writes.
   *
   * @param clock the present
   */
  public void touch(CacheEntry entry, InstantSource clock) {
    Instant now = clock.instant();
    try {
      if (lastUsed(entry.folder()).isBefore(now.minus(TOUCH_EVERY))) {
        Files.setLastModifiedTime(entry.file(CacheEntry.FILE), FileTime.from(now));
      }
    } catch (IOException untouchable) {
      // A cache that cannot be written is used as it is; the entry only looks older than it is.
      return;
    }
  }

  private static int sweep(Path folder, Instant before, Path except) throws IOException {
    List<Path> children;
    try (Stream<Path> files = Files.list(folder)) {
      children = files.sorted().toList();
    }
    int removed = 0;
    for (Path child : children) {
      try {
        if (!child.equals(except)
            && Files.getLastModifiedTime(child, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(before)) {
          Directories.delete(child);
          removed++;
        }
      } catch (NoSuchFileException e) {
        continue; // its owner has just renamed or removed it
      }
    }
    return removed;
  }

  private CacheEntry publish(Path unpacked, ArchiveFolder folder, CacheEntry entry)
      throws IOException {
    record(folder, entry);
    return appear(unpacked, entry, true);
  }

  private static void record(ArchiveFolder folder, CacheEntry entry) throws IOException {
    byte[] record = entry.toJson();
    folder.file(CacheEntry.FILE, record.length, new ByteArrayInputStream(record));
    folder.force();
  }

  /** Renames a folder into place; another process may have been faster. */
  private CacheEntry appear(Path unpacked, CacheEntry entry, boolean forced) throws IOException {
    while (true) {
      try {
        Files.move(unpacked, entry.folder(), StandardCopyOption.ATOMIC_MOVE);
        if (forced) {
          Directories.force(home.cache());
        }
        return entry;
      } catch (FileSystemException e) {
        if (!isOccupied(e)) {
          throw e;
        }
        Optional<CacheEntry> other = get(entry.checksum());
        if (other.isPresent()) {
          return other.get();
        }
        moveOut(entry.folder(), entry.checksum());
      }
    }
  }

  /** Whether a rename failed because something lies at the target; the JDK has no type for that. */
  private static boolean isOccupied(FileSystemException e) {
    return e instanceof DirectoryNotEmptyException
        || e instanceof FileAlreadyExistsException
        || (e.getOtherFile() != null
            && Files.exists(Path.of(e.getOtherFile()), LinkOption.NOFOLLOW_LINKS));
  }

  private Path moveOut(Path folder, Digest checksum) throws IOException {
    Path damaged = RayaHome.makePrivate(home.tmp().resolve("damaged"));
    Path holder = Files.createTempDirectory(damaged, checksum.hex().substring(0, 16) + "-");
    Path target = holder.resolve(checksum.hex());
    try {
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      Files.delete(holder); // another process moved it out first
    }
    return target;
  }

  private static void spool(InputStream in, Path file, long limit, ArchiveFacts wanted, String what)
      throws IOException {
    long rest = limit;
    byte[] buffer = new byte[COPY_BUFFER];
    try (DigestOutputStream out =
        new DigestOutputStream(Files.newOutputStream(file), Digest.sha256())) {
      int n;
      while (rest > 0 && (n = in.read(buffer, 0, (int) Math.min(buffer.length, rest))) >= 0) {
        out.write(buffer, 0, n);
        rest -= n;
      }
      // One byte past the size is enough to tell that the digest is another one.
      int more = rest == 0 ? in.read() : -1;
      if (more >= 0) {
        out.write(more);
      }
      Digest found = Digest.finish(out.getMessageDigest());
      if (!found.equals(wanted.checksum())) {
        throw new CacheException.Mismatch(what, wanted.checksum(), found);
      }
    }
    if (limit - rest != wanted.size()) {
      throw new IOException(
          what + ": expected " + wanted.size() + " bytes, found " + (limit - rest));
    }
  }

  private static void writeForced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      new ByteArrayInputStream(bytes).transferTo(out);
      channel.force(true);
    }
  }

  private static void refuseLink(Path path) throws CacheException.UnsafeHome {
    if (Files.isSymbolicLink(path)) {
      throw new CacheException.UnsafeHome(path, "is a symbolic link");
    }
  }
}
