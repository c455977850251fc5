package dev.raya.resolver.name;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name of a package, {@code name} or {@code @scope/name} (packages.md section 1).
 *
 * @param text the name as written; each part {@code [a-z][a-z0-9]*([-_][a-z0-9]+)*}, 2 to 64
 *     characters, a scope 2 to 39
 */
public record PackageName(String text) implements Comparable<PackageName> {
  private static final int MIN_PART = 2;
  private static final int MAX_PART = 64;
  private static final int MAX_SCOPE = 39;
  private static final String FILE_SEPARATOR = "__";

  private static final Set<String> RESERVED =
      Set.of(
          "raya",
          "rayac",
          "raya-pm",
          "native",
          "host",
          "std",
          "core",
          "internal",
          "con",
          "prn",
          "aux",
          "nul");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if the text is no package name
   */
  public PackageName {
    if (!isName(text)) {
      throw new IllegalArgumentException("not a package name: " + NameException.quote(text));
    }
  }

  /**
   * Reads a name.
   *
   * @throws NameException if the text is no package name
   */
  public static PackageName parse(String text) throws NameException {
    if (!isName(text)) {
      throw new NameException(
          "expected a package name such as logging or @acme/logging (parts of lower-case letters"
              + " and digits joined by single - or _, 2 to 64 characters, a scope 2 to 39), found "
              + NameException.quote(text));
    }
    return new PackageName(text);
  }

  /** The name the text is, or null if it is none. */
  public static @Nullable PackageName tryParse(String text) {
    return isName(text) ? new PackageName(text) : null;
  }

  /**
   * The name that somebody probably meant: with small letters, and one {@code -} for what may not
   * stand in a name.
   *
   * @return null if that is no name either
   */
  public static @Nullable PackageName nearest(String text) {
    if (text.length() > MAX_SCOPE + MAX_PART + 2) {
      return null;
    }
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int slash = lower.startsWith("@") ? lower.indexOf('/') : -1;
    String scope = slash < 0 ? "" : '@' + nearestPart(lower.substring(1, slash)) + '/';
    return tryParse(scope + nearestPart(lower.substring(slash + 1)));
  }

  /** The text of {@link #nearest}, or null. */
  public static @Nullable String nearestText(String text) {
    PackageName near = nearest(text);
    return near == null ? null : near.text();
  }

  private static String nearestPart(String part) {
    return part.replaceAll("[^a-z0-9_-]+", "-")
        .replaceAll("[-_]*-[-_]*", "-")
        .replaceAll("_+", "_")
        .replaceAll("^[^a-z]+|[-_]+$", "");
  }

  /**
   * Reads the form used in file names, {@code @scope__name}.
   *
   * @throws NameException if the text is not of that form
   */
  public static PackageName parseFileForm(String text) throws NameException {
    int split = text.startsWith("@") ? text.indexOf(FILE_SEPARATOR) : -1;
    return parse(
        split < 0
            ? text
            : text.substring(0, split) + '/' + text.substring(split + FILE_SEPARATOR.length()));
  }

  private static boolean isName(String text) {
    if (!text.startsWith("@")) {
      return isPart(text, 0, text.length(), MAX_PART);
    }
    int slash = text.indexOf('/');
    return slash > 0
        && isPart(text, 1, slash, MAX_SCOPE)
        && isPart(text, slash + 1, text.length(), MAX_PART);
  }

  private static boolean isPart(String text, int start, int end, int max) {
    if (end - start < MIN_PART || end - start > max || !isLetter(text.charAt(start))) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean joint = c == '-' || c == '_';
      if (joint && (i + 1 == end || !isLetterOrDigit(text.charAt(i + 1)))) {
        return false;
      }
      if (!joint && !isLetterOrDigit(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isLetterOrDigit(char c) {
    return isLetter(c) || (c >= '0' && c <= '9');
  }

  // As a record's own, which the platform makes at run time: names are the keys of most maps here.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackageName(String same) && text.equals(same);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The scope without {@code @}, or null if there is none. */
  public @Nullable String scope() {
    return text.startsWith("@") ? text.substring(1, text.indexOf('/')) : null;
  }

  /** The name without its scope. */
  public String simpleName() {
    return text.substring(text.indexOf('/') + 1);
  }

  /** The form for file names and paths: {@code @scope__name}. */
  public String fileForm() {
    return text.replace("/", FILE_SEPARATOR);
  }

  /** Path of the index document below {@code index/}: {@code p1/p2/file} (registry.md 1.1). */
  public String indexPath() {
    String hex = Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    return hex.substring(0, 2) + '/' + hex.substring(2, 4) + '/' + fileForm();
  }

  /** The package URL of a version: {@code pkg:raya/%40scope/name@1.2.3}. */
  public String purl(Version version) {
    return "pkg:raya/" + text.replace("@", "%40") + '@' + version.text().replace("+", "%2B");
  }

  /**
   * What colliding names share: names that differ only in {@code -}/{@code _} or in {@code 0o} and
   * {@code 1l} have the same skeleton, and the registry takes only the first of them.
   */
  public String skeleton() {
    return text.replace('-', '_').replace('0', 'o').replace('1', 'l');
  }

  /** Whether the two names may not exist beside each other. */
  public boolean collidesWith(PackageName other) {
    return !equals(other) && skeleton().equals(other.skeleton());
  }

  /**
   * Whether nobody may publish under it: a standard module's name or a Windows device, as the name
   * or as the scope.
   */
  public boolean isReserved() {
    String scope = scope();
    return isReserved(simpleName()) || (scope != null && isReserved(scope));
  }

  private static boolean isReserved(String part) {
    String lower = part.toLowerCase(Locale.ROOT);
    boolean port =
        lower.length() == 4
            && (lower.startsWith("com") || lower.startsWith("lpt"))
            && Character.isDigit(lower.charAt(3));
    return port || RESERVED.contains(lower);
  }

  @Override
  public int compareTo(PackageName other) {
    return text.compareTo(other.text);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
