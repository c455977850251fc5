package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.OperandKind;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;

/** Variables, fields and elements of one function: what reads them and what writes them. */
final class PlaceLowering {
  private final FunctionLowering f;
  private final CodeDraft code;
  private final CallLowering calls;

  PlaceLowering(FunctionLowering f, CallLowering calls) {
    this.f = f;
    this.code = f.code();
    this.calls = calls;
  }

  IrType read(VariableSymbol variable) {
    if (!variable.isGlobal()) {
      return f.load(variable);
    }
    code.add(new Instruction.Global(Opcode.LOAD_GLOBAL, f.lowering().global(variable)));
    return f.type(variable.type());
  }

  /** Pops into a module-level variable. */
  void storeGlobal(VariableSymbol variable) {
    if (variable.module().external()) {
      code.add(new Instruction.Call(Opcode.CALL, f.lowering().setterOf(variable), 1));
    } else {
      code.add(new Instruction.Global(Opcode.STORE_GLOBAL, f.lowering().global(variable)));
    }
  }

  IrType write(Expr.Write e, boolean wanted) {
    IrType type = f.type(e.variable().type());
    if (!wanted && increment(e)) {
      return type;
    }
    f.expressions().to(e.value(), type);
    if (wanted) {
      code.plain(Opcode.DUP);
    }
    if (e.variable().isGlobal()) {
      storeGlobal(e.variable());
    } else {
      f.store(e.variable());
    }
    return type;
  }

  /** {@code i = i + 1} on an int local. */
  private boolean increment(Expr.Write e) {
    if (e.variable().isGlobal()
        || !(e.value() instanceof Expr.Binary sum)
        || sum.kind() != OperandKind.INT
        || !(ExpressionLowering.constant(sum.right()) instanceof Expr.Int by)
        || !(sum.left() instanceof Expr.Read read)
        || read.variable() != e.variable()) {
      return false;
    }
    Place place = f.place(e.variable());
    int amount =
        switch (sum.operator()) {
          case ADD -> by.value();
          case SUBTRACT -> -by.value();
          default -> 0;
        };
    if (place.kind() != Place.Kind.LOCAL
        || place.type() != Basic.INT
        || amount == 0
        || amount != (short) amount) {
      return false;
    }
    code.add(new Instruction.Increment(place.index(), amount));
    return true;
  }

  IrType fieldGet(Expr.FieldGet e) {
    f.expressions().value(e.receiver());
    if (CoreClasses.isCore(e.field().owner())) {
      IrType special = calls.builtins().field(e.field().toString());
      if (special != null) {
        return special;
      }
    }
    IrType type = f.types().property(e.type(), f.environment());
    return f.lowering().fields().read(code, e.field(), type);
  }

  IrType staticGet(Expr.StaticGet e) {
    if (e.field().storage() != null) {
      return f.load(e.field().storage());
    }
    if (CoreClasses.isCore(e.field().owner())) {
      return calls.builtins().constant(e.field().toString());
    }
    code.add(new Instruction.Global(Opcode.LOAD_STATIC, staticNumber(e.field())));
    return f.type(e.field().type());
  }

  private int staticNumber(FieldSymbol field) {
    return f.lowering().classes().staticNumber(field);
  }

  IrType fieldSet(Expr.FieldSet e, boolean wanted) {
    f.expressions().value(e.receiver());
    f.nameClosure(e.field().name(), e.value());
    IrType type = f.lowering().fieldType(e.field(), f.type(e.receiver()), f.environment());
    f.expressions().to(e.value(), type);
    int kept = keep(wanted, type);
    f.lowering().fields().assign(code, e.field());
    return again(kept, type);
  }

  /** Copies the value on top into a scratch local, if it is wanted later. */
  private int keep(boolean wanted, IrType type) {
    if (!wanted) {
      return -1;
    }
    int local = f.scratch(type.base());
    code.plain(Opcode.DUP);
    code.store(local);
    return local;
  }

  private IrType again(int kept, IrType type) {
    if (kept >= 0) {
      code.load(kept);
    }
    return kept >= 0 ? type.base() : Basic.VOID;
  }

  IrType staticSet(Expr.StaticSet e, boolean wanted) {
    IrType type = f.type(e.field().type());
    f.expressions().to(e.value(), type);
    if (wanted) {
      code.plain(Opcode.DUP);
    }
    if (e.field().storage() != null) {
      f.store(e.field().storage());
    } else if (e.field().owner().module().external()) {
      code.add(new Instruction.Call(Opcode.CALL, f.lowering().setterOf(e.field()), 1));
    } else {
      code.add(new Instruction.Global(Opcode.STORE_STATIC, staticNumber(e.field())));
    }
    return wanted ? type : Basic.VOID;
  }

  IrType propertyGet(Expr.PropertyGet e) {
    IrType receiver = f.expressions().value(e.receiver());
    if (receiver instanceof IrType.Tuple tuple && e.name().equals("length")) {
      code.plain(Opcode.POP);
      code.constant(tuple.elements().size());
      return Basic.INT;
    }
    BuiltinMembers.Host host = f.lowering().builtinMembers().host(receiver, e.name());
    if (host != null) {
      IrType field = calls.builtins().field(host.symbol().name() + "." + e.name());
      if (field != null) {
        return field;
      }
    }
    if (receiver == Basic.JSON) {
      code.add(new Instruction.Named(Opcode.JSON_GET, e.name()));
      return Basic.JSON;
    }
    code.add(new Instruction.Named(Opcode.LOAD_FIELD_NAMED, e.name()));
    return f.types().property(e.type(), f.environment());
  }

  IrType propertySet(Expr.PropertySet e, boolean wanted) {
    IrType receiver = f.expressions().value(e.receiver());
    IrType type = f.lowering().propertyType(receiver, e.name());
    f.expressions().to(e.value(), type);
    int kept = keep(wanted, type);
    code.add(new Instruction.Named(Opcode.STORE_FIELD_NAMED, e.name()));
    return again(kept, type);
  }

  private void index(Expr index) {
    if (f.expressions().value(index) == Basic.NUMBER) {
      code.plain(Opcode.N2I);
    }
  }

  IrType indexGet(Expr.IndexGet e) {
    IrType object = f.expressions().value(e.object());
    index(e.index());
    if (object == Basic.STRING) {
      code.builtin("string.unitAt", 2);
      return Basic.STRING;
    }
    if (object == Basic.JSON) {
      code.plain(Opcode.JSON_INDEX);
      return Basic.JSON;
    }
    if (object == Basic.BYTES) {
      code.builtin("uint8array.at", 2);
      return Basic.INT;
    }
    code.plain(Opcode.LOAD_ELEM);
    return object instanceof IrType.Array array ? array.element() : f.type(e);
  }

  IrType indexSet(Expr.IndexSet e, boolean wanted) {
    IrType object = f.expressions().value(e.object());
    index(e.index());
    IrType type = object instanceof IrType.Array array ? array.element() : f.type(e);
    f.expressions().to(e.value(), type);
    int kept = keep(wanted, type);
    if (object == Basic.BYTES) {
      code.builtin("uint8array.put", 3);
    } else {
      code.plain(Opcode.STORE_ELEM);
    }
    return again(kept, type);
  }
}
