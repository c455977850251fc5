package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.BuiltinSignature;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many values an instruction takes from the stack and puts there. */
public record StackEffect(int pops, int pushes) {
  private static final StackEffect PUSHES = new StackEffect(0, 1);
  private static final StackEffect POPS = new StackEffect(1, 0);
  private static final StackEffect NOTHING = new StackEffect(0, 0);
  private static final Map<Opcode, StackEffect> PLAIN = plain();

  /** How many values each built-in called so far pushes: its signature is parsed once. */
  private static final Map<String, Integer> BUILTIN_RESULTS = new ConcurrentHashMap<>();

  /** The effect of an instruction of a package. */
  public static StackEffect of(Instruction instruction, IrPackage program) {
    return switch (instruction) {
      case Instruction.Plain i -> of(i.opcode());
      case Instruction.IntConstant _, Instruction.NumberConstant _, Instruction.StringConstant _ ->
          PUSHES;
      case Instruction.LoadLocal _ -> PUSHES;
      case Instruction.StoreLocal _ -> POPS;
      case Instruction.Increment _, Instruction.Statement _ -> NOTHING;
      case Instruction.Capture i -> of(i.opcode());
      case Instruction.Global i -> of(i.opcode());
      case Instruction.Call i -> call(i, program.functions().get(i.function()));
      case Instruction.CallMethod i -> new StackEffect(i.argc() + 1, results(i.type()));
      case Instruction.CallInterface i -> new StackEffect(i.argc() + 1, results(i.type()));
      case Instruction.CallValue i ->
          new StackEffect(i.argc() + 1, i.opcode() == Opcode.SPAWN_CLOSURE ? 1 : results(i.type()));
      case Instruction.CallBuiltin i -> new StackEffect(i.argc(), builtinResults(i.name()));
      case Instruction.CallNative i -> new StackEffect(i.argc(), results(i.type()));
      case Instruction.Typed i -> of(i.opcode());
      case Instruction.Literal _ -> PUSHES;
      case Instruction.Counted i ->
          switch (i.opcode()) {
            case SCONCAT_N -> new StackEffect(i.count(), 1);
            case TUPLE_GET -> new StackEffect(1, 1);
            default -> new StackEffect(i.count() + 1, 1);
          };
      case Instruction.Field i -> of(i.opcode());
      case Instruction.Named i -> of(i.opcode());
      case Instruction.Await i ->
          new StackEffect(i.opcode() == Opcode.AWAIT_TIMEOUT ? 2 : 1, i.empty() ? 0 : 1);
      case Instruction.MakeClosure _ -> PUSHES;
    };
  }

  /** The effect of a terminator. */
  public static StackEffect of(Terminator end) {
    return switch (end) {
      case Terminator.Jump _, Terminator.ArgumentBranch _, Terminator.Raise _ -> NOTHING;
      case Terminator.Branch _, Terminator.IntSwitch _, Terminator.StringSwitch _ -> POPS;
      case Terminator.Leave leave ->
          new StackEffect(leave.opcode() == Opcode.RETURN_VOID ? 0 : 1, 0);
    };
  }

  private static int builtinResults(String name) {
    Integer known = BUILTIN_RESULTS.get(name);
    if (known == null) {
      known =
          Builtins.named(name).signature().result() instanceof BuiltinSignature.Exact exact
                  && (exact.type() == PredefinedType.VOID || exact.type() == PredefinedType.NEVER)
              ? 0
              : 1;
      BUILTIN_RESULTS.put(name, known);
    }
    return known;
  }

  private static StackEffect call(Instruction.Call call, IrFunction callee) {
    return switch (call.opcode()) {
      case CALL_CONSTRUCTOR, CALL_SUPER -> new StackEffect(call.argc() + 1, 0);
      case SPAWN -> new StackEffect(call.argc(), 1);
      default -> new StackEffect(call.argc() + (receives(callee) ? 1 : 0), results(callee.type()));
    };
  }

  private static boolean receives(IrFunction callee) {
    return switch (callee) {
      case IrFunction.Local local -> local.hasReceiver();
      case IrFunction.Declared declared -> declared.hasReceiver();
      case IrFunction.Imported imported -> imported.name().indexOf('#') > 0;
    };
  }

  private static int results(IrType.Function type) {
    return type.result() == IrType.Basic.VOID || type.result() == IrType.Basic.NEVER ? 0 : 1;
  }

  private static StackEffect of(Opcode opcode) {
    StackEffect known = PLAIN.get(opcode);
    if (known == null) {
      throw new IllegalStateException("no plain stack effect: " + opcode);
    }
    return known;
  }

  /** From the stack column of the instruction table: values are separated by spaces. */
  private static Map<Opcode, StackEffect> plain() {
    Map<Opcode, StackEffect> effects = new EnumMap<>(Opcode.class);
    for (Opcode opcode : Opcode.values()) {
      int arrow = opcode.stack().indexOf('→');
      if (arrow >= 0 && !opcode.stack().contains("…")) {
        effects.put(
            opcode,
            new StackEffect(
                count(opcode.stack().substring(0, arrow)),
                count(opcode.stack().substring(arrow + 1))));
      }
    }
    return effects;
  }

  private static int count(String values) {
    String text = values.strip();
    return text.isEmpty() ? 0 : text.split(" ").length;
  }
}
