package dev.raya.signing.statement;

import dev.raya.cache.digest.Digest;

/**
 * One native blob of a version, as statements name it.
 *
 * @param module name of the native module
 * @param target platform, such as {@code linux-x64}
 * @param digest of the library file
 */
public record NativeSubject(String module, String target, Digest digest)
    implements Comparable<NativeSubject> {
  private static final int MAX_NAME = 64;

  /**
   * Checks the names, which stand in a package URL.
   *
   * @throws IllegalArgumentException if the module is not {@code [a-z][a-z0-9_]{0,63}} or the
   *     target has other characters than lower-case letters, digits and {@code -}
   */
  public NativeSubject {
    if (!isName(module, '_') || !isName(target, '-')) {
      throw new IllegalArgumentException(
          "not a native module and target: \"" + module + "\", \"" + target + '"');
    }
  }

  private static boolean isName(String text, char separator) {
    if (text.isEmpty()
        || text.length() > MAX_NAME
        || text.charAt(0) < 'a'
        || text.charAt(0) > 'z') {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != separator) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(NativeSubject other) {
    int byModule = module.compareTo(other.module);
    return byModule != 0 ? byModule : target.compareTo(other.target);
  }
}
