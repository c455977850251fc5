package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.LineEntry;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The text of a verified module, for {@code rayac dis}: what each number in the file stands for.
 */
public final class Disassembler {
  private static final List<String> EXPORT_KINDS =
      List.of("function", "class", "constant", "type", "re-export");

  private final RbinModule module;
  private final ModuleSymbols symbols;
  private final StringBuilder out = new StringBuilder();

  private Disassembler(VerifiedModule verified) {
    this.module = verified.module();
    this.symbols = verified.symbols();
  }

  /** The whole module as text, lines ended by LF. */
  public static String disassemble(VerifiedModule verified) {
    return new Disassembler(verified).text();
  }

  private String text() {
    Meta meta = module.meta();
    line("package \"%s\" %s  module \"%s\"", meta.packageName(), meta.version(), meta.module());
    line("compiler \"%s\"  grants %s", meta.compiler(), Capabilities.of(module));
    line("interface %s", meta.interfaceDigest());
    for (ModuleSymbols.Member member : symbols.members()) {
      line(
          "import %s %s from \"%s\": %s",
          EXPORT_KINDS.get(member.member().baseKind()),
          member.member().name(),
          member.module().specifier(),
          type(member.member().type()));
    }
    for (RbinModule.NativeImport imported : module.natives()) {
      for (RbinModule.NativeMember member : imported.members()) {
        line("import native %s %s: %s", name(imported), member.name(), type(member.type()));
      }
    }
    for (int i = 0; i < module.classes().size(); i++) {
      classDef(i, module.classes().get(i));
    }
    for (int i = 0; i < module.globals().size(); i++) {
      GlobalDef global = module.globals().get(i);
      boolean constant = (global.flags() & GlobalDef.CONSTANT) != 0;
      line(
          "global %d %s%s: %s",
          symbols.importedGlobalCount() + i,
          constant ? "const " : "",
          global.name(),
          type(global.type()));
    }
    for (int i = 0; i < module.functions().size(); i++) {
      function(i, module.functions().get(i));
    }
    for (ModuleDef definition : module.modules()) {
      moduleDef(definition);
    }
    return out.toString();
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private String type(int index) {
    boolean unfilled = (index & StackMap.UNFILLED) != 0;
    String text = symbols.types().display(index & ~StackMap.UNFILLED, symbols);
    return unfilled ? "unfilled " + text : text;
  }

  private void classDef(int index, ClassDef definition) {
    String parent =
        definition.parent() == ClassRef.NONE
            ? ""
            : " extends " + symbols.className(definition.parent());
    line("class %d %s%s", index, definition.name(), parent);
    ResolvedClass resolved = symbols.resolve(index);
    int first = resolved.fieldCount() - definition.fields().size();
    for (int i = 0; i < definition.fields().size(); i++) {
      FieldDef field = definition.fields().get(i);
      line("  field %d %s: %s", first + i, field.name(), type(field.type()));
    }
    for (int i = 0; i < definition.vtable().size(); i++) {
      Slot slot = definition.vtable().get(i);
      line("  slot %d %s = %s", i, slot.name(), functionName(slot.function()));
    }
  }

  /** The specifier that a native module or capability is imported by. */
  private static String name(RbinModule.NativeImport imported) {
    return (imported.kind() == 0 ? "native:" : "host:") + imported.module();
  }

  private String nativeMember(int index) {
    int first = 0;
    for (RbinModule.NativeImport imported : module.natives()) {
      if (index < first + imported.members().size()) {
        String member = imported.members().get(index - first).name();
        return index + ":" + name(imported) + " " + member;
      }
      first += imported.members().size();
    }
    return String.valueOf(index);
  }

  private String functionName(int index) {
    return index + ":" + symbols.function(index).name();
  }

  private void function(int local, FunctionDef function) {
    int index = symbols.importedFunctionCount() + local;
    line("function %d %s: %s", index, function.name(), type(function.type()));
    line("  flags %s  stack %d", flags(function.flags()), function.maxStack());
    for (int i = 0; i < function.localTypes().size(); i++) {
      line(
          "  %s %d: %s",
          i < function.paramCount() ? "param" : "local", i, type(function.localTypes().get(i)));
    }
    for (int i = 0; i < function.captureTypes().size(); i++) {
      line("  capture %d: %s", i, type(function.captureTypes().get(i)));
    }
    for (Handler handler : function.handlers()) {
      String caught =
          handler.catchClass() == ClassRef.NONE
              ? "everything"
              : symbols.className(handler.catchClass());
      line(
          "  handler %04x..%04x -> %04x catches %s",
          handler.start(), handler.end(), handler.target(), caught);
    }
    code(local, function);
  }

  private static String flags(int flags) {
    String[] names = {
      "ASYNC",
      "EXPORTED",
      "ENTRY",
      "CONSTRUCTOR",
      "METHOD",
      "STATIC",
      "CLOSURE",
      "INIT",
      "",
      "NO_INLINE"
    };
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < names.length; bit++) {
      if ((flags & 1 << bit) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(names[bit]);
      }
    }
    return text.isEmpty() ? "none" : text.toString();
  }

  private void code(int local, FunctionDef function) {
    Map<Integer, StackMap> maps = new HashMap<>();
    function.stackMaps().forEach(map -> maps.put(map.offset(), map));
    Map<Integer, LineEntry> lines = new HashMap<>();
    FunctionDebug debug = module.debugOf(local);
    if (debug != null) {
      debug.lines().forEach(entry -> lines.put(entry.offset(), entry));
    }
    InstructionCursor cursor = new InstructionCursor(function.code());
    while (cursor.next()) {
      LineEntry entry = lines.get(cursor.offset());
      if (entry != null && module.debug() != null) {
        line(
            "  ; %s:%d:%d",
            module.debug().files().get(entry.file()).file(), entry.line(), entry.column());
      }
      StackMap map = maps.get(cursor.offset());
      if (map != null) {
        line("  ; stack %s", map.types().stream().map(this::type).toList());
      }
      instruction(cursor);
    }
  }

  private void instruction(InstructionCursor cursor) {
    StringBuilder operands = new StringBuilder();
    List<Operand> kinds = cursor.opcode().operands();
    for (int i = 0; i < kinds.size(); i++) {
      operands.append(i == 0 ? " " : ", ");
      long[] values = cursor.values(i);
      switch (kinds.get(i)) {
        case SWITCH, SWITCH_STR -> {
          for (int k = 1; k < values.length; k += 2) {
            boolean text = kinds.get(i) == Operand.SWITCH_STR;
            operands.append(text ? constant((int) values[k]) : String.valueOf(values[k]));
            operands.append(" -> ").append(target(values[k + 1])).append(", ");
          }
          operands.append("else ").append(target(values[0]));
        }
        case TABLE_SWITCH -> {
          for (int k = 2; k < values.length; k++) {
            operands.append(values[1] + k - 2).append(" -> ").append(target(values[k]));
            operands.append(", ");
          }
          operands.append("else ").append(target(values[0]));
        }
        default -> operands.append(operand(kinds.get(i), values[0]));
      }
    }
    line("  %04x %s%s", cursor.offset(), cursor.opcode(), operands);
  }

  private static String target(long offset) {
    return String.format(Locale.ROOT, "%04x", offset);
  }

  private String operand(Operand kind, long value) {
    int index = (int) value;
    return switch (kind) {
      case F64 -> String.valueOf(Double.longBitsToDouble(value));
      case CONST16, CONST32, NAME -> constant(index);
      case FUNC -> functionName(index);
      case GLOBAL, STATIC -> index + ":" + symbols.global(index).name();
      case TYPE -> type(index);
      case NATIVE -> nativeMember(index);
      case BUILTIN -> {
        Builtin builtin = Builtins.of(index);
        yield builtin == null ? String.valueOf(index) : builtin.name();
      }
      case TRAP -> {
        Trap trap = Trap.of(index);
        yield trap == null ? String.valueOf(index) : trap.label();
      }
      case JUMP -> target(value);
      default -> String.valueOf(value);
    };
  }

  private String constant(int index) {
    return switch (module.constants().get(index)) {
      case Constant.Str text -> quoted(text.value());
      case Constant.I32 number -> String.valueOf(number.value());
      case Constant.F64 number -> String.valueOf(number.value());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (unit < 0x20 || Character.isSurrogate(unit)) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
          } else {
            quoted.append(unit);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private void moduleDef(ModuleDef definition) {
    line("module \"%s\"", definition.path());
    if (definition.init() != -1) {
      line("  init %s", functionName(definition.init()));
    }
    for (Export export : definition.exports()) {
      boolean reExport = export.kind() == ExportKind.RE_EXPORT;
      line(
          "  export %s %s: %s",
          EXPORT_KINDS.get(export.kind()),
          export.name(),
          reExport
              ? symbols.members().get(export.target()).module().specifier()
              : type(export.type()));
    }
  }
}
