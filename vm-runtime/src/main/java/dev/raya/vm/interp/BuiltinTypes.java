package dev.raya.vm.interp;

import dev.raya.vm.bytecode.BuiltinSignature;
import dev.raya.vm.bytecode.BuiltinSignature.ArrayPattern;
import dev.raya.vm.bytecode.BuiltinSignature.ChannelPattern;
import dev.raya.vm.bytecode.BuiltinSignature.CorePattern;
import dev.raya.vm.bytecode.BuiltinSignature.Exact;
import dev.raya.vm.bytecode.BuiltinSignature.Pattern;
import dev.raya.vm.bytecode.BuiltinSignature.TaskPattern;
import dev.raya.vm.bytecode.BuiltinSignature.TuplePattern;
import dev.raya.vm.bytecode.BuiltinSignature.UnionPattern;
import dev.raya.vm.bytecode.BuiltinSignature.Variable;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Binds the type variables of a built-in's signature to the operands' types, which the verifier has
 * checked.
 */
final class BuiltinTypes {
  private final ContextTypes context;
  private final BuiltinSignature signature;
  private final LinkedType[] arguments;
  private final Map<Character, LinkedType> bound = new HashMap<>();
  private final Map<String, LinkedType> instances = new HashMap<>();

  BuiltinTypes(ContextTypes context, BuiltinSignature signature, LinkedType[] arguments) {
    this.context = context;
    this.signature = signature;
    this.arguments = arguments;
    for (int i = 0; i < arguments.length; i++) {
      bind(signature.params().get(i), arguments[i]);
    }
  }

  /** Returns the type of the result. */
  LinkedType result() {
    return type(signature.result());
  }

  /** Returns the type of the member as a method: without the receiver. */
  LinkedType method() {
    LinkedType[] parameters = new LinkedType[signature.params().size() - 1];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = type(signature.params().get(i + 1));
    }
    return TypeLinker.functionOf(result(), parameters);
  }

  private void bind(Pattern pattern, LinkedType type) {
    switch (pattern) {
      case Exact e -> {}
      case Variable v -> bound.putIfAbsent(v.name(), type);
      case ArrayPattern a -> bind(a.element(), type.element());
      case TuplePattern t -> {
        for (int i = 0; i < t.elements().size(); i++) {
          bind(t.elements().get(i), type.parts[i]);
        }
      }
      case UnionPattern u -> {}
      case ChannelPattern c -> bind(c.element(), Synchronizers.element(type));
      case TaskPattern t -> bind(t.result(), type.element());
      case CorePattern c -> {
        RClass cls = type.shape().root();
        for (int i = 0; i < c.arguments().size(); i++) {
          bind(c.arguments().get(i), cls.typeArguments[i]);
        }
        instances.putIfAbsent(c.toString(), cls.type == null ? type : cls.type);
      }
    }
  }

  private LinkedType type(Pattern pattern) {
    return switch (pattern) {
      case Exact e -> TypeLinker.predefined(e.type());
      case Variable v -> {
        LinkedType t = bound.get(v.name());
        if (t == null) {
          throw new IllegalStateException("unbound type variable " + v.name());
        }
        yield t;
      }
      case ArrayPattern a -> array(a);
      case TuplePattern t -> {
        LinkedType[] parts = new LinkedType[t.elements().size()];
        for (int i = 0; i < parts.length; i++) {
          parts[i] = type(t.elements().get(i));
        }
        yield TypeLinker.tupleOf(parts);
      }
      case UnionPattern u -> {
        LinkedType t = type(u.members().getFirst());
        for (Pattern member : u.members()) {
          if (member instanceof Exact e && e.type() == PredefinedType.NULL) {
            t = t.orNull();
          }
        }
        yield t;
      }
      case ChannelPattern c -> TypeLinker.channelOf(type(c.element()));
      case TaskPattern t -> TypeLinker.taskOf(type(t.result()));
      case CorePattern c -> {
        LinkedType t = instances.get(c.toString());
        if (t == null) {
          t = context.nativeClass(nameOf(c)).type;
        }
        if (t == null) {
          throw new IllegalStateException("unbound class " + c.name());
        }
        yield t;
      }
    };
  }

  /** The name of a class that no operand shows: its type arguments are predefined. */
  private static String nameOf(CorePattern pattern) {
    if (pattern.arguments().isEmpty()) {
      return pattern.name();
    }
    List<String> arguments = new ArrayList<>();
    for (Pattern argument : pattern.arguments()) {
      arguments.add(argument instanceof Exact e ? PredefinedType.name(e.type()) : "?");
    }
    return pattern.name() + "<" + String.join(",", arguments) + ">";
  }

  /**
   * An array type of the result; a receiver of the same element type lends its own, so that
   * identity of types holds.
   */
  private LinkedType array(ArrayPattern pattern) {
    LinkedType element = type(pattern.element());
    for (LinkedType argument : arguments) {
      if (argument.form == LinkedType.Form.ARRAY
          && !argument.readOnly
          && argument.element() == element) {
        return argument;
      }
    }
    return TypeLinker.arrayOf(element);
  }
}
