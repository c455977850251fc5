package dev.raya.vm.context;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.Linkage;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.ResolvedClass;
import dev.raya.vm.bytecode.TemplateModules;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.interp.ContextTypes;
import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.Cell;
import dev.raya.vm.value.ClassView;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds one package file into a context (vm.md 11): its imports to what other files export, its
 * types, classes, functions and globals to objects. The imported files are linked already, so cells
 * and classes of imports are complete.
 */
final class ModuleLinker {
  private static final int NO_FIELD = -1;

  private static final String GETTER = "get ";
  private static final String SETTER = "set ";

  private final LinkedModule target;
  private final RbinModule file;
  private final VerifiedModule verified;
  private final Linkage linkage;
  private final Function<VerifiedModule, LinkedModule> modules;
  private final List<Imported> imports;
  private final ContextTypes types;
  private final ClassInstances instances;
  private final TemplateModules templates;
  private boolean[] foreign = {};

  /** A module that an IMPT row means. */
  record Imported(LinkedModule module, String path) {}

  ModuleLinker(
      LinkedModule target,
      VerifiedModule verified,
      Linkage linkage,
      Function<VerifiedModule, LinkedModule> modules,
      List<Imported> imports,
      ContextTypes types,
      ClassInstances instances) {
    this.target = target;
    this.verified = verified;
    this.linkage = linkage;
    this.modules = modules;
    this.file = target.file;
    this.imports = imports;
    this.types = types;
    this.instances = instances;
    this.templates = new TemplateModules(file, verified.symbols().importedFunctionCount());
  }

  void link() throws RbinException {
    List<RFunction> functions = new ArrayList<>();
    List<RClass> classes = new ArrayList<>();
    List<Cell> globals = new ArrayList<>();
    bindImports(functions, classes, globals);
    target.importedClasses = classes.toArray(new RClass[0]);
    declareClasses();
    target.types = TypeLinker.link(file, this::classAt);
    for (int i = 0; i < file.functions().size(); i++) {
      functions.add(function(i));
    }
    target.functions = functions.toArray(new RFunction[0]);
    for (int i = 0; i < file.classes().size(); i++) {
      if (!foreign[i]) {
        fill(file.classes().get(i), target.classes[i]);
      }
    }
    InstanceLayouts layouts = new InstanceLayouts(types);
    for (int i = 0; i < file.classes().size(); i++) {
      if (foreign[i]) {
        checkLayout(file.classes().get(i), target.classes[i], layouts);
      }
    }
    addViews();
    for (GlobalDef global : file.globals()) {
      LinkedType type = target.types[global.type()];
      globals.add(new Cell(type, type.zeroWord, type.zeroRef));
    }
    target.globals = globals.toArray(new Cell[0]);
  }

  private RClass classAt(int ref) {
    return ClassRef.isImported(ref)
        ? target.importedClasses[ClassRef.index(ref)]
        : target.classes[ref];
  }

  // ---- imports

  private void bindImports(List<RFunction> functions, List<RClass> classes, List<Cell> globals)
      throws RbinException {
    int number = 0;
    for (Import row : file.imports()) {
      for (ImportMember member : row.members()) {
        int index = number++;
        if (member.baseKind() == ExportKind.TYPE) {
          continue;
        }
        Linkage.Target found = linkage.resolve(verified, index);
        LinkedModule from = modules.apply(found.module());
        int at = found.export().target();
        switch (member.baseKind()) {
          case ExportKind.FUNCTION -> functions.add(from.functions[at]);
          case ExportKind.CLASS -> classes.add(from.classes[at]);
          default -> globals.add(from.globals[at]);
        }
      }
    }
  }

  // ---- classes

  private void declareClasses() {
    int n = file.classes().size();
    target.classes = new RClass[n];
    foreign = new boolean[n];
    InstanceKeys keys = new InstanceKeys(file, this::classOfKey, instances);
    for (int i = 0; i < n; i++) {
      declare(i, keys);
    }
  }

  /**
   * Gives a class its object: that of the instance loaded first if the class is one of a template
   * (rbin.md 3.12).
   */
  private RClass declare(int i, InstanceKeys keys) {
    RClass known = target.classes[i];
    if (known != null) {
      return known;
    }
    ClassDef def = file.classes().get(i);
    RClass made = new RClass(def.name(), RClass.Sort.CLASS);
    if ((def.flags() & ClassDef.INSTANCE) != 0) {
      String home = templateHome(def, i);
      RClass first = instances.first(home + '\n' + keys.of(def), made);
      if (first != made) {
        target.classes[i] = first;
        foreign[i] = true;
        return first;
      }
      if (home.equals(ContextLoader.CORE + '\n')) {
        made.storage =
            def.name().startsWith("Map<")
                ? RClass.Storage.MAP
                : def.name().startsWith("Set<") ? RClass.Storage.SET : RClass.Storage.NATIVE;
        types.addNative(def.name(), made, target);
      }
    }
    if ((def.flags() & ClassDef.ERROR) != 0) {
      made.storage = RClass.Storage.ERROR;
    }
    target.classes[i] = made;
    return made;
  }

  /**
   * What tells a template from all others of its name: its module. Where that is not known, the
   * fields of the instance are part of it.
   */
  private String templateHome(ClassDef def, int number) {
    if (def.origin() > 0) {
      Imported origin = imports.get(def.origin() - 1);
      return origin.module.key + '\n' + origin.path;
    }
    int module = templates.of(number);
    if (module == TemplateModules.UNKNOWN) {
      List<Integer> candidates = declaring(InstanceKeys.templateName(def));
      if (candidates.size() != 1) {
        StringBuilder fields = new StringBuilder(target.key).append("\n\n");
        def.fields().forEach(field -> fields.append(field.name()).append(' '));
        return fields.toString();
      }
      module = candidates.getFirst();
    }
    return target.key + '\n' + file.modules().get(module).path();
  }

  /**
   * The modules of this file with a template of that name that other files can make instances of.
   */
  private List<Integer> declaring(String template) {
    List<Integer> modules = new ArrayList<>();
    List<RbinModule.Decl> decls = file.decls();
    if (decls != null) {
      for (RbinModule.Decl decl : decls) {
        if (decl.kind() == 1 && decl.name().equals(template)) {
          modules.add(decl.module());
        }
      }
    }
    return modules;
  }

  private RClass classOfKey(int ref, InstanceKeys keys) {
    return ClassRef.isImported(ref)
        ? target.importedClasses[ClassRef.index(ref)]
        : declare(ref, keys);
  }

  private void fill(ClassDef def, RClass cls) throws RbinException {
    RClass parent = def.parent() == ClassRef.NONE ? null : classAt(def.parent());
    cls.derive(parent);
    int inherited = parent == null ? 0 : parent.fieldNames.length;
    int n = inherited + def.fields().size();
    String[] names = new String[n];
    LinkedType[] fieldTypes = new LinkedType[n];
    int[] flags = new int[n];
    if (parent != null) {
      System.arraycopy(parent.fieldNames, 0, names, 0, inherited);
      System.arraycopy(parent.fieldTypes, 0, fieldTypes, 0, inherited);
      System.arraycopy(parent.fieldFlags, 0, flags, 0, inherited);
    }
    for (int i = inherited; i < n; i++) {
      FieldDef field = def.fields().get(i - inherited);
      names[i] = field.name();
      fieldTypes[i] = target.types[field.type()];
      flags[i] = field.flags();
    }
    cls.layOut(names, fieldTypes, flags);
    cls.typeArguments = new LinkedType[def.typeArguments().size()];
    for (int i = 0; i < cls.typeArguments.length; i++) {
      cls.typeArguments[i] = target.types[def.typeArguments().get(i)];
    }
    if (parent != null && derivesFromImport(def)) {
      checkInherited(def, parent);
      fillVtable(def, cls, parent);
    } else {
      fillVtable(def, cls, null);
    }
    if (def.constructor() >= 0) {
      cls.constructor = target.functions[def.constructor()];
    }
    if (cls.type == null) {
      cls.type = TypeLinker.classType(cls);
    }
  }

  /**
   * Whether an instance is what the one loaded first is, whose methods run on it (rbin.md 3.12). Of
   * what it inherits from another file only names count: other versions may have more.
   */
  private void checkLayout(ClassDef def, RClass first, InstanceLayouts layouts)
      throws RbinException {
    RClass parent = def.parent() == ClassRef.NONE ? null : classAt(def.parent());
    int inherited = parent == null ? 0 : parent.fieldNames.length;
    boolean same =
        parent == first.parent && first.fieldNames.length == inherited + def.fields().size();
    for (int i = 0; same && i < def.fields().size(); i++) {
      FieldDef field = def.fields().get(i);
      int at = inherited + i;
      same =
          field.name().equals(first.fieldNames[at])
              && field.flags() == first.fieldFlags[at]
              && layouts.same(target.types[field.type()], first.fieldTypes[at]);
    }
    boolean extensible = derivesFromImport(def);
    same &= extensible || first.slotNames.length == def.vtable().size();
    for (int i = 0; same && i < def.vtable().size(); i++) {
      RbinModule.Slot slot = def.vtable().get(i);
      int at = extensible ? first.slot(slot.name()) : i;
      same =
          at >= 0
              && slot.name().equals(first.slotNames[at])
              && layouts.same(target.functions[slot.function()].type, first.vtable[at].type);
    }
    if (!same) {
      throw new RbinException(
          RbinErrorKind.SIGNATURE_MISMATCH,
          "CLAS",
          -1,
          -1,
          def.name()
              + " has other members in "
              + target.key
              + " than in the file that has the same instance and was loaded before");
    }
  }

  /**
   * Whether members of a class fit what its parent has as it is now: a later version of the
   * parent's package may have got members whose names the class has already. A method that would be
   * a legal override is one; all else would be two members of one name.
   */
  private void checkInherited(ClassDef def, RClass parent) throws RbinException {
    for (FieldDef field : def.fields()) {
      boolean taken =
          hasField(parent, field.name())
              || parent.slot(field.name()) >= 0
              || parent.slot(GETTER + field.name()) >= 0
              || parent.slot(SETTER + field.name()) >= 0;
      if (taken && (field.flags() & FieldDef.PRIVATE) == 0) {
        throw clash(def, parent, field.name());
      }
    }
    int local = verified.symbols().importedFunctionCount();
    for (RbinModule.Slot slot : def.vtable()) {
      if (slot.function() < local) {
        continue;
      }
      String name = slot.name().substring(slot.name().indexOf(' ') + 1);
      boolean accessor = !name.equals(slot.name());
      boolean otherForm =
          accessor
              ? parent.slot(name) >= 0
              : parent.slot(GETTER + name) >= 0 || parent.slot(SETTER + name) >= 0;
      int at = parent.slot(slot.name());
      if (otherForm
          || hasField(parent, name)
          || at >= 0
              && !Assignable.test(target.functions[slot.function()].type, parent.vtable[at].type)) {
        throw clash(def, parent, name);
      }
    }
  }

  private static boolean hasField(RClass cls, String name) {
    int field = cls.field(name);
    return field >= 0 && (cls.fieldFlags[field] & FieldDef.PRIVATE) == 0;
  }

  private RbinException clash(ClassDef def, RClass parent, String member) {
    return new RbinException(
        RbinErrorKind.SIGNATURE_MISMATCH,
        "CLAS",
        -1,
        -1,
        def.name()
            + " in "
            + target.key
            + " extends "
            + parent.name
            + ", which in the version that is loaded has a member '"
            + member
            + "' of its own that this one does not override; compile it against that version");
  }

  /**
   * The slots of the file; of a class that derives from another file's, the parent's slots as they
   * are now, overridden and extended by name.
   *
   * @param parent the parent where it counts, else null
   */
  private void fillVtable(ClassDef def, RClass cls, @Nullable RClass parent) {
    List<String> names = new ArrayList<>();
    List<RFunction> methods = new ArrayList<>();
    if (parent != null) {
      names.addAll(List.of(parent.slotNames));
      methods.addAll(List.of(parent.vtable));
    }
    int local = verified.symbols().importedFunctionCount();
    for (RbinModule.Slot slot : def.vtable()) {
      RFunction method = target.functions[slot.function()];
      int at = parent == null ? -1 : names.indexOf(slot.name());
      if (at < 0) {
        names.add(slot.name());
        methods.add(method);
      } else if (slot.function() >= local) {
        methods.set(at, method);
      }
    }
    cls.slotNames = names.toArray(new String[0]);
    cls.vtable = methods.toArray(new RFunction[0]);
  }

  /** Where classes have other members or another order than when this file was compiled. */
  private void addViews() {
    for (int i = 0; i < target.importedClasses.length; i++) {
      addView(ClassRef.imported(i), target.importedClasses[i]);
    }
    for (int i = 0; i < target.classes.length; i++) {
      if (!foreign[i] && derivesFromImport(file.classes().get(i))) {
        addView(i, target.classes[i]);
      }
    }
  }

  private boolean derivesFromImport(ClassDef def) {
    int at = def.parent();
    while (at != ClassRef.NONE && !ClassRef.isImported(at)) {
      at = file.classes().get(at).parent();
    }
    return at != ClassRef.NONE;
  }

  private void addView(int ref, RClass cls) {
    ResolvedClass known = verified.symbols().resolve(ref);
    int[] fields = new int[known.fieldCount()];
    int own = ClassRef.isImported(ref) ? 0 : file.classes().get(ref).fields().size();
    for (int i = 0; i < fields.length; i++) {
      int fromEnd = fields.length - i;
      fields[i] =
          fromEnd <= own ? cls.fieldNames.length - fromEnd : inherited(ref, i, known.field(i), cls);
    }
    int[] slots = new int[known.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = cls.slot(known.slots().get(i).name());
    }
    ClassView view = new ClassView(fields, slots);
    if (!view.isIdentity()) {
      target.views.put(cls, view);
    }
  }

  private int inherited(int ref, int number, ResolvedClass.Field field, RClass cls) {
    int parent = ClassRef.isImported(ref) ? ClassRef.NONE : file.classes().get(ref).parent();
    if (parent != ClassRef.NONE && !ClassRef.isImported(parent)) {
      return target.field(classAt(parent), number);
    }
    RClass owner = parent == ClassRef.NONE ? cls : classAt(parent);
    return field.isPrivate() && owner.field(field.name()) != number
        ? NO_FIELD
        : owner.field(field.name());
  }

  // ---- functions

  private RFunction function(int i) {
    FunctionDef def = file.functions().get(i);
    LinkedType type = target.types[def.type()];
    return new RFunction(
        def.name(),
        i,
        def.flags(),
        type,
        def.paramCount(),
        types.signature(type),
        linked(def.localTypes()),
        linked(def.captureTypes()),
        target);
  }

  private LinkedType[] linked(List<Integer> indices) {
    LinkedType[] all = new LinkedType[indices.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = target.types[indices.get(i)];
    }
    return all;
  }
}
