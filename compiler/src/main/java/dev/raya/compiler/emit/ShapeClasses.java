package dev.raya.compiler.emit;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which shapes of a package are the same type, and which instances of generic classes of others,
 * {@code Map} and {@code Set} among them; of a package in parts, which shapes and classes of all
 * parts. Shapes that contain themselves cannot be told apart by comparing their parts, which are
 * numbers of other shapes; those that a package declares and those read from the file of another
 * would stay different. So shapes are parted by what is seen of them at growing depth until that
 * parts no more (the partition refinement of Hopcroft and Moore).
 */
final class ShapeClasses {
  /** The shapes and classes of a package or a part of one; what they refer to is among them. */
  record Group(List<IrShape> shapes, List<LinkName> classes) {}

  private final List<Group> groups;
  private final int[] starts;
  private int[] classes;
  private int count;

  private ShapeClasses(List<Group> groups) {
    this.groups = groups;
    this.starts = starts(groups);
    this.classes = new int[starts[groups.size()]];
    this.count = 1;
  }

  /** Where each group begins in the numbers of all, and where they end. */
  static int[] starts(List<Group> groups) {
    int[] starts = new int[groups.size() + 1];
    for (int i = 0; i < groups.size(); i++) {
      starts[i + 1] = starts[i] + groups.get(i).shapes().size() + groups.get(i).classes().size();
    }
    return starts;
  }

  /**
   * For each shape, and then for each class, the first one that is the same type; classes are
   * counted on after the shapes.
   */
  static int[] representatives(IrPackage program) {
    List<LinkName> names = new ArrayList<>();
    for (int i = 0; i < program.classes().size(); i++) {
      names.add(name(program.classes().get(i), i));
    }
    return representatives(List.of(new Group(program.shapes(), names)));
  }

  /**
   * Instances of one generic class are the same if their type arguments are. Those of the package's
   * own classes are made once for each list of arguments as the source has them.
   */
  private static LinkName name(IrClass type, int number) {
    return switch (type) {
      case IrClass.Collection c -> new LinkName("C\n" + generic(c.name()), c.typeArguments());
      case IrClass.Local c when c.instance() && c.origin() >= 0 ->
          new LinkName("I\n" + c.origin() + "\n" + generic(c.name()), c.typeArguments());
      case IrClass.Local _, IrClass.Imported _ -> new LinkName("N\n" + number);
    };
  }

  /** As above, group by group. */
  static int[] representatives(List<Group> groups) {
    ShapeClasses parting = new ShapeClasses(groups);
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
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      Seer seer = new Seer(starts[g], starts[g] + group.shapes().size());
      int at = starts[g];
      for (IrShape shape : group.shapes()) {
        next[at++] = number(known, seer.of(shape));
      }
      for (LinkName name : group.classes()) {
        next[at++] = number(known, seer.of(name));
      }
    }
    classes = next;
    count = known.size();
  }

  private static int number(Map<String, Integer> known, String seen) {
    Integer number = known.putIfAbsent(seen, known.size());
    return number == null ? known.size() - 1 : number;
  }

  private static String generic(String name) {
    int open = name.indexOf('<');
    return open < 0 ? name : name.substring(0, open);
  }

  /** Writes what is seen of the shapes and classes of one group. */
  private final class Seer {
    private final int firstShape;
    private final int firstClass;

    Seer(int firstShape, int firstClass) {
      this.firstShape = firstShape;
      this.firstClass = firstClass;
    }

    String of(IrShape shape) {
      StringBuilder seen = new StringBuilder();
      see(shape, seen);
      return seen.toString();
    }

    String of(LinkName name) {
      if (name.arguments().isEmpty()) {
        return "L\n" + name.text();
      }
      StringBuilder seen = new StringBuilder("G\n").append(name.text()).append('\n');
      see(name.arguments(), seen);
      return seen.toString();
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
        case IrType.Shape s -> out.append('#').append(classes[firstShape + s.number()]);
        case IrType.Basic b -> out.append(b.name());
        case IrType.ClassType c -> out.append('c').append(classes[firstClass + c.number()]);
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
}
