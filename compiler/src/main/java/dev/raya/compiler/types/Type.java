package dev.raya.compiler.types;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A type of the language, language.md 3. Values: two types that are written alike are equal, except
 * that anonymous object types have the identity of their {@link StructureSymbol}; compare with
 * {@link Relations#same}. Unions are made by the checker only, which keeps them normal (flattened,
 * without duplicates or absorbed members, at least two members).
 */
public sealed interface Type {
  /** The types without structure. */
  enum Primitive implements Type {
    /** 32-bit integers. */
    INT("int"),
    /** binary64. */
    NUMBER("number"),
    /** Strings of UTF-16 units. */
    STRING("string"),
    /** true and false. */
    BOOLEAN("boolean"),
    /** The one value null. */
    NULL("null"),
    /** No usable value. */
    VOID("void"),
    /** No value. */
    NEVER("never"),
    /** A dynamic JSON value. */
    JSON("json"),
    /** A type that could not be determined; a diagnostic exists, nothing more is reported. */
    INVALID("?");

    private final String text;

    Primitive(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The type of one string. */
  record StringLiteral(String value) implements Type {}

  /** The type of one int. */
  record IntLiteral(int value) implements Type {}

  /** The type of true or of false. */
  record BooleanLiteral(boolean value) implements Type {}

  /** {@code T[]} or {@code readonly T[]}. */
  record Array(Type element, boolean readonly) implements Type {}

  /** {@code [A, B]}. */
  record Tuple(List<Type> elements, boolean readonly) implements Type {
    /** Copies the list. */
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A function type.
   *
   * @param typeParameters those of a generic function; a value's type has none
   * @param predicate what a true result says about a parameter
   */
  record Function(
      List<TypeParameterSymbol> typeParameters,
      List<Parameter> parameters,
      Type result,
      @Nullable Predicate predicate)
      implements Type {
    /** Copies the lists. */
    public Function {
      typeParameters = List.copyOf(typeParameters);
      parameters = List.copyOf(parameters);
    }

    /** A function type that is neither generic nor a predicate. */
    public Function(List<Parameter> parameters, Type result) {
      this(List.of(), parameters, result, null);
    }

    /** The number of arguments a call must give at least. */
    public int required() {
      int n = 0;
      for (Parameter p : parameters) {
        if (p.kind() == ParameterKind.REQUIRED) {
          n++;
        }
      }
      return n;
    }

    /** Whether the last parameter takes all further arguments. */
    public boolean hasRest() {
      return !parameters.isEmpty() && parameters.getLast().kind() == ParameterKind.REST;
    }
  }

  /**
   * A parameter of a function type.
   *
   * @param type of {@code x?: T} it is {@code T | null}; of a rest parameter the array type
   */
  record Parameter(String name, Type type, ParameterKind kind) {}

  /** How a parameter is filled. */
  enum ParameterKind {
    /** Must be given. */
    REQUIRED,
    /** {@code x?: T}: reads as null when not given. */
    OPTIONAL,
    /** {@code x: T = e}: e when not given. */
    DEFAULT,
    /** {@code ...xs: T[]}. */
    REST
  }

  /** {@code x is T}: the parameter's index and the type proved. */
  record Predicate(int parameter, Type type) {}

  /**
   * An instance of a class, the ambient ones ({@code Map}, {@code Error}, {@code Task}) included.
   */
  record ClassInstance(ClassSymbol symbol, List<Type> arguments) implements Type {
    /** Copies the list. */
    public ClassInstance {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A structural type: an interface, an object type, or the type of an object literal. An anonymous
   * one has the type parameters in scope where it is written as its own.
   */
  record Structure(StructureSymbol symbol, List<Type> arguments) implements Type {
    /** Copies the list. */
    public Structure {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code A | B}, normal. */
  final class Union implements Type {
    /** Members below which it is not worth while to keep them in a set. */
    private static final int FEW = 8;

    private final List<Type> members;
    private final boolean plain;
    private final boolean distinct;
    private int hash;
    private @Nullable Set<Type> set;

    /**
     * A union of at least two members, which the caller has made normal.
     *
     * @param compared whether no two members are the same by structure
     */
    Union(List<Type> members, boolean compared) {
      this.members = List.copyOf(members);
      boolean all = true;
      for (Type member : this.members) {
        all &= member instanceof Primitive || Unions.isLiteral(member);
      }
      this.plain = all;
      this.distinct = all || compared;
    }

    /** The members, in order. */
    public List<Type> members() {
      return members;
    }

    /** Whether all members are primitive types or literals. */
    public boolean isPlain() {
      return plain;
    }

    /** Whether no two members are the same by structure, as far as they were known. */
    boolean isDistinct() {
      return distinct;
    }

    /** Whether a type is one of the members as it is written. */
    public boolean has(Type type) {
      if (members.size() < FEW) {
        return members.contains(type);
      }
      Set<Type> all = set;
      if (all == null) {
        all = Set.copyOf(members);
        set = all;
      }
      return all.contains(type);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || other instanceof Union u && hashCode() == u.hashCode() && members.equals(u.members);
    }

    @Override
    public int hashCode() {
      if (hash == 0) {
        hash = members.hashCode();
      }
      return hash;
    }

    @Override
    public String toString() {
      return "Union" + members;
    }
  }

  /** A type parameter inside its declaration. */
  record Variable(TypeParameterSymbol symbol) implements Type {}
}
