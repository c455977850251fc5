package dev.raya.compiler.ir;

import java.util.List;

/**
 * An interface or the exact shape of an object literal.
 *
 * @param literal whether it is the shape of an object literal
 * @param name empty if it has none
 */
public record IrShape(
    boolean literal, String name, List<Property> properties, List<IrType> arguments) {
  /** Copies the lists. */
  public IrShape {
    properties = List.copyOf(properties);
    arguments = List.copyOf(arguments);
  }

  /** A member. */
  public record Property(
      String name, IrType type, boolean optional, boolean readOnly, boolean method) {}
}
