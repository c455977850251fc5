package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.BuiltinSignature.ArrayPattern;
import dev.raya.vm.bytecode.BuiltinSignature.ChannelPattern;
import dev.raya.vm.bytecode.BuiltinSignature.CorePattern;
import dev.raya.vm.bytecode.BuiltinSignature.Exact;
import dev.raya.vm.bytecode.BuiltinSignature.Pattern;
import dev.raya.vm.bytecode.BuiltinSignature.TaskPattern;
import dev.raya.vm.bytecode.BuiltinSignature.TuplePattern;
import dev.raya.vm.bytecode.BuiltinSignature.UnionPattern;
import dev.raya.vm.bytecode.BuiltinSignature.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the type-parametric signatures of {@link Builtins} to the operands of one module. */
final class BuiltinTyping {
  private static final int UNBOUND = -1;

  private final ModuleSymbols symbols;
  private final TypeSpace types;
  private final @Nullable BuiltinSignature[] signatures =
      new BuiltinSignature[Builtins.all().getLast().id() + 1];
  private final int[] bound = new int[26];

  BuiltinTyping(ModuleSymbols symbols) {
    this.symbols = symbols;
    this.types = symbols.types();
  }

  BuiltinSignature signature(Builtin builtin) {
    BuiltinSignature known = signatures[builtin.id()];
    if (known == null) {
      known = builtin.signature();
      signatures[builtin.id()] = known;
    }
    return known;
  }

  /** Checks and pops the operands, pushes the result. */
  void apply(Builtin builtin, int argc, OperandStack stack) throws RbinException {
    BuiltinSignature signature = signature(builtin);
    if (argc < signature.required() || argc > signature.params().size()) {
      throw stack.fail(
          RbinErrorKind.BAD_OPERAND, builtin.name() + " does not take " + argc + " arguments");
    }
    if (stack.depth < argc) {
      throw stack.fail(RbinErrorKind.STACK_UNDERFLOW, builtin.name() + ": too few values");
    }
    Arrays.fill(bound, UNBOUND);
    int base = stack.depth - argc;
    for (int i = 0; i < argc; i++) {
      int type = stack.types[base + i];
      Pattern pattern = signature.params().get(i);
      if (type < 0 || !accepts(pattern, type, stack.notes[base + i], stack)) {
        throw stack.mismatch("argument " + i + " of " + builtin.name() + " as declared", type);
      }
    }
    stack.depth = base;
    int result = build(signature.result(), stack);
    if (types.kind(result) != PhysicalKind.NONE) {
      stack.push(result);
    }
  }

  private boolean accepts(Pattern pattern, int type, long note, OperandStack stack)
      throws RbinException {
    if (isClosed(pattern)) {
      return stack.fits(type, note, build(pattern, stack));
    }
    return bind(pattern, type);
  }

  /** Whether every variable of a pattern is bound, so that it means one type. */
  private boolean isClosed(Pattern pattern) {
    return switch (pattern) {
      case Exact e -> true;
      case Variable v -> bound[v.name() - 'A'] != UNBOUND;
      case ArrayPattern a -> isClosed(a.element());
      case TuplePattern t -> areClosed(t.elements());
      case UnionPattern u -> areClosed(u.members());
      case CorePattern c -> areClosed(c.arguments());
      case ChannelPattern c -> isClosed(c.element());
      case TaskPattern t -> isClosed(t.result());
    };
  }

  private boolean areClosed(List<Pattern> patterns) {
    for (Pattern pattern : patterns) {
      if (!isClosed(pattern)) {
        return false;
      }
    }
    return true;
  }

  /** Matches a pattern against exactly one type, binding its variables. */
  private boolean bind(Pattern pattern, int type) {
    return switch (pattern) {
      case Exact e -> e.type() == type;
      case Variable v -> {
        int at = v.name() - 'A';
        if (bound[at] == UNBOUND) {
          bound[at] = type;
        }
        yield bound[at] == type;
      }
      case ArrayPattern a ->
          types.type(type) instanceof RType.ArrayType array
              && (a.readOnly() || !array.readOnly())
              && bind(a.element(), array.element());
      case TuplePattern t ->
          types.type(type) instanceof RType.TupleType tuple
              && bindAll(t.elements(), tuple.elements());
      case UnionPattern u -> false;
      case ChannelPattern c ->
          symbols.channelElement(type) != ModuleSymbols.NO_CHANNEL
              && bind(c.element(), symbols.channelElement(type));
      case TaskPattern t ->
          types.type(type) instanceof RType.TaskType task && bind(t.result(), task.result());
      case CorePattern c -> {
        ResolvedClass instance = symbols.coreRoot(symbols.classOf(type));
        yield instance != null
            && c.name().equals(instance.template())
            && bindAll(c.arguments(), instance.typeArguments());
      }
    };
  }

  /**
   * The type of a method that overrides a member of a class of {@code raya:core}.
   *
   * @param signature the member's
   * @param instance the class that has it
   */
  int methodType(BuiltinSignature signature, ResolvedClass instance) throws RbinException {
    Arrays.fill(bound, UNBOUND);
    Pattern self = signature.params().getFirst();
    int receiver = types.intern(new RType.ClassType(instance.ref()));
    if (!(self instanceof Exact) && !bind(self, receiver)) {
      throw new RbinException(
          RbinErrorKind.BAD_CLASS, "CLAS", -1, -1, instance.name() + " is no instance of its kind");
    }
    List<Integer> params = new ArrayList<>();
    for (Pattern pattern : signature.params().subList(1, signature.params().size())) {
      params.add(build(pattern, null));
    }
    return types.intern(
        new RType.FunctionType(
            params, build(signature.result(), null), signature.optional(), false));
  }

  private boolean bindAll(List<Pattern> patterns, List<Integer> list) {
    if (patterns.size() != list.size()) {
      return false;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!bind(patterns.get(i), list.get(i))) {
        return false;
      }
    }
    return true;
  }

  private int build(Pattern pattern, @Nullable OperandStack stack) throws RbinException {
    return switch (pattern) {
      case Exact e -> e.type();
      case Variable v -> bound[v.name() - 'A'];
      case ArrayPattern a ->
          types.intern(new RType.ArrayType(build(a.element(), stack), a.readOnly()));
      case TuplePattern t ->
          types.intern(new RType.TupleType(buildAll(t.elements(), stack), false));
      case UnionPattern u -> {
        int union = PredefinedType.NEVER;
        for (int member : buildAll(u.members(), stack)) {
          union = types.union(union, member);
        }
        yield union;
      }
      case ChannelPattern c -> types.intern(new RType.ChannelType(build(c.element(), stack)));
      case TaskPattern t -> types.intern(new RType.TaskType(build(t.result(), stack)));
      case CorePattern c -> coreInstance(c.name(), buildAll(c.arguments(), stack), stack);
    };
  }

  private List<Integer> buildAll(List<Pattern> patterns, @Nullable OperandStack stack)
      throws RbinException {
    List<Integer> list = new ArrayList<>();
    for (Pattern pattern : patterns) {
      list.add(build(pattern, stack));
    }
    return list;
  }

  /** The type of an instance of a core template; the module must have its class. */
  private int coreInstance(String name, List<Integer> arguments, @Nullable OperandStack stack)
      throws RbinException {
    int found = symbols.coreInstance(name, arguments);
    if (found == ClassRef.NONE) {
      String detail = "the module has no class for " + name;
      throw stack == null
          ? new RbinException(RbinErrorKind.TYPE_MISMATCH, "CLAS", -1, -1, detail)
          : stack.fail(RbinErrorKind.TYPE_MISMATCH, detail);
    }
    return types.intern(new RType.ClassType(found));
  }
}
