package dev.raya.compiler.ir;

import java.util.List;

/**
 * What a function, class or variable is called in all parts of a package ({@link IrPart}): what two
 * parts call the same is the same.
 *
 * @param text of what is declared; of things inside of functions it says where they stand
 * @param arguments the types an instance of something generic was made for, in numbers of the part
 */
public record LinkName(String text, List<IrType> arguments) {
  /** Copies the list. */
  public LinkName {
    arguments = List.copyOf(arguments);
  }

  /** Of something that is not generic. */
  public LinkName(String text) {
    this(text, List.of());
  }
}
