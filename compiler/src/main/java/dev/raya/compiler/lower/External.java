package dev.raya.compiler.lower;

import dev.raya.compiler.types.ModuleId;
import dev.raya.vm.bytecode.RbinModule;

/**
 * A compiled module of another package.
 *
 * @param specifier what IMPT names it by
 * @param versionRange the manifest's range, or empty
 * @param file the package's file
 * @param module index of the module in the file
 */
public record External(String specifier, String versionRange, RbinModule file, int module) {
  /** Another module of the same file. */
  public External sibling(int other) {
    String own = file.modules().get(module).path();
    String base =
        own.isEmpty() ? specifier : specifier.substring(0, specifier.length() - own.length() - 1);
    String path = file.modules().get(other).path();
    return new External(path.isEmpty() ? base : base + "/" + path, versionRange, file, other);
  }

  /** Finds modules by the ids that the checker knows them by. */
  public interface Source {
    /** The module of an id that was resolved to an interface. */
    External find(ModuleId id);

    /** The module that a compiled file's IMPT names so. */
    External named(String specifier);
  }
}
