package dev.raya.compiler.emit;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Emits the code of one function: its reachable blocks in their order, a jump to the next block
 * left out, protected regions as the runs of blocks that lie in them.
 */
final class FunctionEmitter {
  /** What numbers of the package are in the builder. */
  interface Handles {
    int function(int number);

    int global(int number);

    int classRef(int number);

    int captures(int function);

    int nativeMember(Instruction.CallNative call);
  }

  private final IrFunction.Local function;
  private final FunctionBuilder code;
  private final TypeTable types;
  private final Handles handles;
  private final boolean debug;
  private final List<Label> starts = new ArrayList<>();
  private final List<Block> layout = new ArrayList<>();

  FunctionEmitter(
      IrFunction.Local function,
      FunctionBuilder code,
      TypeTable types,
      Handles handles,
      boolean debug) {
    this.function = function;
    this.code = code;
    this.types = types;
    this.handles = handles;
    this.debug = debug;
  }

  void emit() {
    int given = function.type().params().size() + (function.hasReceiver() ? 1 : 0);
    for (int i = given; i < function.locals().size(); i++) {
      code.local(types.of(function.locals().get(i)));
    }
    function.captures().forEach(capture -> code.capture(types.of(capture)));
    BitSet reachable = reachable();
    for (Block block : function.blocks()) {
      starts.add(code.newLabel());
      if (reachable.get(block.number())) {
        layout.add(block);
      }
    }
    Label begin = code.newLabel();
    for (int i = 0; i < layout.size(); i++) {
      Block block = layout.get(i);
      code.bind(starts.get(block.number()));
      if (i == 0) {
        code.bind(begin);
      }
      block.instructions().forEach(this::instruction);
      int next = i + 1 < layout.size() ? layout.get(i + 1).number() : -1;
      terminator(block.end(), next);
    }
    Label end = code.newLabel();
    code.bind(end);
    handlers(end);
    if (debug) {
      for (IrFunction.Variable variable : function.variables()) {
        code.localName(variable.local(), begin, end, variable.name());
      }
    }
  }

  private BitSet reachable() {
    BitSet seen = new BitSet();
    visit(0, seen);
    return seen;
  }

  private void visit(int from, BitSet seen) {
    List<Integer> open = new ArrayList<>(List.of(from));
    while (!open.isEmpty()) {
      int number = open.removeLast();
      if (!seen.get(number)) {
        seen.set(number);
        Block block = function.blocks().get(number);
        open.addAll(block.end().targets());
        for (int region = block.region(); region >= 0; ) {
          IrFunction.Region around = function.regions().get(region);
          open.add(around.handler());
          region = around.parent();
        }
      }
    }
  }

  /** Regions are listed outer ones first; the handler table wants inner ones first. */
  private void handlers(Label end) {
    for (int region = function.regions().size() - 1; region >= 0; region--) {
      IrFunction.Region definition = function.regions().get(region);
      int catchClass =
          definition.catchClass() < 0 ? ClassRef.NONE : handles.classRef(definition.catchClass());
      int start = -1;
      for (int i = 0; i <= layout.size(); i++) {
        boolean inside = i < layout.size() && liesIn(layout.get(i).region(), region);
        if (inside && start < 0) {
          start = i;
        } else if (!inside && start >= 0) {
          Label until = i < layout.size() ? starts.get(layout.get(i).number()) : end;
          code.handler(
              starts.get(layout.get(start).number()),
              until,
              starts.get(definition.handler()),
              catchClass);
          start = -1;
        }
      }
    }
  }

  private boolean liesIn(int region, int outer) {
    for (int at = region; at >= 0; at = function.regions().get(at).parent()) {
      if (at == outer) {
        return true;
      }
    }
    return false;
  }

  private void instruction(Instruction instruction) {
    switch (instruction) {
      case Instruction.Plain i -> code.emit(i.opcode());
      case Instruction.IntConstant i -> code.constant(i.value());
      case Instruction.NumberConstant i -> code.constant(i.value());
      case Instruction.StringConstant i -> code.constant(i.value());
      case Instruction.LoadLocal i -> code.loadLocal(i.local());
      case Instruction.StoreLocal i -> code.storeLocal(i.local());
      case Instruction.Increment i -> code.emit(Opcode.IINC_LOCAL, i.local(), i.by());
      case Instruction.Capture i -> code.emit(i.opcode(), i.capture());
      case Instruction.Global i -> code.emit(i.opcode(), handles.global(i.global()));
      case Instruction.Call i -> code.emit(i.opcode(), handles.function(i.function()), i.argc());
      case Instruction.CallMethod i -> code.emit(Opcode.CALL_METHOD, i.slot(), i.argc());
      case Instruction.CallInterface i -> code.callInterface(i.name(), i.argc());
      case Instruction.CallValue i -> code.emit(i.opcode(), i.argc());
      case Instruction.CallBuiltin i -> code.builtin(i.name(), i.argc());
      case Instruction.CallNative i ->
          code.emit(Opcode.CALL_NATIVE, handles.nativeMember(i), i.argc());
      case Instruction.Typed i -> code.emit(i.opcode(), types.of(i.type()));
      case Instruction.Literal i -> code.emit(i.opcode(), types.of(i.type()), i.count());
      case Instruction.Counted i -> code.emit(i.opcode(), i.count());
      case Instruction.Field i -> field(i);
      case Instruction.Named i -> code.named(i.opcode(), i.name());
      case Instruction.MakeClosure i -> closure(i.function());
      case Instruction.Await i -> code.emit(i.opcode());
      case Instruction.Statement i -> {
        if (debug) {
          code.line(i.file(), i.line(), i.column());
        }
      }
    }
  }

  private void field(Instruction.Field field) {
    switch (field.opcode()) {
      case LOAD_FIELD -> code.loadField(field.field());
      case STORE_FIELD -> code.storeField(field.field());
      default -> code.emit(field.opcode(), field.field());
    }
  }

  private void closure(int number) {
    code.emit(Opcode.MAKE_CLOSURE, handles.function(number), handles.captures(number));
  }

  private void terminator(Terminator end, int next) {
    switch (end) {
      case Terminator.Jump jump -> jump(jump.target(), next);
      case Terminator.Branch branch -> {
        if (branch.taken() == next) {
          code.jump(negated(branch.test()), starts.get(branch.otherwise()));
        } else {
          code.jump(branch.test(), starts.get(branch.taken()));
          jump(branch.otherwise(), next);
        }
      }
      case Terminator.ArgumentBranch branch -> {
        code.jumpIfArgument(branch.parameter(), starts.get(branch.given()));
        jump(branch.missing(), next);
      }
      case Terminator.IntSwitch choice ->
          code.intSwitch(labels(choice.cases()), starts.get(choice.otherwise()));
      case Terminator.StringSwitch choice ->
          code.stringSwitch(labels(choice.cases()), starts.get(choice.otherwise()));
      case Terminator.Leave leave -> code.emit(leave.opcode());
      case Terminator.Raise raise -> code.emit(Opcode.TRAP, raise.trap().code());
    }
  }

  private void jump(int target, int next) {
    if (target != next) {
      code.jump(Opcode.JMP, starts.get(target));
    }
  }

  private <K extends Comparable<K>> SortedMap<K, Label> labels(SortedMap<K, Integer> cases) {
    SortedMap<K, Label> labels = new TreeMap<>();
    cases.forEach((key, target) -> labels.put(key, starts.get(target)));
    return labels;
  }

  private static Opcode negated(Opcode test) {
    return switch (test) {
      case JMP_IF_TRUE -> Opcode.JMP_IF_FALSE;
      case JMP_IF_FALSE -> Opcode.JMP_IF_TRUE;
      case JMP_IF_NULL -> Opcode.JMP_IF_NOT_NULL;
      case JMP_IF_NOT_NULL -> Opcode.JMP_IF_NULL;
      default -> throw new IllegalStateException("not a branch: " + test);
    };
  }
}
