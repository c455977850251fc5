package dev.raya.resolver.oracle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A version by the rules of semver.org; build metadata is dropped. */
record PlainVersion(long major, long minor, long patch, List<String> pre)
    implements Comparable<PlainVersion> {

  static PlainVersion of(String text) {
    String plain = text.split("\\+", 2)[0];
    String[] halves = plain.split("-", 2);
    String[] numbers = halves[0].split("\\.");
    return new PlainVersion(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Long.parseLong(numbers[2]),
        halves.length == 1 ? List.of() : List.of(halves[1].split("\\.")));
  }

  boolean isPreRelease() {
    return !pre.isEmpty();
  }

  boolean sameCore(PlainVersion other) {
    return major == other.major && minor == other.minor && patch == other.patch;
  }

  /** The left-most component that is not zero, with what is before it. */
  String group() {
    if (major != 0) {
      return Long.toString(major);
    }
    return minor != 0 ? "0." + minor : "0.0." + patch;
  }

  @Override
  public int compareTo(PlainVersion other) {
    int order = Long.compare(major, other.major);
    order = order != 0 ? order : Long.compare(minor, other.minor);
    order = order != 0 ? order : Long.compare(patch, other.patch);
    if (order != 0) {
      return order;
    }
    if (pre.isEmpty() || other.pre.isEmpty()) {
      return Boolean.compare(pre.isEmpty(), other.pre.isEmpty());
    }
    for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
      order = identifiers(pre.get(i), other.pre.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(pre.size(), other.pre.size());
  }

  private static int identifiers(String a, String b) {
    boolean numberA = a.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean numberB = b.chars().allMatch(c -> c >= '0' && c <= '9');
    if (numberA && numberB) {
      return new BigInteger(a).compareTo(new BigInteger(b));
    }
    return numberA == numberB ? a.compareTo(b) : numberA ? -1 : 1;
  }

  /** Versions next to this one, to tell ranges apart. */
  List<PlainVersion> neighbours() {
    List<PlainVersion> near = new ArrayList<>(List.of(this));
    near.add(new PlainVersion(major, minor, patch, List.of("0")));
    near.add(new PlainVersion(major, minor, patch, List.of("zz")));
    near.add(new PlainVersion(major, minor, patch, List.of()));
    near.add(new PlainVersion(major, minor, patch + 1, List.of("0")));
    near.add(new PlainVersion(major, minor, patch + 1, List.of()));
    if (!pre.isEmpty()) {
      List<String> longer = new ArrayList<>(pre);
      longer.add("0");
      near.add(new PlainVersion(major, minor, patch, List.copyOf(longer)));
    }
    return near;
  }
}
