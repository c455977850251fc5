package dev.raya.vm.bytecode;

import java.util.List;

/**
 * A type as a string, for hash tables over types that come from a file. Strings are comparable, so
 * a table whose keys a hostile file made collide still answers in logarithmic time; records are
 * not.
 */
final class TypeKey {
  private final StringBuilder key = new StringBuilder();

  private TypeKey() {}

  static String of(RType type) {
    TypeKey maker = new TypeKey();
    maker.add(type);
    return maker.key.toString();
  }

  static String of(List<Integer> types) {
    TypeKey maker = new TypeKey();
    maker.ints(types);
    return maker.key.toString();
  }

  private void add(RType type) {
    switch (type) {
      case RType.Predefined p -> tag('p', p.index());
      case RType.ArrayType a -> tag(a.readOnly() ? 'A' : 'a', a.element());
      case RType.TupleType t -> {
        tag(t.readOnly() ? 'T' : 't', 0);
        ints(t.elements());
      }
      case RType.FunctionType f -> {
        tag(f.rest() ? 'F' : 'f', f.result());
        number(f.optional());
        ints(f.params());
      }
      case RType.ClassType c -> tag('c', c.ref());
      case RType.InterfaceType i -> record('i', i.name(), i.properties(), i.arguments());
      case RType.ObjectType o -> record('o', o.name(), o.properties(), o.arguments());
      case RType.UnionType u -> {
        tag('u', 0);
        text(u.discriminant());
        ints(u.members());
      }
      case RType.TaskType t -> tag('k', t.result());
      case RType.ChannelType c -> tag('h', c.element());
      case RType.CellType c -> tag('l', c.content());
      case RType.NumericLiteral n -> {
        tag('n', n.base());
        number(n.value());
      }
      case RType.StringLiteral s -> {
        tag('s', 0);
        text(s.value());
      }
    }
  }

  private void record(
      char tag, String name, List<RType.Property> properties, List<Integer> arguments) {
    tag(tag, properties.size());
    text(name);
    for (RType.Property property : properties) {
      text(property.name());
      number(property.type());
      number(property.flags());
    }
    ints(arguments);
  }

  private void tag(char tag, int value) {
    key.append(tag);
    number(value);
  }

  private void number(int value) {
    key.append((char) (value >>> 16)).append((char) value);
  }

  private void text(String value) {
    number(value.length());
    key.append(value);
  }

  private void ints(List<Integer> list) {
    number(list.size());
    for (int value : list) {
      number(value);
    }
  }
}
