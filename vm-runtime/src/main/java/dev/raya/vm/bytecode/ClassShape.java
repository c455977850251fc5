package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.InterfaceType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interface record by which an importer knows a class: all fields in number order, then the
 * vtable in slot order as methods, then {@code super}, the nearest exported or imported ancestor.
 * The types of private fields are replaced by one of the same physical kind. Decided in {@code
 * docs/decisions/0010-types-of-builtins.md}.
 */
final class ClassShape {
  private final RbinBuilder builder;
  private final List<Integer> exported;

  /**
   * @param exported handles of the classes that this file exports
   */
  ClassShape(RbinBuilder builder, List<Integer> exported) {
    this.builder = builder;
    this.exported = exported;
  }

  /** The shape of a local class, as a type handle. */
  int of(int classHandle) {
    ClassDef definition = definition(classHandle);
    List<Property> properties = new ArrayList<>();
    addFields(properties, classHandle);
    for (RbinModule.Slot slot : definition.vtable()) {
      properties.add(
          new Property(slot.name(), builder.functionTypeOf(slot.function()), Property.METHOD));
    }
    int ancestor = ancestor(definition.parent());
    if (ancestor != RbinBuilder.NONE) {
      properties.add(
          new Property(ModuleSymbols.SHAPE_SUPER, builder.classType(ancestor), Property.READ_ONLY));
    } else if ((definition.flags() & ClassDef.ERROR) != 0 && definition.parent() != ClassRef.NONE) {
      properties.add(
          new Property(ModuleSymbols.SHAPE_SUPER, PredefinedType.ERROR, Property.READ_ONLY));
    }
    return builder.type(
        new InterfaceType(definition.name(), properties, definition.typeArguments()));
  }

  private void addFields(List<Property> properties, int classHandle) {
    RbinBuilder.ClassEntry entry = builder.classes.get(classHandle);
    if (entry.imported != null) {
      if (builder.typeOf(entry.imported.type) instanceof InterfaceType shape) {
        for (Property property : shape.properties()) {
          if (!property.method() && !property.name().equals(ModuleSymbols.SHAPE_SUPER)) {
            properties.add(property);
          }
        }
      }
      return;
    }
    ClassDef definition = definition(classHandle);
    if (definition.parent() != ClassRef.NONE) {
      addFields(properties, definition.parent());
    }
    for (FieldDef field : definition.fields()) {
      boolean isPrivate = (field.flags() & FieldDef.PRIVATE) != 0;
      int flags = (field.flags() & FieldDef.READ_ONLY) != 0 ? Property.READ_ONLY : 0;
      properties.add(
          new Property(
              field.name(),
              isPrivate ? standIn(field.type()) : field.type(),
              isPrivate ? flags | ModuleSymbols.SHAPE_PRIVATE : flags));
    }
  }

  private int ancestor(int parent) {
    int at = parent;
    while (at != ClassRef.NONE) {
      if (builder.classes.get(at).imported != null
          || exported.contains(at)
          || isOfCore(definition(at))) {
        return at;
      }
      at = definition(at).parent();
    }
    return RbinBuilder.NONE;
  }

  /** Whether it is an instance of a class that the VM implements: importers have it by itself. */
  private boolean isOfCore(ClassDef definition) {
    return definition.origin() != 0
        && builder.imports.get(definition.origin() - 1).specifier.equals(ModuleSymbols.CORE);
  }

  private ClassDef definition(int classHandle) {
    @Nullable ClassDef local = builder.classes.get(classHandle).local;
    if (local == null) {
      throw new IllegalStateException("class " + classHandle + " is declared but not defined");
    }
    return local;
  }

  /** A type of the same physical kind that tells nothing else. */
  private int standIn(int type) {
    return switch (kind(type)) {
      case I -> PredefinedType.INT;
      case F -> PredefinedType.NUMBER;
      case V -> PredefinedType.ANY;
      default -> PredefinedType.FOREIGN;
    };
  }

  private PhysicalKind kind(int type) {
    return switch (builder.typeOf(type)) {
      case RType.Predefined p ->
          switch (p.index()) {
            case PredefinedType.BOOL, PredefinedType.INT -> PhysicalKind.I;
            case PredefinedType.NUMBER -> PhysicalKind.F;
            case PredefinedType.ANY -> PhysicalKind.V;
            default -> PhysicalKind.R;
          };
      case RType.NumericLiteral literal -> PhysicalKind.I;
      case RType.UnionType union -> {
        boolean references = true;
        int base = base(union.members().getFirst());
        boolean oneBase = base >= 0;
        for (int member : union.members()) {
          references &= kind(member) == PhysicalKind.R;
          oneBase &= base(member) == base;
        }
        yield references ? PhysicalKind.R : oneBase ? PhysicalKind.I : PhysicalKind.V;
      }
      default -> PhysicalKind.R;
    };
  }

  private int base(int type) {
    if (builder.typeOf(type) instanceof RType.NumericLiteral literal) {
      return literal.base();
    }
    return type == PredefinedType.INT || type == PredefinedType.BOOL ? type : -1;
  }
}
