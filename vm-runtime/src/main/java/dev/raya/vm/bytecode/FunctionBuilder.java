package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Emits one function of a {@link RbinBuilder}. Types, functions, classes and globals are the
 * builder's handles; jumps go to {@link Label}s. Short forms, constant indices, offsets, maxStack,
 * cost and stack maps are worked out by {@link RbinBuilder#build()}.
 *
 * <p>Stack maps are inferred: where several paths meet with values on the stack, the values of one
 * path must be assignable to those of the other; otherwise emit WIDEN before the jump. Code after
 * an instruction that ends a block is dropped until the next label is bound.
 *
 * <p>Not thread-safe.
 */
public final class FunctionBuilder {
  /** An emitted instruction; jump operands are label ids, constants and the rest handles. */
  record Emitted(Opcode opcode, long[] operands) {}

  /** One for each opcode, for all places where it has no operands. */
  private static final Emitted[] WITHOUT_OPERANDS = withoutOperands();

  private static Emitted[] withoutOperands() {
    long[] none = new long[0];
    Opcode[] opcodes = Opcode.values();
    Emitted[] all = new Emitted[opcodes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Emitted(opcodes[i], none);
    }
    return all;
  }

  record Protected(Label start, Label end, Label target, int catchClass) {}

  record LineMark(int at, int file, int line, int column) {}

  record LocalMark(int local, Label start, Label end, String name) {}

  private final RbinBuilder module;
  private final int handle;
  final int moduleHandle;
  final String name;
  final int type;
  final int flags;
  final int ownerClass;
  final int container;
  final List<Integer> localTypes = new ArrayList<>();
  final List<Integer> captureTypes = new ArrayList<>();
  final List<Emitted> code = new ArrayList<>();
  final List<Integer> labelPositions = new ArrayList<>();
  final List<Protected> handlers = new ArrayList<>();
  final List<LineMark> lines = new ArrayList<>();
  final List<LocalMark> localNames = new ArrayList<>();

  /** Stack maps by position in {@link #code}; what a linked function brought, or inferred ones. */
  final TreeMap<Integer, List<Integer>> maps = new TreeMap<>();

  /** The counts of a function that came complete with its maps; null if they are inferred. */
  CodeChecker.@Nullable Inferred given;

  int paramCount;
  private boolean reachable = true;

  FunctionBuilder(
      RbinBuilder module,
      int handle,
      int moduleHandle,
      String name,
      int type,
      int flags,
      int ownerClass,
      int container) {
    this.module = module;
    this.handle = handle;
    this.moduleHandle = moduleHandle;
    this.name = name;
    this.type = type;
    this.flags = flags;
    this.ownerClass = ownerClass;
    this.container = container;
    if ((flags & (FunctionDef.METHOD | FunctionDef.CONSTRUCTOR)) != 0) {
      localTypes.add(module.type(new RType.ClassType(ownerClass)));
    }
    if (module.typeOf(type) instanceof RType.FunctionType function) {
      localTypes.addAll(function.params());
    } else {
      throw new IllegalArgumentException(name + ": the type of a function must be a function type");
    }
    this.paramCount = localTypes.size();
  }

  /** The function's handle, operand of CALL and the like. */
  public int handle() {
    return handle;
  }

  /** A new local; parameters have the first numbers, the receiver before all. */
  public int local(int localType) {
    localTypes.add(localType);
    return localTypes.size() - 1;
  }

  /** A new capture; its number is the operand of CLOSE_VAR, LOAD_CAPTURED and STORE_CAPTURED. */
  public int capture(int captureType) {
    captureTypes.add(captureType);
    return captureTypes.size() - 1;
  }

  /** Whether the next instruction can be reached; if not, it is dropped. */
  public boolean reachable() {
    return reachable;
  }

  /**
   * Emits an instruction; operands as {@link Operand} describes them, handles where the file has
   * indices. Labels and constants have methods of their own.
   */
  public FunctionBuilder emit(Opcode opcode, int... operands) {
    if (opcode.operands().size() != operands.length) {
      throw new IllegalArgumentException(
          opcode + " takes " + opcode.operandText() + ", not " + operands.length + " operands");
    }
    if (operands.length == 0) {
      return add(opcode);
    }
    long[] values = new long[operands.length];
    for (int i = 0; i < operands.length; i++) {
      switch (opcode.operands().get(i)) {
        case JUMP, NAME, CONST16, CONST32, F64, SWITCH, TABLE_SWITCH, SWITCH_STR ->
            throw new IllegalArgumentException(opcode + " has an emitting method of its own");
        default -> values[i] = operands[i];
      }
    }
    return add(opcode, values);
  }

  FunctionBuilder add(Opcode opcode, long... operands) {
    if (reachable) {
      code.add(new Emitted(opcode, operands));
      reachable = !opcode.endsBlock();
    }
    return this;
  }

  private FunctionBuilder add(Opcode opcode) {
    if (reachable) {
      code.add(WITHOUT_OPERANDS[opcode.ordinal()]);
      reachable = !opcode.endsBlock();
    }
    return this;
  }

  /** Pushes an int. */
  public FunctionBuilder constant(int value) {
    boolean small = value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE;
    return add(small ? Opcode.CONST_I8 : Opcode.CONST_I32, value);
  }

  /** Pushes a number. */
  public FunctionBuilder constant(double value) {
    return add(Opcode.CONST_F64, Double.doubleToLongBits(value));
  }

  /** Pushes a bool. */
  public FunctionBuilder constant(boolean value) {
    return add(value ? Opcode.CONST_TRUE : Opcode.CONST_FALSE);
  }

  /** Pushes a string. */
  public FunctionBuilder constant(String value) {
    return add(Opcode.CONST_STR, module.constant(new Constant.Str(value)));
  }

  /** Pushes a local, in the shortest form. */
  public FunctionBuilder loadLocal(int local) {
    return switch (local) {
      case 0 -> add(Opcode.LOAD_LOCAL_0);
      case 1 -> add(Opcode.LOAD_LOCAL_1);
      case 2 -> add(Opcode.LOAD_LOCAL_2);
      case 3 -> add(Opcode.LOAD_LOCAL_3);
      default -> add(Opcode.LOAD_LOCAL, local);
    };
  }

  /** Pops into a local, in the shortest form. */
  public FunctionBuilder storeLocal(int local) {
    return switch (local) {
      case 0 -> add(Opcode.STORE_LOCAL_0);
      case 1 -> add(Opcode.STORE_LOCAL_1);
      case 2 -> add(Opcode.STORE_LOCAL_2);
      case 3 -> add(Opcode.STORE_LOCAL_3);
      default -> add(Opcode.STORE_LOCAL, local);
    };
  }

  /** LOAD_FIELD, in the shortest form. */
  public FunctionBuilder loadField(int field) {
    return add(field < 256 ? Opcode.LOAD_FIELD_FAST : Opcode.LOAD_FIELD, field);
  }

  /** STORE_FIELD, in the shortest form. */
  public FunctionBuilder storeField(int field) {
    return add(field < 256 ? Opcode.STORE_FIELD_FAST : Opcode.STORE_FIELD, field);
  }

  /** LOAD_FIELD_NAMED, STORE_FIELD_NAMED, OPTIONAL_FIELD_NAMED or JSON_GET. */
  public FunctionBuilder named(Opcode opcode, String member) {
    requireLayout(opcode, List.of(Operand.NAME));
    return add(opcode, module.constant(new Constant.Str(member)));
  }

  /** CALL_IFACE. */
  public FunctionBuilder callInterface(String method, int argc) {
    return add(Opcode.CALL_IFACE, module.constant(new Constant.Str(method)), argc);
  }

  /** CALL_BUILTIN of the row with that name. */
  public FunctionBuilder builtin(String builtin, int argc) {
    return add(Opcode.CALL_BUILTIN, Builtins.named(builtin).id(), argc);
  }

  /** A label to be bound later. */
  public Label newLabel() {
    labelPositions.add(-1);
    return new Label(labelPositions.size() - 1);
  }

  /** Makes a label mean the next instruction. */
  public FunctionBuilder bind(Label label) {
    if (labelPositions.get(label.id) >= 0) {
      throw new IllegalStateException(name + ": label bound twice");
    }
    labelPositions.set(label.id, code.size());
    reachable = true;
    return this;
  }

  /** A new label bound here. */
  public Label here() {
    Label label = newLabel();
    bind(label);
    return label;
  }

  /** JMP or a conditional jump. */
  public FunctionBuilder jump(Opcode opcode, Label target) {
    requireLayout(opcode, List.of(Operand.JUMP));
    return add(opcode, target.id);
  }

  /** JMP_IF_ARG; the receiver is not counted. */
  public FunctionBuilder jumpIfArgument(int parameter, Label target) {
    return add(Opcode.JMP_IF_ARG, parameter, target.id);
  }

  /** A switch over ints: TABLE_SWITCH if the keys are dense, else SWITCH. */
  public FunctionBuilder intSwitch(SortedMap<Integer, Label> cases, Label otherwise) {
    long span = cases.isEmpty() ? 0 : (long) cases.lastKey() - cases.firstKey() + 1;
    if (!cases.isEmpty() && span <= 2L * cases.size()) {
      long[] operands = new long[2 + (int) span];
      operands[0] = otherwise.id;
      operands[1] = cases.firstKey();
      for (int i = 0; i < span; i++) {
        operands[2 + i] = cases.getOrDefault(cases.firstKey() + i, otherwise).id;
      }
      return add(Opcode.TABLE_SWITCH, operands);
    }
    long[] operands = new long[1 + 2 * cases.size()];
    operands[0] = otherwise.id;
    int at = 1;
    for (Map.Entry<Integer, Label> entry : cases.entrySet()) {
      operands[at++] = entry.getKey();
      operands[at++] = entry.getValue().id;
    }
    return add(Opcode.SWITCH, operands);
  }

  /** A switch over strings. */
  public FunctionBuilder stringSwitch(Map<String, Label> cases, Label otherwise) {
    long[] operands = new long[1 + 2 * cases.size()];
    operands[0] = otherwise.id;
    int at = 1;
    for (Map.Entry<String, Label> entry : new TreeMap<>(cases).entrySet()) {
      operands[at++] = module.constant(new Constant.Str(entry.getKey()));
      operands[at++] = entry.getValue().id;
    }
    return add(Opcode.SWITCH_STR, operands);
  }

  /**
   * Protects a range. Add inner handlers before outer ones. An empty range is left out.
   *
   * @param catchClass class handle, or {@link ClassRef#NONE} for every error
   */
  public FunctionBuilder handler(Label start, Label end, Label target, int catchClass) {
    handlers.add(new Protected(start, end, target, catchClass));
    return this;
  }

  /** Says where the statement that starts with the next instruction is. */
  public FunctionBuilder line(int file, int line, int column) {
    if (reachable) {
      lines.add(new LineMark(code.size(), file, line, column));
    }
    return this;
  }

  /** Names a local for the debugger. */
  public FunctionBuilder localName(int local, Label start, Label end, String localName) {
    localNames.add(new LocalMark(local, start, end, localName));
    return this;
  }

  /** Ends the code if control could run off its end: nothing reachable may stand there. */
  void finish() {
    boolean open = code.isEmpty() || !code.getLast().opcode().endsBlock();
    for (Emitted emitted : code) {
      if (!CodeLayout.namesLabels(emitted.opcode())) {
        continue;
      }
      for (int label : CodeLayout.labels(emitted)) {
        if (labelPositions.get(label) < 0) {
          throw new IllegalStateException(name + ": a label is used and never bound");
        }
        open |= labelPositions.get(label) == code.size();
      }
    }
    for (Protected handler : handlers) {
      open |= labelPositions.get(handler.target().id) == code.size();
    }
    if (open) {
      code.add(new Emitted(Opcode.TRAP, new long[] {Trap.UNREACHABLE.code()}));
      reachable = false;
    }
  }

  /** Gives the handle of every constant the code names. */
  void constantOperands(IntConsumer sink) {
    for (Emitted emitted : code) {
      Opcode opcode = emitted.opcode();
      if (!(opcode.has(Operand.NAME)
          || opcode.has(Operand.CONST16)
          || opcode.has(Operand.CONST32)
          || opcode.has(Operand.SWITCH_STR))) {
        continue;
      }
      List<Operand> operands = opcode.operands();
      for (int i = 0; i < operands.size(); i++) {
        switch (operands.get(i)) {
          case CONST16, CONST32, NAME -> sink.accept((int) emitted.operands()[i]);
          case SWITCH_STR -> {
            for (int k = 1; k < emitted.operands().length; k += 2) {
              sink.accept((int) emitted.operands()[k]);
            }
          }
          default -> {}
        }
      }
    }
  }

  private static void requireLayout(Opcode opcode, List<Operand> layout) {
    if (!opcode.operands().equals(layout)) {
      throw new IllegalArgumentException(opcode + " takes " + opcode.operandText());
    }
  }
}
