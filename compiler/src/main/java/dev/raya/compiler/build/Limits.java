package dev.raya.compiler.build;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The limits of {@code rbin.md} 7 that a function can pass, which no reader would accept. */
final class Limits {
  private static final int MAX_CODE = 1 << 20;
  private static final int MAX_LOCALS = 4_096;
  private static final int MAX_CAPTURES = 255;
  private static final int MAX_STACK = 4_096;
  private static final int MAX_HANDLERS = 65_535;

  private static final int MAX_SWITCH = 65_535;

  /** What an object literal may hold: all its values are on the stack, with what stood there. */
  private static final int MAX_PROPERTIES = 4_000;

  private Limits() {}

  /** The functions of a part of a package that cannot even be written. */
  static Set<Diagnostic> passed(IrPart part, Map<String, SourceFile> sources) {
    Set<Diagnostic> found = new LinkedHashSet<>();
    IrPackage program = part.content();
    for (IrFunction function : program.functions()) {
      if (function instanceof IrFunction.Local local) {
        String why = why(local);
        if (why != null) {
          found.add(tooLarge(local.name(), why, place(program, local, sources)));
        }
      }
    }
    return found;
  }

  private static @Nullable String why(IrFunction.Local f) {
    if (f.captures().size() > MAX_CAPTURES) {
      return "it uses "
          + f.captures().size()
          + " variables of functions around it, at most "
          + MAX_CAPTURES
          + " are allowed";
    }
    for (Block block : f.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Literal l
            && l.opcode() == Opcode.OBJECT_LITERAL
            && l.count() > MAX_PROPERTIES) {
          return "an object literal has "
              + l.count()
              + " properties, at most "
              + MAX_PROPERTIES
              + " are allowed (a Map holds any number)";
        }
      }
      int cases =
          switch (block.end()) {
            case Terminator.IntSwitch s -> s.cases().size();
            case Terminator.StringSwitch s -> s.cases().size();
            default -> 0;
          };
      if (cases > MAX_SWITCH) {
        return "a switch has " + cases + " cases, at most " + MAX_SWITCH + " are allowed";
      }
    }
    return null;
  }

  /** What is told of a function whose code turned out to need more values at once. */
  static Diagnostic tooDeep(Map<String, SourceFile> sources) {
    return new Diagnostic(
        DiagnosticCode.E0701,
        new Span(sources.values().iterator().next(), 0, 0),
        "an expression holds more than "
            + MAX_STACK
            + " values at once; take its parts out into variables");
  }

  private static Diagnostic tooLarge(String name, String why, Span place) {
    return new Diagnostic(
        DiagnosticCode.E0701,
        place,
        "the function '" + name + "' is too large: " + why + "; split it");
  }

  private static Span place(
      IrPackage program, IrFunction.Local function, Map<String, SourceFile> sources) {
    for (Block block : function.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Statement at) {
          return at(sources, program.sources().get(at.file()).name(), at.line(), at.column());
        }
      }
    }
    return new Span(sources.values().iterator().next(), 0, 0);
  }

  private static Span at(Map<String, SourceFile> sources, String name, int line, int column) {
    SourceFile file = sources.get(name);
    if (file == null) {
      return new Span(sources.values().iterator().next(), 0, 0);
    }
    int start = file.lineStart(line) + column - 1;
    return new Span(file, start, start + 1);
  }

  /**
   * The functions of a file that are too large, each at its first statement.
   *
   * @param sources by package-relative name
   */
  static List<Diagnostic> passed(RbinModule module, Map<String, SourceFile> sources) {
    List<Diagnostic> found = new ArrayList<>();
    for (int i = 0; i < module.functions().size(); i++) {
      RbinModule.FunctionDef function = module.functions().get(i);
      String why = why(function);
      if (why != null) {
        found.add(tooLarge(function.name(), why, place(module, i, sources)));
      }
    }
    return found;
  }

  private static @Nullable String why(RbinModule.FunctionDef f) {
    if (f.code().length() > MAX_CODE) {
      return "its code has " + f.code().length() + " bytes, at most " + MAX_CODE + " are allowed";
    }
    if (f.localTypes().size() > MAX_LOCALS) {
      return "it has "
          + f.localTypes().size()
          + " variables and intermediate values, at most "
          + MAX_LOCALS
          + " are allowed";
    }
    if (f.maxStack() > MAX_STACK) {
      return "an expression holds "
          + f.maxStack()
          + " values at once, at most "
          + MAX_STACK
          + " are allowed";
    }
    return f.handlers().size() > MAX_HANDLERS
        ? "it has " + f.handlers().size() + " handlers, at most " + MAX_HANDLERS + " are allowed"
        : null;
  }

  /** Where a function's first statement stands, or the start of some file without debug data. */
  private static Span place(RbinModule module, int function, Map<String, SourceFile> sources) {
    RbinModule.DebugData debug = module.debug();
    if (debug != null && !debug.functions().get(function).lines().isEmpty()) {
      RbinModule.LineEntry line = debug.functions().get(function).lines().getFirst();
      return at(sources, debug.files().get(line.file()).file(), line.line(), line.column());
    }
    return new Span(sources.values().iterator().next(), 0, 0);
  }
}
