package dev.raya.registry.web;

import dev.raya.registry.http.Times;
import dev.raya.registry.search.PackageSearch;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What the pages show of things, as text. */
final class Shown {
  private Shown() {}

  /**
   * A package in a list.
   *
   * @param name its name
   * @param version its newest version
   * @param description one line
   * @param license SPDX expression, or empty
   * @param day when that version was published
   * @param time the same, RFC 3339
   */
  record Hit(
      String name, String version, String description, String license, String day, String time) {}

  static List<Hit> hits(List<PackageSearch.Hit> hits) {
    return hits.stream()
        .map(
            hit ->
                new Hit(
                    hit.name(),
                    hit.version(),
                    hit.description(),
                    hit.license(),
                    Times.day(hit.updated()),
                    Times.text(hit.updated())))
        .toList();
  }

  /** A size for people: {@code 18.2 kB}. */
  static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** A count with thin groups: {@code 12 345}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u2009');
  }

  static String day(Instant time) {
    return Times.day(time);
  }
}
