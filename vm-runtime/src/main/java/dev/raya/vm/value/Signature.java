package dev.raya.vm.value;

/**
 * The physical form of a function's parameters and result. A call whose site and target have the
 * same signature object needs no adaptation (vm.md 3.6); the linker makes one object per form and
 * context.
 */
public final class Signature {
  private final String form;

  /** Makes a signature; only the table of a context should. */
  public Signature(String form) {
    this.form = form;
  }

  /** Returns the text that tells the signatures of a context apart. */
  public static String formOf(LinkedType function) {
    StringBuilder out = new StringBuilder(function.parts.length + 2);
    for (LinkedType p : function.parts) {
      out.append(cell(p));
    }
    return out.append('>').append(cell(function.resultType())).toString();
  }

  private static char cell(LinkedType t) {
    return switch (t.kind) {
      case Kind.I -> t.isBool() ? 'b' : 'i';
      case Kind.F -> 'f';
      case Kind.R -> 'r';
      case Kind.V -> t.has(LinkedType.Form.NUMBER) ? 'n' : 'v';
      default -> '0';
    };
  }

  @Override
  public String toString() {
    return form;
  }
}
