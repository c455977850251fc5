package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.FunctionBuilder.Emitted;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.LineEntry;
import dev.raya.vm.bytecode.RbinModule.LocalName;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns emitted instructions into bytes: indices for handles, offsets for labels. */
final class CodeLayout {
  /** A function, its debug data, and the offset of every emitted instruction and of the end. */
  record Result(FunctionDef function, FunctionDebug debug, int[] offsets) {}

  private static final int SHORT_CONSTANTS = 65_536;

  private final ModuleAssembly assembly;
  private final Ordering order;
  private final ConstantPool pool;
  private final RbinBuilder builder;

  CodeLayout(ModuleAssembly assembly, Ordering order, ConstantPool pool, RbinBuilder builder) {
    this.assembly = assembly;
    this.order = order;
    this.pool = pool;
    this.builder = builder;
  }

  /** Whether instructions of an opcode name labels. */
  static boolean namesLabels(Opcode opcode) {
    return opcode.has(Operand.JUMP)
        || opcode.has(Operand.SWITCH)
        || opcode.has(Operand.TABLE_SWITCH)
        || opcode.has(Operand.SWITCH_STR);
  }

  /** The label ids an instruction names. */
  static List<Integer> labels(Emitted emitted) {
    long[] operands = emitted.operands();
    return switch (emitted.opcode()) {
      case JMP, JMP_IF_TRUE, JMP_IF_FALSE, JMP_IF_NULL, JMP_IF_NOT_NULL ->
          List.of((int) operands[0]);
      case JMP_IF_ARG -> List.of((int) operands[1]);
      case SWITCH, SWITCH_STR -> {
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < operands.length; i += 2) {
          labels.add((int) operands[i]);
        }
        yield labels;
      }
      case TABLE_SWITCH -> {
        List<Integer> labels = new ArrayList<>();
        labels.add((int) operands[0]);
        for (int i = 2; i < operands.length; i++) {
          labels.add((int) operands[i]);
        }
        yield labels;
      }
      default -> List.of();
    };
  }

  Result layOut(FunctionBuilder function, CodeChecker.@Nullable Inferred counts) {
    List<Emitted> code = new ArrayList<>(function.code.size());
    int[] offsets = new int[function.code.size() + 1];
    for (int i = 0; i < function.code.size(); i++) {
      Emitted emitted = constantForm(function.code.get(i));
      code.add(emitted);
      offsets[i + 1] = offsets[i] + length(emitted);
    }
    ByteWriter out = new ByteWriter(offsets[code.size()]);
    for (int i = 0; i < code.size(); i++) {
      write(out, code.get(i), function, offsets, offsets[i + 1]);
    }
    List<Handler> handlers = new ArrayList<>();
    for (FunctionBuilder.Protected handler : function.handlers) {
      int start = offset(function, offsets, handler.start().id);
      int end = offset(function, offsets, handler.end().id);
      if (start < end) {
        int target = offset(function, offsets, handler.target().id);
        handlers.add(new Handler(start, end, target, order.classRef(handler.catchClass())));
      }
    }
    List<Integer> locals = new ArrayList<>();
    function.localTypes.forEach(type -> locals.add(assembly.type(type)));
    List<Integer> captures = new ArrayList<>();
    function.captureTypes.forEach(type -> captures.add(assembly.type(type)));
    FunctionDef definition =
        new FunctionDef(
            function.name,
            assembly.type(function.type),
            function.flags,
            function.paramCount,
            locals,
            captures,
            order.classRef(function.ownerClass),
            counts == null ? 0 : counts.maxStack(),
            code.size(),
            Code.of(out.toBytes()),
            handlers,
            counts == null ? List.of() : maps(function, offsets, assembly));
    return new Result(definition, debug(function, offsets), offsets);
  }

  /** The stack maps of a function. */
  static List<StackMap> maps(FunctionBuilder function, int[] offsets, ModuleAssembly assembly) {
    List<StackMap> maps = new ArrayList<>(function.maps.size());
    for (Map.Entry<Integer, List<Integer>> map : function.maps.entrySet()) {
      List<Integer> types = new ArrayList<>();
      map.getValue().forEach(type -> types.add(assembly.type(type)));
      maps.add(new StackMap(offsets[map.getKey()], types));
    }
    return maps;
  }

  private static FunctionDebug debug(FunctionBuilder function, int[] offsets) {
    List<LineEntry> lines = new ArrayList<>();
    for (FunctionBuilder.LineMark mark : function.lines) {
      int offset = offsets[mark.at()];
      if (mark.at() == function.code.size()) {
        continue;
      }
      if (!lines.isEmpty() && lines.getLast().offset() == offset) {
        lines.removeLast();
      }
      lines.add(new LineEntry(offset, mark.file(), mark.line(), mark.column()));
    }
    List<LocalName> names = new ArrayList<>();
    for (FunctionBuilder.LocalMark mark : function.localNames) {
      int start = offset(function, offsets, mark.start().id);
      int end = offset(function, offsets, mark.end().id);
      names.add(new LocalName(mark.local(), start, end, mark.name()));
    }
    names.sort(Comparator.comparingInt(LocalName::local).thenComparingInt(LocalName::start));
    return new FunctionDebug(lines, names, List.of());
  }

  private static int offset(FunctionBuilder function, int[] offsets, int label) {
    int position = function.labelPositions.get(label);
    if (position < 0) {
      throw new IllegalStateException(function.name + ": a label is used and never bound");
    }
    return offsets[position];
  }

  private Emitted constantForm(Emitted emitted) {
    if (emitted.opcode() != Opcode.CONST_STR && emitted.opcode() != Opcode.LOAD_CONST) {
      return emitted;
    }
    Constant constant = builder.constants.get((int) emitted.operands()[0]);
    boolean small = constant instanceof Constant.Str && pool.index(constant) < SHORT_CONSTANTS;
    return new Emitted(small ? Opcode.CONST_STR : Opcode.LOAD_CONST, emitted.operands());
  }

  private static int length(Emitted emitted) {
    int operands = emitted.operands().length;
    return switch (emitted.opcode()) {
      case SWITCH, SWITCH_STR -> 7 + 8 * (operands / 2);
      case TABLE_SWITCH -> 11 + 4 * (operands - 2);
      default -> emitted.opcode().length();
    };
  }

  private void write(
      ByteWriter out, Emitted emitted, FunctionBuilder function, int[] offsets, int next) {
    out.u8(emitted.opcode().number());
    long[] values = emitted.operands();
    List<Operand> operands = emitted.opcode().operands();
    for (int i = 0; i < operands.size(); i++) {
      long value = values[i];
      switch (operands.get(i)) {
        case I8, ARGC, COUNT8, INDEX, TRAP, FLAGS, PARAM, CAPTURE, FIELD8, EXTENSION ->
            out.u8((int) value);
        case I16, LOCAL, FIELD16, SLOT, NATIVE, BUILTIN, COUNT16 -> out.u16((int) value);
        case I32, COUNT32, COUNTER -> out.u32((int) value);
        case F64 -> out.u64(value);
        case CONST16 -> out.u16(constant(value));
        case CONST32, NAME -> out.u32(constant(value));
        case FUNC -> out.u32(order.function((int) value));
        case GLOBAL, STATIC -> out.u32(order.global((int) value));
        case TYPE -> out.u32(assembly.type((int) value));
        case JUMP -> out.u32(offset(function, offsets, (int) value) - next);
        case SWITCH -> {
          out.u32(offset(function, offsets, (int) value) - next);
          out.u16(values.length / 2);
          for (int k = 1; k < values.length; k += 2) {
            out.u32((int) values[k]);
            out.u32(offset(function, offsets, (int) values[k + 1]) - next);
          }
        }
        case TABLE_SWITCH -> {
          out.u32(offset(function, offsets, (int) value) - next);
          out.u32((int) values[1]);
          out.u16(values.length - 2);
          for (int k = 2; k < values.length; k++) {
            out.u32(offset(function, offsets, (int) values[k]) - next);
          }
        }
        case SWITCH_STR -> writeStringSwitch(out, values, function, offsets, next);
      }
    }
  }

  private void writeStringSwitch(
      ByteWriter out, long[] values, FunctionBuilder function, int[] offsets, int next) {
    out.u32(offset(function, offsets, (int) values[0]) - next);
    out.u16(values.length / 2);
    List<int[]> cases = new ArrayList<>();
    for (int k = 1; k < values.length; k += 2) {
      int target = offset(function, offsets, (int) values[k + 1]) - next;
      cases.add(new int[] {constant(values[k]), target});
    }
    cases.sort(Comparator.comparingInt(c -> c[0]));
    for (int[] entry : cases) {
      out.u32(entry[0]);
      out.u32(entry[1]);
    }
  }

  private int constant(long handle) {
    return pool.index(builder.constants.get((int) handle));
  }
}
