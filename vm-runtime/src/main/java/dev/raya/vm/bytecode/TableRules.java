package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FreeName;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Indices and order of IMPT, NATV, CLAS, GLOB, FUNC, EXPT, DECL and DOCS, and the shape of each
 * function's frame. TYPE has been checked before.
 */
final class TableRules {
  private final RbinModule module;
  private final int typeCount;
  private int functionCount;
  private int globalCount;
  private int classMembers;
  private int memberCount;

  TableRules(RbinModule module) {
    this.module = module;
    this.typeCount = PredefinedType.FIRST_STORED + module.types().size();
  }

  void check() throws RbinException {
    imports();
    natives();
    int functions = functionCount;
    functionCount += module.functions().size();
    globalCount += module.globals().size();
    if (functionCount > RbinFormat.MAX_FUNCTIONS || memberCount > RbinFormat.MAX_MEMBERS) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, "FUNC", "too many functions or imports");
    }
    for (GlobalDef global : module.globals()) {
      valueType(global.type(), "GLOB");
    }
    for (int i = 0; i < module.classes().size(); i++) {
      classDef(i, functions);
    }
    for (int i = 0; i < module.functions().size(); i++) {
      new FrameRules(module, this, i).check();
    }
    if (module.modules().isEmpty()) {
      throw fail(RbinErrorKind.BAD_EXPORT, "EXPT", "there is no module");
    }
    boolean exports = false;
    for (int i = 0; i < module.modules().size(); i++) {
      moduleDef(i);
      exports |= !module.modules().get(i).exports().isEmpty();
    }
    flags(exports);
    decls();
  }

  private void flags(boolean exports) throws RbinException {
    int flags = module.flags();
    boolean entry = module.entry() != -1;
    if (((flags & RbinModule.FLAG_EXPORTS) != 0) != exports
        || ((flags & RbinModule.FLAG_ENTRY) != 0) != entry
        || ((flags & RbinModule.FLAG_NATIVE) != 0) == module.natives().isEmpty()) {
      throw fail(RbinErrorKind.NON_CANONICAL, "header", "a flag contradicts the sections");
    }
    if (entry && (module.entry() < 0 || module.entry() >= functionCount)) {
      throw fail(RbinErrorKind.BAD_INDEX, "EXPT", "no entry function " + module.entry());
    }
  }

  private void imports() throws RbinException {
    String last = "";
    for (Import imported : module.imports()) {
      if (Wtf8.ORDER.compare(imported.specifier(), last) <= 0) {
        throw fail(
            RbinErrorKind.NON_CANONICAL,
            "IMPT",
            imported.specifier() + " is out of order or empty");
      }
      last = imported.specifier();
      ImportMember previous = null;
      Set<String> classes = new HashSet<>();
      for (ImportMember member : imported.members()) {
        if (previous != null
            && (member.kind() < previous.kind()
                || (member.kind() == previous.kind()
                    && Wtf8.ORDER.compare(previous.name(), member.name()) >= 0))) {
          throw fail(RbinErrorKind.NON_CANONICAL, "IMPT", member.name() + " is out of order");
        }
        previous = member;
        member(member, classes);
      }
      for (ImportMember member : imported.members()) {
        int hash = member.name().indexOf('#');
        if (member.baseKind() == ExportKind.FUNCTION
            && hash > 0
            && !classes.contains(member.name().substring(0, hash))) {
          throw fail(
              RbinErrorKind.BAD_INDEX, "IMPT", "the class of " + member.name() + " is missing");
        }
      }
    }
    for (Import imported : module.imports()) {
      for (ImportMember member : imported.members()) {
        if (member.baseKind() == ExportKind.CLASS) {
          ancestors(member);
        }
      }
    }
  }

  private void member(ImportMember member, Set<String> classes) throws RbinException {
    memberCount++;
    type(member.type(), "IMPT");
    RType type = module.type(member.type());
    switch (member.baseKind()) {
      case ExportKind.FUNCTION -> {
        functionCount++;
        if (!(type instanceof RType.FunctionType)) {
          throw fail(RbinErrorKind.BAD_TYPE, "IMPT", member.name() + " is no function");
        }
      }
      case ExportKind.CLASS -> {
        classMembers++;
        classes.add(member.name());
        if (!(type instanceof RType.InterfaceType)) {
          throw fail(RbinErrorKind.BAD_TYPE, "IMPT", member.name() + " has no shape");
        }
      }
      case ExportKind.CONSTANT -> {
        globalCount++;
        valueType(member.type(), "IMPT");
      }
      default -> {}
    }
  }

  /** The chain of {@code super} properties must end. */
  private void ancestors(ImportMember start) throws RbinException {
    ImportMember at = start;
    for (int depth = 0; depth <= RbinFormat.MAX_INHERITANCE; depth++) {
      ImportMember parent = null;
      if (module.type(at.type()) instanceof RType.InterfaceType shape) {
        for (RType.Property property : shape.properties()) {
          if (property.name().equals(ModuleSymbols.SHAPE_SUPER) && !property.method()) {
            parent = superOf(property, at);
          }
        }
      }
      if (parent == null) {
        return;
      }
      at = parent;
    }
    throw fail(RbinErrorKind.BAD_CLASS, "IMPT", start.name() + " has too many ancestors");
  }

  private @Nullable ImportMember superOf(RType.Property property, ImportMember of)
      throws RbinException {
    if (property.type() == PredefinedType.ERROR) {
      return null;
    }
    if (module.type(property.type()) instanceof RType.ClassType c && ClassRef.isImported(c.ref())) {
      int number = ClassRef.index(c.ref());
      for (Import imported : module.imports()) {
        for (ImportMember member : imported.members()) {
          if (member.baseKind() == ExportKind.CLASS && number-- == 0) {
            return member;
          }
        }
      }
    }
    if (module.type(property.type()) instanceof RType.ClassType c && isOfCore(c.ref())) {
      return null;
    }
    throw fail(RbinErrorKind.BAD_CLASS, "IMPT", of.name() + " has an impossible ancestor");
  }

  /** Whether a class is one that the VM implements, which has no ancestor. */
  private boolean isOfCore(int ref) {
    if (ref < 0 || ref >= module.classes().size()) {
      return false;
    }
    RbinModule.ClassDef row = module.classes().get(ref);
    int origin = row.origin();
    return row.parent() == ClassRef.NONE
        && origin > 0
        && origin <= module.imports().size()
        && module.imports().get(origin - 1).specifier().equals(ModuleSymbols.CORE);
  }

  private void natives() throws RbinException {
    int members = 0;
    for (NativeImport imported : module.natives()) {
      for (NativeMember member : imported.members()) {
        type(member.type(), "NATV");
        if (!(module.type(member.type()) instanceof RType.FunctionType)) {
          throw fail(RbinErrorKind.BAD_TYPE, "NATV", member.name() + " is no function");
        }
        members++;
      }
    }
    if (members > 0xFFFF) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, "NATV", members + " native functions");
    }
  }

  private void classDef(int index, int importedFunctions) throws RbinException {
    ClassDef definition = module.classes().get(index);
    int parent = definition.parent();
    if (parent != ClassRef.NONE) {
      if (ClassRef.isImported(parent)) {
        classRef(parent, "CLAS");
      } else if (parent >= index) {
        throw fail(
            RbinErrorKind.BAD_CLASS, "CLAS", definition.name() + " stands before its parent");
      }
    }
    for (FieldDef field : definition.fields()) {
      valueType(field.type(), "CLAS");
    }
    if (definition.constructor() != -1) {
      function(definition.constructor(), "CLAS");
    }
    for (Slot slot : definition.vtable()) {
      function(slot.function(), "CLAS");
    }
    int last = -1;
    for (int type : definition.interfaces()) {
      valueType(type, "CLAS");
      if (type <= last) {
        throw fail(RbinErrorKind.NON_CANONICAL, "CLAS", "interfaces are not ascending");
      }
      last = type;
    }
    for (int type : definition.typeArguments()) {
      valueType(type, "CLAS");
    }
    if (Integer.compareUnsigned(definition.origin(), module.imports().size()) > 0) {
      throw fail(RbinErrorKind.BAD_INDEX, "CLAS", definition.name() + " has no such origin");
    }
    statics(definition);
  }

  private void statics(ClassDef definition) throws RbinException {
    int first = globalCount - module.globals().size();
    for (int i = 0; i < definition.staticCount(); i++) {
      int local = definition.staticBase() + i - first;
      if (local < 0
          || local >= module.globals().size()
          || (module.globals().get(local).flags() & GlobalDef.STATIC) == 0) {
        throw fail(RbinErrorKind.BAD_INDEX, "CLAS", definition.name() + " has no such statics");
      }
    }
    if (definition.staticCount() == 0 && definition.staticBase() != 0) {
      throw fail(RbinErrorKind.NON_CANONICAL, "CLAS", definition.name() + " has no statics");
    }
  }

  private void moduleDef(int index) throws RbinException {
    ModuleDef definition = module.modules().get(index);
    if (definition.init() != -1) {
      int local = definition.init() - (functionCount - module.functions().size());
      if (local < 0
          || local >= module.functions().size()
          || (module.functions().get(local).flags() & FunctionDef.INIT) == 0) {
        throw fail(RbinErrorKind.BAD_INDEX, "EXPT", "no init function " + definition.init());
      }
    }
    for (int dependency : definition.dependencies()) {
      if ((dependency & ModuleDef.IMPORTED_DEPENDENCY) != 0) {
        if ((dependency & ~ModuleDef.IMPORTED_DEPENDENCY) >= module.imports().size()) {
          throw fail(RbinErrorKind.BAD_INDEX, "EXPT", "no import " + dependency);
        }
      } else if (dependency >= module.modules().size()) {
        throw fail(RbinErrorKind.BAD_INDEX, "EXPT", "no module " + dependency);
      } else if (dependency >= index) {
        throw fail(
            RbinErrorKind.IMPORT_CYCLE, "EXPT", definition.path() + " stands before what it needs");
      }
    }
    Export last = null;
    for (Export export : definition.exports()) {
      if (last != null) {
        int order = Wtf8.ORDER.compare(last.name(), export.name());
        if (order == 0 && last.kind() == export.kind()) {
          throw fail(RbinErrorKind.BAD_EXPORT, "EXPT", export.name() + " is exported twice");
        }
        if (order > 0 || (order == 0 && last.kind() > export.kind())) {
          throw fail(RbinErrorKind.NON_CANONICAL, "EXPT", export.name() + " is out of order");
        }
      }
      last = export;
      export(export);
    }
  }

  private void export(Export export) throws RbinException {
    type(export.type(), "EXPT");
    int target = export.target();
    boolean known =
        switch (export.kind()) {
          case ExportKind.FUNCTION -> target >= 0 && target < functionCount;
          case ExportKind.CLASS -> target >= 0 && target < module.classes().size();
          case ExportKind.CONSTANT -> target >= 0 && target < globalCount;
          case ExportKind.TYPE -> target == export.type();
          case ExportKind.RE_EXPORT -> target >= 0 && target < memberCount;
          default -> false;
        };
    if (!known) {
      throw fail(RbinErrorKind.BAD_EXPORT, "EXPT", export.name() + " exports nothing");
    }
  }

  private void decls() throws RbinException {
    Decl last = null;
    for (Decl decl : module.decls() == null ? List.<Decl>of() : module.decls()) {
      moduleIndex(decl.module(), "DECL");
      if (last != null && compare(last.module(), last.name(), decl.module(), decl.name()) >= 0) {
        throw fail(RbinErrorKind.BAD_EXPORT, "DECL", decl.name() + " is out of order");
      }
      last = decl;
      freeNames(decl);
    }
    Doc lastDoc = null;
    for (Doc doc : module.docs() == null ? List.<Doc>of() : module.docs()) {
      moduleIndex(doc.module(), "DOCS");
      if (lastDoc != null
          && compare(lastDoc.module(), lastDoc.name(), doc.module(), doc.name()) >= 0) {
        throw fail(RbinErrorKind.BAD_EXPORT, "DOCS", doc.name() + " is out of order");
      }
      lastDoc = doc;
    }
  }

  private static int compare(int module, String name, int otherModule, String otherName) {
    return module != otherModule
        ? Integer.compare(module, otherModule)
        : Wtf8.ORDER.compare(name, otherName);
  }

  private void freeNames(Decl decl) throws RbinException {
    String last = null;
    for (FreeName name : decl.freeNames()) {
      if (last != null && Wtf8.ORDER.compare(last, name.local()) >= 0) {
        throw fail(RbinErrorKind.BAD_EXPORT, "DECL", name.local() + " is out of order");
      }
      last = name.local();
      int limit =
          switch (name.kind()) {
            case 0, 2 -> module.modules().size();
            case 1 -> module.imports().size();
            default -> 0;
          };
      if (name.module() < 0 || name.module() >= limit) {
        throw fail(RbinErrorKind.BAD_EXPORT, "DECL", name.local() + " comes from nowhere");
      }
    }
  }

  private void moduleIndex(int index, String section) throws RbinException {
    if (index < 0 || index >= module.modules().size()) {
      throw fail(RbinErrorKind.BAD_EXPORT, section, "no module " + index);
    }
  }

  void type(int type, String section) throws RbinException {
    if (type < 0 || type >= typeCount || type == 5) {
      throw fail(RbinErrorKind.BAD_INDEX, section, "no type " + Integer.toUnsignedString(type));
    }
  }

  void valueType(int type, String section) throws RbinException {
    type(type, section);
    if (type == PredefinedType.VOID || type == PredefinedType.NEVER) {
      throw fail(RbinErrorKind.BAD_TYPE, section, "a value of type " + PredefinedType.name(type));
    }
  }

  void classRef(int ref, String section) throws RbinException {
    boolean known =
        ClassRef.isImported(ref)
            ? ClassRef.index(ref) < classMembers
            : ref >= 0 && ref < module.classes().size();
    if (!known) {
      throw fail(RbinErrorKind.BAD_INDEX, section, "no class " + Integer.toHexString(ref));
    }
  }

  private void function(int index, String section) throws RbinException {
    if (index < 0 || index >= functionCount) {
      throw fail(
          RbinErrorKind.BAD_INDEX, section, "no function " + Integer.toUnsignedString(index));
    }
  }

  void handlerClass(Handler handler) throws RbinException {
    if (handler.catchClass() != ClassRef.NONE) {
      classRef(handler.catchClass(), "CODE");
    }
  }

  static RbinException fail(RbinErrorKind kind, String section, String detail) {
    return new RbinException(kind, section, -1, -1, detail);
  }
}
