package dev.raya.compiler.lower;

import dev.raya.compiler.types.ClassSymbol;
import dev.raya.vm.bytecode.ModuleSymbols;

/** Which classes are those of {@code raya:core}, always visible and partly made by the VM. */
final class CoreClasses {
  private CoreClasses() {}

  static boolean isCore(ClassSymbol symbol) {
    return symbol.ambient() && symbol.module().id().packageName().equals(ModuleSymbols.CORE);
  }

  /** Whether it is a class that the VM implements and programs may extend. */
  static boolean isExtensible(ClassSymbol symbol) {
    return isCore(symbol)
        && switch (symbol.name()) {
          case "Map", "Set", "Date", "Mutex", "Channel" -> true;
          default -> false;
        };
  }

  /** Whether it is {@code Error} itself. */
  static boolean isError(ClassSymbol symbol) {
    return isCore(symbol) && symbol.name().equals("Error");
  }
}
