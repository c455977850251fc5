package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code opcodes.tsv} holds the rows of the specification's instruction table. */
class OpcodeTableTest {
  private static List<String> specification() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OpcodeTableTest.class.getResourceAsStream("opcodes.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void theTableIsTheSpecifications() throws IOException {
    TreeMap<Integer, String> rows = new TreeMap<>();
    for (Opcode opcode : Opcode.values()) {
      boolean noted = opcode.endsBlock() && opcode != Opcode.JMP;
      rows.put(
          opcode.number(),
          String.join(
              "\t",
              String.format(Locale.ROOT, "%02X", opcode.number()),
              opcode.mnemonic(),
              opcode.operandText(),
              opcode.stack(),
              opcode.traps(),
              noted ? "end" : "-"));
    }
    assertThat(new ArrayList<>(rows.values())).isEqualTo(specification());
  }

  @Test
  void numbersAndOpcodesAreOneToOne() {
    for (Opcode opcode : Opcode.values()) {
      assertThat(Opcode.of(opcode.number())).isSameAs(opcode);
    }
    assertThat(Opcode.of(0x7E)).isNull();
    assertThat(Opcode.of(-1)).isNull();
    assertThat(Opcode.of(256)).isNull();
  }

  @Test
  void fixedEffectsComeFromTheStackColumn() {
    assertThat(Opcode.IADD.isFixed()).isTrue();
    assertThat(Opcode.IADD.popCount()).isEqualTo(2);
    assertThat(Opcode.IADD.push()).isEqualTo(PredefinedType.INT);
    assertThat(Opcode.MUTEX_LOCK.push()).isEqualTo(-1);
    assertThat(Opcode.LOAD_LOCAL.isFixed()).isFalse();
  }

  @Test
  void everyBuiltinHasASignatureAndItsOwnIdAndName() {
    assertThat(Builtins.all()).extracting(Builtin::id).doesNotHaveDuplicates().isSorted();
    assertThat(Builtins.all()).extracting(Builtin::name).doesNotHaveDuplicates();
    for (Builtin builtin : Builtins.all()) {
      assertThat(builtin.signature().required()).isLessThanOrEqualTo(255);
      assertThat(Builtins.of(builtin.id())).isSameAs(Builtins.named(builtin.name()));
    }
  }
}
