package dev.raya.vm.context;

import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.value.RClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Texts that are equal exactly for class instances with the same linked type arguments. A type met
 * again while its own text is being written is named by how many levels up it began, which makes
 * the text of a recursive type finite.
 */
final class InstanceKeys {
  /** Gives the class of a class reference. */
  interface Classes {
    RClass of(int ref, InstanceKeys keys);
  }

  private final RbinModule file;
  private final Classes classes;
  private final ClassInstances numbers;
  private final List<Integer> open = new ArrayList<>();

  InstanceKeys(RbinModule file, Classes classes, ClassInstances numbers) {
    this.file = file;
    this.classes = classes;
    this.numbers = numbers;
  }

  static String templateName(ClassDef def) {
    int at = def.name().indexOf('<');
    return at < 0 ? def.name() : def.name().substring(0, at);
  }

  /** Returns the key of an instance within its template's module. */
  String of(ClassDef def) {
    StringBuilder out = new StringBuilder(templateName(def));
    for (int argument : def.typeArguments()) {
      out.append('\n');
      write(out, argument);
    }
    return out.toString();
  }

  private void write(StringBuilder out, int index) {
    if (index < PredefinedType.FIRST_STORED) {
      out.append(PredefinedType.name(index));
      return;
    }
    int level = open.lastIndexOf(index);
    if (level >= 0) {
      out.append('^').append(open.size() - level);
      return;
    }
    open.add(index);
    switch (file.type(index)) {
      case RType.Predefined p -> out.append(PredefinedType.name(p.index()));
      case RType.ArrayType a -> {
        out.append(a.readOnly() ? "readonly[" : "[");
        write(out, a.element());
        out.append(']');
      }
      case RType.TupleType t -> list(out, t.readOnly() ? "readonly(" : "(", t.elements());
      case RType.FunctionType f -> {
        list(out, "fn" + f.optional() + (f.rest() ? "r(" : "("), f.params());
        write(out, f.result());
      }
      case RType.ClassType c -> out.append('#').append(numbers.number(classes.of(c.ref(), this)));
      case RType.InterfaceType i -> properties(out, "{", i.properties());
      case RType.ObjectType o -> properties(out, "={", o.properties());
      case RType.UnionType u -> union(out, u.members());
      case RType.TaskType t -> list(out, "task(", List.of(t.result()));
      case RType.ChannelType c -> list(out, "channel(", List.of(c.element()));
      case RType.CellType c -> list(out, "cell(", List.of(c.content()));
      case RType.NumericLiteral n -> out.append(n.base()).append('=').append(n.value());
      case RType.StringLiteral s -> out.append(s.value().length()).append('"').append(s.value());
    }
    open.removeLast();
  }

  private void list(StringBuilder out, String start, List<Integer> types) {
    out.append(start);
    for (int type : types) {
      write(out, type);
      out.append(',');
    }
    out.append(')');
  }

  /** Members by name: their order in the declaration makes no other type (language.md 3.2). */
  private void properties(StringBuilder out, String start, List<RType.Property> properties) {
    out.append(start);
    List<RType.Property> sorted = new ArrayList<>(properties);
    sorted.sort(Comparator.comparing(RType.Property::name));
    for (RType.Property p : sorted) {
      out.append(p.name().length()).append(p.name()).append('/').append(p.flags()).append(':');
      write(out, p.type());
    }
    out.append('}');
  }

  /**
   * Members are in the order of the file's numbers, which differs between files: sorted by their
   * texts.
   */
  private void union(StringBuilder out, List<Integer> members) {
    List<String> texts = new ArrayList<>();
    for (int member : members) {
      StringBuilder one = new StringBuilder();
      write(one, member);
      texts.add(one.toString());
    }
    texts.sort(null);
    out.append('<').append(String.join("|", texts)).append('>');
  }
}
