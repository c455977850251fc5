package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Calls of the members of arrays and maps that take more than one built-in of the VM. */
final class CollectionLowering {
  private final FunctionLowering f;
  private final CodeDraft code;
  private final BuiltinLowering builtins;

  CollectionLowering(FunctionLowering f, BuiltinLowering builtins) {
    this.f = f;
    this.code = f.code();
    this.builtins = builtins;
  }

  /** A splice that puts elements in: the count stands before them even where none is given. */
  IrType splice(Callee.Builtin callee, Expr.Call e) {
    IrType.Function declared = builtins.declared(callee);
    builtins.receiver(e);
    builtins.math().number(BuiltinLowering.argument(e, 0));
    Expr count = BuiltinLowering.argument(e, 1);
    if (Unions.hasNull(f.type(count))) {
      IrType perhaps = declared.params().get(1);
      f.expressions().to(count, perhaps);
      int held = builtins.hold(perhaps);
      int given = code.block();
      int missing = code.block();
      int after = code.block();
      code.load(held);
      code.branch(Opcode.JMP_IF_NULL, missing, given);
      code.begin(missing);
      code.add(new Instruction.NumberConstant(Integer.MAX_VALUE));
      code.jump(after);
      code.begin(given);
      code.load(held);
      f.coercion().narrow(perhaps, Basic.NUMBER);
      code.begin(after);
    } else {
      builtins.math().number(count);
    }
    f.expressions().to(Objects.requireNonNull(e.rest()), declared.params().getLast());
    code.builtin("array.splice", 4);
    return declared.result();
  }

  IrType push(Expr.Call e, boolean wanted) {
    IrType array = builtins.receiver(e);
    Expr rest = e.rest();
    List<Expr> values = new ArrayList<>(e.arguments());
    boolean plain = true;
    if (rest instanceof Expr.ArrayLiteral literal) {
      literal.elements().forEach(element -> values.add(element.value()));
      plain = literal.elements().stream().allMatch(element -> element.spread() == null);
    } else if (rest != null) {
      plain = false;
    }
    if (plain && values.size() == 1 && !wanted) {
      f.expressions().to(values.getFirst(), BuiltinLowering.element(array));
      code.plain(Opcode.ARRAY_PUSH);
      return Basic.VOID;
    }
    int held = f.scratch(array);
    code.store(held);
    if (plain) {
      for (Expr value : values) {
        code.load(held);
        f.expressions().to(value, BuiltinLowering.element(array));
        code.plain(Opcode.ARRAY_PUSH);
      }
    } else if (rest != null) {
      code.load(held);
      f.expressions().value(rest);
      code.builtin("array.pushAll", 2);
    }
    if (!wanted) {
      return Basic.VOID;
    }
    code.load(held);
    code.plain(Opcode.ARRAY_LEN);
    return Basic.INT;
  }

  IrType concat(Expr.Call e) {
    IrType array = builtins.receiver(e);
    IrType result = new IrType.Array(BuiltinLowering.element(array), false);
    if (e.rest() != null && !BuiltinLowering.isListed(e)) {
      f.expressions().value(e.rest());
      code.builtin("array.flat", 1);
      code.builtin("array.concat", 2);
      return result;
    }
    for (Expr other : BuiltinLowering.all(e)) {
      f.expressions().value(other);
      code.builtin("array.concat", 2);
    }
    if (BuiltinLowering.all(e).isEmpty()) {
      code.builtin("array.slice", 1);
    }
    return result;
  }

  /** {@code Array.from}: what converts to Iterable is walked as it is. */
  IrType from(Expr.Call e) {
    Expr items = BuiltinLowering.argument(e, 0);
    Expr walked =
        items instanceof Expr.Convert c && c.conversion() == Conversion.TO_ITERABLE
            ? c.operand()
            : items;
    IrType type = f.type(walked);
    Iteration iteration = Iteration.ITERABLE;
    if (type instanceof IrType.Array) {
      iteration = Iteration.ARRAY;
    } else if (type == Basic.STRING) {
      iteration = Iteration.STRING;
    } else if (f.lowering().classes().collection(type) instanceof IrType.ClassType root
        && f.lowering().tables().classOf(root) instanceof IrClass.Collection collection) {
      iteration = collection.typeArguments().size() == 2 ? Iteration.MAP : Iteration.SET;
    }
    IrType.Array made = new IrType.Array(BuiltinLowering.element(f.type(e)), false);
    f.expressions().literals().emptyArray(made);
    int array = builtins.hold(made);
    new IterationLowering(f).appendAll(array, made, iteration, walked);
    code.load(array);
    return made;
  }

  /** Works on the entries: what a derived class overrides is not called. */
  IrType getOrInsert(Expr.Call e) {
    IrType map = builtins.receiver(e);
    if (!(f.lowering().tables().classOf(map) instanceof IrClass.Collection collection)) {
      throw new IllegalStateException("not a Map: " + map);
    }
    IrType key = collection.typeArguments().getFirst();
    IrType value = collection.typeArguments().getLast();
    final int mapLocal = builtins.hold(map);
    f.expressions().to(BuiltinLowering.argument(e, 0), key);
    final int keyLocal = builtins.hold(key);
    IrType.Function make = new IrType.Function(List.of(), value);
    f.expressions().to(BuiltinLowering.argument(e, 1), make);
    final int makeLocal = builtins.hold(make);
    final int result = f.scratch(value);
    final int known = code.block();
    final int unknown = code.block();
    final int after = code.block();
    load(mapLocal, keyLocal);
    code.builtin("super.map.has", 2);
    code.branch(Opcode.JMP_IF_TRUE, known, unknown);
    code.begin(known);
    load(mapLocal, keyLocal);
    code.builtin("super.map.get", 2);
    f.coercion().narrow(Unions.nullable(value), value);
    code.store(result);
    code.jump(after);
    code.begin(unknown);
    load(makeLocal);
    code.add(new Instruction.CallValue(Opcode.CALL_CLOSURE, make, 0));
    code.store(result);
    load(mapLocal, keyLocal, result);
    code.builtin("super.map.set", 3);
    code.plain(Opcode.POP);
    code.begin(after);
    code.load(result);
    return value;
  }

  private void load(int... locals) {
    for (int local : locals) {
      code.load(local);
    }
  }
}
