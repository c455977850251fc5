package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;
import java.util.Set;

/**
 * The function {@code display(value: any): string}. A built-in cannot call {@code toString}, so one
 * finds the objects that have it, the loop here calls it on each, and another one writes the form
 * with these texts in place.
 */
final class DisplayFunction {
  private static final IrType OBJECTS = new IrType.Array(Basic.ANY, false);
  private static final IrType TEXTS = new IrType.Array(Basic.STRING, false);

  private DisplayFunction() {}

  static IrFunction.Local make(PackageTables tables, int module) {
    IrType.Function toText = new IrType.Function(List.of(), Basic.STRING);
    IrType hasToString =
        new IrType.Shape(
            tables.shape(
                new IrShape(
                    false,
                    "",
                    List.of(new IrShape.Property("toString", toText, false, false, true)),
                    List.of())));
    CodeDraft code = new CodeDraft();
    final int value = code.local(Basic.ANY, "value");
    final int objects = code.local(OBJECTS);
    final int texts = code.local(TEXTS);
    final int index = code.local(Basic.INT);
    code.load(value);
    code.builtin("display.objects", 1);
    code.store(objects);
    code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, TEXTS, 0));
    code.add(new Instruction.Counted(Opcode.INIT_ARRAY, 0));
    code.store(texts);
    final int body = code.block();
    final int test = code.block();
    final int after = code.block();
    code.jump(test);
    code.begin(body);
    code.load(texts);
    code.load(objects);
    code.load(index);
    code.plain(Opcode.LOAD_ELEM);
    code.typed(Opcode.CHECK_CAST, hasToString);
    code.add(new Instruction.CallInterface("toString", toText, 0));
    code.plain(Opcode.ARRAY_PUSH);
    code.add(new Instruction.Increment(index, 1));
    code.begin(test);
    code.load(index);
    code.load(objects);
    code.plain(Opcode.ARRAY_LEN);
    code.plain(Opcode.ILT);
    code.branch(Opcode.JMP_IF_TRUE, body, after);
    code.begin(after);
    code.load(value);
    code.load(objects);
    code.load(texts);
    code.builtin("display.render", 3);
    code.leave(Opcode.RETURN);
    return new IrFunction.Local(
        "display",
        new IrType.Function(List.of(Basic.ANY), Basic.STRING),
        module,
        Set.of(),
        -1,
        -1,
        code.locals(),
        List.of(),
        code.blocks(),
        code.regions(),
        code.variables());
  }
}
