package dev.raya.compiler.emit;

import dev.raya.compiler.ir.IrPart;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.List;

/**
 * A package in parts.
 *
 * @param meta identity of the file to make
 * @param modules in order of initialisation
 * @param parts of the modules in their order, then what the package says to importers
 */
public record PackageParts(RbinModule.Meta meta, List<Module> modules, List<IrPart> parts) {
  /** Copies the lists. */
  public PackageParts {
    modules = List.copyOf(modules);
    parts = List.copyOf(parts);
  }

  /**
   * A module of the package.
   *
   * @param file package-relative name of its source
   * @param path as EXPT has it
   * @param importable whether other packages may name it
   * @param digest of its source
   */
  public record Module(String file, String path, boolean importable, Sha256 digest) {}

  /** The same with other parts. */
  public PackageParts with(List<IrPart> other) {
    return new PackageParts(meta, modules, other);
  }
}
