package dev.raya.vm.bytecode;

/**
 * Why bytes are not a valid module ({@code rbin.md} 8). Its code is {@code RAYA-RBIN-} and the name
 * of the kind. A module from outside that fails this way is an ordinary event, not a defect.
 */
public final class RbinException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RbinErrorKind kind;
  private final String section;
  private final int function;
  private final long offset;
  private final String detail;

  /**
   * @param section tag of the section, {@code header}, or {@code link}
   * @param function index of the local function, or -1
   * @param offset byte offset in the function if there is one, else in the section or file; -1 if
   *     unknown
   */
  public RbinException(
      RbinErrorKind kind, String section, int function, long offset, String detail) {
    super(text(kind, section, function, offset, detail));
    this.kind = kind;
    this.section = section;
    this.function = function;
    this.offset = offset;
    this.detail = detail;
  }

  private static String text(
      RbinErrorKind kind, String section, int function, long offset, String detail) {
    StringBuilder text = new StringBuilder(kind.label()).append(" in ").append(section);
    if (function >= 0) {
      text.append(", function ").append(function);
    }
    if (offset >= 0) {
      text.append(", offset ").append(offset);
    }
    return text.append(": ").append(detail).toString();
  }

  /** The error code, {@code RAYA-RBIN-BadMagic} for instance. */
  public String code() {
    return kind.code();
  }

  /** The kind of fault. */
  public RbinErrorKind kind() {
    return kind;
  }

  /** The section's tag, {@code header} or {@code link}. */
  public String section() {
    return section;
  }

  /** The local function, or -1. */
  public int function() {
    return function;
  }

  /** The byte offset in function, section or file, or -1. */
  public long offset() {
    return offset;
  }

  /** What was expected and what was found, without the place. */
  public String detail() {
    return detail;
  }
}
