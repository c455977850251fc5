package dev.raya.compiler.check;

import dev.raya.compiler.types.ClassSymbol;
import java.util.HashMap;
import java.util.Map;

/**
 * The ambient classes whose members values of built-in types have ({@code string}, {@code Array},
 * {@code Map} …), for code that is generic over such values.
 */
public final class BuiltinClasses {
  private final Library library = Library.load();
  private final Map<String, ClassSymbol> known = new HashMap<>();

  /**
   * The class of a name.
   *
   * @throws IllegalArgumentException if core declares no class of that name
   */
  public ClassSymbol named(String name) {
    return known.computeIfAbsent(
        name,
        wanted -> {
          if (library.scope().own(wanted) instanceof ClassSymbol found) {
            return found;
          }
          throw new IllegalArgumentException("core declares no class " + wanted);
        });
  }
}
