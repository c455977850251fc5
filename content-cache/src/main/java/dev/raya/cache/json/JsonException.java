package dev.raya.cache.json;

/** Bytes that are not the JSON a reader asked for: malformed, over a limit, or of another shape. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;
  private final long offset;

  /**
   * Makes the exception.
   *
   * @param message what was expected and what was found
   * @param offset byte offset in the document, or −1 where the fault is one of shape
   */
  public JsonException(String message, long offset) {
    super(offset < 0 ? message : message + " at byte " + offset);
    this.offset = offset;
  }

  /** Byte offset of the fault, or −1 if it is one of shape. */
  public long offset() {
    return offset;
  }
}
