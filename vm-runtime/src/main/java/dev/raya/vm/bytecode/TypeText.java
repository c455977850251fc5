package dev.raya.vm.bytecode;

import java.util.List;

/** Writes types for messages and the disassembler, down to a fixed depth. */
final class TypeText {
  private static final int MAX_DEPTH = 6;
  private static final int MAX_PROPERTIES = 8;

  private TypeText() {}

  static void append(
      StringBuilder text, TypeSpace types, ModuleSymbols symbols, int index, int depth) {
    if (depth > MAX_DEPTH) {
      text.append('…');
      return;
    }
    switch (types.type(index)) {
      case RType.Predefined p -> text.append(PredefinedType.name(p.index()));
      case RType.ArrayType array -> {
        text.append(array.readOnly() ? "readonly " : "");
        boolean group = types.type(array.element()) instanceof RType.UnionType;
        text.append(group ? "(" : "");
        append(text, types, symbols, array.element(), depth + 1);
        text.append(group ? ")[]" : "[]");
      }
      case RType.TupleType tuple -> {
        text.append(tuple.readOnly() ? "readonly [" : "[");
        join(text, types, symbols, tuple.elements(), ", ", depth);
        text.append(']');
      }
      case RType.FunctionType function -> {
        text.append('(');
        for (int i = 0; i < function.params().size(); i++) {
          boolean last = i == function.params().size() - 1;
          text.append(i == 0 ? "" : ", ").append(function.rest() && last ? "..." : "");
          append(text, types, symbols, function.params().get(i), depth + 1);
          text.append(i >= function.required() && !(function.rest() && last) ? "?" : "");
        }
        text.append(") => ");
        append(text, types, symbols, function.result(), depth + 1);
      }
      case RType.ClassType c -> text.append(symbols.className(c.ref()));
      case RType.InterfaceType i -> record(text, types, symbols, i.name(), i.properties(), depth);
      case RType.ObjectType o -> record(text, types, symbols, o.name(), o.properties(), depth);
      case RType.UnionType union -> join(text, types, symbols, union.members(), "|", depth);
      case RType.TaskType task -> wrapped(text, types, symbols, "Task<", task.result(), depth);
      case RType.ChannelType c -> wrapped(text, types, symbols, "Channel<", c.element(), depth);
      case RType.CellType cell -> wrapped(text, types, symbols, "cell<", cell.content(), depth);
      case RType.NumericLiteral literal ->
          text.append(
              literal.base() == PredefinedType.BOOL
                  ? String.valueOf(literal.value() != 0)
                  : String.valueOf(literal.value()));
      case RType.StringLiteral literal -> text.append('"').append(literal.value()).append('"');
    }
  }

  private static void wrapped(
      StringBuilder text,
      TypeSpace types,
      ModuleSymbols symbols,
      String open,
      int type,
      int depth) {
    text.append(open);
    append(text, types, symbols, type, depth + 1);
    text.append('>');
  }

  private static void join(
      StringBuilder text,
      TypeSpace types,
      ModuleSymbols symbols,
      List<Integer> list,
      String separator,
      int depth) {
    for (int i = 0; i < list.size(); i++) {
      text.append(i == 0 ? "" : separator);
      append(text, types, symbols, list.get(i), depth + 1);
    }
  }

  private static void record(
      StringBuilder text,
      TypeSpace types,
      ModuleSymbols symbols,
      String name,
      List<RType.Property> properties,
      int depth) {
    if (!name.isEmpty()) {
      text.append(name);
      return;
    }
    text.append('{');
    for (int i = 0; i < properties.size() && i < MAX_PROPERTIES; i++) {
      RType.Property property = properties.get(i);
      text.append(i == 0 ? "" : ", ").append(property.name());
      text.append(property.optional() ? "?: " : ": ");
      append(text, types, symbols, property.type(), depth + 1);
    }
    text.append(properties.size() > MAX_PROPERTIES ? ", …}" : "}");
  }
}
