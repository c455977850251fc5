package dev.raya.cache.archive;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/**
 * The rules on names of entries; names are taken as they are, never decoded, expanded or repaired.
 */
final class EntryName {
  private static final String FORBIDDEN = "\\:*?\"<>|";

  /** Names that Windows gives to devices, whatever follows the first dot. */
  private static final Set<String> DEVICES = devices();

  private EntryName() {}

  /**
   * Checks a path without a trailing slash.
   *
   * @throws ArchiveException naming the rule
   */
  static void check(String path) throws ArchiveException {
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > ArchiveLimits.PATH) {
      throw new ArchiveException(
          path, "a path has at most " + ArchiveLimits.PATH + " bytes, found " + bytes);
    }
    if (path.startsWith("/")) {
      throw new ArchiveException(path, "names are relative, found a leading /");
    }
    for (int i = 0; i < path.length(); ) {
      int cp = path.codePointAt(i);
      if (FORBIDDEN.indexOf(cp) >= 0 || Character.isISOControl(cp) || isUnassignedOrHidden(cp)) {
        throw new ArchiveException(path, "names have no character U+%04X".formatted(cp));
      }
      i += Character.charCount(cp);
    }
    if (!Normalizer.isNormalized(path, Normalizer.Form.NFKC)) {
      throw new ArchiveException(path, "names equal their own NFKC form");
    }
    String[] components = path.split("/", -1);
    if (components.length > ArchiveLimits.DEPTH) {
      throw new ArchiveException(
          path,
          "a path has at most " + ArchiveLimits.DEPTH + " components, found " + components.length);
    }
    for (String component : components) {
      checkComponent(path, component);
    }
  }

  private static void checkComponent(String path, String component) throws ArchiveException {
    switch (component) {
      case "" -> throw new ArchiveException(path, "names have no empty component");
      case ".", ".." ->
          throw new ArchiveException(path, "names have no component \"" + component + '"');
      default -> {}
    }
    if (component.endsWith(".") || component.endsWith(" ")) {
      throw new ArchiveException(path, "no component ends in a dot or a space");
    }
    int dot = component.indexOf('.');
    String stem = (dot < 0 ? component : component.substring(0, dot)).stripTrailing();
    if (DEVICES.contains(stem.toUpperCase(Locale.ROOT))) {
      throw new ArchiveException(path, "no component is a Windows device name, found " + stem);
    }
  }

  /** Categories Cf, Cs, Co, Cn: what cannot be seen or has no meaning yet. */
  static boolean isUnassignedOrHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /**
   * The name under which collisions are found: equal for names that are equal after full default
   * case folding (Unicode, section 3.13).
   *
   * <p>The JDK has no folding. Simple lower case, full upper case, simple lower case per code point
   * puts the code points that are their own NFKC form into the same classes as Unicode 14's
   * CaseFolding does, once the dotted and the dotless i are taken out.
   */
  static String fold(String path) {
    StringBuilder out = new StringBuilder(path.length());
    path.codePoints()
        .forEach(
            cp -> {
              switch (cp) {
                case 0x130 -> out.append("i\u0307");
                case 0x131 -> out.append('\u0131');
                default ->
                    Character.toString(Character.toLowerCase(cp))
                        .toUpperCase(Locale.ROOT)
                        .codePoints()
                        .map(Character::toLowerCase)
                        .forEach(out::appendCodePoint);
              }
            });
    return out.toString();
  }

  private static Set<String> devices() {
    Set<String> names =
        new java.util.TreeSet<>(Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"));
    for (int i = 0; i <= 9; i++) {
      names.add("COM" + i);
      names.add("LPT" + i);
    }
    return Set.copyOf(names);
  }
}
