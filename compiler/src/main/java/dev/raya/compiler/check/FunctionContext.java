package dev.raya.compiler.check;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Label;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The function (or module initialiser) whose body is being checked. */
final class FunctionContext {
  /** A place that {@code break} or {@code continue} may go to. */
  static final class Target {
    final Label label;
    final @Nullable String name;
    final boolean loop;
    final boolean plainBreak;
    final List<Flow> breaks = new ArrayList<>();
    final List<Flow> continues = new ArrayList<>();

    Target(Label label, @Nullable String name, boolean loop, boolean plainBreak) {
      this.label = label;
      this.name = name;
      this.loop = loop;
      this.plainBreak = plainBreak;
    }
  }

  final @Nullable FunctionContext parent;

  /** Null in a module's initialiser. */
  final @Nullable FunctionSymbol symbol;

  /** What it assigns. */
  final Assignments.Part assignments;

  private @Nullable List<Assignments.Part> around;

  final Trials trials = new Trials();
  final Deque<Target> targets = new ArrayDeque<>();

  /** The types of the values returned so far, when the result is inferred. */
  final List<Type> returned = new ArrayList<>();

  /** In a constructor: for each field that it must assign, what stands for it in the flow. */
  final Map<FieldSymbol, VariableSymbol> fieldMarkers = new LinkedHashMap<>();

  /** In a constructor of a derived class: what stands for the call of super. */
  @Nullable VariableSymbol superMarker;

  @Nullable Type expectedResult;
  boolean infers;

  /**
   * The empty arrays returned whose elements only other returned values tell, by the span of their
   * statement.
   */
  final Map<Span, Expression> returnedEmpty = new LinkedHashMap<>();

  /** Whether a statement of it could not be read, so that nobody knows what it does. */
  boolean damaged;

  @Nullable VariableSymbol self;
  @Nullable ClassSymbol owner;
  boolean constructor;

  /** Whether it is no function, but the initialisers of a class's fields. */
  boolean fields;

  boolean async;

  /** Whether the body locks a mutex by itself. */
  boolean locks;

  FunctionContext(
      @Nullable FunctionContext parent,
      @Nullable FunctionSymbol symbol,
      Assignments.Part assignments) {
    this.parent = parent;
    this.symbol = symbol;
    this.assignments = assignments;
  }

  /** What it and the functions around it assign, without the parts that lie in others. */
  List<Assignments.Part> around() {
    List<Assignments.Part> known = around;
    if (known == null) {
      known = parent == null ? List.of() : parent.around();
      if (known.stream().noneMatch(part -> part.contains(assignments))) {
        List<Assignments.Part> all = new ArrayList<>(known);
        all.add(assignments);
        known = all;
      }
      around = known;
    }
    return known;
  }
}
