package dev.raya.compiler.ir;

import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.IrType.Union;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Making and taking apart unions. */
public final class Unions {
  private Unions() {}

  /** The union of some types, flattened; a literal beside its base is absorbed. */
  public static IrType of(List<IrType> members) {
    return of(members, "");
  }

  /** As {@link #of(List)}, with a discriminant, which is dropped if one member is left. */
  public static IrType of(List<IrType> members, String discriminant) {
    Set<IrType> flat = new LinkedHashSet<>();
    for (IrType member : members) {
      if (member instanceof Union union) {
        flat.addAll(union.members());
      } else if (member != Basic.NEVER) {
        flat.add(member);
      }
    }
    flat.removeIf(member -> !member.base().equals(member) && flat.contains(member.base()));
    if (flat.isEmpty()) {
      return Basic.NEVER;
    }
    List<IrType> list = List.copyOf(flat);
    return list.size() == 1 ? list.getFirst() : new Union(list, discriminant);
  }

  /** {@code type | null}. */
  public static IrType nullable(IrType type) {
    if (type instanceof Union union) {
      List<IrType> members = new ArrayList<>(union.members());
      members.add(Basic.NULL);
      return of(members, union.discriminant());
    }
    return of(List.of(type, Basic.NULL));
  }

  /** The members; of any other type the type itself. */
  public static List<IrType> members(IrType type) {
    return type instanceof Union union ? union.members() : List.of(type);
  }

  /** The type without null. */
  public static IrType withoutNull(IrType type) {
    if (!(type instanceof Union union)) {
      return type;
    }
    if (!union.members().contains(Basic.NULL)) {
      return type;
    }
    List<IrType> members = new ArrayList<>(union.members());
    members.removeIf(m -> m == Basic.NULL);
    return of(members, union.discriminant());
  }

  /** Whether null is a value of it. */
  public static boolean hasNull(IrType type) {
    return members(type).contains(Basic.NULL) || type == Basic.ANY;
  }
}
