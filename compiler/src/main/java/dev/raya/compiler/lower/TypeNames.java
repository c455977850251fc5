package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Display forms of concrete types, for the names of instances. */
final class TypeNames {
  private static final int MAX_DEPTH = 6;

  private TypeNames() {}

  /** {@code <A,B>}, or nothing. */
  static String arguments(PackageTables tables, List<IrType> arguments) {
    return arguments.isEmpty() ? "" : "<" + list(tables, arguments, 0) + ">";
  }

  private static String list(PackageTables tables, List<IrType> types, int depth) {
    return types.stream().map(t -> name(tables, t, depth + 1)).collect(Collectors.joining(","));
  }

  private static String name(PackageTables tables, IrType type, int depth) {
    if (depth > MAX_DEPTH) {
      return "…";
    }
    return switch (type) {
      case IrType.Basic.BOOL -> "boolean";
      case IrType.Basic.ERROR -> "Error";
      case IrType.Basic basic -> basic.name().toLowerCase(Locale.ROOT);
      case IrType.Array a ->
          (a.readOnly() ? "readonly " : "") + element(tables, a.element(), depth) + "[]";
      case IrType.Tuple t ->
          (t.readOnly() ? "readonly " : "") + "[" + list(tables, t.elements(), depth) + "]";
      case IrType.Function f ->
          "(" + list(tables, f.params(), depth) + ")=>" + name(tables, f.result(), depth + 1);
      case IrType.ClassType c -> tables.className(c.number());
      case IrType.Shape s -> shape(tables, tables.shapeOrNull(s.number()), depth);
      case IrType.Union u ->
          u.members().stream()
              .map(m -> element(tables, m, depth))
              .sorted()
              .collect(Collectors.joining("|"));
      case IrType.Task t -> "Task<" + name(tables, t.result(), depth + 1) + ">";
      case IrType.Channel c -> "Channel<" + name(tables, c.element(), depth + 1) + ">";
      case IrType.Cell c -> name(tables, c.content(), depth + 1);
      case IrType.StringLiteral s -> '"' + s.value() + '"';
      case IrType.IntLiteral i -> Integer.toString(i.value());
      case IrType.BoolLiteral b -> Boolean.toString(b.value());
    };
  }

  private static String element(PackageTables tables, IrType type, int depth) {
    String name = name(tables, type, depth + 1);
    boolean compound = type instanceof IrType.Union || type instanceof IrType.Function;
    return compound ? "(" + name + ")" : name;
  }

  private static String shape(PackageTables tables, @Nullable IrShape shape, int depth) {
    if (shape == null) {
      return "{…}";
    }
    if (!shape.name().isEmpty()) {
      return shape.name()
          + (shape.arguments().isEmpty() ? "" : arguments(tables, shape.arguments()));
    }
    return shape.properties().stream()
        .map(p -> p.name() + (p.optional() ? "?:" : ":") + name(tables, p.type(), depth + 1))
        .collect(Collectors.joining(";", "{", "}"));
  }
}
