package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypePrinter;
import dev.raya.compiler.types.VariableSymbol;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the checker of a module stands: the scope, the function, and what control flow says. The
 * checker is one object made of layers, because its parts (types, declarations, expressions, calls,
 * statements, classes) call each other. Owned by one thread.
 */
abstract sealed class CheckerState permits TypeReader {
  final ModuleSymbol module;
  final Library library;
  final Diagnostics diagnostics;
  final Deferred deferred;

  Scope scope;
  FunctionContext context;
  Flow flow = Flow.start();

  /** Untyped lets with an int initialiser that some assignment makes numbers (language.md 4.2). */
  final Set<Statement.Binding> opened = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Variables whose declaration has been passed. */
  final Set<VariableSymbol> visited = Collections.newSetFromMap(new IdentityHashMap<>());

  /** The constant whose initialiser, a function, comes next: it may mention the constant. */
  @Nullable VariableSymbol constantOfFunction;

  private int temporaries;

  CheckerState(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    this.module = module;
    this.library = library;
    this.diagnostics = diagnostics;
    this.deferred = deferred;
    this.scope = new Scope(library.scope());
    this.context = new FunctionContext(null, null, new Assignments());
  }

  final void error(DiagnosticCode code, Span span, String message) {
    diagnostics.add(code, span, message);
  }

  final void error(DiagnosticCode code, Span span, String message, Diagnostic.Note note) {
    diagnostics.add(new Diagnostic(code, span, message, List.of(note), List.of()));
  }

  static String show(Type type) {
    return TypePrinter.print(type);
  }

  /** What stands for an expression that was refused. */
  static Expr invalid(Span span) {
    return new Expr.Int(span, 0, Type.Primitive.INVALID);
  }

  static boolean isInvalid(Type type) {
    return type == Type.Primitive.INVALID;
  }

  /** A variable for a value that must be computed once. */
  final VariableSymbol temporary(Span span, Type type) {
    VariableSymbol v =
        new VariableSymbol(
            "$" + temporaries++,
            span,
            VariableSymbol.Kind.TEMPORARY,
            context.symbol,
            module,
            false);
    v.setType(type);
    return v;
  }

  /** Runs something in another scope and function, and comes back. */
  final <T> T elsewhere(Scope in, FunctionContext function, Flow start, Supplier<T> work) {
    Scope savedScope = scope;
    FunctionContext savedContext = context;
    Flow savedFlow = flow;
    scope = in;
    context = function;
    flow = start;
    try {
      return work.get();
    } finally {
      scope = savedScope;
      context = savedContext;
      flow = savedFlow;
    }
  }

  /** Runs something in a scope inside the current one. */
  final <T> T inScope(Scope inner, Supplier<T> work) {
    Scope saved = scope;
    scope = inner;
    try {
      return work.get();
    } finally {
      scope = saved;
    }
  }
}
