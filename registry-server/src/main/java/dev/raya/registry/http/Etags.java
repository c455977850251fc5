package dev.raya.registry.http;

import org.jspecify.annotations.Nullable;

/** Comparison of entity tags (RFC 9110, section 13.1.2). */
public final class Etags {
  private Etags() {}

  /**
   * Whether If-None-Match names the tag; weak comparison, as that header asks.
   *
   * @param header the header's value, or null if there is none
   * @param etag the strong tag with its quotes
   */
  public static boolean matches(@Nullable String header, String etag) {
    if (header == null) {
      return false;
    }
    if (header.strip().equals("*")) {
      return true;
    }
    for (String candidate : header.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals(etag) || (tag.startsWith("W/") && tag.substring(2).equals(etag))) {
        return true;
      }
    }
    return false;
  }
}
