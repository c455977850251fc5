package dev.raya.vm.bytecode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A class as code sees it, whether it is local, imported or the predefined Error: fields by number,
 * members by name. Inherited fields stay with the ancestor, so that a file cannot make many wide
 * classes out of one.
 */
public final class ResolvedClass {
  /** A field; {@code declaredBy} is the index of the local class that declares it, or -1. */
  public record Field(String name, int type, boolean readOnly, boolean isPrivate, int declaredBy) {
    /**
     * Whether it is a private field of an imported class: its type is a stand-in, unfit for use.
     */
    boolean isHidden() {
      return isPrivate && declaredBy < 0;
    }
  }

  /** A vtable slot: its name and the type of the method, a function type. */
  public record Method(String name, int type) {}

  private final int ref;
  private final String name;
  private final int parentRef;
  private final @Nullable ResolvedClass inherited;
  private final boolean error;
  private final int firstOwnField;
  private final List<Field> ownFields;
  private final Map<String, Field> fieldsByName = new HashMap<>();
  private final List<Method> slots;
  private final Map<String, Method> methodsByName = new HashMap<>();
  private final @Nullable String template;
  private final List<Integer> typeArguments;

  ResolvedClass(
      int ref,
      String name,
      int parentRef,
      @Nullable ResolvedClass inherited,
      boolean error,
      List<Field> ownFields,
      List<Method> slots,
      @Nullable String template,
      List<Integer> typeArguments) {
    this.ref = ref;
    this.name = name;
    this.parentRef = parentRef;
    this.inherited = inherited;
    this.error = error;
    this.firstOwnField = inherited == null ? 0 : inherited.fieldCount();
    this.ownFields = List.copyOf(ownFields);
    this.slots = List.copyOf(slots);
    this.template = template;
    this.typeArguments = List.copyOf(typeArguments);
    for (Field field : ownFields) {
      fieldsByName.put(field.name(), field);
    }
    for (Method slot : slots) {
      methodsByName.putIfAbsent(slot.name(), slot);
    }
  }

  /** How this module names it; {@link ClassRef#NONE} for the predefined Error. */
  public int ref() {
    return ref;
  }

  /** The class's name. */
  public String name() {
    return name;
  }

  /** The nearest known ancestor's {@link ClassRef}, or {@link ClassRef#NONE}. */
  public int parentRef() {
    return parentRef;
  }

  /** Whether it is Error or derives from it. */
  public boolean isError() {
    return error;
  }

  /** The template's name if it is an instance of one in {@code raya:core}, else null. */
  public @Nullable String template() {
    return template;
  }

  /** The type arguments of an instance. */
  public List<Integer> typeArguments() {
    return typeArguments;
  }

  /** Number of fields, inherited ones included. */
  public int fieldCount() {
    return firstOwnField + ownFields.size();
  }

  /** The field with that number, below {@link #fieldCount}. */
  public Field field(int number) {
    ResolvedClass owner = this;
    while (number < owner.firstOwnField && owner.inherited != null) {
      owner = owner.inherited;
    }
    return owner.ownFields.get(number - owner.firstOwnField);
  }

  /** The field of that name, or null; the most derived one if private ones share it. */
  public @Nullable Field field(String fieldName) {
    for (ResolvedClass owner = this; owner != null; owner = owner.inherited) {
      Field field = owner.fieldsByName.get(fieldName);
      if (field != null) {
        return field;
      }
    }
    return null;
  }

  /** The complete vtable. */
  public List<Method> slots() {
    return slots;
  }

  /** The method of that name, or null. */
  public @Nullable Method method(String methodName) {
    return methodsByName.get(methodName);
  }
}
