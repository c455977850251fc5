package dev.raya.cache.archive;

/** The uses of the archive format; they differ in limits and in how hard the writer compresses. */
public enum ArchiveKind {
  /**
   * A package: 64 MiB packed, 512 MiB unpacked, 20 000 entries, level 3 (packages.md section 5).
   */
  PACKAGE(new ArchiveLimits(64L << 20, 512L << 20, 20_000), 3, 0),

  /**
   * A toolchain bundle: 256 MiB packed, 1 GiB unpacked, 50 000 entries, level 19 with a window of 8
   * MiB (toolchain.md section 2). Which files are executable stands in its {@code toolchain.json}.
   */
  TOOLCHAIN(new ArchiveLimits(256L << 20, 1L << 30, 50_000), 19, 23),

  /**
   * A kit of {@code cache export}, which holds packages packed already: 4 GiB packed and unpacked,
   * 200 000 entries, level 1.
   */
  KIT(new ArchiveLimits(4L << 30, 4L << 30, 200_000), 1, 0);

  private final ArchiveLimits limits;
  private final int level;
  private final int windowLog;

  ArchiveKind(ArchiveLimits limits, int level, int windowLog) {
    this.limits = limits;
    this.level = level;
    this.windowLog = windowLog;
  }

  /** Most compressed bytes, for callers that cut a transfer off. */
  public long maxPacked() {
    return limits.packed();
  }

  /** Most bytes that so many compressed ones may become, for callers that set space aside. */
  public long maxUnpacked(long packed) {
    return Math.min(
        limits.unpacked(), Math.max(ArchiveLimits.RATIO_FROM, ArchiveLimits.RATIO * packed));
  }

  ArchiveLimits limits() {
    return limits;
  }

  /** The Zstandard level of the writer. */
  int level() {
    return level;
  }

  /** Binary logarithm of the writer's window; 0 = the level's own. */
  int windowLog() {
    return windowLog;
  }
}
