package dev.raya.vm.context;

import dev.raya.vm.interp.ContextTypes;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.LinkedType.Property;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether types of two files are the same, which the members of a class instance must be that both
 * have (rbin.md 3.12). The names of interfaces say nothing of their values. A pair that is met
 * again while it is being compared counts as the same: types may contain themselves; if that fails,
 * all answers found since are dropped with it.
 */
final class InstanceLayouts {
  private record Pair(LinkedType first, LinkedType second) {}

  private final ContextTypes types;
  private final Set<Pair> known = new HashSet<>();
  private final Deque<Pair> order = new ArrayDeque<>();

  InstanceLayouts(ContextTypes types) {
    this.types = types;
  }

  boolean same(@Nullable LinkedType first, @Nullable LinkedType second) {
    if (first == second) {
      return true;
    }
    if (first == null || second == null) {
      return false;
    }
    if (first.form != second.form) {
      return isError(first, second) || isError(second, first);
    }
    Pair pair = new Pair(first, second);
    if (!known.add(pair)) {
      return true;
    }
    int mark = order.size();
    order.push(pair);
    boolean same = compare(first, second);
    while (!same && order.size() > mark) {
      known.remove(order.pop());
    }
    return same;
  }

  private boolean isError(LinkedType first, LinkedType second) {
    return first.form == Form.ERROR
        && second.form == Form.CLASS
        && second.cls == types.core("Error");
  }

  private boolean compare(LinkedType a, LinkedType b) {
    return switch (a.form) {
      case CLASS -> a.cls == b.cls;
      case INTERFACE, OBJECT -> properties(a, b);
      case UNION -> among(a.parts, b.parts) && among(b.parts, a.parts);
      case FUNCTION ->
          a.optional == b.optional
              && a.rest == b.rest
              && all(a.parts, b.parts)
              && same(a.result, b.result);
      case ARRAY, TUPLE, TASK, CHANNEL, CELL -> a.readOnly == b.readOnly && all(a.parts, b.parts);
      case BOOL_LITERAL, INT_LITERAL -> a.zeroWord == b.zeroWord;
      case STRING_LITERAL -> a.text.equals(b.text);
      default -> true; // the predefined types have nothing but their form
    };
  }

  private boolean all(LinkedType[] first, LinkedType[] second) {
    boolean same = first.length == second.length;
    for (int i = 0; same && i < first.length; i++) {
      same = same(first[i], second[i]);
    }
    return same;
  }

  private boolean among(LinkedType[] members, LinkedType[] others) {
    for (LinkedType member : members) {
      boolean found = false;
      for (int i = 0; !found && i < others.length; i++) {
        found = same(member, others[i]);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private boolean properties(LinkedType a, LinkedType b) {
    if (a.properties.size() != b.properties.size()) {
      return false;
    }
    for (Property own : a.properties) {
      Property other = b.property(own.name());
      if (other == null
          || own.optional() != other.optional()
          || (own.readOnly() != other.readOnly() && !own.method() && !other.method())
          || !same(own.type(), other.type())) {
        return false;
      }
    }
    return true;
  }
}
