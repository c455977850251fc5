package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.UnionType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The types of one module plus those that instructions make without the file storing them ({@code
 * T|null}, {@code task<R>}, …). Indices of stored types are those of the file; made ones follow.
 *
 * <p>Confined to one thread while types are being made.
 */
public final class TypeSpace {
  private final List<RType> types = new ArrayList<>();
  private final Map<String, Integer> indices = new HashMap<>();
  private final List<@Nullable PhysicalKind> kinds = new ArrayList<>();
  private final Map<Integer, Integer> nullable = new HashMap<>();
  private final Map<Integer, Integer> withoutNull = new HashMap<>();
  private final int stored;

  /** The types of a module whose TYPE section is valid. */
  public TypeSpace(RbinModule module) {
    for (int i = 0; i < PredefinedType.FIRST_STORED; i++) {
      add(new RType.Predefined(i));
    }
    for (RType type : module.types()) {
      add(type);
    }
    stored = types.size();
  }

  private int add(RType type) {
    types.add(type);
    kinds.add(null);
    indices.putIfAbsent(TypeKey.of(type), types.size() - 1);
    return types.size() - 1;
  }

  /** The type with that index. */
  public RType type(int index) {
    return types.get(index);
  }

  /** Number of types, made ones included. */
  public int size() {
    return types.size();
  }

  /** Whether the file stores the type or it is predefined. */
  public boolean isStored(int index) {
    return index < stored;
  }

  /** The index of a type, made if the module has none such. */
  public int intern(RType type) {
    Integer known = indices.get(TypeKey.of(type));
    return known != null ? known : add(type);
  }

  /** The union of two types, flattened. */
  public int union(int first, int second) {
    if (first == second || second == PredefinedType.NEVER) {
      return first;
    }
    if (first == PredefinedType.NEVER) {
      return second;
    }
    if (first == PredefinedType.ANY || second == PredefinedType.ANY) {
      return PredefinedType.ANY;
    }
    TreeSet<Integer> members = new TreeSet<>(members(first));
    members.addAll(members(second));
    if (members.size() == 1) {
      return members.first();
    }
    if (type(first) instanceof UnionType union && union.members().size() == members.size()) {
      return first;
    }
    return unionOf(members);
  }

  private int unionOf(TreeSet<Integer> members) {
    List<Integer> list = List.copyOf(members);
    return intern(new UnionType(list, ""));
  }

  /** {@code type | null}. */
  public int nullable(int type) {
    return nullable.computeIfAbsent(type, t -> union(t, PredefinedType.NULL));
  }

  /** The type without null; itself if it has none. */
  public int withoutNull(int type) {
    return withoutNull.computeIfAbsent(type, this::removeNull);
  }

  private int removeNull(int type) {
    if (!(type(type) instanceof UnionType union)
        || !union.members().contains(PredefinedType.NULL)) {
      return type;
    }
    TreeSet<Integer> members = new TreeSet<>(union.members());
    members.remove(PredefinedType.NULL);
    return members.size() == 1 ? members.first() : unionOf(members);
  }

  /** The members of a union, or the type alone. */
  public List<Integer> members(int type) {
    return type(type) instanceof UnionType union ? union.members() : List.of(type);
  }

  /** How values of the type are held. */
  public PhysicalKind kind(int type) {
    PhysicalKind known = kinds.get(type);
    if (known == null) {
      known = kindOf(type);
      kinds.set(type, known);
    }
    return known;
  }

  private PhysicalKind kindOf(int type) {
    return switch (type(type)) {
      case RType.Predefined p ->
          switch (p.index()) {
            case PredefinedType.BOOL, PredefinedType.INT -> PhysicalKind.I;
            case PredefinedType.NUMBER -> PhysicalKind.F;
            case PredefinedType.ANY -> PhysicalKind.V;
            case PredefinedType.VOID, PredefinedType.NEVER -> PhysicalKind.NONE;
            default -> PhysicalKind.R;
          };
      case RType.NumericLiteral literal -> PhysicalKind.I;
      case UnionType union -> unionKind(union);
      default -> PhysicalKind.R;
    };
  }

  private PhysicalKind unionKind(UnionType union) {
    int base = intBase(union.members().getFirst());
    boolean oneBase = base >= 0;
    boolean references = true;
    for (int member : union.members()) {
      oneBase &= intBase(member) == base;
      references &= kind(member) == PhysicalKind.R;
    }
    return oneBase ? PhysicalKind.I : references ? PhysicalKind.R : PhysicalKind.V;
  }

  /** The base of an int or bool (literal) type, else -1. */
  private int intBase(int type) {
    return switch (type(type)) {
      case RType.NumericLiteral literal -> literal.base();
      case RType.Predefined p
          when p.index() == PredefinedType.INT || p.index() == PredefinedType.BOOL ->
          p.index();
      default -> -1;
    };
  }

  /** Whether a variable of the type has a value before it is assigned ({@code rbin.md} 5.5). */
  public boolean hasZeroValue(int type) {
    return switch (type(type)) {
      case RType.Predefined p ->
          switch (p.index()) {
            case PredefinedType.NULL,
                PredefinedType.BOOL,
                PredefinedType.INT,
                PredefinedType.NUMBER,
                PredefinedType.STRING,
                PredefinedType.JSON,
                PredefinedType.VOID ->
                true;
            default -> false;
          };
      case RType.NumericLiteral literal -> true;
      case RType.StringLiteral literal -> true;
      case UnionType union ->
          union.members().contains(PredefinedType.NULL) || literalsOfOneBase(union);
      default -> false;
    };
  }

  private boolean literalsOfOneBase(UnionType union) {
    boolean strings = true;
    for (int member : union.members()) {
      strings &= type(member) instanceof RType.StringLiteral;
    }
    return strings || kind(intern(union)) == PhysicalKind.I;
  }

  /** The type as people read it: {@code int|null}, {@code readonly string[]}. */
  public String display(int type, ModuleSymbols symbols) {
    StringBuilder text = new StringBuilder();
    TypeText.append(text, this, symbols, type, 0);
    return text.toString();
  }
}
