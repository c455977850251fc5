package dev.raya.resolver.oracle;

import java.util.ArrayList;
import java.util.List;

/** A range of the format: alternatives of conjunctions of comparators. */
record PlainRange(List<List<Comparator>> alternatives) {

  record Comparator(String sign, PlainVersion bound) {
    boolean holds(PlainVersion version) {
      int order = version.compareTo(bound);
      return switch (sign) {
        case ">=" -> order >= 0;
        case ">" -> order > 0;
        case "<=" -> order <= 0;
        case "<" -> order < 0;
        case "=" -> order == 0;
        default -> throw new IllegalStateException(sign);
      };
    }
  }

  static PlainRange of(String text) {
    List<List<Comparator>> alternatives = new ArrayList<>();
    if (text.equals("none")) {
      return new PlainRange(alternatives);
    }
    for (String alternative : text.split("\\|\\|")) {
      List<Comparator> all = new ArrayList<>();
      for (String word : alternative.strip().split(" +")) {
        if (!word.equals("*")) {
          int digits = 0;
          while (!Character.isDigit(word.charAt(digits))) {
            digits++;
          }
          all.add(
              new Comparator(word.substring(0, digits), PlainVersion.of(word.substring(digits))));
        }
      }
      alternatives.add(all);
    }
    return new PlainRange(alternatives);
  }

  boolean contains(PlainVersion version) {
    return alternatives.stream().anyMatch(all -> all.stream().allMatch(c -> c.holds(version)));
  }

  /** Whether a version matches where pre-releases must be asked for. */
  boolean matchesGated(PlainVersion version) {
    return alternatives.stream()
        .anyMatch(
            all ->
                all.stream().allMatch(c -> c.holds(version))
                    && (!version.isPreRelease()
                        || all.stream()
                            .anyMatch(c -> c.bound.isPreRelease() && c.bound.sameCore(version))));
  }

  /** Whether both mean the same versions, those of a list and those next to any bound. */
  boolean means(PlainRange other, Iterable<PlainVersion> versions) {
    List<PlainVersion> points = new ArrayList<>();
    versions.forEach(points::add);
    for (PlainRange range : List.of(this, other)) {
      range.alternatives.forEach(all -> all.forEach(c -> points.addAll(c.bound.neighbours())));
    }
    return points.stream().allMatch(point -> contains(point) == other.contains(point))
        && points.stream().allMatch(point -> matchesGated(point) == other.matchesGated(point));
  }
}
