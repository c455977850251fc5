package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assignability between the types of a package ({@code rbin.md} 5.3), as far as the passes need it:
 * what it says is assignable is; of function types and of members of classes seen as interfaces it
 * says no where the full rules might say yes.
 */
final class TypeRelation {
  private record Pair(IrType from, IrType to) {}

  private final IrPackage program;
  private final Set<Pair> assumed = new HashSet<>();

  TypeRelation(IrPackage program) {
    this.program = program;
  }

  /** Whether a value may stand where another type is wanted, in the same physical form. */
  boolean assignable(IrType from, IrType to) {
    return from == to || from == Basic.NEVER || (from.kind() == to.kind() && related(from, to));
  }

  /** One of the types that all others are assignable to; null if there is none among them. */
  @Nullable IrType join(List<IrType> types) {
    for (IrType candidate : types) {
      boolean all = true;
      for (IrType type : types) {
        all &= assignable(type, candidate);
      }
      if (all) {
        return candidate;
      }
    }
    return null;
  }

  private boolean related(IrType from, IrType to) {
    if (from.equals(to) || from == Basic.NEVER) {
      return true;
    }
    if (to == Basic.ANY) {
      return from != Basic.VOID;
    }
    if (from instanceof IrType.Union union) {
      return union.members().stream().allMatch(member -> related(member, to));
    }
    if (to instanceof IrType.Union union) {
      return union.members().stream().anyMatch(member -> related(from, member));
    }
    return switch (from) {
      case IrType.StringLiteral _, IrType.IntLiteral _, IrType.BoolLiteral _ ->
          from.base().equals(to);
      case IrType.ClassType c ->
          switch (to) {
            case IrType.ClassType ancestor -> derives(c.number(), ancestor.number());
            case Basic.ERROR -> isError(c.number());
            case Basic.MUTEX ->
                rowOf(c.number()) instanceof IrClass.Collection row && row.name().equals("Mutex");
            case IrType.Channel channel -> channel.element().equals(channelElement(c));
            default -> false;
          };
      case IrType.Shape shape -> to instanceof IrType.Shape other && shapes(shape, other);
      case IrType.Array a ->
          to instanceof IrType.Array b && b.readOnly() && related(a.element(), b.element());
      case IrType.Task a ->
          to instanceof IrType.Task b
              && (b.result() == Basic.VOID || related(a.result(), b.result()));
      default -> false;
    };
  }

  private boolean derives(int from, int ancestor) {
    for (int at = from; at >= 0; ) {
      if (at == ancestor) {
        return true;
      }
      at =
          switch (program.classes().get(at)) {
            case IrClass.Local local -> local.parent();
            case IrClass.Imported imported ->
                imported.parent() instanceof IrType.ClassType parent ? parent.number() : -1;
            case IrClass.Collection _ -> -1;
          };
    }
    return false;
  }

  /** What a class that the VM implements or one derived from it has as row; else null. */
  private IrClass.@Nullable Collection rowOf(int number) {
    for (int at = number; at >= 0; ) {
      switch (program.classes().get(at)) {
        case IrClass.Local local -> at = local.parent();
        case IrClass.Imported imported ->
            at = imported.parent() instanceof IrType.ClassType parent ? parent.number() : -1;
        case IrClass.Collection row -> {
          return row;
        }
      }
    }
    return null;
  }

  /** The type of the values of a channel or of a class that extends Channel; else null. */
  @Nullable IrType channelElement(IrType type) {
    return switch (type) {
      case IrType.Channel channel -> channel.element();
      case IrType.ClassType c
          when rowOf(c.number()) instanceof IrClass.Collection row
              && row.name().startsWith("Channel<") ->
          row.typeArguments().getFirst();
      default -> null;
    };
  }

  private boolean isError(int number) {
    return switch (program.classes().get(number)) {
      case IrClass.Local local -> local.error();
      case IrClass.Imported imported ->
          imported.parent() == Basic.ERROR
              || (imported.parent() instanceof IrType.ClassType parent && isError(parent.number()));
      case IrClass.Collection _ -> false;
    };
  }

  private boolean shapes(IrType.Shape from, IrType.Shape to) {
    Pair pair = new Pair(from, to);
    if (!assumed.add(pair)) {
      return true;
    }
    boolean holds =
        program.shapes().get(to.number()).properties().stream()
            .allMatch(wanted -> has(program.shapes().get(from.number()), wanted));
    assumed.remove(pair);
    return holds;
  }

  private boolean has(IrShape source, IrShape.Property wanted) {
    for (IrShape.Property own : source.properties()) {
      if (own.name().equals(wanted.name())) {
        boolean fixed = own.readOnly() || own.method();
        boolean covariant = wanted.readOnly() || wanted.method();
        return (!own.optional() || wanted.optional())
            && (covariant || !fixed)
            && (own.type().equals(wanted.type())
                || (covariant && related(own.type(), wanted.type())));
      }
    }
    return wanted.optional() && source.literal();
  }

  /** Whether values of a type can be null. */
  static boolean nullable(IrType type) {
    return Unions.hasNull(type) || type == Basic.JSON;
  }
}
