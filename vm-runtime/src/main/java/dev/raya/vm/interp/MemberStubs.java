package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes methods of the classes that the VM implements (Map, Set, Date, RegExp …), each a function
 * that calls one built-in. Code that knows the class calls the built-in itself; these are for calls
 * and reads through a structural type, which find members by name (language.md 10.4). They have no
 * place in a file and do not appear in traces.
 */
final class MemberStubs implements RClass.NativeMethods {
  private static final int STEPS = 2;

  private final ContextTypes context;
  private final LinkedModule home;

  MemberStubs(ContextTypes context, LinkedModule home) {
    this.context = context;
    this.home = home;
  }

  @Override
  public @Nullable RFunction make(RClass cls, String slot) {
    Builtin row = Builtins.ofClass(cls.sourceName(), slot);
    LinkedType receiver = cls.type;
    return row == null || receiver == null ? null : make(row, slot, receiver);
  }

  private RFunction make(Builtin row, String name, LinkedType receiver) {
    LinkedType type =
        new BuiltinTypes(context, row.signature(), new LinkedType[] {receiver}).method();
    LinkedType[] locals = new LinkedType[type.parts.length + 1];
    locals[0] = receiver;
    System.arraycopy(type.parts, 0, locals, 1, type.parts.length);
    RFunction made =
        new RFunction(
            name,
            -1,
            FunctionDef.METHOD,
            type,
            locals.length,
            context.signature(type),
            locals,
            new LinkedType[0],
            home);
    made.body = body(row, made);
    return made;
  }

  private static QuickCode body(Builtin row, RFunction function) {
    LinkedType[] cells = function.localTypes;
    LinkedType result = function.type.resultType();
    BuiltinSite site = new BuiltinSite(row, cells, result, null);
    int[] code = {Quick.BUILTIN, 0, cells.length, 0, cells.length, returning(result), cells.length};
    return new QuickCode(
        function,
        code,
        new long[0],
        new Object[] {site},
        cells.length + 1,
        cells.length + 1,
        null,
        null,
        STEPS,
        new QuickCode.Handler[0],
        new int[] {0},
        new int[] {0});
  }

  private static int returning(LinkedType result) {
    return switch (result.kind) {
      case Kind.NONE -> Quick.RETURN_VOID;
      case Kind.R -> Quick.RETURN_R;
      case Kind.V -> Quick.RETURN_V;
      default -> Quick.RETURN_W;
    };
  }
}
