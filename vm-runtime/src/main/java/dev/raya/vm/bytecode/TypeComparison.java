package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a type of one file and a type of another have the same structure. A pair met again while
 * it is being compared counts as equal, so types may contain themselves. A difference ends the
 * whole comparison, except while the counterpart of a union's member is looked for: then the pairs
 * assumed in the failed attempt are taken back.
 */
final class TypeComparison {
  private final Linkage linkage;
  private final VerifiedModule left;
  private final VerifiedModule right;
  private final Set<Long> compared = new HashSet<>();
  private final List<Long> trail = new ArrayList<>();
  private int pairs;
  private int depth;

  TypeComparison(Linkage linkage, VerifiedModule left, VerifiedModule right) {
    this.linkage = linkage;
    this.left = left;
    this.right = right;
  }

  boolean same(int a, int b) throws RbinException {
    if (a < PredefinedType.FIRST_STORED && b < PredefinedType.FIRST_STORED) {
      return a == b;
    }
    long pair = (long) a << 32 | b;
    if (!compared.add(pair)) {
      return true;
    }
    trail.add(pair);
    if (++pairs > Assignability.MAX_PAIRS || depth > 512) {
      throw new RbinException(
          RbinErrorKind.LIMIT_EXCEEDED, "link", -1, -1, "types too large to compare");
    }
    depth++;
    boolean equal = compare(left.types().type(a), right.types().type(b));
    depth--;
    return equal;
  }

  private boolean all(List<Integer> a, List<Integer> b) throws RbinException {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean compare(RType a, RType b) throws RbinException {
    return switch (a) {
      case RType.Predefined x -> x.index() == PredefinedType.ERROR && isError(right, b);
      case RType.ArrayType x ->
          b instanceof RType.ArrayType y
              && x.readOnly() == y.readOnly()
              && same(x.element(), y.element());
      case RType.TupleType x ->
          b instanceof RType.TupleType y
              && x.readOnly() == y.readOnly()
              && all(x.elements(), y.elements());
      case RType.FunctionType x ->
          b instanceof RType.FunctionType y
              && x.optional() == y.optional()
              && x.rest() == y.rest()
              && all(x.params(), y.params())
              && same(x.result(), y.result());
      case RType.ClassType x ->
          b instanceof RType.ClassType y ? classes(x.ref(), y.ref()) : isErrorPair(a, b);
      case RType.InterfaceType x ->
          b instanceof RType.InterfaceType y
              && x.name().equals(y.name())
              && properties(x.properties(), y.properties())
              && all(x.arguments(), y.arguments());
      case RType.ObjectType x ->
          b instanceof RType.ObjectType y
              && properties(x.properties(), y.properties())
              && all(x.arguments(), y.arguments());
      case RType.UnionType x ->
          b instanceof RType.UnionType y
              && x.discriminant().equals(y.discriminant())
              && members(x.members(), y.members());
      case RType.TaskType x -> b instanceof RType.TaskType y && same(x.result(), y.result());
      case RType.ChannelType x ->
          b instanceof RType.ChannelType y && same(x.element(), y.element());
      case RType.CellType x -> b instanceof RType.CellType y && same(x.content(), y.content());
      case RType.NumericLiteral x -> x.equals(b);
      case RType.StringLiteral x -> x.equals(b);
    };
  }

  private boolean isErrorPair(RType a, RType b) {
    return b instanceof RType.Predefined p && p.index() == PredefinedType.ERROR && isError(left, a);
  }

  private static boolean isError(VerifiedModule module, RType type) {
    return type instanceof RType.ClassType c && module.symbols().isCoreError(c.ref());
  }

  private boolean properties(List<Property> a, List<Property> b) throws RbinException {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      Property x = a.get(i);
      Property y = b.get(i);
      if (!x.name().equals(y.name()) || x.flags() != y.flags() || !same(x.type(), y.type())) {
        return false;
      }
    }
    return true;
  }

  /** Members of unions stand in the order of their file's numbers, so their order tells nothing. */
  private boolean members(List<Integer> a, List<Integer> b) throws RbinException {
    if (a.size() != b.size()) {
      return false;
    }
    BitSet taken = new BitSet();
    for (int member : a) {
      int at = taken.nextClearBit(0);
      while (at < b.size() && !matches(member, b.get(at))) {
        at = taken.nextClearBit(at + 1);
      }
      if (at >= b.size()) {
        return false;
      }
      taken.set(at);
    }
    return true;
  }

  /** A trial: pairs assumed in a failed one are forgotten. */
  private boolean matches(int a, int b) throws RbinException {
    int mark = trail.size();
    if (same(a, b)) {
      return true;
    }
    while (trail.size() > mark) {
      compared.remove(trail.removeLast());
    }
    return false;
  }

  private boolean classes(int a, int b) throws RbinException {
    Linkage.ClassIdentity x = linkage.identity(left, a);
    Linkage.ClassIdentity y = linkage.identity(right, b);
    if (x.equals(y)) {
      return true;
    }
    return isInstance(x.definition())
        && isInstance(y.definition())
        && templateName(x.definition()).equals(templateName(y.definition()))
        && origin(x).equals(origin(y))
        && x.module() == left
        && y.module() == right
        && all(x.definition().typeArguments(), y.definition().typeArguments());
  }

  private static boolean isInstance(ClassDef definition) {
    return (definition.flags() & ClassDef.INSTANCE) != 0;
  }

  private static String templateName(ClassDef definition) {
    int open = definition.name().indexOf('<');
    return open < 0 ? definition.name() : definition.name().substring(0, open);
  }

  /** The module that has an instance's template. */
  private static String origin(Linkage.ClassIdentity instance) {
    int origin = instance.definition().origin();
    RbinModule module = instance.module().module();
    return origin == 0 ? module.meta().packageName() : module.imports().get(origin - 1).specifier();
  }
}
