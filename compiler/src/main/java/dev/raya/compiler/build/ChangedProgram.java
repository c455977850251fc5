package dev.raya.compiler.build;

import dev.raya.compiler.check.CheckedForCode;
import dev.raya.compiler.lower.PartSources;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The modules of a package that are checked as far as their bodies are asked for. */
final class ChangedProgram implements PartSources.Bodies {
  private final CheckedForCode checked;

  ChangedProgram(CheckedForCode checked) {
    this.checked = checked;
  }

  @Override
  public CheckedModule of(ModuleSymbol module) {
    return checked.bodies(module);
  }

  @Override
  public @Nullable CheckedModule templates(ModuleSymbol module) {
    return checked.templates(module);
  }

  @Override
  public List<ModuleSymbol> externals() {
    return checked.externals();
  }

  @Override
  public boolean declaresAtTop(ModuleSymbol module, Symbol symbol) {
    return checked.declaresAtTop(module, symbol);
  }

  @Override
  public boolean isDecoded(TypeParameterSymbol parameter) {
    return checked.isDecoded(parameter);
  }

  @Override
  public @Nullable ModuleSymbol moduleOf(SourceFile file) {
    ModuleSymbol module = checked.moduleOf(file);
    return module == null || module.external() ? null : module;
  }
}
