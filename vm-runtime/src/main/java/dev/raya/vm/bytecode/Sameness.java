package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RType.UnionType;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When two types of a file are one although they have entries of their own: interfaces of different
 * names with the same members (language.md 3.2, rule 5: a mutable property must have the same type,
 * which is said by structure), what is made of such types, and instances of one template for such
 * arguments, which the VM gives one class. Types may contain themselves; {@link Assignability}
 * remembers what is being compared.
 */
final class Sameness {
  private final ModuleSymbols symbols;
  private final RbinModule module;
  private final Assignability assignability;
  private @Nullable TemplateModules templates;

  Sameness(ModuleSymbols symbols, Assignability assignability) {
    this.symbols = symbols;
    this.module = symbols.module();
    this.assignability = assignability;
  }

  /** Whether two stored types of one physical kind are the same. */
  boolean test(RType first, RType second) throws RbinException {
    return switch (first) {
      case RType.InterfaceType a -> second instanceof RType.InterfaceType b && properties(a, b);
      case RType.ObjectType a -> second instanceof RType.ObjectType b && properties(a, b);
      case RType.ArrayType a ->
          second instanceof RType.ArrayType b
              && a.readOnly() == b.readOnly()
              && assignability.same(a.element(), b.element());
      case RType.TupleType a ->
          second instanceof RType.TupleType b
              && a.readOnly() == b.readOnly()
              && all(a.elements(), b.elements());
      case FunctionType a -> second instanceof FunctionType b && functions(a, b);
      case UnionType a ->
          second instanceof UnionType b
              && among(a.members(), b.members())
              && among(b.members(), a.members());
      case RType.TaskType a ->
          second instanceof RType.TaskType b && assignability.same(a.result(), b.result());
      case RType.ChannelType a ->
          second instanceof RType.ChannelType b && assignability.same(a.element(), b.element());
      case RType.CellType a ->
          second instanceof RType.CellType b && assignability.same(a.content(), b.content());
      case RType.ClassType a -> second instanceof RType.ClassType b && ofClasses(a.ref(), b.ref());
      case RType.Predefined _, RType.NumericLiteral _, RType.StringLiteral _ -> false;
    };
  }

  /**
   * Whether a look at two types alone shows that they differ, which it does of most variants of a
   * union: they need not be compared, nor their comparison remembered.
   */
  boolean differAtOnce(RType first, RType second) {
    if (first.getClass() != second.getClass()
        || first instanceof RType.NumericLiteral
        || first instanceof RType.StringLiteral) {
      return true;
    }
    if (first instanceof UnionType a && second instanceof UnionType b) {
      return a.members().size() != b.members().size();
    }
    Map<String, Property> own = assignability.propertiesOf(first);
    Map<String, Property> other = assignability.propertiesOf(second);
    if (own.size() != other.size()) {
      return true;
    }
    for (Property property : own.values()) {
      Property found = other.get(property.name());
      if (found == null || found.type() != property.type() && isLeaf(property.type())) {
        return true;
      }
    }
    return false;
  }

  private boolean isLeaf(int type) {
    return switch (module.type(type)) {
      case RType.Predefined _ -> type != PredefinedType.ERROR;
      case RType.NumericLiteral _, RType.StringLiteral _ -> true;
      default -> false;
    };
  }

  private boolean all(List<Integer> first, List<Integer> second) throws RbinException {
    if (first.size() != second.size()) {
      return false;
    }
    for (int i = 0; i < first.size(); i++) {
      if (!assignability.same(first.get(i), second.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean functions(FunctionType a, FunctionType b) throws RbinException {
    return a.optional() == b.optional()
        && a.rest() == b.rest()
        && all(a.params(), b.params())
        && assignability.same(a.result(), b.result());
  }

  private boolean among(List<Integer> members, List<Integer> others) throws RbinException {
    for (int member : members) {
      boolean found = others.contains(member);
      for (int i = 0; !found && i < others.size(); i++) {
        found = assignability.same(member, others.get(i));
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private boolean properties(RType a, RType b) throws RbinException {
    Map<String, Property> first = assignability.propertiesOf(a);
    Map<String, Property> second = assignability.propertiesOf(b);
    if (first.size() != second.size()) {
      return false;
    }
    for (Property own : first.values()) {
      Property other = second.get(own.name());
      if (other == null
          || own.optional() != other.optional()
          || (own.readOnly() != other.readOnly() && !own.method() && !other.method())
          || !assignability.same(own.type(), other.type())) {
        return false;
      }
    }
    return true;
  }

  /** Whether two classes are one: instances of one template with the same arguments and layout. */
  boolean ofClasses(int first, int second) throws RbinException {
    if (first == second) {
      return true;
    }
    int classes = module.classes().size();
    if (first < 0 || second < 0 || first >= classes || second >= classes) {
      return false;
    }
    ClassDef a = module.classes().get(first);
    ClassDef b = module.classes().get(second);
    return (a.flags() & ClassDef.INSTANCE) != 0
        && a.flags() == b.flags()
        && a.origin() == b.origin()
        && !a.typeArguments().isEmpty()
        && template(a).equals(template(b))
        && (a.origin() > 0 || home(first) == home(second))
        && all(a.typeArguments(), b.typeArguments())
        && haveOneLayout(a, b);
  }

  private boolean haveOneLayout(ClassDef a, ClassDef b) throws RbinException {
    if (a.fields().size() != b.fields().size()
        || a.vtable().size() != b.vtable().size()
        || !ofClasses(a.parent(), b.parent())) {
      return false;
    }
    for (int i = 0; i < a.fields().size(); i++) {
      FieldDef own = a.fields().get(i);
      FieldDef other = b.fields().get(i);
      if (!own.name().equals(other.name())
          || own.flags() != other.flags()
          || !assignability.same(own.type(), other.type())) {
        return false;
      }
    }
    for (int i = 0; i < a.vtable().size(); i++) {
      Slot own = a.vtable().get(i);
      Slot other = b.vtable().get(i);
      if (!own.name().equals(other.name())
          || !assignability.same(typeOf(own.function()), typeOf(other.function()))) {
        return false;
      }
    }
    return true;
  }

  private int typeOf(int function) {
    return symbols.function(function).type();
  }

  private int home(int number) {
    TemplateModules known = templates;
    if (known == null) {
      known = new TemplateModules(module, symbols.importedFunctionCount());
      templates = known;
    }
    return known.of(number);
  }

  private static String template(ClassDef definition) {
    int arguments = definition.name().indexOf('<');
    return arguments < 0 ? definition.name() : definition.name().substring(0, arguments);
  }
}
