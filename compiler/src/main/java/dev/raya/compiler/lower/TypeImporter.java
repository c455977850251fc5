package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types of another package's file, as types of the package under construction. */
final class TypeImporter {
  private final PackageTables tables;
  private final int imported;
  private final External external;
  private final Map<Integer, IrType> known = new HashMap<>();

  TypeImporter(PackageTables tables, int imported, External external) {
    this.tables = tables;
    this.imported = imported;
    this.external = external;
  }

  /** The type with an index of the file. */
  IrType type(int index) {
    IrType found = known.get(index);
    if (found == null) {
      found = convert(index, external.file().type(index));
      known.put(index, found);
    }
    return found;
  }

  private IrType convert(int index, RType type) {
    return switch (type) {
      case RType.Predefined p -> predefined(p.index());
      case RType.ArrayType a -> new IrType.Array(type(a.element()), a.readOnly());
      case RType.TupleType t -> new IrType.Tuple(all(t.elements()), t.readOnly());
      case RType.FunctionType f ->
          new IrType.Function(all(f.params()), type(f.result()), f.optional(), f.rest());
      case RType.ClassType c -> classType(c.ref());
      case RType.InterfaceType i -> shape(index, false, i.name(), i.properties(), i.arguments());
      case RType.ObjectType o -> shape(index, true, o.name(), o.properties(), o.arguments());
      case RType.UnionType u -> Unions.of(all(u.members()), u.discriminant());
      case RType.TaskType t -> new IrType.Task(type(t.result()));
      case RType.ChannelType c -> new IrType.Channel(type(c.element()));
      case RType.CellType c -> new IrType.Cell(type(c.content()));
      case RType.NumericLiteral n ->
          n.base() == PredefinedType.BOOL
              ? new IrType.BoolLiteral(n.value() != 0)
              : new IrType.IntLiteral(n.value());
      case RType.StringLiteral s -> new IrType.StringLiteral(s.value());
    };
  }

  private static IrType predefined(int index) {
    for (IrType.Basic basic : IrType.Basic.values()) {
      if (basic.index() == index) {
        return basic;
      }
    }
    throw new IllegalStateException("type " + PredefinedType.name(index) + " in an interface");
  }

  private List<IrType> all(List<Integer> indices) {
    return indices.stream().map(this::type).toList();
  }

  private IrType shape(
      int index,
      boolean literal,
      String name,
      List<RType.Property> properties,
      List<Integer> arguments) {
    int number = tables.announceShape();
    known.put(index, new IrType.Shape(number));
    List<IrShape.Property> converted = new ArrayList<>();
    for (RType.Property p : properties) {
      converted.add(
          new IrShape.Property(p.name(), type(p.type()), p.optional(), p.readOnly(), p.method()));
    }
    tables.define(number, new IrShape(literal, name, converted, all(arguments)));
    return new IrType.Shape(number);
  }

  private IrType classType(int ref) {
    RbinModule file = external.file();
    if (ClassRef.isImported(ref)) {
      int at = 0;
      for (RbinModule.Import from : file.imports()) {
        for (RbinModule.ImportMember member : from.members()) {
          if (member.baseKind() == RbinModule.ExportKind.CLASS && at++ == ClassRef.index(ref)) {
            return importedClass(from, member);
          }
        }
      }
      throw new IllegalStateException("class " + ClassRef.index(ref) + " is not imported");
    }
    RbinModule.ClassDef definition = file.classes().get(ref);
    if (isCollection(definition)) {
      int open = definition.name().indexOf('<');
      String name = open < 0 ? definition.name() : definition.name().substring(0, open);
      return TypeLowering.collection(tables, name, all(definition.typeArguments()));
    }
    if ((definition.flags() & RbinModule.ClassDef.INSTANCE) != 0) {
      return instance(definition);
    }
    return named(ref, definition.name());
  }

  /** An instance of a template, of the file or of one it imports. */
  private IrType instance(RbinModule.ClassDef definition) {
    RbinModule file = external.file();
    String name = definition.name().substring(0, definition.name().indexOf('<'));
    String specifier = external.specifier();
    if (definition.origin() > 0) {
      specifier = file.imports().get(definition.origin() - 1).specifier();
    } else if (file.decls() != null) {
      for (RbinModule.Decl row : file.decls()) {
        if (row.kind() == 1 && row.name().equals(name)) {
          specifier = external.sibling(row.module()).specifier();
        }
      }
    }
    return tables.instance(specifier, name, all(definition.typeArguments()));
  }

  private boolean isCollection(RbinModule.ClassDef definition) {
    return (definition.flags() & RbinModule.ClassDef.INSTANCE) != 0
        && definition.origin() > 0
        && external
            .file()
            .imports()
            .get(definition.origin() - 1)
            .specifier()
            .equals(ModuleSymbols.CORE);
  }

  /** A class of the file; another module of it may be the one that exports it. */
  private IrType named(int ref, String name) {
    if (tables.isCore(imported) && name.equals("Error")) {
      return IrType.Basic.ERROR;
    }
    List<RbinModule.ModuleDef> modules = external.file().modules();
    String here = exported(external.module(), ref, name);
    if (here != null) {
      return new IrType.ClassType(tables.importClass(imported, here));
    }
    for (int i = 0; i < modules.size(); i++) {
      String there = exported(i, ref, name);
      if (there != null) {
        int from = tables.importOf(external.sibling(i));
        return new IrType.ClassType(tables.importClass(from, there));
      }
    }
    throw new IllegalStateException(external.specifier() + " does not export the class " + name);
  }

  /**
   * The name by which importers know a class that the module exports; null if they know it as
   * another module's.
   *
   * @param ref the class in the file
   */
  @Nullable String className(int ref) {
    return exported(external.module(), ref, external.file().classes().get(ref).name());
  }

  /** A class of the file by the module and name that importers know it by. */
  IrType type(int ref, String name) {
    return named(ref, name);
  }

  /**
   * What a module exports a class as: its own name before others; null if it does not, or only by
   * names that stand for one of another declaration.
   */
  private @Nullable String exported(int module, int ref, String name) {
    String found = null;
    for (RbinModule.Export e : external.file().modules().get(module).exports()) {
      if (e.kind() == RbinModule.ExportKind.CLASS
          && e.target() == ref
          && !isOtherName(module, e.name())) {
        found = found == null || e.name().equals(name) ? e.name() : found;
      }
    }
    return found;
  }

  private boolean isOtherName(int module, String name) {
    List<RbinModule.Decl> rows = external.file().decls();
    return rows != null
        && rows.stream()
            .anyMatch(
                row ->
                    row.module() == module
                        && row.name().equals(name)
                        && DeclarationText.isOtherName(row.text()));
  }

  /** A class that the other package imports: it must come from a module this one knows too. */
  private IrType importedClass(RbinModule.Import from, RbinModule.ImportMember member) {
    if (from.specifier().equals(ModuleSymbols.CORE) && member.name().equals("Error")) {
      return IrType.Basic.ERROR;
    }
    int number = tables.importNamed(from.specifier());
    return new IrType.ClassType(tables.importClass(number, member.name()));
  }

  /** The shape of an exported class. */
  IrClass.Imported shape(String name, int index) {
    List<IrClass.Field> fields = new ArrayList<>();
    List<IrClass.Method> methods = new ArrayList<>();
    IrType parent = null;
    if (external.file().type(index) instanceof RType.InterfaceType shape) {
      for (RType.Property p : shape.properties()) {
        if (p.method()) {
          methods.add(new IrClass.Method(p.name(), (IrType.Function) type(p.type())));
        } else if (p.name().equals(ModuleSymbols.SHAPE_SUPER)) {
          parent = type(p.type());
        } else {
          boolean isPrivate = (p.flags() & ModuleSymbols.SHAPE_PRIVATE) != 0;
          fields.add(new IrClass.Field(p.name(), type(p.type()), p.readOnly(), isPrivate, false));
        }
      }
    }
    return new IrClass.Imported(name, imported, parent, fields, methods);
  }
}
