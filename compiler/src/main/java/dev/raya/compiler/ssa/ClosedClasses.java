package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which classes nobody outside of a package, or a part of it, can derive from. Of their methods all
 * overrides are known.
 *
 * <p>Instances of one template may be one class although they have numbers of their own: those for
 * interfaces with the same members (language.md 3.2, rule 5). What derives from one of them counts
 * as derived from all. Which shapes have the same members is not asked here: any two are taken for
 * such.
 */
final class ClosedClasses {
  private static final int UNKNOWN = -1;

  private final IrPackage program;
  private final BitSet open = new BitSet();

  /** Numbers of the groups of classes that may be one. */
  private final Map<String, Integer> groups = new HashMap<>();

  /** The group of each class, or {@link #UNKNOWN} before it is asked for. */
  private final int[] groupOf;

  /** The classes that derive from one of each group, directly or not. */
  private final Map<Integer, List<Integer>> derived = new HashMap<>();

  ClosedClasses(IrPackage program) {
    this.program = program;
    groupOf = new int[program.classes().size()];
    Arrays.fill(groupOf, UNKNOWN);
    for (int i = 0; i < groupOf.length; i++) {
      open.set(i, !(program.classes().get(i) instanceof IrClass.Local c) || c.open());
      group(i);
      for (int at = parent(i); at >= 0; at = parent(at)) {
        derived.computeIfAbsent(group(at), _ -> new ArrayList<>()).add(i);
      }
    }
  }

  private int group(int number) {
    if (groupOf[number] == UNKNOWN) {
      String key =
          switch (program.classes().get(number)) {
            case IrClass.Local c when c.instance() ->
                c.module()
                    + "\n"
                    + c.origin()
                    + '\n'
                    + template(c.name())
                    + keys(c.typeArguments());
            case IrClass.Collection c when !c.typeArguments().isEmpty() ->
                template(c.name()) + keys(c.typeArguments());
            default -> "" + number;
          };
      groupOf[number] = groups.computeIfAbsent(key, _ -> groups.size());
    }
    return groupOf[number];
  }

  private static String template(String name) {
    return name.substring(0, name.indexOf('<'));
  }

  private String keys(List<IrType> types) {
    StringBuilder keys = new StringBuilder("(");
    types.forEach(type -> keys.append(key(type)).append(','));
    return keys.append(')').toString();
  }

  /** Equal for types that may be the same. */
  private String key(IrType type) {
    return switch (type) {
      case IrType.Basic basic -> basic.name();
      case IrType.Array a -> (a.readOnly() ? "ra " : "a ") + key(a.element());
      case IrType.Tuple t -> (t.readOnly() ? "rt" : "t") + keys(t.elements());
      case IrType.Function f -> "f" + f.optional() + f.rest() + keys(f.params()) + key(f.result());
      case IrType.ClassType c -> "c" + group(c.number());
      case IrType.Shape _ -> "shape";
      case IrType.Union u -> union(u);
      case IrType.Task t -> "task " + key(t.result());
      case IrType.Channel c -> "channel " + key(c.element());
      case IrType.Cell c -> "cell " + key(c.content());
      case IrType.BoolLiteral _ -> IrType.Basic.BOOL.name(); // both together are boolean
      case IrType.StringLiteral _, IrType.IntLiteral _ -> "literal " + type;
    };
  }

  private String union(IrType.Union union) {
    Set<String> keys = new TreeSet<>();
    union.members().forEach(member -> keys.add(key(member)));
    return keys.size() == 1 ? keys.iterator().next() : "union" + keys;
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
    for (int i : derived.getOrDefault(group(type.number()), List.of())) {
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
