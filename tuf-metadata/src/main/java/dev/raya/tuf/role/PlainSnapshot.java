package dev.raya.tuf.role;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot of the plainest form straight from its bytes: every member in canonical order
 * and nothing else, names of files in plain letters, each with its version alone. That is what
 * {@link RoleWriter} makes, and a client meets one of 4 096 files in every command; as a tree of
 * values and its canonical form it cost a third of a warm verify. What is of any other form is left
 * to {@link RoleReader}; what is taken here would have been read there as the same, and the bytes
 * between the braces are their own canonical form (docs/decisions/0347). For one document.
 */
final class PlainSnapshot {
  private static final int MAX_DIGITS = 15;
  private static final int MAX_SPEC_VERSION = 20;
  private static final Map<String, String> NO_HASHES = Map.of();

  private final byte[] document;
  private int at;

  private PlainSnapshot(byte[] document) {
    this.document = document;
  }

  /**
   * What the document says, before anything of its contents was judged.
   *
   * @param expires as it stands there
   * @param specVersion as it stands there
   * @param signed the canonical form of what is signed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Found(
      String expires,
      String specVersion,
      long version,
      Map<String, Role.MetaFile> files,
      byte[] signed,
      List<SignedRole.RoleSignature> signatures) {}

  /** The document, or null if it is of another form. */
  static @Nullable Found read(byte[] document) {
    return new PlainSnapshot(document).read();
  }

  private @Nullable Found read() {
    List<SignedRole.RoleSignature> signatures = signatures();
    if (signatures == null || !take(",\"signed\":")) {
      return null;
    }
    int start = at;
    if (!take("{\"_type\":\"snapshot\",\"expires\":\"")) {
      return null;
    }
    String expires = text(RoleWriter.EXPIRES_LENGTH);
    if (expires == null || !take(",\"meta\":{")) {
      return null;
    }
    Map<String, Role.MetaFile> files = files();
    if (files == null || !take(",\"spec_version\":\"")) {
      return null;
    }
    String specVersion = text(MAX_SPEC_VERSION);
    if (specVersion == null || !take(",\"version\":")) {
      return null;
    }
    long version = number();
    if (version < 1 || !take("}")) {
      return null;
    }
    int end = at;
    return take("}") && at == document.length
        ? new Found(
            expires,
            specVersion,
            version,
            files,
            Arrays.copyOfRange(document, start, end),
            signatures)
        : null;
  }

  private @Nullable List<SignedRole.RoleSignature> signatures() {
    if (!take("{\"signatures\":[")) {
      return null;
    }
    List<SignedRole.RoleSignature> signatures = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (!take("]")) {
      boolean isNext = signatures.isEmpty() || take(",");
      if (!isNext || signatures.size() == RoleReader.MAX_SIGNATURES || !take("{\"keyid\":\"")) {
        return null;
      }
      String keyId = text(Integer.MAX_VALUE);
      if (keyId == null || !take(",\"sig\":\"")) {
        return null;
      }
      int from = at;
      String hex = text(Integer.MAX_VALUE);
      if (hex == null || !isHex(from, at - 1) || !take("}") || !seen.add(keyId)) {
        return null;
      }
      signatures.add(new SignedRole.RoleSignature(keyId, hex));
    }
    return signatures;
  }

  /** Up to and with the closing brace; names grow from one to the next. */
  private @Nullable Map<String, Role.MetaFile> files() {
    Map<String, Role.MetaFile> files = new LinkedHashMap<>();
    Role.MetaFile last = null;
    String before = "";
    while (!take("}")) {
      boolean isNext = files.isEmpty() || take(",");
      if (!isNext || !take("\"")) {
        return null;
      }
      String name = text(RoleReader.MAX_FILE_NAME);
      if (name == null || !name.endsWith(".json") || name.compareTo(before) <= 0) {
        return null;
      }
      before = name;
      if (!take(":{\"version\":")) {
        return null;
      }
      long version = number();
      if (version < 1 || !take("}")) {
        return null;
      }
      if (last == null || last.version() != version) {
        last = new Role.MetaFile(version, null, NO_HASHES);
      }
      files.put(name, last);
    }
    return files;
  }

  /** Whether the bytes that come next are these; then they are passed over. */
  private boolean take(String expected) {
    int length = expected.length();
    if (document.length - at < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (document[at + i] != expected.charAt(i)) {
        return false;
      }
    }
    at += length;
    return true;
  }

  /** A text of plain letters up to its quotation mark, which is passed over; null for others. */
  private @Nullable String text(int most) {
    int from = at;
    while (at < document.length && isPlain(document[at])) {
      at++;
    }
    if (at == document.length || document[at] != '"' || at - from > most) {
      return null;
    }
    String text = new String(document, from, at - from, StandardCharsets.ISO_8859_1);
    at++;
    return text;
  }

  /** No letter that JSON or the canonical form write in another way, or order in two. */
  private static boolean isPlain(byte letter) {
    return letter > ' ' && letter < 0x7f && letter != '"' && letter != '\\';
  }

  private boolean isHex(int from, int to) {
    for (int i = from; i < to; i++) {
      byte letter = document[i];
      if ((letter < '0' || letter > '9') && (letter < 'a' || letter > 'f')) {
        return false;
      }
    }
    return (to - from) % 2 == 0;
  }

  /** A number from 1 on without leading zeros; −1 for anything else. */
  private long number() {
    int from = at;
    long number = 0;
    while (at < document.length && document[at] >= '0' && document[at] <= '9') {
      number = number * 10 + (document[at] - '0');
      at++;
      if (at - from > MAX_DIGITS) {
        return -1;
      }
    }
    return at == from || document[from] == '0' ? -1 : number;
  }
}
