package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;

/**
 * What a name can mean. Symbols have identity; the binder makes them and the checker completes them
 * once. When a {@code CheckedModule} is handed out they do not change any more. Owned by the one
 * thread that checks the program.
 */
public sealed interface Symbol
    permits VariableSymbol,
        FunctionSymbol,
        ClassSymbol,
        StructureSymbol,
        AliasSymbol,
        TypeParameterSymbol,
        ModuleSymbol {
  /** The name as declared; empty for anonymous functions and object types. */
  String name();

  /** Where the name is declared. */
  Span span();
}
