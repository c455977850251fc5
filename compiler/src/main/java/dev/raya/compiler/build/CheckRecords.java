package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.check.CheckMemory;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.StaleSourceException;
import dev.raya.compiler.types.ModuleId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What checks of a project remember, in one file of its output folder: a line that names format and
 * compiler, the modules, each with the stamp of its file if that was settled, and the SHA-256 of
 * all before. A file that is damaged, too long or of another compiler counts as none; it is
 * replaced as a whole. Owned by one thread.
 */
public final class CheckRecords implements CheckMemory {
  private static final String FORMAT = "raya/check/3 ";
  private static final String FILE = "check.records";
  private static final int DIGEST_BYTES = 32;
  private static final int MAX_BYTES = 32 << 20;
  private static final int MAX_MODULES = 20_000;
  private static final int MAX_ITEMS = 100_000;

  private final Path folder;
  private final String compiler;
  private final Map<String, Entry> known = new LinkedHashMap<>();
  private final Map<String, Entry> used = new TreeMap<>();
  private final Map<String, FileStamp> stamps = new HashMap<>();
  private final Map<String, Digest> read = new HashMap<>();
  private final InstantSource clock;
  private boolean changed;

  private CheckRecords(Path folder, String compiler, InstantSource clock) {
    this.folder = folder;
    this.compiler = compiler;
    this.clock = clock;
  }

  /** What is remembered in a folder, which need not exist. */
  public static CheckRecords read(Path folder) {
    return read(folder, InstantSource.system());
  }

  /** What is remembered in a folder, by a clock that says which files have settled. */
  static CheckRecords read(Path folder, InstantSource clock) {
    CheckRecords records = new CheckRecords(folder, FORMAT + Compiler.VERSION, clock);
    Path file = folder.resolve(FILE);
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
        records.load(Files.readAllBytes(file));
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      records.known.clear(); // everything is checked again
      records.stamps.clear();
    }
    return records;
  }

  /** What is remembered in a folder, or nothing, to be replaced, if everything is to be checked. */
  public static CheckRecords of(Path folder, boolean force) {
    CheckRecords records =
        force
            ? new CheckRecords(folder, FORMAT + Compiler.VERSION, InstantSource.system())
            : read(folder);
    records.changed = force;
    return records;
  }

  /** The digest of a source that has this stamp and had it when it was read; null if unknown. */
  @Nullable Digest content(String name, FileStamp stamp) {
    Entry entry = known.get(name);
    return entry != null && stamp.equals(stamps.get(name)) ? entry.content() : null;
  }

  /**
   * Learns what was read of a source.
   *
   * @param stamp what it had before and after that, or null if it changed meanwhile
   */
  void noteRead(SourceFile file, @Nullable FileStamp stamp) {
    stamps.remove(file.name());
    if (stamp != null && file.isValidUtf8() && stamp.isSettled(clock.instant())) {
      stamps.put(file.name(), stamp);
      read.put(file.name(), file.digest());
      changed = true;
    }
  }

  /** Forgets all stamps: a file was not what its stamp had promised. */
  void distrustStamps() {
    stamps.clear();
    read.clear();
    changed = true;
  }

  @Override
  public @Nullable Entry find(ModuleId module) {
    Entry entry = known.get(module.path());
    if (entry != null) {
      used.put(module.path(), entry);
    }
    return entry;
  }

  @Override
  public void put(ModuleId module, @Nullable Entry entry) {
    changed = true;
    known.remove(module.path());
    used.remove(module.path());
    if (entry != null) {
      used.put(module.path(), entry);
    }
  }

  /**
   * Checks a package whose sources lie in a folder, and saves what is found if that is possible.
   *
   * @param compilers makes the compiler for sources
   */
  public IncrementalCheck.Outcome check(
      Path root, Function<SourceTree, Compiler> compilers, Compiler.Request request) {
    IncrementalCheck.Outcome outcome;
    try {
      outcome = compilers.apply(SourceTree.folder(root, this)).check(request, this);
    } catch (StaleSourceException again) {
      distrustStamps();
      outcome = compilers.apply(SourceTree.folder(root)).check(request, this);
    }
    saveIfPossible();
    return outcome;
  }

  /**
   * Writes what has changed, by one rename. Modules of this run come first; what is known of others
   * stays as long as there is room.
   *
   * @throws IOException if the file cannot be written
   */
  public void save() throws IOException {
    if (!changed) {
      return;
    }
    Map<String, Entry> all = new TreeMap<>(used);
    for (Map.Entry<String, Entry> other : known.entrySet()) {
      if (all.size() < MAX_MODULES) {
        all.putIfAbsent(other.getKey(), other.getValue());
      }
    }
    byte[] bytes = bytes(all);
    if (bytes.length <= MAX_BYTES) {
      Files.createDirectories(folder);
      BuildRecord.write(folder.resolve(FILE), bytes);
    }
    changed = false;
  }

  /** Saves, unless the folder cannot be written: then the next check finds as much as this one. */
  public void saveIfPossible() {
    try {
      save();
    } catch (IOException readOnly) {
      changed = false;
    }
  }

  // ---- the format ----

  private byte[] bytes(Map<String, Entry> modules) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(compiler);
    out.writeInt(modules.size());
    for (Map.Entry<String, Entry> module : modules.entrySet()) {
      Entry entry = module.getValue();
      out.writeUTF(module.getKey());
      out.write(entry.content().bytes());
      out.write(entry.key().bytes());
      out.write(entry.typed().bytes());
      write(out, stamp(module.getKey(), entry));
      out.writeInt(entry.imports().size());
      for (Import i : entry.imports()) {
        out.writeUTF(i.specifier());
        out.writeBoolean(i.typeOnly());
      }
      out.writeInt(entry.decoded().size());
      for (int at : entry.decoded()) {
        out.writeInt(at);
      }
      out.writeInt(entry.warnings().size());
      for (Warning warning : entry.warnings()) {
        out.writeUTF(warning.code().name());
        write(out, warning.range());
        out.writeUTF(warning.message());
        out.writeInt(warning.notes().size());
        for (Note note : warning.notes()) {
          write(out, note.range());
          out.writeUTF(note.message());
        }
        out.writeInt(warning.fixes().size());
        for (Fix fix : warning.fixes()) {
          write(out, fix.range());
          out.writeUTF(fix.replacement());
          out.writeUTF(fix.title());
        }
      }
    }
    out.write(Digest.of(bytes.toByteArray()).bytes());
    return bytes.toByteArray();
  }

  /** The stamp of the content that an entry is about, or null. */
  private @Nullable FileStamp stamp(String name, Entry entry) {
    Digest now = read.get(name);
    return now == null || now.equals(entry.content()) ? stamps.get(name) : null;
  }

  private static void write(DataOutputStream out, @Nullable FileStamp stamp) throws IOException {
    out.writeBoolean(stamp != null);
    if (stamp != null) {
      out.writeLong(stamp.size());
      out.writeLong(stamp.modified());
      out.writeLong(stamp.changed());
      out.writeLong(stamp.inode());
    }
  }

  private static void write(DataOutputStream out, Range range) throws IOException {
    out.writeInt(range.start());
    out.writeInt(range.end());
  }

  private void load(byte[] bytes) throws IOException {
    int length = bytes.length - DIGEST_BYTES;
    if (length < 0
        || !Arrays.equals(
            Digest.of(Arrays.copyOf(bytes, length)).bytes(),
            Arrays.copyOfRange(bytes, length, bytes.length))) {
      return;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
    if (!in.readUTF().equals(compiler)) {
      return;
    }
    int modules = count(in, MAX_MODULES);
    for (int i = 0; i < modules; i++) {
      String name = in.readUTF();
      Digest content = digest(in);
      Digest key = digest(in);
      Digest typed = digest(in);
      if (in.readBoolean()) {
        stamps.put(name, new FileStamp(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
      }
      known.put(name, entry(in, content, key, typed));
    }
  }

  private static int count(DataInputStream in, int most) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new IOException("too many items");
    }
    return count;
  }

  private static Entry entry(DataInputStream in, Digest content, Digest key, Digest typed)
      throws IOException {
    List<Import> imports = new ArrayList<>();
    for (int left = count(in, MAX_ITEMS); left > 0; left--) {
      imports.add(new Import(in.readUTF(), in.readBoolean()));
    }
    List<Integer> decoded = new ArrayList<>();
    for (int left = count(in, MAX_ITEMS); left > 0; left--) {
      decoded.add(in.readInt());
    }
    List<Warning> warnings = new ArrayList<>();
    for (int left = count(in, MAX_ITEMS); left > 0; left--) {
      warnings.add(warning(in));
    }
    return new Entry(content, key, typed, imports, decoded, warnings);
  }

  private static Warning warning(DataInputStream in) throws IOException {
    DiagnosticCode code = DiagnosticCode.valueOf(in.readUTF());
    Range range = range(in);
    String message = in.readUTF();
    List<Note> notes = new ArrayList<>();
    for (int left = count(in, MAX_ITEMS); left > 0; left--) {
      notes.add(new Note(range(in), in.readUTF()));
    }
    List<Fix> fixes = new ArrayList<>();
    for (int left = count(in, MAX_ITEMS); left > 0; left--) {
      fixes.add(new Fix(range(in), in.readUTF(), in.readUTF()));
    }
    return new Warning(code, range, message, notes, fixes);
  }

  private static Range range(DataInputStream in) throws IOException {
    return new Range(in.readInt(), in.readInt());
  }

  private static Digest digest(DataInputStream in) throws IOException {
    byte[] raw = new byte[DIGEST_BYTES];
    in.readFully(raw);
    return Digest.of(raw, 0);
  }
}
