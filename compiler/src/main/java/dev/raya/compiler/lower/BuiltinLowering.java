package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.BuiltinSignature;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the members of {@code raya:core} (stdlib.md 2): instructions, built-ins of the VM, or
 * functions written in Raya, which every package instantiates for itself.
 */
final class BuiltinLowering {
  private final FunctionLowering f;
  private final CodeDraft code;
  private final ConstructionLowering construction;
  private final MathLowering math;
  private final CollectionLowering collections;

  BuiltinLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
    this.construction = new ConstructionLowering(f, this);
    this.math = new MathLowering(f);
    this.collections = new CollectionLowering(f, this);
  }

  /** {@code new} of a core class. */
  ConstructionLowering construction() {
    return construction;
  }

  /** Numbers. */
  MathLowering math() {
    return math;
  }

  /** A call of a member or global function. */
  IrType call(Callee.Builtin callee, Expr.Call e, boolean wanted) {
    String name = callee.name().replace("raya$", "");
    if (name.endsWith(".constructor")) {
      return construction.construct(f.type(e), e);
    }
    return switch (name) {
      case "console.log", "console.info", "console.debug", "console.warn", "console.error" ->
          new ConsoleLowering(f).write(name, e);
      case "String" -> new DisplayLowering(f).display(argument(e, 0));
      case "int", "Math.trunc" -> math.toInt(e, null);
      case "Math.floor" -> math.toInt(e, Opcode.FFLOOR);
      case "Math.ceil" -> math.toInt(e, Opcode.FCEIL);
      case "Math.round" -> math.toInt(e, Opcode.FROUND);
      case "float" -> math.number(argument(e, 0));
      case "Math.floorf" -> math.number(e, Opcode.FFLOOR);
      case "Math.ceilf" -> math.number(e, Opcode.FCEIL);
      case "Math.roundf" -> math.number(e, Opcode.FROUND);
      case "Math.truncf" -> math.number(e, Opcode.FTRUNC);
      case "Math.sqrt" -> math.number(e, Opcode.FSQRT);
      case "Math.imul" -> math.ints(e, Opcode.IMUL);
      case "Number" -> row("number.parse", callee, e);
      case "parseInt" -> row("number.parseInt", callee, e);
      case "parseFloat" -> row("number.parseFloat", callee, e);
      case "isNaN" -> row("number.isNaN", callee, e);
      case "isFinite" -> row("number.isFinite", callee, e);
      case "Math.abs", "Math.sign", "Math.clamp" -> math.call(name, e);
      case "Math.min", "Math.max", "Math.hypot" ->
          isListed(e) ? math.call(name, e) : ofAll(name + (math.isInt(e) ? "OfInts" : "Of"), e);
      case "Array.push" -> collections.push(e, wanted);
      case "Array.pop" -> {
        IrType array = receiver(e);
        code.plain(Opcode.ARRAY_POP);
        yield Unions.nullable(element(array));
      }
      case "Array.concat" -> collections.concat(e);
      case "Array.splice" ->
          e.rest() == null || isEmpty(e.rest())
              ? row(rowName(name), callee, e)
              : collections.splice(callee, e);
      case "Array.filter$As" -> template("Array.filterAs", callee, e);
      case "Array.from" -> collections.from(e);
      case "Array.join" -> join(callee, e);
      case "Array.sort", "Array.toSorted" ->
          e.arguments().isEmpty() ? row(rowName(name), callee, e) : template(callee, e);
      case "Map.getOrInsert" -> collections.getOrInsert(e);
      case "string.concat" -> stringConcat(e);
      case "string.toString" -> receiver(e);
      case "number.toString" ->
          e.arguments().isEmpty() ? display(e) : row("number.toString", callee, e);
      case "JSON.toJson" -> {
        f.expressions().json(f.expressions().value(argument(e, 0)));
        yield Basic.JSON;
      }
      case "String.fromCharCode", "String.fromCodePoint" -> row(rowName(name), callee, e);
      case "Error.toString" -> row("error.toString", callee, e);
      case "Mutex.lock" -> simple(e, Opcode.MUTEX_LOCK, Basic.VOID);
      case "Mutex.unlock" -> simple(e, Opcode.MUTEX_UNLOCK, Basic.VOID);
      case "Mutex.tryLock" -> simple(e, Opcode.MUTEX_TRY_LOCK, Basic.BOOL);
      case "Channel.send" -> send(receiver(e), e);
      case "Channel.receive" -> simple(e, Opcode.CHAN_RECV, f.type(e));
      case "Channel.close" -> simple(e, Opcode.CHAN_CLOSE, Basic.VOID);
      case "string.split$RegExp" -> row("string.splitPattern", callee, e);
      case "string.replace$RegExp" -> row("string.replacePattern", callee, e);
      case "string.replaceAll$RegExp" -> row("string.replaceAllPattern", callee, e);
      case "string.replace$RegExpWith" -> template("string.replaceRegExpWith", callee, e);
      case "string.replaceAll$RegExpWith" -> template("string.replaceAllRegExpWith", callee, e);
      case "Uint8Array.from" -> row("uint8array.of", callee, e);
      case "Task.cancel" -> simple(e, Opcode.TASK_CANCEL, Basic.VOID);
      default ->
          f.lowering().hasTemplate(name)
              ? template(name, callee, e)
              : row(rowName(name), callee, e);
    };
  }

  /** {@code super.member(…)}: the member itself, whatever the receiver's class overrides. */
  IrType ofSuper(Callee.Method callee, Expr.Call e, boolean wanted) {
    FunctionSymbol method = callee.function();
    String name = method.toString();
    Callee.Builtin builtin =
        new Callee.Builtin(name, method, callee.classArguments(), callee.typeArguments());
    switch (name) {
      case "Mutex.lock", "Mutex.unlock", "Mutex.tryLock" -> {
        receiver(e);
        code.builtin("mutex.self", 1);
        return switch (name) {
          case "Mutex.lock" -> plain(Opcode.MUTEX_LOCK, Basic.VOID);
          case "Mutex.unlock" -> plain(Opcode.MUTEX_UNLOCK, Basic.VOID);
          default -> plain(Opcode.MUTEX_TRY_LOCK, Basic.BOOL);
        };
      }
      case "Channel.send", "Channel.receive", "Channel.close" -> {
        IrType channel = receiver(e);
        code.builtin("channel.self", 1);
        return switch (name) {
          case "Channel.send" -> send(channel, e);
          case "Channel.receive" -> plain(Opcode.CHAN_RECV, f.type(e));
          default -> plain(Opcode.CHAN_CLOSE, Basic.VOID);
        };
      }
      default -> {
        String row = "super." + rowName(name);
        return Builtins.has(row) ? row(row, builtin, e) : call(builtin, e, wanted);
      }
    }
  }

  private IrType send(IrType channel, Expr.Call e) {
    f.expressions().to(argument(e, 0), ((IrType.Channel) channel).element());
    return plain(Opcode.CHAN_SEND, Basic.VOID);
  }

  /** A function that a library module declares without body: an instruction or a built-in. */
  IrType library(String name, IrType.Function type, Expr.Call e) {
    List<Expr> arguments = e.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      f.expressions().to(arguments.get(i), type.params().get(i));
      if (!BuiltinNames.INSTRUCTIONS.contains(name)) {
        exact(Builtins.named(name).signature(), i, type.params().get(i));
      }
    }
    switch (name) {
      case "task.sleep" -> code.plain(Opcode.SLEEP);
      case "task.yield" -> code.plain(Opcode.YIELD);
      case "task.all" -> code.plain(Opcode.TASK_ALL);
      case "task.race" -> awaited(Opcode.TASK_RACE, type.result());
      case "task.awaitTimeout" -> awaited(Opcode.AWAIT_TIMEOUT, type.result());
      case "task.cancelRequested" -> code.plain(Opcode.CANCEL_REQUESTED);
      case "any.of" -> f.coercion().widen(type.params().getFirst(), Basic.ANY, false);
      case "any.as" -> {
        if (type.result() != Basic.ANY) {
          code.typed(Opcode.CHECK_CAST, type.result());
        }
      }
      default -> code.builtin(name, arguments.size());
    }
    return type.result();
  }

  private void awaited(Opcode opcode, IrType result) {
    code.add(new Instruction.Await(opcode, result == Basic.VOID || result == Basic.NEVER));
  }

  /** A field of a built-in type; null result means that it is an ordinary field. */
  @Nullable IrType field(String name) {
    return switch (name) {
      case "Array.length", "ReadonlyArray.length" -> plain(Opcode.ARRAY_LEN, Basic.INT);
      case "string.length" -> plain(Opcode.SLEN, Basic.INT);
      case "ReadonlyMap.size" -> builtinField("map.size", Basic.INT);
      case "Uint8Array.length",
          "Uint8Array.byteOffset",
          "ArrayBuffer.byteLength",
          "DataView.byteLength",
          "RegExpMatch.index",
          "Channel.length",
          "Channel.capacity",
          "Task.id" ->
          builtinField(rowName(name), Basic.INT);
      case "RegExp.source", "RegExp.flags", "RegExpMatch.text" ->
          builtinField(rowName(name), Basic.STRING);
      case "Uint8Array.buffer" -> builtinField(rowName(name), collection("ArrayBuffer", List.of()));
      case "RegExpMatch.groups" ->
          builtinField(rowName(name), new IrType.Array(Unions.nullable(Basic.STRING), true));
      case "RegExpMatch.named" ->
          builtinField(rowName(name), collection("Map", List.of(Basic.STRING, Basic.STRING)));
      default -> null;
    };
  }

  private IrType collection(String name, List<IrType> arguments) {
    return TypeLowering.collection(f.lowering().tables(), name, arguments);
  }

  private IrType builtinField(String row, IrType type) {
    code.builtin(row, 1);
    return type;
  }

  /** A constant of Math or Number. */
  IrType constant(String name) {
    switch (name) {
      case "Number.MAX_INT" -> code.constant(Integer.MAX_VALUE);
      case "Number.MIN_INT" -> code.constant(Integer.MIN_VALUE);
      default -> {
        code.add(new Instruction.NumberConstant(number(name)));
        return Basic.NUMBER;
      }
    }
    return Basic.INT;
  }

  private static double number(String name) {
    return switch (name) {
      case "Math.PI" -> Math.PI;
      case "Math.E" -> Math.E;
      case "Math.LN2" -> 0.6931471805599453;
      case "Math.LN10" -> 2.302585092994046;
      case "Math.SQRT2" -> 1.4142135623730951;
      case "Number.MAX_SAFE_INTEGER" -> 9007199254740991.0;
      case "Number.MIN_SAFE_INTEGER" -> -9007199254740991.0;
      case "Number.MAX_VALUE" -> Double.MAX_VALUE;
      case "Number.MIN_VALUE" -> Double.MIN_VALUE;
      case "Number.EPSILON" -> Math.ulp(1.0);
      default -> throw new IllegalStateException("no constant " + name);
    };
  }

  private IrType plain(Opcode opcode, IrType type) {
    code.plain(opcode);
    return type;
  }

  static Expr argument(Expr.Call e, int index) {
    return e.arguments().get(index);
  }

  IrType receiver(Expr.Call e) {
    Expr receiver = e.receiver();
    if (receiver == null) {
      throw new IllegalStateException("a member without receiver at " + e.span().from());
    }
    IrType found = f.expressions().value(receiver);
    IrType collection = f.lowering().classes().builtinBase(found);
    if (collection == null || collection.equals(found)) {
      return found;
    }
    f.coercion().widen(found, collection, false);
    return collection;
  }

  static IrType element(IrType array) {
    if (array instanceof IrType.Array a) {
      return a.element();
    }
    throw new IllegalStateException("not an array: " + array);
  }

  private IrType simple(Expr.Call e, Opcode opcode, IrType result) {
    receiver(e);
    return plain(opcode, result);
  }

  /** Whether all arguments are written one by one. */
  static boolean isListed(Expr.Call e) {
    return e.rest() == null
        || (e.rest() instanceof Expr.ArrayLiteral literal
            && literal.elements().stream().allMatch(element -> element.spread() == null));
  }

  /** The arguments of a listed call, those of the rest taken apart. */
  static List<Expr> all(Expr.Call e) {
    List<Expr> all = new ArrayList<>(e.arguments());
    if (e.rest() instanceof Expr.ArrayLiteral literal) {
      literal.elements().forEach(element -> all.add(element.value()));
    }
    return all;
  }

  /** A function of core sources over the array of the rest parameter. */
  private IrType ofAll(String template, Expr.Call e) {
    f.expressions().value(Objects.requireNonNull(e.rest()));
    return f.callTemplate(template, List.of(), 1);
  }

  // --- text

  private IrType display(Expr.Call e) {
    return new DisplayLowering(f).convert(receiver(e));
  }

  private IrType stringConcat(Expr.Call e) {
    receiver(e);
    if (e.rest() != null && !isListed(e)) {
      f.expressions().value(e.rest());
      f.expressions().string("");
      code.builtin("array.join", 2);
      code.plain(Opcode.SCONCAT);
      return Basic.STRING;
    }
    for (Expr part : all(e)) {
      f.expressions().to(part, Basic.STRING);
      code.plain(Opcode.SCONCAT);
    }
    return Basic.STRING;
  }

  private IrType join(Callee.Builtin callee, Expr.Call e) {
    Expr receiver = e.receiver();
    if (receiver != null && f.lowering().mayHaveToString(f.type(receiver))) {
      return template(callee, e);
    }
    return row("array.join", callee, e);
  }

  int hold(IrType type) {
    int local = f.scratch(type);
    code.store(local);
    return local;
  }

  // --- the general cases

  static String rowName(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot).toLowerCase(Locale.ROOT) + name.substring(dot);
  }

  /** A built-in of the VM: receiver and arguments as its row wants them. */
  private IrType row(String row, Callee.Builtin callee, Expr.Call e) {
    BuiltinSignature signature = Builtins.named(row).signature();
    IrType.Function declared = declared(callee);
    int at = 0;
    if (e.receiver() != null) {
      IrType found = f.expressions().value(e.receiver());
      exact(signature, at++, found);
    }
    for (int i = 0; i < e.arguments().size(); i++) {
      IrType wanted = declared.params().get(i);
      if (at >= signature.required() && Unions.hasNull(f.type(e.arguments().get(i)))) {
        return perhapsMissing(row, signature, e.arguments(), i, at, declared);
      }
      argument(signature, at++, e.arguments().get(i), wanted);
    }
    if (e.rest() != null && at < signature.params().size()) {
      boolean missing = at >= signature.required() && isEmpty(e.rest());
      if (!missing) {
        f.expressions().to(e.rest(), declared.params().getLast());
        at++;
      }
    }
    code.builtin(row, at);
    return declared.result();
  }

  private void argument(BuiltinSignature signature, int at, Expr argument, IrType wanted) {
    IrType plain = Unions.withoutNull(wanted);
    if (Unions.hasNull(f.type(argument))) {
      f.expressions().to(argument, wanted);
      exact(signature, at, wanted);
    } else {
      f.expressions().to(argument, plain);
      exact(signature, at, plain);
    }
  }

  /**
   * An argument for an optional parameter may be null, which means that it is not given; then those
   * after it are not passed either.
   */
  private IrType perhapsMissing(
      String row,
      BuiltinSignature signature,
      List<Expr> arguments,
      int from,
      int given,
      IrType.Function declared) {
    List<Integer> values = new ArrayList<>();
    for (int i = from; i < arguments.size(); i++) {
      IrType wanted = declared.params().get(i);
      f.expressions().to(arguments.get(i), wanted);
      values.add(hold(wanted));
    }
    int after = code.block();
    for (int i = 0; i < values.size(); i++) {
      IrType wanted = declared.params().get(from + i);
      int present = code.block();
      int missing = code.block();
      code.load(values.get(i));
      code.branch(Opcode.JMP_IF_NULL, missing, present);
      code.begin(missing);
      code.builtin(row, given + i);
      code.jump(after);
      code.begin(present);
      code.load(values.get(i));
      exact(signature, given + i, wanted);
    }
    code.builtin(row, given + values.size());
    code.begin(after);
    return declared.result();
  }

  private static boolean isEmpty(Expr rest) {
    return rest instanceof Expr.ArrayLiteral literal && literal.elements().isEmpty();
  }

  /** The value on the stack as the parameter of a built-in, if that is one exact type. */
  void exact(BuiltinSignature signature, int index, IrType found) {
    if (signature.params().get(index) instanceof BuiltinSignature.Exact exact) {
      for (Basic basic : Basic.values()) {
        if (basic.index() == exact.type()) {
          if (Unions.hasNull(found) && basic != Basic.ANY) {
            f.coercion().narrow(found, basic);
          } else {
            f.coercion().widen(found.base(), basic, false);
          }
        }
      }
    }
  }

  IrType.Function declared(Callee.Builtin callee) {
    FunctionSymbol symbol = callee.function();
    ClassSymbol owner = symbol.owner();
    Environment environment = Environment.EMPTY;
    if (owner != null && !callee.ownerArguments().isEmpty()) {
      environment =
          environment.with(
              owner.typeParameters(), f.types().all(callee.ownerArguments(), f.environment()));
    }
    return f.types()
        .function(
            symbol.type(),
            environment.with(
                symbol.type().typeParameters(),
                f.types().all(callee.typeArguments(), f.environment())));
  }

  /** A function of the core library's Raya sources, instantiated for the types at hand. */
  private IrType template(Callee.Builtin callee, Expr.Call e) {
    return template(callee.name(), callee, e);
  }

  private IrType template(String name, Callee.Builtin callee, Expr.Call e) {
    FunctionSymbol symbol = f.lowering().template(name);
    List<IrType> arguments = new ArrayList<>();
    if (e.receiver() != null || !callee.ownerArguments().isEmpty()) {
      arguments.addAll(f.types().all(callee.ownerArguments(), f.environment()));
    }
    for (Type argument : callee.typeArguments()) {
      arguments.add(
          name.equals("JSON.decode")
              ? f.types().exact().of(argument, f.environment())
              : f.types().of(argument, f.environment()));
    }
    Environment inside = Environment.EMPTY.with(symbol.type().typeParameters(), arguments);
    IrType.Function type = f.types().function(symbol.type(), inside);
    int at = 0;
    if (e.receiver() != null) {
      f.expressions().to(e.receiver(), type.params().get(at++));
    }
    for (Expr argument : e.arguments()) {
      f.expressions().to(argument, type.params().get(at++));
    }
    if (e.rest() != null) {
      f.expressions().to(e.rest(), type.params().get(at++));
    }
    code.add(
        new Instruction.Call(Opcode.CALL, f.lowering().functions().number(symbol, inside), at));
    return type.result();
  }
}
