package dev.raya.compiler.lower;

import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.VariableSymbol;

/** Finds what other packages export for symbols that were read from their declarations. */
final class ExternalNames {
  private final PackageTables tables;
  private final External.Source packages;

  ExternalNames(PackageTables tables, External.Source packages) {
    this.tables = tables;
    this.packages = packages;
  }

  /** The import of a module. */
  int module(ModuleSymbol module) {
    return tables.importOf(packages.find(module.id()));
  }

  int classNumber(ClassSymbol symbol) {
    return tables.importClass(module(symbol.module()), symbol.name());
  }

  int global(VariableSymbol variable) {
    return tables.importGlobal(module(variable.module()), variable.name());
  }

  /** A function, method, constructor or static method, by the name it is exported under. */
  int function(FunctionSymbol symbol) {
    ClassSymbol owner = symbol.owner();
    String name =
        owner == null
            ? symbol.name()
            : switch (symbol.kind()) {
              case CONSTRUCTOR -> owner.name() + "#constructor";
              case STATIC_METHOD -> owner.name() + "." + symbol.name();
              default -> owner.name() + "#" + ClassLowering.slot(symbol);
            };
    return tables.importFunction(module(symbol.module()), name);
  }
}
