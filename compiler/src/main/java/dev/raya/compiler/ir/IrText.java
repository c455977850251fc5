package dev.raya.compiler.ir;

import dev.raya.compiler.ir.IrType.Basic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A package as text, for people: {@code rayac compile --emit ir}. */
public final class IrText {
  private final IrPackage program;
  private final StringBuilder out = new StringBuilder();

  private IrText(IrPackage program) {
    this.program = program;
  }

  /** Another form of a function's code. */
  public interface Bodies {
    /** The blocks as lines two spaces in; null for the form they have. */
    @Nullable String of(IrFunction.Local function);
  }

  /** The text of a package; equal packages give equal texts. */
  public static String of(IrPackage program) {
    return of(program, _ -> null);
  }

  /** The text of a package whose functions are shown in another form. */
  public static String of(IrPackage program, Bodies bodies) {
    IrText text = new IrText(program);
    text.tables();
    for (int i = 0; i < program.functions().size(); i++) {
      if (program.functions().get(i) instanceof IrFunction.Local local) {
        String body = bodies.of(local);
        if (body == null) {
          text.function(i, local);
        } else {
          text.head(i, local);
          text.out.append(body);
        }
      }
    }
    return text.out.toString();
  }

  /** For the text of single blocks of a package. */
  public static IrText reader(IrPackage program) {
    return new IrText(program);
  }

  /** The instructions of a block, one a line; where statements begin is left out. */
  public String of(Block block) {
    StringBuilder lines = new StringBuilder();
    for (Instruction instruction : block.instructions()) {
      if (!(instruction instanceof Instruction.Statement)) {
        lines.append(instruction(instruction)).append('\n');
      }
    }
    return lines.append(end(block.end())).append('\n').toString();
  }

  private void tables() {
    for (int i = 0; i < program.modules().size(); i++) {
      out.append("module ").append(i).append(" \"").append(program.modules().get(i).path());
      out.append("\"\n");
    }
    for (int i = 0; i < program.imports().size(); i++) {
      out.append("import ").append(i).append(' ').append(program.imports().get(i).specifier());
      out.append('\n');
    }
    for (int i = 0; i < program.shapes().size(); i++) {
      IrShape shape = program.shapes().get(i);
      out.append(shape.literal() ? "object " : "interface ").append(i).append(' ');
      out.append(shape.name()).append(properties(shape)).append('\n');
    }
    for (int i = 0; i < program.classes().size(); i++) {
      out.append("class ").append(i).append(' ').append(program.classes().get(i).name());
      if (program.classes().get(i) instanceof IrClass.Local local) {
        out.append(
            local.fields().stream()
                .map(f -> f.name() + ": " + type(f.type()))
                .collect(Collectors.joining("; ", " { ", " }")));
      }
      out.append('\n');
    }
    for (int i = 0; i < program.globals().size(); i++) {
      IrPackage.IrGlobal global = program.globals().get(i);
      out.append("global ").append(i).append(' ').append(global.name()).append(": ");
      out.append(type(global.type())).append('\n');
    }
  }

  private String properties(IrShape shape) {
    return shape.properties().stream()
        .map(p -> p.name() + (p.optional() ? "?: " : ": ") + type(p.type()))
        .collect(Collectors.joining("; ", " { ", " }"));
  }

  private void head(int number, IrFunction.Local function) {
    out.append("\nfunction ").append(number).append(' ').append(function.name()).append(' ');
    out.append(type(function.type())).append('\n');
  }

  private void function(int number, IrFunction.Local function) {
    head(number, function);
    for (int i = 0; i < function.locals().size(); i++) {
      out.append("  local ").append(i).append(": ").append(type(function.locals().get(i)));
      out.append('\n');
    }
    for (int i = 0; i < function.captures().size(); i++) {
      out.append("  capture ").append(i).append(": ").append(type(function.captures().get(i)));
      out.append('\n');
    }
    for (int i = 0; i < function.regions().size(); i++) {
      IrFunction.Region region = function.regions().get(i);
      out.append("  region ").append(i).append(" in ").append(region.parent());
      out.append(" handler b").append(region.handler());
      out.append(region.catchClass() < 0 ? "" : " class " + region.catchClass()).append('\n');
    }
    for (Block block : function.blocks()) {
      out.append("  b").append(block.number());
      out.append(block.region() < 0 ? "" : " region " + block.region()).append(":\n");
      block.instructions().forEach(i -> out.append("    ").append(instruction(i)).append('\n'));
      out.append("    ").append(end(block.end())).append('\n');
    }
  }

  /** One instruction. */
  public String instruction(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Plain i -> i.opcode().mnemonic();
      case Instruction.IntConstant i -> "INT " + i.value();
      case Instruction.NumberConstant i -> "NUMBER " + i.value();
      case Instruction.StringConstant i -> "STRING " + quoted(i.value());
      case Instruction.LoadLocal i -> "LOAD_LOCAL " + i.local();
      case Instruction.StoreLocal i -> "STORE_LOCAL " + i.local();
      case Instruction.Increment i -> "INCREMENT " + i.local() + " by " + i.by();
      case Instruction.Capture i -> i.opcode() + " " + i.capture();
      case Instruction.Global i -> i.opcode() + " " + program.globals().get(i.global()).name();
      case Instruction.Call i ->
          i.opcode()
              + " "
              + i.function()
              + ":"
              + program.functions().get(i.function()).name()
              + " argc "
              + i.argc();
      case Instruction.CallMethod i -> "CALL_METHOD slot " + i.slot() + " argc " + i.argc();
      case Instruction.CallInterface i -> "CALL_IFACE " + i.name() + " argc " + i.argc();
      case Instruction.CallValue i -> i.opcode() + " argc " + i.argc();
      case Instruction.CallBuiltin i -> "CALL_BUILTIN " + i.name() + " argc " + i.argc();
      case Instruction.CallNative i ->
          "CALL_NATIVE host:" + i.module() + " " + i.name() + " argc " + i.argc();
      case Instruction.Typed i -> i.opcode() + " " + type(i.type());
      case Instruction.Literal i -> i.opcode() + " " + type(i.type()) + " of " + i.count();
      case Instruction.Counted i -> i.opcode() + " " + i.count();
      case Instruction.Field i -> i.opcode() + " " + i.field();
      case Instruction.Named i -> i.opcode() + " " + i.name();
      case Instruction.MakeClosure i ->
          "MAKE_CLOSURE " + i.function() + ":" + program.functions().get(i.function()).name();
      case Instruction.Await i -> i.opcode().name();
      case Instruction.Statement i -> "; " + source(i.file()) + ":" + i.line() + ":" + i.column();
    };
  }

  private String source(int file) {
    return program.sources().get(file).name();
  }

  private static String end(Terminator end) {
    return switch (end) {
      case Terminator.Jump e -> "JUMP b" + e.target();
      case Terminator.Branch e -> e.test() + " b" + e.taken() + " else b" + e.otherwise();
      case Terminator.ArgumentBranch e ->
          "IF_ARGUMENT " + e.parameter() + " b" + e.given() + " else b" + e.missing();
      case Terminator.IntSwitch e -> "SWITCH " + e.cases() + " else b" + e.otherwise();
      case Terminator.StringSwitch e -> "SWITCH " + e.cases() + " else b" + e.otherwise();
      case Terminator.Leave e -> e.opcode().mnemonic();
      case Terminator.Raise e -> "TRAP " + e.trap().label();
    };
  }

  /** A type, with the package's names. */
  public String type(IrType type) {
    return switch (type) {
      case Basic basic -> basic.name().toLowerCase(Locale.ROOT);
      case IrType.Array a -> (a.readOnly() ? "readonly " : "") + "(" + type(a.element()) + ")[]";
      case IrType.Tuple t -> (t.readOnly() ? "readonly " : "") + "[" + types(t.elements()) + "]";
      case IrType.Function f ->
          "("
              + types(f.params())
              + (f.optional() > 0 ? "; optional " + f.optional() : "")
              + ") => "
              + type(f.result());
      case IrType.ClassType c -> program.classes().get(c.number()).name();
      case IrType.Shape s -> "shape " + s.number();
      case IrType.Union u -> u.members().stream().map(this::type).collect(Collectors.joining("|"));
      case IrType.Task t -> "task<" + type(t.result()) + ">";
      case IrType.Channel c -> "channel<" + type(c.element()) + ">";
      case IrType.Cell c -> "cell<" + type(c.content()) + ">";
      case IrType.StringLiteral s -> quoted(s.value());
      case IrType.IntLiteral i -> Integer.toString(i.value());
      case IrType.BoolLiteral b -> Boolean.toString(b.value());
    };
  }

  private String types(List<IrType> types) {
    return types.stream().map(this::type).collect(Collectors.joining(", "));
  }

  /** A string as a literal. */
  public static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
  }
}
