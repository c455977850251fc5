package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.OperandKind;
import dev.raya.compiler.tree.Operator;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Expressions of one function: each pushes its value, unless its type is void or never. */
final class ExpressionLowering {
  private static final int LONG_LITERAL = 1_000;
  private static final int MAX_CONCAT = 255;

  private final FunctionLowering f;
  private final CodeDraft code;
  private final CallLowering calls;
  private final DisplayLowering display;

  ExpressionLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
    this.calls = new CallLowering(f);
    this.display = new DisplayLowering(f);
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
      case Expr.Write e -> write(e, false);
      case Expr.FieldSet e -> fieldSet(e, false);
      case Expr.StaticSet e -> staticSet(e, false);
      case Expr.PropertySet e -> propertySet(e, false);
      case Expr.IndexSet e -> indexSet(e, false);
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
      case Expr.Template e -> template(e);
      case Expr.Display e -> display.display(e.value());
      case Expr.Read e -> read(e.variable());
      case Expr.Write e -> write(e, true);
      case Expr.FunctionValue e -> calls.functionValue(e);
      case Expr.BoundMethod e -> calls.boundMethod(e);
      case Expr.Closure e -> f.closure(e.function(), f.environment());
      case Expr.FieldGet e -> {
        value(e.receiver());
        if (CoreClasses.isCore(e.field().owner())) {
          IrType special = calls.builtins().field(e.field().toString());
          if (special != null) {
            yield special;
          }
        }
        IrType type = f.types().property(e.type(), f.environment());
        yield f.lowering().fields().read(code, e.field(), type);
      }
      case Expr.FieldSet e -> fieldSet(e, true);
      case Expr.StaticGet e when e.field().storage() != null -> f.load(e.field().storage());
      case Expr.StaticGet e when CoreClasses.isCore(e.field().owner()) ->
          calls.builtins().constant(e.field().toString());
      case Expr.StaticGet e -> {
        code.add(new Instruction.Global(Opcode.LOAD_STATIC, staticNumber(e.field())));
        yield f.type(e.field().type());
      }
      case Expr.StaticSet e -> staticSet(e, true);
      case Expr.PropertyGet e -> propertyGet(e);
      case Expr.PropertySet e -> propertySet(e, true);
      case Expr.IndexGet e -> indexGet(e);
      case Expr.IndexSet e -> indexSet(e, true);
      case Expr.TupleGet e -> {
        value(e.tuple());
        code.add(new Instruction.Counted(Opcode.TUPLE_GET, e.index()));
        yield f.type(e);
      }
      case Expr.ArrayLiteral e -> arrayLiteral(e);
      case Expr.TupleLiteral e -> tupleLiteral(e);
      case Expr.ObjectLiteral e -> objectLiteral(e);
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

  // --- variables, fields, elements

  private IrType read(VariableSymbol variable) {
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

  private IrType write(Expr.Write e, boolean wanted) {
    IrType type = f.type(e.variable().type());
    if (!wanted && increment(e)) {
      return type;
    }
    to(e.value(), type);
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
        || !(constant(sum.right()) instanceof Expr.Int by)
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

  private static Expr constant(Expr expr) {
    return expr instanceof Expr.Convert c && c.conversion() == Conversion.WIDEN
        ? constant(c.operand())
        : expr;
  }

  private int staticNumber(dev.raya.compiler.types.FieldSymbol field) {
    return f.lowering().classes().staticNumber(field);
  }

  private IrType fieldSet(Expr.FieldSet e, boolean wanted) {
    value(e.receiver());
    f.nameClosure(e.field().name(), e.value());
    IrType type = f.lowering().fieldType(e.field(), f.type(e.receiver()), f.environment());
    to(e.value(), type);
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

  private IrType staticSet(Expr.StaticSet e, boolean wanted) {
    IrType type = f.type(e.field().type());
    to(e.value(), type);
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

  private IrType propertyGet(Expr.PropertyGet e) {
    IrType receiver = value(e.receiver());
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

  private IrType propertySet(Expr.PropertySet e, boolean wanted) {
    IrType receiver = value(e.receiver());
    IrType type = f.lowering().propertyType(receiver, e.name());
    to(e.value(), type);
    int kept = keep(wanted, type);
    code.add(new Instruction.Named(Opcode.STORE_FIELD_NAMED, e.name()));
    return again(kept, type);
  }

  private void index(Expr index) {
    if (value(index) == Basic.NUMBER) {
      code.plain(Opcode.N2I);
    }
  }

  private IrType indexGet(Expr.IndexGet e) {
    IrType object = value(e.object());
    index(e.index());
    if (object == Basic.STRING) {
      code.builtin("string.unitAt", 2);
      return Basic.STRING;
    }
    if (object == Basic.JSON) {
      return plain(Opcode.JSON_INDEX, Basic.JSON);
    }
    if (object == Basic.BYTES) {
      code.builtin("uint8array.at", 2);
      return Basic.INT;
    }
    code.plain(Opcode.LOAD_ELEM);
    return object instanceof IrType.Array array ? array.element() : f.type(e);
  }

  private IrType indexSet(Expr.IndexSet e, boolean wanted) {
    IrType object = value(e.object());
    index(e.index());
    IrType type = object instanceof IrType.Array array ? array.element() : f.type(e);
    to(e.value(), type);
    int kept = keep(wanted, type);
    if (object == Basic.BYTES) {
      code.builtin("uint8array.put", 3);
    } else {
      code.plain(Opcode.STORE_ELEM);
    }
    return again(kept, type);
  }

  // --- literals

  private IrType arrayLiteral(Expr.ArrayLiteral e) {
    IrType.Array type = new IrType.Array(f.type(e.type().element()), false);
    boolean spread = e.elements().stream().anyMatch(element -> element.spread() != null);
    if (!spread && e.elements().size() <= LONG_LITERAL) {
      code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type, e.elements().size()));
      e.elements().forEach(element -> to(element.value(), type.element()));
      code.add(new Instruction.Counted(Opcode.INIT_ARRAY, e.elements().size()));
      return type;
    }
    emptyArray(type);
    int array = f.scratch(type);
    code.store(array);
    for (Expr.Element element : e.elements()) {
      if (element.spread() == null) {
        code.load(array);
        to(element.value(), type.element());
        code.plain(Opcode.ARRAY_PUSH);
      } else {
        new IterationLowering(f).appendAll(array, type, element.spread(), element.value());
      }
    }
    code.load(array);
    return type;
  }

  void emptyArray(IrType.Array type) {
    code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type, 0));
    code.add(new Instruction.Counted(Opcode.INIT_ARRAY, 0));
  }

  private IrType tupleLiteral(Expr.TupleLiteral e) {
    IrType type = f.type(e);
    if (!(type instanceof IrType.Tuple tuple)) {
      throw new IllegalStateException("not a tuple: " + type);
    }
    IrType made = new IrType.Tuple(tuple.elements(), false);
    code.typed(Opcode.TUPLE_LITERAL, made);
    for (int i = 0; i < e.elements().size(); i++) {
      to(e.elements().get(i), tuple.elements().get(i));
    }
    code.add(new Instruction.Counted(Opcode.INIT_TUPLE, e.elements().size()));
    return made;
  }

  private IrType objectLiteral(Expr.ObjectLiteral e) {
    if (e.self() != null) {
      f.declareEarly(e.self());
    }
    IrShape expected = f.lowering().shapeOf(f.type(e));
    List<IrShape.Property> properties = new ArrayList<>();
    Set<String> given = new HashSet<>();
    Map<String, IrShape.Property> known = new HashMap<>();
    expected.properties().forEach(p -> known.putIfAbsent(p.name(), p));
    for (Expr.Property property : e.properties()) {
      IrShape.Property declared = known.get(property.name());
      given.add(property.name());
      properties.add(
          declared == null
              ? new IrShape.Property(property.name(), f.type(property.value()), false, false, false)
              : declared);
    }
    for (IrShape.Property property : expected.properties()) {
      if (!given.contains(property.name())) {
        properties.add(property);
      }
    }
    IrType type = f.lowering().literalShape(properties);
    code.add(new Instruction.Literal(Opcode.OBJECT_LITERAL, type, properties.size()));
    for (int i = 0; i < properties.size(); i++) {
      if (i < e.properties().size()) {
        f.nameClosure(e.properties().get(i).name(), e.properties().get(i).value());
        to(e.properties().get(i).value(), properties.get(i).type());
      } else {
        IrType unset = properties.get(i).type();
        f.coercion().zero(unset == Basic.JSON ? unset : Unions.nullable(unset));
      }
    }
    code.add(new Instruction.Counted(Opcode.INIT_OBJECT, properties.size()));
    if (e.self() != null) {
      code.plain(Opcode.DUP);
      f.declare(e.self());
    }
    return type;
  }

  private IrType template(Expr.Template e) {
    int parts = 0;
    for (int i = 0; i < e.chunks().size(); i++) {
      if (!e.chunks().get(i).isEmpty()) {
        string(e.chunks().get(i));
        parts++;
      }
      if (i < e.values().size()) {
        to(e.values().get(i), Basic.STRING);
        parts++;
      }
      if (parts >= MAX_CONCAT - 1) {
        concat(parts);
        parts = 1;
      }
    }
    if (parts == 0) {
      return string("");
    }
    concat(parts);
    return Basic.STRING;
  }

  private void concat(int parts) {
    if (parts == 2) {
      code.plain(Opcode.SCONCAT);
    } else if (parts > 2) {
      code.add(new Instruction.Counted(Opcode.SCONCAT_N, parts));
    }
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
          return join(parts);
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

  /** Pushes the concatenation of strings. */
  IrType join(List<Expr> parts) {
    int pending = 0;
    for (Expr part : parts) {
      to(part, Basic.STRING);
      if (++pending == MAX_CONCAT) {
        concat(pending);
        pending = 1;
      }
    }
    concat(pending);
    return Basic.STRING;
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
        IrType found = value(e.operand());
        if (target == Basic.NEVER) {
          if (found != Basic.NEVER && found != Basic.VOID) {
            code.plain(Opcode.POP);
          }
          code.raise(Trap.UNREACHABLE);
          return Basic.NEVER;
        }
        f.coercion().narrow(found, target);
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
