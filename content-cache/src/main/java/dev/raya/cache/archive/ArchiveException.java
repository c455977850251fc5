package dev.raya.cache.archive;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An archive that is refused: which entry, and which rule it breaks. An {@link IOException} so that
 * it can surface from the stream an entry is read from.
 */
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String entry;
  private final String rule;

  /**
   * Makes the exception.
   *
   * @param entry the entry's name as far as it is known, control characters replaced; null where
   *     the archive as a whole is at fault
   * @param rule what the rule is and what was found instead
   */
  public ArchiveException(@Nullable String entry, String rule) {
    super(
        entry == null
            ? "archive refused: " + rule
            : "archive refused: entry \"" + printable(entry) + "\": " + rule);
    this.entry = entry == null ? null : printable(entry);
    this.rule = rule;
  }

  /** The code {@code RAYA-PKG-008}. */
  public String code() {
    return "RAYA-PKG-008";
  }

  /** The entry's name, printable; null where the archive as a whole is at fault. */
  public @Nullable String entry() {
    return entry;
  }

  /** The rule that is broken, and what was found instead. */
  public String rule() {
    return rule;
  }

  /** A name as it may be shown: nothing that could steer a terminal, and of bounded length. */
  private static String printable(String name) {
    StringBuilder out = new StringBuilder();
    name.codePoints()
        .limit(120)
        .forEach(
            cp -> {
              if (Character.isISOControl(cp) || EntryName.isUnassignedOrHidden(cp)) {
                out.append('\uFFFD');
              } else {
                out.appendCodePoint(cp);
              }
            });
    return out.toString();
  }
}
