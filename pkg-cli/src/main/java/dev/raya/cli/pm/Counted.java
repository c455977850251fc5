package dev.raya.cli.pm;

/** Numbers with what they count. */
public final class Counted {
  private Counted() {}

  /** So many entries of the cache. */
  public static String entries(long count) {
    return count + (count == 1 ? " entry" : " entries");
  }
}
