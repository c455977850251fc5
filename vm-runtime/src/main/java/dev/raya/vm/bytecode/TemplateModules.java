package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which module of a file declares the template of an instance that has its origin in the file. Two
 * modules may have templates of one name, and a class says nothing of its module; its functions do,
 * which lie module by module ({@code rbin.md} 3.8): those of a module begin with its initialiser
 * and what it exports.
 */
public final class TemplateModules {
  /** Of an instance that says nothing of its module. */
  public static final int UNKNOWN = -1;

  private final RbinModule file;
  private final int imported;
  private final TreeMap<Integer, Integer> starts = new TreeMap<>();

  /** Of a file whose indices are in range. */
  public TemplateModules(RbinModule file, int importedFunctions) {
    this.file = file;
    this.imported = importedFunctions;
    for (int i = 0; i < file.modules().size(); i++) {
      ModuleDef module = file.modules().get(i);
      int start = module.init() < 0 ? firstExport(module) : module.init();
      if (start >= 0) {
        starts.put(start, i);
      }
    }
  }

  private int firstExport(ModuleDef module) {
    int first = UNKNOWN;
    for (Export export : module.exports()) {
      if (export.kind() == ExportKind.FUNCTION
          && export.target() >= imported
          && (first < 0 || export.target() < first)) {
        first = export.target();
      }
    }
    return first;
  }

  /** The number of the module, or {@link #UNKNOWN} if the instance has no function of its own. */
  public int of(int number) {
    ClassDef definition = file.classes().get(number);
    int function = definition.constructor();
    for (int i = 0; function < imported && i < definition.vtable().size(); i++) {
      int method = definition.vtable().get(i).function();
      function = isOwn(method, number) ? method : function;
    }
    Map.Entry<Integer, Integer> start = function < imported ? null : starts.floorEntry(function);
    return start == null ? UNKNOWN : start.getValue();
  }

  private boolean isOwn(int function, int number) {
    if (function < imported) {
      return false;
    }
    FunctionDef definition = file.functions().get(function - imported);
    return definition.ownerClass() == number;
  }
}
