package dev.raya.vm.context;

import dev.raya.vm.bytecode.VerifiedModule;
import java.util.Set;

/**
 * Where a context gets modules from (vm.md 11). The embedder decides what a specifier means for the
 * package that imports it; the VM never looks for files itself. {@code raya:core} is the VM's own
 * and never asked for.
 */
public interface ModuleLoader {
  /**
   * A module of a package file.
   *
   * @param packageKey what tells the file apart, a digest for instance; equal keys mean the same
   *     file
   * @param modulePath the module's path within the file, empty for its main module
   */
  record Resolved(String packageKey, String modulePath) {}

  /**
   * Maps a specifier to a module.
   *
   * @param importerKey the key of the importing package file
   * @param specifier the specifier as IMPT has it
   * @throws VmException if there is no such module for that importer
   */
  Resolved resolve(String importerKey, String specifier) throws VmException;

  /**
   * Loads a package file, read and verified. Asked once per key and context.
   *
   * @throws VmException if it cannot be read or is not valid
   */
  VerifiedModule load(String packageKey) throws VmException;

  /** Returns the names of the grants that a package has (stdlib.md 1.1). */
  Set<String> grants(String packageKey);

  /** Returns how a package is called in messages. */
  String displayName(String packageKey);
}
