package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;

/** Brings the value on the stack from one static type to another. */
final class Coercion {
  private final CodeDraft code;

  Coercion(CodeDraft code) {
    this.code = code;
  }

  /**
   * To a type that the value's type is assignable to in the language.
   *
   * @param constant whether the value is a constant, which fits its own literal type
   * @return the type the value then has on the stack
   */
  IrType widen(IrType from, IrType to, boolean constant) {
    if (from == Basic.NEVER || from.equals(to)) {
      return from;
    }
    if (to == Basic.VOID) {
      if (from != Basic.VOID) {
        code.plain(Opcode.POP);
      }
      return Basic.VOID;
    }
    IrType base = to.base();
    checkObject(from, base);
    // A constant that was widened already has lost what the verifier knew of it.
    boolean fits =
        (constant && !(from instanceof IrType.Union))
            || Unions.members(to).containsAll(Unions.members(from));
    IrType now = from;
    if (from.base() == Basic.INT && base == Basic.NUMBER) {
      code.plain(Opcode.I2N);
      now = base;
    } else if (from.kind() != base.kind() || intBecomesNumber(from, base)) {
      now = fits ? to : base;
      code.typed(Opcode.WIDEN, now);
    }
    if (!base.equals(to) && !fits) {
      if (!Unions.members(now).containsAll(Unions.members(base))) {
        code.typed(Opcode.WIDEN, base);
      }
      code.typed(Opcode.CHECK_CAST, to);
      now = to;
    }
    return now;
  }

  /**
   * In generic code a value is assignable to what its bound is; of the types that satisfy a
   * structural bound some are no objects (language.md 3.2, rule 5).
   */
  private static void checkObject(IrType from, IrType to) {
    for (IrType member : Unions.members(from)) {
      boolean object =
          switch (member.base()) {
            case Basic.STRING, Basic.INT, Basic.NUMBER, Basic.BYTES, Basic.MUTEX -> false;
            case IrType.Array _, IrType.Tuple _, IrType.Channel _, IrType.Task _ -> false;
            default -> true;
          };
      if (!object
          && Unions.members(to).stream().anyMatch(IrType.Shape.class::isInstance)
          && Unions.members(to).stream()
              .allMatch(t -> t instanceof IrType.Shape || t == Basic.NULL)) {
        throw new NoObjectException(member, to);
      }
    }
  }

  private static boolean intBecomesNumber(IrType from, IrType to) {
    List<IrType> target = Unions.members(to);
    return target.contains(Basic.NUMBER)
        && !target.contains(Basic.INT)
        && Unions.members(from.base()).contains(Basic.INT);
  }

  /** As {@link #widen}, where paths meet: the value has exactly the type afterwards. */
  void join(IrType from, IrType to) {
    IrType now = widen(from, to, false);
    if (now != Basic.NEVER && !now.equals(to) && to != Basic.VOID) {
      code.typed(Opcode.WIDEN, to);
    }
  }

  /** To a subtype; the VM checks. */
  void narrow(IrType from, IrType to) {
    if (from == Basic.NEVER || from.base().equals(to.base()) || contained(from, to)) {
      return;
    }
    if (from.kind() == to.kind() && same(Unions.withoutNull(from), to)) {
      code.plain(Opcode.NON_NULL);
    } else {
      code.typed(Opcode.CHECK_CAST, to);
    }
  }

  private static boolean contained(IrType from, IrType to) {
    return from.kind() == to.kind() && Unions.members(to).containsAll(Unions.members(from));
  }

  private static boolean same(IrType a, IrType b) {
    List<IrType> first = Unions.members(a);
    List<IrType> second = Unions.members(b);
    return first.size() == second.size() && first.containsAll(second);
  }

  /** Whether the type has a zero value ({@code rbin.md} 5.5). */
  static boolean hasZero(IrType type) {
    return switch (type.base()) {
      case Basic.INT, Basic.NUMBER, Basic.BOOL, Basic.STRING, Basic.JSON, Basic.NULL -> true;
      default -> Unions.hasNull(type);
    };
  }

  /** Pushes the zero value of a type that has one. */
  void zero(IrType type) {
    switch (type.base()) {
      case Basic.INT -> code.constant(0);
      case Basic.NUMBER -> code.add(new dev.raya.compiler.ir.Instruction.NumberConstant(0));
      case Basic.BOOL -> code.plain(Opcode.CONST_FALSE);
      case Basic.STRING -> code.add(new dev.raya.compiler.ir.Instruction.StringConstant(""));
      case Basic.JSON -> code.plain(Opcode.CONST_UNDEF);
      default -> {
        code.plain(Opcode.CONST_NULL);
        widen(Basic.NULL, type, false);
      }
    }
  }
}
