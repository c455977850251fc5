package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrPackage.Dependency;
import dev.raya.compiler.ir.IrPackage.IrExport;
import dev.raya.compiler.ir.IrPackage.IrModule;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** What modules export, and what they are initialised after (rbin.md 3.10). */
final class ExportLowering {
  private final Lowering lowering;
  private final ExternalNames externals;
  private final DeclarationText declarations;

  ExportLowering(Lowering lowering, ExternalNames externals) {
    this.lowering = lowering;
    this.externals = externals;
    this.declarations = new DeclarationText(lowering, externals);
  }

  /** What a module is initialised after, and what it exports to any other. */
  IrModule module(CheckedModule module, boolean program) {
    List<Dependency> dependencies = new ArrayList<>();
    for (ModuleSymbol.Dependency dependency : module.symbol().dependencies()) {
      if (!dependency.typeOnly()) {
        dependencies.add(
            dependency.target().external()
                ? new Dependency(true, externals.module(dependency.target()))
                : new Dependency(false, lowering.numberOf(dependency.target())));
      }
    }
    List<IrExport> exports = new ArrayList<>();
    for (Map.Entry<String, Symbol> export : module.symbol().exports().entrySet()) {
      add(exports, export.getKey(), export.getValue());
    }
    if (program) {
      main(module, exports);
    }
    return new IrModule("", false, dependencies, exports, List.of());
  }

  /**
   * The declarations of a package's modules, and what is exported because these mention it.
   *
   * @param each is told the number of each module once its rows are known
   */
  Map<Integer, IrModule> declarations(List<ModuleSymbol> importable, IntConsumer each) {
    declarations.write(importable);
    Map<Integer, IrModule> modules = new HashMap<>();
    for (ModuleSymbol module : lowering.numbered()) {
      int number = lowering.numberOf(module);
      each.accept(number);
      List<IrExport> exports = new ArrayList<>();
      module
          .exports()
          .forEach(
              (name, symbol) -> {
                if (symbol instanceof VariableSymbol v && !v.module().external()) {
                  setter(exports, name, v);
                }
              });
      for (Symbol internal : declarations.internals(number)) {
        if (exports.stream().noneMatch(e -> e.name().equals(internal.name()))) {
          add(exports, internal.name(), internal);
        }
      }
      modules.put(number, new IrModule("", false, List.of(), exports, declarations.rows(number)));
    }
    return modules;
  }

  /** Makes {@code main} known to who runs the module; importers do not see it. */
  private void main(CheckedModule module, List<IrExport> exports) {
    for (FunctionTree tree : module.functions()) {
      FunctionSymbol symbol = tree.symbol();
      if (symbol.name().equals("main")
          && symbol.type().typeParameters().isEmpty()
          && !symbol.ambient()
          && exports.stream().noneMatch(e -> e.name().equals("main"))) {
        exports.add(
            new IrExport.OfFunction(
                "main", lowering.functions().number(symbol, Environment.EMPTY), true));
      }
    }
  }

  private void add(List<IrExport> exports, String name, Symbol symbol) {
    switch (symbol) {
      case FunctionSymbol f -> {
        if (f.type().typeParameters().isEmpty() && !f.module().external() && !f.ambient()) {
          exports.add(
              new IrExport.OfFunction(
                  name, lowering.functions().number(f, Environment.EMPTY), false));
        }
      }
      case ClassSymbol c -> {
        if (!c.module().external()) {
          if (c.typeParameters().isEmpty()) {
            exportClass(exports, name, c);
          } else {
            exportStatics(exports, name, c, true);
          }
        }
      }
      case VariableSymbol v -> {
        if (!v.module().external()) {
          exports.add(new IrExport.OfGlobal(name, lowering.global(v), false));
          setter(exports, name, v);
        }
      }
      case StructureSymbol s -> {
        if (s.typeParameters().isEmpty()) {
          exports.add(new IrExport.OfType(name, type(new Type.Structure(s, List.of())), false));
        }
      }
      case AliasSymbol a -> {
        if (a.typeParameters().isEmpty() && a.type() != null) {
          IrType type = type(a.type());
          if (type != IrType.Basic.VOID && type != IrType.Basic.NEVER) {
            exports.add(new IrExport.OfType(name, type, false));
          }
        }
      }
      case TypeParameterSymbol _, ModuleSymbol _ -> {}
    }
  }

  /** Code of importers that mentions a variable may assign it. */
  private void setter(List<IrExport> exports, String name, VariableSymbol v) {
    if (v.kind() == VariableSymbol.Kind.LET && declarations.isMentioned(v)) {
      String setter = LibraryNames.setter(name);
      exports.add(
          new IrExport.OfFunction(
              setter, lowering.setter(setter, lowering.global(v), false), false));
    }
  }

  private IrType type(Type type) {
    return lowering.classes().types().property(type, Environment.EMPTY);
  }

  /** A class with the functions that importers call: constructor, methods, static members. */
  private void exportClass(List<IrExport> exports, String name, ClassSymbol c) {
    exports.add(new IrExport.OfClass(name, lowering.classes().number(c, List.of()), false));
    FunctionSymbol constructor = c.constructor();
    if (constructor != null) {
      exportMember(exports, name + "#constructor", constructor);
    }
    boolean open = DeclarationText.hasGenericMethods(c);
    for (FunctionSymbol method : c.methods()) {
      if ((open || method.access() != Access.PRIVATE) && method.type().typeParameters().isEmpty()) {
        exportMember(exports, name + "#" + ClassLowering.slot(method), method);
      }
    }
    for (FunctionSymbol method : c.staticMethods()) {
      if ((open || method.access() != Access.PRIVATE) && method.type().typeParameters().isEmpty()) {
        exportMember(exports, name + "." + method.name(), method);
      }
    }
    exportStatics(exports, name, c, open);
    if (open) {
      lowering.fields().export(exports, name, c);
    }
  }

  /** Static fields exist once, in the file of the class. */
  private void exportStatics(List<IrExport> exports, String name, ClassSymbol c, boolean all) {
    for (FieldSymbol field : c.staticFields()) {
      if (all || field.access() != Access.PRIVATE) {
        int number = lowering.classes().staticNumber(field);
        exports.add(new IrExport.OfGlobal(name + "." + field.name(), number, false));
        if (!field.readonly()) {
          String setter = LibraryNames.setter(name + "." + field.name());
          exports.add(
              new IrExport.OfFunction(setter, lowering.setter(setter, number, true), false));
        }
      }
    }
  }

  private void exportMember(List<IrExport> exports, String name, FunctionSymbol member) {
    exports.add(
        new IrExport.OfFunction(
            name, lowering.functions().number(member, List.of(), List.of()), false));
  }
}
