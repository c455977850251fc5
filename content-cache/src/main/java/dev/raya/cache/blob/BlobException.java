package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;
import java.io.IOException;

/** A blob that is not what it should be. */
public abstract sealed class BlobException extends IOException {
  private static final long serialVersionUID = 1L;

  private BlobException(String message) {
    super(message);
  }

  /** The bytes have another digest than the one they were to have (RAYA-PKG-009). */
  public static final class Mismatch extends BlobException {
    private static final long serialVersionUID = 1L;
    private final transient Digest expected;
    private final transient Digest found;

    /** Makes the exception. */
    public Mismatch(Digest expected, Digest found) {
      super("expected a blob " + expected + ", found " + found);
      this.expected = expected;
      this.found = found;
    }

    /** The code {@code RAYA-PKG-009}. */
    public String code() {
      return "RAYA-PKG-009";
    }

    /** The digest the bytes were to have. */
    public Digest expected() {
      return expected;
    }

    /** The digest they have. */
    public Digest found() {
      return found;
    }
  }

  /** More bytes came than were allowed. */
  public static final class TooLarge extends BlobException {
    private static final long serialVersionUID = 1L;
    private final long limit;

    /** Makes the exception. */
    public TooLarge(long limit) {
      super("expected at most " + limit + " bytes, found more");
      this.limit = limit;
    }

    /** The most bytes that were allowed. */
    public long limit() {
      return limit;
    }
  }

  /** The store has no blob of that digest. */
  public static final class Absent extends BlobException {
    private static final long serialVersionUID = 1L;
    private final transient Digest digest;

    /** Makes the exception. */
    public Absent(Digest digest) {
      super("there is no blob " + digest);
      this.digest = digest;
    }

    /** The digest asked for. */
    public Digest digest() {
      return digest;
    }
  }
}
