package dev.raya.registry.log;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.LocalWitness;
import dev.raya.registry.signer.Signer;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.LogNames;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log as it is served: tiles over the numbered records of the database, and a checkpoint over
 * the tiles (spec: security.md "Log"). The database is the truth; whatever of the tiles a crash cut
 * off is written again from it. Extended by the leader alone; proofs are given to anybody.
 */
@ApplicationScoped
public class TransparencyLog {
  /** Records in one checkpoint at most. */
  private static final int BATCH = 1_024;

  private static final System.Logger LOG = System.getLogger(TransparencyLog.class.getName());

  private static final String SERVED_CHECKPOINT = "/log/" + TileLog.CHECKPOINT;

  private final TileStore store;
  private final Signer signer;
  private final LocalWitness witness;
  private final StaticFiles files;
  private final RegistrySettings settings;

  /** Guards {@link #log} and {@link #signed}. */
  private final Object writing = new Object();

  /** Waited on for new checkpoints. */
  private final Object served = new Object();

  private @Nullable TileLog log;
  private @Nullable Signed signed;
  private volatile @Nullable Served published;

  /** The newest checkpoint that witnesses other than the local one cosigned. */
  private volatile @Nullable Served outside;

  private final TileStore outsideStore;

  /** Sizes of the trees that log and local witness signed last. */
  private record Signed(long log, long witness) {}

  /**
   * A checkpoint that is served.
   *
   * @param head its tree's size and root
   * @param note the signed checkpoint
   * @param tree its tiles, which one thread reads at a time
   * @param lock guards the tree
   */
  public record Served(TreeHead head, String note, TileTree tree, Object lock) {
    LogProof prove(long index) throws SigningException, IOException {
      synchronized (lock) {
        return new LogProof(index, tree.inclusion(index), note);
      }
    }

    /**
     * That its tree begins with a smaller one.
     *
     * @throws SigningException if tiles are damaged
     * @throws IOException if tiles cannot be read
     */
    public List<Digest> consistency(long size) throws SigningException, IOException {
      synchronized (lock) {
        return tree.consistency(size);
      }
    }
  }

  @Inject
  TransparencyLog(
      RegistrySettings settings, Signer signer, LocalWitness witness, StaticFiles files) {
    this.settings = settings;
    this.store = new DirectoryTileStore(settings.directory().tree().resolve("log"));
    this.outsideStore = new DirectoryTileStore(settings.directory().witness().resolve("outside"));
    this.signer = signer;
    this.witness = witness;
    this.files = files;
  }

  /** How many records the served checkpoint covers; −1 before there is one. */
  public long size() {
    Served current = published;
    return current == null ? -1 : current.head().size();
  }

  /**
   * That a record is in the log: under the newest checkpoint that other witnesses cosigned, if that
   * reaches so far, else under the one that is served now.
   *
   * @return empty if no checkpoint covers it
   * @throws SigningException if tiles are damaged
   * @throws IOException if tiles cannot be read
   */
  public Optional<LogProof> prove(long index) throws SigningException, IOException {
    Served witnessed = outside;
    if (witnessed != null && index < witnessed.head().size()) {
      return Optional.of(witnessed.prove(index));
    }
    Served current = published;
    return current == null || index >= current.head().size()
        ? Optional.empty()
        : Optional.of(current.prove(index));
  }

  /**
   * Writes the records that have a number and are not in the tiles yet, and signs.
   *
   * @throws SQLException if the database cannot be read
   * @throws SigningException if the database is older than what was signed: another history would
   *     have to be shown, and that is refused
   * @throws IOException if files cannot be written or the signer gives no answer
   */
  void extend(Connection connection) throws SQLException, SigningException, IOException {
    synchronized (writing) {
      try {
        TileLog writer = opened(connection);
        boolean grew = true;
        while (grew) {
          List<byte[]> records = records(connection, writer.size());
          grew = !records.isEmpty();
          if (grew) {
            writer.append(records);
          }
          if (grew || published == null) {
            sign(writer);
          }
        }
      } catch (SQLException | SigningException | IOException | RuntimeException e) {
        // Whatever was cut off is read again from the files and the database.
        log = null;
        signed = null;
        throw e;
      }
    }
  }

  private TileLog opened(Connection connection) throws SQLException, SigningException, IOException {
    TileLog open = log;
    if (open != null) {
      return open;
    }
    TreeHead head = TreeHead.EMPTY;
    Optional<byte[]> note = store.read(TileLog.CHECKPOINT);
    if (note.isPresent()) {
      head = head(note.get());
    }
    long size = count(connection);
    Signed last = askedSizes();
    if (size < Math.max(head.size(), Math.max(last.log(), last.witness()))) {
      throw new SigningException(
          Code.NOT_IN_LOG,
          "the database holds "
              + size
              + " log records, but a checkpoint over "
              + Math.max(head.size(), last.log())
              + " was signed: it is older than the log that clients have seen; restore a newer"
              + " backup");
    }
    TileLog writer = TileLog.open(store, head);
    log = writer;
    signed = last;
    if (note.isPresent()) {
      serve(head, new String(note.get(), StandardCharsets.UTF_8));
    }
    if (outside == null) {
      outside = kept(head.size());
    }
    return writer;
  }

  /**
   * What was kept of other witnesses, if clients believe it. It is dispensable: one that is damaged
   * or cannot be read, or is from before a change of keys or policy, is no reason to stop
   * publishing.
   */
  private @Nullable Served kept(long size) {
    try {
      Optional<byte[]> note = outsideStore.read(TileLog.CHECKPOINT);
      if (note.isEmpty()) {
        return null;
      }
      TreeHead head = head(note.get());
      if (head.size() > size) {
        return null;
      }
      new TileTree(store, head.size()).requireRoot(head.root());
      requireBelieved(note.get());
      return served(head, new String(note.get(), StandardCharsets.UTF_8));
    } catch (SigningException | IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the checkpoint that other witnesses cosigned is left out: {0}",
          e.getMessage());
      return null;
    }
  }

  /**
   * Makes sure that clients believe a checkpoint of this log, by the policy that they are given.
   *
   * @throws SigningException if they do not
   */
  private void requireBelieved(byte[] note) throws SigningException, IOException {
    Path policy = settings.directory().tree().resolve("trust/log.policy");
    if (!Files.isRegularFile(policy)) {
      throw new SigningException(Code.WITNESS_QUORUM, "no policy is served yet");
    }
    LogPolicy.parse(Files.readString(policy)).verify(note);
  }

  /** The tree of a checkpoint that this log's key has signed. */
  private TreeHead head(byte[] note) throws SigningException, IOException {
    Checkpoint checkpoint = Checkpoint.verified(note, List.of(key()));
    return new TreeHead(checkpoint.size(), checkpoint.root());
  }

  private NoteKey key() throws IOException {
    try {
      return NoteKey.of(
          LogNames.log(settings.origin()),
          new TrustKeys(settings.directory()).logPublic(),
          NoteKey.Type.ED25519);
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private NoteKey witnessKey() throws IOException {
    try {
      return NoteKey.of(
          LogNames.witness(settings.origin()),
          new TrustKeys(settings.directory()).witnessPublic(),
          NoteKey.Type.ED25519_COSIGNATURE);
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void sign(TileLog writer) throws SigningException, IOException {
    TreeHead head = writer.head();
    TileTree tree = new TileTree(store, head.size());
    Signed last = signed == null ? askedSizes() : signed;
    if (head.size() < Math.max(last.log(), last.witness())) {
      // A larger tree was signed before a crash; the rest of it comes with the next batch.
      return;
    }
    String note;
    try {
      note = note(head, tree, last);
    } catch (SigningException e) {
      // One of the two may have signed, and ended before its answer arrived.
      note = note(head, tree, askedSizes());
    }
    writer.publish(note);
    signed = new Signed(head.size(), head.size());
    serve(head, note);
  }

  private Signed askedSizes() throws SigningException, IOException {
    return new Signed(signer.signedSize(), witness.cosignedSize());
  }

  /**
   * The log's process signs, then the witness's cosigns, each from the tree that it signed last.
   */
  private String note(TreeHead head, TileTree tree, Signed last)
      throws SigningException, IOException {
    String note = signer.checkpoint(head, tree.consistency(last.log()));
    String line;
    try {
      line =
          witness.cosignOwn(
              new AddCheckpoint(last.witness(), tree.consistency(last.witness()), note));
    } catch (WitnessException e) {
      throw new SigningException(Code.NOT_IN_LOG, "local witness: " + e.getMessage(), e);
    }
    SignedNote cosigned = SignedNote.parse((note + line).getBytes(StandardCharsets.UTF_8));
    cosigned.requireSigner(List.of(witnessKey()));
    return cosigned.document();
  }

  private Served served(TreeHead head, String note) {
    return new Served(head, note, new TileTree(store, head.size()), new Object());
  }

  private void serve(TreeHead head, String note) {
    synchronized (served) {
      published = served(head, note);
      served.notifyAll();
    }
    files.forget(SERVED_CHECKPOINT);
  }

  /**
   * Waits for a checkpoint of another size than one that was seen, but not for ever.
   *
   * @param seen its size, or −1 for none
   * @return the checkpoint that is served then: the one that was seen if there came no other in
   *     time, none if there is none yet
   * @throws InterruptedException if the thread is interrupted
   */
  public Optional<Served> awaitAfter(long seen, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (served) {
      while (true) {
        Served current = published;
        long left = deadline - System.nanoTime();
        if (left <= 0 || (current != null && current.head().size() != seen)) {
          return Optional.ofNullable(current);
        }
        TimeUnit.NANOSECONDS.timedWait(served, left);
      }
    }
  }

  /**
   * Takes over what other witnesses cosigned: a checkpoint of this log, the one that is served or
   * one before it. Nothing of the note is believed but signatures that verify, and what brings
   * nothing new costs no write.
   *
   * @param note what the witnesses signed, with the signatures that it was served with
   * @param others the keys of those that the operator names
   * @return whether one of them signed it
   * @throws SigningException if the log's key did not sign it, it reaches further than what is
   *     served, it lacks signatures that the policy asks for, or a signature that claims to be a
   *     known key's does not verify
   * @throws RegistryException with {@link Problem#BUSY} if the log is not open here
   * @throws IOException if files cannot be read or written
   */
  public boolean cosigned(SignedNote note, List<NoteKey> others)
      throws SigningException, RegistryException, IOException {
    List<NoteKey> known = new ArrayList<>(others);
    known.add(key());
    known.add(witnessKey());
    TreeHead head = head(note.document().getBytes(StandardCharsets.UTF_8));
    SignedNote verified = only(known, note, new SignedNote(note.text(), List.of()));
    if (verified.signers(others).isEmpty()) {
      return false;
    }
    Served now = published;
    if (now == null) {
      throw new RegistryException(Problem.BUSY, "the log is being opened");
    }
    if (head.size() > now.head().size()) {
      throw new SigningException(
          Code.NOT_IN_LOG, "no checkpoint of size " + head.size() + " is served here");
    }
    new TileTree(store, head.size()).requireRoot(head.root());
    if (!bringsMore(now, head, verified, known) && isKept(head, verified, known)) {
      return true;
    }
    synchronized (writing) {
      Served current = published;
      TileLog writer = log;
      if (current == null || writer == null) {
        throw new RegistryException(Problem.BUSY, "the log is being opened");
      }
      if (bringsMore(current, head, verified, known)) {
        SignedNote all = only(known, verified, parsed(current.note()));
        writer.publish(all.document());
        serve(head, all.document());
      }
      keep(head, verified, known);
    }
    return true;
  }

  /** Whether a note over the tree of a served one has signatures which that has not. */
  private static boolean bringsMore(
      Served than, TreeHead head, SignedNote note, List<NoteKey> known) throws SigningException {
    if (!than.head().equals(head)) {
      return false;
    }
    SignedNote former = parsed(than.note());
    return only(known, note, former).signatures().size() > former.signatures().size();
  }

  /** Whether what is kept is newer than a note, or has all of its signatures. */
  private boolean isKept(TreeHead head, SignedNote note, List<NoteKey> known)
      throws SigningException {
    Served before = outside;
    return before != null
        && (before.head().size() > head.size()
            || (before.head().equals(head) && !bringsMore(before, head, note, known)));
  }

  /**
   * Keeps a cosigned checkpoint that is believed, unless an earlier one is newer. A newer one wins
   * whoever cosigned it, so that a witness that stops holds nothing up.
   *
   * @throws SigningException if clients would not believe it
   */
  private void keep(TreeHead head, SignedNote note, List<NoteKey> known)
      throws SigningException, IOException {
    if (isKept(head, note, known)) {
      return;
    }
    SignedNote all = note;
    for (Served each : new Served[] {outside, published}) {
      if (each != null && each.head().equals(head)) {
        all = only(known, parsed(each.note()), all);
      }
    }
    byte[] document = all.document().getBytes(StandardCharsets.UTF_8);
    try {
      requireBelieved(document);
    } catch (SigningException e) {
      Served current = published;
      if (current != null && current.head().equals(head)) {
        // It is served, and others may still cosign it.
        return;
      }
      throw e;
    }
    outsideStore.write(Map.of(TileLog.CHECKPOINT, document));
    outside = served(head, all.document());
  }

  private static SignedNote parsed(String note) throws SigningException {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  /** A note with those signatures of another over the same text that are known keys', once each. */
  private static SignedNote only(List<NoteKey> keys, SignedNote from, SignedNote to)
      throws SigningException {
    SignedNote all = to;
    for (NoteSignature signature : from.signatures()) {
      SignedNote alone = new SignedNote(from.text(), List.of(signature));
      boolean has =
          all.signatures().stream()
              .anyMatch(
                  each -> each.id() == signature.id() && each.name().equals(signature.name()));
      if (!has && !alone.signers(keys).isEmpty()) {
        all = all.with(signature);
      }
    }
    return all;
  }

  private static long count(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("select coalesce(max(seq) + 1, 0) from log_leaf");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<byte[]> records(Connection connection, long from) throws SQLException {
    List<byte[]> records = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select record from log_leaf where seq >= ? order by seq limit ?")) {
      select.setLong(1, from);
      select.setInt(2, BATCH);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          records.add(rows.getBytes(1));
        }
      }
    }
    return records;
  }
}
