package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.ArrayType;
import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stack effects of calls, closures, tasks and channels, and access to members by name. */
final class CallRules {
  private final ModuleSymbols symbols;
  private final TypeSpace types;
  private final Assignability assignability;
  private final BuiltinTyping builtins;
  private final FunctionDef function;
  private final OperandStack stack;
  private final Code code;

  CallRules(
      ModuleSymbols symbols,
      Assignability assignability,
      BuiltinTyping builtins,
      FunctionDef function,
      OperandStack stack) {
    this.symbols = symbols;
    this.types = symbols.types();
    this.assignability = assignability;
    this.builtins = builtins;
    this.function = function;
    this.stack = stack;
    this.code = function.code();
  }

  void apply(Opcode opcode, int at) throws RbinException {
    int operand = at + 1;
    switch (opcode) {
      case CALL -> {
        ModuleSymbols.Callee callee = callee(code.i32(operand));
        if (callee.has(FunctionDef.CONSTRUCTOR) || captures(callee) > 0) {
          throw stack.fail(RbinErrorKind.TYPE_MISMATCH, callee.name() + " cannot be called so");
        }
        call(callee, code.u8(operand + 4));
      }
      case CALL_STATIC -> {
        ModuleSymbols.Callee callee = callee(code.i32(operand));
        requireFlag(callee, FunctionDef.STATIC, "STATIC");
        call(callee, code.u8(operand + 4));
      }
      case CALL_CONSTRUCTOR, CALL_SUPER -> {
        ModuleSymbols.Callee callee = callee(code.i32(operand));
        requireFlag(callee, FunctionDef.CONSTRUCTOR, "CONSTRUCTOR");
        if (opcode == Opcode.CALL_SUPER) {
          requireParentOfOwner(callee);
        }
        call(callee, code.u8(operand + 4));
      }
      case CALL_METHOD -> callMethod(code.u16(operand), code.u8(operand + 2));
      case CALL_IFACE -> callInterface(constantName(code.i32(operand)), code.u8(operand + 4));
      case CALL_CLOSURE, SPAWN_CLOSURE -> callClosure(opcode, code.u8(operand));
      case CALL_NATIVE -> {
        int index = code.u16(operand);
        if (index >= symbols.natives().size()) {
          throw stack.fail(RbinErrorKind.BAD_INDEX, "no native member " + index);
        }
        RbinModule.NativeMember member = symbols.natives().get(index);
        arguments(functionType(member.type()), code.u8(operand + 2), member.name());
        pushResult(functionType(member.type()).result());
      }
      case CALL_BUILTIN -> {
        Builtin builtin = Builtins.of(code.u16(operand));
        if (builtin == null) {
          throw stack.fail(RbinErrorKind.BAD_INDEX, "no built-in " + code.u16(operand));
        }
        builtins.apply(builtin, code.u8(operand + 2), stack);
      }
      case SPAWN -> {
        ModuleSymbols.Callee callee = callee(code.i32(operand));
        if (callee.local() != null) {
          requireFlag(callee, FunctionDef.ASYNC, "ASYNC");
        }
        popArguments(callee, code.u8(operand + 4));
        pushTask(functionType(callee.type()).result());
      }
      case MAKE_CLOSURE -> makeClosure(code.i32(operand), code.u8(operand + 4));
      case CLOSE_VAR -> closeVariable(code.u8(operand));
      case AWAIT -> pushResult(task(stack.pop()));
      case AWAIT_TIMEOUT -> {
        stack.pop(PredefinedType.NUMBER);
        pushResult(task(stack.pop()));
      }
      case TASK_ALL -> {
        int result = task(element(stack.pop()));
        if (result != PredefinedType.VOID) {
          stack.push(types.intern(new ArrayType(result, false)));
        }
      }
      case TASK_RACE -> pushResult(task(element(stack.pop())));
      case TASK_CANCEL -> task(stack.pop());
      case CHAN_NEW -> {
        int content = typeOperand(code.i32(operand));
        stack.pop(PredefinedType.INT);
        stack.push(types.intern(new RType.ChannelType(content)));
      }
      case CHAN_SEND -> {
        int type = stack.pop();
        long note = stack.poppedNote();
        int wanted = channel(stack.pop());
        if (!stack.fits(type, note, wanted)) {
          throw stack.mismatch(wanted, type);
        }
      }
      case CHAN_RECV -> stack.push(types.nullable(channel(stack.pop())));
      case CHAN_CLOSE -> channel(stack.pop());
      case CHAN_SELECT -> {
        if (code.u8(operand) > 1) {
          throw stack.fail(RbinErrorKind.BAD_OPERAND, "flags " + code.u8(operand));
        }
        stack.pop(PredefinedType.NUMBER);
        stack.pop(types.intern(new ArrayType(PredefinedType.ANY, false)));
        stack.pop(types.intern(new ArrayType(PredefinedType.BOOL, false)));
        stack.pop(types.intern(new ArrayType(PredefinedType.ANY, false)));
        stack.push(PredefinedType.INT);
      }
      default -> throw new IllegalStateException("no rule for " + opcode);
    }
  }

  /** The callee of TAIL_CALL, its operands popped. */
  FunctionType tailCall(int index, int argc) throws RbinException {
    ModuleSymbols.Callee callee = callee(index);
    if (callee.has(FunctionDef.CONSTRUCTOR) || captures(callee) > 0) {
      throw stack.fail(RbinErrorKind.TYPE_MISMATCH, callee.name() + " cannot be called so");
    }
    popArguments(callee, argc);
    return functionType(callee.type());
  }

  private ModuleSymbols.Callee callee(int index) throws RbinException {
    if (index < 0 || index >= symbols.functionCount()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no function " + Integer.toUnsignedString(index));
    }
    return symbols.function(index);
  }

  private static int captures(ModuleSymbols.Callee callee) {
    return callee.local() == null ? 0 : callee.local().captureTypes().size();
  }

  private void requireFlag(ModuleSymbols.Callee callee, int flag, String name)
      throws RbinException {
    if (!callee.has(flag)) {
      throw stack.fail(RbinErrorKind.TYPE_MISMATCH, callee.name() + " lacks the flag " + name);
    }
  }

  private void requireParentOfOwner(ModuleSymbols.Callee callee) throws RbinException {
    boolean constructor = (function.flags() & FunctionDef.CONSTRUCTOR) != 0;
    if (!constructor || callee.receiver() == function.ownerClass()) {
      throw stack.fail(RbinErrorKind.TYPE_MISMATCH, "CALL_SUPER outside a constructor");
    }
    ResolvedClass owner = symbols.resolve(function.ownerClass());
    if (!assignability.derives(owner, symbols.resolve(callee.receiver()))) {
      throw stack.fail(
          RbinErrorKind.TYPE_MISMATCH, callee.name() + " is no constructor of a parent");
    }
  }

  private void call(ModuleSymbols.Callee callee, int argc) throws RbinException {
    popArguments(callee, argc);
    pushResult(functionType(callee.type()).result());
  }

  private void popArguments(ModuleSymbols.Callee callee, int argc) throws RbinException {
    arguments(functionType(callee.type()), argc, callee.name());
    if (callee.has(FunctionDef.METHOD | FunctionDef.CONSTRUCTOR)) {
      popInstance(callee.receiver());
    }
  }

  private void popInstance(int classRef) throws RbinException {
    int type = stack.pop();
    ResolvedClass found = symbols.classOf(type);
    if (found == null || !assignability.derives(found, symbols.resolve(classRef))) {
      throw stack.mismatch("an instance of " + symbols.className(classRef), type);
    }
  }

  /** Pops arguments for a function type. */
  private void arguments(FunctionType type, int argc, String name) throws RbinException {
    if (argc < type.required() || argc > type.params().size()) {
      throw stack.fail(RbinErrorKind.BAD_OPERAND, name + " does not take " + argc + " arguments");
    }
    for (int i = argc - 1; i >= 0; i--) {
      stack.pop(type.params().get(i));
    }
  }

  private void pushResult(int type) throws RbinException {
    if (types.kind(type) != PhysicalKind.NONE) {
      stack.push(type);
    }
  }

  private void pushTask(int result) throws RbinException {
    stack.push(types.intern(new RType.TaskType(result)));
  }

  private FunctionType functionType(int type) throws RbinException {
    if (types.type(type) instanceof FunctionType functionType) {
      return functionType;
    }
    throw stack.mismatch("a function", type);
  }

  private int receiverBelow(int argc) throws RbinException {
    int at = stack.depth - argc - 1;
    if (at < 0) {
      throw stack.fail(RbinErrorKind.STACK_UNDERFLOW, "no receiver");
    }
    return stack.types[at];
  }

  private void callMethod(int slot, int argc) throws RbinException {
    int receiver = receiverBelow(argc);
    ResolvedClass owner = receiver < 0 ? null : symbols.classOf(receiver);
    if (owner == null) {
      throw stack.mismatch("an instance of a class", receiver);
    }
    if (slot >= owner.slots().size()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no slot " + slot + " in " + owner.name());
    }
    ResolvedClass.Method method = owner.slots().get(slot);
    FunctionType type = functionType(method.type());
    arguments(type, argc, method.name());
    stack.pop();
    pushResult(type.result());
  }

  private void callInterface(String name, int argc) throws RbinException {
    int receiver = receiverBelow(argc);
    if (receiver < 0) {
      throw stack.mismatch("a value with the method " + name, receiver);
    }
    FunctionType type = functionType(property(receiver, name, false));
    arguments(type, argc, name);
    stack.pop();
    pushResult(type.result());
  }

  private void callClosure(Opcode opcode, int argc) throws RbinException {
    int receiver = receiverBelow(argc);
    if (receiver < 0) {
      throw stack.mismatch("a function", receiver);
    }
    FunctionType type = functionType(receiver);
    arguments(type, argc, "the function value");
    stack.pop();
    if (opcode == Opcode.SPAWN_CLOSURE) {
      pushTask(type.result());
    } else {
      pushResult(type.result());
    }
  }

  private void makeClosure(int index, int captures) throws RbinException {
    ModuleSymbols.Callee callee = callee(index);
    if (callee.has(FunctionDef.METHOD | FunctionDef.CONSTRUCTOR)) {
      throw stack.fail(RbinErrorKind.TYPE_MISMATCH, callee.name() + " needs a receiver");
    }
    if (captures != captures(callee)) {
      throw stack.fail(
          RbinErrorKind.BAD_OPERAND, callee.name() + " does not have " + captures + " captures");
    }
    if (captures == 0) {
      stack.push(callee.type());
    } else {
      stack.push(callee.type() | OperandStack.UNFILLED, OperandStack.closure(index, 0));
    }
  }

  private void closeVariable(int capture) throws RbinException {
    int at = stack.depth - 2;
    if (at < 0) {
      throw stack.fail(RbinErrorKind.STACK_UNDERFLOW, "no closure to fill");
    }
    long note = stack.notes[at];
    if (stack.types[at] >= 0 || !OperandStack.isClosure(note)) {
      throw stack.mismatch("an unfilled closure", stack.types[at]);
    }
    int index = OperandStack.closureFunction(note);
    FunctionDef closure = symbols.function(index).local();
    if (closure == null || capture != OperandStack.closureFilled(note)) {
      throw stack.fail(RbinErrorKind.BAD_OPERAND, "captures are filled in order");
    }
    stack.pop(closure.captureTypes().get(capture));
    int type = stack.popUnfilled();
    if (capture + 1 == closure.captureTypes().size()) {
      stack.push(type);
    } else {
      stack.push(type | OperandStack.UNFILLED, OperandStack.closure(index, capture + 1));
    }
  }

  private int task(int type) throws RbinException {
    if (types.type(type) instanceof RType.TaskType task) {
      return task.result();
    }
    throw stack.mismatch("a task", type);
  }

  private int channel(int type) throws RbinException {
    int element = symbols.channelElement(type);
    if (element == ModuleSymbols.NO_CHANNEL) {
      throw stack.mismatch("a channel", type);
    }
    return element;
  }

  private int element(int type) throws RbinException {
    if (types.type(type) instanceof ArrayType array) {
      return array.element();
    }
    throw stack.mismatch("an array", type);
  }

  /** A TYPE operand: an index of a type that values can have. */
  int typeOperand(int index) throws RbinException {
    if (index < 0 || index >= types.size() || !types.isStored(index) || index == 5) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no type " + Integer.toUnsignedString(index));
    }
    if (types.kind(index) == PhysicalKind.NONE) {
      throw stack.mismatch("a type of values", index);
    }
    return index;
  }

  private String constantName(int index) throws RbinException {
    List<Constant> pool = symbols.module().constants();
    if (index < 0 || index >= pool.size() || !(pool.get(index) instanceof Constant.Str text)) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "constant " + index + " is no string");
    }
    return text.value();
  }

  /** Whether this function may assign a read-only field: a constructor of the declaring class. */
  boolean mayInitialise(ResolvedClass.Field field) {
    return (function.flags() & FunctionDef.CONSTRUCTOR) != 0
        && field.declaredBy() >= 0
        && field.declaredBy() == function.ownerClass();
  }

  /**
   * The type of the property of a name on an interface, object or class type or a union of these.
   *
   * @param store whether it is to be assigned
   */
  int property(int receiver, String name, boolean store) throws RbinException {
    int found = -1;
    for (int member : types.members(receiver)) {
      int type = memberProperty(member, name, store);
      if (found < 0 || (!store && assignability.assignable(found, type))) {
        found = type;
      } else if (store ? !assignability.same(found, type) : isCallable(type) || isCallable(found)) {
        if (store || !assignability.assignable(type, found)) {
          throw stack.fail(
              RbinErrorKind.TYPE_MISMATCH, "the members of the union disagree on " + name);
        }
      } else if (!store && !assignability.assignable(type, found)) {
        found = types.union(found, type);
      }
    }
    return found;
  }

  private boolean isCallable(int type) {
    return types.type(type) instanceof FunctionType;
  }

  private int memberProperty(int type, String name, boolean store) throws RbinException {
    ResolvedClass owner = symbols.classOf(type);
    if (owner != null) {
      return classProperty(owner, name, store);
    }
    RType structural = types.type(type);
    if (!(structural instanceof RType.InterfaceType || structural instanceof RType.ObjectType)) {
      throw stack.mismatch("a value with the property " + name, type);
    }
    Property property = assignability.propertiesOf(structural).get(name);
    if (property == null) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "no property " + name + " in " + stack.show(type));
    }
    if (store && (property.readOnly() || property.method())) {
      throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "store to " + name);
    }
    return property.type();
  }

  private int classProperty(ResolvedClass owner, String name, boolean store) throws RbinException {
    ResolvedClass.Field field = owner.field(name);
    if (field != null && field.isHidden()) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "field " + name + " is another file's");
    }
    if (field != null) {
      if (store && field.readOnly() && !mayInitialise(field)) {
        throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "store to " + name);
      }
      return field.type();
    }
    int accessor = assignability.methodType(owner, (store ? "set " : "get ") + name);
    if (accessor >= 0) {
      FunctionType type = functionType(accessor);
      if (store && type.params().size() == 1) {
        return type.params().getFirst();
      }
      return type.result();
    }
    int method = assignability.methodType(owner, name);
    if (method >= 0) {
      if (store) {
        throw stack.fail(RbinErrorKind.READ_ONLY_STORE, "store to " + name);
      }
      return method;
    }
    throw stack.fail(RbinErrorKind.BAD_INDEX, "no member " + name + " in " + owner.name());
  }

  /**
   * Whether JSON can hold a type.
   *
   * @param classes whether instances of classes may be in it (they can be written, but not made
   *     without their constructors); Maps with string keys and Sets may always
   */
  boolean isJsonable(int type, boolean classes) {
    Set<Integer> seen = new HashSet<>(List.of(type));
    Deque<Integer> open = new ArrayDeque<>(List.of(type));
    while (!open.isEmpty()) {
      int at = open.pop();
      List<Integer> parts =
          types.type(at) instanceof RType.ClassType
              ? classParts(at, classes)
              : jsonParts(types.type(at));
      if (parts == null) {
        return false;
      }
      for (int part : parts) {
        if (seen.add(part)) {
          open.push(part);
        }
      }
    }
    return true;
  }

  private @Nullable List<Integer> classParts(int type, boolean classes) {
    ResolvedClass found = symbols.classOf(type);
    String template = found == null ? null : found.template();
    if (found != null && "Set".equals(template)) {
      return found.typeArguments();
    }
    if (found != null && "Map".equals(template)) {
      return found.typeArguments().getFirst() == PredefinedType.STRING
          ? found.typeArguments()
          : null;
    }
    return classes ? List.of() : null;
  }

  /** The types a JSON-able type is made of, or null if it is none. */
  private static @Nullable List<Integer> jsonParts(RType type) {
    return switch (type) {
      case RType.Predefined p ->
          p.index() >= PredefinedType.NULL && p.index() <= PredefinedType.JSON ? List.of() : null;
      case RType.NumericLiteral literal -> List.of();
      case RType.StringLiteral literal -> List.of();
      case ArrayType array -> List.of(array.element());
      case RType.TupleType tuple -> tuple.elements();
      case RType.UnionType union -> union.members();
      case RType.InterfaceType i -> propertyTypes(i.properties());
      case RType.ObjectType o -> propertyTypes(o.properties());
      default -> null;
    };
  }

  private static @Nullable List<Integer> propertyTypes(List<Property> properties) {
    List<Integer> list = new ArrayList<>();
    for (Property property : properties) {
      if (property.method()) {
        return null;
      }
      list.add(property.type());
    }
    return list;
  }

  /** The result a function declares. */
  int declaredResult() throws RbinException {
    return functionType(function.type()).result();
  }
}
