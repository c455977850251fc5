package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The state of a log at one time (C2SP tlog-checkpoint).
 *
 * @param origin the log's name
 * @param size number of leaves
 * @param root of the tree of that size
 * @param extensions further lines, which nobody audits
 */
public record Checkpoint(String origin, long size, Digest root, List<String> extensions) {
  private static final int HASH_BYTES = 32;

  /** Copies the list in. */
  public Checkpoint {
    if (origin.isEmpty() || size < 0) {
      throw new IllegalArgumentException("a checkpoint has an origin and a size");
    }
    extensions = List.copyOf(extensions);
  }

  /**
   * Reads the text of a note.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is no checkpoint
   */
  public static Checkpoint parse(String text) throws SigningException {
    if (!text.endsWith("\n")) {
      throw refused("the last line does not end");
    }
    List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
    if (lines.size() < 3 || lines.stream().anyMatch(String::isEmpty)) {
      throw refused("expected at least three lines, none empty");
    }
    long size = decimal(lines.get(1));
    if (size < 0) {
      throw refused("malformed size \"" + lines.get(1) + '"');
    }
    return new Checkpoint(
        lines.getFirst(), size, hash(lines.get(2)), lines.subList(3, lines.size()));
  }

  /**
   * Reads a checkpoint signed by a log.
   *
   * @param log the log's key; its name is the origin
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is none, is another log's, or does
   *     not verify
   */
  public static Checkpoint verified(byte[] note, List<NoteKey> logs) throws SigningException {
    SignedNote signed = SignedNote.parse(note);
    Checkpoint checkpoint = parse(signed.text());
    checkpoint.requireLog(signed, logs);
    return checkpoint;
  }

  /** A log must have signed under its own origin. */
  void requireLog(SignedNote signed, List<NoteKey> logs) throws SigningException {
    if (signed.signers(logs).stream().noneMatch(key -> key.name().equals(origin))) {
      throw refused("it is not signed by a known key of " + origin);
    }
  }

  /** The text that is signed. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(origin).append('\n').append(size).append('\n');
    text.append(Base64.getEncoder().encodeToString(root.bytes())).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** A decimal number below 2^63 without leading zeros, or -1. */
  static long decimal(String text) {
    if (text.isEmpty()
        || text.length() > 19
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }

  /**
   * A hash in Base64.
   *
   * @throws SigningException if it is none of 32 bytes
   */
  public static Digest hash(String text) throws SigningException {
    byte[] bytes = NoteKey.base64(text);
    if (bytes == null || bytes.length != HASH_BYTES) {
      throw refused("malformed hash \"" + text + '"');
    }
    return new Digest(HexFormat.of().formatHex(bytes));
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "checkpoint: " + why);
  }
}
