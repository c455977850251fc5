package dev.raya.cache.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value (RFC 8259), immutable. {@link JsonReader} makes one from untrusted bytes, {@link
 * CanonicalJson} writes one as RFC 8785 says.
 */
public sealed interface Json {

  /** The literal {@code null}. */
  Json NULL = new Null();

  /** {@code null}. */
  record Null() implements Json {}

  /**
   * {@code true} or {@code false}.
   *
   * @param value which of the two
   */
  record Bool(boolean value) implements Json {}

  /**
   * A number that is written without fraction or exponent and lies within ±(2^53 − 1), so that
   * every JSON reader sees the same value.
   *
   * @param value the integer
   */
  record Int(long value) implements Json {
    /** The largest integer that every JSON reader represents exactly: 2^53 − 1. */
    public static final long MAX = (1L << 53) - 1;

    /**
     * Checks the bound.
     *
     * @throws IllegalArgumentException if {@code value} is outside ±(2^53 − 1)
     */
    public Int {
      if (value > MAX || value < -MAX) {
        throw new IllegalArgumentException("integer " + value + " is outside ±(2^53 − 1)");
      }
    }
  }

  /**
   * Any other number.
   *
   * @param value a finite IEEE 754 binary64
   */
  record Real(double value) implements Json {
    /**
     * Checks that the value can be written.
     *
     * @throws IllegalArgumentException if {@code value} is NaN or infinite
     */
    public Real {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("JSON has no " + value);
      }
    }
  }

  /**
   * A string.
   *
   * @param value its text, UTF-16
   */
  record Str(String value) implements Json {}

  /**
   * An array.
   *
   * @param items its elements, unmodifiable
   */
  record Array(List<Json> items) implements Json {
    /** Copies the list in. */
    public Array {
      items = List.copyOf(items);
    }
  }

  /**
   * An object. The order of members is kept for people; it carries no meaning and {@link
   * CanonicalJson} sorts.
   *
   * @param members name to value, in the order read or put, unmodifiable
   */
  record Obj(Map<String, Json> members) implements Json {
    /** Copies the map in, keeping its order. */
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member of that name, or null if there is none. */
    public @Nullable Json get(String name) {
      return members.get(name);
    }
  }

  /** A string value. */
  static Json of(String value) {
    return new Str(value);
  }

  /** An integer value within ±(2^53 − 1). */
  static Json of(long value) {
    return new Int(value);
  }

  /** A boolean value. */
  static Json of(boolean value) {
    return new Bool(value);
  }

  /** An array of values. */
  static Json array(List<? extends Json> items) {
    return new Array(new ArrayList<>(items));
  }

  /** An array of strings. */
  static Json strings(Iterable<String> values) {
    List<Json> items = new ArrayList<>();
    for (String value : values) {
      items.add(new Str(value));
    }
    return new Array(items);
  }

  /** Starts an object. */
  static ObjectBuilder object() {
    return new ObjectBuilder();
  }

  /** Collects the members of an object. Not thread-safe. */
  final class ObjectBuilder {
    private final Map<String, Json> members = new LinkedHashMap<>();

    private ObjectBuilder() {}

    /**
     * Adds a member.
     *
     * @throws IllegalStateException if the name was already put
     */
    public ObjectBuilder put(String name, Json value) {
      if (members.put(name, value) != null) {
        throw new IllegalStateException("member \"" + name + "\" was put twice");
      }
      return this;
    }

    /** Adds a string member. */
    public ObjectBuilder put(String name, String value) {
      return put(name, Json.of(value));
    }

    /** Adds an integer member. */
    public ObjectBuilder put(String name, long value) {
      return put(name, Json.of(value));
    }

    /** Adds a boolean member. */
    public ObjectBuilder put(String name, boolean value) {
      return put(name, Json.of(value));
    }

    /** Adds a member unless the value is null. */
    public ObjectBuilder putIfPresent(String name, @Nullable Json value) {
      return value == null ? this : put(name, value);
    }

    /** Adds a string member unless the value is null or empty. */
    public ObjectBuilder putUnlessEmpty(String name, @Nullable String value) {
      return value == null || value.isEmpty() ? this : put(name, value);
    }

    /** Adds an array of strings unless there are none. */
    public ObjectBuilder putUnlessEmpty(String name, List<String> values) {
      return values.isEmpty() ? this : put(name, Json.strings(values));
    }

    /** The object. */
    public Obj build() {
      return new Obj(members);
    }
  }
}
