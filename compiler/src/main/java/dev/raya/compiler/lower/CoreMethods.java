package dev.raya.compiler.lower;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods that a class inherits from Map, Set, Date, Mutex or Channel. These have no vtable in
 * a module file; the class that extends one has a slot for each of its members, and what it does
 * not override is a method made here: {@code get(key) { return super.get(key); }}.
 */
final class CoreMethods {
  private record Key(ClassSymbol heir, FunctionSymbol method) {}

  private final FunctionInstances functions;
  private final Map<Key, FunctionSymbol> made = new HashMap<>();

  CoreMethods(FunctionInstances functions) {
    this.functions = functions;
  }

  /** Whether a method belongs to a class of {@code raya:core} that has no vtable in files. */
  static boolean isOne(FunctionSymbol method) {
    ClassSymbol owner = method.owner();
    return owner != null && CoreClasses.isExtensible(owner);
  }

  /** The method of a class that stands for one that it inherits from a class of the VM. */
  FunctionSymbol inherited(ClassSymbol heir, FunctionSymbol method) {
    FunctionSymbol known = made.get(new Key(heir, method));
    if (known == null) {
      known = make(heir, method);
      made.put(new Key(heir, method), known);
    }
    return known;
  }

  private FunctionSymbol make(ClassSymbol heir, FunctionSymbol method) {
    List<Type> variables = new ArrayList<>();
    heir.typeParameters().forEach(p -> variables.add(new Type.Variable(p)));
    Type.ClassInstance self = new Type.ClassInstance(heir, variables);
    Type.ClassInstance base = self;
    while (base != null && base.symbol() != method.owner()) {
      base = Members.base(base);
    }
    if (base == null) {
      throw new IllegalStateException(heir + " does not inherit " + method);
    }
    Type.Function type =
        (Type.Function)
            Substitution.of(base.symbol().typeParameters(), base.arguments())
                .apply((Type) method.type());
    Span span = heir.span();
    FunctionSymbol symbol =
        new FunctionSymbol(
            method.name(),
            span,
            method.kind(),
            null,
            heir,
            heir.module(),
            false,
            false,
            method.access());
    symbol.setType(type);
    VariableSymbol receiver = variable("this", VariableSymbol.Kind.THIS, self, symbol);
    List<FunctionTree.Parameter> parameters = new ArrayList<>();
    List<Expr> arguments = new ArrayList<>();
    for (Type.Parameter p : type.parameters()) {
      VariableSymbol parameter =
          variable(p.name(), VariableSymbol.Kind.PARAMETER, p.type(), symbol);
      parameters.add(new FunctionTree.Parameter(parameter, null));
      arguments.add(new Expr.Read(span, parameter));
    }
    Expr call =
        new Expr.Call(
            span,
            new Callee.Method(method, base.arguments(), List.of(), false),
            new Expr.Read(span, receiver),
            arguments,
            null,
            type.result());
    Stmt body =
        type.result() == Type.Primitive.VOID
            ? new Stmt.Evaluate(span, call)
            : new Stmt.Return(span, call);
    functions.register(new FunctionTree(span, symbol, receiver, parameters, List.of(body), false));
    return symbol;
  }

  private static VariableSymbol variable(
      String name, VariableSymbol.Kind kind, Type type, FunctionSymbol owner) {
    VariableSymbol made =
        new VariableSymbol(name, owner.span(), kind, owner, owner.module(), false);
    made.setType(type);
    return made;
  }
}
