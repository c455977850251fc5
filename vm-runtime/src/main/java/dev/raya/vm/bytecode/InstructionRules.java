package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.ArrayType;
import dev.raya.vm.bytecode.RType.ObjectType;
import dev.raya.vm.bytecode.RType.TupleType;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import org.jspecify.annotations.Nullable;

/**
 * What each instruction does to the abstract stack ({@code rbin.md} 4 and 5.2, 4): operands that
 * must be assignable, the result that is pushed. Jumps and block ends are {@link CodeChecker}'s.
 */
final class InstructionRules {
  private final ModuleSymbols symbols;
  private final TypeSpace types;
  private final Assignability assignability;
  private final CallRules calls;
  private final FunctionDef function;
  private final OperandStack stack;
  private final Code code;

  InstructionRules(
      ModuleSymbols symbols,
      Assignability assignability,
      BuiltinTyping builtins,
      FunctionDef function,
      OperandStack stack) {
    this.symbols = symbols;
    this.types = symbols.types();
    this.assignability = assignability;
    this.function = function;
    this.stack = stack;
    this.code = function.code();
    this.calls = new CallRules(symbols, assignability, builtins, function, stack);
  }

  /** Applies one instruction that is not a jump, switch or end of a block. */
  void apply(Opcode opcode, int at) throws RbinException {
    if (opcode.isReflection() && !hasFlag(RbinModule.FLAG_REFLECTION)) {
      throw stack.fail(RbinErrorKind.BAD_OPCODE, opcode + " without the flag REFLECTION");
    }
    int operand = at + 1;
    if (opcode.isFixed()) {
      for (int i = opcode.popCount() - 1; i >= 0; i--) {
        stack.pop(opcode.pop(i));
      }
      checkFixedOperand(opcode, operand);
      if (opcode.push() >= 0) {
        stack.push(opcode.push(), noteOf(opcode, operand));
      }
      return;
    }
    switch (opcode) {
      case LOAD_CONST -> loadConstant(code.i32(operand));
      case POP, DUP, DUP2, SWAP, ROT, OVER -> shuffle(opcode);
      case TO_BOOL, TYPEOF, IS_NULL, IS_INT, IS_NUMBER, IS_STRING, IS_BOOL, IS_OBJECT, IS_ARRAY ->
          test(opcode);
      case TO_STRING -> {
        int type = stack.pop();
        if (!isText(type)) {
          throw stack.mismatch("a primitive, string or json", type);
        }
        stack.push(PredefinedType.STRING);
      }
      case LOAD_LOCAL -> stack.push(local(code.u16(operand)));
      case LOAD_LOCAL_0 -> stack.push(local(0));
      case LOAD_LOCAL_1 -> stack.push(local(1));
      case LOAD_LOCAL_2 -> stack.push(local(2));
      case LOAD_LOCAL_3 -> stack.push(local(3));
      case STORE_LOCAL -> stack.pop(local(code.u16(operand)));
      case STORE_LOCAL_0 -> stack.pop(local(0));
      case STORE_LOCAL_1 -> stack.pop(local(1));
      case STORE_LOCAL_2 -> stack.pop(local(2));
      case STORE_LOCAL_3 -> stack.pop(local(3));
      case LOAD_GLOBAL, LOAD_STATIC -> stack.push(variable(opcode, code.i32(operand)).type());
      case STORE_GLOBAL, STORE_STATIC -> storeGlobal(opcode, code.i32(operand));
      case LOAD_CAPTURED -> stack.push(capture(code.u8(operand)));
      case STORE_CAPTURED -> stack.pop(capture(code.u8(operand)));
      case NEW -> {
        int type = type(operand);
        if (symbols.classOf(type) == null) {
          throw stack.mismatch("a class", type);
        }
        stack.push(type);
      }
      case LOAD_FIELD -> stack.push(field(code.u16(operand)).type());
      case LOAD_FIELD_FAST -> stack.push(field(code.u8(operand)).type());
      case STORE_FIELD -> storeField(code.u16(operand));
      case STORE_FIELD_FAST -> storeField(code.u8(operand));
      case OPTIONAL_FIELD -> stack.push(types.nullable(optionalField(code.u16(operand))));
      case LOAD_FIELD_NAMED -> {
        int receiver = stack.pop();
        stack.push(calls.property(receiver, name(operand), false));
      }
      case OPTIONAL_FIELD_NAMED -> {
        int receiver = types.withoutNull(stack.pop());
        stack.push(types.nullable(calls.property(receiver, name(operand), false)));
      }
      case STORE_FIELD_NAMED -> {
        int type = stack.pop();
        long note = stack.poppedNote();
        int wanted = calls.property(stack.pop(), name(operand), true);
        requireFits(type, note, wanted);
      }
      case NEW_ARRAY -> {
        int type = type(operand);
        array(type);
        stack.pop(PredefinedType.INT);
        stack.push(type);
      }
      case LOAD_ELEM -> {
        stack.pop(PredefinedType.INT);
        stack.push(array(stack.pop()).element());
      }
      case STORE_ELEM -> {
        int type = stack.pop();
        long note = stack.poppedNote();
        stack.pop(PredefinedType.INT);
        requireFits(type, note, writable(stack.pop()).element());
      }
      case ARRAY_LEN -> {
        array(stack.pop());
        stack.push(PredefinedType.INT);
      }
      case ARRAY_PUSH -> {
        int type = stack.pop();
        long note = stack.poppedNote();
        requireFits(type, note, writable(stack.pop()).element());
      }
      case ARRAY_POP -> stack.push(types.nullable(writable(stack.pop()).element()));
      case ARRAY_LITERAL -> {
        int type = type(operand);
        array(type);
        stack.push(type | OperandStack.UNFILLED, code.i32(operand + 4) & 0xFFFF_FFFFL);
      }
      case INIT_ARRAY -> initArray(code.u16(operand));
      case TUPLE_LITERAL -> {
        int type = type(operand);
        tuple(type);
        stack.push(type | OperandStack.UNFILLED);
      }
      case INIT_TUPLE -> initTuple(code.u8(operand));
      case TUPLE_GET -> {
        TupleType tuple = tuple(stack.pop());
        int index = code.u8(operand);
        if (index >= tuple.elements().size()) {
          throw stack.fail(RbinErrorKind.BAD_INDEX, "no element " + index + " in the tuple");
        }
        stack.push(tuple.elements().get(index));
      }
      case OBJECT_LITERAL -> {
        int type = type(operand);
        requireCount(object(type).properties().size(), code.u16(operand + 4));
        stack.push(type | OperandStack.UNFILLED);
      }
      case INIT_OBJECT -> initObject(code.u16(operand));
      case NEW_CELL -> {
        int content = type(operand);
        stack.pop(content);
        stack.push(types.intern(new RType.CellType(content)));
      }
      case LOAD_CELL -> stack.push(cell(stack.pop()));
      case STORE_CELL -> {
        int type = stack.pop();
        long note = stack.poppedNote();
        requireFits(type, note, cell(stack.pop()));
      }
      case INSTANCEOF -> {
        int type = type(operand);
        RType tested = types.type(type);
        if (symbols.classOf(type) == null
            && !(tested instanceof ArrayType)
            && !(tested instanceof TupleType)) {
          throw stack.mismatch("a class, array or tuple type", type);
        }
        stack.pop();
        stack.push(PredefinedType.BOOL);
      }
      case CHECK_CAST -> {
        int wanted = type(operand);
        int type = stack.pop();
        if (!assignability.related(wanted, type)) {
          throw stack.mismatch("a type that " + stack.show(wanted) + " is assignable to", type);
        }
        stack.push(wanted);
      }
      case WIDEN -> {
        int wanted = type(operand);
        int type = stack.pop();
        if (!assignability.widens(type, wanted)
            && !stack.isLiteralOf(type, stack.poppedNote(), wanted)) {
          throw stack.mismatch(wanted, type);
        }
        stack.push(wanted);
      }
      case NON_NULL -> stack.push(types.withoutNull(stack.pop()));
      case EQ, NE, STRICT_EQ, STRICT_NE -> {
        stack.pop();
        stack.pop();
        stack.push(PredefinedType.BOOL);
      }
      case JSON_CAST -> {
        int wanted = type(operand);
        requireJsonable(wanted, false);
        stack.pop(PredefinedType.JSON);
        stack.push(wanted);
      }
      case JSON_FROM -> {
        int wanted = type(operand);
        requireJsonable(wanted, true);
        stack.pop(wanted);
        stack.push(PredefinedType.JSON);
      }
      case SCONCAT_N -> {
        for (int i = code.u8(operand); i > 0; i--) {
          stack.pop(PredefinedType.STRING);
        }
        stack.push(PredefinedType.STRING);
      }
      case REFLECT_TYPEOF, REFLECT_INSTANCEOF, REFLECT_GET_PROPS -> reflect(opcode);
      case REFLECT_CONSTRUCT, REFLECT_INVOKE -> {
        stack.pop(types.intern(new ArrayType(PredefinedType.ANY, true)));
        if (opcode == Opcode.REFLECT_CONSTRUCT) {
          stack.pop(PredefinedType.TYPE_INFO);
        } else {
          stack.pop(PredefinedType.STRING);
          stack.pop(PredefinedType.ANY);
        }
        stack.push(PredefinedType.ANY);
      }
      default -> calls.apply(opcode, at);
    }
  }

  private boolean hasFlag(int flag) {
    return (symbols.module().flags() & flag) != 0;
  }

  private void checkFixedOperand(Opcode opcode, int operand) throws RbinException {
    switch (opcode) {
      case CONST_STR -> requireString(code.u16(operand));
      case JSON_GET -> requireString(code.i32(operand));
      case CONST_F64 -> {
        long bits = code.i64(operand);
        if (Double.isNaN(Double.longBitsToDouble(bits)) && bits != RbinFormat.CANONICAL_NAN) {
          throw stack.fail(RbinErrorKind.NON_CANONICAL, "a NaN that is not canonical");
        }
      }
      case IINC_LOCAL -> {
        if (local(code.u16(operand)) != PredefinedType.INT) {
          throw stack.mismatch(PredefinedType.INT, local(code.u16(operand)));
        }
      }
      case PROBE -> {
        if (!hasFlag(RbinModule.FLAG_COVERAGE)) {
          throw stack.fail(RbinErrorKind.BAD_OPCODE, "PROBE without the flag COVERAGE");
        }
        if (Integer.compareUnsigned(code.i32(operand), symbols.module().meta().probeCount()) >= 0) {
          throw stack.fail(RbinErrorKind.BAD_INDEX, "no probe " + code.i32(operand));
        }
      }
      case REFLECT_TYPEINFO -> type(operand);
      default -> {}
    }
  }

  private long noteOf(Opcode opcode, int operand) {
    return switch (opcode) {
      case CONST_I32 -> OperandStack.literal(code.i32(operand));
      case CONST_I8 -> OperandStack.literal(code.i8(operand));
      case CONST_TRUE -> OperandStack.literal(1);
      case CONST_FALSE -> OperandStack.literal(0);
      case CONST_STR -> OperandStack.literal(code.u16(operand));
      default -> 0;
    };
  }

  private void loadConstant(int index) throws RbinException {
    switch (constant(index)) {
      case Constant.Str s -> stack.push(PredefinedType.STRING, OperandStack.literal(index));
      case Constant.I32 i -> stack.push(PredefinedType.INT, OperandStack.literal(i.value()));
      case Constant.F64 f -> stack.push(PredefinedType.NUMBER);
    }
  }

  private Constant constant(int index) throws RbinException {
    if (index < 0 || index >= symbols.module().constants().size()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no constant " + Integer.toUnsignedString(index));
    }
    return symbols.module().constants().get(index);
  }

  private String requireString(int index) throws RbinException {
    if (constant(index) instanceof Constant.Str text) {
      return text.value();
    }
    throw stack.fail(RbinErrorKind.BAD_INDEX, "constant " + index + " is no string");
  }

  private String name(int operand) throws RbinException {
    return requireString(code.i32(operand));
  }

  /** The TYPE operand at an offset: an index of a type that values can have. */
  private int type(int operand) throws RbinException {
    return calls.typeOperand(code.i32(operand));
  }

  private void shuffle(Opcode opcode) throws RbinException {
    int top = stack.pop();
    long topNote = stack.poppedNote();
    if (opcode == Opcode.POP) {
      return;
    }
    if (opcode == Opcode.DUP) {
      stack.push(top, topNote);
      stack.push(top, topNote);
      return;
    }
    int below = stack.pop();
    long belowNote = stack.poppedNote();
    switch (opcode) {
      case DUP2 -> {
        stack.push(below, belowNote);
        stack.push(top, topNote);
        stack.push(below, belowNote);
        stack.push(top, topNote);
      }
      case SWAP -> {
        stack.push(top, topNote);
        stack.push(below, belowNote);
      }
      case OVER -> {
        stack.push(below, belowNote);
        stack.push(top, topNote);
        stack.push(below, belowNote);
      }
      default -> {
        int third = stack.pop();
        long thirdNote = stack.poppedNote();
        stack.push(below, belowNote);
        stack.push(top, topNote);
        stack.push(third, thirdNote);
      }
    }
  }

  private void test(Opcode opcode) throws RbinException {
    stack.pop();
    stack.push(opcode == Opcode.TYPEOF ? PredefinedType.STRING : PredefinedType.BOOL);
  }

  private boolean isText(int type) {
    for (int member : types.members(type)) {
      boolean text =
          switch (types.type(member)) {
            case RType.Predefined p ->
                p.index() == PredefinedType.JSON
                    || (p.index() >= PredefinedType.NULL && p.index() <= PredefinedType.STRING);
            case RType.NumericLiteral literal -> true;
            case RType.StringLiteral literal -> true;
            default -> false;
          };
      if (!text) {
        return false;
      }
    }
    return true;
  }

  private int local(int index) throws RbinException {
    if (index >= function.localTypes().size()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no local " + index);
    }
    return function.localTypes().get(index);
  }

  private int capture(int index) throws RbinException {
    if (index >= function.captureTypes().size()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no capture " + index);
    }
    return function.captureTypes().get(index);
  }

  private ModuleSymbols.Variable variable(Opcode opcode, int index) throws RbinException {
    if (index < 0 || index >= symbols.globalCount()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no global " + Integer.toUnsignedString(index));
    }
    ModuleSymbols.Variable variable = symbols.global(index);
    boolean wantsStatic = opcode == Opcode.LOAD_STATIC || opcode == Opcode.STORE_STATIC;
    if (wantsStatic != ((variable.flags() & GlobalDef.STATIC) != 0)) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, opcode + " of " + variable.name());
    }
    return variable;
  }

  private void storeGlobal(Opcode opcode, int index) throws RbinException {
    ModuleSymbols.Variable variable = variable(opcode, index);
    boolean init = (function.flags() & FunctionDef.INIT) != 0;
    if (variable.imported() || ((variable.flags() & GlobalDef.CONSTANT) != 0 && !init)) {
      throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "store to " + variable.name());
    }
    stack.pop(variable.type());
  }

  private ResolvedClass.Field fieldOf(@Nullable ResolvedClass owner, int type, int number)
      throws RbinException {
    if (owner == null) {
      throw stack.mismatch("an instance of a class", type);
    }
    if (number >= owner.fieldCount()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no field " + number + " in " + owner.name());
    }
    ResolvedClass.Field field = owner.field(number);
    if (field.isHidden()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "field " + field.name() + " is another file's");
    }
    return field;
  }

  private ResolvedClass.Field field(int number) throws RbinException {
    int type = stack.pop();
    return fieldOf(symbols.classOf(type), type, number);
  }

  private int optionalField(int number) throws RbinException {
    int type = stack.pop();
    return fieldOf(symbols.classOf(types.withoutNull(type)), type, number).type();
  }

  private void storeField(int number) throws RbinException {
    int type = stack.pop();
    long note = stack.poppedNote();
    ResolvedClass.Field field = field(number);
    if (field.readOnly() && !calls.mayInitialise(field)) {
      throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "store to field " + field.name());
    }
    requireFits(type, note, field.type());
  }

  private void requireFits(int type, long note, int wanted) throws RbinException {
    if (!stack.fits(type, note, wanted)) {
      throw stack.mismatch(wanted, type);
    }
  }

  private ArrayType array(int type) throws RbinException {
    if (types.type(type) instanceof ArrayType array) {
      return array;
    }
    throw stack.mismatch("an array", type);
  }

  private ArrayType writable(int type) throws RbinException {
    ArrayType array = array(type);
    if (array.readOnly()) {
      throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "change of a read-only array");
    }
    return array;
  }

  private TupleType tuple(int type) throws RbinException {
    if (types.type(type) instanceof TupleType tuple) {
      return tuple;
    }
    throw stack.mismatch("a tuple", type);
  }

  private ObjectType object(int type) throws RbinException {
    if (types.type(type) instanceof ObjectType object) {
      return object;
    }
    throw stack.mismatch("an object type", type);
  }

  private int cell(int type) throws RbinException {
    if (types.type(type) instanceof RType.CellType cell) {
      return cell.content();
    }
    throw stack.mismatch("a cell", type);
  }

  private void requireCount(int wanted, int found) throws RbinException {
    if (wanted != found) {
      throw stack.fail(RbinErrorKind.BAD_OPERAND, found + " values where " + wanted + " belong");
    }
  }

  private int unfilledBelow(int count) throws RbinException {
    int at = stack.depth - count - 1;
    if (at < 0) {
      throw stack.fail(RbinErrorKind.STACK_UNDERFLOW, "no literal to fill");
    }
    if (stack.types[at] >= 0 || OperandStack.isClosure(stack.notes[at])) {
      throw stack.mismatch("an unfilled literal", stack.types[at]);
    }
    return stack.types[at] & ~OperandStack.UNFILLED;
  }

  private void initArray(int count) throws RbinException {
    int type = unfilledBelow(count);
    requireCount((int) stack.notes[stack.depth - count - 1], count);
    int element = array(type).element();
    for (int i = 0; i < count; i++) {
      stack.pop(element);
    }
    stack.popUnfilled();
    stack.push(type);
  }

  private void initTuple(int count) throws RbinException {
    int type = unfilledBelow(count);
    TupleType tuple = tuple(type);
    requireCount(tuple.elements().size(), count);
    for (int i = count - 1; i >= 0; i--) {
      stack.pop(tuple.elements().get(i));
    }
    stack.popUnfilled();
    stack.push(type);
  }

  private void initObject(int count) throws RbinException {
    int type = unfilledBelow(count);
    ObjectType object = object(type);
    requireCount(object.properties().size(), count);
    for (int i = count - 1; i >= 0; i--) {
      stack.pop(object.properties().get(i).type());
    }
    stack.popUnfilled();
    stack.push(type);
  }

  private void requireJsonable(int type, boolean classes) throws RbinException {
    if (!calls.isJsonable(type, classes)) {
      throw stack.mismatch(
          classes ? "a type that JSON can hold" : "a type without classes that JSON can hold",
          type);
    }
  }

  private void reflect(Opcode opcode) throws RbinException {
    switch (opcode) {
      case REFLECT_TYPEOF -> {
        stack.pop();
        stack.push(PredefinedType.TYPE_INFO);
      }
      case REFLECT_INSTANCEOF -> {
        stack.pop(PredefinedType.TYPE_INFO);
        stack.pop();
        stack.push(PredefinedType.BOOL);
      }
      default -> {
        stack.pop(PredefinedType.ANY);
        stack.push(types.intern(new ArrayType(PredefinedType.PROPERTY_INFO, false)));
      }
    }
  }
}
