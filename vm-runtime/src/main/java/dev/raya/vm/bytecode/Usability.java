package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RType.Property;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a value of a type of one file can be used where code of another file expects a type of
 * its own: assignability ({@code language.md} 3.2) between two files, for a package and the version
 * of it that a user was compiled against. A value that the older side made may lack a property that
 * is optional on the newer side; the other way round a property must be there, since code reads it.
 *
 * <p>A pair met again while it is being compared counts as related, so types may contain
 * themselves. Confined to one thread.
 */
public final class Usability {
  /** One of the two files. */
  public interface TypeFile {
    /** A type by index. */
    RType type(int index);

    /** The physical kind of a type. */
    PhysicalKind kind(int index);

    /** A class by reference. */
    ResolvedClass resolve(int ref);

    /** Whether the class is {@code raya:core}'s Error. */
    boolean isCoreError(int ref);

    /** What a class has in common with its counterpart in the other file, and with no other. */
    Object classKey(int ref);
  }

  /** Deeper than any written type; deeper pairs count as unrelated. */
  private static final int MAX_DEPTH = 256;

  /** Work bound for a hostile file; beyond it pairs count as unrelated. */
  private static final int MAX_PAIRS = 1_000_000;

  private record Pair(boolean upgrade, int from, int to) {}

  private final TypeFile before;
  private final TypeFile after;
  private final Map<Pair, Boolean> known = new HashMap<>();
  private final Deque<Pair> positive = new ArrayDeque<>();
  private int pairs;
  private int depth;

  /**
   * Compares two files.
   *
   * @param before what users were written or compiled against
   * @param after what they are given
   */
  public Usability(TypeFile before, TypeFile after) {
    this.before = before;
    this.after = after;
  }

  /** Whether code that reads values of the older type can take those of the newer. */
  public boolean canRead(int olderType, int newerType) {
    return related(new Pair(false, newerType, olderType));
  }

  /** Whether code that makes values of the older type can give them to the newer version. */
  public boolean canGive(int olderType, int newerType) {
    return related(new Pair(true, olderType, newerType));
  }

  /**
   * Whether a compiled access to a value of the older type finds one of the newer in its place: it
   * can be read, and has the same form in memory.
   */
  public boolean canLoad(int olderType, int newerType) {
    return sameKind(olderType, newerType) && canRead(olderType, newerType);
  }

  /** The same for an access that stores. */
  public boolean canStore(int olderType, int newerType) {
    return sameKind(olderType, newerType) && canGive(olderType, newerType);
  }

  private boolean sameKind(int olderType, int newerType) {
    return before.kind(olderType) == after.kind(newerType);
  }

  /**
   * Whether every compiled call of the older function is one of the newer: parameters may be added
   * if they are optional, and be widened as long as arguments keep their form in memory.
   *
   * @param olderType a function type
   * @param newerType a function type
   */
  public boolean canCall(int olderType, int newerType) {
    return before.type(olderType) instanceof FunctionType was
        && after.type(newerType) instanceof FunctionType is
        && takesArguments(was, is)
        && (was.result() == PredefinedType.VOID
            ? is.result() == PredefinedType.VOID
            : canLoad(was.result(), is.result()));
  }

  private boolean takesArguments(FunctionType was, FunctionType is) {
    int fixed = was.params().size() - (was.rest() ? 1 : 0);
    int taken = is.params().size() - (is.rest() ? 1 : 0);
    if (is.required() > was.required()
        || fixed > taken
        || (was.rest() && (!is.rest() || fixed != taken))) {
      return false;
    }
    for (int i = 0; i < was.params().size(); i++) {
      if (!canStore(was.params().get(i), is.params().get(i))) {
        return false;
      }
    }
    return true;
  }

  private TypeFile source(boolean upgrade) {
    return upgrade ? before : after;
  }

  private TypeFile target(boolean upgrade) {
    return upgrade ? after : before;
  }

  private boolean related(Pair pair) {
    Boolean answer = known.get(pair);
    if (answer != null) {
      return answer;
    }
    if (++pairs > MAX_PAIRS || depth >= MAX_DEPTH) {
      return false;
    }
    int mark = positive.size();
    known.put(pair, Boolean.TRUE);
    positive.push(pair);
    depth++;
    boolean related = compare(pair.upgrade(), pair.from(), pair.to());
    depth--;
    if (!related) {
      // What was found on the assumption that this pair is related falls with it.
      while (positive.size() > mark) {
        known.remove(positive.pop());
      }
      known.put(pair, Boolean.FALSE);
    }
    return related;
  }

  private boolean related(boolean upgrade, int from, int to) {
    return related(new Pair(upgrade, from, to));
  }

  private boolean same(boolean upgrade, int from, int to) {
    return related(upgrade, from, to) && related(!upgrade, to, from);
  }

  /** Parameters and results also convert int to number ({@code language.md} 3.2.6). */
  private boolean converts(boolean upgrade, int from, int to) {
    return related(upgrade, from, to)
        || (from == PredefinedType.INT && to == PredefinedType.NUMBER)
        || to == PredefinedType.VOID;
  }

  private boolean compare(boolean upgrade, int from, int to) {
    if (from == PredefinedType.NEVER) {
      return true;
    }
    if (to == PredefinedType.ANY) {
      return from != PredefinedType.VOID;
    }
    RType source = source(upgrade).type(from);
    RType target = target(upgrade).type(to);
    if (source instanceof RType.Predefined x && target instanceof RType.Predefined y) {
      return x.equals(y);
    }
    if (source instanceof RType.UnionType union) {
      return union.members().stream().allMatch(member -> related(upgrade, member, to));
    }
    if (target instanceof RType.UnionType union) {
      return union.members().stream().anyMatch(member -> related(upgrade, from, member))
          || (from == PredefinedType.BOOL && coversBool(upgrade, union));
    }
    if (isClass(target)) {
      return isClass(source) && derives(upgrade, source, target);
    }
    return switch (source) {
      case RType.Predefined x -> false;
      case RType.NumericLiteral x -> x.equals(target) || isPredefined(target, x.base());
      case RType.StringLiteral x -> x.equals(target) || isPredefined(target, PredefinedType.STRING);
      case RType.ArrayType x ->
          target instanceof RType.ArrayType y
              && (y.readOnly()
                  ? related(upgrade, x.element(), y.element())
                  : !x.readOnly() && same(upgrade, x.element(), y.element()));
      case RType.TupleType x -> target instanceof RType.TupleType y && tuples(upgrade, x, y);
      case FunctionType x -> target instanceof FunctionType y && functions(upgrade, x, y);
      case RType.ClassType x -> properties(target) != null && classHasAll(upgrade, x, target);
      case RType.InterfaceType x -> hasAll(upgrade, source, target);
      case RType.ObjectType x -> hasAll(upgrade, source, target);
      case RType.UnionType x -> false;
      case RType.TaskType x ->
          target instanceof RType.TaskType y
              && (y.result() == PredefinedType.VOID || related(upgrade, x.result(), y.result()));
      case RType.ChannelType x ->
          target instanceof RType.ChannelType y && same(upgrade, x.element(), y.element());
      case RType.CellType x ->
          target instanceof RType.CellType y && same(upgrade, x.content(), y.content());
    };
  }

  private static boolean isPredefined(RType type, int index) {
    return type instanceof RType.Predefined p && p.index() == index;
  }

  private static boolean isClass(RType type) {
    return type instanceof RType.ClassType || isPredefined(type, PredefinedType.ERROR);
  }

  private boolean coversBool(boolean upgrade, RType.UnionType union) {
    Set<Integer> values = new HashSet<>();
    for (int member : union.members()) {
      if (target(upgrade).type(member) instanceof RType.NumericLiteral literal
          && literal.base() == PredefinedType.BOOL) {
        values.add(literal.value());
      }
    }
    return values.size() == 2;
  }

  private boolean derives(boolean upgrade, RType source, RType target) {
    if (!(target instanceof RType.ClassType wanted) || target(upgrade).isCoreError(wanted.ref())) {
      return !(source instanceof RType.ClassType own)
          || source(upgrade).resolve(own.ref()).isError();
    }
    if (!(source instanceof RType.ClassType own)) {
      return false;
    }
    Object key = target(upgrade).classKey(wanted.ref());
    TypeFile file = source(upgrade);
    for (int at = own.ref(); at != ClassRef.NONE; at = file.resolve(at).parentRef()) {
      if (file.classKey(at).equals(key)) {
        List<Integer> arguments = file.resolve(at).typeArguments();
        List<Integer> others = target(upgrade).resolve(wanted.ref()).typeArguments();
        return sameAll(upgrade, arguments, others);
      }
    }
    return false;
  }

  private boolean sameAll(boolean upgrade, List<Integer> from, List<Integer> to) {
    if (from.size() != to.size()) {
      return false;
    }
    for (int i = 0; i < from.size(); i++) {
      if (!same(upgrade, from.get(i), to.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean tuples(boolean upgrade, RType.TupleType from, RType.TupleType to) {
    if (from.readOnly() && !to.readOnly()) {
      return false;
    }
    if (!to.readOnly()) {
      return sameAll(upgrade, from.elements(), to.elements());
    }
    boolean all = from.elements().size() == to.elements().size();
    for (int i = 0; all && i < from.elements().size(); i++) {
      all = related(upgrade, from.elements().get(i), to.elements().get(i));
    }
    return all;
  }

  private boolean functions(boolean upgrade, FunctionType from, FunctionType to) {
    if (from.required() > to.required()
        || from.rest() != to.rest()
        || (from.rest() && from.params().size() != to.params().size())) {
      return false;
    }
    for (int i = 0; i < Math.min(from.params().size(), to.params().size()); i++) {
      if (!converts(!upgrade, to.params().get(i), from.params().get(i))) {
        return false;
      }
    }
    return converts(upgrade, from.result(), to.result());
  }

  /** The properties of an interface or object type; null for other types. */
  public static @Nullable List<Property> properties(RType type) {
    return switch (type) {
      case RType.InterfaceType x -> x.properties();
      case RType.ObjectType x -> x.properties();
      default -> null;
    };
  }

  private boolean hasAll(boolean upgrade, RType source, RType target) {
    List<Property> own = properties(source);
    List<Property> wanted = properties(target);
    if (own == null || wanted == null) {
      return false;
    }
    Map<String, Property> byName = new HashMap<>();
    own.forEach(property -> byName.put(property.name(), property));
    for (Property property : wanted) {
      Property found = byName.get(property.name());
      boolean fits =
          found == null
              ? property.optional() && upgrade
              : (!found.optional() || property.optional())
                  && member(upgrade, found.type(), found.readOnly() || found.method(), property);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean classHasAll(boolean upgrade, RType.ClassType source, RType target) {
    ResolvedClass own = source(upgrade).resolve(source.ref());
    List<Property> wanted = properties(target);
    if (wanted == null) {
      return false;
    }
    for (Property property : wanted) {
      ResolvedClass.Field field = own.field(property.name());
      ResolvedClass.Method method = own.method(property.name());
      boolean fits =
          field != null && !field.isPrivate()
              ? member(upgrade, field.type(), field.readOnly(), property)
              : method != null
                  ? member(upgrade, method.type(), true, property)
                  : accessor(upgrade, own, property);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean accessor(boolean upgrade, ResolvedClass own, Property wanted) {
    ResolvedClass.Method getter = own.method("get " + wanted.name());
    boolean readOnly = own.method("set " + wanted.name()) == null;
    return getter != null
        && source(upgrade).type(getter.type()) instanceof FunctionType function
        && member(upgrade, function.result(), readOnly, wanted);
  }

  /** A found member against a wanted one: covariant where it is only read, else equal. */
  private boolean member(boolean upgrade, int found, boolean readOnly, Property wanted) {
    if (wanted.method() || wanted.readOnly()) {
      return related(upgrade, found, wanted.type());
    }
    return !readOnly && same(upgrade, found, wanted.type());
  }
}
