package dev.raya.compiler.emit;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which shapes of a package are the same type, and which instances of generic classes of others,
 * {@code Map} and {@code Set} among them. Shapes that contain themselves cannot be told apart by
 * comparing their parts, which are numbers of other shapes; those that a package declares and those
 * read from the file of another would stay different. So shapes are parted by what is seen of them
 * at growing depth until that parts no more (the partition refinement of Hopcroft and Moore).
 */
final class ShapeClasses {
  private final List<IrShape> shapes;
  private final List<IrClass> instances;
  private int[] classes;
  private int count;

  private ShapeClasses(IrPackage program) {
    this.shapes = program.shapes();
    this.instances = program.classes();
    this.classes = new int[shapes.size() + instances.size()];
    this.count = 1;
  }

  /**
   * For each shape, and then for each class, the first one that is the same type; classes are
   * counted on after the shapes.
   */
  static int[] representatives(IrPackage program) {
    ShapeClasses parting = new ShapeClasses(program);
    int before;
    do {
      before = parting.count;
      parting.refine();
    } while (parting.count > before && parting.count < parting.classes.length);
    int[] first = new int[parting.classes.length];
    Map<Integer, Integer> known = new HashMap<>();
    for (int i = 0; i < first.length; i++) {
      Integer other = known.putIfAbsent(parting.classes[i], i);
      first[i] = other == null ? i : other;
    }
    return first;
  }

  private void refine() {
    Map<String, Integer> known = new HashMap<>();
    int[] next = new int[classes.length];
    for (int i = 0; i < next.length; i++) {
      StringBuilder seen = new StringBuilder();
      if (i < shapes.size()) {
        see(shapes.get(i), seen);
      } else {
        see(i - shapes.size(), seen);
      }
      Integer number = known.putIfAbsent(seen.toString(), known.size());
      next[i] = number == null ? known.size() - 1 : number;
    }
    classes = next;
    count = known.size();
  }

  private void see(IrShape shape, StringBuilder out) {
    out.append(shape.literal()).append(' ').append(shape.name());
    for (IrShape.Property p : shape.properties()) {
      out.append('\n').append(p.name()).append(p.optional() ? '?' : '.');
      out.append(p.readOnly() ? 'r' : 'w').append(p.method() ? 'm' : 'p');
      see(p.type(), out);
    }
    out.append('\n');
    see(shape.arguments(), out);
  }

  /**
   * Instances of one generic class are the same if their type arguments are. Those of the package's
   * own classes are made once for each list of arguments as the source has them.
   */
  private void see(int number, StringBuilder out) {
    switch (instances.get(number)) {
      case IrClass.Collection c -> {
        out.append("C\n").append(generic(c.name()));
        see(c.typeArguments(), out);
      }
      case IrClass.Local c when c.instance() && c.origin() >= 0 -> {
        out.append("I\n").append(c.origin()).append('\n');
        out.append(generic(c.name()));
        see(c.typeArguments(), out);
      }
      case IrClass.Local _, IrClass.Imported _ -> out.append("N\n").append(number);
    }
  }

  private static String generic(String name) {
    int open = name.indexOf('<');
    return open < 0 ? name : name.substring(0, open);
  }

  private void see(List<IrType> types, StringBuilder out) {
    out.append('(');
    for (IrType type : types) {
      see(type, out);
      out.append(',');
    }
    out.append(')');
  }

  private void see(IrType type, StringBuilder out) {
    switch (type) {
      case IrType.Shape s -> out.append('#').append(classes[s.number()]);
      case IrType.Basic b -> out.append(b.name());
      case IrType.ClassType c -> out.append('c').append(classes[shapes.size() + c.number()]);
      case IrType.Array a -> {
        out.append(a.readOnly() ? "ra" : "a");
        see(a.element(), out);
      }
      case IrType.Tuple t -> {
        out.append(t.readOnly() ? "rt" : "t");
        see(t.elements(), out);
      }
      case IrType.Function f -> {
        out.append('f').append(f.optional()).append(f.rest());
        see(f.params(), out);
        see(f.result(), out);
      }
      case IrType.Union u -> {
        List<String> members = new ArrayList<>();
        for (IrType member : u.members()) {
          StringBuilder one = new StringBuilder();
          see(member, one);
          members.add(one.toString());
        }
        members.sort(null);
        out.append('u').append(u.discriminant()).append(members);
      }
      case IrType.Task t -> {
        out.append('k');
        see(t.result(), out);
      }
      case IrType.Channel c -> {
        out.append('n');
        see(c.element(), out);
      }
      case IrType.Cell c -> {
        out.append('v');
        see(c.content(), out);
      }
      case IrType.StringLiteral s ->
          out.append('"').append(s.value().length()).append(':').append(s.value());
      case IrType.IntLiteral i -> out.append('i').append(i.value());
      case IrType.BoolLiteral b -> out.append(b.value());
    }
  }
}
