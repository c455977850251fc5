package dev.raya.cli.pm.fetch;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.ExpectedPackage;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.trust.Evidence;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.PackageContent;
import dev.raya.cli.pm.trust.TrustPolicy;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.ProofFile;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Brings packages of a registry into the cache. The log's records and the attestations come in one
 * batch, archives in parallel; each is verified while others still arrive, on at most as many
 * threads as there are jobs. Nothing enters the cache before digest, statement, publisher and
 * content have been checked.
 */
public final class PackageFetcher {
  /** Larger archives go through a file. */
  private static final int IN_MEMORY = 1 << 20;

  private static final int MEMORY_UNIT = 4 << 10;

  /** Archives held at once: 24 MiB. */
  private static final int MEMORY_UNITS = 6 << 10;

  /** Bytes that lie unpacked at most before it is known what is needed: 1 GiB. */
  private static final long UNPACKED_AHEAD = 1L << 30;

  private final Session session;
  private final Registry registry;
  private final Map<PackageName, IndexDocument> documents;
  private final AheadOfNeed disk;
  private final @Nullable Future<Set<PackageClaim>> needed;
  private Map<String, Evidence> staged = Map.of();
  private final Semaphore verifying;
  private final Semaphore memory = new Semaphore(MEMORY_UNITS, true);
  private final Map<Digest, PackageMetadata> read = new ConcurrentHashMap<>();

  /**
   * Fetches from a registry.
   *
   * @param documents index documents that are held, for who may publish and what metadata says
   */
  public PackageFetcher(
      Session session, Registry registry, Map<PackageName, IndexDocument> documents) {
    this(session, registry, documents, null);
  }

  /**
   * Fetches from a registry what may turn out to be needed: it is read, checked and unpacked ahead,
   * and enters the cache when it is known that it is.
   *
   * @param documents index documents that are held, for who may publish and what metadata says
   * @param needed what is, once it is known
   */
  public PackageFetcher(
      Session session,
      Registry registry,
      Map<PackageName, IndexDocument> documents,
      @Nullable Future<Set<PackageClaim>> needed) {
    this(session, registry, documents, needed, UNPACKED_AHEAD);
  }

  /** The same with another bound on what lies unpacked ahead, in bytes. */
  PackageFetcher(
      Session session,
      Registry registry,
      Map<PackageName, IndexDocument> documents,
      @Nullable Future<Set<PackageClaim>> needed,
      long unpackedAhead) {
    this.disk = new AheadOfNeed(unpackedAhead);
    this.needed = needed;
    this.session = session;
    this.registry = registry;
    this.documents = new LinkedHashMap<>(documents);
    this.verifying = new Semaphore(session.settings().network().jobs());
  }

  /**
   * Takes staged releases too.
   *
   * @param releases what their registry shows for each, by id
   */
  public PackageFetcher withStaged(Map<String, Evidence> releases) {
    staged = Map.copyOf(releases);
    return this;
  }

  /**
   * Fetches packages, and proofs for entries that have none.
   *
   * @param packages what the cache lacks an entry or a proof of, in any order
   * @throws CommandException the first failure in the order given; what was complete by then stays
   * @throws InterruptedException if the thread was interrupted
   */
  public void fetch(List<PackageClaim> packages) throws CommandException, InterruptedException {
    if (packages.isEmpty()) {
      return;
    }
    Map<Long, String> logs = new LinkedHashMap<>();
    long bytes = 0;
    for (PackageClaim claim : packages) {
      if (!claim.isStaged()) {
        logs.put(claim.log(), claim.label());
      }
      bytes += claim.size();
    }
    Console console = session.console();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Progress progress = console.progress("fetching", bytes, Progress.Unit.BYTES)) {
      HttpBlobSource blobs =
          new HttpBlobSource(
              registry, session.home().tmp(), ArchiveKind.PACKAGE.maxPacked(), threads);
      Future<Map<Long, Evidence>> evidence = threads.submit(() -> evidence(logs));
      List<Future<?>> pending = new ArrayList<>();
      for (PackageClaim claim : packages) {
        pending.add(
            threads.submit(
                () -> {
                  one(claim, blobs, evidence, progress);
                  return null;
                }));
      }
      try {
        await(evidence, pending);
      } catch (InterruptedException over) {
        // Closing waits for the threads, and nobody wants any more what they fetch.
        threads.shutdownNow();
        throw over;
      }
    }
  }

  /**
   * The {@code metadata.json} of the packages that {@link #fetch} has put into the cache, by their
   * checksum, so that it need not be read again.
   */
  public Map<Digest, PackageMetadata> metadata() {
    return Map.copyOf(read);
  }

  /** Records and attestations; a proof that the batch lacks is made from the log's own files. */
  private Map<Long, Evidence> evidence(Map<Long, String> logs)
      throws CommandException, InterruptedException {
    if (logs.isEmpty()) {
      return Map.of();
    }
    Map<Long, Evidence> all = Batch.evidence(registry, session.metadata(registry), logs);
    for (Map.Entry<Long, Evidence> each : all.entrySet()) {
      Evidence shown = each.getValue();
      if (shown.proof() == null) {
        String proof = session.log(registry).prove(each.getKey());
        each.setValue(new Evidence(shown.leaf(), proof, shown.attestations()));
      }
    }
    return all;
  }

  private static void await(Future<?> evidence, List<Future<?>> pending)
      throws CommandException, InterruptedException {
    CommandException failure = null;
    List<Future<?>> all = new ArrayList<>();
    all.add(evidence);
    all.addAll(pending);
    for (Future<?> each : all) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        if (failure == null) {
          failure = cause(failed);
          // The others would only spend time on what is lost already.
          for (Future<?> other : all) {
            other.cancel(true);
          }
        }
      } catch (CancellationException afterAFailure) {
        assert failure != null : "nothing is cancelled before a failure";
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static CommandException cause(ExecutionException failed) throws InterruptedException {
    return switch (failed.getCause()) {
      case CommandException known -> known;
      case IOException io -> Failure.of(io);
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException fault -> throw fault;
      case Error fault -> throw fault;
      case null, default -> throw new IllegalStateException(failed);
    };
  }

  private void one(
      PackageClaim claim,
      HttpBlobSource blobs,
      Future<Map<Long, Evidence>> evidence,
      Progress progress)
      throws CommandException, IOException, InterruptedException {
    Optional<CacheEntry> present = session.cache().get(claim.checksum());
    if (present.isPresent()) {
      progress.advance(claim.size());
      if (!isNeeded(claim)) {
        return;
      }
      accept(claim, evidence);
      prove(present.get(), evidence(claim, evidence));
      return;
    }
    if (claim.size() <= IN_MEMORY) {
      small(claim, blobs, evidence, progress);
    } else {
      large(claim, blobs, evidence, progress);
    }
  }

  /**
   * Most packages: read into memory, checked and unpacked in one go. What may not be needed is
   * unpacked too, and becomes an entry once it is known to be.
   */
  private void small(
      PackageClaim claim,
      HttpBlobSource blobs,
      Future<Map<Long, Evidence>> evidence,
      Progress progress)
      throws CommandException, IOException, InterruptedException {
    Checked checked;
    try {
      checked = ahead(claim, blobs, evidence, progress);
    } catch (CommandException | IOException refused) {
      // What is wrong with a wrong guess concerns nobody; until that is known, others go on.
      if (!isNeeded(claim)) {
        return;
      }
      throw refused;
    }
    if (checked == null) {
      return;
    }
    try (PackageCache.Unpacked unpacked = checked.unpacked()) {
      if (!isNeeded(claim)) {
        return;
      }
      unpacked.publish();
      read.put(claim.checksum(), checked.metadata());
    }
  }

  /**
   * Holds an archive in memory while it is read, checked and unpacked.
   *
   * @return nothing if it waited for memory or disk until it was known to be a wrong guess
   */
  private @Nullable Checked ahead(
      PackageClaim claim,
      HttpBlobSource blobs,
      Future<Map<Long, Evidence>> evidence,
      Progress progress)
      throws CommandException, IOException, InterruptedException {
    int size = (int) claim.size();
    int share = 1 + size / MEMORY_UNIT;
    memory.acquire(share);
    try {
      if (needed != null && needed.isDone() && !isNeeded(claim)) {
        return null;
      }
      byte[] archive = blobs.bytes(claim.checksum(), claim.label(), size, progress::advance);
      return bounded(claim, archive, evidence(claim, evidence));
    } finally {
      memory.release(share);
    }
  }

  /**
   * Unpacks as far ahead as the disk's bound allows, and the rest once it is known to be needed.
   *
   * @return nothing if it waited until it was known to be a wrong guess
   */
  private @Nullable Checked bounded(PackageClaim claim, byte[] archive, Evidence proven)
      throws CommandException, IOException, InterruptedException {
    long reserved =
        needed == null || needed.isDone() ? 0 : ArchiveKind.PACKAGE.maxUnpacked(archive.length);
    verifying.acquire();
    if (!disk.reserve(reserved)) {
      verifying.release();
      if (!isNeeded(claim)) {
        return null;
      }
      reserved = 0;
      verifying.acquire();
    }
    long used = 0;
    try {
      Checked checked = unpacked(claim, archive, proven);
      used = Math.min(reserved, checked.unpacked().bytes());
      return checked;
    } finally {
      disk.giveBack(reserved - used);
      verifying.release();
    }
  }

  /**
   * A package that may become an entry.
   *
   * @param metadata its metadata.json
   */
  private record Checked(PackageCache.Unpacked unpacked, PackageMetadata metadata) {}

  private Checked unpacked(PackageClaim claim, byte[] archive, Evidence proven)
      throws CommandException, IOException, InterruptedException {
    IndexDocument document = documents.get(claim.name());
    session.trust().accept(claim, document, proven, session.log(registry));
    PackageMetadata[] metadata = new PackageMetadata[1];
    PackageCache.Unpacked unpacked =
        session
            .cache()
            .unpack(
                archive,
                expected(claim),
                "registry+" + claim.origin(),
                (archived, module) -> {
                  metadata[0] = content(claim, archived, module, session.trust(), document);
                  return proof(registry, proven, Optional.empty());
                });
    return new Checked(unpacked, metadata[0]);
  }

  private void large(
      PackageClaim claim,
      HttpBlobSource blobs,
      Future<Map<Long, Evidence>> evidence,
      Progress progress)
      throws CommandException, IOException, InterruptedException {
    if (!isNeeded(claim)) {
      return;
    }
    Path archive = blobs.fetch(claim.checksum(), claim.label(), claim.size(), progress::advance);
    try {
      accept(claim, evidence);
      verifying.acquire();
      try {
        put(claim, archive, evidence(claim, evidence));
      } finally {
        verifying.release();
      }
    } finally {
      HttpBlobSource.delete(archive);
    }
  }

  private boolean isNeeded(PackageClaim claim) throws InterruptedException {
    try {
      return needed == null || needed.get().contains(claim);
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  private void accept(PackageClaim claim, Future<Map<Long, Evidence>> evidence)
      throws CommandException, InterruptedException {
    session
        .trust()
        .accept(
            claim, documents.get(claim.name()), evidence(claim, evidence), session.log(registry));
  }

  private Evidence evidence(PackageClaim claim, Future<Map<Long, Evidence>> pending)
      throws CommandException, InterruptedException {
    String stage = claim.stage();
    Evidence shown = stage == null ? null : staged.get(stage);
    if (shown != null) {
      return shown;
    }
    Evidence evidence;
    try {
      evidence = pending.get().get(claim.log());
    } catch (ExecutionException failed) {
      throw cause(failed);
    }
    if (evidence == null) {
      throw new CommandException(
          "RAYA-SEC-005",
          "the registry has no record "
              + claim.log()
              + " in its log, which is to be that of "
              + claim.label());
    }
    return evidence;
  }

  private void put(PackageClaim claim, Path archive, Evidence evidence)
      throws CommandException, IOException {
    check(claim, archive, session.trust(), documents.get(claim.name()));
    CacheEntry entry = putArchive(session.cache(), claim, archive);
    prove(entry, evidence);
  }

  /**
   * Puts an archive that was checked into the cache.
   *
   * @throws IOException if it is refused or cannot be written
   */
  public static CacheEntry putArchive(PackageCache cache, PackageClaim claim, Path archive)
      throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return cache.put(in, expected(claim), "registry+" + claim.origin());
    }
  }

  private static ExpectedPackage expected(PackageClaim claim) {
    return new ExpectedPackage(
        claim.name().text(),
        claim.version().text(),
        new ArchiveFacts(claim.checksum(), claim.size(), claim.tree()));
  }

  /**
   * Reads an archive's metadata and bytecode and holds them against a claim.
   *
   * @param document the index document held, or null
   * @throws CommandException if they disagree or are malformed
   * @throws IOException if the archive is refused or cannot be read
   */
  public static void check(
      PackageClaim claim, Path archive, TrustPolicy trust, @Nullable IndexDocument document)
      throws CommandException, IOException {
    PackageArchive.WithModule whole = PackageArchive.readWithModule(archive);
    content(claim, whole.archive(), whole.module(), trust, document);
  }

  private static PackageMetadata content(
      PackageClaim claim,
      PackageArchive archive,
      byte[] module,
      TrustPolicy trust,
      @Nullable IndexDocument document)
      throws CommandException {
    try {
      PackageMetadata metadata = PackageMetadataCodec.read(archive.metadata());
      trust.content(claim, document, new PackageContent(metadata, RbinReader.capabilities(module)));
      return metadata;
    } catch (JsonException malformed) {
      throw refused(claim, "metadata.json: " + malformed.getMessage());
    } catch (RbinException malformed) {
      throw refused(claim, "module.rbin: " + malformed.getMessage());
    }
  }

  private static CommandException refused(PackageClaim claim, String why) {
    return new CommandException(
        "RAYA-PKG-008",
        claim.label() + " is refused: " + why,
        "tell its publisher and the registry's operator");
  }

  /** Writes the registry's proof beside an entry. */
  private void prove(CacheEntry entry, Evidence evidence) throws CommandException, IOException {
    writeProof(session.cache(), entry, registry, evidence);
  }

  /**
   * Writes a registry's proof beside an entry; those of others stay.
   *
   * @throws CommandException if the former file is malformed
   * @throws IOException if it cannot be read or written
   */
  public static void writeProof(
      PackageCache cache, CacheEntry entry, Registry registry, Evidence evidence)
      throws CommandException, IOException {
    cache.putProof(entry, proof(registry, evidence, cache.proof(entry)));
  }

  private static byte[] proof(Registry registry, Evidence evidence, Optional<byte[]> former)
      throws CommandException {
    List<String> attestations = new ArrayList<>();
    for (byte[] attestation : evidence.attestations()) {
      attestations.add(new String(attestation, StandardCharsets.UTF_8));
    }
    ProofFile.Proof proof =
        new ProofFile.Proof(
            registry.config().origin(),
            registry.known().root(),
            new String(evidence.leaf(), StandardCharsets.UTF_8),
            evidence.proof(),
            attestations);
    return merged(former, proof);
  }

  private static byte[] merged(Optional<byte[]> former, ProofFile.Proof proof)
      throws CommandException {
    ProofFile others = new ProofFile(List.of());
    if (former.isPresent()) {
      try {
        others = ProofFile.read(former.get());
      } catch (SigningException malformed) {
        // Never believed unchecked; a damaged one is written anew.
        others = new ProofFile(List.of());
      }
    }
    try {
      return others.with(proof).bytes();
    } catch (SigningException malformed) {
      throw Failure.of(malformed);
    }
  }
}
