package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of one function, and functions read as values. */
final class CallLowering {
  /** How the checker names {@code new} of a class of {@code raya:core} without Raya code. */
  private static final String CONSTRUCTOR = ".constructor";

  private final FunctionLowering f;
  private final CodeDraft code;
  private final BuiltinLowering builtins;

  CallLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
    this.builtins = new BuiltinLowering(f);
  }

  BuiltinLowering builtins() {
    return builtins;
  }

  /**
   * A call.
   *
   * @param wanted whether the result is used; some built-ins are shorter if it is not
   */
  IrType call(Expr.Call e, boolean wanted) {
    IrType result =
        switch (e.callee()) {
          case Callee.Direct callee -> direct(callee, e);
          case Callee.Method callee
              when callee.function().owner() != null
                  && CoreClasses.isCore(callee.function().owner()) ->
              builtins.ofSuper(callee, e, wanted);
          case Callee.Method callee -> method(callee, e);
          case Callee.Structural callee -> structural(callee, e);
          case Callee.Value callee -> value(callee, e);
          case Callee.SuperConstructor callee -> superConstructor(callee, e);
          case Callee.Construct callee -> construct(callee, e);
          case Callee.Builtin callee when isVirtual(callee, e) -> virtual(callee, e);
          case Callee.Builtin callee ->
              callee.name().endsWith(CONSTRUCTOR)
                  ? builtins.construction().construct(f.type(e), e)
                  : builtins.call(callee, e, wanted);
        };
    if (result == Basic.NEVER) {
      code.raise(Trap.UNREACHABLE);
    }
    return result;
  }

  private static Expr receiver(Expr.Call e) {
    Expr receiver = e.receiver();
    if (receiver == null) {
      throw new IllegalStateException("a call without receiver at " + e.span().from());
    }
    return receiver;
  }

  /** Pushes the arguments; gives their number. */
  private int arguments(Expr.Call e, IrType.Function type) {
    for (int i = 0; i < e.arguments().size(); i++) {
      f.expressions().to(e.arguments().get(i), type.params().get(i));
    }
    Expr rest = e.rest();
    int before = type.params().size() - 1;
    boolean empty = rest instanceof Expr.ArrayLiteral literal && literal.elements().isEmpty();
    if (rest == null || e.arguments().size() < before || empty) {
      return e.arguments().size();
    }
    f.expressions().to(rest, type.params().getLast());
    return e.arguments().size() + 1;
  }

  private IrType direct(Callee.Direct callee, Expr.Call e) {
    FunctionSymbol symbol = callee.function();
    Environment inside = environmentOf(callee);
    IrType.Function type = f.types().function(symbol.type(), inside);
    if (f.captures().capturing(symbol)) {
      loadNested(symbol, inside);
      int argc = arguments(e, type);
      code.add(new Instruction.CallValue(Opcode.CALL_CLOSURE, type, argc));
      return type.result();
    }
    if (symbol.module().id().isHost() && symbol.ambient()) {
      int argc = arguments(e, type);
      String capability = symbol.module().id().path().substring(ModuleId.HOST.length());
      String member = LibraryNames.member(symbol.name());
      code.add(new Instruction.CallNative(capability, member, type, argc));
      return type.result();
    }
    if (LibraryNames.isBuiltin(symbol)) {
      return builtins.library(LibraryNames.builtin(symbol.name()), type, e);
    }
    int argc = arguments(e, type);
    Opcode opcode =
        FunctionInstances.isSpawned(symbol)
            ? Opcode.SPAWN
            : symbol.kind() == FunctionSymbol.Kind.STATIC_METHOD ? Opcode.CALL_STATIC : Opcode.CALL;
    code.add(new Instruction.Call(opcode, number(symbol, inside), argc));
    return type.result();
  }

  private int number(FunctionSymbol symbol, Environment inside) {
    return f.lowering().functions().number(symbol, f.lowering().visible(symbol, inside));
  }

  private Environment environmentOf(Callee.Direct callee) {
    return f.environment()
        .with(
            callee.function().type().typeParameters(),
            f.types()
                .arguments(
                    callee.function().type().typeParameters(),
                    callee.typeArguments(),
                    f.environment()));
  }

  private void loadNested(FunctionSymbol symbol, Environment inside) {
    if (symbol.type().typeParameters().isEmpty()) {
      f.load(symbol);
    } else {
      FunctionTree tree = f.captures().nestedFunctions().get(symbol);
      if (tree == null) {
        throw new IllegalStateException("no body for " + symbol);
      }
      f.instance(tree, inside);
    }
  }

  private IrType method(Callee.Method callee, Expr.Call e) {
    FunctionSymbol method = callee.function();
    ClassSymbol owner = method.owner();
    if (owner == null) {
      throw new IllegalStateException(method + " has no class");
    }
    List<IrType> classArguments =
        f.types().arguments(owner.typeParameters(), callee.classArguments(), f.environment());
    List<IrType> typeArguments =
        f.types()
            .arguments(method.type().typeParameters(), callee.typeArguments(), f.environment());
    IrType.Function type =
        f.types()
            .function(
                method.type(),
                Environment.EMPTY
                    .with(owner.typeParameters(), classArguments)
                    .with(method.type().typeParameters(), typeArguments));
    f.expressions().value(receiver(e));
    int argc = arguments(e, type);
    if (callee.virtual() && (method.slot() >= 0 || method.imported())) {
      code.add(new Instruction.CallMethod(f.lowering().classes().slotNumber(method), type, argc));
    } else {
      int number = f.lowering().functions().number(method, classArguments, typeArguments);
      boolean plainReceiver = owner.imported() && !method.imported();
      code.add(new Instruction.Call(Opcode.CALL, number, plainReceiver ? argc + 1 : argc));
    }
    return type.result();
  }

  /** Whether a member of a class of the VM is called on a class that has it as a method. */
  private boolean isVirtual(Callee.Builtin callee, Expr.Call e) {
    if (e.receiver() == null || !callee.function().type().typeParameters().isEmpty()) {
      return false;
    }
    IrType type = f.type(e.receiver());
    return f.lowering().isError(type)
        || (type instanceof IrType.ClassType
            && !(f.lowering().tables().classOf(type) instanceof IrClass.Collection));
  }

  private IrType virtual(Callee.Builtin callee, Expr.Call e) {
    IrType found = f.expressions().value(receiver(e));
    IrType.Function type = builtins.declared(callee);
    int argc = arguments(e, type);
    int slot = f.lowering().classes().slotNamed(found, ClassLowering.slot(callee.function()));
    code.add(new Instruction.CallMethod(slot, type, argc));
    return type.result();
  }

  private IrType structural(Callee.Structural callee, Expr.Call e) {
    IrType receiver = f.expressions().value(receiver(e));
    BuiltinMembers.Host host = f.lowering().builtinMembers().host(receiver, callee.name());
    IrType.Function type = f.types().function(callee.type(), f.environment());
    if (host != null) {
      return ofBuiltin(host, receiver, callee.name(), type, e);
    }
    int argc = arguments(e, type);
    code.add(new Instruction.CallInterface(callee.name(), type, argc));
    return type.result();
  }

  /** A member of a built-in value that generic code knows by its bound only. */
  private IrType ofBuiltin(
      BuiltinMembers.Host host, IrType found, String name, IrType.Function bound, Expr.Call e) {
    BuiltinMembers members = f.lowering().builtinMembers();
    IrType.Function type = members.type(host, name);
    IrType receiver = found;
    if (found instanceof IrType.Tuple tuple) {
      receiver = new IterationLowering(f).spill(tuple);
    }
    f.coercion().widen(receiver, type.params().getFirst(), false);
    int argc = 1;
    int rest = type.rest() ? type.params().size() - 1 : type.params().size();
    for (Expr argument : e.arguments()) {
      if (argc < rest) {
        f.expressions().to(argument, type.params().get(argc++));
      } else {
        f.expressions().effect(argument);
      }
    }
    if (e.rest() != null && type.rest() && argc == rest) {
      f.expressions().to(e.rest(), type.params().getLast());
      argc++;
    }
    code.add(new Instruction.Call(Opcode.CALL, members.number(host, name), argc));
    return f.coercion().widen(type.result(), bound.result(), false);
  }

  private IrType value(Callee.Value callee, Expr.Call e) {
    f.expressions().value(receiver(e));
    IrType.Function type = f.types().function(callee.type(), f.environment());
    int argc = arguments(e, type);
    code.add(new Instruction.CallValue(Opcode.CALL_CLOSURE, type, argc));
    return type.result();
  }

  private IrType superConstructor(Callee.SuperConstructor callee, Expr.Call e) {
    if (CoreClasses.isExtensible(callee.base().symbol())) {
      int object = builtins.hold(f.expressions().value(receiver(e)));
      builtins.construction().fill(callee.base().symbol().name(), object, e.arguments());
      return Basic.VOID;
    }
    FunctionSymbol constructor = callee.base().symbol().constructor();
    if (constructor == null) {
      throw new IllegalStateException(callee.base() + " has no constructor");
    }
    List<IrType> arguments =
        f.types()
            .arguments(
                callee.base().symbol().typeParameters(),
                callee.base().arguments(),
                f.environment());
    IrType.Function type = constructorType(callee.base().symbol(), constructor, arguments);
    int number = f.lowering().functions().number(constructor, arguments, List.of());
    int after = passedOn(e, constructor, type, number);
    f.expressions().value(receiver(e));
    int argc = arguments(e, type);
    code.add(new Instruction.Call(Opcode.CALL_SUPER, number, argc));
    if (after >= 0) {
      code.begin(after);
    }
    return Basic.VOID;
  }

  /**
   * A constructor that is not written takes what the base class's takes: parameters with default
   * values are passed on only if they were given.
   *
   * @return the block where all ways meet, or -1
   */
  private int passedOn(Expr.Call e, FunctionSymbol constructor, IrType.Function type, int number) {
    List<Type.Parameter> parameters = constructor.type().parameters();
    boolean implicit =
        e.arguments().size() == parameters.size()
            && parameters.stream().anyMatch(p -> p.kind() == Type.ParameterKind.DEFAULT)
            && f.inheritsConstructor();
    if (!implicit) {
      return -1;
    }
    final int after = code.block();
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).kind() == Type.ParameterKind.DEFAULT) {
        final int given = code.block();
        final int missing = code.block();
        code.end(new Terminator.ArgumentBranch(i, given, missing));
        code.begin(missing);
        f.expressions().value(receiver(e));
        for (int k = 0; k < i; k++) {
          f.expressions().to(e.arguments().get(k), type.params().get(k));
        }
        code.add(new Instruction.Call(Opcode.CALL_SUPER, number, i));
        code.jump(after);
        code.begin(given);
      }
    }
    return after;
  }

  private IrType.Function constructorType(
      ClassSymbol symbol, FunctionSymbol constructor, List<IrType> arguments) {
    return f.types()
        .function(constructor.type(), Environment.EMPTY.with(symbol.typeParameters(), arguments));
  }

  private IrType construct(Callee.Construct callee, Expr.Call e) {
    IrType made =
        f.types()
            .of(new Type.ClassInstance(callee.symbol(), callee.typeArguments()), f.environment());
    if (CoreClasses.isCore(callee.symbol())
        && builtins.construction().constructs(callee.symbol())) {
      return builtins.construction().construct(made, e);
    }
    FunctionSymbol constructor = callee.symbol().constructor();
    if (constructor == null) {
      throw new IllegalStateException(callee.symbol() + " has no constructor");
    }
    List<IrType> arguments =
        f.types()
            .arguments(callee.symbol().typeParameters(), callee.typeArguments(), f.environment());
    code.typed(Opcode.NEW, made);
    f.hold(callee.symbol(), Environment.EMPTY.with(callee.symbol().typeParameters(), arguments));
    code.plain(Opcode.DUP);
    int argc = arguments(e, constructorType(callee.symbol(), constructor, arguments));
    int number = f.lowering().functions().number(constructor, arguments, List.of());
    code.add(new Instruction.Call(Opcode.CALL_CONSTRUCTOR, number, argc));
    return made;
  }

  // --- functions as values

  IrType functionValue(Expr.FunctionValue e) {
    if (e.callee() instanceof Callee.Direct callee
        && !(FunctionInstances.isSpawned(callee.function())
            && !f.captures().capturing(callee.function()))
        && !LibraryNames.isBuiltin(callee.function())) {
      Environment inside = environmentOf(callee);
      IrType.Function type = f.types().function(callee.function().type(), inside);
      if (f.captures().capturing(callee.function())) {
        loadNested(callee.function(), inside);
      } else {
        code.add(new Instruction.MakeClosure(number(callee.function(), inside)));
      }
      return type;
    }
    FunctionTree wrapper = wrapper(e.span(), e.callee(), null, e.type());
    return f.closure(wrapper, f.environment());
  }

  /** A closure that holds the receiver. */
  IrType boundMethod(Expr.BoundMethod e) {
    VariableSymbol held =
        new VariableSymbol(
            "receiver",
            e.span(),
            VariableSymbol.Kind.TEMPORARY,
            null,
            f.lowering().moduleOf(e.span()),
            false);
    held.setType(e.receiver().type());
    IrType type = f.expressions().value(e.receiver());
    FunctionTree wrapper = wrapper(e.span(), e.callee(), new Expr.Read(e.span(), held), e.type());
    return f.closureOver(held, type, wrapper, f.environment());
  }

  /** What a function value is called where it is shown. */
  private static String shownName(Callee callee) {
    return switch (callee) {
      case Callee.Direct c -> FunctionInstances.name(c.function());
      case Callee.Method c -> FunctionInstances.name(c.function());
      case Callee.Builtin c -> c.name();
      case Callee.Structural c -> c.name();
      case Callee.Value _, Callee.SuperConstructor _, Callee.Construct _ -> "";
    };
  }

  /** {@code (a, b) => callee(a, b)}, called after what it calls. */
  private FunctionTree wrapper(
      Span span, Callee callee, @Nullable Expr receiver, Type.Function type) {
    var module = f.lowering().moduleOf(span);
    FunctionSymbol symbol =
        new FunctionSymbol(
            shownName(callee),
            span,
            FunctionSymbol.Kind.CLOSURE,
            null,
            null,
            module,
            false,
            false,
            Access.PUBLIC);
    List<Type.Parameter> required = new ArrayList<>();
    List<FunctionTree.Parameter> parameters = new ArrayList<>();
    List<Expr> arguments = new ArrayList<>();
    Expr rest = null;
    for (Type.Parameter p : type.parameters()) {
      VariableSymbol variable =
          new VariableSymbol(p.name(), span, VariableSymbol.Kind.PARAMETER, symbol, module, false);
      variable.setType(p.type());
      parameters.add(new FunctionTree.Parameter(variable, null));
      Type.ParameterKind kind =
          p.kind() == Type.ParameterKind.REST
              ? Type.ParameterKind.REST
              : p.kind() == Type.ParameterKind.REQUIRED
                  ? Type.ParameterKind.REQUIRED
                  : Type.ParameterKind.OPTIONAL;
      required.add(new Type.Parameter(p.name(), p.type(), kind));
      if (kind == Type.ParameterKind.REST) {
        rest = new Expr.Read(span, variable);
      } else {
        arguments.add(new Expr.Read(span, variable));
      }
    }
    symbol.setType(new Type.Function(required, type.result()));
    Expr call = new Expr.Call(span, callee, receiver, arguments, rest, type.result());
    Stmt body =
        type.result() == Type.Primitive.VOID
            ? new Stmt.Evaluate(span, call)
            : new Stmt.Return(span, call);
    return new FunctionTree(span, symbol, null, parameters, List.of(body), false);
  }
}
