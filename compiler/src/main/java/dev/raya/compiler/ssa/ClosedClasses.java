package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which classes nobody outside of a package, or a part of it, can derive from. Of their methods all
 * overrides are known.
 */
final class ClosedClasses {
  private static final int UNKNOWN = -1;

  private final IrPackage program;
  private final BitSet open = new BitSet();

  /** The classes that derive from each, directly or not. */
  private final Map<Integer, List<Integer>> derived = new HashMap<>();

  ClosedClasses(IrPackage program) {
    this.program = program;
    for (int i = 0; i < program.classes().size(); i++) {
      open.set(i, !(program.classes().get(i) instanceof IrClass.Local c) || c.open());
      for (int at = parent(i); at >= 0; at = parent(at)) {
        derived.computeIfAbsent(at, _ -> new ArrayList<>()).add(i);
      }
    }
  }

  private int parent(int number) {
    return program.classes().get(number) instanceof IrClass.Local c ? c.parent() : UNKNOWN;
  }

  /** The one function that a call through a slot of a type can reach, or -1. */
  int only(IrType receiver, int slot) {
    if (!(receiver instanceof IrType.ClassType type)
        || !(program.classes().get(type.number()) instanceof IrClass.Local own)
        || slot >= own.vtable().size()) {
      return UNKNOWN;
    }
    int function = own.vtable().get(slot).function();
    if (open.get(type.number())) {
      return UNKNOWN;
    }
    for (int i : derived.getOrDefault(type.number(), List.of())) {
      if (open.get(i)
          || !(program.classes().get(i) instanceof IrClass.Local c)
          || c.vtable().get(slot).function() != function) {
        return UNKNOWN;
      }
    }
    return program.functions().get(function) instanceof IrFunction.Local ? function : UNKNOWN;
  }

  /** Whether a field may be stored to outside of its class's constructor. */
  boolean isWritable(IrType receiver, int field) {
    int at = receiver instanceof IrType.ClassType c ? c.number() : UNKNOWN;
    int number = field;
    while (at >= 0 && program.classes().get(at) instanceof IrClass.Local c) {
      int inherited = c.parent() < 0 ? 0 : count(c.parent());
      if (number >= inherited) {
        return !c.fields().get(number - inherited).readOnly();
      }
      at = c.parent();
    }
    return false;
  }

  private int count(int number) {
    return switch (program.classes().get(number)) {
      case IrClass.Local c -> (c.parent() < 0 ? 0 : count(c.parent())) + c.fields().size();
      case IrClass.Imported c -> c.fields().size();
      case IrClass.Collection _ -> 0;
    };
  }
}
