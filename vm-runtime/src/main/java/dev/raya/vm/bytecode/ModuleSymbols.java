package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the indices in code mean: the function, class, global and native index spaces of a module,
 * imports first, with everything inherited resolved. Made from a module whose tables are valid.
 */
public final class ModuleSymbols {
  /** The module whose Error is the predefined type 11. */
  public static final String CORE = "raya:core";

  /** Flag of a private field in the shape of an imported class. */
  public static final int SHAPE_PRIVATE = 8;

  /** Name of the property of a shape that holds the ancestor. */
  public static final String SHAPE_SUPER = "super";

  /**
   * A function as a callee.
   *
   * @param type index of its function type
   * @param flags of {@link FunctionDef}; for an import those its name implies
   * @param receiver class of the receiver, or {@link ClassRef#NONE}
   * @param local its local definition, null if imported
   */
  public record Callee(
      String name, int type, int flags, int receiver, @Nullable FunctionDef local) {
    /** Whether the flag is set. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** A global; {@code flags} of {@link GlobalDef}, an import being constant. */
  public record Variable(String name, int type, int flags, boolean imported) {}

  /** An import member and the module it comes from. */
  public record Member(int importIndex, Import module, ImportMember member) {}

  private final RbinModule module;
  private final TypeSpace types;
  private final List<Member> members = new ArrayList<>();
  private final List<Member> importedClasses = new ArrayList<>();
  private final List<Callee> functions = new ArrayList<>();
  private final List<Variable> globals = new ArrayList<>();
  private final List<NativeMember> natives = new ArrayList<>();
  private final List<@Nullable ResolvedClass> localClasses = new ArrayList<>();
  private final List<@Nullable ResolvedClass> resolvedImports = new ArrayList<>();
  private @Nullable ResolvedClass error;
  private @Nullable Map<String, Map<String, Integer>> coreInstances;
  private int importedFunctions;
  private int importedGlobals;

  /** The symbols of a module; {@code types} are of the same one. */
  public ModuleSymbols(RbinModule module, TypeSpace types) {
    this.module = module;
    this.types = types;
    for (int i = 0; i < module.imports().size(); i++) {
      Import imported = module.imports().get(i);
      for (ImportMember member : imported.members()) {
        members.add(new Member(i, imported, member));
        if (member.baseKind() == ExportKind.CLASS) {
          importedClasses.add(members.getLast());
          resolvedImports.add(null);
        }
      }
    }
    for (Member member : members) {
      switch (member.member().baseKind()) {
        case ExportKind.FUNCTION -> functions.add(importedCallee(member));
        case ExportKind.CONSTANT -> {
          String name = member.member().name();
          int flags = GlobalDef.CONSTANT | (name.indexOf('.') > 0 ? GlobalDef.STATIC : 0);
          globals.add(new Variable(name, member.member().type(), flags, true));
        }
        default -> {}
      }
    }
    importedFunctions = functions.size();
    importedGlobals = globals.size();
    for (FunctionDef function : module.functions()) {
      int receiver = function.hasReceiver() ? function.ownerClass() : ClassRef.NONE;
      functions.add(
          new Callee(function.name(), function.type(), function.flags(), receiver, function));
    }
    for (GlobalDef global : module.globals()) {
      globals.add(new Variable(global.name(), global.type(), global.flags(), false));
    }
    for (NativeImport imported : module.natives()) {
      natives.addAll(imported.members());
    }
    for (int i = 0; i < module.classes().size(); i++) {
      localClasses.add(null);
    }
  }

  private Callee importedCallee(Member member) {
    String name = member.member().name();
    int hash = name.indexOf('#');
    int flags = 0;
    int receiver = ClassRef.NONE;
    if (hash > 0) {
      flags = name.endsWith("#constructor") ? FunctionDef.CONSTRUCTOR : FunctionDef.METHOD;
      for (int i = 0; i < importedClasses.size(); i++) {
        Member candidate = importedClasses.get(i);
        if (candidate.importIndex() == member.importIndex()
            && candidate.member().name().equals(name.substring(0, hash))) {
          receiver = ClassRef.imported(i);
        }
      }
    } else if (name.indexOf('.') > 0) {
      flags = FunctionDef.STATIC;
    }
    return new Callee(name, member.member().type(), flags, receiver, null);
  }

  /** The module. */
  public RbinModule module() {
    return module;
  }

  /** Its types. */
  public TypeSpace types() {
    return types;
  }

  /** All import members in the order of the section. */
  public List<Member> members() {
    return members;
  }

  /** The class members of IMPT; a {@link ClassRef} counts these. */
  public List<Member> importedClasses() {
    return importedClasses;
  }

  /** Number of functions, imports included. */
  public int functionCount() {
    return functions.size();
  }

  /** How many functions are imported, which is the index of the first local one. */
  public int importedFunctionCount() {
    return importedFunctions;
  }

  /** The function with that index. */
  public Callee function(int index) {
    return functions.get(index);
  }

  /** Number of globals, imports included. */
  public int globalCount() {
    return globals.size();
  }

  /** How many globals are imported. */
  public int importedGlobalCount() {
    return importedGlobals;
  }

  /** The global with that index. */
  public Variable global(int index) {
    return globals.get(index);
  }

  /** The members of NATV in order. */
  public List<NativeMember> natives() {
    return natives;
  }

  /** Whether a class reference names a class of this module. {@link ClassRef#NONE} does not. */
  public boolean isClass(int ref) {
    return ClassRef.isImported(ref)
        ? ClassRef.index(ref) < importedClasses.size()
        : ref >= 0 && ref < module.classes().size();
  }

  /** The name of a class. */
  public String className(int ref) {
    return ClassRef.isImported(ref)
        ? importedClasses.get(ClassRef.index(ref)).member().name()
        : module.classes().get(ref).name();
  }

  /** Whether the class is {@code raya:core}'s Error, the predefined type 11. */
  public boolean isCoreError(int ref) {
    if (ClassRef.isImported(ref)) {
      Member member = importedClasses.get(ClassRef.index(ref));
      return member.module().specifier().equals(CORE) && member.member().name().equals("Error");
    }
    return module.meta().packageName().equals(CORE)
        && module.classes().get(ref).name().equals("Error");
  }

  /** The class with that reference; its ancestors must be valid. */
  public ResolvedClass resolve(int ref) {
    List<@Nullable ResolvedClass> known = ClassRef.isImported(ref) ? resolvedImports : localClasses;
    int index = ClassRef.index(ref);
    ResolvedClass found = known.get(index);
    if (found == null) {
      found = ClassRef.isImported(ref) ? resolveImported(ref) : resolveLocal(ref);
      known.set(index, found);
    }
    return found;
  }

  /** The class a type is, the predefined Error included; null for any other type. */
  public @Nullable ResolvedClass classOf(int type) {
    return switch (types.type(type)) {
      case RType.ClassType c -> resolve(c.ref());
      case RType.Predefined p when p.index() == PredefinedType.ERROR -> error();
      default -> null;
    };
  }

  /** What {@link #channelElement} says of other types. */
  static final int NO_CHANNEL = -1;

  /** The type of the values of a channel, or of a class that extends one. */
  int channelElement(int type) {
    if (types.type(type) instanceof RType.ChannelType channel) {
      return channel.element();
    }
    ResolvedClass root = coreRoot(classOf(type));
    return root != null && "Channel".equals(root.template()) && root.typeArguments().size() == 1
        ? root.typeArguments().getFirst()
        : NO_CHANNEL;
  }

  /** Whether a class is, or derives from, the Mutex that the VM implements. */
  boolean isMutex(@Nullable ResolvedClass type) {
    ResolvedClass root = coreRoot(type);
    return root != null && "Mutex".equals(root.template());
  }

  /**
   * The class itself or its ancestor that is an instance of a template of {@code raya:core}; null
   * if there is none.
   */
  @Nullable ResolvedClass coreRoot(@Nullable ResolvedClass from) {
    ResolvedClass at = from;
    while (at != null && at.template() == null) {
      at = at.parentRef() == ClassRef.NONE ? null : resolve(at.parentRef());
    }
    return at;
  }

  private ResolvedClass error() {
    ResolvedClass known = error;
    if (known == null) {
      int text = PredefinedType.STRING;
      known =
          new ResolvedClass(
              ClassRef.NONE,
              "Error",
              ClassRef.NONE,
              null,
              true,
              List.of(
                  new ResolvedClass.Field("message", text, false, false, -1),
                  new ResolvedClass.Field("name", text, false, false, -1),
                  new ResolvedClass.Field(
                      "cause", types.nullable(PredefinedType.ERROR), true, false, -1),
                  new ResolvedClass.Field("stack", text, true, false, -1)),
              List.of(
                  new ResolvedClass.Method(
                      "toString", types.intern(new FunctionType(List.of(), text)))),
              null,
              List.of());
      error = known;
    }
    return known;
  }

  /** The local class that is that instance of a core template, or {@link ClassRef#NONE}. */
  public int coreInstance(String template, List<Integer> arguments) {
    Map<String, Map<String, Integer>> known = coreInstances;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 0; i < module.classes().size(); i++) {
        ResolvedClass instance = resolve(i);
        if (instance.template() != null) {
          known
              .computeIfAbsent(instance.template(), t -> new HashMap<>())
              .putIfAbsent(TypeKey.of(instance.typeArguments()), i);
        }
      }
      coreInstances = known;
    }
    return known
        .getOrDefault(template, Map.of())
        .getOrDefault(TypeKey.of(arguments), ClassRef.NONE);
  }

  private ResolvedClass resolveLocal(int ref) {
    ClassDef definition = module.classes().get(ref);
    ResolvedClass inherited =
        definition.parent() == ClassRef.NONE ? null : resolve(definition.parent());
    List<ResolvedClass.Field> fields = new ArrayList<>();
    for (FieldDef field : definition.fields()) {
      fields.add(
          new ResolvedClass.Field(
              field.name(),
              field.type(),
              (field.flags() & FieldDef.READ_ONLY) != 0,
              (field.flags() & FieldDef.PRIVATE) != 0,
              ref));
    }
    List<ResolvedClass.Method> slots = new ArrayList<>();
    for (RbinModule.Slot slot : definition.vtable()) {
      slots.add(new ResolvedClass.Method(slot.name(), functions.get(slot.function()).type()));
    }
    boolean instance = (definition.flags() & ClassDef.INSTANCE) != 0 && definition.origin() > 0;
    int open = definition.name().indexOf('<');
    String template =
        instance && module.imports().get(definition.origin() - 1).specifier().equals(CORE)
            ? open < 0 ? definition.name() : definition.name().substring(0, open)
            : null;
    return new ResolvedClass(
        ref,
        definition.name(),
        definition.parent(),
        inherited,
        (definition.flags() & ClassDef.ERROR) != 0,
        fields,
        slots,
        template,
        definition.typeArguments());
  }

  private ResolvedClass resolveImported(int ref) {
    Member member = importedClasses.get(ClassRef.index(ref));
    List<ResolvedClass.Field> fields = new ArrayList<>();
    List<ResolvedClass.Method> slots = new ArrayList<>();
    int parent = ClassRef.NONE;
    boolean isError = isCoreError(ref);
    if (types.type(member.member().type()) instanceof RType.InterfaceType shape) {
      for (RType.Property property : shape.properties()) {
        if (property.method()) {
          slots.add(new ResolvedClass.Method(property.name(), property.type()));
        } else if (!property.name().equals(SHAPE_SUPER)) {
          boolean isPrivate = (property.flags() & SHAPE_PRIVATE) != 0;
          fields.add(
              new ResolvedClass.Field(
                  property.name(), property.type(), property.readOnly(), isPrivate, -1));
        } else if (types.type(property.type()) instanceof RType.ClassType ancestor) {
          parent = ancestor.ref();
          isError |= isCoreError(parent) || resolve(parent).isError();
        } else {
          isError = true;
        }
      }
    }
    return new ResolvedClass(
        ref, member.member().name(), parent, null, isError, fields, slots, null, List.of());
  }
}
