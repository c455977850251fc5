package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.FunctionType;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;

/**
 * One row of FUNC: its type, parameters, locals, captures, owner and flags ({@code rbin.md} 3.8).
 */
final class FrameRules {
  private final RbinModule module;
  private final TableRules tables;
  private final FunctionDef function;
  private final int index;

  FrameRules(RbinModule module, TableRules tables, int index) {
    this.module = module;
    this.tables = tables;
    this.function = module.functions().get(index);
    this.index = index;
  }

  void check() throws RbinException {
    tables.type(function.type(), "FUNC");
    if (!(module.type(function.type()) instanceof FunctionType type)) {
      throw fail(RbinErrorKind.BAD_FUNCTION, "its type is no function type");
    }
    for (int local : function.localTypes()) {
      tables.valueType(local, "FUNC");
    }
    for (int capture : function.captureTypes()) {
      tables.valueType(capture, "FUNC");
    }
    owner();
    int receiver = function.hasReceiver() ? 1 : 0;
    if (function.paramCount() != type.params().size() + receiver
        || function.paramCount() > function.localTypes().size()) {
      throw fail(RbinErrorKind.BAD_FUNCTION, "its parameters differ from its type");
    }
    if (function.paramCount() > RbinFormat.MAX_PARAMS) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, function.paramCount() + " parameters");
    }
    for (int i = 0; i < type.params().size(); i++) {
      if (!function.localTypes().get(i + receiver).equals(type.params().get(i))) {
        throw fail(RbinErrorKind.BAD_FUNCTION, "parameter " + i + " differs from its type");
      }
    }
    if (!function.captureTypes().isEmpty() && (function.flags() & FunctionDef.CLOSURE) == 0) {
      throw fail(RbinErrorKind.BAD_FUNCTION, "it has captures and no flag CLOSURE");
    }
    boolean init = (function.flags() & FunctionDef.INIT) != 0;
    boolean constructor = (function.flags() & FunctionDef.CONSTRUCTOR) != 0;
    if ((init && function.paramCount() != 0)
        || ((init || constructor) && type.result() != PredefinedType.VOID)
        || ((init || constructor) && (function.flags() & FunctionDef.ASYNC) != 0)) {
      throw fail(RbinErrorKind.BAD_FUNCTION, "an initialiser or constructor of a wrong type");
    }
    if (function.code().length() == 0) {
      throw fail(RbinErrorKind.FALL_THROUGH, "it has no code");
    }
    for (Handler handler : function.handlers()) {
      tables.handlerClass(handler);
    }
    maps();
  }

  private void owner() throws RbinException {
    if (function.ownerClass() != ClassRef.NONE
        && (function.ownerClass() < 0 || function.ownerClass() >= module.classes().size())) {
      throw fail(RbinErrorKind.BAD_INDEX, "its owner is no class of the file");
    }
    if (function.hasReceiver()) {
      boolean fits =
          function.ownerClass() != ClassRef.NONE
              && !function.localTypes().isEmpty()
              && module.type(function.localTypes().getFirst()) instanceof RType.ClassType receiver
              && receiver.ref() == function.ownerClass();
      if (!fits) {
        throw fail(RbinErrorKind.BAD_FUNCTION, "local 0 is not the receiver");
      }
    }
  }

  private void maps() throws RbinException {
    int last = -1;
    for (RbinModule.StackMap map : function.stackMaps()) {
      if (map.offset() <= last) {
        throw fail(RbinErrorKind.NON_CANONICAL, "stack maps are not ascending");
      }
      last = map.offset();
      for (int type : map.types()) {
        tables.valueType(type & ~RbinModule.StackMap.UNFILLED, "CODE");
      }
    }
  }

  private RbinException fail(RbinErrorKind kind, String detail) {
    return new RbinException(kind, "FUNC", index, -1, function.name() + ": " + detail);
  }
}
