package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.LogStore.Tree;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TileSource;
import dev.raya.signing.tile.TileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log of one registry, as this home has come to know it (security.md, Log): a record counts if
 * its proof leads to a checkpoint that the registry's policy believes, and if that checkpoint and
 * the newest one known are states of one history. A fork is refused and kept as evidence.
 * Thread-safe.
 */
public final class RegistryLog {
  private static final String NOT_LOGGED = "RAYA-SEC-005";
  private static final String FORKED = "RAYA-SEC-006";

  /** Later trees that a remembered one is held against. */
  private static final int RECALL_TRIES = 8;

  private final KnownRegistries.Known registry;
  private final String origin;
  private final Path registryFolder;
  private final LogStore store;
  private final SignedMetadata metadata;
  private final @Nullable TileSource further;
  private final boolean isWhole;
  private final HeldProofs proofs;
  private final Map<String, Checkpoint> verified = new HashMap<>();
  private final Map<String, Set<String>> cosigned = new HashMap<>();
  private @Nullable LogPolicy cosignedUnder;
  private @Nullable String fresh;
  private @Nullable TileTree tree;
  private @Nullable Optional<Shown> proven;

  /**
   * What a proof showed.
   *
   * @param index of the record
   * @param checkpoint the signed state that covers it
   * @param note the checkpoint as it was signed
   */
  public record Inclusion(long index, Checkpoint checkpoint, String note) {}

  private RegistryLog(
      KnownRegistries.Known registry,
      Path registryFolder,
      SignedMetadata metadata,
      @Nullable TileSource further,
      boolean isWhole,
      HeldProofs proofs) {
    this.registry = registry;
    this.origin = withoutScheme(registry.origin());
    this.registryFolder = registryFolder;
    this.store = new LogStore(registryFolder);
    this.metadata = metadata;
    this.further = further;
    this.isWhole = isWhole;
    this.proofs = proofs;
  }

  /**
   * The log as its registry serves it.
   *
   * @param registryFolder what this home holds of the registry
   * @param metadata says whom to believe
   * @param served gives every tile, or withholds it
   * @param proofs what mends a damaged memory
   */
  public static RegistryLog served(
      KnownRegistries.Known registry,
      Path registryFolder,
      SignedMetadata metadata,
      TileSource served,
      HeldProofs proofs) {
    return new RegistryLog(registry, registryFolder, metadata, served, true, proofs);
  }

  /**
   * The log as this home holds it; nobody is asked.
   *
   * @param registryFolder what this home holds of the registry
   * @param metadata says whom to believe
   * @param carried gives some tiles more, or null
   * @param proofs what mends a damaged memory
   */
  public static RegistryLog held(
      KnownRegistries.Known registry,
      Path registryFolder,
      SignedMetadata metadata,
      @Nullable TileSource carried,
      HeldProofs proofs) {
    return new RegistryLog(registry, registryFolder, metadata, carried, false, proofs);
  }

  /** A log is named like its registry, without scheme (registry.md 1.1). */
  private static String withoutScheme(String origin) {
    int scheme = origin.indexOf("://");
    return scheme < 0 ? origin : origin.substring(scheme + 3);
  }

  /** Whose log it is. */
  public KnownRegistries.Known registry() {
    return registry;
  }

  /** The log's name. */
  public String origin() {
    return origin;
  }

  /** What this home holds of it. */
  public LogStore store() {
    return store;
  }

  /** What the registry's metadata says. */
  public SignedMetadata metadata() {
    return metadata;
  }

  /**
   * Checks that a record is in the log.
   *
   * @param label of the package, for messages
   * @param leaf the record's canonical bytes
   * @param index what index document or lockfile say
   * @param proof a tlog-proof
   * @throws CommandException RAYA-SEC-005, 006 or 010 if that is not shown
   * @throws InterruptedException if the thread was interrupted
   */
  public Inclusion include(String label, byte[] leaf, long index, String proof)
      throws CommandException, InterruptedException {
    try {
      LogProof parsed = LogProof.parse(proof);
      if (parsed.index() != index) {
        throw new CommandException(
            NOT_LOGGED,
            label + ": the log's proof is of another record",
            "expected: index " + index,
            "found: index " + parsed.index());
      }
      Checkpoint checkpoint = believed(parsed.checkpoint());
      Digest hash = MerkleProofs.leafHash(leaf);
      if (!MerkleProofs.includes(
          index, checkpoint.size(), hash, parsed.path(), checkpoint.root())) {
        throw new CommandException(
            NOT_LOGGED,
            label + ": the record is not in the log",
            "expected: a path from leaf "
                + hash
                + " at "
                + index
                + " to the root "
                + checkpoint.root()
                + " of the checkpoint of size "
                + checkpoint.size(),
            "found: a path that leads elsewhere");
      }
      return new Inclusion(index, checkpoint, parsed.checkpoint());
    } catch (SigningException refused) {
      throw new CommandException(refused.code(), label + ": " + refused.getMessage());
    }
  }

  /**
   * Makes the proof of a record from the log's own files, for a registry that shows none; it is
   * checked like one that was shown.
   *
   * @return a tlog-proof, or null if the log is not asked or does not reach so far
   * @throws CommandException if the log gives no answer
   */
  public synchronized @Nullable String prove(long index) throws CommandException {
    TileSource files = further;
    if (files == null || !isWhole) {
      return null;
    }
    try {
      String note = fresh;
      if (note == null) {
        Optional<byte[]> served = files.read("checkpoint");
        if (served.isEmpty()) {
          return null;
        }
        note = new String(served.get(), StandardCharsets.UTF_8);
        long size = Checkpoint.parse(SignedNote.parse(served.get()).text()).size();
        fresh = note;
        tree = new TileTree(new Sources(store, files, store), size);
      }
      TileTree over = tree;
      return over == null || index >= over.size()
          ? null
          : new LogProof(index, over.inclusion(index), note).text();
    } catch (SigningException malformed) {
      return null;
    } catch (UnansweredException unanswered) {
      throw unanswered.failure();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * A checkpoint that the policy believes and that is a state of the one history known here; the
   * newest one is kept.
   *
   * @param note the signed checkpoint
   * @throws SigningException if the policy does not believe it
   * @throws CommandException RAYA-SEC-006 if the log has forked
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized Checkpoint believed(String note)
      throws SigningException, CommandException, InterruptedException {
    Checkpoint before = verified.get(note);
    if (before != null) {
      return before;
    }
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    Checkpoint checkpoint = metadata.logPolicy().verify(bytes);
    if (!checkpoint.origin().equals(origin)) {
      throw new CommandException(
          NOT_LOGGED,
          "the checkpoint is of another log",
          "expected: " + origin,
          "found: " + checkpoint.origin());
    }
    try {
      join(bytes, checkpoint);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
    verified.put(note, checkpoint);
    return checkpoint;
  }

  /**
   * The witnesses that cosigned a checkpoint; those of one checkpoint are verified once under one
   * policy, however many records are proved by it.
   *
   * @param note the signed checkpoint
   * @return their names as the policy gives them
   * @throws SigningException as {@link LogPolicy#cosigners}
   * @throws CommandException if the metadata that names the policy is refused
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized Set<String> cosigners(String note)
      throws SigningException, CommandException, InterruptedException {
    LogPolicy policy = metadata.logPolicy();
    if (policy != cosignedUnder) {
      cosigned.clear();
      cosignedUnder = policy;
    }
    Set<String> before = cosigned.get(note);
    if (before == null) {
      before = policy.cosigners(note.getBytes(StandardCharsets.UTF_8));
      cosigned.put(note, before);
    }
    return before;
  }

  /**
   * The newest tree of the log that was verified here. If the memory of it is damaged, it is mended
   * by the newest checkpoint that lies beside a cache entry: a log that was seen before is never
   * met as if for the first time.
   *
   * @return null if nothing of the log was ever verified here
   * @throws CommandException RAYA-SEC-013 if the memory is damaged and nothing held mends it
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized @Nullable Tree newest() throws CommandException, InterruptedException {
    try {
      Tree newest = remembered();
      return newest != null && isDiscarded(newest) ? remembered() : newest;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** What is remembered; nobody has looked at the signature of a checkpoint that can be read. */
  private @Nullable Tree remembered() throws CommandException, IOException, InterruptedException {
    Tree signed = store.signed();
    return signed == null ? mended() : signed;
  }

  /** The larger of what trees seen and held proofs show; a proof's checkpoint is kept. */
  private @Nullable Tree mended() throws CommandException, IOException, InterruptedException {
    Tree seen = null;
    LogStore.DamagedException damage = null;
    try {
      seen = store.newest();
    } catch (LogStore.DamagedException damaged) {
      damage = damaged;
    }
    Shown largest = proven();
    if (largest != null && (seen == null || largest.tree().size() > seen.size())) {
      store.mend(largest.note().getBytes(StandardCharsets.UTF_8), largest.tree());
      return largest.tree();
    }
    if (damage != null) {
      throw new CommandException(
          "RAYA-SEC-013",
          damage.getMessage() + ", and no proof in the cache shows how far it was seen",
          "expected: a checkpoint and the trees that were found consistent with it",
          "found: files that cannot be read",
          "restore them from a copy of this home; or, if the registry is known to be honest,"
              + " remove "
              + store.folder()
              + ": its log is then met as if for the first time");
    }
    return seen;
  }

  /** A checkpoint that a held proof leads to. */
  private record Shown(String note, Tree tree) {}

  /** The largest checkpoint beside a cache entry that the policy believes, looked for once. */
  private @Nullable Shown proven() throws CommandException, IOException, InterruptedException {
    Optional<Shown> before = proven;
    if (before != null) {
      return before.orElse(null);
    }
    Shown largest = null;
    for (String note : proofs.checkpoints(registry.root())) {
      Checkpoint signed = signed(metadata.logPolicy(), note);
      if (signed != null && (largest == null || signed.size() > largest.tree().size())) {
        largest = new Shown(note, Tree.of(signed));
      }
    }
    proven = Optional.ofNullable(largest);
    return largest;
  }

  /**
   * Whether the checkpoint that is kept was damaged: then nothing of it stays. What was seen needs
   * no signature, so that a log's new key makes no checkpoint of the former one a damaged one.
   *
   * @param newest its tree
   */
  private boolean isDiscarded(Tree newest)
      throws CommandException, IOException, InterruptedException {
    byte[] note = store.newestNote();
    if (note == null || !newest.equals(store.signed()) || store.seen().contains(newest)) {
      return false;
    }
    try {
      Checkpoint.verified(note, metadata.logPolicy().logs());
      return false;
    } catch (SigningException damaged) {
      store.discard(note);
      return true;
    }
  }

  private @Nullable Checkpoint signed(LogPolicy policy, String note) {
    try {
      Checkpoint signed = policy.verify(note.getBytes(StandardCharsets.UTF_8));
      return signed.origin().equals(origin) ? signed : null;
    } catch (SigningException refused) {
      return null; // it shows nothing
    }
  }

  private void join(byte[] note, Checkpoint shown)
      throws CommandException, IOException, InterruptedException {
    boolean isJoined;
    do {
      // Whenever another process has kept a newer state, the shown one is held against that.
      isJoined = tryJoin(note, shown);
    } while (!isJoined);
  }

  private boolean tryJoin(byte[] note, Checkpoint shown)
      throws CommandException, IOException, InterruptedException {
    Tree newest = remembered();
    Tree here = Tree.of(shown);
    if (newest == null) {
      return store.keep(note, here, null);
    }
    if (newest.equals(here)) {
      store.mend(note, here);
      return true;
    }
    if (store.seen().contains(here)) {
      return true;
    }
    boolean extendsHeld = newest.size() <= shown.size();
    Tree older = extendsHeld ? newest : here;
    Tree newer = extendsHeld ? here : newest;
    Relation relation = relation(older, newer);
    if (relation != Relation.CONSISTENT && isDiscarded(newest)) {
      return false; // no state of the log: the shown one is held against what mends it
    }
    return switch (relation) {
      case FORKED -> throw forked(note, shown, newest);
      case UNKNOWN ->
          throw new CommandException(
              "RAYA-SEC-013",
              "nothing held shows that two states of the log " + origin + " are of one history",
              "expected: tiles that lead from size " + older.size() + " to size " + newer.size(),
              "found: some of them are not held",
              "run `raya-pm install --verify` once with a network");
      case CONSISTENT ->
          extendsHeld ? store.keep(note, here, newest) : store.remember(here, newest);
    };
  }

  /**
   * Takes over the memory of another home, as far as tiles prove it: each tree must be a state
   * before one that is known already.
   */
  public synchronized void recall(Collection<Tree> remembered)
      throws CommandException, IOException, InterruptedException {
    boolean isRecalled;
    do {
      isRecalled = tryRecall(remembered);
    } while (!isRecalled);
  }

  /** False if another process has kept a newer state meanwhile. */
  private boolean tryRecall(Collection<Tree> remembered)
      throws CommandException, IOException, InterruptedException {
    Tree newest = newest();
    if (newest == null) {
      return true;
    }
    List<Tree> proven = new ArrayList<>();
    proven.add(newest);
    List<Tree> open = new ArrayList<>(remembered);
    open.removeAll(store.seen());
    open.sort(Comparator.comparingLong(Tree::size).reversed());
    for (Tree tree : open) {
      // The one before it in time is the likeliest to have left its tiles.
      for (Tree later : proven.reversed().subList(0, Math.min(RECALL_TRIES, proven.size()))) {
        if (tree.size() <= later.size() && relation(tree, later) == Relation.CONSISTENT) {
          if (!store.remember(tree, newest)) {
            return false;
          }
          proven.add(tree);
          break;
        }
      }
    }
    return true;
  }

  /** How two trees stand to each other, as far as tiles show. */
  private enum Relation {
    CONSISTENT,
    FORKED,
    UNKNOWN
  }

  private Relation relation(Tree older, Tree newer)
      throws IOException, CommandException, InterruptedException {
    if (older.size() == newer.size()) {
      return older.root().equals(newer.root()) ? Relation.CONSISTENT : Relation.FORKED;
    }
    // Tiles that are held may be damaged; whatever they do not show is asked for once more.
    List<TileSource> sources = new ArrayList<>();
    sources.add(new Sources(store, further, store));
    if (further != null) {
      sources.add(new Sources(path -> Optional.empty(), further, store));
    }
    Relation found = Relation.UNKNOWN;
    for (TileSource source : sources) {
      try {
        List<Digest> path = new TileTree(source, newer.size()).consistency(older.size());
        if (MerkleProofs.consistent(older.size(), newer.size(), older.root(), newer.root(), path)) {
          return Relation.CONSISTENT;
        }
        found = Relation.FORKED;
      } catch (SigningException missing) {
        // Whoever serves a log and withholds its tiles shows no way from one state to the other.
        found = isWhole ? Relation.FORKED : Relation.UNKNOWN;
      } catch (UnansweredException unanswered) {
        throw unanswered.failure();
      }
    }
    return found;
  }

  private CommandException forked(byte[] note, Checkpoint shown, Tree held) {
    String evidence;
    try {
      byte[] before = store.newestNote();
      evidence =
          "evidence: "
              + LogStore.keepEvidence(registryFolder, before == null ? new byte[0] : before, note);
    } catch (IOException unwritable) {
      evidence = "the evidence could not be kept: " + unwritable.getMessage();
    }
    return new CommandException(
        FORKED,
        "the log " + origin + " has forked: nothing leads from one signed state to the other",
        "expected: a state that is consistent with size " + held.size() + ", root " + held.root(),
        "found: size " + shown.size() + ", root " + shown.root(),
        evidence,
        "do not use the registry until its operator has explained it");
  }

  /** A registry that could not be asked for a tile, which is no evidence of anything. */
  public static final class UnansweredException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CommandException failure;

    /** Wraps the failure. */
    public UnansweredException(CommandException failure) {
      super(failure);
      this.failure = failure;
    }

    /** Why there was no answer. */
    public CommandException failure() {
      return failure;
    }
  }

  /** Tiles that are held, else asked for and kept. */
  private record Sources(TileSource held, @Nullable TileSource network, LogStore store)
      implements TileSource {
    @Override
    public Optional<byte[]> read(String path) throws IOException {
      Optional<byte[]> here = held.read(path);
      if (here.isPresent() || network == null) {
        return here;
      }
      Optional<byte[]> there = network.read(path);
      if (there.isPresent()) {
        store.keepTile(path, there.get());
      }
      return there;
    }
  }
}
