package dev.raya.vm.interp;

import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.TypeLinker;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are made of json: what {@link LinkedType} says, worked out once for each
 * place in the code that casts or decodes, so that no value asks for it again. Plans of recursive
 * types are cyclic.
 */
final class JsonPlan {
  private static final JsonPlan[] NONE = {};

  /** The type that values are made of. */
  final LinkedType type;

  /** Plans of the elements of arrays and sets, of a tuple's places, of the values of a Map. */
  JsonPlan[] parts = NONE;

  /** Of a union of null and one other type: that of the other; else null. */
  @Nullable JsonPlan nonNull;

  /** Plans of the members of a union of more, null among them. */
  JsonPlan[] members = NONE;

  /** The shape of objects and tuples, the class of Maps and Sets. */
  @Nullable RClass shape;

  /** Plans of an object's fields, in the order of {@link RClass#fieldNames}. */
  JsonPlan[] fields = NONE;

  /** Whether a field of an object stays unset where json has null or nothing. */
  boolean[] leftOut = {};

  /** The numbers of an object's fields. */
  Map<String, Integer> fieldByName = Map.of();

  private JsonPlan(LinkedType type) {
    this.type = type;
  }

  /** Makes the plan of a type of a linked module. */
  static JsonPlan of(LinkedType type) {
    return of(type, new IdentityHashMap<>());
  }

  private static JsonPlan of(LinkedType type, IdentityHashMap<LinkedType, JsonPlan> made) {
    JsonPlan known = made.get(type);
    if (known != null) {
      return known;
    }
    JsonPlan plan = new JsonPlan(type);
    made.put(type, plan);
    switch (type.form) {
      case ARRAY -> plan.parts = all(new LinkedType[] {type.element()}, made);
      case TUPLE -> {
        plan.shape = type.shape();
        plan.parts = all(type.parts, made);
      }
      case OBJECT, INTERFACE -> plan.object(TypeLinker.objectOf(type).shape(), made);
      case CLASS -> {
        RClass cls = type.shape();
        plan.shape = cls;
        switch (cls.storage) {
          case MAP -> plan.parts = all(new LinkedType[] {cls.typeArguments[1]}, made);
          case SET -> plan.parts = all(new LinkedType[] {cls.typeArguments[0]}, made);
          default -> {}
        }
      }
      case UNION -> {
        LinkedType plain = type.withoutNull();
        if (type.hasNull() && plain.form != Form.UNION) {
          plan.nonNull = of(plain, made);
        }
        plan.members = all(type.parts, made);
      }
      default -> {}
    }
    return plan;
  }

  private static JsonPlan[] all(LinkedType[] types, IdentityHashMap<LinkedType, JsonPlan> made) {
    JsonPlan[] plans = new JsonPlan[types.length];
    for (int i = 0; i < plans.length; i++) {
      plans[i] = of(types[i], made);
    }
    return plans;
  }

  private void object(RClass cls, IdentityHashMap<LinkedType, JsonPlan> made) {
    shape = cls;
    fields = all(cls.fieldTypes, made);
    leftOut = new boolean[fields.length];
    fieldByName = HashMap.newHashMap(fields.length);
    for (int i = 0; i < fields.length; i++) {
      leftOut[i] =
          (cls.fieldFlags[i] & RClass.OPTIONAL) != 0 && cls.fieldTypes[i].form != Form.JSON;
      fieldByName.put(cls.fieldNames[i], i);
    }
  }

  /** The plan of an array's or a Set's elements, of a Map's values. */
  JsonPlan element() {
    return parts[0];
  }

  /** {@link #shape} of a type that has one. */
  RClass cls() {
    RClass cls = shape;
    if (cls == null) {
      throw new IllegalStateException("type without a shape: " + type.form);
    }
    return cls;
  }
}
