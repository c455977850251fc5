package dev.raya.compiler.check;

import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class on its way through the checker: its symbol, its syntax and the work on its members. */
final class ClassWork {
  /** A field with what gives it its first value. */
  record FieldWork(
      FieldSymbol symbol,
      ClassMember.@Nullable Field syntax,
      FunctionSyntax.@Nullable Parameter parameter) {
    @Nullable Expression init() {
      return syntax == null ? null : syntax.init();
    }
  }

  final ClassSymbol symbol;
  final Statement.Class syntax;

  /** Holds the class's type parameters. */
  final Scope scope;

  /** As {@link #scope}, without them: static members do not see them. */
  final Scope outer;

  final FunctionContext context;
  final List<FieldWork> fields = new ArrayList<>();
  final List<FunctionWork> functions = new ArrayList<>();
  @Nullable FunctionWork constructor;

  ClassWork(ClassSymbol symbol, Statement.Class syntax, Scope outer, FunctionContext context) {
    this.symbol = symbol;
    this.syntax = syntax;
    this.outer = outer;
    this.scope = new Scope(outer);
    this.context = context;
  }
}
