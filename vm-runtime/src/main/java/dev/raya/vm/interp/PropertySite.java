package dev.raya.vm.interp;

import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.Signature;
import org.jspecify.annotations.Nullable;

/**
 * A read or write of a property by name (vm.md 3.5): the type the code expects and the inline
 * cache.
 */
final class PropertySite {
  private static final int POLYMORPHIC = 4;

  /**
   * Where a class keeps the property: a field, an accessor called like a method, or a method that
   * is the value.
   */
  record Place(
      RClass cls,
      int field,
      Adaptation adaptation,
      @Nullable RFunction accessor,
      boolean setOrZero,
      @Nullable RFunction method) {}

  final String name;

  /**
   * The type of the property as the code was checked; of an optional read without the null it adds.
   */
  final LinkedType type;

  final boolean write;

  /** The call of an accessor; its function type is {@code () -> T} or {@code (T) -> void}. */
  final CallSite call;

  private final Place[] places = new Place[POLYMORPHIC];
  private int placeCount;

  PropertySite(
      String name, LinkedType type, boolean write, LinkedType accessorType, Signature signature) {
    this.name = name;
    this.type = type;
    this.write = write;
    this.call = new CallSite((write ? "set " : "get ") + name, accessorType, signature, -1);
  }

  /** Returns where a class has the property, or null if it has none. */
  @Nullable Place place(RClass cls) {
    for (int i = 0; i < placeCount; i++) {
      Place p = places[i];
      if (p.cls == cls) {
        return p;
      }
    }
    Place found = look(cls);
    if (found != null && placeCount < POLYMORPHIC) {
      places[placeCount++] = found;
    }
    return found;
  }

  private @Nullable Place look(RClass cls) {
    RFunction accessor = cls.method(call.name);
    if (accessor != null) {
      return new Place(cls, -1, Adaptation.NONE, accessor, true, null);
    }
    int field = cls.field(name);
    if (field < 0) {
      return method(cls);
    }
    LinkedType own = cls.fieldTypes[field];
    if (!write && own != type && !Assignable.test(own, type)) {
      // The object was made against a version whose type had no such optional property; a member of
      // its own that happens to have the name is not meant.
      return null;
    }
    Adaptation adaptation = write ? Adaptation.of(type, own) : Adaptation.of(own, type);
    return new Place(cls, field, adaptation, null, own.hasZero, null);
  }

  /** A method fills a readonly property of a function type (language.md 3.2.5). */
  private @Nullable Place method(RClass cls) {
    RFunction method = write ? null : cls.method(name);
    return method != null && Assignable.test(method.type, type)
        ? new Place(cls, -1, Adaptation.NONE, null, true, method)
        : null;
  }
}
