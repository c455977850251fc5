package dev.raya.cli.pm.kit;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpBlobSource;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.toolchain.bundle.ToolchainException;
import dev.raya.toolchain.bundle.ToolchainFile;
import dev.raya.toolchain.bundle.ToolchainManifest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a kit of a lockfile consists of. The cache keeps packages unpacked; packing them
 * again gives the published bytes wherever they were packed with the same compressor, and where it
 * does not they are fetched, so that a kit holds exactly what the registry would give.
 */
public final class KitContents {
  private final Session session;
  private final Lockfile lockfile;
  private final Path work;
  private final SortedMap<String, Content> files = new TreeMap<>();
  private final List<PackageClaim> elsewhere = new ArrayList<>();

  private KitContents(Session session, Lockfile lockfile, Path work) {
    this.session = session;
    this.lockfile = lockfile;
    this.work = work;
  }

  /**
   * The files of a kit by their path in it.
   *
   * @param lockfile whose entries the cache holds
   * @param work an empty folder for archives; the contents lie there
   * @param toolchain a toolchain's folder to take along, or null
   * @throws CommandException if an entry is missing or damaged, or must be fetched and cannot
   * @throws IOException if something cannot be read or written
   * @throws InterruptedException if the thread was interrupted
   */
  public static SortedMap<String, Content> gather(
      Session session, Lockfile lockfile, Path work, @Nullable Path toolchain)
      throws CommandException, IOException, InterruptedException {
    Kit.requirePublished(lockfile);
    KitContents contents = new KitContents(session, lockfile, work);
    contents.packages();
    contents.libraries();
    Digest toolchainDigest = toolchain == null ? null : contents.toolchain(toolchain);
    contents.files.put(KitLayout.LOCKFILE, Content.of(LockfileCodec.write(lockfile)));
    contents.files.put(
        KitLayout.HEAD, Content.of(new KitHead(contents.registries(), toolchainDigest).bytes()));
    return contents.files;
  }

  private void packages() throws CommandException, IOException, InterruptedException {
    List<PackageClaim> claims = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      PackageClaim.of(locked).ifPresent(claims::add);
    }
    try (Progress progress =
        session.console().progress("packing", claims.size(), Progress.Unit.ITEMS)) {
      for (PackageClaim claim : claims) {
        pack(claim);
        progress.advance(1);
      }
    }
    if (!elsewhere.isEmpty()) {
      fetch();
    }
  }

  private void pack(PackageClaim claim) throws CommandException, IOException {
    CacheEntry entry =
        session
            .cache()
            .get(claim.checksum())
            .orElseThrow(
                () ->
                    new CommandException(
                        "RAYA-NET-003",
                        "the cache lacks " + claim.label(),
                        "run `raya-pm install` first"));
    Path archive = work.resolve(claim.checksum().hex());
    ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, unpacked(entry), archive);
    if (!facts.tree().equals(claim.tree())) {
      session.cache().verify(entry);
    }
    if (facts.checksum().equals(claim.checksum())) {
      files.put(KitLayout.archive(claim), Content.of(archive));
    } else {
      elsewhere.add(claim);
    }
    Optional<byte[]> proof = session.cache().proof(entry);
    if (proof.isPresent()) {
      files.put(KitLayout.proof(claim), Content.of(proof.get()));
    }
  }

  private static Map<String, Content> unpacked(CacheEntry entry) throws IOException {
    Map<String, Content> files = new TreeMap<>();
    Files.walkFileTree(
        entry.folder(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = entry.folder().relativize(file).toString().replace('\\', '/');
            if (!path.equals(CacheEntry.FILE) && !path.equals("proof.json")) {
              files.put(path, Content.of(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** Archives that another compressor made. */
  private void fetch() throws CommandException, IOException, InterruptedException {
    if (session.settings().offline()) {
      List<String> names = new ArrayList<>();
      for (PackageClaim claim : elsewhere) {
        names.add(claim.label());
      }
      throw new CommandException(
          "RAYA-NET-003",
          "offline, and the published archives of "
              + String.join(", ", names)
              + " cannot be made from the cache: another version of the compressor made them",
          "run this once without --offline");
    }
    HttpBlobSource blobs =
        new HttpBlobSource(
            session.registry(), work, ArchiveKind.PACKAGE.maxPacked(), Runnable::run);
    for (PackageClaim claim : elsewhere) {
      files.put(
          KitLayout.archive(claim),
          Content.of(
              blobs.fetchAsItLies(claim.checksum(), claim.label(), claim.size(), arrived -> {})));
    }
  }

  /** The native libraries that are here; a machine fetches only those of its own target. */
  private void libraries() throws IOException {
    for (LockedPackage locked : lockfile.packages()) {
      for (Map<String, Digest> targets : locked.natives().values()) {
        for (Digest checksum : new TreeSet<>(targets.values())) {
          Optional<CacheEntry> entry = session.cache().get(checksum);
          if (entry.isPresent()) {
            session.cache().verify(entry.get());
            library(entry.get());
          }
        }
      }
    }
  }

  private void library(CacheEntry entry) throws IOException {
    try (Stream<Path> children = Files.list(entry.folder())) {
      for (Path child : children.sorted().toList()) {
        String name = String.valueOf(child.getFileName());
        if (!name.equals(CacheEntry.FILE)) {
          files.put(KitLayout.library(entry.checksum()) + name, Content.of(child));
        }
      }
    }
  }

  private List<KitHead.Registry> registries()
      throws CommandException, IOException, InterruptedException {
    SortedMap<String, KitHead.Registry> registries = new TreeMap<>();
    for (LockedPackage locked : lockfile.packages()) {
      Optional<PackageClaim> claim = PackageClaim.of(locked);
      if (claim.isEmpty() || registries.containsKey(claim.get().origin())) {
        continue;
      }
      Optional<KnownRegistries.Known> known = session.known().byOrigin(claim.get().origin());
      if (known.isPresent()) {
        Path root = session.known().folder(known.get()).resolve("tuf").resolve("1.root.json");
        if (Files.isRegularFile(root, LinkOption.NOFOLLOW_LINKS)) {
          files.put(KitLayout.root(known.get().root()), Content.of(root));
          registries.put(
              known.get().origin(), new KitHead.Registry(known.get().origin(), known.get().root()));
          new KitState(session, known.get()).gather(names(known.get().origin()), work, files);
        }
      }
    }
    return List.copyOf(registries.values());
  }

  private Set<PackageName> names(String origin) {
    Set<PackageName> names = new TreeSet<>();
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.source() instanceof LockSource.Registry(String from) && from.equals(origin)) {
        names.add(locked.name());
      }
    }
    return names;
  }

  /** The files that {@code toolchain.json} names; the digest of that document. */
  private Digest toolchain(Path home) throws CommandException, IOException {
    byte[] document = Files.readAllBytes(home.resolve(ToolchainManifest.FILE));
    try {
      ToolchainManifest manifest = ToolchainManifest.read(document);
      for (ToolchainFile file : manifest.files()) {
        Path from = home.resolve(file.path());
        if (!Digest.ofFile(from).equals(file.digest())) {
          throw new CommandException(
              "RAYA-TC-003",
              "the toolchain in " + home + " is not what its toolchain.json says: " + file.path(),
              "export from an unchanged toolchain");
        }
        files.put(KitLayout.TOOLCHAIN + file.path(), Content.of(from));
      }
    } catch (ToolchainException malformed) {
      throw new CommandException("RAYA-TC-003", String.valueOf(malformed.getMessage()));
    }
    files.put(KitLayout.TOOLCHAIN + ToolchainManifest.FILE, Content.of(document));
    return Digest.of(document);
  }
}
