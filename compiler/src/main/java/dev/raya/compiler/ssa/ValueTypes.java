package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of values, worked out when somebody asks, by the rules of {@code rbin.md} 4 by which
 * the file's verifier will work them out too.
 */
final class ValueTypes {
  private static final @Nullable Basic[] PREDEFINED = predefined();

  private final IrPackage program;
  private final TypeRelation relation;
  private final BuiltinResults builtins;
  private final Map<Integer, List<IrType>> fields = new HashMap<>();
  private IrFunction.@Nullable Local function;

  ValueTypes(IrPackage program) {
    this.program = program;
    this.relation = new TypeRelation(program);
    this.builtins = new BuiltinResults(program);
  }

  private static @Nullable Basic[] predefined() {
    @Nullable Basic[] table = new Basic[16];
    for (Basic basic : Basic.values()) {
      table[basic.index()] = basic;
    }
    return table;
  }

  static Basic predefined(int index) {
    Basic basic = PREDEFINED[index];
    if (basic == null) {
      throw new UnknownTypeException("predefined type " + index);
    }
    return basic;
  }

  IrPackage program() {
    return program;
  }

  TypeRelation relation() {
    return relation;
  }

  BuiltinResults builtins() {
    return builtins;
  }

  /** Says whose values are asked for next. */
  void enter(IrFunction.Local next) {
    function = next;
  }

  /**
   * The type of a value.
   *
   * @throws UnknownTypeException if it is of a kind that has no rule here
   */
  IrType of(Value value) {
    IrType known = value.knownType();
    if (known != null) {
      return known;
    }
    if (value.op == null) {
      throw new UnknownTypeException("a parameter without type");
    }
    IrType type = result(value.op);
    value.type(type);
    return type;
  }

  private IrType result(Op op) {
    return switch (op.code) {
      case Instruction.IntConstant _ -> Basic.INT;
      case Instruction.NumberConstant _ -> Basic.NUMBER;
      case Instruction.StringConstant _ -> Basic.STRING;
      case Instruction.LoadLocal i -> here().locals().get(i.local());
      case Instruction.Capture i -> here().captures().get(i.capture());
      case Instruction.Global i -> program.globals().get(i.global()).type();
      case Instruction.Call i -> {
        IrType.Function type = program.functions().get(i.function()).type();
        yield i.opcode() == Opcode.SPAWN ? new IrType.Task(type.result()) : type.result();
      }
      case Instruction.CallMethod i -> i.type().result();
      case Instruction.CallInterface i -> i.type().result();
      case Instruction.CallValue i -> {
        IrType result =
            of(op.args[0]) instanceof IrType.Function f ? f.result() : i.type().result();
        yield i.opcode() == Opcode.SPAWN_CLOSURE ? new IrType.Task(result) : result;
      }
      case Instruction.CallBuiltin i -> builtins.result(i.name(), i.argc(), op, this);
      case Instruction.CallNative i -> i.type().result();
      case Instruction.Typed i -> typed(i, op);
      case Instruction.Literal i -> i.type();
      case Instruction.Counted i -> counted(i, op);
      case Instruction.Field i -> {
        IrType type = field(Unions.withoutNull(of(op.args[0])), i.field());
        yield i.opcode() == Opcode.OPTIONAL_FIELD ? Unions.nullable(type) : type;
      }
      case Instruction.Named i -> named(i, op);
      case Instruction.MakeClosure i -> program.functions().get(i.function()).type();
      case Instruction.Await i -> awaited(i.opcode(), of(op.args[0]));
      case Instruction.Plain i -> plain(i.opcode(), op);
      case Instruction.StoreLocal _, Instruction.Increment _, Instruction.Statement _ ->
          throw new UnknownTypeException(op.code + " gives nothing");
    };
  }

  private IrFunction.Local here() {
    if (function == null) {
      throw new IllegalStateException("no function entered");
    }
    return function;
  }

  private IrType typed(Instruction.Typed i, Op op) {
    return switch (i.opcode()) {
      case INSTANCEOF -> Basic.BOOL;
      case NEW_CELL -> new IrType.Cell(i.type());
      case JSON_FROM -> Basic.JSON;
      case CHAN_NEW -> new IrType.Channel(i.type());
      default -> i.type();
    };
  }

  private IrType counted(Instruction.Counted i, Op op) {
    return switch (i.opcode()) {
      case SCONCAT_N -> Basic.STRING;
      case TUPLE_GET -> {
        if (of(op.args[0]) instanceof IrType.Tuple tuple) {
          yield tuple.elements().get(i.count());
        }
        throw new UnknownTypeException("an element of " + of(op.args[0]));
      }
      default ->
          switch (op.begin) {
            case Instruction.Literal begin -> begin.type();
            case Instruction.Typed begin -> begin.type();
            case null, default -> throw new UnknownTypeException("a literal without beginning");
          };
    };
  }

  private IrType named(Instruction.Named i, Op op) {
    return switch (i.opcode()) {
      case JSON_GET -> Basic.JSON;
      case OPTIONAL_FIELD_NAMED ->
          Unions.nullable(property(Unions.withoutNull(of(op.args[0])), i.name()));
      default -> property(of(op.args[0]), i.name());
    };
  }

  private IrType plain(Opcode opcode, Op op) {
    if (opcode.isFixed() && opcode.push() >= 0) {
      return predefined(opcode.push());
    }
    return switch (opcode) {
      case TO_BOOL, IS_NULL, IS_INT, IS_NUMBER, IS_STRING, IS_BOOL, IS_OBJECT, IS_ARRAY ->
          Basic.BOOL;
      case EQ, NE, STRICT_EQ, STRICT_NE -> Basic.BOOL;
      case TYPEOF, TO_STRING -> Basic.STRING;
      case ARRAY_LEN, CHAN_SELECT -> Basic.INT;
      case LOAD_ELEM -> element(of(op.args[0]));
      case ARRAY_POP -> Unions.nullable(element(of(op.args[0])));
      case LOAD_CELL -> {
        if (of(op.args[0]) instanceof IrType.Cell cell) {
          yield cell.content();
        }
        throw new UnknownTypeException("content of " + of(op.args[0]));
      }
      case NON_NULL -> Unions.withoutNull(of(op.args[0]));
      case TASK_ALL -> new IrType.Array(task(element(of(op.args[0]))), false);
      case CHAN_RECV -> {
        IrType element = relation.channelElement(of(op.args[0]));
        if (element != null) {
          yield Unions.nullable(element);
        }
        throw new UnknownTypeException("values of " + of(op.args[0]));
      }
      default -> throw new UnknownTypeException("the result of " + opcode);
    };
  }

  /** What awaiting gives: of a Task, or of the first of several. */
  private static IrType awaited(Opcode opcode, IrType operand) {
    return task(opcode == Opcode.TASK_RACE ? element(operand) : operand);
  }

  private static IrType element(IrType type) {
    if (type instanceof IrType.Array array) {
      return array.element();
    }
    throw new UnknownTypeException("elements of " + type);
  }

  private static IrType task(IrType type) {
    if (type instanceof IrType.Task task) {
      return task.result();
    }
    throw new UnknownTypeException("the result of " + type);
  }

  /** The type of a class's field by its number. */
  private IrType field(IrType type, int number) {
    int owner = type instanceof IrType.ClassType c ? c.number() : coreError(type);
    return fields.computeIfAbsent(owner, this::allFields).get(number);
  }

  private int coreError(IrType type) {
    if (type == Basic.ERROR) {
      for (int i = 0; i < program.classes().size(); i++) {
        if (program.classes().get(i) instanceof IrClass.Imported c
            && c.name().equals("Error")
            && program.imports().get(c.imported()).specifier().equals(ModuleSymbols.CORE)) {
          return i;
        }
      }
    }
    throw new UnknownTypeException("fields of " + type);
  }

  private List<IrType> allFields(int number) {
    List<IrType> all = new ArrayList<>();
    switch (program.classes().get(number)) {
      case IrClass.Local c -> {
        if (c.parent() >= 0) {
          all.addAll(allFields(c.parent()));
        }
        c.fields().forEach(f -> all.add(f.type()));
      }
      case IrClass.Imported c -> c.fields().forEach(f -> all.add(f.type()));
      case IrClass.Collection _ -> {}
    }
    return all;
  }

  /** The type of a property that every member of a type has. */
  private IrType property(IrType receiver, String name) {
    IrType found = null;
    for (IrType member : Unions.members(receiver)) {
      IrType type = memberProperty(member, name);
      if (found == null || relation.assignable(found, type)) {
        found = type;
      } else if (!relation.assignable(type, found)) {
        found = Unions.of(List.of(found, type));
      }
    }
    if (found == null) {
      throw new UnknownTypeException(name + " of " + receiver);
    }
    return found;
  }

  private IrType memberProperty(IrType type, String name) {
    if (type instanceof IrType.Shape shape) {
      for (IrShape.Property p : program.shapes().get(shape.number()).properties()) {
        if (p.name().equals(name)) {
          return p.type();
        }
      }
      throw new UnknownTypeException(name + " of " + type);
    }
    int at = type instanceof IrType.ClassType c ? c.number() : coreError(type);
    IrType accessor = member(at, "get " + name);
    if (accessor instanceof IrType.Function f) {
      return f.result();
    }
    IrType member = member(at, name);
    if (member == null) {
      throw new UnknownTypeException(name + " of " + type);
    }
    return member;
  }

  private @Nullable IrType member(int number, String name) {
    switch (program.classes().get(number)) {
      case IrClass.Local c -> {
        for (IrClass.Field field : c.fields()) {
          if (field.name().equals(name)) {
            return field.type();
          }
        }
        for (IrClass.Slot slot : c.vtable()) {
          if (slot.name().equals(name)) {
            return program.functions().get(slot.function()).type();
          }
        }
        return c.parent() < 0 ? null : member(c.parent(), name);
      }
      case IrClass.Imported c -> {
        for (IrClass.Field field : c.fields()) {
          if (field.name().equals(name)) {
            return field.type();
          }
        }
        for (IrClass.Method method : c.methods()) {
          if (method.name().equals(name)) {
            return method.type();
          }
        }
        return null;
      }
      case IrClass.Collection c -> {
        return builtins.member(number, c, name);
      }
    }
  }

  /** Whether places of a type that nobody wrote hold a value ({@code rbin.md} 5.5). */
  static boolean hasZero(IrType type) {
    return switch (type.base()) {
      case Basic.INT, Basic.NUMBER, Basic.BOOL, Basic.STRING, Basic.JSON, Basic.NULL -> true;
      default -> Unions.hasNull(type);
    };
  }
}
