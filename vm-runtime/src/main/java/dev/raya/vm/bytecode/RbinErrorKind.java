package dev.raya.vm.bytecode;

/** The kinds of fault a module can have ({@code rbin.md} 8). */
public enum RbinErrorKind {
  TRUNCATED_FILE("TruncatedFile"),
  TRAILING_DATA("TrailingData"),
  BAD_MAGIC("BadMagic"),
  UNSUPPORTED_VERSION("UnsupportedVersion"),
  CHECKSUM_MISMATCH("ChecksumMismatch"),
  BAD_SECTION("BadSection"),
  UNKNOWN_SECTION("UnknownSection"),
  MISSING_SECTION("MissingSection"),
  LIMIT_EXCEEDED("LimitExceeded"),
  BAD_CONSTANT("BadConstant"),
  NON_CANONICAL("NonCanonical"),
  BAD_INDEX("BadIndex"),
  BAD_TYPE("BadType"),
  BAD_CLASS("BadClass"),
  BAD_OPCODE("BadOpcode"),
  BAD_OPERAND("BadOperand"),
  BAD_JUMP("BadJump"),
  FALL_THROUGH("FallThrough"),
  STACK_UNDERFLOW("StackUnderflow"),
  STACK_OVERFLOW("StackOverflow"),
  BAD_FUNCTION("BadFunction"),
  TYPE_MISMATCH("TypeMismatch"),
  MERGE_MISMATCH("MergeMismatch"),
  BAD_HANDLER("BadHandler"),
  READ_ONLY_STORE("ReadOnlyStore"),
  BAD_EXPORT("BadExport"),
  MISSING_IMPORT("MissingImport"),
  SIGNATURE_MISMATCH("SignatureMismatch"),
  IMPORT_CYCLE("ImportCycle"),
  CAPABILITY_DENIED("CapabilityDenied"),
  NATIVE_ABI_MISMATCH("NativeAbiMismatch"),
  BAD_DEBUG_INFO("BadDebugInfo");

  private final String label;

  RbinErrorKind(String label) {
    this.label = label;
  }

  /** The name in the specification. */
  public String label() {
    return label;
  }

  /** The error code: {@code RAYA-RBIN-} and the label. */
  public String code() {
    return "RAYA-RBIN-" + label;
  }
}
