package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.ArrayType;
import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RType.TupleType;
import dev.raya.vm.bytecode.RType.UnionType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Assignability of types of one module ({@code rbin.md} 5.3), memoised per pair.
 *
 * <p>A pair that is met again while it is being compared counts as assignable (types may contain
 * themselves). If the comparison then fails, every positive answer found since it began is dropped,
 * because it may rest on that assumption; negative answers never do.
 */
public final class Assignability {
  /** Pairs compared per module before {@code LimitExceeded}. */
  public static final int MAX_PAIRS = 100_000;

  /** Single properties compared per module before {@code LimitExceeded}. */
  private static final int MAX_PROPERTIES = 4_000_000;

  /** Nested comparisons before {@code LimitExceeded}: bounds the Java stack. */
  private static final int MAX_DEPTH = 512;

  /** Marks the pairs of which it was asked whether they are the same. */
  private static final long SAMENESS = 1L << 63;

  private final ModuleSymbols symbols;
  private final TypeSpace types;
  private final BuiltinTyping builtins;
  private final Sameness sameness;
  private final Map<Long, Boolean> known = new HashMap<>();
  private final Deque<Long> positive = new ArrayDeque<>();
  private final IdentityHashMap<RType, Map<String, Property>> propertyMaps =
      new IdentityHashMap<>();
  private int pairs;
  private int properties;
  private int depth;

  /** The relation over the types of a module. */
  public Assignability(ModuleSymbols symbols) {
    this.symbols = symbols;
    this.types = symbols.types();
    this.builtins = new BuiltinTyping(symbols);
    this.sameness = new Sameness(symbols, this);
  }

  /**
   * Whether a value of {@code from} may stand where {@code to} is wanted, as it is: the type is
   * assignable and the physical kind is the same.
   */
  public boolean assignable(int from, int to) throws RbinException {
    return from == to
        || from == PredefinedType.NEVER
        || (types.kind(from) == types.kind(to) && related(from, to));
  }

  /** Whether WIDEN may turn {@code from} into {@code to}. */
  public boolean widens(int from, int to) throws RbinException {
    return related(from, to) || (to != PredefinedType.NUMBER && numericUnion(from, to));
  }

  /** The type relation alone, whatever the physical kinds; int is not related to number. */
  public boolean related(int from, int to) throws RbinException {
    if (from == to || from == PredefinedType.NEVER) {
      return true;
    }
    if (to == PredefinedType.ANY) {
      return from != PredefinedType.VOID;
    }
    if (from < PredefinedType.FIRST_STORED && to < PredefinedType.FIRST_STORED) {
      return false;
    }
    return memoised((long) from << 32 | to, () -> compare(from, to));
  }

  /** What is asked of a pair of types. */
  private interface Question {
    boolean holds() throws RbinException;
  }

  private boolean memoised(long pair, Question question) throws RbinException {
    Boolean answer = known.get(pair);
    if (answer != null) {
      return answer;
    }
    if (++pairs > MAX_PAIRS || depth >= MAX_DEPTH) {
      throw new RbinException(
          RbinErrorKind.LIMIT_EXCEEDED, "TYPE", -1, -1, "types too large to compare");
    }
    int mark = positive.size();
    known.put(pair, Boolean.TRUE);
    positive.push(pair);
    depth++;
    boolean result = question.holds();
    depth--;
    if (!result) {
      while (positive.size() > mark) {
        known.remove(positive.pop());
      }
      known.put(pair, Boolean.FALSE);
    }
    return result;
  }

  /**
   * Whether both are the same type: equal but for the names of interfaces, which say nothing of
   * their values; Error and {@code raya:core}'s class of that name are one.
   */
  public boolean same(int first, int second) throws RbinException {
    if (isOne(first, second)) {
      return true;
    }
    if (first < PredefinedType.FIRST_STORED
        || second < PredefinedType.FIRST_STORED
        || types.kind(first) != types.kind(second)
        || sameness.differAtOnce(types.type(first), types.type(second))) {
      return false;
    }
    long pair = SAMENESS | (long) Math.min(first, second) << 32 | Math.max(first, second);
    return memoised(pair, () -> sameness.test(types.type(first), types.type(second)));
  }

  private boolean isOne(int first, int second) {
    return first == second || canonical(first) == canonical(second);
  }

  private int canonical(int type) {
    return types.type(type) instanceof RType.ClassType c && symbols.isCoreError(c.ref())
        ? PredefinedType.ERROR
        : type;
  }

  private boolean numericUnion(int from, int to) throws RbinException {
    for (int member : types.members(from)) {
      if (!related(member, to)
          && !(isInt(member) && types.members(to).contains(PredefinedType.NUMBER))) {
        return false;
      }
    }
    return true;
  }

  /** Rule 3.2.6 of the language: parameters and results also convert int to number. */
  private boolean converts(int from, int to) throws RbinException {
    return related(from, to) || numericUnion(from, to);
  }

  private boolean isInt(int type) {
    return type == PredefinedType.INT
        || (types.type(type) instanceof RType.NumericLiteral literal
            && literal.base() == PredefinedType.INT);
  }

  private boolean compare(int from, int to) throws RbinException {
    if (isOne(from, to)) {
      return true;
    }
    RType source = types.type(from);
    RType target = types.type(to);
    if (source instanceof UnionType union) {
      for (int member : union.members()) {
        if (!related(member, to)) {
          return false;
        }
      }
      return true;
    }
    if (target instanceof UnionType union) {
      for (int member : union.members()) {
        if (related(from, member)) {
          return true;
        }
      }
      return from == PredefinedType.BOOL && coversBool(union);
    }
    ResolvedClass sourceClass = symbols.classOf(from);
    ResolvedClass targetClass = symbols.classOf(to);
    if (targetClass != null) {
      return sourceClass != null && derives(sourceClass, targetClass);
    }
    if (target instanceof RType.InterfaceType wanted) {
      return hasAll(source, sourceClass, wanted.properties());
    }
    if (target instanceof RType.ObjectType wanted) {
      return hasAll(source, sourceClass, wanted.properties());
    }
    return switch (source) {
      case RType.NumericLiteral literal -> literal.base() == to;
      case RType.StringLiteral literal -> to == PredefinedType.STRING;
      case ArrayType a -> target instanceof ArrayType b && arrays(a, b);
      case TupleType a -> target instanceof TupleType b && tuples(a, b);
      case FunctionType a -> target instanceof FunctionType b && functions(a, b);
      case RType.TaskType a ->
          target instanceof RType.TaskType b
              && (b.result() == PredefinedType.VOID || related(a.result(), b.result()));
      case RType.ChannelType a ->
          target instanceof RType.ChannelType b && same(a.element(), b.element());
      case RType.CellType a -> target instanceof RType.CellType b && same(a.content(), b.content());
      case RType.ClassType _ ->
          target instanceof RType.ChannelType channel
              ? symbols.channelElement(from) != ModuleSymbols.NO_CHANNEL
                  && same(symbols.channelElement(from), channel.element())
              : to == PredefinedType.MUTEX && symbols.isMutex(sourceClass);
      default -> false;
    };
  }

  private boolean coversBool(UnionType union) {
    boolean[] seen = new boolean[2];
    for (int member : union.members()) {
      if (types.type(member) instanceof RType.NumericLiteral literal
          && literal.base() == PredefinedType.BOOL) {
        seen[literal.value() == 0 ? 0 : 1] = true;
      }
    }
    return seen[0] && seen[1];
  }

  private boolean arrays(ArrayType from, ArrayType to) throws RbinException {
    if (to.readOnly()) {
      return related(from.element(), to.element());
    }
    return !from.readOnly() && same(from.element(), to.element());
  }

  private boolean tuples(TupleType from, TupleType to) throws RbinException {
    if (from.elements().size() != to.elements().size() || (from.readOnly() && !to.readOnly())) {
      return false;
    }
    for (int i = 0; i < from.elements().size(); i++) {
      int a = from.elements().get(i);
      int b = to.elements().get(i);
      if (to.readOnly() ? !related(a, b) : !same(a, b)) {
        return false;
      }
    }
    return true;
  }

  private boolean functions(FunctionType from, FunctionType to) throws RbinException {
    if (from.required() > to.required()) {
      return false;
    }
    if (from.rest() && (!to.rest() || from.params().size() != to.params().size())) {
      return false;
    }
    // Fewer parameters: what a function does not take, a rest array too, is dropped.
    if (!from.rest() && to.rest() && from.params().size() >= to.params().size()) {
      return false;
    }
    int common = Math.min(from.params().size(), to.params().size());
    for (int i = 0; i < common; i++) {
      if (!converts(to.params().get(i), from.params().get(i))) {
        return false;
      }
    }
    return to.result() == PredefinedType.VOID || converts(from.result(), to.result());
  }

  /** Whether a class is another one or derives from it. */
  boolean derives(ResolvedClass from, ResolvedClass to) throws RbinException {
    if (to.ref() == ClassRef.NONE || symbols.isCoreError(to.ref())) {
      return from.isError();
    }
    ResolvedClass ancestor = from;
    while (!sameness.ofClasses(ancestor.ref(), to.ref())) {
      if (ancestor.parentRef() == ClassRef.NONE) {
        return false;
      }
      ancestor = symbols.resolve(ancestor.parentRef());
    }
    return true;
  }

  private boolean hasAll(RType source, @Nullable ResolvedClass sourceClass, List<Property> wanted)
      throws RbinException {
    if (sourceClass == null && !isStructural(source)) {
      return false;
    }
    properties += wanted.size();
    if (properties > MAX_PROPERTIES) {
      throw new RbinException(
          RbinErrorKind.LIMIT_EXCEEDED, "TYPE", -1, -1, "interfaces too large to compare");
    }
    Map<String, Property> own = sourceClass != null ? Map.of() : propertiesOf(source);
    for (Property property : wanted) {
      if (sourceClass != null ? !has(sourceClass, property) : !has(source, own, property)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isStructural(RType type) {
    return type instanceof RType.InterfaceType || type instanceof RType.ObjectType;
  }

  /** The properties of an interface or object type by name; empty for other types. */
  Map<String, Property> propertiesOf(RType type) {
    Map<String, Property> known = propertyMaps.get(type);
    if (known == null) {
      known = byName(type);
      propertyMaps.put(type, known);
    }
    return known;
  }

  private static Map<String, Property> byName(RType type) {
    List<Property> list =
        switch (type) {
          case RType.InterfaceType i -> i.properties();
          case RType.ObjectType o -> o.properties();
          default -> List.of();
        };
    Map<String, Property> byName = new HashMap<>();
    for (Property property : list) {
      byName.put(property.name(), property);
    }
    return byName;
  }

  private boolean has(RType source, Map<String, Property> own, Property wanted)
      throws RbinException {
    Property found = own.get(wanted.name());
    if (found == null) {
      return wanted.optional() && source instanceof RType.ObjectType;
    }
    if (found.optional() && !wanted.optional()) {
      return false;
    }
    return member(found.type(), found.readOnly() || found.method(), wanted);
  }

  private boolean has(ResolvedClass source, Property wanted) throws RbinException {
    ResolvedClass.Field field = source.field(wanted.name());
    if (field != null && !field.isPrivate()) {
      return member(field.type(), field.readOnly(), wanted);
    }
    int method = methodType(source, wanted.name());
    if (method >= 0) {
      return member(method, true, wanted);
    }
    int getter = methodType(source, "get " + wanted.name());
    if (getter < 0 || !(types.type(getter) instanceof FunctionType function)) {
      return false;
    }
    boolean readOnly = source.method("set " + wanted.name()) == null;
    return member(function.result(), readOnly, wanted);
  }

  /**
   * The type of the method in a slot, or of the member that the VM gives instances of a class of
   * {@code raya:core}; −1 if there is none.
   */
  int methodType(ResolvedClass owner, String slot) throws RbinException {
    ResolvedClass.Method method = owner.method(slot);
    if (method != null) {
      return method.type();
    }
    String template = owner.template();
    Builtin member = template == null ? null : Builtins.ofClass(template, slot);
    return member == null ? -1 : builtins.methodType(member.signature(), owner);
  }

  /** A found member against a wanted one: covariant if it is only read, else equal. */
  private boolean member(int type, boolean readOnly, Property wanted) throws RbinException {
    if (wanted.method() || wanted.readOnly()) {
      return related(type, wanted.type());
    }
    return !readOnly && same(type, wanted.type());
  }
}
