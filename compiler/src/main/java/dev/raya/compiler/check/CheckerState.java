package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.ForeignNames;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypePrinter;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the checker of a module stands: the scope, the function, and what control flow says. The
 * checker is one object made of layers, because its parts (types, declarations, expressions, calls,
 * statements, classes) call each other. Owned by one thread.
 */
abstract sealed class CheckerState permits TypeReader {
  private static final int MAX_SEARCHES = 300;

  final ModuleSymbol module;
  final Library library;
  final Diagnostics diagnostics;
  final Deferred deferred;

  /** What imports are proposed for unknown names. */
  ImportProposals proposals = ImportProposals.NONE;

  /** What the parts of the module's source assign. */
  final Assignments assignments = new Assignments();

  Scope scope;
  FunctionContext context;
  Flow flow = Flow.start();

  /** Untyped lets with an int initialiser that some assignment makes numbers (language.md 4.2). */
  final Set<Statement.Binding> opened = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Variables without annotation whose initialisers are being checked. */
  final Set<VariableSymbol> initialising = Collections.newSetFromMap(new IdentityHashMap<>());

  /** The functions that initialise constants without annotation. */
  final Map<VariableSymbol, FunctionSymbol> functionOf = new IdentityHashMap<>();

  /** The property, if any, whose name alone stands for its value, which is being read. */
  @Nullable Name shorthand;

  /** Variables whose declaration has been passed. */
  final Set<VariableSymbol> visited = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Classes whose declaration has been passed. */
  final Set<ClassSymbol> visitedClasses = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Whether what is checked goes where nobody knows which type is wanted, since what would say so
   * was refused: what it leaves to be inferred from there is no error of its own.
   */
  boolean targetUnknown;

  /** The constant whose initialiser, a function, comes next: it may mention the constant. */
  @Nullable VariableSymbol constantOfFunction;

  private int temporaries;

  /** How many names were looked for that are like unknown ones of the module. */
  private int searches;

  CheckerState(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    this.module = module;
    this.library = library;
    this.diagnostics = diagnostics;
    this.deferred = deferred;
    this.scope = new Scope(library.scope());
    this.context = new FunctionContext(null, null, assignments.ofModule());
  }

  final void error(DiagnosticCode code, Span span, String message) {
    diagnostics.add(code, span, message);
  }

  final void error(DiagnosticCode code, Span span, String message, Diagnostic.Note note) {
    diagnostics.add(new Diagnostic(code, span, message, List.of(note), List.of()));
  }

  /**
   * Reports a name that is not there.
   *
   * @param known what may have been meant; the most similar are proposed
   */
  final void missing(
      DiagnosticCode code, Span span, String name, String message, Collection<String> known) {
    missing(code, span, name, message, known, "");
  }

  /** Reports a type that cannot be inferred, where that is no consequence of another error. */
  final void cannotInfer(Span span, String message) {
    if (!targetUnknown) {
      error(DiagnosticCode.E0310, span, message);
    }
  }

  /**
   * Reports the name of a property that is not there.
   *
   * @param rest what follows the name in the edits: where a shorthand stands for name and value,
   *     the value
   */
  final void missing(
      DiagnosticCode code,
      Span span,
      String name,
      String message,
      Collection<String> known,
      String rest) {
    List<String> similar = similar(name, known);
    if (similar.isEmpty()) {
      similar = ForeignNames.membersFor(name).stream().filter(known::contains).limit(1).toList();
    }
    List<String> proposed = similar;
    diagnostics.add(
        new Diagnostic(
            code,
            span,
            message + Suggestions.didYouMean(proposed),
            List.of(),
            proposed.stream().map(n -> Suggestions.replace(span, n + rest)).toList()));
  }

  /**
   * Reports a name that nothing in scope has; similar ones and imports are proposed.
   *
   * @param known the names in scope that could stand here
   */
  final void unknownName(
      DiagnosticCode code, Name name, String what, Supplier<Collection<String>> known) {
    List<Diagnostic.Fix> fixes = new ArrayList<>();
    List<String> similar = List.of();
    String instead =
        code == DiagnosticCode.E0206
            ? ForeignNames.insteadOfType(name.text())
            : ForeignNames.insteadOfValue(name.text());
    if (searches < MAX_SEARCHES) {
      fixes.addAll(proposals.of(module, name));
      similar = instead == null ? similar(name.text(), known.get()) : similar;
    }
    String guess = fixes.isEmpty() ? Suggestions.didYouMean(similar) : "";
    String key = shorthand != null && shorthand.equals(name) ? name.text() + ": " : "";
    for (String n : similar) {
      fixes.add(Suggestions.replace(name.span(), key + n));
    }
    diagnostics.add(
        new Diagnostic(
            code,
            name.span(),
            "unknown "
                + what
                + " '"
                + name.text()
                + "'"
                + (instead == null ? guess : "; " + instead),
            List.of(),
            fixes));
  }

  /** In a program full of unknown names, of which few are told, most search for nothing. */
  private List<String> similar(String name, Collection<String> known) {
    return searches++ < MAX_SEARCHES ? Suggestions.similar(name, known) : List.of();
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
    boolean savedTarget = targetUnknown;
    targetUnknown = false;
    scope = in;
    context = function;
    flow = start;
    try {
      return work.get();
    } finally {
      scope = savedScope;
      context = savedContext;
      flow = savedFlow;
      targetUnknown = savedTarget;
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
