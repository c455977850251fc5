package dev.raya.compiler.bind;

import dev.raya.compiler.types.ModuleId;
import java.util.List;

/**
 * What a compiled module says about itself to a compiler: the rows of DECL (rbin.md 3.12).
 *
 * @param declarations the declarations of this module, exported ones and those they reach
 */
public record ModuleInterface(ModuleId id, List<Declaration> declarations) {
  /** The name of a free name that means all exports of a module, {@code import * as ns}. */
  public static final String NAMESPACE = "*";

  /** Copies the list. */
  public ModuleInterface {
    declarations = List.copyOf(declarations);
  }

  /**
   * A row.
   *
   * @param name the exported name
   * @param exported whether importers may name it
   * @param text an ambient declaration, or the whole source of a generic template
   * @param line where the text begins in the original source
   * @param freeNames names in the text that mean declarations of other modules or rows
   */
  public record Declaration(
      String name, boolean exported, String text, int line, List<FreeName> freeNames) {
    /** Copies the list. */
    public Declaration {
      freeNames = List.copyOf(freeNames);
    }
  }

  /** A name in a text, the module that declares it and its name there. */
  public record FreeName(String local, ModuleId module, String name) {}
}
