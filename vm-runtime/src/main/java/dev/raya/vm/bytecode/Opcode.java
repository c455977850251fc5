package dev.raya.vm.bytecode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instruction table of {@code rbin.md} 4: the one machine-readable copy from which encoder,
 * decoder, verifier, disassembler, code generator and interpreter work. Number, operands and
 * meaning of an opcode never change.
 *
 * <p>The stack column is kept in the notation of the specification. Where it names predefined types
 * only, {@link #pops()} and {@link #push()} give the effect; otherwise {@link #isFixed()} is false
 * and the verifier has a rule of its own.
 */
public enum Opcode {
  // Constants 0x00–0x0F
  NOP(0x00, "→", "—"),
  CONST_I32(0x01, "→ int", "—", Operand.I32),
  CONST_F64(0x02, "→ number", "—", Operand.F64),
  CONST_NULL(0x03, "→ null", "—"),
  CONST_TRUE(0x04, "→ bool", "—"),
  CONST_FALSE(0x05, "→ bool", "—"),
  CONST_STR(0x06, "→ string", "—", Operand.CONST16),
  LOAD_CONST(0x07, "→ type of the entry", "—", Operand.CONST32),
  CONST_I8(0x08, "→ int", "—", Operand.I8),
  CONST_UNDEF(0x09, "→ json", "—"),
  // Stack and tests 0x10–0x1F
  POP(0x10, "A →", "—"),
  DUP(0x11, "A → A A", "—"),
  DUP2(0x12, "A B → A B A B", "—"),
  SWAP(0x13, "A B → B A", "—"),
  ROT(0x14, "A B C → B C A", "—"),
  OVER(0x15, "A B → A B A", "—"),
  TO_BOOL(0x16, "A → bool", "—"),
  JMP_IF_ARG(0x17, "→", "—", Operand.PARAM, Operand.JUMP),
  // int 0x20–0x2F (32-bit, two's complement, wrapping)
  IADD(0x20, "int int → int", "—"),
  ISUB(0x21, "int int → int", "—"),
  IMUL(0x22, "int int → int", "—"),
  IDIV(0x23, "int int → int", "DivisionByZero"),
  IMOD(0x24, "int int → int", "DivisionByZero"),
  INEG(0x25, "int → int", "—"),
  IINC(0x26, "int → int", "—"),
  IDEC(0x27, "int → int", "—"),
  IAND(0x28, "int int → int", "—"),
  IOR(0x29, "int int → int", "—"),
  IXOR(0x2A, "int int → int", "—"),
  INOT(0x2B, "int → int", "—"),
  ISHL(0x2C, "int int → int", "—"),
  ISHR(0x2D, "int int → int", "—"),
  IUSHR(0x2E, "int int → int", "—"),
  IINC_LOCAL(0x2F, "→", "—", Operand.LOCAL, Operand.I16),
  // number 0x30–0x3F (IEEE 754 binary64, strict, no fused multiply-add)
  FADD(0x30, "number number → number", "—"),
  FSUB(0x31, "number number → number", "—"),
  FMUL(0x32, "number number → number", "—"),
  FDIV(0x33, "number number → number", "—"),
  FMOD(0x34, "number number → number", "—"),
  FNEG(0x35, "number → number", "—"),
  FABS(0x36, "number → number", "—"),
  FSQRT(0x37, "number → number", "—"),
  FFLOOR(0x38, "number → number", "—"),
  FCEIL(0x39, "number → number", "—"),
  FROUND(0x3A, "number → number", "—"),
  FTRUNC(0x3B, "number → number", "—"),
  F2I(0x3D, "number → int", "RangeError"),
  I2N(0x3F, "int → number", "—"),
  // number 0x40–0x4F (binary64; whole values likely)
  NADD(0x40, "number number → number", "—"),
  NSUB(0x41, "number number → number", "—"),
  NMUL(0x42, "number number → number", "—"),
  NDIV(0x43, "number number → number", "—"),
  NMOD(0x44, "number number → number", "—"),
  NNEG(0x45, "number → number", "—"),
  NINC(0x46, "number → number", "—"),
  NDEC(0x47, "number → number", "—"),
  N2I(0x49, "number → int", "RangeError"),
  NEQ(0x4A, "number number → bool", "—"),
  NNE(0x4B, "number number → bool", "—"),
  NLT(0x4C, "number number → bool", "—"),
  NLE(0x4D, "number number → bool", "—"),
  NGT(0x4E, "number number → bool", "—"),
  NGE(0x4F, "number number → bool", "—"),
  // Comparison 0x50–0x5F
  IEQ(0x50, "int int → bool", "—"),
  INE(0x51, "int int → bool", "—"),
  ILT(0x52, "int int → bool", "—"),
  ILE(0x53, "int int → bool", "—"),
  IGT(0x54, "int int → bool", "—"),
  IGE(0x55, "int int → bool", "—"),
  FEQ(0x56, "number number → bool", "—"),
  FNE(0x57, "number number → bool", "—"),
  FLT(0x58, "number number → bool", "—"),
  FLE(0x59, "number number → bool", "—"),
  FGT(0x5A, "number number → bool", "—"),
  FGE(0x5B, "number number → bool", "—"),
  NOT(0x5C, "bool → bool", "—"),
  TYPEOF(0x5D, "A → string", "—"),
  BEQ(0x5E, "bool bool → bool", "—"),
  BNE(0x5F, "bool bool → bool", "—"),
  // Control 0x60–0x6F
  JMP(0x60, "→", "—", Operand.JUMP),
  JMP_IF_TRUE(0x61, "bool →", "—", Operand.JUMP),
  JMP_IF_FALSE(0x62, "bool →", "—", Operand.JUMP),
  JMP_IF_NULL(0x63, "N →", "—", Operand.JUMP),
  JMP_IF_NOT_NULL(0x64, "N →", "—", Operand.JUMP),
  CALL(0x65, "P₁…Pₙ → R", "callee", Operand.FUNC, Operand.ARGC),
  CALL_METHOD(0x66, "C P₁…Pₙ → R", "NullAccess, callee", Operand.SLOT, Operand.ARGC),
  CALL_STATIC(0x67, "P₁…Pₙ → R", "callee", Operand.FUNC, Operand.ARGC),
  RETURN(0x68, "R →", "—"),
  RETURN_VOID(0x69, "→", "—"),
  SWITCH(0x6A, "int →", "—", Operand.SWITCH),
  TABLE_SWITCH(0x6B, "int →", "—", Operand.TABLE_SWITCH),
  CALL_IFACE(0x6C, "I P₁…Pₙ → R", "NullAccess, callee", Operand.NAME, Operand.ARGC),
  CALL_CLOSURE(0x6D, "F P₁…Pₙ → R", "NullAccess, callee", Operand.ARGC),
  CALL_NATIVE(0x6E, "P₁…Pₙ → R", "NativeError, CapabilityDenied", Operand.NATIVE, Operand.ARGC),
  SWITCH_STR(0x6F, "string →", "—", Operand.SWITCH_STR),
  // Variables 0x70–0x7F
  LOAD_LOCAL(0x70, "→ T", "Uninitialized", Operand.LOCAL),
  STORE_LOCAL(0x71, "T →", "—", Operand.LOCAL),
  LOAD_LOCAL_0(0x72, "→ T", "Uninitialized"),
  LOAD_LOCAL_1(0x73, "→ T", "Uninitialized"),
  LOAD_LOCAL_2(0x74, "→ T", "Uninitialized"),
  LOAD_LOCAL_3(0x75, "→ T", "Uninitialized"),
  STORE_LOCAL_0(0x76, "T →", "—"),
  STORE_LOCAL_1(0x77, "T →", "—"),
  STORE_LOCAL_2(0x78, "T →", "—"),
  STORE_LOCAL_3(0x79, "T →", "—"),
  LOAD_GLOBAL(0x7A, "→ T", "Uninitialized", Operand.GLOBAL),
  STORE_GLOBAL(0x7B, "T →", "—", Operand.GLOBAL),
  LOAD_STATIC(0x7C, "→ T", "Uninitialized", Operand.STATIC),
  STORE_STATIC(0x7D, "T →", "—", Operand.STATIC),
  TAIL_CALL(0x7F, "P₁…Pₙ →", "callee", Operand.FUNC, Operand.ARGC),
  // Objects and arrays 0x80–0x8F
  NEW(0x80, "→ C", "HeapLimitExceeded", Operand.TYPE),
  NEW_ARRAY(0x81, "int → A", "NegativeLength, LengthLimit, HeapLimitExceeded", Operand.TYPE),
  LOAD_FIELD(0x82, "C → T", "NullAccess, Uninitialized", Operand.FIELD16),
  STORE_FIELD(0x83, "C T →", "NullAccess", Operand.FIELD16),
  LOAD_FIELD_FAST(0x84, "C → T", "NullAccess, Uninitialized", Operand.FIELD8),
  STORE_FIELD_FAST(0x85, "C T →", "NullAccess", Operand.FIELD8),
  LOAD_ELEM(0x86, "A int → T", "NullAccess, IndexOutOfBounds, Uninitialized"),
  STORE_ELEM(0x87, "A int T →", "NullAccess, IndexOutOfBounds"),
  ARRAY_LEN(0x88, "A → int", "NullAccess"),
  ARRAY_PUSH(0x89, "A T →", "NullAccess, LengthLimit, HeapLimitExceeded"),
  ARRAY_POP(0x8A, "A → T∣null", "NullAccess"),
  ARRAY_LITERAL(0x8B, "→ A°", "LengthLimit, HeapLimitExceeded", Operand.TYPE, Operand.COUNT32),
  INIT_ARRAY(0x8C, "A° T₁…Tₙ → A", "—", Operand.COUNT16),
  TUPLE_LITERAL(0x8D, "→ U°", "HeapLimitExceeded", Operand.TYPE),
  INIT_TUPLE(0x8E, "U° T₁…Tₙ → U", "—", Operand.COUNT8),
  TUPLE_GET(0x8F, "U → T", "NullAccess", Operand.INDEX),
  // Closures, construction, structural access 0x90–0x9F
  MAKE_CLOSURE(0x90, "→ F°", "HeapLimitExceeded", Operand.FUNC, Operand.COUNT8),
  CLOSE_VAR(0x91, "F° T → F°", "—", Operand.CAPTURE),
  LOAD_CAPTURED(0x92, "→ T", "—", Operand.CAPTURE),
  STORE_CAPTURED(0x93, "T →", "—", Operand.CAPTURE),
  NEW_CELL(0x94, "T → cell<T>", "HeapLimitExceeded", Operand.TYPE),
  LOAD_CELL(0x95, "cell<T> → T", "NullAccess, Uninitialized"),
  STORE_CELL(0x96, "cell<T> T →", "NullAccess"),
  CALL_CONSTRUCTOR(0x97, "C P₁…Pₙ →", "NullAccess, callee", Operand.FUNC, Operand.ARGC),
  CALL_SUPER(0x98, "C P₁…Pₙ →", "callee", Operand.FUNC, Operand.ARGC),
  OBJECT_LITERAL(0x99, "→ O°", "HeapLimitExceeded", Operand.TYPE, Operand.COUNT16),
  INIT_OBJECT(0x9A, "O° T₁…Tₙ → O", "—", Operand.COUNT16),
  OPTIONAL_FIELD(0x9B, "C∣null → T∣null", "Uninitialized", Operand.FIELD16),
  LOAD_FIELD_NAMED(0x9C, "I → T", "NullAccess, Uninitialized, callee", Operand.NAME),
  STORE_FIELD_NAMED(0x9D, "I T →", "NullAccess, callee", Operand.NAME),
  OPTIONAL_FIELD_NAMED(0x9E, "I∣null → T∣null", "Uninitialized, callee", Operand.NAME),
  CALL_BUILTIN(0x9F, "P₁…Pₙ → R", "per builtin", Operand.BUILTIN, Operand.ARGC),
  // Tasks 0xA0–0xAF
  SPAWN(
      0xA0, "P₁…Pₙ → task<R>", "TaskLimitExceeded, HeapLimitExceeded", Operand.FUNC, Operand.ARGC),
  AWAIT(0xA1, "task<R> → R", "NullAccess, AwaitUnderLock, the task's error, Cancelled"),
  YIELD(0xA2, "→", "Cancelled, AwaitUnderLock"),
  TASK_ALL(0xA4, "array<task<R>> → array<R>", "the first error in time, Cancelled, AwaitUnderLock"),
  TASK_RACE(
      0xA5,
      "array<task<R>> → R",
      "RangeError (empty), the winner's error, Cancelled, AwaitUnderLock"),
  SLEEP(0xA6, "number →", "Cancelled, AwaitUnderLock"),
  TASK_CANCEL(0xA7, "task<R> →", "NullAccess"),
  CHAN_NEW(
      0xA8, "int → channel<T>", "NegativeLength, LengthLimit, HeapLimitExceeded", Operand.TYPE),
  CHAN_SEND(0xA9, "channel<T> T →", "NullAccess, ChannelClosed, Cancelled, AwaitUnderLock"),
  CHAN_RECV(0xAA, "channel<T> → T∣null", "NullAccess, Cancelled, AwaitUnderLock"),
  CHAN_CLOSE(0xAB, "channel<T> →", "NullAccess"),
  CHAN_SELECT(
      0xAC,
      "array<any> array<bool> array<any> number → int",
      "Cancelled, NullAccess, TypeError, ArgumentError, AwaitUnderLock",
      Operand.FLAGS),
  SPAWN_CLOSURE(0xAD, "F P₁…Pₙ → task<R>", "NullAccess, TaskLimitExceeded", Operand.ARGC),
  AWAIT_TIMEOUT(
      0xAE,
      "task<R> number → R",
      "NullAccess, Timeout, the task's error, Cancelled, AwaitUnderLock"),
  CANCEL_REQUESTED(0xAF, "→ bool", "—"),
  // Errors, debugging, measurement 0xB0–0xBF
  THROW(0xB0, "Error →", "NullAccess, the error"),
  TRAP(0xB1, "→", "that trap", Operand.TRAP),
  RETHROW(0xB4, "Error →", "the error"),
  BREAKPOINT(0xB8, "—", "—"),
  SAFEPOINT(0xB9, "→", "—"),
  HALT(0xBA, "→", "—"),
  PROBE(0xBB, "→", "—", Operand.COUNTER),
  // Types 0xC0–0xCF
  IS_NULL(0xC0, "A → bool", "—"),
  IS_INT(0xC1, "A → bool", "—"),
  IS_NUMBER(0xC3, "A → bool", "—"),
  IS_STRING(0xC4, "A → bool", "—"),
  IS_BOOL(0xC5, "A → bool", "—"),
  INSTANCEOF(0xC6, "A → bool", "—", Operand.TYPE),
  CHECK_CAST(0xC7, "A → T", "TypeError", Operand.TYPE),
  IS_OBJECT(0xC8, "A → bool", "—"),
  IS_ARRAY(0xC9, "A → bool", "—"),
  WIDEN(0xCA, "A → T", "—", Operand.TYPE),
  NON_NULL(0xCB, "A∣null → A", "NullAccess"),
  F2I_BITS(0xCC, "number → int", "—"),
  IUSHR_N(0xCD, "int int → number", "—"),
  EQ(0xCE, "A B → bool", "—"),
  NE(0xCF, "A B → bool", "—"),
  // Reflection 0xD0–0xDF (need the REFLECTION flag)
  REFLECT_TYPEOF(0xD0, "A → TypeInfo", "—"),
  REFLECT_TYPEINFO(0xD1, "→ TypeInfo", "—", Operand.TYPE),
  REFLECT_INSTANCEOF(0xD2, "A TypeInfo → bool", "NullAccess"),
  REFLECT_GET_PROPS(0xD3, "any → array<PropertyInfo>", "NullAccess"),
  REFLECT_GET_PROP(0xD4, "any string → any", "NullAccess, NoSuchProperty"),
  REFLECT_SET_PROP(0xD5, "any string any →", "NullAccess, NoSuchProperty, TypeError, ReadOnly"),
  REFLECT_HAS_PROP(0xD6, "any string → bool", "NullAccess"),
  REFLECT_CONSTRUCT(
      0xD7, "TypeInfo array<any> → any", "TypeError, ArgumentError, HeapLimitExceeded, callee"),
  REFLECT_INVOKE(
      0xD8,
      "any string array<any> → any",
      "NullAccess, NoSuchProperty, TypeError, ArgumentError, callee"),
  STRICT_EQ(0xDE, "A B → bool", "—"),
  STRICT_NE(0xDF, "A B → bool", "—"),
  // Mutex 0xE0–0xE7
  NEW_MUTEX(0xE0, "→ mutex", "HeapLimitExceeded"),
  MUTEX_LOCK(0xE1, "mutex →", "NullAccess, AlreadyLocked, Deadlock, Cancelled"),
  MUTEX_UNLOCK(0xE2, "mutex →", "NullAccess, NotOwner"),
  MUTEX_TRY_LOCK(0xE3, "mutex → bool", "NullAccess, AlreadyLocked"),
  // JSON 0xE8–0xEF
  JSON_GET(0xE8, "json → json", "—", Operand.NAME),
  JSON_INDEX(0xE9, "json int → json", "—"),
  JSON_CAST(0xEA, "json → T", "TypeError, RecursionLimit, HeapLimitExceeded", Operand.TYPE),
  JSON_FROM(0xEB, "T → json", "TypeError, RecursionLimit, HeapLimitExceeded", Operand.TYPE),
  // Strings 0xF0–0xFE
  SEQ(0xF0, "string string → bool", "—"),
  SNE(0xF1, "string string → bool", "—"),
  SLT(0xF2, "string string → bool", "—"),
  SLE(0xF3, "string string → bool", "—"),
  SGT(0xF4, "string string → bool", "—"),
  SGE(0xF5, "string string → bool", "—"),
  SCONCAT(0xF6, "string string → string", "LengthLimit, HeapLimitExceeded"),
  SLEN(0xF7, "string → int", "—"),
  TO_STRING(0xF8, "A → string", "LengthLimit, HeapLimitExceeded"),
  SLEN_BYTES(0xF9, "string → int", "—"),
  SCONCAT_N(0xFA, "n strings → string", "LengthLimit, HeapLimitExceeded", Operand.COUNT8),
  EXT(0xFF, "—", "—", Operand.EXTENSION);

  private static final @Nullable Opcode[] BY_NUMBER = byNumber();
  private static final int NO_TYPE = -1;

  private final int number;
  private final String stack;
  private final String traps;
  private final List<Operand> operands;
  private final boolean fixed;
  private final int[] pops;
  private final int push;
  private final int length;

  /** The bits of the kinds of its operands. */
  private final long kinds;

  Opcode(int number, String stack, String traps, Operand... operands) {
    this.number = number;
    this.stack = stack;
    this.traps = traps;
    this.operands = List.of(operands);
    int arrow = stack.indexOf('→');
    int @Nullable [] left = arrow < 0 ? null : predefined(stack.substring(0, arrow));
    int @Nullable [] right = arrow < 0 ? null : predefined(stack.substring(arrow + 1));
    this.fixed = left != null && right != null && right.length <= 1 && operandsAreInert(operands);
    this.pops = fixed && left != null ? left : new int[0];
    this.push = fixed && right != null && right.length == 1 ? right[0] : NO_TYPE;
    int bytes = 1;
    long bits = 0;
    for (Operand operand : operands) {
      bits |= bit(operand);
      bytes = operand.width() < 0 ? -1 : bytes + operand.width();
    }
    this.length = bytes;
    this.kinds = bits;
  }

  private static long bit(Operand operand) {
    return 1L << operand.ordinal();
  }

  /** Whether an operand is of that kind. */
  boolean has(Operand operand) {
    return (kinds & bit(operand)) != 0;
  }

  private static boolean operandsAreInert(Operand... operands) {
    for (Operand operand : operands) {
      if (operand == Operand.ARGC) {
        return false;
      }
    }
    return true;
  }

  /** The predefined types a list of names stands for, or null if one is something else. */
  private static int @Nullable [] predefined(String names) {
    String text = names.strip();
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(" ");
    int[] types = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int type = PredefinedType.indexOf(parts[i]);
      if (type < 0) {
        return null;
      }
      types[i] = type;
    }
    return types;
  }

  private static @Nullable Opcode[] byNumber() {
    @Nullable Opcode[] table = new Opcode[256];
    for (Opcode opcode : values()) {
      table[opcode.number] = opcode;
    }
    return table;
  }

  /** The opcode with that number, or null if version 1 has none. */
  public static @Nullable Opcode of(int number) {
    return number >= 0 && number < 256 ? BY_NUMBER[number] : null;
  }

  /** The byte in the file. */
  public int number() {
    return number;
  }

  /** The mnemonic, which is the constant's name. */
  public String mnemonic() {
    return name();
  }

  /** The operands in file order. */
  public List<Operand> operands() {
    return operands;
  }

  /** The operands as the specification writes them. */
  public String operandText() {
    if (operands.isEmpty()) {
      return "—";
    }
    StringBuilder text = new StringBuilder();
    for (Operand operand : operands) {
      text.append(text.isEmpty() ? "" : ", ").append(operand.text());
    }
    return text.toString();
  }

  /** The stack column of the specification. */
  public String stack() {
    return stack;
  }

  /** The traps column of the specification. */
  public String traps() {
    return traps;
  }

  /** Whether the stack effect consists of predefined types only. */
  public boolean isFixed() {
    return fixed;
  }

  /** How many values a fixed opcode pops. */
  public int popCount() {
    return pops.length;
  }

  /** The predefined type of the {@code i}-th popped value of a fixed opcode, bottom first. */
  public int pop(int i) {
    return pops[i];
  }

  /** The predefined type a fixed opcode pushes, or -1 if it pushes nothing. */
  public int push() {
    return push;
  }

  /** Bytes of the whole instruction, or -1 if it holds a switch table. */
  public int length() {
    return length;
  }

  /** Whether control never reaches the following instruction. */
  public boolean endsBlock() {
    return switch (this) {
      case JMP, RETURN, RETURN_VOID, SWITCH, TABLE_SWITCH, SWITCH_STR, TAIL_CALL -> true;
      case THROW, TRAP, RETHROW, HALT -> true;
      default -> false;
    };
  }

  /** Whether the opcode needs the module flag REFLECTION. */
  public boolean isReflection() {
    return number >= 0xD0 && number <= 0xD8;
  }
}
