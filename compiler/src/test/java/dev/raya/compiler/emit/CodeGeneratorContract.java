package dev.raya.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.CodeGenerator;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link CodeGenerator} must do with packages written by hand. */
abstract class CodeGeneratorContract {
  private static final IrType.Function NOTHING = new IrType.Function(List.of(), Basic.VOID);

  abstract CodeGenerator generator();

  @Test
  void aProgramThatPrintsRuns() throws Exception {
    IrPackage program =
        program(
            function(
                "main",
                NOTHING,
                List.of(),
                Set.of(Trait.ENTRY),
                block(
                    0,
                    new Terminator.Leave(Opcode.RETURN_VOID),
                    new Instruction.StringConstant("hello"),
                    new Instruction.CallBuiltin("console.log", 1))));

    assertThat(run(program).output()).isEqualTo("hello\n");
  }

  @Test
  void aLoopAndACallGiveTheSumOfTheNumbersBelowTen() throws Exception {
    IrFunction.Local sum =
        function(
            "sum",
            new IrType.Function(List.of(Basic.INT), Basic.INT),
            List.of(Basic.INT, Basic.INT, Basic.INT),
            Set.of(),
            block(0, new Terminator.Jump(2)),
            block(
                1,
                new Terminator.Jump(2),
                new Instruction.LoadLocal(1),
                new Instruction.LoadLocal(2),
                new Instruction.Plain(Opcode.IADD),
                new Instruction.StoreLocal(1),
                new Instruction.Increment(2, 1)),
            block(
                2,
                new Terminator.Branch(Opcode.JMP_IF_TRUE, 1, 3),
                new Instruction.LoadLocal(2),
                new Instruction.LoadLocal(0),
                new Instruction.Plain(Opcode.ILT)),
            block(3, new Terminator.Leave(Opcode.RETURN), new Instruction.LoadLocal(1)));
    IrFunction.Local main =
        function(
            "main",
            new IrType.Function(List.of(), Basic.INT),
            List.of(),
            Set.of(Trait.ENTRY),
            block(
                0,
                new Terminator.Leave(Opcode.RETURN),
                new Instruction.IntConstant(10),
                new Instruction.Call(Opcode.CALL, 0, 1)));

    assertThat(run(program(sum, main)).exitCode()).isEqualTo(45);
  }

  @Test
  void aRegionCatchesAndItsHandlerDoesNot() throws Exception {
    IrFunction.Local main =
        new IrFunction.Local(
            "main",
            new IrType.Function(List.of(), Basic.INT),
            0,
            Set.of(Trait.ENTRY),
            -1,
            -1,
            List.of(),
            List.of(),
            List.of(
                new Block(
                    0,
                    0,
                    List.of(
                        new Instruction.IntConstant(1),
                        new Instruction.IntConstant(0),
                        new Instruction.Plain(Opcode.IDIV)),
                    new Terminator.Leave(Opcode.RETURN)),
                new Block(
                    1,
                    -1,
                    List.of(new Instruction.Plain(Opcode.POP), new Instruction.IntConstant(7)),
                    new Terminator.Leave(Opcode.RETURN))),
            List.of(new IrFunction.Region(-1, 1, -1)),
            List.of());

    assertThat(run(program(main)).exitCode()).isEqualTo(7);
  }

  @Test
  void equalPackagesGiveEqualBytes() throws Exception {
    IrFunction.Local main =
        function(
            "main",
            NOTHING,
            List.of(),
            Set.of(Trait.ENTRY),
            block(0, new Terminator.Leave(Opcode.RETURN_VOID)));

    byte[] first = RbinWriter.write(generator().generate(program(main), true));
    byte[] second = RbinWriter.write(generator().generate(program(main), true));

    assertThat(first).isEqualTo(second);
    assertThat(RbinWriter.write(RbinReader.read(first))).isEqualTo(first);
  }

  @Test
  void aPackageWhosePathsDisagreeIsAFaultOfTheCompiler() {
    IrFunction.Local main =
        function(
            "main",
            NOTHING,
            List.of(),
            Set.of(),
            block(0, new Terminator.Leave(Opcode.RETURN_VOID), new Instruction.IntConstant(1)));

    assertThatThrownBy(() -> generator().generate(program(main), false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("values left");
  }

  private Running.Outcome run(IrPackage program) throws Exception {
    byte[] bytes = RbinWriter.write(generator().generate(program, true));
    return Running.run(Map.of("main", bytes), List.of());
  }

  private static Block block(int number, Terminator end, Instruction... code) {
    return new Block(number, -1, List.of(code), end);
  }

  private static IrFunction.Local function(
      String name, IrType.Function type, List<IrType> locals, Set<Trait> traits, Block... blocks) {
    return new IrFunction.Local(
        name, type, 0, traits, -1, -1, locals, List.of(), List.of(blocks), List.of(), List.of());
  }

  private static IrPackage program(IrFunction... functions) {
    RbinModule.Meta meta =
        new RbinModule.Meta("", "", "", "test", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO);
    IrPackage.IrModule module = new IrPackage.IrModule("", true, List.of(), List.of(), List.of());
    return new IrPackage(
        meta,
        List.of(module),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new ArrayList<>(List.of(functions)),
        List.of(),
        functions.length - 1);
  }
}
