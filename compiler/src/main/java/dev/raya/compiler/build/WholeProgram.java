package dev.raya.compiler.build;

import dev.raya.compiler.check.CheckResult;
import dev.raya.compiler.lower.PartSources;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The modules of a package that have all been checked. */
final class WholeProgram implements PartSources.Bodies {
  private final Map<ModuleSymbol, CheckedModule> modules = new IdentityHashMap<>();
  private final Map<SourceFile, ModuleSymbol> files = new IdentityHashMap<>();
  private final Set<Symbol> top = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<ModuleSymbol, CheckedModule> templates = new LinkedHashMap<>();
  private final Set<TypeParameterSymbol> decoded;

  /** What a check of all modules has found. */
  WholeProgram(CheckResult checked) {
    this.decoded = checked.decoded();
    checked.templates().forEach(module -> templates.put(module.symbol(), module));
    for (CheckedModule module : checked.modules()) {
      this.modules.put(module.symbol(), module);
      files.put(module.symbol().file(), module.symbol());
      module.functions().forEach(f -> top.add(f.symbol()));
      module.classes().forEach(c -> top.add(c.symbol()));
    }
  }

  @Override
  public CheckedModule of(ModuleSymbol module) {
    CheckedModule checked = modules.get(module);
    if (checked == null) {
      throw new IllegalStateException(module + " is not in the package");
    }
    return checked;
  }

  @Override
  public @Nullable CheckedModule templates(ModuleSymbol module) {
    return templates.get(module);
  }

  @Override
  public List<ModuleSymbol> externals() {
    return List.copyOf(templates.keySet());
  }

  @Override
  public boolean declaresAtTop(ModuleSymbol module, Symbol symbol) {
    return top.contains(symbol);
  }

  @Override
  public boolean isDecoded(TypeParameterSymbol parameter) {
    return decoded.contains(parameter);
  }

  @Override
  public @Nullable ModuleSymbol moduleOf(SourceFile file) {
    return files.get(file);
  }
}
