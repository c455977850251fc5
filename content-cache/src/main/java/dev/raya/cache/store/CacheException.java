package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.nio.file.Path;

/** A fault of the home folder or of what lies in its cache. */
public abstract sealed class CacheException extends IOException {
  private static final long serialVersionUID = 1L;
  private final String code;

  private CacheException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** The home folder, or a part of it, is unsafe or cannot be written (RAYA-PKG-017). */
  public static final class UnsafeHome extends CacheException {
    private static final long serialVersionUID = 1L;
    private final transient Path path;

    /**
     * Makes the exception.
     *
     * @param path what is at fault
     * @param fault what is wrong with it, to follow its path
     */
    public UnsafeHome(Path path, String fault) {
      super("RAYA-PKG-017", path + " " + fault);
      this.path = path;
    }

    /** What is at fault. */
    public Path path() {
      return path;
    }
  }

  /** The bytes, or the files inside, have another digest than expected (RAYA-PKG-009). */
  public static final class Mismatch extends CacheException {
    private static final long serialVersionUID = 1L;
    private final transient Digest expected;
    private final transient Digest found;

    /**
     * Makes the exception.
     *
     * @param what {@code archive}, {@code tree} or {@code library}
     */
    public Mismatch(String what, Digest expected, Digest found) {
      super("RAYA-PKG-009", what + ": expected " + expected + ", found " + found);
      this.expected = expected;
      this.found = found;
    }

    /** The digest that was asked for. */
    public Digest expected() {
      return expected;
    }

    /** The digest that the bytes have. */
    public Digest found() {
      return found;
    }
  }

  /** An entry does not hold what was put there (RAYA-PKG-015); it has been moved out. */
  public static final class Damaged extends CacheException {
    private static final long serialVersionUID = 1L;
    private final transient Digest entry;
    private final transient Path movedTo;

    /**
     * Makes the exception.
     *
     * @param entry the entry's checksum
     * @param fault expected and found
     * @param movedTo where the entry lies now
     */
    public Damaged(Digest entry, String fault, Path movedTo) {
      super(
          "RAYA-PKG-015",
          "cache entry " + entry + " is damaged: " + fault + "; it was moved to " + movedTo);
      this.entry = entry;
      this.movedTo = movedTo;
    }

    /** The entry's checksum. */
    public Digest entry() {
      return entry;
    }

    /** Where the entry lies now. */
    public Path movedTo() {
      return movedTo;
    }
  }
}
