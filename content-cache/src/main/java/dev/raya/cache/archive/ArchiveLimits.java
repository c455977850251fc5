package dev.raya.cache.archive;

/**
 * How much an archive may hold. Every limit counts what has been read or written so far, never what
 * a header claims.
 *
 * @param packed most compressed bytes
 * @param unpacked most bytes of the tar archive inside
 * @param entries most entries, files and directories together
 */
record ArchiveLimits(long packed, long unpacked, int entries) {
  /** Most uncompressed bytes for one compressed byte, once {@link #RATIO_FROM} bytes are out. */
  static final int RATIO = 200;

  /** From here on the ratio counts, in uncompressed bytes. */
  static final long RATIO_FROM = 1 << 20;

  /** Longest path, in UTF-8 bytes. */
  static final int PATH = 255;

  /** Most components of a path. */
  static final int DEPTH = 32;

  /** Largest pax header, in bytes. */
  static final int PAX = 64 << 10;

  /** Largest window a frame may ask for, in bytes. */
  static final long WINDOW = 8 << 20;
}
