package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.OperandKind;
import dev.raya.compiler.tree.Operator;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Expressions of one function: each pushes its value, unless its type is void or never. */
final class ExpressionLowering {
  private final FunctionLowering f;
  private final CodeDraft code;
  private final CallLowering calls;
  private final DisplayLowering display;
  private final LiteralLowering literals;
  private final PlaceLowering places;

  ExpressionLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
    this.calls = new CallLowering(f);
    this.display = new DisplayLowering(f);
    this.literals = new LiteralLowering(f);
    this.places = new PlaceLowering(f, calls);
  }

  /** Arrays, tuples, objects and templates. */
  LiteralLowering literals() {
    return literals;
  }

  /** Variables, fields and elements. */
  PlaceLowering places() {
    return places;
  }

  /** Pushes a value as a type that its own is assignable to. */
  void to(Expr expr, IrType target) {
    Expr from = expr;
    // What is widened in one step needs no check that brings back what the first of two lost.
    while (from instanceof Expr.Convert e
        && e.conversion() == Conversion.WIDEN
        && !target.base().equals(target)
        && f.type(e).equals(target.base())) {
      from = e.operand();
    }
    IrType found = value(from);
    f.coercion().widen(found, target, isConstant(from));
  }

  /** Evaluates and drops the value. */
  void effect(Expr expr) {
    switch (expr) {
      case Expr.Write e -> places.write(e, false);
      case Expr.FieldSet e -> places.fieldSet(e, false);
      case Expr.StaticSet e -> places.staticSet(e, false);
      case Expr.PropertySet e -> places.propertySet(e, false);
      case Expr.IndexSet e -> places.indexSet(e, false);
      case Expr.Let e -> {
        let(e);
        effect(e.body());
      }
      case Expr.Sequence e -> {
        e.effects().forEach(this::effect);
        effect(e.result());
      }
      case Expr.Convert e
          when e.conversion() == Conversion.WIDEN || e.conversion() == Conversion.INT_TO_NUMBER ->
          effect(e.operand());
      case Expr.Call e -> drop(calls.call(e, false));
      case Expr.Select e -> select(e, Basic.VOID);
      default -> drop(value(expr));
    }
  }

  private void drop(IrType type) {
    if (type != Basic.VOID && type != Basic.NEVER) {
      code.plain(Opcode.POP);
    }
  }

  /** Pushes a value; gives the type it has on the stack. */
  IrType value(Expr expr) {
    return switch (expr) {
      case Expr.Null _ -> plain(Opcode.CONST_NULL, Basic.NULL);
      case Expr.Bool e -> plain(e.value() ? Opcode.CONST_TRUE : Opcode.CONST_FALSE, Basic.BOOL);
      case Expr.Int e -> {
        if (e.type() == Type.Primitive.INVALID) {
          throw new IllegalStateException("a refused expression at " + e.span().from());
        }
        code.constant(e.value());
        yield Basic.INT;
      }
      case Expr.Num e -> {
        code.add(new Instruction.NumberConstant(e.value()));
        yield Basic.NUMBER;
      }
      case Expr.Str e -> string(e.value());
      case Expr.Template e -> literals.template(e);
      case Expr.Display e -> display.display(e.value());
      case Expr.Read e -> places.read(e.variable());
      case Expr.Write e -> places.write(e, true);
      case Expr.FunctionValue e -> calls.functionValue(e);
      case Expr.BoundMethod e -> calls.boundMethod(e);
      case Expr.Closure e -> f.closure(e.function(), f.environment());
      case Expr.FieldGet e -> places.fieldGet(e);
      case Expr.FieldSet e -> places.fieldSet(e, true);
      case Expr.StaticGet e -> places.staticGet(e);
      case Expr.StaticSet e -> places.staticSet(e, true);
      case Expr.PropertyGet e -> places.propertyGet(e);
      case Expr.PropertySet e -> places.propertySet(e, true);
      case Expr.IndexGet e -> places.indexGet(e);
      case Expr.IndexSet e -> places.indexSet(e, true);
      case Expr.TupleGet e -> {
        value(e.tuple());
        code.add(new Instruction.Counted(Opcode.TUPLE_GET, e.index()));
        yield f.type(e);
      }
      case Expr.ArrayLiteral e -> literals.arrayLiteral(e);
      case Expr.TupleLiteral e -> literals.tupleLiteral(e);
      case Expr.ObjectLiteral e -> literals.objectLiteral(e);
      case Expr.Call e -> calls.call(e, true);
      case Expr.Await e -> {
        value(e.task());
        IrType result = f.type(e);
        code.add(
            new Instruction.Await(Opcode.AWAIT, result == Basic.VOID || result == Basic.NEVER));
        yield result;
      }
      case Expr.Negate e -> negate(e);
      case Expr.Complement e -> {
        value(e.operand());
        yield plain(Opcode.INOT, Basic.INT);
      }
      case Expr.Not _, Expr.Logical _ -> branched(expr);
      case Expr.Truthy e -> {
        value(e.operand());
        yield plain(Opcode.TO_BOOL, Basic.BOOL);
      }
      case Expr.IsNull e -> {
        if (value(e.operand()) == Basic.JSON) {
          code.plain(Opcode.CONST_NULL);
          yield plain(Opcode.EQ, Basic.BOOL);
        }
        yield plain(Opcode.IS_NULL, Basic.BOOL);
      }
      case Expr.IsKind e -> isKind(e);
      case Expr.TypeOf e -> {
        value(e.operand());
        yield plain(Opcode.TYPEOF, Basic.STRING);
      }
      case Expr.Binary e -> binary(e);
      case Expr.Conditional e -> conditional(e);
      case Expr.Select e -> select(e, f.type(e));
      case Expr.Convert e -> convert(e);
      case Expr.Let e -> {
        let(e);
        yield value(e.body());
      }
      case Expr.Sequence e -> {
        e.effects().forEach(this::effect);
        yield value(e.result());
      }
    };
  }

  private IrType plain(Opcode opcode, IrType type) {
    code.plain(opcode);
    return type;
  }

  IrType string(String text) {
    code.add(new Instruction.StringConstant(text));
    return Basic.STRING;
  }

  private static boolean isConstant(Expr expr) {
    return switch (expr) {
      case Expr.Str _, Expr.Int _, Expr.Bool _ -> true;
      case Expr.Convert e -> e.conversion() == Conversion.WIDEN && isConstant(e.operand());
      default -> false;
    };
  }

  // --- conditions

  /** Goes to one of two blocks. */
  void condition(Expr expr, int yes, int no) {
    switch (expr) {
      case Expr.Bool e -> code.jump(e.value() ? yes : no);
      case Expr.Not e -> condition(e.operand(), no, yes);
      case Expr.Logical e -> {
        int right = code.block();
        if (e.and()) {
          condition(e.left(), right, no);
        } else {
          condition(e.left(), yes, right);
        }
        code.begin(right);
        condition(e.right(), yes, no);
      }
      case Expr.IsNull e -> {
        IrType operand = value(e.operand());
        if (Unions.hasNull(operand) || operand == Basic.JSON) {
          code.branch(Opcode.JMP_IF_NULL, yes, no);
        } else {
          code.plain(Opcode.POP);
          code.jump(no);
        }
      }
      default -> {
        value(expr);
        code.branch(Opcode.JMP_IF_TRUE, yes, no);
      }
    }
  }

  private IrType branched(Expr expr) {
    if (expr instanceof Expr.Not not && !(not.operand() instanceof Expr.Logical)) {
      value(not.operand());
      return plain(Opcode.NOT, Basic.BOOL);
    }
    int yes = code.block();
    int no = code.block();
    int after = code.block();
    condition(expr, yes, no);
    code.begin(yes);
    code.plain(Opcode.CONST_TRUE);
    code.jump(after);
    code.begin(no);
    code.plain(Opcode.CONST_FALSE);
    code.begin(after);
    return Basic.BOOL;
  }

  private IrType conditional(Expr.Conditional e) {
    IrType type = f.type(e);
    int yes = code.block();
    int no = code.block();
    int after = code.block();
    condition(e.condition(), yes, no);
    code.begin(yes);
    f.coercion().join(value(e.then()), type);
    code.jump(after);
    code.begin(no);
    f.coercion().join(value(e.otherwise()), type);
    code.begin(after);
    return type;
  }

  /** Branches to the arms; leaves nothing on the stack if the type is void. */
  private IrType select(Expr.Select e, IrType type) {
    List<Integer> blocks = new ArrayList<>();
    e.arms().forEach(_ -> blocks.add(code.block()));
    int after = code.block();
    IrType subject = f.type(e.variable().type());
    boolean ints = subject == Basic.INT && constants(e, Integer.class);
    if (ints || (subject == Basic.STRING && constants(e, String.class))) {
      int impossible = code.block();
      f.load(e.variable());
      if (ints) {
        SortedMap<Integer, Integer> cases = new TreeMap<>();
        for (int i = 0; i < blocks.size(); i++) {
          cases.put((Integer) e.arms().get(i).constant(), blocks.get(i));
        }
        code.end(new Terminator.IntSwitch(cases, impossible));
      } else {
        SortedMap<String, Integer> cases = new TreeMap<>();
        for (int i = 0; i < blocks.size(); i++) {
          cases.put((String) e.arms().get(i).constant(), blocks.get(i));
        }
        code.end(new Terminator.StringSwitch(cases, impossible));
      }
      code.begin(impossible);
      code.raise(Trap.UNREACHABLE);
    } else {
      for (int i = 0; i < blocks.size() - 1; i++) {
        int next = code.block();
        condition(e.arms().get(i).test(), blocks.get(i), next);
        code.begin(next);
      }
      code.jump(blocks.getLast());
    }
    for (int i = 0; i < blocks.size(); i++) {
      code.begin(blocks.get(i));
      if (type == Basic.VOID) {
        effect(e.arms().get(i).body());
      } else {
        f.coercion().join(value(e.arms().get(i).body()), type);
      }
      code.jump(after);
    }
    code.begin(after);
    if (type == Basic.NEVER) {
      code.raise(Trap.UNREACHABLE);
    }
    return type;
  }

  private static boolean constants(Expr.Select e, Class<?> type) {
    return e.arms().size() > 2 && e.arms().stream().allMatch(a -> type.isInstance(a.constant()));
  }

  private IrType isKind(Expr.IsKind e) {
    IrType operand = value(e.operand());
    if (operand == Basic.JSON) {
      code.plain(Opcode.TYPEOF);
      string(e.kind());
      return plain(Opcode.SEQ, Basic.BOOL);
    }
    Opcode test =
        switch (e.kind()) {
          case "string" -> Opcode.IS_STRING;
          case "int" -> Opcode.IS_INT;
          case "number" -> Opcode.IS_NUMBER;
          case "boolean" -> Opcode.IS_BOOL;
          case "null" -> Opcode.IS_NULL;
          default -> throw new IllegalStateException("typeof " + e.kind());
        };
    return plain(test, Basic.BOOL);
  }

  static Expr constant(Expr expr) {
    return expr instanceof Expr.Convert c && c.conversion() == Conversion.WIDEN
        ? constant(c.operand())
        : expr;
  }

  // --- operators

  private IrType negate(Expr.Negate e) {
    IrType type = value(e.operand()).base();
    return type == Basic.NUMBER ? plain(Opcode.NNEG, Basic.NUMBER) : plain(Opcode.INEG, Basic.INT);
  }

  private IrType binary(Expr.Binary e) {
    switch (e.kind()) {
      case INT -> {
        value(e.left());
        value(e.right());
        if (e.operator() == Operator.SHIFT_RIGHT_UNSIGNED) {
          return f.type(e) == Basic.NUMBER
              ? plain(Opcode.IUSHR_N, Basic.NUMBER)
              : plain(Opcode.IUSHR, Basic.INT);
        }
        return plain(Operators.onInts(e.operator()), Operators.result(e.operator(), Basic.INT));
      }
      case NUMBER -> {
        to(e.left(), Basic.NUMBER);
        to(e.right(), Basic.NUMBER);
        if (e.operator() == Operator.POWER) {
          code.builtin("math.pow", 2);
          return Basic.NUMBER;
        }
        boolean fraction = Operators.isFraction(e.left()) || Operators.isFraction(e.right());
        return plain(
            Operators.onNumbers(e.operator(), fraction),
            Operators.result(e.operator(), Basic.NUMBER));
      }
      case STRING -> {
        if (e.operator() == Operator.ADD) {
          List<Expr> parts = new ArrayList<>();
          flatten(e, parts);
          return literals.join(parts);
        }
        value(e.left());
        value(e.right());
        return plain(Operators.onStrings(e.operator()), Basic.BOOL);
      }
      case BOOLEAN -> {
        value(e.left());
        value(e.right());
        return plain(e.operator() == Operator.EQUAL ? Opcode.BEQ : Opcode.BNE, Basic.BOOL);
      }
      case REFERENCE, VALUE -> {
        value(e.left());
        value(e.right());
        return plain(
            e.operator() == Operator.EQUAL ? Opcode.STRICT_EQ : Opcode.STRICT_NE, Basic.BOOL);
      }
    }
    throw new IllegalStateException("operator " + e.operator());
  }

  private static void flatten(Expr expr, List<Expr> parts) {
    if (expr instanceof Expr.Binary b
        && b.operator() == Operator.ADD
        && b.kind() == OperandKind.STRING) {
      flatten(b.left(), parts);
      flatten(b.right(), parts);
    } else {
      parts.add(expr);
    }
  }

  private void let(Expr.Let e) {
    f.declareEarly(e.variable());
    to(e.value(), f.type(e.variable().type()));
    f.declare(e.variable());
  }

  /** Turns the value on the stack into json, as its type declares it. */
  void json(IrType found) {
    if (found != Basic.JSON) {
      code.typed(Opcode.JSON_FROM, found.base());
    }
  }

  /**
   * What was made a value of its type parameter's bound counts as one: an instance may know that it
   * is never what a test asks for, and the code behind that test is there all the same.
   */
  private IrType ofBound(IrType found, Expr e) {
    IrType bound = f.type(e);
    if (!(e instanceof Expr.Convert c)
        || c.conversion() != Conversion.WIDEN
        || found == Basic.NEVER
        || found.equals(bound)
        || !(bound instanceof IrType.Union)) {
      return found;
    }
    code.typed(Opcode.WIDEN, bound);
    return bound;
  }

  private IrType convert(Expr.Convert e) {
    IrType target = f.type(e);
    switch (e.conversion()) {
      case WIDEN, ADAPT_FUNCTION, INT_TO_NUMBER -> {
        if (constant(e.operand()) instanceof Expr.Int i && target == Basic.NUMBER) {
          code.add(new Instruction.NumberConstant(i.value()));
          return target;
        }
        IrType found = value(e.operand());
        return f.coercion().widen(found, target, isConstant(e.operand()));
      }
      case NUMBER_TO_INT32 -> {
        value(e.operand());
        return plain(Opcode.F2I_BITS, Basic.INT);
      }
      case NARROW, CHECKED_NARROW -> {
        IrType found = ofBound(value(e.operand()), e.operand());
        if (target == Basic.NEVER) {
          if (found != Basic.NEVER && found != Basic.VOID) {
            code.plain(Opcode.POP);
          }
          code.raise(Trap.UNREACHABLE);
          return Basic.NEVER;
        }
        if (found == Basic.JSON && target != Basic.JSON) {
          f.lowering().jsonCasts().cast(code, e.type(), f.environment());
        } else {
          f.coercion().narrow(found, target);
        }
        return target;
      }
      case TO_JSON -> {
        json(value(e.operand()));
        return Basic.JSON;
      }
      case JSON_CAST -> {
        value(e.operand());
        if (target != Basic.JSON) {
          f.lowering().jsonCasts().cast(code, e.type(), f.environment());
        }
        return target;
      }
      case TUPLE_TO_ARRAY -> {
        return new IterationLowering(f).spill((IrType.Tuple) value(e.operand()));
      }
      case TO_ITERABLE -> {
        return new IterationLowering(f).toIterable(value(e.operand()), e.type());
      }
    }
    throw new IllegalStateException("conversion " + e.conversion());
  }
}
