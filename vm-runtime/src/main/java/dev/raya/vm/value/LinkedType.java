package dev.raya.vm.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type of a loaded module, its class references bound (vm.md 2, "type metadata"). Marking,
 * display, casts and the adaptation of calls read this one structure. Types of one module are
 * shared by its objects; equality between modules is structural ({@link Assignable}).
 *
 * <p>The graph is cyclic, so {@link TypeLinker} makes the objects first and fills them afterwards;
 * nothing changes once the module is linked.
 */
public final class LinkedType {
  /** What a type is. */
  public enum Form {
    NEVER,
    NULL,
    BOOL,
    INT,
    NUMBER,
    STRING,
    JSON,
    MUTEX,
    ANY,
    VOID,
    ERROR,
    TYPE_INFO,
    PROPERTY_INFO,
    BYTES,
    FOREIGN,
    ARRAY,
    TUPLE,
    FUNCTION,
    CLASS,
    INTERFACE,
    OBJECT,
    UNION,
    TASK,
    CHANNEL,
    CELL,
    BOOL_LITERAL,
    INT_LITERAL,
    STRING_LITERAL
  }

  /** A property of an interface or object type. */
  public record Property(
      String name, LinkedType type, boolean optional, boolean readOnly, boolean method) {}

  /** The form. */
  public final Form form;

  /** The {@link Kind} of its values. */
  public byte kind = Kind.R;

  /** The word of the zero value. */
  public long zeroWord;

  /** The reference of the zero value; Java null where it is null or the type has none. */
  public @Nullable Object zeroRef;

  /**
   * Whether the type has a zero value (rbin.md 5.5); a place of a type without one starts unset.
   */
  public boolean hasZero;

  /** Whether a read-only array or tuple. */
  public boolean readOnly;

  /**
   * Element types of a tuple, parameters of a function, members of a union, the one content of the
   * others.
   */
  public LinkedType[] parts = {};

  /** The result of a function. */
  public @Nullable LinkedType result;

  /** How many trailing parameters of a function may be left out. */
  public int optional;

  /** Whether the last parameter of a function takes the rest of the arguments as an array. */
  public boolean rest;

  /** The class, or the shape of an object or tuple type. */
  public @Nullable RClass cls;

  /** The properties of an interface or object type. */
  public List<Property> properties = List.of();

  /** The name of an interface or object type, or the text of a string literal. */
  public String text = "";

  private @Nullable LinkedType nullable;

  /** The type of the objects made for an interface. */
  @Nullable LinkedType made;

  LinkedType(Form form) {
    this.form = form;
  }

  /**
   * Returns the element of an array, the result of a task, the content of a cell, the element of a
   * channel.
   */
  public LinkedType element() {
    return parts[0];
  }

  /** Returns the result of a function type. */
  public LinkedType resultType() {
    LinkedType r = result;
    if (r == null) {
      throw new IllegalStateException("not a function type: " + form);
    }
    return r;
  }

  /** Returns the class of a class type, or the shape of an object or tuple type. */
  public RClass shape() {
    RClass c = cls;
    if (c == null) {
      throw new IllegalStateException("type without a class: " + form);
    }
    return c;
  }

  /** Says whether all values are booleans. */
  public boolean isBool() {
    return switch (form) {
      case BOOL, BOOL_LITERAL -> true;
      case UNION -> {
        for (LinkedType part : parts) {
          if (!part.isBool()) {
            yield false;
          }
        }
        yield true;
      }
      default -> false;
    };
  }

  /**
   * Says whether null is a value of the type; {@code any} and json are judged by their own form.
   */
  public boolean hasNull() {
    return has(Form.NULL);
  }

  /** Says whether the type is, or is a union with, a member of that form. */
  public boolean has(Form wanted) {
    if (form == wanted) {
      return true;
    }
    if (form == Form.UNION) {
      for (LinkedType part : parts) {
        if (part.form == wanted) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns this type with null added, one object per type. */
  public LinkedType orNull() {
    if (form == Form.ANY || form == Form.NULL || hasNull()) {
      return this;
    }
    LinkedType known = nullable;
    if (known == null) {
      known = TypeLinker.unionWithNull(this);
      nullable = known;
    }
    return known;
  }

  /**
   * Returns this type without null: the one other member of the union, or a union of the others.
   */
  public LinkedType withoutNull() {
    return form == Form.UNION && hasNull() ? TypeLinker.unionWithoutNull(this) : this;
  }

  /** Returns the property of that name, or null. */
  public @Nullable Property property(String name) {
    for (Property p : properties) {
      if (p.name.equals(name)) {
        return p;
      }
    }
    return null;
  }
}
