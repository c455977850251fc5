package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.check.CodeMemory;
import dev.raya.compiler.ir.IrPart;
import dev.raya.vm.bytecode.RbinModule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts ({@link IrPart}) that builds of a project have made, optimised, in one file of its
 * output folder: a head that names format, compiler and inputs and says of each part what it was
 * made from, its length and SHA-256, then the parts. A file that is damaged, too long, of another
 * compiler or for other inputs counts as none; it is replaced as a whole. Owned by one thread.
 */
final class PartRecords implements CodeMemory {
  /** The name of the part that speaks to importers: no module is called like that. */
  static final String EXPORTS = "";

  private static final String FORMAT = "raya/parts/1 " + Compiler.VERSION;
  private static final String FILE = "code.records";
  private static final int DIGEST_BYTES = 32;

  /** 256 MiB, or less where an eighth of the memory is less. */
  static final int MAX_BYTES = (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final int MAX_PARTS = 20_001;
  private static final int MAX_TAKEN = 20_000;

  /**
   * A part.
   *
   * @param key digest of all that it was made from
   * @param taken the modules whose bodies it was made from, its own left out
   * @param from where its bytes begin
   */
  private record Entry(
      Digest key, List<String> taken, byte[] bytes, int from, int length, Digest digest) {
    boolean isWhole() {
      return Digest.of(Arrays.copyOfRange(bytes, from, from + length)).equals(digest);
    }
  }

  private final Path folder;
  private final Digest inputs;
  private @Nullable PackagePlan plan;
  private final Map<String, Entry> known = new LinkedHashMap<>();
  private final Map<String, Entry> used = new LinkedHashMap<>();
  private boolean changed;

  private PartRecords(Path folder, Digest inputs) {
    this.folder = folder;
    this.inputs = inputs;
  }

  /**
   * The parts in a folder, which need not exist.
   *
   * @param inputs digest of everything but sources that they depend on
   * @param force whether none of them are to be used
   */
  static PartRecords of(Path folder, Digest inputs, boolean force) {
    PartRecords records = new PartRecords(folder, inputs);
    Path file = folder.resolve(FILE);
    try {
      if (!force && Files.isRegularFile(file)) {
        records.load(file);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      records.known.clear(); // everything is made again
    }
    return records;
  }

  /** These, for a request: what it says of modules is part of what theirs are made from. */
  PartRecords plannedBy(Compiler.Request request) {
    plan = new PackagePlan(request, Compiler.NAME, Map.of());
    return this;
  }

  /** The modules there are parts of, as they were found. */
  Set<String> modules() {
    return Set.copyOf(known.keySet());
  }

  /** Forgets all parts: one of them is not what it seemed to be. */
  void forget() {
    known.clear();
    used.clear();
    changed = true;
  }

  @Override
  public boolean holds(String module, Digest key, Function<String, @Nullable Digest> others) {
    Entry entry = known.get(module);
    if (entry == null
        || !entry.key().equals(key(module, key, entry.taken(), others))
        || !entry.isWhole()) {
      return false;
    }
    used.put(module, entry);
    return true;
  }

  /**
   * A part that is held.
   *
   * @throws IOException if it cannot be read, although it is as it was written
   */
  IrPart part(String module, RbinModule.Meta meta) throws IOException {
    Entry entry = used.get(module);
    if (entry == null) {
      throw new IOException("no part " + module);
    }
    return PartReader.read(entry.bytes(), entry.from(), entry.length(), meta);
  }

  /** Remembers a part. */
  void put(String module, Digest key, IrPart part, Function<String, @Nullable Digest> others) {
    List<String> taken = new ArrayList<>(new TreeSet<>(part.taken()));
    byte[] bytes = PartWriter.bytes(part);
    used.put(
        module,
        new Entry(
            key(module, key, taken, others), taken, bytes, 0, bytes.length, Digest.of(bytes)));
    changed = true;
  }

  private Digest key(
      String module, Digest key, List<String> taken, Function<String, @Nullable Digest> others) {
    StringBuilder text = new StringBuilder();
    text.append(key).append('\n');
    text.append(plan == null ? "" : plan.words(module)).append('\n');
    for (String other : taken) {
      text.append(other).append(' ').append(others.apply(other)).append('\n');
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the parts of this build, by one rename, if there are new ones; those of modules that are
   * no longer there are left out. Where the folder cannot be written the next build makes them
   * again.
   */
  void saveIfPossible() {
    if (!changed && used.size() == known.size()) {
      return;
    }
    try {
      byte[] bytes = bytes();
      if (bytes.length <= MAX_BYTES) {
        Files.createDirectories(folder);
        BuildRecord.write(folder.resolve(FILE), bytes);
      }
    } catch (IOException readOnly) {
      known.clear();
    }
    changed = false;
  }

  private byte[] bytes() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(head);
    out.writeUTF(FORMAT);
    out.write(inputs.bytes());
    out.writeInt(used.size());
    long length = 0;
    for (Map.Entry<String, Entry> part : used.entrySet()) {
      Entry entry = part.getValue();
      out.writeUTF(part.getKey());
      out.write(entry.key().bytes());
      out.writeInt(entry.taken().size());
      for (String other : entry.taken()) {
        out.writeUTF(other);
      }
      out.writeInt(entry.length());
      out.write(entry.digest().bytes());
      length += entry.length();
    }
    if (length > MAX_BYTES) {
      throw new IOException("too much code to remember");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.size() + (int) length + 64);
    DataOutputStream file = new DataOutputStream(all);
    file.writeInt(head.size());
    head.writeTo(file);
    file.write(Digest.of(head.toByteArray()).bytes());
    for (Entry entry : used.values()) {
      file.write(entry.bytes(), entry.from(), entry.length());
    }
    return all.toByteArray();
  }

  /** The head is checked before the parts are read. */
  private void load(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_BYTES) {
      return;
    }
    try (DataInputStream file = new DataInputStream(Files.newInputStream(path))) {
      int headLength = count(file, (int) size);
      byte[] head = file.readNBytes(headLength);
      if (head.length == headLength && Digest.of(head).equals(digest(file))) {
        load(head, file.readNBytes((int) size));
      }
    }
  }

  private void load(byte[] head, byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(head));
    if (!in.readUTF().equals(FORMAT) || !digest(in).equals(inputs)) {
      return;
    }
    int parts = count(in, MAX_PARTS);
    int at = 0;
    for (int i = 0; i < parts; i++) {
      String name = in.readUTF();
      Digest key = digest(in);
      List<String> taken = new ArrayList<>();
      for (int left = count(in, MAX_TAKEN); left > 0; left--) {
        taken.add(in.readUTF());
      }
      int length = count(in, bytes.length - at);
      known.put(name, new Entry(key, taken, bytes, at, length, digest(in)));
      at += length;
    }
  }

  private static int count(DataInputStream in, int most) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new IOException("too many items");
    }
    return count;
  }

  private static Digest digest(DataInputStream in) throws IOException {
    byte[] raw = new byte[DIGEST_BYTES];
    in.readFully(raw);
    return Digest.of(raw, 0);
  }
}
