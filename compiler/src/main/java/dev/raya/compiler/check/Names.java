package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.ForeignNames;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker for names used as values (language.md 8.2, 8.3, 9). */
abstract sealed class Names extends Predicates permits GenericValues {
  private static final Set<String> BANNED_GLOBALS =
      Set.of(
          "undefined",
          "eval",
          "Function",
          "arguments",
          "globalThis",
          "Symbol",
          "Proxy",
          "Object",
          "Reflect",
          "window",
          "process",
          "module",
          "exports");

  Names(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  final Expr identifier(Expression.Identifier i) {
    Name name = i.name();
    Symbol symbol = scope.find(name.text());
    if (symbol == null) {
      return unknown(name);
    }
    return nameValue(symbol, name.span(), i);
  }

  static String instead(@Nullable String advice) {
    return advice == null ? "" : "; " + advice;
  }

  final Expr unknown(Name name) {
    if (lost.contains(name.text())) {
      return invalid(name.span());
    }
    if (name.text().equals("require")) {
      error(DiagnosticCode.E0110, name.span(), "'require' is banned; use 'import'");
    } else if (BANNED_GLOBALS.contains(name.text())) {
      error(
          DiagnosticCode.E0208,
          name.span(),
          "'"
              + name.text()
              + "' does not exist in Raya"
              + instead(ForeignNames.insteadOfValue(name.text())));
    } else {
      String member = asMember(name.text());
      if (member == null) {
        unknownName(DiagnosticCode.E0201, name, "name", () -> scope.visible(this::isValue));
      } else {
        diagnostics.add(
            new Diagnostic(
                DiagnosticCode.E0201,
                name.span(),
                "unknown name '" + name.text() + "'; did you mean '" + member + "'?",
                List.of(),
                List.of(Suggestions.replace(name.span(), member))));
      }
    }
    return invalid(name.span());
  }

  /** The class whose private members may be used here. */
  final @Nullable ClassSymbol currentClass() {
    for (FunctionContext c = context; c != null; c = c.parent) {
      if (c.owner != null) {
        return c.owner;
      }
    }
    return null;
  }

  /** Whether code here may use members of a class that have some access. */
  final boolean mayUse(ClassSymbol owner, Access access) {
    for (FunctionContext c = context; c != null; c = c.parent) {
      if (c.owner != null
          && (c.owner == owner || access == Access.PROTECTED && c.owner.derivesFrom(owner))) {
        return true;
      }
    }
    return access == Access.PUBLIC;
  }

  /** A member of the class at hand of that name, as it must be written; null if there is none. */
  private @Nullable String asMember(String name) {
    ClassSymbol owner = currentClass();
    if (owner == null) {
      return null;
    }
    VariableSymbol self = self();
    if (self != null && Members.find(self.type(), name) != null) {
      return "this." + name;
    }
    return Members.findStatic(owner, name) != null ? owner.name() + "." + name : null;
  }

  /** Whether a name may be read here: a variable not before it is declared. */
  private boolean isValue(Symbol symbol) {
    return switch (symbol) {
      case VariableSymbol v ->
          v.owner() != context.symbol || !isDeclaredHere(v) || visited.contains(v);
      case FunctionSymbol _, ClassSymbol _, ModuleSymbol _ -> true;
      case StructureSymbol _, AliasSymbol _, TypeParameterSymbol _ -> false;
    };
  }

  /** The value of a symbol, read here. */
  final Expr nameValue(Symbol symbol, Span span, Expression.@Nullable Identifier at) {
    markUsed(symbol);
    noteUse(symbol, span);
    return switch (symbol) {
      case VariableSymbol v -> read(v, span);
      case FunctionSymbol f -> functionValue(f, span);
      case ClassSymbol c -> {
        error(
            DiagnosticCode.E0207,
            span,
            "the class '" + c.name() + "' is not a value; use it with 'new', or a static member");
        yield invalid(span);
      }
      case ModuleSymbol m -> {
        error(
            DiagnosticCode.E0207,
            span,
            "the namespace '" + m.name() + "' is not a value; use its members");
        yield invalid(span);
      }
      case StructureSymbol _, AliasSymbol _, TypeParameterSymbol _ -> {
        error(
            DiagnosticCode.E0207,
            span,
            "'"
                + symbol.name()
                + "' is a type and cannot be used as a value"
                + instead(ForeignNames.insteadOfValue(symbol.name())));
        yield invalid(span);
      }
    };
  }

  /** Where each variable was told to be read too early; a trial may have taken that back. */
  private final Map<VariableSymbol, Span> early = new IdentityHashMap<>();

  /** Whether nothing is reported of an early read of the variable yet. */
  private boolean isNews(VariableSymbol v, DiagnosticCode code, Span span) {
    Span before = early.get(v);
    if (before != null && diagnostics.isReported(code, before)) {
      return false;
    }
    early.put(v, span);
    return true;
  }

  /** Reads a variable: capture, order of declaration, definite assignment, narrowing. */
  final Expr read(VariableSymbol v, Span span) {
    FunctionSymbol function = functionOf.get(v);
    if (v.isTypeRunning()
        || function != null && function.isTypeRunning()
        || initialising.contains(v) && v.owner() != context.symbol) {
      error(
          DiagnosticCode.E0310,
          span,
          "the type of '" + v.name() + "' depends on itself; annotate it");
      return invalid(span);
    }
    use(v, span);
    Double constant = library.constant(v);
    if (constant != null) {
      return new Expr.Num(span, constant);
    }
    Type type = v.type();
    if (isInvalid(type)) {
      return invalid(span);
    }
    boolean stable = !context.assignments.assignsInClosure(v.name());
    return narrowed(new Expr.Read(span, v), new Flow.Path(v, List.of()), stable);
  }

  /** Records and checks the use of a variable. */
  final void use(VariableSymbol v, Span span) {
    v.markUsed();
    if (v.owner() == context.symbol && !initialisesInstance()) {
      if (isDeclaredHere(v) && !visited.contains(v) && v.module() == module) {
        if (isNews(v, DiagnosticCode.E0203, span)) {
          error(
              DiagnosticCode.E0203,
              span,
              "'" + v.name() + "' is used before its declaration",
              new Diagnostic.Note(v.span(), "declared here"));
        }
      } else if (unassigned.contains(v)
          && !flow.isAssigned(v)
          && !context.damaged
          && isNews(v, DiagnosticCode.E0204, span)) {
        error(DiagnosticCode.E0204, span, "'" + v.name() + "' is used before it is assigned");
      }
    } else if (!v.isGlobal()) {
      capture(v);
    }
  }

  /** Reports a class that code of its function uses before its declaration is executed. */
  final void checkDeclared(ClassSymbol c, Span span) {
    FunctionContext home = declaredIn.get(c);
    if (home != null
        && home.symbol == context.symbol
        && !initialisesInstance()
        && !visitedClasses.contains(c)
        && !diagnostics.isReported(DiagnosticCode.E0203, span)) {
      error(
          DiagnosticCode.E0203,
          span,
          "'" + c.name() + "' is used before its declaration",
          new Diagnostic.Note(c.span(), "declared here"));
    }
  }

  /** Whether what is checked runs when an instance is made, not where the class is declared. */
  private boolean initialisesInstance() {
    return context.fields && context.self != null;
  }

  /** Variables declared without initial value. */
  final Set<VariableSymbol> unassigned =
      java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

  private static boolean isDeclaredHere(VariableSymbol v) {
    return v.kind() == VariableSymbol.Kind.LET || v.kind() == VariableSymbol.Kind.CONST;
  }

  /** Makes a variable of an outer function part of the closures down to here. */
  final void capture(VariableSymbol v) {
    for (FunctionContext c = context; c != null && c.symbol != v.owner(); c = c.parent) {
      if (c.symbol != null) {
        c.symbol.capture(v);
      }
      if (c.owner != null && c.owner.isLocal()) {
        c.owner.markCapturing();
      }
    }
  }

  /** What functions and local classes use that may capture variables in turn. */
  private final Map<Symbol, Set<Symbol>> needs = new IdentityHashMap<>();

  /** Notes that code here constructs a class, or uses a function. */
  final void need(Symbol symbol) {
    for (FunctionContext c = context; c != null; c = c.parent) {
      if (c.symbol != null) {
        needs
            .computeIfAbsent(c.symbol, _ -> Collections.newSetFromMap(new IdentityHashMap<>()))
            .add(symbol);
      }
      if (c.owner != null && c.owner.isLocal()) {
        needs
            .computeIfAbsent(c.owner, _ -> Collections.newSetFromMap(new IdentityHashMap<>()))
            .add(symbol);
      }
    }
  }

  /** Marks the classes that capture something only through what they use. */
  final void spreadCaptures(Collection<ClassSymbol> classes) {
    for (ClassSymbol c : classes) {
      if (captures(c, Collections.newSetFromMap(new IdentityHashMap<>()))) {
        c.markCapturing();
      }
    }
  }

  private boolean captures(Symbol symbol, Set<Symbol> seen) {
    boolean own =
        switch (symbol) {
          case ClassSymbol c ->
              c.isCapturing() || c.base() != null && captures(c.base().symbol(), seen);
          case FunctionSymbol f -> !f.captures().isEmpty();
          default -> false;
        };
    return own
        || seen.add(symbol)
            && needs.getOrDefault(symbol, Set.of()).stream().anyMatch(s -> captures(s, seen));
  }

  private Expr functionValue(FunctionSymbol f, Span span) {
    if (f.isTypeRunning()) {
      error(
          DiagnosticCode.E0310,
          span,
          "the result of '" + f.name() + "' depends on itself; annotate it");
      return invalid(span);
    }
    if (Matches.isMatch(f)) {
      error(DiagnosticCode.E0408, span, "'match' can only be called");
      return invalid(span);
    }
    useFunction(f);
    Type.Function type = f.type();
    if (!type.typeParameters().isEmpty()) {
      error(
          DiagnosticCode.E0310,
          span,
          "the generic function '"
              + f.name()
              + "' is no value by itself; say which function is expected, as in 'const f: (x: int) =>"
              + " int = …', or wrap it in a function");
      return invalid(span);
    }
    VariableSymbol nested = nestedFunctions.get(f);
    if (nested != null) {
      use(nested, span);
      return new Expr.Read(span, nested);
    }
    return new Expr.FunctionValue(span, direct(f, List.of()), type);
  }

  /** A function of an outer function is captured with what it captures itself. */
  final void useFunction(FunctionSymbol f) {
    used.add(f);
    if (f.enclosing() != null) {
      need(f);
    }
  }

  /** Declared functions that something refers to. */
  final Set<Symbol> used = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

  final Callee direct(FunctionSymbol f, List<Type> typeArguments) {
    return f.module() == library.module()
        ? new Callee.Builtin(f.name(), f, List.of(), typeArguments)
        : new Callee.Direct(f, typeArguments);
  }

  final Callee staticCallee(FunctionSymbol method, List<Type> typeArguments) {
    if (method.owner() != null && method.owner().isLocal()) {
      need(method);
    }
    return method.module() == library.module()
        ? new Callee.Builtin(library.builtinName(method), method, List.of(), typeArguments)
        : new Callee.Direct(method, typeArguments);
  }
}
