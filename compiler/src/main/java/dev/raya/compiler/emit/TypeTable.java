package dev.raya.compiler.emit;

import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * Types of a package as handles of a builder. A shape that contains itself is reserved before it is
 * defined; all others are interned, so that equal ones are one type.
 */
final class TypeTable {
  private static final int UNKNOWN = -1;
  private static final int OPEN = -2;

  private final RbinBuilder builder;
  private final IrPackage program;
  private final IntUnaryOperator classHandles;
  private final Map<IrType, Integer> known = new HashMap<>();
  private final int[] shapes;
  private final int[] reserved;
  private final int[] same;

  TypeTable(RbinBuilder builder, IrPackage program, IntUnaryOperator classHandles) {
    this.builder = builder;
    this.program = program;
    this.classHandles = classHandles;
    this.shapes = new int[program.shapes().size()];
    this.reserved = new int[program.shapes().size()];
    this.same = ShapeClasses.representatives(program);
    Arrays.fill(shapes, UNKNOWN);
    Arrays.fill(reserved, UNKNOWN);
  }

  /** The first class that is the same type as a class: another one, or itself. */
  int sameClass(int number) {
    return same[program.shapes().size() + number] - program.shapes().size();
  }

  /** The handle of a type. */
  int of(IrType type) {
    if (type instanceof IrType.Shape shape) {
      return shape(shape.number());
    }
    Integer handle = known.get(type);
    if (handle == null) {
      handle = make(type);
      known.put(type, handle);
    }
    return handle;
  }

  private int make(IrType type) {
    return switch (type) {
      case IrType.Basic basic -> basic.index();
      case IrType.Array array ->
          builder.type(new RType.ArrayType(of(array.element()), array.readOnly()));
      case IrType.Tuple tuple ->
          builder.type(new RType.TupleType(all(tuple.elements()), tuple.readOnly()));
      case IrType.Function f ->
          builder.type(
              new RType.FunctionType(all(f.params()), of(f.result()), f.optional(), f.rest()));
      case IrType.ClassType c -> builder.classType(classHandles.applyAsInt(c.number()));
      case IrType.Shape shape -> shape(shape.number());
      case IrType.Union union ->
          builder.type(
              new RType.UnionType(
                  List.copyOf(new TreeSet<>(all(union.members()))), union.discriminant()));
      case IrType.Task task -> builder.type(new RType.TaskType(of(task.result())));
      case IrType.Channel channel -> builder.type(new RType.ChannelType(of(channel.element())));
      case IrType.Cell cell -> builder.type(new RType.CellType(of(cell.content())));
      case IrType.StringLiteral s -> builder.type(new RType.StringLiteral(s.value()));
      case IrType.IntLiteral i ->
          builder.type(new RType.NumericLiteral(IrType.Basic.INT.index(), i.value()));
      case IrType.BoolLiteral b ->
          builder.type(new RType.NumericLiteral(IrType.Basic.BOOL.index(), b.value() ? 1 : 0));
    };
  }

  private int shape(int of) {
    int number = same[of];
    if (shapes[number] == OPEN) {
      if (reserved[number] == UNKNOWN) {
        reserved[number] = builder.reserveType();
      }
      return reserved[number];
    }
    if (shapes[number] == UNKNOWN) {
      shapes[number] = OPEN;
      RType type = record(program.shapes().get(number));
      if (reserved[number] == UNKNOWN) {
        shapes[number] = builder.type(type);
      } else {
        builder.defineType(reserved[number], type);
        shapes[number] = reserved[number];
      }
    }
    return shapes[number];
  }

  private RType record(IrShape shape) {
    List<RType.Property> properties = new ArrayList<>();
    for (IrShape.Property p : shape.properties()) {
      int flags =
          (p.optional() ? RType.Property.OPTIONAL : 0)
              | (p.readOnly() ? RType.Property.READ_ONLY : 0)
              | (p.method() ? RType.Property.METHOD : 0);
      properties.add(new RType.Property(p.name(), of(p.type()), flags));
    }
    List<Integer> arguments = all(shape.arguments());
    return shape.literal()
        ? new RType.ObjectType(shape.name(), properties, arguments)
        : new RType.InterfaceType(shape.name(), properties, arguments);
  }

  /** The handles of some types. */
  List<Integer> all(List<IrType> types) {
    List<Integer> handles = new ArrayList<>();
    for (IrType type : types) {
      handles.add(of(type));
    }
    return handles;
  }
}
