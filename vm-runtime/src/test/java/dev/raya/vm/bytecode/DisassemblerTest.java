package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisassemblerTest {
  @Test
  void aSmallModuleReadsLikeThis() throws RbinException {
    String text = Disassembler.disassemble(Verifier.verify(Modules.hello()));
    assertThat(text)
        .endsWith(
            """
            function 0 main: () => void
              flags ENTRY  stack 1
              0000 CONST_STR "hello"
              0003 CALL_BUILTIN console.log, 1
              0007 RETURN_VOID
            module ""
            """);
  }

  @Test
  void everyInstructionOfARichModuleIsShown() throws RbinException {
    String text = Disassembler.disassemble(Verifier.verify(Modules.rich()));
    assertThat(text)
        .contains("class 1 Animal", "class 2 Dog extends Animal", "slot 0 speak")
        .contains("; stack [unfilled int[], int, int]")
        .contains("; main.raya:2:1", "CALL_BUILTIN map.set, 3", "NEW Map<string,int>")
        .contains("SWITCH_STR \"\" -> ", "TABLE_SWITCH 1 -> ", "catches everything");
  }
}
