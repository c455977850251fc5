package dev.raya.vm.context;

import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RFunction;
import java.util.List;

/**
 * Where a package starts to run.
 *
 * @param module the module to initialise last, an index in EXPT
 * @param main the function to call then, or -1 if initialising is all there is to do
 */
record EntryPoint(int module, int main) {
  private static final String MAIN = "main";

  /**
   * The entry point that the file names: the module that has {@code main}; without one the
   * package's main module, or the last, which nothing depends on.
   */
  static EntryPoint of(RbinModule file) {
    List<RbinModule.ModuleDef> modules = file.modules();
    int last = modules.size() - 1;
    if (file.entry() >= 0) {
      // Functions lie module by module, each module's initialiser first (rbin.md 3.8).
      for (int i = last; i >= 0; i--) {
        if (modules.get(i).init() >= 0 && modules.get(i).init() <= file.entry()) {
          return new EntryPoint(i, file.entry());
        }
      }
      return new EntryPoint(last, file.entry());
    }
    int main = named(modules, "");
    return new EntryPoint(main < 0 ? last : main, -1);
  }

  /**
   * The entry point of a program of the package: a module with a row {@code main} in EXPT, which
   * the compiler writes for the modules of {@code [bin]}.
   *
   * @param path the module's path; the main module is meant if none has it
   * @throws VmException FunctionNotFound if the package has no such module, or its {@code main} has
   *     another type than language.md 16.4 asks for
   */
  static EntryPoint ofProgram(LinkedModule linked, String path) throws VmException {
    RbinModule file = linked.file;
    List<RbinModule.ModuleDef> modules = file.modules();
    int module = named(modules, path);
    if (module < 0) {
      module = named(modules, "");
    }
    if (module < 0) {
      throw new VmException(
          VmErrorKind.FUNCTION_NOT_FOUND,
          file.meta().packageName() + " has no module \"" + path + "\"");
    }
    int main = modules.get(module).path().isEmpty() ? file.entry() : -1;
    for (RbinModule.Export export : modules.get(module).exports()) {
      if (export.kind() == RbinModule.ExportKind.FUNCTION && export.name().equals(MAIN)) {
        main = export.target();
      }
    }
    if (main >= 0 && !startsProgram(linked.functions[main])) {
      throw new VmException(
          VmErrorKind.FUNCTION_NOT_FOUND,
          "main of \""
              + path
              + "\" in "
              + file.meta().packageName()
              + " cannot start a program: it takes nothing or a string[], and gives void or int");
    }
    return new EntryPoint(module, main);
  }

  private static int named(List<RbinModule.ModuleDef> modules, String path) {
    for (int i = 0; i < modules.size(); i++) {
      if (modules.get(i).path().equals(path)) {
        return i;
      }
    }
    return -1;
  }

  /** What the verifier asks of the entry function of a file. */
  private static boolean startsProgram(RFunction main) {
    LinkedType type = main.type;
    LinkedType.Form result = type.resultType().form;
    return main.captureCount == 0
        && type.parts.length <= 1
        && (type.parts.length == 0
            || (type.parts[0].form == LinkedType.Form.ARRAY
                && type.parts[0].element().form == LinkedType.Form.STRING))
        && (result == LinkedType.Form.VOID
            || result == LinkedType.Form.INT
            || result == LinkedType.Form.NEVER);
  }
}
