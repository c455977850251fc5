package dev.raya.vm.value;

import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.value.LinkedType.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes the {@link LinkedType linked types} of a verified module from its TYPE section. */
public final class TypeLinker {
  /** The predefined types, which all modules share. */
  private static final LinkedType[] PREDEFINED = predefined();

  private final RbinModule module;
  private final IntFunction<RClass> classes;
  private final LinkedType[] types;

  private TypeLinker(RbinModule module, IntFunction<RClass> classes) {
    this.module = module;
    this.classes = classes;
    this.types = new LinkedType[PredefinedType.FIRST_STORED + module.types().size()];
  }

  /**
   * Links all types of a module.
   *
   * @param classes the class of a class reference (rbin.md 3.3), possibly still to be filled
   * @return the types by index
   */
  public static LinkedType[] link(RbinModule module, IntFunction<RClass> classes) {
    return new TypeLinker(module, classes).run();
  }

  /** Returns a predefined type. */
  public static LinkedType predefined(int index) {
    return PREDEFINED[index];
  }

  /** Makes an array type that no module declares, for arrays that the VM itself makes. */
  public static LinkedType arrayOf(LinkedType element) {
    LinkedType t = new LinkedType(Form.ARRAY);
    t.parts = new LinkedType[] {element};
    return t;
  }

  /** Makes the type of a task with that result. */
  public static LinkedType taskOf(LinkedType result) {
    return wrapped(Form.TASK, result);
  }

  /** Makes the type of a channel of that element type. */
  public static LinkedType channelOf(LinkedType element) {
    return wrapped(Form.CHANNEL, element);
  }

  /** Makes the type of a cell of that content. */
  public static LinkedType cellOf(LinkedType content) {
    return wrapped(Form.CELL, content);
  }

  /** Makes the type of a class that its own module never names. */
  public static LinkedType classType(RClass cls) {
    LinkedType t = new LinkedType(Form.CLASS);
    t.cls = cls;
    return t;
  }

  private static LinkedType wrapped(Form form, LinkedType content) {
    LinkedType t = new LinkedType(form);
    t.parts = new LinkedType[] {content};
    return t;
  }

  /** Makes a function type without optional parameters. */
  public static LinkedType functionOf(LinkedType result, LinkedType... parameters) {
    LinkedType t = new LinkedType(Form.FUNCTION);
    t.parts = parameters;
    t.result = result;
    return t;
  }

  /** Makes a tuple type that no module declares. */
  public static LinkedType tupleOf(LinkedType... elements) {
    LinkedType t = new LinkedType(Form.TUPLE);
    t.parts = elements;
    shape(t);
    return t;
  }

  /** Makes the union of two types, flattened and without duplicates. */
  public static LinkedType unionOf(LinkedType a, LinkedType b) {
    List<LinkedType> members =
        new ArrayList<>(a.form == Form.UNION ? List.of(a.parts) : List.of(a));
    for (LinkedType part : b.form == Form.UNION ? b.parts : new LinkedType[] {b}) {
      if (!members.contains(part)) {
        members.add(part);
      }
    }
    return members.size() == 1 ? a : union(members);
  }

  static LinkedType unionWithNull(LinkedType type) {
    List<LinkedType> members = new ArrayList<>();
    members.add(PREDEFINED[PredefinedType.NULL]);
    members.addAll(type.form == Form.UNION ? List.of(type.parts) : List.of(type));
    return union(members);
  }

  static LinkedType unionWithoutNull(LinkedType type) {
    List<LinkedType> members = new ArrayList<>();
    for (LinkedType part : type.parts) {
      if (part.form != Form.NULL) {
        members.add(part);
      }
    }
    return members.size() == 1 ? members.getFirst() : union(members);
  }

  /**
   * Returns the type of the objects that are made for an interface or object type: its properties
   * in the order declared.
   */
  public static LinkedType objectOf(LinkedType type) {
    if (type.form == Form.OBJECT) {
      return type;
    }
    LinkedType known = type.made;
    if (known == null) {
      known = new LinkedType(Form.OBJECT);
      known.text = type.text;
      known.properties = type.properties;
      shape(known);
      type.made = known;
    }
    return known;
  }

  private static LinkedType union(List<LinkedType> members) {
    LinkedType t = new LinkedType(Form.UNION);
    t.parts = members.toArray(new LinkedType[0]);
    classify(t);
    return t;
  }

  private static LinkedType[] predefined() {
    LinkedType[] all = new LinkedType[PredefinedType.FIRST_STORED];
    Form[] forms = {
      Form.NEVER,
      Form.NULL,
      Form.BOOL,
      Form.INT,
      Form.NUMBER,
      Form.NEVER,
      Form.STRING,
      Form.JSON,
      Form.MUTEX,
      Form.ANY,
      Form.VOID,
      Form.ERROR,
      Form.TYPE_INFO,
      Form.PROPERTY_INFO,
      Form.BYTES,
      Form.FOREIGN
    };
    for (int i = 0; i < all.length; i++) {
      all[i] = new LinkedType(forms[i]);
      switch (forms[i]) {
        case BOOL, INT -> zero(all[i], Kind.I, 0, null);
        case NUMBER -> zero(all[i], Kind.F, 0, null);
        case STRING -> zero(all[i], Kind.R, 0, "");
        case JSON -> zero(all[i], Kind.R, 0, JsonAbsent.UNDEFINED);
        case NULL -> zero(all[i], Kind.R, 0, null);
        case ANY -> all[i].kind = Kind.V;
        case VOID, NEVER -> all[i].kind = Kind.NONE;
        default -> all[i].kind = Kind.R;
      }
    }
    return all;
  }

  private static void zero(LinkedType t, byte kind, long word, @Nullable Object ref) {
    t.kind = kind;
    t.zeroWord = word;
    t.zeroRef = ref;
    t.hasZero = true;
  }

  private LinkedType[] run() {
    System.arraycopy(PREDEFINED, 0, types, 0, PREDEFINED.length);
    List<RType> stored = module.types();
    for (int i = 0; i < stored.size(); i++) {
      types[PredefinedType.FIRST_STORED + i] = new LinkedType(form(stored.get(i)));
    }
    for (int i = 0; i < stored.size(); i++) {
      fill(types[PredefinedType.FIRST_STORED + i], stored.get(i));
    }
    // Unions last: their kind depends on their members', and a union's member is never a union.
    for (int i = 0; i < stored.size(); i++) {
      LinkedType t = types[PredefinedType.FIRST_STORED + i];
      if (t.form == Form.UNION) {
        classify(t);
      }
    }
    for (int i = 0; i < stored.size(); i++) {
      shape(types[PredefinedType.FIRST_STORED + i]);
    }
    return types;
  }

  private static Form form(RType type) {
    return switch (type) {
      case RType.Predefined p -> PREDEFINED[p.index()].form;
      case RType.ArrayType a -> Form.ARRAY;
      case RType.TupleType t -> Form.TUPLE;
      case RType.FunctionType f -> Form.FUNCTION;
      case RType.ClassType c -> Form.CLASS;
      case RType.InterfaceType i -> Form.INTERFACE;
      case RType.ObjectType o -> Form.OBJECT;
      case RType.UnionType u -> Form.UNION;
      case RType.TaskType t -> Form.TASK;
      case RType.ChannelType c -> Form.CHANNEL;
      case RType.CellType c -> Form.CELL;
      case RType.NumericLiteral n ->
          n.base() == PredefinedType.BOOL ? Form.BOOL_LITERAL : Form.INT_LITERAL;
      case RType.StringLiteral s -> Form.STRING_LITERAL;
    };
  }

  private LinkedType[] parts(List<Integer> indices) {
    LinkedType[] all = new LinkedType[indices.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = types[indices.get(i)];
    }
    return all;
  }

  private void fill(LinkedType t, RType type) {
    switch (type) {
      case RType.Predefined p -> throw new IllegalStateException("predefined type stored");
      case RType.ArrayType a -> {
        t.parts = new LinkedType[] {types[a.element()]};
        t.readOnly = a.readOnly();
      }
      case RType.TupleType u -> {
        t.parts = parts(u.elements());
        t.readOnly = u.readOnly();
      }
      case RType.FunctionType f -> {
        t.parts = parts(f.params());
        t.result = types[f.result()];
        t.optional = f.optional();
        t.rest = f.rest();
      }
      case RType.ClassType c -> {
        RClass cls = classes.apply(c.ref());
        t.cls = cls;
        if (cls.type == null) {
          cls.type = t;
        }
      }
      case RType.InterfaceType i -> {
        t.text = i.name();
        t.properties = properties(i.properties());
      }
      case RType.ObjectType o -> {
        t.text = o.name();
        t.properties = properties(o.properties());
      }
      case RType.UnionType u -> t.parts = parts(u.members());
      case RType.TaskType k -> t.parts = new LinkedType[] {types[k.result()]};
      case RType.ChannelType c -> t.parts = new LinkedType[] {types[c.element()]};
      case RType.CellType c -> t.parts = new LinkedType[] {types[c.content()]};
      case RType.NumericLiteral n -> zero(t, Kind.I, n.value(), null);
      case RType.StringLiteral s -> {
        t.text = s.value();
        zero(t, Kind.R, 0, s.value());
      }
    }
  }

  private List<LinkedType.Property> properties(List<RType.Property> list) {
    List<LinkedType.Property> all = new ArrayList<>(list.size());
    for (RType.Property p : list) {
      all.add(
          new LinkedType.Property(
              p.name(), types[p.type()], p.optional(), p.readOnly(), p.method()));
    }
    return List.copyOf(all);
  }

  private static void classify(LinkedType union) {
    boolean words = false;
    boolean oneBase = true;
    Form base = union.parts[0].form;
    for (LinkedType part : union.parts) {
      words |= part.kind == Kind.I || part.kind == Kind.F || part.kind == Kind.V;
      oneBase &= part.form == base;
    }
    LinkedType first = union.parts[0];
    if (oneBase && (base == Form.BOOL_LITERAL || base == Form.INT_LITERAL)) {
      zero(union, Kind.I, first.zeroWord, null);
    } else if (union.hasNull()) {
      zero(union, words ? Kind.V : Kind.R, 0, words ? Tag.NULL : null);
    } else if (oneBase && base == Form.STRING_LITERAL) {
      zero(union, Kind.R, 0, first.zeroRef);
    } else {
      union.kind = words ? Kind.V : Kind.R;
    }
  }

  /** Gives object and tuple types the class of their values. */
  private static void shape(LinkedType t) {
    if (t.form == Form.OBJECT) {
      int n = t.properties.size();
      String[] names = new String[n];
      LinkedType[] types = new LinkedType[n];
      int[] flags = new int[n];
      for (int i = 0; i < n; i++) {
        LinkedType.Property p = t.properties.get(i);
        names[i] = p.name();
        types[i] = p.type();
        flags[i] = p.optional() ? RClass.OPTIONAL : 0;
      }
      t.cls = new RClass(t.text, RClass.Sort.OBJECT);
      t.cls.type = t;
      t.cls.layOut(names, types, flags);
    } else if (t.form == Form.TUPLE) {
      String[] names = new String[t.parts.length];
      for (int i = 0; i < names.length; i++) {
        names[i] = Integer.toString(i);
      }
      t.cls = new RClass("", RClass.Sort.TUPLE);
      t.cls.type = t;
      t.cls.layOut(names, t.parts, new int[names.length]);
    }
  }
}
