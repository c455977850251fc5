package dev.raya.vm.host;

import org.jspecify.annotations.Nullable;

/** A failure of a {@link HostCalls} function that the program sees as an error object. */
public final class HostFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String errorClass;
  private final String code;
  private final @Nullable String path;

  /**
   * Makes a failure.
   *
   * @param errorClass the class of {@code raya:core}: IOError, TimeoutError, SyntaxError,
   *     RangeError, TypeError or Error
   * @param code the code of an IOError, such as {@code ENOENT}; else empty
   * @param path the file it is about, or null
   */
  public HostFailure(String errorClass, String code, @Nullable String path, String message) {
    super(message, null, false, false);
    this.errorClass = errorClass;
    this.code = code;
    this.path = path;
  }

  /** Returns the class of the error. */
  public String errorClass() {
    return errorClass;
  }

  /** Returns the code of an IOError. */
  public String code() {
    return code;
  }

  /** Returns the file it is about, or null. */
  public @Nullable String path() {
    return path;
  }
}
