package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.vm.bytecode.BuiltinSignature;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;

/** {@code new} of the classes of {@code raya:core} that the VM makes itself (stdlib.md 2). */
final class ConstructionLowering {
  private final FunctionLowering f;
  private final CodeDraft code;
  private final BuiltinLowering builtins;

  ConstructionLowering(FunctionLowering f, BuiltinLowering builtins) {
    this.f = f;
    this.code = f.code();
    this.builtins = builtins;
  }

  /** Whether {@code new} of a core class is not an ordinary constructor call. */
  boolean constructs(ClassSymbol symbol) {
    return switch (symbol.name()) {
      case "Array",
          "Map",
          "Set",
          "Mutex",
          "Channel",
          "Date",
          "RegExp",
          "ArrayBuffer",
          "Uint8Array",
          "DataView" ->
          true;
      default -> false;
    };
  }

  /** What the arguments of a new channel say of its capacity. */
  private void room(List<Expr> arguments) {
    if (arguments.isEmpty()) {
      code.constant(-1);
    } else {
      capacity(arguments.getFirst());
    }
  }

  /** A channel's capacity: given as number, or null if it is not given after all. */
  private void capacity(Expr given) {
    IrType found = f.expressions().value(given);
    if (found.base() == Basic.INT) {
      refuseNegative();
      return;
    }
    if (!Unions.hasNull(found)) {
      count();
      refuseNegative();
      return;
    }
    int held = builtins.hold(found);
    int result = f.scratch(Basic.INT);
    int none = code.block();
    int some = code.block();
    int after = code.block();
    code.load(held);
    code.branch(Opcode.JMP_IF_NULL, none, some);
    code.begin(none);
    code.constant(-1);
    code.store(result);
    code.jump(after);
    code.begin(some);
    code.load(held);
    f.coercion().narrow(found, Basic.NUMBER);
    count();
    refuseNegative();
    code.store(result);
    code.begin(after);
    code.load(result);
  }

  /** A number that counts something as int: NaN is 0 (stdlib.md 1). */
  private void count() {
    int held = f.scratch(Basic.NUMBER);
    int result = f.scratch(Basic.INT);
    int some = code.block();
    int none = code.block();
    int after = code.block();
    code.store(held);
    code.load(held);
    code.load(held);
    code.plain(Opcode.FEQ);
    code.branch(Opcode.JMP_IF_TRUE, some, none);
    code.begin(some);
    code.load(held);
    code.plain(Opcode.F2I);
    code.store(result);
    code.jump(after);
    code.begin(none);
    code.constant(0);
    code.store(result);
    code.begin(after);
    code.load(result);
  }

  /** A capacity below zero is made even: -1 is what the instruction takes for unbounded. */
  private void refuseNegative() {
    code.plain(Opcode.DUP);
    code.constant(31);
    code.plain(Opcode.IUSHR);
    code.plain(Opcode.INOT);
    code.plain(Opcode.IAND);
  }

  /** A constructor that is a built-in: its arguments as the row has them. */
  private void constructed(String row, Expr.Call e, int most) {
    BuiltinSignature signature = Builtins.named(row).signature();
    int count = Math.min(e.arguments().size(), most);
    for (int i = 0; i < count; i++) {
      IrType found = f.expressions().value(BuiltinLowering.argument(e, i));
      builtins.exact(signature, i, found);
    }
    code.builtin(row, count);
  }

  /** Fills the new array on the stack; a null that no element may be says that nothing is given. */
  private void fill(IrType.Array array, Expr value) {
    Expr given =
        value instanceof Expr.Convert c
                && c.conversion() == Conversion.WIDEN
                && !Unions.hasNull(f.type(c.operand()))
            ? c.operand()
            : value;
    IrType found = f.type(given);
    if (!Unions.hasNull(found) || Unions.hasNull(array.element())) {
      f.expressions().to(given, array.element());
      code.builtin("array.fill", 2);
      return;
    }
    int made = builtins.hold(array);
    f.expressions().value(given);
    int held = builtins.hold(found);
    int some = code.block();
    int after = code.block();
    code.load(held);
    code.branch(Opcode.JMP_IF_NULL, after, some);
    code.begin(some);
    code.load(made);
    code.load(held);
    f.coercion().narrow(found, array.element());
    code.builtin("array.fill", 2);
    code.plain(Opcode.POP);
    code.begin(after);
    code.load(made);
  }

  /** {@code new} of an array, Map, Set, Mutex or Channel. */
  IrType construct(IrType made, Expr.Call e) {
    switch (made) {
      case IrType.Array array -> {
        if (!builtins.math().intOrNumber(e)) {
          count();
        }
        code.typed(Opcode.NEW_ARRAY, array);
        if (e.arguments().size() > 1) {
          fill(array, BuiltinLowering.argument(e, 1));
        }
      }
      case IrType.Channel channel -> {
        room(e.arguments());
        code.typed(Opcode.CHAN_NEW, channel.element());
      }
      case Basic.MUTEX -> code.plain(Opcode.NEW_MUTEX);
      case Basic.BYTES -> constructed("uint8array.new", e, 1);
      default -> {
        switch (f.lowering().tables().classOf(made).name()) {
          case "Date" -> {
            if (e.arguments().isEmpty()) {
              code.builtin("date.new", 0);
            } else {
              constructed("date.of", e, 1);
            }
            return made;
          }
          case "RegExp" -> {
            constructed("regexp.new", e, 2);
            return made;
          }
          case "ArrayBuffer" -> {
            constructed("arraybuffer.new", e, 1);
            return made;
          }
          case "DataView" -> {
            constructed("dataview.new", e, 3);
            return made;
          }
          default -> {}
        }
        code.typed(Opcode.NEW, made);
        if (!e.arguments().isEmpty()) {
          int held = builtins.hold(made);
          boolean map = f.lowering().tables().classOf(made).name().startsWith("Map<");
          fill(map ? "Map" : "Set", held, e.arguments());
          code.load(held);
        }
      }
    }
    return made;
  }

  /**
   * What the constructor of Map, Set, Date, Mutex or Channel does with a new object.
   *
   * @param name of the class
   * @param object the local that holds the object
   */
  void fill(String name, int object, List<Expr> arguments) {
    switch (name) {
      case "Mutex" -> {
        code.load(object);
        code.builtin("mutex.init", 1);
      }
      case "Channel" -> {
        code.load(object);
        room(arguments);
        code.builtin("channel.init", 2);
      }
      default -> entries(name, object, arguments);
    }
  }

  private void entries(String name, int object, List<Expr> arguments) {
    boolean date = name.equals("Date");
    if (arguments.isEmpty()) {
      start(date, object);
      return;
    }
    IrType given = f.expressions().value(arguments.getFirst());
    int argument = builtins.hold(given);
    int after = code.block();
    if (Unions.hasNull(given)) {
      int none = code.block();
      int present = code.block();
      code.load(argument);
      code.branch(Opcode.JMP_IF_NULL, none, present);
      code.begin(none);
      start(date, object);
      code.jump(after);
      code.begin(present);
    }
    IrType plain = Unions.withoutNull(given);
    code.load(object);
    code.load(argument);
    f.coercion().narrow(given, plain);
    String row = date ? "date.init" : name.equals("Map") ? "map.addAll" : "set.addAll";
    builtins.exact(Builtins.named(row).signature(), 1, plain);
    code.builtin(row, 2);
    code.begin(after);
  }

  /** A Map or Set begins empty; a Date begins with the present. */
  private void start(boolean date, int object) {
    if (date) {
      code.load(object);
      code.builtin("date.initNow", 1);
    }
  }
}
