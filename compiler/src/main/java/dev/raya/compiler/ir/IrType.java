package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.PhysicalKind;
import dev.raya.vm.bytecode.PredefinedType;
import java.util.ArrayList;
import java.util.List;

/**
 * A concrete type, as {@code rbin.md} 3.3 knows it: no type parameters, no aliases. Types that can
 * contain themselves (shapes, classes) are named by their number in the {@link IrPackage}.
 */
public sealed interface IrType {

  /** A predefined type. */
  enum Basic implements IrType {
    NEVER(PredefinedType.NEVER, PhysicalKind.NONE),
    NULL(PredefinedType.NULL, PhysicalKind.R),
    BOOL(PredefinedType.BOOL, PhysicalKind.I),
    INT(PredefinedType.INT, PhysicalKind.I),
    NUMBER(PredefinedType.NUMBER, PhysicalKind.F),
    STRING(PredefinedType.STRING, PhysicalKind.R),
    JSON(PredefinedType.JSON, PhysicalKind.R),
    MUTEX(PredefinedType.MUTEX, PhysicalKind.R),
    ANY(PredefinedType.ANY, PhysicalKind.V),
    VOID(PredefinedType.VOID, PhysicalKind.NONE),
    ERROR(PredefinedType.ERROR, PhysicalKind.R),
    BYTES(PredefinedType.BYTES, PhysicalKind.R),
    FOREIGN(PredefinedType.FOREIGN, PhysicalKind.R);

    private final int index;
    private final PhysicalKind kind;

    Basic(int index, PhysicalKind kind) {
      this.index = index;
      this.kind = kind;
    }

    /** Its index in every file. */
    public int index() {
      return index;
    }

    @Override
    public PhysicalKind kind() {
      return kind;
    }
  }

  /** An array. */
  record Array(IrType element, boolean readOnly) implements IrType {}

  /** A tuple. */
  record Tuple(List<IrType> elements, boolean readOnly) implements IrType {
    /** Copies the list. */
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A function, its receiver not included.
   *
   * @param optional how many trailing parameters an argument list may leave out, a rest parameter
   *     included
   */
  record Function(List<IrType> params, IrType result, int optional, boolean rest)
      implements IrType {
    /** Copies the list. */
    public Function {
      params = List.copyOf(params);
    }

    /** A function without optional parameters. */
    public Function(List<IrType> params, IrType result) {
      this(params, result, 0, false);
    }
  }

  /** An instance of the class with that number. */
  record ClassType(int number) implements IrType {}

  /** The shape with that number. */
  record Shape(int number) implements IrType {}

  /**
   * A union of at least two members, flat and without duplicates.
   *
   * @param discriminant the property that tells the members apart, or empty
   */
  record Union(List<IrType> members, String discriminant) implements IrType {
    /** Copies the list. */
    public Union {
      members = List.copyOf(members);
    }
  }

  /** A task. */
  record Task(IrType result) implements IrType {}

  /** A channel. */
  record Channel(IrType element) implements IrType {}

  /** A variable shared by closures. */
  record Cell(IrType content) implements IrType {}

  /** The type of one string. */
  record StringLiteral(String value) implements IrType {}

  /** The type of one int. */
  record IntLiteral(int value) implements IrType {}

  /** The type of true or false. */
  record BoolLiteral(boolean value) implements IrType {}

  /** How frames, fields and arrays hold a value ({@code rbin.md} 3.3). */
  default PhysicalKind kind() {
    return switch (this) {
      case Basic basic -> basic.kind();
      case IntLiteral _, BoolLiteral _ -> PhysicalKind.I;
      case Union union -> unionKind(union);
      case Array _, Tuple _, Function _, ClassType _, Shape _, Task _, Channel _, Cell _ ->
          PhysicalKind.R;
      case StringLiteral _ -> PhysicalKind.R;
    };
  }

  /** The type without literals at its top: what a variable of it is declared as. */
  default IrType base() {
    return switch (this) {
      case StringLiteral _ -> Basic.STRING;
      case IntLiteral _ -> Basic.INT;
      case BoolLiteral _ -> Basic.BOOL;
      case Union union -> hasLiteral(union) ? withoutLiterals(union) : this;
      case Basic _, Array _, Tuple _, Function _, ClassType _, Shape _, Task _, Channel _, Cell _ ->
          this;
    };
  }

  private static boolean hasLiteral(Union union) {
    for (IrType member : union.members()) {
      if (member instanceof StringLiteral
          || member instanceof IntLiteral
          || member instanceof BoolLiteral) {
        return true;
      }
    }
    return false;
  }

  private static IrType withoutLiterals(Union union) {
    List<IrType> members = new ArrayList<>(union.members().size());
    for (IrType member : union.members()) {
      members.add(member.base());
    }
    return Unions.of(members, union.discriminant());
  }

  private static PhysicalKind unionKind(Union union) {
    boolean oneBase = true;
    IrType first = union.members().getFirst().base();
    boolean words = false;
    for (IrType member : union.members()) {
      PhysicalKind kind = member.kind();
      words |= kind != PhysicalKind.R;
      oneBase &= kind == PhysicalKind.I && member.base().equals(first);
    }
    if (!words) {
      return PhysicalKind.R;
    }
    return oneBase ? PhysicalKind.I : PhysicalKind.V;
  }
}
