package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.ForeignNames;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the checker for {@code new} and {@code super(…)} (language.md 10.1, 10.2). */
abstract sealed class Construction extends LibraryCalls permits Calls {
  Construction(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** {@code new Mock} of {@code raya:test}; null if it is something else. */
  abstract @Nullable Expr doubleNew(Expression.New n, ClassSymbol c, @Nullable Type expected);

  final Expr superCall(Expression.Call c, Span span) {
    ClassSymbol owner = context.owner;
    if (owner != null && owner.base() == null && owner.isIncomplete()) {
      return refused(c);
    }
    if (owner == null || !context.constructor || owner.base() == null) {
      error(
          DiagnosticCode.E0212,
          span,
          "'super(…)' is only available in the constructor of a class that extends another");
      return refused(c);
    }
    Type.ClassInstance base = owner.base();
    FunctionSymbol constructor = constructorOf(base.symbol());
    Type.Function type =
        constructor == null
            ? new Type.Function(List.of(), Type.Primitive.VOID)
            : constructorType(base, constructor);
    Arguments a = arguments(type, c, null);
    if (context.superMarker != null) {
      if (flow.isAssigned(context.superMarker) && flow.reachable()) {
        error(DiagnosticCode.E0324, span, "'super(…)' is called twice");
      }
      flow = flow.assign(context.superMarker);
    }
    if (a == null || context.self == null) {
      return invalid(c.span());
    }
    return new Expr.Call(
        c.span(),
        new Callee.SuperConstructor(base),
        new Expr.Read(span, context.self),
        a.given(),
        a.rest(),
        Type.Primitive.VOID);
  }

  /** The constructor a class has or inherits. */
  static @Nullable FunctionSymbol constructorOf(ClassSymbol c) {
    ClassSymbol at = c;
    for (int guard = 0; guard < Relations.MAX_DEPTH; guard++) {
      if (at.constructor() != null) {
        return at.constructor();
      }
      if (at.base() == null) {
        return null;
      }
      at = at.base().symbol();
    }
    return null;
  }

  /** The type of a constructor of a class or one of its bases, for an instance type. */
  static Type.Function constructorType(Type.ClassInstance c, FunctionSymbol constructor) {
    Type.ClassInstance at = c;
    for (int guard = 0; at != null && guard < Relations.MAX_DEPTH; guard++) {
      if (at.symbol() == constructor.owner()) {
        return Substitution.of(at.symbol().typeParameters(), at.arguments())
            .apply(constructor.type());
      }
      at = Members.base(at);
    }
    return constructor.type();
  }

  @Override
  final Expr checkNew(Expression.New n, @Nullable Type expected) {
    Symbol symbol = scope.find(n.path().getFirst().text());
    if (symbol == null) {
      if (n.path().getFirst().text().equals("Array")) {
        return newArray(n, expected);
      }
      checkAnyway(n.arguments());
      return unknown(n.path().getFirst());
    }
    markUsed(symbol);
    for (Name part : n.path().subList(1, n.path().size())) {
      Symbol inner = symbol instanceof ModuleSymbol m ? m.export(part.text()) : null;
      if (inner == null && symbol instanceof ModuleSymbol m && m.mayExport(part.text())) {
        checkAnyway(n.arguments());
        return invalid(n.span());
      }
      if (inner == null) {
        missing(
            DiagnosticCode.E0503,
            part.span(),
            part.text(),
            "'" + symbol.name() + "' has no class '" + part.text() + "'",
            symbol instanceof ModuleSymbol m ? m.exports().keySet() : List.of());
        checkAnyway(n.arguments());
        return invalid(n.span());
      }
      symbol = inner;
    }
    noteUse(symbol, n.path().getLast().span());
    if (symbol instanceof VariableSymbol && poisoned.contains(n.path().getFirst().text())
        || symbol instanceof ClassSymbol c
            && c.isIncomplete()
            && (c.constructor() == null || c.hasImplicitConstructor())) {
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (!(symbol instanceof ClassSymbol c)) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "'"
              + symbol.name()
              + "' is not a class and cannot be constructed"
              + instead(ForeignNames.insteadOfValue(symbol.name())));
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (c.isAbstract()) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "the class '" + c.name() + "' is abstract and cannot be constructed");
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (c.module() == library.module() && c.name().equals("Array")) {
      return newArray(n, expected);
    }
    Expr made = doubleNew(n, c, expected);
    return made == null ? construct(n, c, expected) : made;
  }

  private Expr newArray(Expression.New n, @Nullable Type expected) {
    Symbol symbol = scope.find("Array");
    if (!(symbol instanceof ClassSymbol c)) {
      return unknown(n.path().getFirst());
    }
    Type hint =
        expected instanceof Type.Array a ? new Type.ClassInstance(c, List.of(a.element())) : null;
    Expr made = construct(n, c, hint);
    if (!(made instanceof Expr.Call call)
        || !(call.type() instanceof Type.ClassInstance instance)) {
      return made;
    }
    Type.Array type = new Type.Array(instance.arguments().getFirst(), false);
    return new Expr.Call(call.span(), call.callee(), null, call.arguments(), call.rest(), type);
  }

  private Expr construct(Expression.New n, ClassSymbol c, @Nullable Type expected) {
    FunctionSymbol constructor = constructorOf(c);
    if (constructor == null && c.ambient()) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "'" + c.name() + "' has no constructor");
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (constructor != null && !mayConstruct(constructor)) {
      error(
          DiagnosticCode.E0210,
          n.path().getFirst().span(),
          "the constructor of '" + c.name() + "' is not public");
    }
    checkDeclared(c, n.path().getLast().span());
    if (c.isLocal()) {
      need(c);
    }
    List<Type> variables = new ArrayList<>();
    for (TypeParameterSymbol p : c.typeParameters()) {
      variables.add(new Type.Variable(p));
    }
    Type.ClassInstance open = new Type.ClassInstance(c, variables);
    List<Type.Parameter> parameters =
        constructor == null ? List.of() : constructorType(open, constructor).parameters();
    Type.Function type = new Type.Function(c.ownTypeParameters(), parameters, open, null);
    Arguments a = arguments(type, n.arguments(), n.typeArguments(), c.name(), n.span(), expected);
    if (a == null && c.typeParameters().isEmpty() && !c.isIncomplete()) {
      // Whatever its arguments should be, what it makes is known.
      a = new Arguments(List.of(), null, List.of(), open);
    }
    if (a == null) {
      return invalid(n.span());
    }
    if (c.module() == library.module() && !c.derivesFromNamed("Error") && constructor != null) {
      return new Expr.Call(
          n.span(),
          new Callee.Builtin(c.name() + ".constructor", constructor, a.typeArguments(), List.of()),
          null,
          a.given(),
          a.rest(),
          a.result());
    }
    return new Expr.Call(
        n.span(),
        new Callee.Construct(c, c.allArguments(a.typeArguments())),
        null,
        a.given(),
        a.rest(),
        a.result());
  }

  private boolean mayConstruct(FunctionSymbol constructor) {
    if (constructor.access() == Access.PUBLIC) {
      return true;
    }
    ClassSymbol owner = constructor.owner();
    return owner != null && mayUse(owner, constructor.access());
  }
}
