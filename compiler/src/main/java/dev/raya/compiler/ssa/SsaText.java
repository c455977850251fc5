package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrText;
import dev.raya.compiler.ir.Terminator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A function in SSA form as text ({@code docs/ir.md}); values are numbered as they appear. */
final class SsaText {
  private final SsaFunction function;
  private final ValueTypes types;
  private final IrText names;
  private final Map<Value, Integer> numbers = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  private SsaText(SsaFunction function, ValueTypes types) {
    this.function = function;
    this.types = types;
    this.names = IrText.reader(types.program());
  }

  /** The blocks of a function, two spaces in; equal functions give equal texts. */
  static String of(SsaFunction function, ValueTypes types) {
    SsaText text = new SsaText(function, types);
    types.enter(function.source);
    text.regions();
    for (SsaBlock block : function.blocks) {
      text.block(block);
    }
    return text.out.toString();
  }

  private void regions() {
    boolean[] used = new boolean[function.regions.size()];
    for (SsaBlock block : function.blocks) {
      for (int r = block.region; r >= 0; r = function.regions.get(r).parent()) {
        used[r] = true;
      }
    }
    for (int local = function.memory.nextSetBit(0);
        local >= 0;
        local = function.memory.nextSetBit(local + 1)) {
      out.append("  local ").append(local).append(": ");
      out.append(names.type(function.source.locals().get(local))).append('\n');
    }
    for (int r = 0; r < used.length; r++) {
      SsaFunction.Region region = function.regions.get(r);
      if (used[r]) {
        out.append("  region ").append(r).append(" in ").append(region.parent());
        out.append(" after ").append(region.before()).append(" handler ").append(region.handler());
        out.append(region.catchClass() < 0 ? "" : " class " + region.catchClass()).append('\n');
      }
    }
  }

  private void block(SsaBlock block) {
    out.append("  ").append(block);
    if (!block.params.isEmpty()) {
      out.append(
          block.params.stream()
              .map(p -> name(p) + ": " + typeOf(p))
              .collect(Collectors.joining(", ", "(", ")")));
    }
    out.append(block.handler ? " handler" : "");
    out.append(block.region < 0 ? "" : " region " + block.region).append(":\n");
    for (Op op : block.ops) {
      operation(op);
    }
    end(block.end);
  }

  private void operation(Op op) {
    out.append("    ");
    StringBuilder line = new StringBuilder();
    if (op.begin != null) {
      line.append(names.instruction(op.begin)).append(' ');
    }
    line.append(op.isCopy() ? "COPY " + typeOf(op) : names.instruction(op.code));
    for (int i = 0; i < op.args.length; i++) {
      line.append(i == 0 ? " (" : ", ").append(name(op.args[i]));
    }
    line.append(op.args.length > 0 ? ")" : "");
    if (op.result != null) {
      out.append(name(op.result)).append(": ").append(typeOf(op.result)).append(" = ");
    }
    out.append(line).append('\n');
  }

  private String typeOf(Op copy) {
    return names.type(((Instruction.Typed) copy.code).type());
  }

  private String typeOf(Value value) {
    try {
      return names.type(types.of(value));
    } catch (UnknownTypeException e) {
      return "?";
    }
  }

  private void end(End end) {
    List<String> to = new ArrayList<>();
    for (Edge edge : end.edges()) {
      to.add(
          edge.args.isEmpty()
              ? edge.target.toString()
              : edge.args.stream()
                  .map(this::name)
                  .collect(Collectors.joining(", ", edge.target + "(", ")")));
    }
    String value = end.value() == null ? "" : " " + name(end.value());
    out.append("    ");
    out.append(
        switch (end.how()) {
          case Terminator.Jump _ -> "JUMP " + to.getFirst();
          case Terminator.Branch b -> b.test() + value + " " + to.get(0) + " else " + to.get(1);
          case Terminator.ArgumentBranch b ->
              "IF_ARGUMENT " + b.parameter() + " " + to.get(0) + " else " + to.get(1);
          case Terminator.IntSwitch s -> "SWITCH" + value + cases(s.cases().keySet(), to);
          case Terminator.StringSwitch s -> "SWITCH" + value + cases(s.cases().keySet(), to);
          case Terminator.Leave l -> l.opcode() + value;
          case Terminator.Raise r -> "TRAP " + r.trap().label();
        });
    out.append('\n');
  }

  private static <K> String cases(java.util.Set<K> keys, List<String> to) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (K key : keys) {
      String shown = key instanceof String s ? IrText.quoted(s) : key.toString();
      text.append(' ').append(shown).append(" -> ").append(to.get(at++)).append(',');
    }
    return text.append(" else ").append(to.getLast()).toString();
  }

  private String name(Value value) {
    return "v" + numbers.computeIfAbsent(value, _ -> numbers.size());
  }
}
