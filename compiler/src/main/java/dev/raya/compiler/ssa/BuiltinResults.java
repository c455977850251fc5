package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.bytecode.BuiltinSignature;
import dev.raya.vm.bytecode.BuiltinSignature.Pattern;
import dev.raya.vm.bytecode.Builtins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Result types of built-ins: their signatures' variables bound to the types of the operands. */
final class BuiltinResults {
  private final IrPackage program;
  private final Map<String, BuiltinSignature> signatures = new HashMap<>();
  private final @Nullable IrType[] bound = new IrType[26];

  BuiltinResults(IrPackage program) {
    this.program = program;
  }

  BuiltinSignature signature(String name) {
    return signatures.computeIfAbsent(name, n -> Builtins.named(n).signature());
  }

  /** The type that a call gives. */
  IrType result(String name, int argc, Op op, ValueTypes types) {
    BuiltinSignature signature = signature(name);
    if (signature.result() instanceof BuiltinSignature.Exact exact) {
      return ValueTypes.predefined(exact.type());
    }
    Arrays.fill(bound, null);
    for (int i = 0; i < argc; i++) {
      bind(signature.params().get(i), types.of(op.args[i]));
    }
    return build(signature.result());
  }

  /**
   * The type, as a method, of a member that the VM gives instances of a class; null if there is
   * none.
   *
   * @param number the class's number
   * @param slot as in {@link Builtins#ofClass}
   */
  IrType.@Nullable Function member(int number, IrClass.Collection type, String slot) {
    int open = type.name().indexOf('<');
    Builtin row = Builtins.ofClass(open < 0 ? type.name() : type.name().substring(0, open), slot);
    if (row == null) {
      return null;
    }
    BuiltinSignature signature = signature(row.name());
    Arrays.fill(bound, null);
    bind(signature.params().getFirst(), new IrType.ClassType(number));
    List<IrType> parameters = buildAll(signature.params().subList(1, signature.params().size()));
    return new IrType.Function(parameters, build(signature.result()), signature.optional(), false);
  }

  private void bind(Pattern pattern, IrType type) {
    switch (pattern) {
      case BuiltinSignature.Exact _, BuiltinSignature.UnionPattern _ -> {}
      case BuiltinSignature.Variable v -> {
        if (bound[v.name() - 'A'] == null) {
          bound[v.name() - 'A'] = type;
        }
      }
      case BuiltinSignature.ArrayPattern a -> {
        if (type instanceof IrType.Array array) {
          bind(a.element(), array.element());
        }
      }
      case BuiltinSignature.TuplePattern t -> {
        if (type instanceof IrType.Tuple tuple) {
          bindAll(t.elements(), tuple.elements());
        }
      }
      case BuiltinSignature.ChannelPattern c -> {
        IrType element = new TypeRelation(program).channelElement(type);
        if (element != null) {
          bind(c.element(), element);
        }
      }
      case BuiltinSignature.TaskPattern t -> {
        if (type instanceof IrType.Task task) {
          bind(t.result(), task.result());
        }
      }
      case BuiltinSignature.CorePattern c -> {
        IrType at = type;
        while (at instanceof IrType.ClassType found) {
          switch (program.classes().get(found.number())) {
            case IrClass.Collection collection -> {
              bindAll(c.arguments(), collection.typeArguments());
              return;
            }
            case IrClass.Local local when local.parent() >= 0 ->
                at = new IrType.ClassType(local.parent());
            case IrClass.Imported imported when imported.parent() != null -> at = imported.parent();
            case IrClass.Local _, IrClass.Imported _ -> {
              return;
            }
          }
        }
      }
    }
  }

  private void bindAll(List<Pattern> patterns, List<IrType> types) {
    for (int i = 0; i < patterns.size() && i < types.size(); i++) {
      bind(patterns.get(i), types.get(i));
    }
  }

  private IrType build(Pattern pattern) {
    return switch (pattern) {
      case BuiltinSignature.Exact e -> ValueTypes.predefined(e.type());
      case BuiltinSignature.Variable v -> {
        IrType type = bound[v.name() - 'A'];
        if (type == null) {
          throw new UnknownTypeException("type variable " + v.name());
        }
        yield type;
      }
      case BuiltinSignature.ArrayPattern a -> new IrType.Array(build(a.element()), a.readOnly());
      case BuiltinSignature.TuplePattern t -> new IrType.Tuple(buildAll(t.elements()), false);
      case BuiltinSignature.UnionPattern u -> Unions.of(buildAll(u.members()));
      case BuiltinSignature.ChannelPattern c -> new IrType.Channel(build(c.element()));
      case BuiltinSignature.TaskPattern t -> new IrType.Task(build(t.result()));
      case BuiltinSignature.CorePattern c -> core(c.name(), buildAll(c.arguments()));
    };
  }

  private List<IrType> buildAll(List<Pattern> patterns) {
    List<IrType> types = new ArrayList<>();
    patterns.forEach(p -> types.add(build(p)));
    return types;
  }

  private IrType core(String name, List<IrType> arguments) {
    for (int i = 0; i < program.classes().size(); i++) {
      if (program.classes().get(i) instanceof IrClass.Collection c
          && (c.name().equals(name) || c.name().startsWith(name + "<"))
          && c.typeArguments().equals(arguments)) {
        return new IrType.ClassType(i);
      }
    }
    throw new UnknownTypeException("the package has no " + name);
  }
}
