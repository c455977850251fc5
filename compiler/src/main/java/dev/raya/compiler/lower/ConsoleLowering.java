package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Expr;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of {@code console}: the built-ins take one text. All arguments are evaluated before the
 * first is turned into text (language.md 5.2), so each shows what the evaluation of later ones has
 * changed in it.
 */
final class ConsoleLowering {
  private final FunctionLowering f;
  private final CodeDraft code;

  ConsoleLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  /** Writes the arguments of a call of a function of console. */
  IrType write(String name, Expr.Call e) {
    if (e.rest() instanceof Expr.ArrayLiteral rest && !BuiltinLowering.isListed(e)) {
      spread(rest);
    } else {
      listed(BuiltinLowering.all(e));
    }
    code.builtin(name, 1);
    return Basic.VOID;
  }

  private void listed(List<Expr> values) {
    if (values.isEmpty()) {
      f.expressions().string("");
    }
    int evaluated = firstToShow(values);
    List<Held> held = new ArrayList<>();
    for (Expr value : values.subList(0, evaluated)) {
      held.add(hold(value));
    }
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        f.expressions().string(" ");
        code.plain(Opcode.SCONCAT);
      }
      if (i < evaluated) {
        code.load(held.get(i).local());
        text(held.get(i).type());
      } else {
        text(f.expressions().value(shown(values.get(i))));
      }
      if (i > 0) {
        code.plain(Opcode.SCONCAT);
      }
    }
  }

  /** How many values must be evaluated before the first one is shown: none if nothing changes. */
  private int firstToShow(List<Expr> values) {
    int last = values.size() - 1;
    boolean runs = false; // whether showing one may change what another is
    for (Expr value : values) {
      runs |= f.lowering().mayHaveToString(f.type(shown(value)));
    }
    while (last > 0 && (runs ? isConstant(values.get(last)) : isInert(values.get(last)))) {
      last--;
    }
    boolean changing = false;
    for (int i = 0; i <= last; i++) {
      IrType type = f.type(shown(values.get(i)));
      if (type == Basic.NEVER) {
        return 0;
      }
      changing |= i < last && !DisplayLowering.isText(type);
    }
    return changing ? last + 1 : 0;
  }

  private record Held(int local, IrType type) {}

  private Held hold(Expr value) {
    IrType type = f.expressions().value(shown(value));
    int local = f.scratch(type);
    code.store(local);
    return new Held(local, type);
  }

  private static Expr shown(Expr given) {
    return given instanceof Expr.Display d ? d.value() : given;
  }

  /** Whether an expression is the same whatever runs before it. */
  private static boolean isConstant(Expr e) {
    return switch (e) {
      case Expr.Null _, Expr.Bool _, Expr.Int _, Expr.Num _, Expr.Str _ -> true;
      case Expr.Display x -> isConstant(x.value());
      case Expr.Convert x -> isConstant(x.operand());
      default -> false;
    };
  }

  /** Whether evaluating an expression changes nothing that is shown. */
  private static boolean isInert(Expr e) {
    return switch (e) {
      case Expr.Null _,
          Expr.Bool _,
          Expr.Int _,
          Expr.Num _,
          Expr.Str _,
          Expr.Read _,
          Expr.StaticGet _,
          Expr.FunctionValue _,
          Expr.Closure _ ->
          true;
      case Expr.Display x -> isInert(x.value());
      case Expr.Convert x -> isInert(x.operand());
      case Expr.FieldGet x -> isInert(x.receiver());
      case Expr.IndexGet x -> isInert(x.object()) && isInert(x.index());
      case Expr.TupleGet x -> isInert(x.tuple());
      case Expr.Binary x -> isInert(x.left()) && isInert(x.right());
      case Expr.Logical x -> isInert(x.left()) && isInert(x.right());
      case Expr.Conditional x ->
          isInert(x.condition()) && isInert(x.then()) && isInert(x.otherwise());
      case Expr.Not x -> isInert(x.operand());
      case Expr.Negate x -> isInert(x.operand());
      case Expr.IsNull x -> isInert(x.operand());
      case Expr.Truthy x -> isInert(x.operand());
      case Expr.TypeOf x -> isInert(x.operand());
      default -> false;
    };
  }

  // --- text

  /** Turns the value on the stack into what console writes for it. */
  private void text(IrType type) {
    if (f.lowering().isError(type)) {
      code.builtin("error.report", 1);
    } else if (Unions.hasNull(type) && f.lowering().isError(Unions.withoutNull(type))) {
      errorOrNull(type);
    } else {
      new DisplayLowering(f).convert(type);
    }
  }

  private void errorOrNull(IrType type) {
    int error = f.scratch(type);
    int text = f.scratch(Basic.STRING);
    final int none = code.block();
    final int some = code.block();
    final int after = code.block();
    code.store(error);
    code.load(error);
    code.branch(Opcode.JMP_IF_NULL, none, some);
    code.begin(none);
    f.expressions().string("null");
    code.store(text);
    code.jump(after);
    code.begin(some);
    code.load(error);
    f.coercion().narrow(type, Unions.withoutNull(type));
    code.builtin("error.report", 1);
    code.store(text);
    code.begin(after);
    code.load(text);
  }

  /** Pushes the text of values some of which stand in arrays. */
  private void spread(Expr.ArrayLiteral values) {
    List<Held> held = new ArrayList<>();
    for (Expr.Element element : values.elements()) {
      held.add(hold(element.value()));
    }
    IrType.Array texts = new IrType.Array(Basic.STRING, false);
    f.expressions().literals().emptyArray(texts);
    int parts = f.scratch(texts);
    code.store(parts);
    for (int i = 0; i < held.size(); i++) {
      if (values.elements().get(i).spread() == null) {
        code.load(parts);
        code.load(held.get(i).local());
        text(held.get(i).type());
        code.plain(Opcode.ARRAY_PUSH);
      } else {
        texts(parts, held.get(i));
      }
    }
    code.load(parts);
    f.expressions().string(" ");
    code.builtin("array.join", 2);
  }

  private void texts(int parts, Held array) {
    if (!(array.type() instanceof IrType.Array source)) {
      throw new IllegalStateException("not an array: " + array.type());
    }
    code.constant(0);
    final int index = f.scratch(Basic.INT);
    code.store(index);
    final int test = code.block();
    final int body = code.block();
    final int after = code.block();
    code.begin(test);
    code.load(index);
    code.load(array.local());
    code.plain(Opcode.ARRAY_LEN);
    code.plain(Opcode.ILT);
    code.branch(Opcode.JMP_IF_FALSE, after, body);
    code.begin(body);
    code.load(parts);
    code.load(array.local());
    code.load(index);
    code.plain(Opcode.LOAD_ELEM);
    text(source.element());
    code.plain(Opcode.ARRAY_PUSH);
    code.add(new Instruction.Increment(index, 1));
    code.jump(test);
    code.begin(after);
  }
}
