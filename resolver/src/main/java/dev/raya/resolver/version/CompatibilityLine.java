package dev.raya.resolver.version;

/**
 * The versions that may replace each other: those with the same left-most non-zero number ({@code
 * 1.x} → {@code 1}, {@code 0.3.x} → {@code 0.3}, {@code 0.0.4} → {@code 0.0.4}).
 *
 * @param text the leading numbers up to the first that is not zero
 */
public record CompatibilityLine(String text) {

  /** The line of a version. */
  public static CompatibilityLine of(Version version) {
    if (!version.major().equals("0")) {
      return new CompatibilityLine(version.major());
    }
    return new CompatibilityLine(
        version.minor().equals("0") ? "0.0." + version.patch() : "0." + version.minor());
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
