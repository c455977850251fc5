package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import java.util.List;

/** EXPT: what is exported has the declared type, and the entry point that of main. */
final class ExportRules {
  private final ModuleSymbols symbols;
  private final RbinModule module;
  private final Assignability assignability;

  ExportRules(ModuleSymbols symbols, Assignability assignability) {
    this.symbols = symbols;
    this.module = symbols.module();
    this.assignability = assignability;
  }

  void check() throws RbinException {
    boolean library = module.meta().packageName().startsWith("raya:");
    for (ModuleDef definition : module.modules()) {
      for (Export export : definition.exports()) {
        if (!fits(export)) {
          throw fail(export.name() + " is exported with another type than it has");
        }
        if (export.grants() != 0 && (!library || (export.grants() & ~Capabilities.ALL) != 0)) {
          throw fail(export.name() + " is exported with grants");
        }
      }
    }
    entry();
  }

  private void entry() throws RbinException {
    for (int i = 0; i < module.functions().size(); i++) {
      boolean flagged = (module.functions().get(i).flags() & FunctionDef.ENTRY) != 0;
      if (flagged != (module.entry() == symbols.importedFunctionCount() + i)) {
        throw fail("the entry point and the flag ENTRY disagree");
      }
    }
    if (module.entry() == -1) {
      return;
    }
    ModuleSymbols.Callee main = symbols.function(module.entry());
    FunctionType type = (FunctionType) symbols.types().type(main.type());
    int result = type.result();
    boolean fits =
        main.local() != null
            && main.receiver() == ClassRef.NONE
            && main.local().captureTypes().isEmpty()
            && type.required() <= 1
            && type.params().size() <= 1
            && (result == PredefinedType.VOID
                || result == PredefinedType.INT
                || result == PredefinedType.NEVER)
            && (type.params().isEmpty() || isArguments(type.params().getFirst()));
    if (!fits) {
      throw fail("the entry point has a wrong type");
    }
  }

  private boolean isArguments(int type) {
    return symbols.types().type(type) instanceof RType.ArrayType array
        && array.element() == PredefinedType.STRING;
  }

  private boolean fits(Export export) throws RbinException {
    return switch (export.kind()) {
      case ExportKind.FUNCTION -> {
        ModuleSymbols.Callee callee = symbols.function(export.target());
        yield callee.local() != null && callee.type() == export.type();
      }
      case ExportKind.CLASS -> isShape(export.target(), export.type());
      case ExportKind.CONSTANT -> {
        ModuleSymbols.Variable variable = symbols.global(export.target());
        yield !variable.imported() && variable.type() == export.type();
      }
      case ExportKind.RE_EXPORT ->
          symbols.members().get(export.target()).member().type() == export.type();
      default -> true;
    };
  }

  /** Whether a type is the {@link ClassShape} of a class. */
  private boolean isShape(int classIndex, int type) throws RbinException {
    ResolvedClass owner = symbols.resolve(classIndex);
    if (!(symbols.types().type(type) instanceof RType.InterfaceType shape)) {
      return false;
    }
    List<Property> properties = shape.properties();
    int members = owner.fieldCount() + owner.slots().size();
    if (properties.size() < members
        || properties.size() > members + 1
        || !shape.name().equals(owner.name())) {
      return false;
    }
    for (int i = 0; i < owner.fieldCount(); i++) {
      if (!isField(properties.get(i), owner.field(i))) {
        return false;
      }
    }
    for (int i = 0; i < owner.slots().size(); i++) {
      Property property = properties.get(owner.fieldCount() + i);
      ResolvedClass.Method slot = owner.slots().get(i);
      if (!property.method()
          || !property.name().equals(slot.name())
          || !assignability.same(property.type(), slot.type())) {
        return false;
      }
    }
    return properties.size() == members || isAncestor(owner, properties.getLast());
  }

  private boolean isField(Property property, ResolvedClass.Field field) {
    boolean hidden = (property.flags() & ModuleSymbols.SHAPE_PRIVATE) != 0;
    boolean type =
        hidden
            ? symbols.types().kind(property.type()) == symbols.types().kind(field.type())
            : property.type() == field.type();
    return type
        && hidden == field.isPrivate()
        && property.name().equals(field.name())
        && property.readOnly() == field.readOnly()
        && !property.method();
  }

  private boolean isAncestor(ResolvedClass owner, Property property) throws RbinException {
    ResolvedClass ancestor = symbols.classOf(property.type());
    return property.name().equals(ModuleSymbols.SHAPE_SUPER)
        && ancestor != null
        && ancestor.ref() != owner.ref()
        && assignability.derives(owner, ancestor);
  }

  private static RbinException fail(String detail) {
    return new RbinException(RbinErrorKind.BAD_EXPORT, "EXPT", -1, -1, detail);
  }
}
