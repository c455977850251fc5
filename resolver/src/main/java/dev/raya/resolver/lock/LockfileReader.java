package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.UtcTimes;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile.LockedToolchain;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the canonical text line by line, keys in their fixed order. The last step writes what was
 * read and compares: whatever a line's own check let pass (an unsorted list, another spelling) is
 * found there.
 */
final class LockfileReader {
  private static final int MAX_LINE = 4 << 20;
  private static final int MAX_PACKAGES = 200_000;

  private final String file;
  private final String text;
  private final String[] lines;
  private int at;

  LockfileReader(String file, byte[] document) throws LockfileException {
    this.file = file;
    if (document.length > LockfileCodec.MAX_BYTES) {
      throw fault(0, "expected at most " + LockfileCodec.MAX_BYTES + " bytes");
    }
    String decoded;
    try {
      decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      throw fault(0, "expected UTF-8, found an ill-formed sequence");
    }
    this.text = decoded.contains("\r\n") ? decoded.replace("\r\n", "\n") : decoded;
    this.lines = text.split("\n", -1);
  }

  Lockfile lockfile() throws LockfileException {
    requireNoConflict();
    expectLine(LockfileCodec.HEADER);
    String version = required("version");
    if (!version.equals(String.valueOf(LockfileCodec.VERSION))) {
      throw fault(
          at, "expected format version 1, found " + cut(version) + "; use a newer toolchain");
    }
    Digest manifest = digest(required("manifest"));
    LockedToolchain toolchain = null;
    List<LockedPackage> packages = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    while (at < lines.length - 1) {
      expectLine("");
      String header = next();
      if (header.equals("[toolchain]") && toolchain == null && packages.isEmpty()) {
        toolchain = toolchain();
      } else if (header.equals("[[package]]")) {
        starts.add(at);
        packages.add(locked());
        requireOrder(packages, at);
      } else {
        throw fault(at, "expected [[package]], found \"" + cut(header) + '"');
      }
    }
    if (!lines[lines.length - 1].isEmpty()) {
      throw fault(lines.length, "expected a line feed at the end: the lockfile is cut off");
    }
    Lockfile lockfile = new Lockfile(manifest, toolchain, packages);
    requireCanonical(lockfile);
    requireClosed(lockfile, starts);
    return lockfile;
  }

  /** The marks that a failed merge leaves. */
  private void requireNoConflict() throws LockfileException {
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      boolean mark =
          line.startsWith("<<<<<<< ") || line.startsWith(">>>>>>> ") || line.equals("=======");
      if (mark) {
        throw fault(i + 1, "the marks of a merge conflict; `raya-pm lock --repair` resolves it");
      }
      if (line.length() > MAX_LINE) {
        throw fault(i + 1, "expected at most " + MAX_LINE + " characters in a line");
      }
    }
  }

  private void requireOrder(List<LockedPackage> packages, int line) throws LockfileException {
    int n = packages.size();
    if (n > MAX_PACKAGES) {
      throw fault(line, "expected at most " + MAX_PACKAGES + " packages");
    }
    if (n > 1 && packages.get(n - 2).compareTo(packages.get(n - 1)) >= 0) {
      throw fault(
          line,
          "package "
              + packages.get(n - 1).id()
              + " is repeated or out of order after "
              + packages.get(n - 2).id());
    }
  }

  private void requireCanonical(Lockfile lockfile) throws LockfileException {
    String written = LockfileCodec.text(lockfile);
    if (written.equals(text)) {
      return;
    }
    String[] canonical = written.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (i >= canonical.length || !lines[i].equals(canonical[i])) {
        throw fault(
            i + 1,
            "expected "
                + (i < canonical.length ? '"' + cut(canonical[i]) + '"' : "the end")
                + ", found \""
                + cut(lines[i])
                + '"');
      }
    }
  }

  /** Every edge leads to a package of the file. */
  private void requireClosed(Lockfile lockfile, List<Integer> starts) throws LockfileException {
    Set<String> ids = new HashSet<>();
    for (LockedPackage p : lockfile.packages()) {
      ids.add(p.id());
    }
    for (int i = 0; i < lockfile.packages().size(); i++) {
      for (LockedDependency d : lockfile.packages().get(i).dependencies()) {
        String id = d.name().text() + ' ' + d.version().precedence();
        if (!ids.contains(id)) {
          throw fault(
              starts.get(i),
              "package "
                  + lockfile.packages().get(i).id()
                  + " needs "
                  + id
                  + ", which the lockfile does not have");
        }
      }
    }
  }

  private LockedToolchain toolchain() throws LockfileException {
    Version version = version(required("version"));
    String bundles = optional("bundles");
    return new LockedToolchain(version, bundles == null ? Map.of() : digests(new Line(bundles)));
  }

  private LockedPackage locked() throws LockfileException {
    PackageName name = name(string(required("name")));
    Version version = version(required("version"));
    LockSource source = source(required("source"));
    Digest checksum = optionalDigest("checksum");
    Digest tree = optionalDigest("tree");
    String size = optional("size");
    long bytes = size == null ? 0 : number(size);
    List<LockedDependency> dependencies = new ArrayList<>();
    for (String text : strings(optional("dependencies"))) {
      dependencies.add(dependency(text));
    }
    List<String> features = strings(optional("features"));
    List<Capability> capabilities = capabilities(optional("capabilities"));
    List<Capability> granted = capabilities(optional("granted"));
    Map<String, Map<String, Digest>> natives = natives(optional("native"));
    LogEntry log = log(optional("log"));
    String stage = optional("stage");
    LockedPackage locked =
        new LockedPackage(
            name,
            version,
            source,
            checksum,
            tree,
            bytes,
            dependencies,
            features,
            capabilities,
            granted,
            natives,
            log,
            stage == null ? null : stage(string(stage)));
    requireChecksums(locked);
    return locked;
  }

  private void requireChecksums(LockedPackage p) throws LockfileException {
    boolean archive =
        p.source() instanceof LockSource.Registry || p.source() instanceof LockSource.Url;
    if (archive && (p.checksum() == null || p.tree() == null || p.size() == 0)) {
      throw fault(at, "expected checksum, tree and size for package " + p.id());
    }
    if (p.source() instanceof LockSource.Registry && p.log() == null && p.stage() == null) {
      throw fault(at, "expected a log entry for package " + p.id());
    }
    if (p.stage() != null && !(p.source() instanceof LockSource.Registry && p.log() == null)) {
      throw fault(at, "expected no log entry for the staged release " + p.id());
    }
  }

  private String stage(String id) throws LockfileException {
    if (!LockedPackage.isStage(id)) {
      throw fault(at, "expected the id of a staged release, 40 hexadecimal digits");
    }
    return id;
  }

  private LockSource source(String value) throws LockfileException {
    LockSource source = LockSource.tryParse(string(value));
    if (source == null) {
      throw fault(
          at, "expected a source such as registry+https://raya.example, found " + cut(value));
    }
    return source;
  }

  private LockedDependency dependency(String text) throws LockfileException {
    int space = text.indexOf(' ');
    int equals = text.indexOf('=');
    String id =
        space < 0 ? "" : text.substring(equals < 0 || equals > space ? 0 : equals + 1, space);
    PackageName name = PackageName.tryParse(id);
    PackageName alias =
        equals < 0 || equals > space ? name : PackageName.tryParse(text.substring(0, equals));
    Version version = space < 0 ? null : Version.tryParse(text.substring(space + 1));
    if (name == null || alias == null || version == null) {
      throw fault(at, "expected dependencies such as \"fmt 1.3.0\", found \"" + cut(text) + '"');
    }
    return new LockedDependency(alias, name, version);
  }

  private Map<String, Map<String, Digest>> natives(@Nullable String value)
      throws LockfileException {
    Map<String, Map<String, Digest>> natives = new TreeMap<>();
    if (value == null) {
      return natives;
    }
    Line line = new Line(value);
    line.expect("{ ");
    do {
      String module = line.key();
      line.expect(" = ");
      natives.put(module, digestTable(line));
    } while (line.skip(", "));
    line.expect(" }");
    line.end();
    return natives;
  }

  private Map<String, Digest> digests(Line line) throws LockfileException {
    Map<String, Digest> digests = digestTable(line);
    line.end();
    return digests;
  }

  private Map<String, Digest> digestTable(Line line) throws LockfileException {
    Map<String, Digest> digests = new TreeMap<>();
    line.expect("{ ");
    do {
      String key = line.key();
      line.expect(" = ");
      digests.put(key, digestText(line.string()));
    } while (line.skip(", "));
    line.expect(" }");
    return digests;
  }

  private @Nullable LogEntry log(@Nullable String value) throws LockfileException {
    if (value == null) {
      return null;
    }
    Line line = new Line(value);
    line.expect("{ index = ");
    long index = number(line.digits());
    line.expect(", time = ");
    String time = line.string();
    line.expect(" }");
    line.end();
    try {
      return new LogEntry(index, UtcTimes.parse(time));
    } catch (DateTimeException e) {
      throw fault(at, "expected a time such as 2026-01-06T12:00:00Z, found \"" + cut(time) + '"');
    }
  }

  private List<Capability> capabilities(@Nullable String value) throws LockfileException {
    List<Capability> capabilities = new ArrayList<>();
    for (String text : strings(value)) {
      Capability capability = Capability.tryParse(text);
      if (capability == null) {
        throw fault(at, "expected a capability, found \"" + cut(text) + '"');
      }
      capabilities.add(capability);
    }
    return capabilities;
  }

  private List<String> strings(@Nullable String value) throws LockfileException {
    List<String> strings = new ArrayList<>();
    if (value != null) {
      Line line = new Line(value);
      line.expect("[");
      do {
        strings.add(line.string());
      } while (line.skip(", "));
      line.expect("]");
      line.end();
    }
    return strings;
  }

  private String string(String value) throws LockfileException {
    Line line = new Line(value);
    String text = line.string();
    line.end();
    return text;
  }

  private PackageName name(String text) throws LockfileException {
    PackageName name = PackageName.tryParse(text);
    if (name == null) {
      throw fault(at, "expected a package name, found \"" + cut(text) + '"');
    }
    return name;
  }

  private Version version(String value) throws LockfileException {
    String text = string(value);
    Version version = Version.tryParse(text);
    if (version == null) {
      throw fault(at, "expected a version, found \"" + cut(text) + '"');
    }
    return version;
  }

  private @Nullable Digest optionalDigest(String key) throws LockfileException {
    String value = optional(key);
    return value == null ? null : digest(value);
  }

  private Digest digest(String value) throws LockfileException {
    return digestText(string(value));
  }

  private Digest digestText(String text) throws LockfileException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw fault(at, "expected sha256: and 64 hexadecimal digits, found \"" + cut(text) + '"');
    }
  }

  private long number(String digits) throws LockfileException {
    boolean plain = !digits.isEmpty() && digits.length() <= 15;
    for (int i = 0; i < digits.length() && plain; i++) {
      plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!plain) {
      throw fault(at, "expected a whole number, found " + cut(digits));
    }
    return Long.parseLong(digits);
  }

  /** The value of the next line, which must have that key. */
  private String required(String key) throws LockfileException {
    String value = optional(key);
    if (value == null) {
      String found = at < lines.length ? '"' + cut(lines[at]) + '"' : "the end";
      throw fault(at + 1, "expected " + key + " = …, found " + found);
    }
    return value;
  }

  /** The value of the next line if it has that key, else null and nothing is read. */
  private @Nullable String optional(String key) {
    if (at < lines.length
        && lines[at].startsWith(key)
        && lines[at].startsWith(" = ", key.length())) {
      return lines[at++].substring(key.length() + 3);
    }
    return null;
  }

  private void expectLine(String expected) throws LockfileException {
    String found = next();
    if (!found.equals(expected)) {
      throw fault(
          at,
          "expected "
              + (expected.isEmpty() ? "an empty line" : '"' + expected + '"')
              + ", found \""
              + cut(found)
              + '"');
    }
  }

  private String next() throws LockfileException {
    if (at >= lines.length) {
      throw fault(at, "the lockfile is cut off");
    }
    return lines[at++];
  }

  private LockfileException fault(int line, String message) {
    return new LockfileException(ResolverCode.LOCKFILE_MALFORMED, file, line, message);
  }

  private static String cut(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /** A cursor in the value of one line. */
  private final class Line {
    private final String text;
    private int i;

    Line(String text) {
      this.text = text;
    }

    boolean skip(String token) {
      if (text.startsWith(token, i)) {
        i += token.length();
        return true;
      }
      return false;
    }

    void expect(String token) throws LockfileException {
      if (!skip(token)) {
        throw fault(at, "expected \"" + token + "\" at \"" + cut(text.substring(i)) + '"');
      }
    }

    void end() throws LockfileException {
      if (i < text.length()) {
        throw fault(at, "expected the end of the line, found \"" + cut(text.substring(i)) + '"');
      }
    }

    String digits() {
      int start = i;
      while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        i++;
      }
      return text.substring(start, i);
    }

    String key() throws LockfileException {
      int start = i;
      while (i < text.length() && LockfileCodec.isBareKey(text.substring(i, i + 1))) {
        i++;
      }
      String key = text.substring(start, i);
      if (!LockfileCodec.isBareKey(key)) {
        throw fault(at, "expected a key at \"" + cut(text.substring(start)) + '"');
      }
      return key;
    }

    String string() throws LockfileException {
      expect("\"");
      int end = text.indexOf('"', i);
      int escape = end < 0 ? -1 : text.indexOf('\\', i);
      if (end >= 0 && (escape < 0 || escape > end)) {
        String plain = text.substring(i, end);
        i = end + 1;
        return plain;
      }
      StringBuilder out = new StringBuilder();
      while (i < text.length()) {
        char c = text.charAt(i++);
        if (c == '"') {
          return out.toString();
        }
        out.append(c == '\\' ? escape() : c);
      }
      throw fault(at, "a string is not closed");
    }

    private char escape() throws LockfileException {
      if (i < text.length()) {
        char c = text.charAt(i++);
        if (c == '"' || c == '\\') {
          return c;
        }
        if (c == 'u' && i + 4 <= text.length()) {
          int code = 0;
          for (int k = 0; k < 4; k++) {
            code = code * 16 + Math.max(0, Character.digit(text.charAt(i++), 16));
          }
          return (char) code;
        }
      }
      throw fault(at, "unknown escape in a string");
    }
  }
}
