package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of built-in values in code that is generic: {@code T extends { indexOf(s: string): int }}
 * may be a string, an array or a Mutex (language.md 3.2, rule 5), which no code finds by name. An
 * instance for such a type calls a function made here, {@code (self, s) => self.indexOf(s)}.
 */
final class BuiltinMembers {
  /**
   * A built-in type.
   *
   * @param name of the class that declares its members
   * @param self the type, as that class's type parameters say it
   */
  record Host(ClassSymbol symbol, Type self, List<IrType> arguments) {}

  private record Key(String host, String member) {}

  private final PartSources sources;
  private final ClassLowering classes;
  private final PackageTables tables;
  private final FunctionInstances functions;
  private final Map<Key, FunctionSymbol> made = new HashMap<>();

  BuiltinMembers(
      PartSources sources,
      ClassLowering classes,
      PackageTables tables,
      FunctionInstances functions) {
    this.sources = sources;
    this.classes = classes;
    this.tables = tables;
    this.functions = functions;
  }

  /** The built-in type that values of a type are of, or null if its members are found by name. */
  @Nullable Host host(IrType type, String member) {
    return switch (type.base()) {
      case Basic.STRING -> host("string", List.of());
      case Basic.INT, Basic.NUMBER -> host("number", List.of());
      case Basic.BYTES -> host("Uint8Array", List.of());
      case Basic.MUTEX -> host("Mutex", List.of());
      case IrType.Array a -> host(a.readOnly() ? "ReadonlyArray" : "Array", List.of(a.element()));
      case IrType.Tuple t -> host("ReadonlyArray", List.of(Unions.of(t.elements())));
      case IrType.Channel c -> host("Channel", List.of(c.element()));
      case IrType.Task t -> host("Task", List.of(t.result()));
      case IrType.ClassType c -> ofClass(c, member);
      default -> null;
    };
  }

  /** Members that derived classes have as methods are these; others are the built-in's. */
  private @Nullable Host ofClass(IrType.ClassType type, String member) {
    IrType.ClassType root = classes.collection(type);
    if (root == null
        || !(tables.classAt(root.number()) instanceof IrClass.Collection collection)
        || !root.equals(type) && classes.hasMember(type, member)) {
      return null;
    }
    String name = collection.name();
    int open = name.indexOf('<');
    return host(open < 0 ? name : name.substring(0, open), collection.typeArguments());
  }

  private Host host(String name, List<IrType> arguments) {
    ClassSymbol symbol = sources.builtinClass(name);
    List<Type> variables = new ArrayList<>();
    symbol.typeParameters().forEach(p -> variables.add(new Type.Variable(p)));
    Type self =
        switch (name) {
          case "string" -> Type.Primitive.STRING;
          case "number" -> Type.Primitive.NUMBER;
          case "Array" -> new Type.Array(variables.getFirst(), false);
          case "ReadonlyArray" -> new Type.Array(variables.getFirst(), true);
          default -> new Type.ClassInstance(symbol, variables);
        };
    return new Host(symbol, self, arguments);
  }

  /** The number of the function that calls a method of a built-in type. */
  int number(Host host, String member) {
    return functions.number(method(host, member), List.of(), host.arguments());
  }

  /** What that function takes, the value itself first, and gives. */
  IrType.Function type(Host host, String member) {
    return classes
        .types()
        .function(
            method(host, member).type(),
            TypeLowering.Environment.EMPTY.with(host.symbol().typeParameters(), host.arguments()));
  }

  private FunctionSymbol method(Host host, String member) {
    return made.computeIfAbsent(new Key(host.symbol().name(), member), _ -> make(host, member));
  }

  private FunctionSymbol make(Host host, String member) {
    FunctionSymbol method = host.symbol().methodsNamed(member).getFirst();
    String name = host.symbol().name() + "." + member;
    Span span = method.span();
    ModuleSymbol module = host.symbol().module();
    FunctionSymbol symbol =
        new FunctionSymbol(
            name,
            span,
            FunctionSymbol.Kind.FUNCTION,
            null,
            null,
            module,
            false,
            false,
            Access.PUBLIC);
    List<Type.Parameter> parameters = new ArrayList<>();
    List<FunctionTree.Parameter> trees = new ArrayList<>();
    VariableSymbol self = variable("self", host.self(), symbol);
    parameters.add(new Type.Parameter("self", host.self(), Type.ParameterKind.REQUIRED));
    trees.add(new FunctionTree.Parameter(self, null));
    List<Expr> arguments = new ArrayList<>();
    Expr rest = null;
    for (Type.Parameter p : method.type().parameters()) {
      VariableSymbol parameter = variable(p.name(), p.type(), symbol);
      parameters.add(p);
      trees.add(new FunctionTree.Parameter(parameter, null));
      if (p.kind() == Type.ParameterKind.REST) {
        rest = new Expr.Read(span, parameter);
      } else {
        arguments.add(new Expr.Read(span, parameter));
      }
    }
    Type result = method.type().result();
    symbol.setType(new Type.Function(host.symbol().typeParameters(), parameters, result, null));
    List<Type> variables = new ArrayList<>();
    host.symbol().typeParameters().forEach(p -> variables.add(new Type.Variable(p)));
    Expr call =
        new Expr.Call(
            span,
            new Callee.Builtin(name, method, variables, List.of()),
            new Expr.Read(span, self),
            arguments,
            rest,
            result);
    Stmt body =
        result == Type.Primitive.VOID ? new Stmt.Evaluate(span, call) : new Stmt.Return(span, call);
    functions.register(new FunctionTree(span, symbol, null, trees, List.of(body), false));
    return symbol;
  }

  private static VariableSymbol variable(String name, Type type, FunctionSymbol owner) {
    VariableSymbol made =
        new VariableSymbol(
            name, owner.span(), VariableSymbol.Kind.PARAMETER, owner, owner.module(), false);
    made.setType(type);
    return made;
  }
}
