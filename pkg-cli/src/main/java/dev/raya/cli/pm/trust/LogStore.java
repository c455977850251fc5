package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.AtomicFile;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TilePath;
import dev.raya.signing.tile.TileSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this home remembers of one registry's log, {@code registry/ID/log/}: the newest checkpoint
 * that was verified, the trees that were found consistent with it, and tiles. Tiles are only a way
 * to proofs, which are checked against signed roots whenever they are used.
 */
public final class LogStore implements TileSource {
  /** Trees remembered; older ones are proved again from tiles. */
  private static final int MAX_SEEN = 4096;

  private static final int MAX_SEEN_BYTES = MAX_SEEN * 100;

  /** Size and root; no size of 18 digits leaves the range of a long. */
  private static final Pattern SEEN_LINE = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})");

  private static final String CHECKPOINT = "checkpoint";
  private static final String SEEN = "seen";

  private final Path folder;

  /**
   * A tree of the log.
   *
   * @param size number of leaves
   * @param root of the tree
   */
  public record Tree(long size, Digest root) {
    /** The tree of a checkpoint. */
    public static Tree of(Checkpoint checkpoint) {
      return new Tree(checkpoint.size(), checkpoint.root());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Tree tree && size == tree.size && root.equals(tree.root);
    }

    @Override
    public int hashCode() {
      return root.hashCode();
    }
  }

  /** What a home holds below the folder of a known registry. */
  public LogStore(Path registryFolder) {
    this.folder = registryFolder.resolve("log");
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** The newest checkpoint's note as it was served, or null if there is none yet. */
  public byte @Nullable [] newestNote() throws IOException {
    try {
      Path file = checkpoint();
      return Files.size(file) > SignedNote.MAX_BYTES ? null : Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** The memory of a log that cannot be read any more, which is not the same as none. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private DamagedException(Path folder) {
      super("the memory of the log in " + folder + " is damaged");
    }
  }

  /**
   * The newest tree that was verified here. Where its checkpoint cannot be read, it is the largest
   * of the trees seen, which are of the same history: only a home that remembers nothing of a log
   * meets it for the first time.
   *
   * @return null if nothing of the log was ever verified here
   * @throws DamagedException if there is a memory, and nothing of it can be read
   * @throws IOException if a file cannot be read
   */
  @Nullable Tree newest() throws IOException {
    Tree signed = signed();
    if (signed != null) {
      return signed;
    }
    Tree largest = null;
    for (Tree tree : seen()) {
      largest = largest == null || tree.size() > largest.size() ? tree : largest;
    }
    if (largest == null && (Files.exists(checkpoint()) || Files.exists(seenFile()))) {
      throw new DamagedException(folder);
    }
    return largest;
  }

  /**
   * The tree of the checkpoint that is kept, whose signatures are not looked at.
   *
   * @return null if there is no checkpoint that can be read
   * @throws IOException if the file cannot be read
   */
  @Nullable Tree signed() throws IOException {
    byte[] note = newestNote();
    try {
      return note == null ? null : Tree.of(Checkpoint.parse(SignedNote.parse(note).text()));
    } catch (SigningException damaged) {
      return null;
    }
  }

  private Path checkpoint() {
    return folder.resolve(CHECKPOINT);
  }

  private Path seenFile() {
    return folder.resolve(SEEN);
  }

  /**
   * Keeps a checkpoint that was verified in the place of one that cannot be read any more.
   *
   * @param tree its tree, which is not smaller than any that is remembered
   * @return false if the memory could be read, or remembers a larger tree; then nothing is kept
   */
  boolean mend(byte[] note, Tree tree) throws IOException {
    if (signed() != null) {
      return false; // as nearly always; a home that cannot be written need not be locked
    }
    return locked(
        () -> {
          if (signed() != null) {
            return false;
          }
          for (Tree before : seen()) {
            if (before.size() > tree.size()) {
              return false;
            }
          }
          write(note, tree);
          return true;
        });
  }

  /**
   * Leaves nothing of a checkpoint whose signature does not hold, unless another one is kept by
   * now. An empty file stays: a damaged memory is not the same as none.
   *
   * @param note what was found damaged
   */
  void discard(byte[] note) throws IOException {
    locked(
        () -> {
          boolean isSame = Arrays.equals(newestNote(), note);
          if (isSame) {
            AtomicFile.write(checkpoint(), new byte[0]);
          }
          return isSame;
        });
  }

  private void write(byte[] note, Tree tree) throws IOException {
    // In this order: a memory without its checkpoint would vouch for what nothing was held
    // against.
    AtomicFile.write(checkpoint(), note);
    append(tree);
  }

  /**
   * Keeps a checkpoint that was verified and extends the newest one, unless that changed meanwhile:
   * two states may each extend an older one and still be of two histories.
   *
   * @param expected the newest tree that this one was held against, or null if there was none
   * @return false if the newest is another by now; then nothing is kept
   */
  boolean keep(byte[] note, Tree tree, @Nullable Tree expected) throws IOException {
    return whileNewestIs(expected, () -> write(note, tree));
  }

  /**
   * Remembers a tree that was found consistent with the newest checkpoint, unless that changed
   * meanwhile.
   *
   * @param expected the newest tree that this one was held against
   * @return false if the newest is another by now; then nothing is remembered
   */
  boolean remember(Tree tree, Tree expected) throws IOException {
    return whileNewestIs(expected, () -> append(tree));
  }

  private interface Change {
    void make() throws IOException;
  }

  private boolean whileNewestIs(@Nullable Tree expected, Change change) throws IOException {
    return locked(
        () -> {
          if (!Objects.equals(newest(), expected)) {
            return false;
          }
          change.make();
          return true;
        });
  }

  private interface Attempt {
    boolean make() throws IOException;
  }

  private boolean locked(Attempt attempt) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      return attempt.make();
    }
  }

  /**
   * The trees that were found consistent with the newest checkpoint, oldest memory first. Lines
   * that are damaged are passed over.
   */
  public Set<Tree> seen() throws IOException {
    Set<Tree> seen = new LinkedHashSet<>();
    Path file = seenFile();
    try {
      if (Files.size(file) > MAX_SEEN_BYTES) {
        return seen;
      }
      // Every byte is a character here: one that is damaged spoils its line and no other.
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        Matcher parts = SEEN_LINE.matcher(line);
        if (parts.matches()) {
          seen.add(new Tree(Long.parseLong(parts.group(1)), new Digest(parts.group(2))));
        }
      }
    } catch (NoSuchFileException none) {
      return seen;
    }
    return seen;
  }

  private void append(Tree tree) throws IOException {
    Set<Tree> seen = seen();
    if (seen.contains(tree)) {
      return;
    }
    List<Tree> all = new ArrayList<>(seen);
    all.add(tree);
    StringBuilder text = new StringBuilder();
    for (Tree each : all.subList(Math.max(0, all.size() - MAX_SEEN), all.size())) {
      text.append(each.size()).append(' ').append(each.root().hex()).append('\n');
    }
    AtomicFiles.writeUnforced(seenFile(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A tile that is held; anything else is not held here. */
  @Override
  public Optional<byte[]> read(String path) throws IOException {
    TilePath tile = TilePath.tryParse(path);
    if (tile == null || tile.isEntries()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(folder.resolve(tile.text())));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Keeps a tile. */
  void keepTile(String path, byte[] tile) throws IOException {
    TilePath parsed = TilePath.tryParse(path);
    if (parsed != null && !parsed.isEntries()) {
      AtomicFiles.writeUnforced(folder.resolve(parsed.text()), tile);
    }
  }

  /**
   * Keeps what shows that a log has two histories.
   *
   * @param registryFolder where evidence lies
   * @return the files, for people
   */
  static List<Path> keepEvidence(Path registryFolder, byte[] held, byte[] shown)
      throws IOException {
    Path evidence = registryFolder.resolve("evidence");
    Path before = evidence.resolve("checkpoint-" + shortDigest(held) + ".held");
    Path after = evidence.resolve("checkpoint-" + shortDigest(shown) + ".served");
    AtomicFiles.writeIfChanged(before, held);
    AtomicFiles.writeIfChanged(after, shown);
    return List.of(before, after);
  }

  private static String shortDigest(byte[] bytes) {
    return Digest.of(bytes).hex().substring(0, 16);
  }
}
