package dev.raya.registry.trust;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.NoteKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The witnesses besides the local one: lines {@code witness NAME VKEY [URL]} of the operator's
 * file, which stand in the log's policy too. Those with a URL are asked; the others bring what they
 * cosigned.
 */
public final class OtherWitnesses {
  /** Path below the data directory. */
  public static final String FILE = "trust/witnesses";

  private static final int MAX_WITNESSES = 32;

  private OtherWitnesses() {}

  /**
   * A witness.
   *
   * @param key what verifies its cosignatures
   * @param url where it takes checkpoints, without {@code add-checkpoint}; null if it is not asked
   * @param line as the policy has it
   */
  public record Other(NoteKey key, @Nullable URI url, String line) {}

  /** What verifies the cosignatures of these. */
  public static List<NoteKey> keys(List<Other> others) {
    return others.stream().map(Other::key).toList();
  }

  /**
   * Reads the file, in which no witness may be this registry's own: a strict client would have to
   * count it as somebody else's.
   *
   * @param origin the registry's own name
   * @throws IOException as {@link #read}, or if a line names a key of this registry
   */
  public static List<Other> notOwn(DataDirectory directory, String origin) throws IOException {
    List<Other> others = read(directory);
    for (Other other : others) {
      if (other.key().name().startsWith(LogNames.log(origin) + '/')) {
        throw new IOException(
            directory.root().resolve(FILE)
                + ": expected witnesses that others run, found this registry's own: \""
                + other.line()
                + '"');
      }
    }
    return others;
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read or a line is malformed
   */
  public static List<Other> read(DataDirectory directory) throws IOException {
    Path file = directory.root().resolve(FILE);
    List<Other> others = new ArrayList<>();
    if (!Files.exists(file)) {
      return others;
    }
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("[ \t]+");
      if (line.isBlank() || words[0].startsWith("#")) {
        continue;
      }
      if (words.length < 3
          || words.length > 4
          || !words[0].equals("witness")
          || words[1].equals(LogNames.LOCAL)
          || (words.length == 4 && !words[3].matches("https?://[^\\s]{1,500}"))
          || others.size() == MAX_WITNESSES) {
        throw new IOException(
            file + ": expected lines witness NAME VKEY [URL], found \"" + line + '"');
      }
      try {
        NoteKey key = NoteKey.parse(words[2]);
        if (!key.type().isCosignature()) {
          throw new IOException(file + ": expected a witness's key, found " + key.text());
        }
        others.add(
            new Other(
                key, words.length == 4 ? URI.create(words[3]) : null, String.join(" ", words)));
      } catch (SigningException | IllegalArgumentException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
    }
    return others;
  }
}
