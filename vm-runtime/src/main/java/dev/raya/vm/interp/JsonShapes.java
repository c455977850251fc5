package dev.raya.vm.interp;

import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which members the objects of a class have in json, worked out once for each class that a place in
 * the code meets. Several workers may use one.
 */
final class JsonShapes {
  /**
   * A member.
   *
   * @param name its name
   * @param field the number of its field
   * @param stored the type of the field
   * @param declared what is known of the value: the static type where it says more than the stored
   *     one
   * @param mayBeLeftOut whether it is left out where it is null or unset
   */
  record Member(
      String name, int field, LinkedType stored, LinkedType declared, boolean mayBeLeftOut) {}

  private record Key(LinkedType type, RClass cls) {}

  /** Whether properties follow the value instead of the static type. */
  private final boolean own;

  private final Map<Key, Member[]> known = new ConcurrentHashMap<>();

  JsonShapes(boolean own) {
    this.own = own;
  }

  /** The members of an object of a class, seen through a static type. */
  Member[] of(LinkedType type, RClass cls) {
    return known.computeIfAbsent(new Key(type, cls), this::make);
  }

  private Member[] make(Key key) {
    RClass cls = key.cls;
    List<Member> members = new ArrayList<>();
    if (!own && (key.type.form == Form.INTERFACE || key.type.form == Form.OBJECT)) {
      for (LinkedType.Property p : key.type.properties) {
        int field = p.method() ? -1 : cls.field(p.name());
        if (field >= 0) {
          members.add(member(cls, field, p.type(), p.optional()));
        }
      }
    } else {
      for (int i = 0; i < cls.fieldNames.length; i++) {
        boolean hidden = cls.sort == RClass.Sort.CLASS && FieldDef.isHidden(cls.fieldFlags[i]);
        if (!hidden) {
          members.add(member(cls, i, cls.fieldTypes[i], false));
        }
      }
    }
    return members.toArray(new Member[0]);
  }

  private static Member member(RClass cls, int field, LinkedType declared, boolean optional) {
    LinkedType stored = cls.fieldTypes[field];
    return new Member(
        cls.fieldNames[field],
        field,
        stored,
        narrower(declared, stored),
        optional || (cls.fieldFlags[field] & RClass.OPTIONAL) != 0);
  }

  /** The declared type where it says more than the stored one. */
  static LinkedType narrower(LinkedType declared, LinkedType stored) {
    LinkedType plain = declared.withoutNull();
    return plain.form == Form.UNION || plain.form == Form.ANY ? stored : plain;
  }
}
