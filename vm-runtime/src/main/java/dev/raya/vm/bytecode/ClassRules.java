package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CLAS: inheritance, fields, constructors and vtables ({@code rbin.md} 3.6). */
final class ClassRules {
  private final ModuleSymbols symbols;
  private final RbinModule module;
  private final Assignability assignability;

  /** The classes of {@code raya:core} that may be extended, besides Error (language.md 10.1). */
  private static final Set<String> EXTENSIBLE = Set.of("Map", "Set", "Date", "Mutex", "Channel");

  private final BuiltinTyping builtins;

  ClassRules(ModuleSymbols symbols, Assignability assignability) {
    this.symbols = symbols;
    this.builtins = new BuiltinTyping(symbols);
    this.module = symbols.module();
    this.assignability = assignability;
  }

  void check() throws RbinException {
    int[] depth = new int[module.classes().size()];
    for (int i = 0; i < depth.length; i++) {
      ClassDef definition = module.classes().get(i);
      int parent = definition.parent();
      depth[i] = 1 + (parent >= 0 ? depth[parent] : 0);
      if (depth[i] > RbinFormat.MAX_INHERITANCE) {
        throw fail(RbinErrorKind.LIMIT_EXCEEDED, definition, "is too far down");
      }
      check(i, definition);
    }
  }

  private void check(int index, ClassDef definition) throws RbinException {
    ResolvedClass parent =
        definition.parent() == ClassRef.NONE ? null : symbols.resolve(definition.parent());
    boolean error = (definition.flags() & ClassDef.ERROR) != 0;
    if (error != (parent != null ? parent.isError() : symbols.isCoreError(index))) {
      throw fail(RbinErrorKind.BAD_CLASS, definition, "has a wrong ERROR flag");
    }
    if (parent != null
        && definition.parent() >= 0
        && ((module.classes().get(definition.parent()).flags() & ClassDef.FINAL) != 0
            || !(parent.template() == null || EXTENSIBLE.contains(parent.template())))) {
      throw fail(RbinErrorKind.BAD_CLASS, definition, "extends a final class");
    }
    boolean instance = (definition.flags() & ClassDef.INSTANCE) != 0;
    // A class of raya:core that the VM implements is an instance without arguments.
    boolean arguments = !definition.typeArguments().isEmpty();
    if ((instance && !arguments && definition.origin() == 0)
        || (!instance && (arguments || definition.origin() != 0))) {
      throw fail(RbinErrorKind.BAD_CLASS, definition, "is half an instance of a template");
    }
    int fields = (parent == null ? 0 : parent.fieldCount()) + definition.fields().size();
    if (fields > RbinFormat.MAX_FIELDS) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, definition, "has " + fields + " fields");
    }
    Set<String> names = new HashSet<>();
    for (FieldDef field : definition.fields()) {
      ResolvedClass.Field inherited = parent == null ? null : parent.field(field.name());
      if (!names.add(field.name()) || (inherited != null && !inherited.isPrivate())) {
        throw fail(RbinErrorKind.BAD_CLASS, definition, "has two fields " + field.name());
      }
    }
    constructor(index, definition);
    vtable(index, definition, parent);
  }

  private void constructor(int index, ClassDef definition) throws RbinException {
    if (definition.constructor() == -1) {
      return;
    }
    ModuleSymbols.Callee callee = symbols.function(definition.constructor());
    if (!callee.has(FunctionDef.CONSTRUCTOR) || callee.receiver() != index) {
      throw fail(RbinErrorKind.BAD_CLASS, definition, "has no such constructor");
    }
  }

  private void vtable(int index, ClassDef definition, @Nullable ResolvedClass parent)
      throws RbinException {
    List<ResolvedClass.Method> inherited = parent == null ? List.of() : parent.slots();
    List<Slot> slots = definition.vtable();
    if (slots.size() < inherited.size()) {
      throw fail(RbinErrorKind.BAD_CLASS, definition, "lacks slots of its parent");
    }
    ResolvedClass self = symbols.resolve(index);
    ResolvedClass core = symbols.coreRoot(parent);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      ModuleSymbols.Callee callee = symbols.function(slot.function());
      if (!names.add(slot.name())) {
        throw fail(RbinErrorKind.BAD_CLASS, definition, "has two methods " + slot.name());
      }
      if (!callee.has(FunctionDef.METHOD)
          || callee.receiver() == ClassRef.NONE
          || !assignability.derives(self, symbols.resolve(callee.receiver()))) {
        throw fail(RbinErrorKind.BAD_CLASS, definition, slot.name() + " is no method of it");
      }
      BuiltinSignature member = core == null ? null : Builtins.member(core.template(), slot.name());
      if (member != null
          && core != null
          && !assignability.related(callee.type(), builtins.methodType(member, core))) {
        throw fail(
            RbinErrorKind.BAD_CLASS, definition, slot.name() + " does not override the built-in");
      }
      if (i < inherited.size()) {
        ResolvedClass.Method overridden = inherited.get(i);
        if (!overridden.name().equals(slot.name())
            || !assignability.related(callee.type(), overridden.type())) {
          throw fail(
              RbinErrorKind.BAD_CLASS, definition, slot.name() + " does not override the parent's");
        }
      }
    }
  }

  private static RbinException fail(RbinErrorKind kind, ClassDef definition, String detail) {
    return new RbinException(kind, "CLAS", -1, -1, definition.name() + " " + detail);
  }
}
