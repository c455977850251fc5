package dev.raya.resolver.version;

import java.math.BigInteger;

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

  /** The first version of the next line: where what breaks users belongs. */
  public String next() {
    String[] numbers = text.split("\\.", -1);
    int last = numbers.length - 1;
    numbers[last] = new BigInteger(numbers[last]).add(BigInteger.ONE).toString();
    return String.join(".", numbers) + ".0".repeat(2 - last);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
