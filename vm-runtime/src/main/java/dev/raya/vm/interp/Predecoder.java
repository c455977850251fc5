package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.Code;
import dev.raya.vm.bytecode.Constant;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.TypeLinker;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a verified function into {@link QuickCode} in one pass (vm.md 3.1). The operand stack is
 * followed with its types, as the verifier did, so that every instruction becomes the form for its
 * operands' kinds; loads and constants are folded into their consumers ({@link OperandStack}),
 * comparisons into the branches after them, and the steps of each block are charged where it is
 * entered.
 *
 * <p>The file is long because it has one case per opcode; the cases are short.
 */
final class Predecoder {
  private static final int JSON_PARSE = 300;
  private static final int JSON_STRINGIFY = 301;

  private static final int EQ = 0;
  private static final int NE = 1;
  private static final int LT = 2;
  private static final int LE = 3;
  private static final int GT = 4;
  private static final int GE = 5;

  private final RFunction function;
  private final FunctionDef def;
  private final LinkedModule home;
  private final ContextTypes context;
  private final Code code;
  private final Blocks blocks;
  private final QuickWriter out = new QuickWriter();
  private final OperandStack stack;
  private final int[] placeOf;
  private final boolean[] assigned;
  private boolean straight = true;

  /**
   * The place of the operand that names the cell which the last instruction wrote, if it wrote the
   * top of the stack.
   */
  private int resultPlace = -1;

  private int resultCell = -1;

  /**
   * How many instructions were written when that one was: any later one would have to see the old
   * cell.
   */
  private int resultCount;

  Predecoder(RFunction function, ContextTypes context) {
    this.function = function;
    this.context = context;
    this.def = function.definition();
    this.home = function.home;
    this.code = def.code();
    this.blocks = new Blocks(def);
    this.stack = new OperandStack(out, function.localTypes.length, def.maxStack());
    this.placeOf = new int[code.length() + 1];
    this.assigned = new boolean[function.localTypes.length];
    Arrays.fill(assigned, 0, function.paramCount - function.type.optional, true);
  }

  QuickCode decode() {
    int n = code.length();
    for (int at = 0; at < n; ) {
      enter(at);
      out.origin(at);
      at = instruction(at);
    }
    placeOf[n] = out.place();
    out.bind(placeOf);
    return finish();
  }

  private void enter(int at) {
    if (blocks.isTarget(at) || (blocks.isStart(at) && at > 0 && endsBlock(lastOp))) {
      boolean flowsIn = at > 0 && !endsBlock(lastOp);
      straight = false;
      if (flowsIn) {
        stack.materialiseAll();
        if (!isBranch(lastOp)) {
          out.op(Quick.CHARGE).put(blocks.cost(at));
        }
      }
      declareStack(at);
      forgetResult();
    }
    if (at == 0 && blocks.isTarget(0)) {
      straight = false;
    }
    placeOf[at] = out.place();
  }

  private int lastOp = -1;

  private static boolean isBranch(int op) {
    return op == 0x17 || (op >= 0x61 && op <= 0x64);
  }

  private static boolean endsBlock(int op) {
    return switch (op) {
      case 0x60, 0x68, 0x69, 0x6A, 0x6B, 0x6F, 0x7F, 0xB0, 0xB1, 0xB4, 0xBA -> true;
      default -> false;
    };
  }

  /** At a leader the operand stack is what the file declares (rbin.md 5.2). */
  private void declareStack(int at) {
    for (StackMap map : def.stackMaps()) {
      if (map.offset() == at) {
        List<Integer> types = map.types();
        LinkedType[] linked = new LinkedType[types.size()];
        for (int i = 0; i < linked.length; i++) {
          linked[i] = home.types[types.get(i) & ~StackMap.UNFILLED];
        }
        stack.reset(linked);
        return;
      }
    }
    for (Handler handler : def.handlers()) {
      if (handler.target() == at) {
        stack.reset(TypeLinker.predefined(PredefinedType.ERROR));
        if (handler.catchClass() != ClassRef.NONE) {
          LinkedType caught = classAt(handler.catchClass()).type;
          if (caught != null) {
            stack.reset(caught);
          }
        }
        return;
      }
    }
    stack.reset();
  }

  private QuickCode finish() {
    int locals = function.localTypes.length;
    long[] words = new long[locals];
    @Nullable Object[] refs = new Object[locals];
    boolean anyWord = false;
    boolean anyRef = false;
    int refCells = stack.highestRef();
    for (int i = 0; i < locals; i++) {
      LinkedType t = function.localTypes[i];
      words[i] = t.zeroWord;
      refs[i] = t.zeroRef;
      anyWord |= words[i] != 0;
      anyRef |= refs[i] != null;
      if (t.kind == Kind.R || t.kind == Kind.V) {
        refCells = Math.max(refCells, i + 1);
      }
    }
    QuickCode.Handler[] handlers = new QuickCode.Handler[def.handlers().size()];
    for (int i = 0; i < handlers.length; i++) {
      Handler h = def.handlers().get(i);
      handlers[i] =
          new QuickCode.Handler(
              placeOf[h.start()],
              placeOf[h.end()],
              placeOf[h.target()],
              blocks.cost(h.target()),
              h.catchClass() == ClassRef.NONE ? null : classAt(h.catchClass()));
    }
    return new QuickCode(
        function,
        out.code(),
        out.words(),
        out.refs(),
        locals + def.maxStack() + OperandStack.SCRATCH,
        refCells,
        anyRef ? refs : null,
        anyWord ? words : null,
        blocks.cost(0),
        handlers,
        out.places(),
        out.offsets());
  }

  private RClass classAt(int ref) {
    return ClassRef.isImported(ref) ? home.importedClasses[ClassRef.index(ref)] : home.classes[ref];
  }

  private static LinkedType predefined(int index) {
    return TypeLinker.predefined(index);
  }

  // ---- writing results

  private void forgetResult() {
    resultPlace = -1;
  }

  /** Writes the operand that names the result's cell and pushes the result. */
  private int pushResult(LinkedType type) {
    int cell = stack.nextCell();
    resultPlace = out.place();
    resultCell = cell;
    resultCount = out.count();
    out.put(cell);
    stack.push(type);
    return cell;
  }

  private void unary(int op, LinkedType result) {
    int a = stack.read(0);
    stack.pop(1);
    out.op(op);
    pushResult(result);
    out.put(a);
  }

  private void unary(int op, LinkedType result, int k) {
    unary(op, result);
    out.put(k);
  }

  private void binary(int op, LinkedType result) {
    int b = stack.read(0);
    int a = stack.read(1);
    stack.pop(2);
    out.op(op);
    pushResult(result);
    out.put(a).put(b);
  }

  private void intBinary(int op, int immediateOp, boolean commutes) {
    LinkedType type = predefined(PredefinedType.INT);
    Integer k = stack.constant(0);
    Integer k1 = stack.constant(1);
    if (immediateOp >= 0 && k != null && !((op == Quick.IDIV || op == Quick.IMOD) && k == 0)) {
      intImmediate(op == Quick.ISUB ? -k : k, 1, immediateOp);
    } else if (commutes && immediateOp >= 0 && k1 != null) {
      intImmediate(k1, 0, immediateOp);
    } else {
      binary(op, type);
    }
  }

  private void intImmediate(int k, int operand, int immediateOp) {
    int a = stack.read(operand);
    stack.pop(2);
    out.op(immediateOp);
    pushResult(predefined(PredefinedType.INT));
    out.put(a).put(k);
  }

  /**
   * Arithmetic on numbers; {@code right} takes a constant second operand, {@code left} a constant
   * first one.
   */
  private void numberBinary(int op, int right, int left) {
    LinkedType type = predefined(PredefinedType.NUMBER);
    if (stack.form(0) == OperandStack.WORD && right >= 0) {
      int k = stack.value(0);
      int a = stack.read(1);
      stack.pop(2);
      out.op(right);
      pushResult(type);
      out.put(a).put(k);
    } else if (stack.form(1) == OperandStack.WORD && left >= 0) {
      int k = stack.value(1);
      int a = stack.read(0);
      stack.pop(2);
      out.op(left);
      pushResult(type);
      out.put(a).put(k);
    } else {
      binary(op, type);
    }
  }

  // ---- comparisons and branches

  /**
   * If the next instructions branch on the boolean just computed, returns the offset of the branch,
   * else −1.
   */
  private int branchAfter(int next) {
    int at = next;
    while (at < code.length() && !blocks.isStart(at) && code.u8(at) == 0x5C) {
      at++;
    }
    if (at < code.length() && !blocks.isStart(at) && (code.u8(at) == 0x61 || code.u8(at) == 0x62)) {
      return at;
    }
    return -1;
  }

  /**
   * Says whether the branch at an offset, with the NOTs before it, jumps when the compared
   * condition holds.
   */
  private boolean jumpsIfTrue(int next, int branch) {
    boolean ifTrue = code.u8(branch) == 0x61;
    return ((branch - next) & 1) == 0 ? ifTrue : !ifTrue;
  }

  private int branchTail(int branch) {
    int after = branch + 5;
    out.target(after + code.i32(branch + 1))
        .put(blocks.cost(after + code.i32(branch + 1)))
        .put(blocks.cost(after));
    lastOp = code.u8(branch);
    forgetResult();
    return after;
  }

  private int negate(int condition) {
    return switch (condition) {
      case EQ -> NE;
      case NE -> EQ;
      case LT -> GE;
      case LE -> GT;
      case GT -> LE;
      default -> LT;
    };
  }

  private int compareInts(int condition, int next) {
    int branch = branchAfter(next);
    if (branch < 0) {
      compareValue(Quick.BOOL_I, condition);
      return next;
    }
    int c = jumpsIfTrue(next, branch) ? condition : negate(condition);
    Integer k = stack.constant(0);
    if (k != null) {
      int a = stack.read(1);
      stack.pop(2);
      stack.materialiseAll();
      int[] ops = {
        Quick.IF_IEQ_K,
        Quick.IF_INE_K,
        Quick.IF_ILT_K,
        Quick.IF_ILE_K,
        Quick.IF_IGT_K,
        Quick.IF_IGE_K
      };
      out.op(ops[c]).put(a).put(k);
    } else {
      int b = stack.read(0);
      int a = stack.read(1);
      stack.pop(2);
      stack.materialiseAll();
      switch (c) {
        case EQ -> out.op(Quick.IF_IEQ).put(a).put(b);
        case NE -> out.op(Quick.IF_INE).put(a).put(b);
        case LT -> out.op(Quick.IF_ILT).put(a).put(b);
        case LE -> out.op(Quick.IF_ILE).put(a).put(b);
        case GT -> out.op(Quick.IF_ILT).put(b).put(a);
        default -> out.op(Quick.IF_ILE).put(b).put(a);
      }
    }
    return branchTail(branch);
  }

  private int compareNumbers(int condition, int next) {
    int branch = branchAfter(next);
    if (branch < 0) {
      compareValue(Quick.BOOL_F, condition);
      return next;
    }
    boolean ifTrue = jumpsIfTrue(next, branch);
    int b = stack.read(0);
    int a = stack.read(1);
    stack.pop(2);
    stack.materialiseAll();
    switch (condition) {
      case EQ -> out.op(ifTrue ? Quick.IF_FEQ : Quick.IF_FNE).put(a).put(b);
      case NE -> out.op(ifTrue ? Quick.IF_FNE : Quick.IF_FEQ).put(a).put(b);
      case LT -> out.op(ifTrue ? Quick.IF_FLT : Quick.IF_NOT_FLT).put(a).put(b);
      case LE -> out.op(ifTrue ? Quick.IF_FLE : Quick.IF_NOT_FLE).put(a).put(b);
      case GT -> out.op(ifTrue ? Quick.IF_FLT : Quick.IF_NOT_FLT).put(b).put(a);
      default -> out.op(ifTrue ? Quick.IF_FLE : Quick.IF_NOT_FLE).put(b).put(a);
    }
    return branchTail(branch);
  }

  private void compareValue(int op, int condition) {
    binary(op, predefined(PredefinedType.BOOL));
    out.put(condition);
  }

  private int equality(boolean negated, boolean json, int next) {
    LinkedType a = stack.type(1);
    LinkedType b = stack.type(0);
    boolean identity = a.kind == Kind.R && b.kind == Kind.R && (isIdentity(a) || isIdentity(b));
    int branch = identity && !json ? branchAfter(next) : -1;
    if (branch >= 0) {
      boolean equal = jumpsIfTrue(next, branch) != negated;
      int cb = stack.read(0);
      int ca = stack.read(1);
      stack.pop(2);
      stack.materialiseAll();
      out.op(equal ? Quick.IF_REQ : Quick.IF_RNE).put(ca).put(cb);
      return branchTail(branch);
    }
    binary(Quick.EQUAL, predefined(PredefinedType.BOOL));
    out.put(out.ref(new Equality(a, b, negated, json)));
    return next;
  }

  /**
   * Says whether values of a reference type are compared by identity; strings are not, and json is
   * unknown.
   */
  private static boolean isIdentity(LinkedType t) {
    return switch (t.form) {
      case CLASS,
          INTERFACE,
          OBJECT,
          ARRAY,
          TUPLE,
          FUNCTION,
          TASK,
          CHANNEL,
          CELL,
          MUTEX,
          ERROR,
          NULL ->
          true;
      case UNION -> {
        boolean all = true;
        for (LinkedType part : t.parts) {
          all &= isIdentity(part);
        }
        yield all;
      }
      default -> false;
    };
  }

  private int testNull(int next, boolean ifNull, int branch) {
    LinkedType t = stack.type(0);
    int a = stack.read(0);
    stack.pop(1);
    stack.materialiseAll();
    int op;
    if (t.form == Form.JSON) {
      op = ifNull ? Quick.IF_JNULL : Quick.IF_JSET;
    } else if (t.kind == Kind.V) {
      op = ifNull ? Quick.IF_VNULL : Quick.IF_VSET;
    } else {
      op = ifNull ? Quick.IF_NULL : Quick.IF_SET;
    }
    out.op(op).put(a);
    return branchTail(branch);
  }

  // ---- one instruction

  private int instruction(int at) {
    int number = code.u8(at);
    int next = Blocks.next(code, at);
    lastOp = number;
    Opcode op = Blocks.opcode(number);
    LinkedType intType = predefined(PredefinedType.INT);
    LinkedType number64 = predefined(PredefinedType.NUMBER);
    LinkedType bool = predefined(PredefinedType.BOOL);
    LinkedType string = predefined(PredefinedType.STRING);
    switch (op) {
      case NOP -> {}
      case CONST_I32 -> stack.push(OperandStack.INT, code.i32(at + 1), intType);
      case CONST_I8 -> stack.push(OperandStack.INT, code.i8(at + 1), intType);
      case CONST_TRUE -> stack.push(OperandStack.INT, 1, bool);
      case CONST_FALSE -> stack.push(OperandStack.INT, 0, bool);
      case CONST_F64 -> stack.push(OperandStack.WORD, out.word(code.i64(at + 1)), number64);
      case CONST_NULL ->
          stack.push(OperandStack.REF, out.ref(null), predefined(PredefinedType.NULL));
      case CONST_UNDEF ->
          stack.push(
              OperandStack.REF, out.ref(JsonAbsent.UNDEFINED), predefined(PredefinedType.JSON));
      case CONST_STR -> stack.push(OperandStack.REF, out.ref(string(code.u16(at + 1))), string);
      case LOAD_CONST -> constant(code.i32(at + 1));
      case POP -> stack.pop(1);
      case DUP -> stack.copyToTop(0);
      case DUP2 -> {
        stack.copyToTop(1);
        stack.copyToTop(1);
      }
      case OVER -> stack.copyToTop(1);
      case SWAP -> stack.permute(1, 0);
      case ROT -> stack.permute(1, 2, 0);
      case TO_BOOL -> {
        LinkedType t = stack.type(0);
        if (t.kind == Kind.I && t.isBool()) {
          stack.retype(0, bool);
        } else {
          unary(Quick.TO_BOOL, bool, out.ref(t));
        }
      }
      case JMP_IF_ARG -> {
        stack.materialiseAll();
        int target = next + code.i32(at + 2);
        out.op(Quick.IF_ARG)
            .put(code.u8(at + 1))
            .target(target)
            .put(blocks.cost(target))
            .put(blocks.cost(next));
      }
      case IADD -> intBinary(Quick.IADD, Quick.IADD_K, true);
      case ISUB -> intBinary(Quick.ISUB, Quick.IADD_K, false);
      case IMUL -> intBinary(Quick.IMUL, Quick.IMUL_K, true);
      case IDIV -> intBinary(Quick.IDIV, Quick.IDIV_K, false);
      case IMOD -> intBinary(Quick.IMOD, Quick.IMOD_K, false);
      case IAND -> intBinary(Quick.IAND, Quick.IAND_K, true);
      case IOR -> intBinary(Quick.IOR, -1, true);
      case IXOR -> intBinary(Quick.IXOR, -1, true);
      case ISHL -> intBinary(Quick.ISHL, Quick.ISHL_K, false);
      case ISHR -> intBinary(Quick.ISHR, Quick.ISHR_K, false);
      case IUSHR -> intBinary(Quick.IUSHR, Quick.IUSHR_K, false);
      case INEG -> unary(Quick.INEG, intType);
      case INOT -> unary(Quick.INOT, intType);
      case IINC, IDEC -> {
        int a = stack.read(0);
        stack.pop(1);
        out.op(Quick.IADD_K);
        pushResult(intType);
        out.put(a).put(op == Opcode.IINC ? 1 : -1);
      }
      case IINC_LOCAL -> {
        int local = code.u16(at + 1);
        stack.materialiseLocal(local);
        out.op(Quick.IADD_K).put(local).put(local).put(code.i16(at + 3));
        forgetResult();
      }
      case FADD, NADD -> numberBinary(Quick.FADD, Quick.FADD_K, Quick.FADD_K);
      case FSUB, NSUB -> numberBinary(Quick.FSUB, Quick.FSUB_K, Quick.FRSUB_K);
      case FMUL, NMUL -> numberBinary(Quick.FMUL, Quick.FMUL_K, Quick.FMUL_K);
      case FDIV, NDIV -> numberBinary(Quick.FDIV, Quick.FDIV_K, Quick.FRDIV_K);
      case FMOD, NMOD -> numberBinary(Quick.FMOD, -1, -1);
      case FNEG, NNEG -> unary(Quick.FNEG, number64);
      case FABS -> unary(Quick.FABS, number64);
      case FSQRT -> unary(Quick.FSQRT, number64);
      case FFLOOR -> unary(Quick.FFLOOR, number64);
      case FCEIL -> unary(Quick.FCEIL, number64);
      case FROUND -> unary(Quick.FROUND, number64);
      case FTRUNC -> unary(Quick.FTRUNC, number64);
      case F2I -> unary(Quick.F2I, intType);
      case N2I -> unary(Quick.N2I, intType);
      case I2N -> {
        Integer k = stack.constant(0);
        if (k != null) {
          stack.pop(1);
          stack.push(OperandStack.WORD, out.word(Double.doubleToRawLongBits(k)), number64);
        } else {
          unary(Quick.I2N, number64);
        }
      }
      case NINC, NDEC -> {
        stack.push(
            OperandStack.WORD,
            out.word(Double.doubleToRawLongBits(op == Opcode.NINC ? 1 : -1)),
            number64);
        numberBinary(Quick.FADD, Quick.FADD_K, Quick.FADD_K);
      }
      case IEQ, BEQ -> {
        return compareInts(EQ, next);
      }
      case INE, BNE -> {
        return compareInts(NE, next);
      }
      case ILT -> {
        return compareInts(LT, next);
      }
      case ILE -> {
        return compareInts(LE, next);
      }
      case IGT -> {
        return compareInts(GT, next);
      }
      case IGE -> {
        return compareInts(GE, next);
      }
      case FEQ, NEQ -> {
        return compareNumbers(EQ, next);
      }
      case FNE, NNE -> {
        return compareNumbers(NE, next);
      }
      case FLT, NLT -> {
        return compareNumbers(LT, next);
      }
      case FLE, NLE -> {
        return compareNumbers(LE, next);
      }
      case FGT, NGT -> {
        return compareNumbers(GT, next);
      }
      case FGE, NGE -> {
        return compareNumbers(GE, next);
      }
      case NOT -> unary(Quick.NOT, bool);
      case TYPEOF -> unary(Quick.TYPEOF, string, out.ref(stack.type(0)));
      case JMP -> {
        stack.materialiseAll();
        int target = next + code.i32(at + 1);
        out.op(Quick.JMP).target(target).put(blocks.cost(target));
      }
      case JMP_IF_TRUE, JMP_IF_FALSE -> {
        int a = stack.read(0);
        stack.pop(1);
        stack.materialiseAll();
        out.op(op == Opcode.JMP_IF_TRUE ? Quick.IF_TRUE : Quick.IF_FALSE).put(a);
        return branchTail(at);
      }
      case JMP_IF_NULL -> {
        return testNull(next, true, at);
      }
      case JMP_IF_NOT_NULL -> {
        return testNull(next, false, at);
      }
      case CALL, CALL_STATIC -> call(home.functions[code.i32(at + 1)], code.u8(at + 5));
      case CALL_CONSTRUCTOR, CALL_SUPER ->
          constructor(home.functions[code.i32(at + 1)], code.u8(at + 5));
      case CALL_METHOD -> callMethod(code.u16(at + 1), code.u8(at + 3));
      case CALL_IFACE -> callIface(string(code.i32(at + 1)), code.u8(at + 5));
      case CALL_CLOSURE -> callClosure(Quick.CALL_CLOSURE, code.u8(at + 1));
      case RETURN -> {
        LinkedType t = stack.type(0);
        int a = stack.read(0);
        out.op(
                t.kind == Kind.R
                    ? Quick.RETURN_R
                    : t.kind == Kind.V ? Quick.RETURN_V : Quick.RETURN_W)
            .put(a);
        stack.pop(1);
      }
      case RETURN_VOID -> out.op(Quick.RETURN_VOID);
      case SWITCH, TABLE_SWITCH -> switchInt(op, at, next);
      case SWITCH_STR -> switchString(at, next);
      case LOAD_LOCAL -> loadLocal(code.u16(at + 1));
      case LOAD_LOCAL_0 -> loadLocal(0);
      case LOAD_LOCAL_1 -> loadLocal(1);
      case LOAD_LOCAL_2 -> loadLocal(2);
      case LOAD_LOCAL_3 -> loadLocal(3);
      case STORE_LOCAL -> storeLocal(code.u16(at + 1));
      case STORE_LOCAL_0 -> storeLocal(0);
      case STORE_LOCAL_1 -> storeLocal(1);
      case STORE_LOCAL_2 -> storeLocal(2);
      case STORE_LOCAL_3 -> storeLocal(3);
      case LOAD_GLOBAL, LOAD_STATIC -> {
        var cell = home.globals[code.i32(at + 1)];
        LinkedType t = cell.content;
        out.op(
            t.kind == Kind.V
                ? Quick.GGET_V
                : t.kind == Kind.R ? (t.hasZero ? Quick.GGET_R : Quick.GGET_RC) : Quick.GGET_W);
        pushResult(t);
        out.put(out.ref(cell));
      }
      case STORE_GLOBAL, STORE_STATIC -> {
        var cell = home.globals[code.i32(at + 1)];
        byte k = cell.content.kind;
        int a = stack.read(0);
        stack.pop(1);
        out.op(k == Kind.V ? Quick.GPUT_V : k == Kind.R ? Quick.GPUT_R : Quick.GPUT_W)
            .put(out.ref(cell))
            .put(a);
      }
      case TAIL_CALL -> {
        RFunction f = home.functions[code.i32(at + 1)];
        int argc = code.u8(at + 5) + f.receivers();
        stack.materialiseFrom(stack.depth() - argc);
        out.op(Quick.TAIL_CALL).put(out.ref(f)).put(argc).put(stack.nextCell() - argc);
        stack.pop(argc);
      }
      case NEW -> {
        LinkedType t = home.types[code.i32(at + 1)];
        out.op(Quick.NEW);
        pushResult(t);
        out.put(out.ref(context.classOf(t)));
      }
      case NEW_ARRAY -> {
        LinkedType t = home.types[code.i32(at + 1)];
        unary(Quick.NEW_ARRAY, t, out.ref(t));
      }
      case LOAD_FIELD -> loadField(code.u16(at + 1));
      case LOAD_FIELD_FAST -> loadField(code.u8(at + 1));
      case STORE_FIELD -> storeField(code.u16(at + 1));
      case STORE_FIELD_FAST -> storeField(code.u8(at + 1));
      case LOAD_ELEM -> loadElement();
      case STORE_ELEM -> {
        LinkedType element = stack.type(2).element();
        int v = stack.read(0);
        int i = stack.read(1);
        int a = stack.read(2);
        stack.pop(3);
        int store =
            switch (element.kind) {
              case Kind.I -> element.isBool() ? Quick.ASTORE_B : Quick.ASTORE_I;
              case Kind.F -> Quick.ASTORE_F;
              case Kind.V -> Quick.ASTORE_V;
              default -> Quick.ASTORE_R;
            };
        out.op(store).put(a).put(i).put(v);
      }
      case ARRAY_LEN -> unary(Quick.ALEN, intType);
      case ARRAY_PUSH -> {
        int v = stack.read(0);
        int a = stack.read(1);
        stack.pop(2);
        out.op(Quick.APUSH).put(a).put(v);
      }
      case ARRAY_POP -> {
        LinkedType t = stack.type(0).element().orNull();
        unary(Quick.APOP, t, out.ref(t));
      }
      case ARRAY_LITERAL, TUPLE_LITERAL, OBJECT_LITERAL -> stack.push(home.types[code.i32(at + 1)]);
      case INIT_ARRAY -> aggregate(Quick.ARRAY_OF, code.u16(at + 1));
      case INIT_TUPLE -> aggregate(Quick.OBJECT_OF, code.u8(at + 1));
      case INIT_OBJECT -> aggregate(Quick.OBJECT_OF, code.u16(at + 1));
      case TUPLE_GET -> {
        LinkedType element = stack.type(0).parts[code.u8(at + 1)];
        unary(Quick.TUPLE_GET, element, code.u8(at + 1));
        out.put(out.ref(element));
      }
      case MAKE_CLOSURE -> {
        RFunction f = home.functions[code.i32(at + 1)];
        out.op(Quick.CLOSURE);
        pushResult(f.type);
        out.put(out.ref(f));
      }
      case CLOSE_VAR -> {
        int a = stack.read(0);
        int o = stack.read(1);
        stack.pop(1);
        out.op(Quick.CLOSE_VAR).put(o).put(code.u8(at + 1)).put(a);
      }
      case LOAD_CAPTURED -> {
        LinkedType t = function.captureTypes[code.u8(at + 1)];
        out.op(
            t.kind == Kind.V
                ? Quick.CAPTURE_V
                : t.kind == Kind.R
                    ? (t.hasZero ? Quick.CAPTURE_R : Quick.CAPTURE_RC)
                    : Quick.CAPTURE_W);
        pushResult(t);
        out.put(code.u8(at + 1));
      }
      case STORE_CAPTURED -> {
        int a = stack.read(0);
        stack.pop(1);
        out.op(Quick.CAPTURE_PUT).put(code.u8(at + 1)).put(a);
      }
      case NEW_CELL -> {
        LinkedType content = home.types[code.i32(at + 1)];
        unary(Quick.NEW_CELL, TypeLinker.cellOf(content), out.ref(content));
      }
      case LOAD_CELL -> {
        LinkedType t = stack.type(0).element();
        unary(
            t.kind == Kind.V
                ? Quick.CELL_V
                : t.kind == Kind.R ? (t.hasZero ? Quick.CELL_R : Quick.CELL_RC) : Quick.CELL_W,
            t);
      }
      case STORE_CELL -> {
        LinkedType t = stack.type(1).element();
        int a = stack.read(0);
        int o = stack.read(1);
        stack.pop(2);
        out.op(
                t.kind == Kind.V
                    ? Quick.CELL_PUT_V
                    : t.kind == Kind.R ? Quick.CELL_PUT_R : Quick.CELL_PUT_W)
            .put(o)
            .put(a);
      }
      case OPTIONAL_FIELD -> {
        int field = code.u16(at + 1);
        LinkedType t = context.classOf(stack.type(0).withoutNull()).fieldTypes[field].orNull();
        unary(Quick.OPTIONAL_FIELD, t, field);
        out.put(out.ref(t));
      }
      case LOAD_FIELD_NAMED -> named(Quick.GETF_NAMED, string(code.i32(at + 1)));
      case STORE_FIELD_NAMED -> named(Quick.PUTF_NAMED, string(code.i32(at + 1)));
      case OPTIONAL_FIELD_NAMED -> named(Quick.OPTIONAL_NAMED, string(code.i32(at + 1)));
      case CALL_BUILTIN -> {
        if (code.u16(at + 1) == JSON_PARSE && follows(next, Opcode.JSON_CAST)) {
          LinkedType t = home.types[code.i32(next + 1)];
          unary(Quick.JSON_DECODE, t, out.ref(JsonPlan.of(t)));
          return Blocks.next(code, next);
        }
        builtin(code.u16(at + 1), code.u8(at + 3));
      }
      case SPAWN -> {
        RFunction f = home.functions[code.i32(at + 1)];
        int argc = code.u8(at + 5) + f.receivers();
        callLike(Quick.SPAWN, out.ref(f), argc, argc, TypeLinker.taskOf(f.type.resultType()));
      }
      case SPAWN_CLOSURE -> {
        int argc = code.u8(at + 1);
        LinkedType t = stack.type(argc);
        callLike(
            Quick.SPAWN_CLOSURE,
            out.newRef(site("", t, -1)),
            argc,
            argc + 1,
            TypeLinker.taskOf(t.resultType()));
      }
      case AWAIT -> taskOp(Quick.AWAIT, 1, stack.type(0).element());
      case AWAIT_TIMEOUT -> taskOp(Quick.AWAIT_TIMEOUT, 2, stack.type(1).element());
      case TASK_ALL ->
          taskOp(Quick.TASK_ALL, 1, TypeLinker.arrayOf(stack.type(0).element().element()));
      case TASK_RACE -> taskOp(Quick.TASK_RACE, 1, stack.type(0).element().element());
      case YIELD -> {
        stack.materialiseAll();
        out.op(Quick.YIELD);
      }
      case SLEEP -> {
        stack.materialiseAll();
        out.op(Quick.SLEEP).put(stack.read(0));
        stack.pop(1);
      }
      case TASK_CANCEL -> {
        out.op(Quick.TASK_CANCEL).put(stack.read(0));
        stack.pop(1);
      }
      case CHAN_NEW -> {
        LinkedType t = home.types[code.i32(at + 1)];
        LinkedType element = t.form == Form.CHANNEL ? t.element() : t;
        unary(Quick.CHAN_NEW, TypeLinker.channelOf(element), out.ref(element));
      }
      case CHAN_SEND -> synchronize(Quick.CHAN_SEND, "send", predefined(PredefinedType.VOID), 1);
      case CHAN_RECV -> {
        LinkedType received = Synchronizers.element(stack.type(0)).orNull();
        synchronize(Quick.CHAN_RECV, "receive", received, 0);
        forgetResult();
      }
      case CHAN_CLOSE -> synchronize(Quick.CHAN_CLOSE, "close", predefined(PredefinedType.VOID), 0);
      case CHAN_SELECT -> {
        int flags = code.u8(at + 1);
        taskOp(Quick.CHAN_SELECT, 4, intType);
        out.set(out.place() - 3, flags);
      }
      case CANCEL_REQUESTED -> {
        out.op(Quick.CANCEL_REQUESTED);
        pushResult(bool);
      }
      case THROW, RETHROW -> {
        int a = stack.read(0);
        out.op(op == Opcode.THROW ? Quick.THROW : Quick.RETHROW).put(a);
        stack.pop(1);
      }
      case TRAP -> out.op(Quick.TRAP).put(code.u8(at + 1));
      case SAFEPOINT -> {
        stack.materialiseAll();
        out.op(Quick.SAFEPOINT);
      }
      case HALT -> out.op(Quick.HALT).put(out.ref(function.type.resultType()));
      case PROBE -> out.op(Quick.PROBE).put(code.i32(at + 1));
      case IS_NULL -> {
        int branch = branchAfter(next);
        if (branch >= 0 && stack.type(0).form != Form.JSON) {
          return testNull(next, jumpsIfTrue(next, branch), branch);
        }
        is(0);
      }
      case IS_INT -> is(1);
      case IS_NUMBER -> is(2);
      case IS_STRING -> is(3);
      case IS_BOOL -> is(4);
      case IS_OBJECT -> is(5);
      case IS_ARRAY -> is(6);
      case INSTANCEOF -> {
        LinkedType t = home.types[code.i32(at + 1)];
        unary(Quick.INSTANCE_OF, bool, out.ref(new Cast(stack.type(0), t)));
      }
      case CHECK_CAST -> {
        LinkedType t = home.types[code.i32(at + 1)];
        unary(Quick.CHECK_CAST, t, out.ref(new Cast(stack.type(0), t)));
      }
      case WIDEN -> widen(home.types[code.i32(at + 1)]);
      case NON_NULL -> {
        LinkedType from = stack.type(0);
        LinkedType to = from.withoutNull();
        if (from.kind == Kind.V) {
          unary(Quick.NON_NULL_V, to, out.ref(Adaptation.of(from, to)));
        } else {
          unary(Quick.NON_NULL_R, to);
        }
      }
      case F2I_BITS -> unary(Quick.F2I_BITS, intType);
      case IUSHR_N -> binary(Quick.IUSHR_N, number64);
      case EQ -> {
        return equality(false, true, next);
      }
      case NE -> {
        return equality(true, true, next);
      }
      case STRICT_EQ -> {
        return equality(false, false, next);
      }
      case STRICT_NE -> {
        return equality(true, false, next);
      }
      case JSON_GET ->
          unary(Quick.JSON_GET, predefined(PredefinedType.JSON), out.ref(string(code.i32(at + 1))));
      case JSON_INDEX -> binary(Quick.JSON_INDEX, predefined(PredefinedType.JSON));
      case JSON_CAST -> {
        LinkedType t = home.types[code.i32(at + 1)];
        unary(Quick.JSON_CAST, t, out.ref(JsonPlan.of(t)));
      }
      case JSON_FROM -> {
        return jsonFrom(home.types[code.i32(at + 1)], next);
      }
      case NEW_MUTEX -> {
        out.op(Quick.NEW_MUTEX);
        pushResult(predefined(PredefinedType.MUTEX));
      }
      case MUTEX_LOCK -> synchronize(Quick.MUTEX_LOCK, "lock", predefined(PredefinedType.VOID), 0);
      case MUTEX_UNLOCK ->
          synchronize(Quick.MUTEX_UNLOCK, "unlock", predefined(PredefinedType.VOID), 0);
      case MUTEX_TRY_LOCK -> synchronize(Quick.MUTEX_TRY_LOCK, "tryLock", bool, 0);
      case SEQ -> compareValue(Quick.BOOL_S, EQ);
      case SNE -> compareValue(Quick.BOOL_S, NE);
      case SLT -> compareValue(Quick.BOOL_S, LT);
      case SLE -> compareValue(Quick.BOOL_S, LE);
      case SGT -> compareValue(Quick.BOOL_S, GT);
      case SGE -> compareValue(Quick.BOOL_S, GE);
      case SCONCAT -> binary(Quick.SCONCAT, string);
      case SCONCAT_N -> {
        int n = code.u8(at + 1);
        stack.materialiseFrom(stack.depth() - n);
        stack.pop(n);
        int base = stack.nextCell();
        out.op(Quick.SCONCAT_N);
        pushResult(string);
        out.put(base).put(n);
      }
      case SLEN -> unary(Quick.LENGTH, intType);
      case SLEN_BYTES -> unary(Quick.SLEN_BYTES, intType);
      case TO_STRING -> {
        if (stack.type(0).form == Form.STRING || stack.type(0).form == Form.STRING_LITERAL) {
          stack.retype(0, string);
        } else {
          unary(Quick.TO_STRING, string, out.ref(stack.type(0)));
        }
      }
      default -> throw new UnsupportedInstruction(op, function.name);
    }
    return next;
  }

  private String string(int index) {
    return ((Constant.Str) home.file.constants().get(index)).value();
  }

  private void constant(int index) {
    switch (home.file.constants().get(index)) {
      case Constant.Str s ->
          stack.push(OperandStack.REF, out.ref(s.value()), predefined(PredefinedType.STRING));
      case Constant.I32 i ->
          stack.push(OperandStack.INT, i.value(), predefined(PredefinedType.INT));
      case Constant.F64 f ->
          stack.push(
              OperandStack.WORD,
              out.word(Double.doubleToRawLongBits(f.value())),
              predefined(PredefinedType.NUMBER));
    }
  }

  // ---- variables

  private void loadLocal(int local) {
    LinkedType t = function.localTypes[local];
    if (!t.hasZero && !assigned[local] && (t.kind == Kind.R || t.kind == Kind.V)) {
      out.op(Quick.CHECK_SET).put(local);
    }
    stack.push(OperandStack.LOCAL, local, t);
    forgetResult();
  }

  private void storeLocal(int local) {
    LinkedType t = function.localTypes[local];
    boolean retarget =
        stack.form(0) == OperandStack.HOME
            && resultPlace >= 0
            && resultCount == out.count()
            && resultCell == stack.nextCell() - 1
            && !pendingLocal(local);
    if (retarget) {
      out.set(resultPlace, local);
      stack.pop(1);
    } else {
      int form = stack.form(0);
      int value = stack.value(0);
      stack.pop(1);
      stack.materialiseLocal(local);
      switch (form) {
        case OperandStack.LOCAL -> {
          if (value != local) {
            out.op(OperandStack.move(t.kind)).put(local).put(value);
          }
        }
        case OperandStack.INT -> out.op(Quick.K_I).put(local).put(value);
        case OperandStack.WORD -> out.op(Quick.K_W).put(local).put(value);
        case OperandStack.REF -> out.op(Quick.K_R).put(local).put(value);
        default -> out.op(OperandStack.move(t.kind)).put(local).put(stack.nextCell());
      }
    }
    if (straight) {
      assigned[local] = true;
    }
    forgetResult();
  }

  private boolean pendingLocal(int local) {
    for (int i = 1; i < stack.depth(); i++) {
      if (stack.form(i) == OperandStack.LOCAL && stack.value(i) == local) {
        return true;
      }
    }
    return false;
  }

  private void loadField(int number) {
    RClass cls = context.classOf(stack.type(0));
    int field = home.field(cls, number);
    LinkedType t = cls.fieldTypes[field];
    int o = stack.read(0);
    stack.pop(1);
    int name = out.ref(cls.fieldNames[field]);
    if (t.kind == Kind.V) {
      out.op(Quick.GETF_V);
      pushResult(t);
      out.put(o)
          .put(cls.wordIndex[field])
          .put(cls.refIndex[field])
          .put(name)
          .put(t.hasZero ? 0 : 1);
    } else if (t.kind == Kind.R) {
      out.op(t.hasZero ? Quick.GETF_R : Quick.GETF_RC);
      pushResult(t);
      out.put(o).put(cls.refIndex[field]).put(name);
    } else {
      out.op(Quick.GETF_W);
      pushResult(t);
      out.put(o).put(cls.wordIndex[field]).put(name);
    }
  }

  private void storeField(int number) {
    RClass cls = context.classOf(stack.type(1));
    int field = home.field(cls, number);
    LinkedType t = cls.fieldTypes[field];
    int a = stack.read(0);
    int o = stack.read(1);
    stack.pop(2);
    int name = out.ref(cls.fieldNames[field]);
    if (t.kind == Kind.V) {
      out.op(Quick.PUTF_V)
          .put(o)
          .put(cls.wordIndex[field])
          .put(cls.refIndex[field])
          .put(a)
          .put(name);
    } else if (t.kind == Kind.R) {
      out.op(Quick.PUTF_R).put(o).put(cls.refIndex[field]).put(a).put(name);
    } else {
      out.op(Quick.PUTF_W).put(o).put(cls.wordIndex[field]).put(a).put(name);
    }
  }

  private void loadElement() {
    LinkedType array = stack.type(1);
    LinkedType element = array.element();
    if (array.readOnly && element.kind != Kind.F) {
      binary(Quick.ALOAD_X, element);
      out.put(out.ref(element));
      return;
    }
    int op =
        switch (element.kind) {
          case Kind.I -> element.isBool() ? Quick.ALOAD_B : Quick.ALOAD_I;
          case Kind.F -> Quick.ALOAD_F;
          case Kind.V -> Quick.ALOAD_V;
          default -> element.hasZero ? Quick.ALOAD_R : Quick.ALOAD_RC;
        };
    binary(op, element);
  }

  private void aggregate(int op, int n) {
    stack.materialiseFrom(stack.depth() - n);
    stack.pop(n);
    int base = stack.nextCell();
    LinkedType t = stack.type(0);
    stack.pop(1);
    out.op(op);
    pushResult(t);
    out.put(out.ref(op == Quick.ARRAY_OF ? t : t.shape())).put(base).put(n);
  }

  private void widen(LinkedType to) {
    LinkedType from = stack.type(0);
    Adaptation adaptation = Adaptation.of(from, to);
    if (adaptation == Adaptation.NONE) {
      stack.retype(0, to);
    } else {
      unary(Quick.CONVERT, to, out.ref(adaptation));
    }
  }

  private void is(int what) {
    LinkedType t = stack.type(0);
    unary(Quick.IS, predefined(PredefinedType.BOOL), what);
    out.put(out.ref(t));
  }

  // ---- calls

  /** Materialises everything, pops {@code pops} operands and writes {@code op k argc base d}. */
  private void callLike(int op, int k, int argc, int pops, LinkedType result) {
    stack.materialiseAll();
    stack.pop(pops);
    int base = stack.nextCell();
    out.op(op).put(k).put(argc).put(base);
    if (result.kind == Kind.NONE) {
      out.put(base);
      forgetResult();
    } else {
      pushResult(result);
    }
  }

  /** An operation of a mutex or channel, which a class that extends it may have overridden. */
  private void synchronize(int op, String name, LinkedType result, int argc) {
    LinkedType[] parameters = new LinkedType[argc];
    for (int i = 0; i < argc; i++) {
      parameters[i] = Synchronizers.element(stack.type(argc));
    }
    CallSite method = site(name, TypeLinker.functionOf(result, parameters), -1);
    callLike(op, out.newRef(method), argc, argc + 1, result);
  }

  private void call(RFunction f, int argc) {
    int cells = argc + f.receivers();
    callLike(Quick.CALL, out.ref(f), cells, cells, f.type.resultType());
  }

  private void constructor(RFunction f, int argc) {
    stack.materialiseAll();
    int receiver = stack.nextCell() - argc - 1;
    out.op(Quick.CHECK_NULL).put(receiver).put(out.ref("constructor"));
    stack.pop(argc + 1);
    out.op(Quick.CALL).put(out.ref(f)).put(argc + 1).put(receiver).put(receiver);
    forgetResult();
  }

  private CallSite site(String name, LinkedType type, int slot) {
    return new CallSite(name, type, context.signature(type), slot);
  }

  private void callMethod(int number, int argc) {
    RClass cls = context.classOf(stack.type(argc));
    int slot = home.slot(cls, number);
    RFunction declared = cls.vtable[slot];
    CallSite site = site(cls.slotNames[slot], declared.type, slot);
    callLike(Quick.CALL_METHOD, out.newRef(site), argc, argc + 1, declared.type.resultType());
  }

  private void callIface(String name, int argc) {
    LinkedType type = context.memberType(stack.type(argc), name);
    callLike(Quick.CALL_IFACE, out.newRef(site(name, type, -1)), argc, argc + 1, type.resultType());
  }

  private void callClosure(int op, int argc) {
    LinkedType type = stack.type(argc);
    callLike(op, out.newRef(site("", type, -1)), argc, argc + 1, type.resultType());
  }

  private void named(int op, String name) {
    boolean write = op == Quick.PUTF_NAMED;
    LinkedType owner = stack.type(write ? 1 : 0);
    LinkedType type = context.memberType(owner.withoutNull(), name);
    LinkedType accessor = write ? context.setterType(type) : context.getterType(type);
    PropertySite site = new PropertySite(name, type, write, accessor, context.signature(accessor));
    LinkedType result =
        write ? predefined(PredefinedType.VOID) : op == Quick.OPTIONAL_NAMED ? type.orNull() : type;
    callLike(op, out.newRef(site), write ? 1 : 0, write ? 2 : 1, result);
  }

  private void builtin(int id, int argc) {
    Builtin builtin = Builtins.of(id);
    if (builtin == null) {
      throw new IllegalStateException("unverified built-in " + id);
    }
    LinkedType[] arguments = new LinkedType[argc];
    for (int i = 0; i < argc; i++) {
      arguments[i] = stack.type(argc - 1 - i);
    }
    BuiltinTypes types = new BuiltinTypes(context, builtin.signature(), arguments);
    LinkedType result = types.result();
    String member = builtin.member();
    CallSite method = member == null ? null : site(member, types.method(), -1);
    BuiltinSite site = new BuiltinSite(builtin, arguments, result, method);
    int op = member != null ? Quick.MEMBER : builtin.mayBlock() ? Quick.BLOCKING : Quick.BUILTIN;
    callLike(op, out.ref(site), argc, argc, result);
  }

  /** A value that becomes text at once is written without json values in between. */
  private int jsonFrom(LinkedType type, int next) {
    int site = out.ref(new JsonFrom.Site(type));
    int call = follows(next, Opcode.WIDEN) ? Blocks.next(code, next) : next;
    if (follows(call, Opcode.CALL_BUILTIN)
        && code.u16(call + 1) == JSON_STRINGIFY
        && code.u8(call + 3) == 1) {
      unary(Quick.JSON_ENCODE, predefined(PredefinedType.STRING), site);
      return Blocks.next(code, call);
    }
    unary(Quick.JSON_FROM, predefined(PredefinedType.JSON), site);
    return next;
  }

  /**
   * Says whether the instruction at an offset is a certain one and is only reached from the one
   * before it, with the same handlers.
   */
  private boolean follows(int at, Opcode op) {
    if (at >= code.length() || blocks.isStart(at) || Blocks.opcode(code.u8(at)) != op) {
      return false;
    }
    for (Handler handler : def.handlers()) {
      if (handler.start() == at || handler.end() == at) {
        return false;
      }
    }
    return true;
  }

  private void taskOp(int op, int pops, LinkedType result) {
    stack.materialiseAll();
    stack.pop(pops);
    int base = stack.nextCell();
    out.op(op).put(out.ref(result)).put(base);
    if (result.kind == Kind.NONE) {
      out.put(base);
    } else {
      pushResult(result);
      forgetResult();
    }
  }

  // ---- switches

  private void switchInt(Opcode op, int at, int next) {
    int a = stack.read(0);
    stack.pop(1);
    stack.materialiseAll();
    boolean table = op == Opcode.TABLE_SWITCH;
    int n = code.u16(at + (table ? 9 : 5));
    int[] keys = new int[n];
    int[] targets = new int[n];
    for (int i = 0; i < n; i++) {
      keys[i] = table ? code.i32(at + 5) + i : code.i32(at + 7 + 8 * i);
      targets[i] = next + code.i32(table ? at + 11 + 4 * i : at + 11 + 8 * i);
    }
    writeSwitch(
        Quick.SWITCH,
        a,
        table ? (Object) code.i32(at + 5) : keys,
        targets,
        next + code.i32(at + 1));
  }

  private void switchString(int at, int next) {
    int a = stack.read(0);
    stack.pop(1);
    stack.materialiseAll();
    int n = code.u16(at + 5);
    String[] keys = new String[n];
    int[] targets = new int[n];
    for (int i = 0; i < n; i++) {
      keys[i] = string(code.i32(at + 7 + 8 * i));
      targets[i] = next + code.i32(at + 11 + 8 * i);
    }
    writeSwitch(Quick.SWITCH_STR, a, SwitchKeys.strings(keys), targets, next + code.i32(at + 1));
  }

  /** Writes {@code op a k default cost (target cost)…}; the keys give the number of the pair. */
  private void writeSwitch(int op, int a, Object keys, int[] targets, int fallback) {
    out.op(op)
        .put(a)
        .put(out.newRef(keys instanceof SwitchKeys s ? s : SwitchKeys.ints(keys, targets.length)));
    out.target(fallback).put(blocks.cost(fallback));
    for (int target : targets) {
      out.target(target).put(blocks.cost(target));
    }
  }
}
