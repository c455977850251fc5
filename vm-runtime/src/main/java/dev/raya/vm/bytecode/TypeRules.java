package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.Property;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** TYPE: indices, unions, parameters, no two equal entries ({@code rbin.md} 3.3). */
final class TypeRules {
  private final RbinModule module;
  private final int count;
  private final int importedClasses;
  private int current;

  TypeRules(RbinModule module) {
    this.module = module;
    this.count = PredefinedType.FIRST_STORED + module.types().size();
    this.importedClasses =
        (int)
            module.imports().stream()
                .flatMap(imported -> imported.members().stream())
                .filter(member -> member.baseKind() == RbinModule.ExportKind.CLASS)
                .count();
  }

  void check() throws RbinException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < module.types().size(); i++) {
      current = PredefinedType.FIRST_STORED + i;
      RType type = module.types().get(i);
      if (!seen.add(TypeKey.of(type))) {
        throw fail(RbinErrorKind.NON_CANONICAL, "is stored twice");
      }
      check(type);
    }
  }

  private void check(RType type) throws RbinException {
    switch (type) {
      case RType.Predefined p -> throw fail(RbinErrorKind.BAD_TYPE, "is predefined");
      case RType.ArrayType array -> value(array.element());
      case RType.TupleType tuple -> values(tuple.elements());
      case RType.FunctionType function -> {
        values(function.params());
        result(function.result());
        boolean rest =
            !function.rest()
                || (function.optional() > 0
                    && module.type(function.params().getLast()) instanceof RType.ArrayType);
        if (function.optional() > function.params().size() || !rest) {
          throw fail(RbinErrorKind.BAD_TYPE, "has impossible optional or rest parameters");
        }
      }
      case RType.ClassType c -> {
        boolean known =
            ClassRef.isImported(c.ref())
                ? ClassRef.index(c.ref()) < importedClasses
                : c.ref() >= 0 && c.ref() < module.classes().size();
        if (!known) {
          throw fail(RbinErrorKind.BAD_INDEX, "names class " + Integer.toHexString(c.ref()));
        }
      }
      case RType.InterfaceType i -> record(i.properties(), i.arguments());
      case RType.ObjectType o -> record(o.properties(), o.arguments());
      case RType.UnionType union -> union(union);
      case RType.TaskType task -> result(task.result());
      case RType.ChannelType channel -> value(channel.element());
      case RType.CellType cell -> value(cell.content());
      case RType.NumericLiteral literal -> {}
      case RType.StringLiteral literal -> {}
    }
  }

  private void index(int type) throws RbinException {
    if (type < 0 || type >= count || type == 5) {
      throw fail(RbinErrorKind.BAD_INDEX, "names type " + Integer.toUnsignedString(type));
    }
  }

  /** A type that values have: not void, never. */
  private void value(int type) throws RbinException {
    index(type);
    if (type == PredefinedType.VOID || type == PredefinedType.NEVER) {
      throw fail(RbinErrorKind.BAD_TYPE, "holds " + PredefinedType.name(type));
    }
  }

  private void values(List<Integer> list) throws RbinException {
    for (int type : list) {
      value(type);
    }
  }

  private void result(int type) throws RbinException {
    index(type);
  }

  private void record(List<Property> properties, List<Integer> arguments) throws RbinException {
    Set<String> names = new HashSet<>();
    for (Property property : properties) {
      value(property.type());
      boolean hidden = (property.flags() & ModuleSymbols.SHAPE_PRIVATE) != 0;
      if (!hidden && !names.add(property.name())) {
        throw fail(RbinErrorKind.BAD_TYPE, "has two properties " + property.name());
      }
      if (property.method() && !(module.type(property.type()) instanceof RType.FunctionType)) {
        throw fail(RbinErrorKind.BAD_TYPE, "has a method that is no function: " + property.name());
      }
    }
    values(arguments);
  }

  private void union(RType.UnionType union) throws RbinException {
    if (union.members().size() < 2) {
      throw fail(RbinErrorKind.BAD_TYPE, "is a union of fewer than two types");
    }
    int last = -1;
    for (int member : union.members()) {
      value(member);
      if (member <= last) {
        throw fail(RbinErrorKind.NON_CANONICAL, "is a union whose members are not ascending");
      }
      last = member;
      if (member == PredefinedType.ANY || module.type(member) instanceof RType.UnionType) {
        throw fail(RbinErrorKind.BAD_TYPE, "is a union with a union or any inside");
      }
      if (!union.discriminant().isEmpty() && !discriminated(member, union.discriminant())) {
        throw fail(RbinErrorKind.BAD_TYPE, "has no discriminant " + union.discriminant());
      }
    }
  }

  private boolean discriminated(int member, String name) {
    return switch (module.type(member)) {
      case RType.InterfaceType i -> i.properties().stream().anyMatch(p -> p.name().equals(name));
      case RType.ObjectType o -> o.properties().stream().anyMatch(p -> p.name().equals(name));
      case RType.ClassType c -> true;
      default -> member == PredefinedType.NULL;
    };
  }

  private RbinException fail(RbinErrorKind kind, String detail) {
    return new RbinException(kind, "TYPE", -1, -1, "type " + current + " " + detail);
  }
}
