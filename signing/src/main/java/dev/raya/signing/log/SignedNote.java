package dev.raya.signing.log;

import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A text with signatures (C2SP signed-note). Reading it verifies nothing.
 *
 * @param text with its last newline
 * @param signatures at least one
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  /** Largest note that is read; post-quantum signatures have about 3.3 KB in Base64. */
  public static final int MAX_BYTES = 256 << 10;

  /** Most signatures of a note. */
  public static final int MAX_SIGNATURES = 64;

  private static final String DASH = "\u2014 ";

  /**
   * A line of a signature.
   *
   * @param name of the key
   * @param id of the key
   * @param bytes the signature itself
   */
  public record NoteSignature(String name, int id, byte[] bytes) {
    /** Copies the bytes in. */
    public NoteSignature {
      bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    /** The line with its newline. */
    public String line() {
      byte[] keyed =
          ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(id).put(bytes).array();
      return DASH + name + ' ' + Base64.getEncoder().encodeToString(keyed) + '\n';
    }
  }

  /** Copies the list in. */
  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /**
   * Reads a note.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is none
   */
  public static SignedNote parse(byte[] note) throws SigningException {
    if (note.length > MAX_BYTES) {
      throw refused("expected at most " + MAX_BYTES + " bytes, found " + note.length);
    }
    String all;
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(note));
      all = decoded.toString();
    } catch (CharacterCodingException malformed) {
      throw refused("it is not UTF-8");
    }
    if (all.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
      throw refused("it has control characters");
    }
    int blank = all.lastIndexOf("\n\n");
    if (blank < 0 || !all.endsWith("\n") || blank + 2 >= all.length()) {
      throw refused("expected a text, an empty line and signatures");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : all.substring(blank + 2, all.length() - 1).split("\n", -1)) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw refused("it has more than " + MAX_SIGNATURES + " signatures");
      }
      signatures.add(signature(line));
    }
    return new SignedNote(all.substring(0, blank + 1), signatures);
  }

  private static NoteSignature signature(String line) throws SigningException {
    int space = line.indexOf(' ', DASH.length());
    if (!line.startsWith(DASH) || space < 0) {
      throw refused("malformed signature line");
    }
    String name = line.substring(DASH.length(), space);
    byte[] bytes = NoteKey.base64(line.substring(space + 1));
    if (!NoteKey.isName(name) || bytes == null || bytes.length <= Integer.BYTES) {
      throw refused("malformed signature of " + name);
    }
    return new NoteSignature(
        name,
        ByteBuffer.wrap(bytes).getInt(),
        Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length));
  }

  /** The note with one more signature. */
  public SignedNote with(NoteSignature signature) {
    List<NoteSignature> all = new ArrayList<>(signatures);
    all.add(signature);
    return new SignedNote(text, all);
  }

  /** The whole note, as it is served. */
  public String document() {
    StringBuilder out = new StringBuilder(text).append('\n');
    for (NoteSignature signature : signatures) {
      out.append(signature.line());
    }
    return out.toString();
  }

  /**
   * The known keys that signed the note.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if a signature that claims to be a known
   *     key's does not verify
   */
  public Set<NoteKey> signers(List<NoteKey> known) throws SigningException {
    Set<NoteKey> signers = new LinkedHashSet<>();
    for (NoteSignature signature : signatures) {
      for (NoteKey key : known) {
        if (key.id() == signature.id() && key.name().equals(signature.name())) {
          if (!key.verifies(text, signature.bytes())) {
            throw refused("the signature of " + key.name() + " does not verify");
          }
          signers.add(key);
        }
      }
    }
    return signers;
  }

  /**
   * The known keys that signed the note, at least one.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if there is none, or one's signature does
   *     not verify
   */
  public Set<NoteKey> requireSigner(List<NoteKey> known) throws SigningException {
    Set<NoteKey> signers = signers(known);
    if (signers.isEmpty()) {
      throw refused("no known key signed it");
    }
    return signers;
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "signed note: " + why);
  }
}
