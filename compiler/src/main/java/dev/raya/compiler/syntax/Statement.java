package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, language.md 2 "statements"; declarations and module items are statements too. */
public sealed interface Statement {
  /** The source of the whole statement. */
  Span span();

  /** {@code { … }}. */
  record Block(Span span, List<Statement> statements) implements Statement {
    /** Copies the list. */
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /** An expression followed by a semicolon. */
  record Evaluate(Span span, Expression expression) implements Statement {}

  /**
   * A lone semicolon, or what is left of a statement that could not be read.
   *
   * @param damaged whether something stood here that could not be read
   */
  record Empty(Span span, boolean damaged) implements Statement {
    /** A lone semicolon. */
    public Empty(Span span) {
      this(span, false);
    }
  }

  /** {@code if}. */
  record If(Span span, Expression condition, Statement then, @Nullable Statement otherwise)
      implements Statement {}

  /** {@code while}. */
  record While(Span span, Expression condition, Statement body) implements Statement {}

  /** {@code do … while}. */
  record DoWhile(Span span, Statement body, Expression condition) implements Statement {}

  /** {@code for (init; condition; update)}; init is a variable declaration or an expression. */
  record For(
      Span span,
      @Nullable Statement init,
      @Nullable Expression condition,
      @Nullable Expression update,
      Statement body)
      implements Statement {}

  /** {@code for (const target of subject)}. */
  record ForOf(Span span, boolean constant, Pattern target, Expression subject, Statement body)
      implements Statement {}

  /** {@code switch}. */
  record Switch(Span span, Expression subject, List<Case> cases) implements Statement {
    /** Copies the list. */
    public Switch {
      cases = List.copyOf(cases);
    }
  }

  /** One {@code case} or, without test, {@code default}. */
  record Case(Span span, @Nullable Expression test, List<Statement> body) {
    /** Copies the list. */
    public Case {
      body = List.copyOf(body);
    }
  }

  /** {@code try} with a handler, a finalizer or both. */
  record Try(Span span, Block block, @Nullable Catch handler, @Nullable Block finalizer)
      implements Statement {}

  /** A {@code catch} clause; the filter is the annotated class. */
  record Catch(Span span, @Nullable Pattern parameter, @Nullable TypeNode filter, Block body) {}

  /** {@code return}. */
  record Return(Span span, @Nullable Expression value) implements Statement {}

  /** {@code throw}. */
  record Throw(Span span, Expression value) implements Statement {}

  /** {@code break}. */
  record Break(Span span, @Nullable Name label) implements Statement {}

  /** {@code continue}. */
  record Continue(Span span, @Nullable Name label) implements Statement {}

  /** {@code debugger}. */
  record Debugger(Span span) implements Statement {}

  /** {@code label: statement}. */
  record Labeled(Span span, Name label, Statement body) implements Statement {}

  /** A declaration, language.md 2 "declarations". */
  sealed interface Declaration extends Statement {
    /** The doc comment directly before it, without delimiters. */
    @Nullable String doc();
  }

  /** {@code let} or {@code const}. */
  record Variables(Span span, boolean constant, List<Binding> bindings, @Nullable String doc)
      implements Declaration {
    /** Copies the list. */
    public Variables {
      bindings = List.copyOf(bindings);
    }
  }

  /** One variable or pattern of a declaration. */
  record Binding(
      Span span, Pattern target, @Nullable TypeNode annotation, @Nullable Expression init) {}

  /** A function declaration; without body it is ambient. */
  record Function(Span span, Name name, FunctionSyntax function, @Nullable String doc)
      implements Declaration {}

  /**
   * A class declaration, or the class expression that initialises the const of its name.
   *
   * @param damaged whether members could not be read
   */
  record Class(
      Span span,
      Name name,
      boolean isAbstract,
      List<TypeNode.Parameter> typeParameters,
      TypeNode.@Nullable Reference base,
      List<TypeNode.Reference> interfaces,
      List<ClassMember> members,
      boolean damaged,
      @Nullable String doc)
      implements Declaration {
    /** Copies the lists. */
    public Class {
      typeParameters = List.copyOf(typeParameters);
      interfaces = List.copyOf(interfaces);
      members = List.copyOf(members);
    }
  }

  /** An interface declaration. */
  record Interface(
      Span span,
      Name name,
      List<TypeNode.Parameter> typeParameters,
      List<TypeNode.Reference> bases,
      TypeNode.ObjectForm body,
      @Nullable String doc)
      implements Declaration {
    /** Copies the lists. */
    public Interface {
      typeParameters = List.copyOf(typeParameters);
      bases = List.copyOf(bases);
    }
  }

  /** A type alias. */
  record Alias(
      Span span,
      Name name,
      List<TypeNode.Parameter> typeParameters,
      TypeNode type,
      @Nullable String doc)
      implements Declaration {
    /** Copies the list. */
    public Alias {
      typeParameters = List.copyOf(typeParameters);
    }
  }

  /** What may stand at module level only. */
  sealed interface ModuleItem extends Statement {}

  /** {@code import}. Without names and namespace: for its effects. */
  record Import(
      Span span,
      boolean typeOnly,
      List<ImportName> names,
      @Nullable Name namespace,
      Specifier specifier)
      implements ModuleItem {
    /** Copies the list. */
    public Import {
      names = List.copyOf(names);
    }
  }

  /** {@code name as local}. */
  record ImportName(Span span, boolean typeOnly, Name name, Name local) {}

  /** A module specifier with its quotes in the span. */
  record Specifier(Span span, String text) {}

  /** {@code export} before a declaration. */
  record ExportDeclaration(Span span, Declaration declaration) implements ModuleItem {}

  /** {@code export { a as b } from "m"}. */
  record ExportNames(Span span, boolean typeOnly, List<ExportName> names, @Nullable Specifier from)
      implements ModuleItem {
    /** Copies the list. */
    public ExportNames {
      names = List.copyOf(names);
    }
  }

  /** {@code local as exported}. */
  record ExportName(Span span, Name local, Name exported) {}

  /** {@code export * from "m"} or {@code export * as ns from "m"}. */
  record ExportAll(Span span, @Nullable Name namespace, Specifier from) implements ModuleItem {}

  /** {@code declare …} of one declaration (functions, and in declaration files the rest). */
  record Ambient(Span span, Declaration declaration) implements ModuleItem {}

  /** {@code declare module "name" { … }}. */
  record AmbientModule(Span span, Specifier name, List<Statement> members) implements ModuleItem {
    /** Copies the list. */
    public AmbientModule {
      members = List.copyOf(members);
    }
  }
}
