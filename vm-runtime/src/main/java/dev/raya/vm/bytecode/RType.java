package dev.raya.vm.bytecode;

import java.util.List;

/**
 * A type of the TYPE section ({@code rbin.md} 3.3). Types name each other by index: 0–15 are {@link
 * PredefinedType predefined}, stored ones start at 16. In a {@link RbinBuilder} the indices are the
 * builder's own, renumbered when the module is built.
 */
public sealed interface RType {

  /** One of the types that are not stored. */
  record Predefined(int index) implements RType {}

  /** An array; a read-only one is covariant. */
  record ArrayType(int element, boolean readOnly) implements RType {}

  /** A tuple of 0 to 255 elements. */
  record TupleType(List<Integer> elements, boolean readOnly) implements RType {
    public TupleType {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A function. {@code optional} counts the trailing parameters an argument list may leave out; a
   * rest parameter is the last one, an array, and is one of them.
   */
  record FunctionType(List<Integer> params, int result, int optional, boolean rest)
      implements RType {
    public FunctionType {
      params = List.copyOf(params);
    }

    /** A function without optional parameters. */
    public FunctionType(List<Integer> params, int result) {
      this(params, result, 0, false);
    }

    /** The least number of arguments. */
    public int required() {
      return params.size() - optional;
    }
  }

  /** A class: a {@link ClassRef}. */
  record ClassType(int ref) implements RType {}

  /** An interface, or the interface record of an imported class ({@link ClassShape}). */
  record InterfaceType(String name, List<Property> properties, List<Integer> arguments)
      implements RType {
    public InterfaceType {
      properties = List.copyOf(properties);
      arguments = List.copyOf(arguments);
    }
  }

  /** The exact shape of an object literal. */
  record ObjectType(String name, List<Property> properties, List<Integer> arguments)
      implements RType {
    public ObjectType {
      properties = List.copyOf(properties);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A union of at least two members, ascending by index, flattened. {@code discriminant} is the
   * name of the field that tells the members apart, or empty.
   */
  record UnionType(List<Integer> members, String discriminant) implements RType {
    public UnionType {
      members = List.copyOf(members);
    }
  }

  /** A task with that result. */
  record TaskType(int result) implements RType {}

  /** A channel of that element type. */
  record ChannelType(int element) implements RType {}

  /** A variable that several closures share. */
  record CellType(int content) implements RType {}

  /** The literal type of a bool (0 or 1) or an int. */
  record NumericLiteral(int base, int value) implements RType {}

  /** The literal type of a string. */
  record StringLiteral(String value) implements RType {}

  /** A property of an interface or object type. */
  record Property(String name, int type, int flags) {
    public static final int OPTIONAL = 1;
    public static final int READ_ONLY = 2;
    public static final int METHOD = 4;

    /** Whether values may lack it. */
    public boolean optional() {
      return (flags & OPTIONAL) != 0;
    }

    /** Whether it may not be assigned. */
    public boolean readOnly() {
      return (flags & READ_ONLY) != 0;
    }

    /** Whether it is a method. */
    public boolean method() {
      return (flags & METHOD) != 0;
    }
  }
}
