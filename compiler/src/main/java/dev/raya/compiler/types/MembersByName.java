package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The members of a class or structure, in order and by name. Few are searched one by one; there is
 * a table once there are many, so that a look-up costs the same whatever the size of the class.
 */
final class MembersByName<M> {
  private static final int MANY = 12;

  private final Function<M, String> nameOf;
  private final List<M> members = new ArrayList<>();
  private Map<String, List<M>> table = Map.of();

  MembersByName(Function<M, String> nameOf) {
    this.nameOf = nameOf;
  }

  /** All, in order. */
  List<M> all() {
    return members;
  }

  /** Adds a member after the others. */
  void add(M member) {
    insert(members.size(), member);
  }

  /** Adds a member at a place. */
  void insert(int at, M member) {
    members.add(at, member);
    if (!table.isEmpty()) {
      put(table, member);
    }
  }

  /** The members of that name in the order in which they were added. */
  List<M> named(String name) {
    if (members.size() >= MANY) {
      if (table.isEmpty()) {
        table = new HashMap<>();
        members.forEach(member -> put(table, member));
      }
      return table.getOrDefault(name, List.of());
    }
    List<M> found = List.of();
    for (M member : members) {
      if (nameOf.apply(member).equals(name)) {
        found = found.isEmpty() ? new ArrayList<>(1) : found;
        found.add(member);
      }
    }
    return found;
  }

  private void put(Map<String, List<M>> names, M member) {
    names.computeIfAbsent(nameOf.apply(member), _ -> new ArrayList<>(1)).add(member);
  }
}
