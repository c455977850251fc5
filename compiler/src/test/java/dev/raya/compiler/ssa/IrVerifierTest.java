package dev.raya.compiler.ssa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The verifier of the SSA form accepts what is right and names what is wrong. */
final class IrVerifierTest {
  private static final IrPackage PROGRAM =
      new IrPackage(
          new RbinModule.Meta("", "", "", "test", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          -1);

  private final ValueTypes types = new ValueTypes(PROGRAM);

  /** {@code f(x: int, y: number): int}, empty. */
  private final SsaFunction function =
      new SsaFunction(
          new IrFunction.Local(
              "f",
              new IrType.Function(List.of(Basic.INT, Basic.NUMBER), Basic.INT),
              0,
              Set.of(),
              -1,
              -1,
              List.of(Basic.INT, Basic.NUMBER),
              List.of(),
              List.of(),
              List.of(),
              List.of()));

  private final SsaBlock first = function.newBlock(SsaBlock.NO_REGION);
  private final Value x = function.newParameter(first, Basic.INT);
  private final Value y = function.newParameter(first, Basic.NUMBER);
  private final SsaBlock second = function.newBlock(SsaBlock.NO_REGION);
  private final SsaBlock third = function.newBlock(SsaBlock.NO_REGION);

  IrVerifierTest() {
    first.end = branch(emit(first, Opcode.ILT, x, x), new Edge(second), new Edge(third));
    second.end = returned(x);
    third.end = returned(x);
  }

  private Value emit(SsaBlock block, Opcode opcode, Value... args) {
    Op op = Op.of(new Instruction.Plain(opcode), args);
    block.ops.add(op);
    return function.newResult(op);
  }

  private static End branch(Value value, Edge taken, Edge otherwise) {
    return new End(
        new Terminator.Branch(Opcode.JMP_IF_TRUE, 0, 0), value, List.of(taken, otherwise));
  }

  private static End returned(Value value) {
    return new End(new Terminator.Leave(Opcode.RETURN), value, List.of());
  }

  private void refused(String fault) {
    assertThatThrownBy(() -> IrVerifier.verify(function, types, "a pass"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after a pass: f, b")
        .hasMessageContaining(fault);
  }

  @Test
  void aRightFunctionIsAccepted() {
    assertThat(IrVerifier.verify(function, types, "construction")).isTrue();
  }

  @Test
  void aValueOfAnotherBranchIsNotThere() {
    Value sum = emit(second, Opcode.IADD, x, x);
    third.end = returned(sum);
    refused("v3 is not made on every way here");
  }

  @Test
  void aValueIsNotUsedBeforeItIsMade() {
    Value sum = emit(second, Opcode.IADD, x, x);
    emit(second, Opcode.IADD, x, x);
    second.ops.addFirst(second.ops.removeLast());
    second.ops.getFirst().args[0] = sum;
    refused("is not made on every way here");
  }

  @Test
  void aValueMadeInARegionIsNotThereInItsHandler() {
    SsaBlock inside = function.newBlock(0);
    SsaBlock handler = function.newBlock(SsaBlock.NO_REGION);
    handler.handler = true;
    function.newParameter(handler, Basic.ERROR);
    function.regions.add(new SsaFunction.Region(-1, handler, -1, second));
    second.end = End.jump(new Edge(inside));
    Value sum = emit(inside, Opcode.IADD, x, x);
    inside.end = returned(sum);
    handler.end = returned(x);
    assertThat(IrVerifier.verify(function, types, "construction")).isTrue();
    handler.end = returned(sum);
    refused("is not made on every way here");
  }

  @Test
  void aRegionIsEnteredFromTheBlockBeforeItOnly() {
    aValueMadeInARegionIsNotThereInItsHandlerWithoutFault();
    third.end = End.jump(new Edge(function.blocks.get(3)));
    refused("enters region 0 beside b1");
  }

  private void aValueMadeInARegionIsNotThereInItsHandlerWithoutFault() {
    SsaBlock inside = function.newBlock(0);
    SsaBlock handler = function.newBlock(SsaBlock.NO_REGION);
    handler.handler = true;
    function.newParameter(handler, Basic.ERROR);
    function.regions.add(new SsaFunction.Region(-1, handler, -1, second));
    second.end = End.jump(new Edge(inside));
    inside.end = returned(x);
    handler.end = returned(x);
  }

  @Test
  void anEdgeBringsAValueForEachParameter() {
    function.newParameter(second, Basic.INT);
    refused("values for b1");
  }

  @Test
  void anEdgeBringsValuesOfTheRightKind() {
    function.newParameter(second, Basic.INT);
    first.end.edges().getFirst().args.add(y);
    refused("NUMBER for INT of b1");
  }

  @Test
  void operandsHaveTheirTypes() {
    emit(second, Opcode.IADD, x, y);
    refused("NUMBER for IADD");
  }

  @Test
  void aConditionIsBool() {
    first.end = branch(x, new Edge(second), new Edge(third));
    refused("INT at its end");
  }

  @Test
  void anEndHasTheEdgesOfItsKind() {
    first.end =
        new End(
            new Terminator.Branch(Opcode.JMP_IF_TRUE, 0, 0),
            first.end.value(),
            List.of(new Edge(second)));
    refused("edges of its end");
  }

  @Test
  void noEdgeLeadsToTheEntry() {
    second.end = End.jump(new Edge(first, List.of(x, y)));
    refused("an edge to the entry");
  }

  @Test
  void aValueThatWasReplacedIsGone() {
    Value sum = emit(second, Opcode.IADD, x, x);
    sum.replaceBy(x);
    refused("was replaced");
  }
}
