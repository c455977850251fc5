package dev.raya.cli.console;

/**
 * A declared positional argument.
 *
 * @param name what it is called in help, in capitals
 * @param arity how many there may be
 * @param help one line
 */
public record PositionalSpec(String name, Arity arity, String help) {

  /** How many arguments a positional takes; only the last of a command may take several. */
  public enum Arity {
    /** Exactly one. */
    ONE,
    /** None or one. */
    OPTIONAL,
    /** Any number. */
    ANY,
    /** At least one. */
    SOME
  }

  /** How a usage line writes it. */
  public String usage() {
    return switch (arity) {
      case ONE -> name;
      case OPTIONAL -> "[" + name + "]";
      case ANY -> "[" + name + "…]";
      case SOME -> name + "…";
    };
  }

  boolean required() {
    return arity == Arity.ONE || arity == Arity.SOME;
  }

  boolean many() {
    return arity == Arity.ANY || arity == Arity.SOME;
  }
}
