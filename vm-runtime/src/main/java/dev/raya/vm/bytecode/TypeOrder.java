package dev.raya.vm.bytecode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * The depth-first walk that numbers stored types ({@code rbin.md} 3.3), and what it walks along.
 */
final class TypeOrder {
  private TypeOrder() {}

  /** The types a type names, in payload order. */
  static List<Integer> children(RType type) {
    return switch (type) {
      case RType.Predefined p -> List.of();
      case RType.ArrayType array -> List.of(array.element());
      case RType.TupleType tuple -> tuple.elements();
      case RType.FunctionType function -> {
        List<Integer> list = new ArrayList<>(function.params());
        list.add(function.result());
        yield list;
      }
      case RType.ClassType c -> List.of();
      case RType.InterfaceType i -> recordChildren(i.properties(), i.arguments());
      case RType.ObjectType o -> recordChildren(o.properties(), o.arguments());
      case RType.UnionType union -> union.members();
      case RType.TaskType task -> List.of(task.result());
      case RType.ChannelType channel -> List.of(channel.element());
      case RType.CellType cell -> List.of(cell.content());
      case RType.NumericLiteral literal -> List.of();
      case RType.StringLiteral literal -> List.of();
    };
  }

  private static List<Integer> recordChildren(
      List<RType.Property> properties, List<Integer> arguments) {
    List<Integer> list = new ArrayList<>(properties.size() + arguments.size());
    for (RType.Property property : properties) {
      list.add(property.type());
    }
    list.addAll(arguments);
    return list;
  }

  /** The type with every type index and class reference mapped; unions come out ascending. */
  static RType map(RType type, IntUnaryOperator index, IntUnaryOperator classRef) {
    return switch (type) {
      case RType.Predefined p -> p;
      case RType.ArrayType a -> new RType.ArrayType(index.applyAsInt(a.element()), a.readOnly());
      case RType.TupleType t -> new RType.TupleType(mapAll(t.elements(), index), t.readOnly());
      case RType.FunctionType f ->
          new RType.FunctionType(
              mapAll(f.params(), index), index.applyAsInt(f.result()), f.optional(), f.rest());
      case RType.ClassType c -> new RType.ClassType(classRef.applyAsInt(c.ref()));
      case RType.InterfaceType i ->
          new RType.InterfaceType(
              i.name(), mapProperties(i.properties(), index), mapAll(i.arguments(), index));
      case RType.ObjectType o ->
          new RType.ObjectType(
              o.name(), mapProperties(o.properties(), index), mapAll(o.arguments(), index));
      case RType.UnionType u ->
          new RType.UnionType(
              mapAll(u.members(), index).stream().distinct().sorted().toList(), u.discriminant());
      case RType.TaskType t -> new RType.TaskType(index.applyAsInt(t.result()));
      case RType.ChannelType c -> new RType.ChannelType(index.applyAsInt(c.element()));
      case RType.CellType c -> new RType.CellType(index.applyAsInt(c.content()));
      case RType.NumericLiteral literal -> literal;
      case RType.StringLiteral literal -> literal;
    };
  }

  private static List<Integer> mapAll(List<Integer> list, IntUnaryOperator index) {
    List<Integer> mapped = new ArrayList<>(list.size());
    for (int type : list) {
      mapped.add(index.applyAsInt(type));
    }
    return mapped;
  }

  private static List<RType.Property> mapProperties(
      List<RType.Property> properties, IntUnaryOperator index) {
    List<RType.Property> mapped = new ArrayList<>(properties.size());
    for (RType.Property property : properties) {
      mapped.add(
          new RType.Property(property.name(), index.applyAsInt(property.type()), property.flags()));
    }
    return mapped;
  }

  /**
   * Walks from a root, giving the next number to each type not seen before.
   *
   * @param numbers number per type, 0 where there is none yet
   * @param met types in the order they were met; appended to
   */
  static void walk(int root, IntFunction<RType> typeOf, int[] numbers, List<Integer> met) {
    Deque<Integer> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      int type = open.pop();
      if (type < PredefinedType.FIRST_STORED || numbers[type] != 0) {
        continue;
      }
      numbers[type] = PredefinedType.FIRST_STORED + met.size();
      met.add(type);
      List<Integer> children = children(typeOf.apply(type));
      for (int i = children.size() - 1; i >= 0; i--) {
        open.push(children.get(i));
      }
    }
  }
}
