package dev.raya.compiler.tree;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A typed statement. Destructuring is rewritten to single variables. */
public sealed interface Stmt {
  /** Where it comes from. */
  Span span();

  /** Evaluates and drops the value. */
  record Evaluate(Span span, Expr expression) implements Stmt {}

  /** Declares a variable; without init it holds its type's zero value or nothing. */
  record Declare(Span span, VariableSymbol variable, @Nullable Expr init) implements Stmt {}

  /** Declares a nested function: makes its closure when the block is entered. */
  record DeclareFunction(Span span, FunctionTree function) implements Stmt {}

  /** Runs the static initialisers of a class. */
  record DeclareClass(Span span, ClassTree declaration) implements Stmt {}

  /** A block; nested function declarations stand first. A label makes it a target of break. */
  record Block(Span span, List<Stmt> statements, @Nullable Label label) implements Stmt {
    /** Copies the list. */
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /** {@code if}. */
  record If(Span span, Expr condition, Stmt then, @Nullable Stmt otherwise) implements Stmt {}

  /** {@code while}. */
  record While(Span span, Expr condition, Stmt body, Label label) implements Stmt {}

  /** {@code do … while}; {@code continue} goes to the condition. */
  record DoWhile(Span span, Stmt body, Expr condition, Label label) implements Stmt {}

  /**
   * {@code for}; {@code continue} goes to the update.
   *
   * @param init declarations and expressions run once
   * @param perIteration variables that are fresh each round, copied before the update; only those a
   *     closure captures and something assigns are listed
   */
  record For(
      Span span,
      List<Stmt> init,
      List<VariableSymbol> perIteration,
      @Nullable Expr condition,
      @Nullable Expr update,
      Stmt body,
      Label label)
      implements Stmt {
    /** Copies the lists. */
    public For {
      init = List.copyOf(init);
      perIteration = List.copyOf(perIteration);
    }
  }

  /** {@code for…of}; the variable is fresh each round. */
  record ForOf(
      Span span, VariableSymbol variable, Iteration iteration, Expr subject, Stmt body, Label label)
      implements Stmt {}

  /**
   * {@code switch}: compares the subject with each test in order, falls through, leaves at break.
   *
   * @param subject evaluated once into the variable, which the tests read
   */
  record Switch(Span span, VariableSymbol variable, Expr subject, List<Case> cases, Label label)
      implements Stmt {
    /** Copies the list. */
    public Switch {
      cases = List.copyOf(cases);
    }
  }

  /**
   * A case.
   *
   * @param test a boolean expression over the switch's variable; null for default
   * @param constant the constant that the test compares with, if it is an int or a string
   */
  record Case(Span span, @Nullable Expr test, @Nullable Object constant, List<Stmt> body) {
    /** Copies the list. */
    public Case {
      body = List.copyOf(body);
    }
  }

  /** {@code try}. */
  record Try(Span span, Block block, @Nullable Catch handler, @Nullable Block finalizer)
      implements Stmt {}

  /**
   * A catch clause.
   *
   * @param filter the class to catch, or null for every Error
   */
  record Catch(
      Span span,
      @Nullable VariableSymbol variable,
      Type.@Nullable ClassInstance filter,
      Block body) {}

  /** {@code return}. */
  record Return(Span span, @Nullable Expr value) implements Stmt {}

  /** {@code throw}. */
  record Throw(Span span, Expr value) implements Stmt {}

  /** Leaves the labelled statement. */
  record Break(Span span, Label label) implements Stmt {}

  /** Goes to the next round of the labelled loop. */
  record Continue(Span span, Label label) implements Stmt {}

  /** {@code debugger}. */
  record Debugger(Span span) implements Stmt {}
}
