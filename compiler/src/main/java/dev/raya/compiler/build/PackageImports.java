package dev.raya.compiler.build;

import dev.raya.vm.bytecode.RbinModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compiled packages that imports of the package at hand can name. */
public interface PackageImports {
  /** No packages: a single file outside of a project. */
  PackageImports NONE = new NoPackages();

  /** What a name or alias of the manifest means. */
  Answer find(String name);

  /** The name by which the manifest takes the package of a web address, or null if it does not. */
  default @Nullable String nameOf(String url) {
    return null;
  }

  /** The names that can be imported, for proposals. */
  default List<String> names() {
    return List.of();
  }

  /** Why a package cannot be used. */
  enum Reason {
    /** The manifest does not list it. */
    NOT_IN_MANIFEST,
    /** It is not locked, not installed or damaged. */
    NOT_INSTALLED,
    /** Its bytecode is of a later version than this toolchain reads. */
    TOO_NEW
  }

  /** The answer to {@link #find}. */
  sealed interface Answer {
    /**
     * The package.
     *
     * @param version its version
     * @param range the manifest's range, or empty
     * @param key what tells it apart from other packages and versions
     */
    record Found(RbinModule file, String version, String range, String key) implements Answer {}

    /** It cannot be used. */
    record Missing(Reason reason, String message) implements Answer {}
  }
}
