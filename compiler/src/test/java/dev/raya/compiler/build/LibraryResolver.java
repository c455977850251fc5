package dev.raya.compiler.build;

import dev.raya.compiler.bind.ModuleResolver;

/** Resolves {@code raya:} modules for tests of the checker alone. */
public final class LibraryResolver {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  private LibraryResolver() {}

  /** A resolver that knows the library and nothing else. */
  public static ModuleResolver make() {
    return new ImportResolver(name -> null, LIBRARY, PackageImports.NONE, false);
  }
}
