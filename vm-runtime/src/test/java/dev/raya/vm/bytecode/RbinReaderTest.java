package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Faults of the file as bytes, the digest repaired each time. */
class RbinReaderTest {
  private static final int TABLE = 64;
  private static final int ENTRY = 24;

  private static byte[] changed(Consumer<ByteBuffer> change) throws RbinException {
    byte[] bytes = RbinWriter.write(Modules.hello());
    change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    Arrays.fill(bytes, 32, 64, (byte) 0);
    System.arraycopy(Sha256.hash(bytes).toBytes(), 0, bytes, 32, 32);
    return bytes;
  }

  private static void refused(RbinErrorKind kind, Consumer<ByteBuffer> change)
      throws RbinException {
    byte[] bytes = changed(change);
    assertThatThrownBy(() -> Verifier.verify(bytes))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  /** Offset of a section's content. */
  private static int content(ByteBuffer file, Section section) {
    for (int i = 0; i < file.getInt(12); i++) {
      if (file.getInt(TABLE + ENTRY * i) == section.tag()) {
        return (int) file.getLong(TABLE + ENTRY * i + 8);
      }
    }
    throw new IllegalArgumentException(section.name());
  }

  @Test
  void capabilitiesAreReadWithoutTheRest() throws RbinException {
    for (RbinModule module : List.of(Modules.hello(), Modules.rich())) {
      byte[] bytes = RbinWriter.write(module);
      assertThat(RbinReader.capabilities(bytes)).isEqualTo(Capabilities.of(module));
      for (int length = 0; length < bytes.length; length += 7) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> RbinReader.capabilities(cut)).isInstanceOf(RbinException.class);
      }
    }
    byte[] bytes = RbinWriter.write(Modules.rich());
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = bytes.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(RbinReader.capabilities(changed)).hasSizeLessThan(100);
      } catch (RbinException refused) {
        assertThat(refused.kind()).isNotNull();
      }
    }
  }

  @Test
  void capabilitiesKeepTheRulesOfWhatIsRead() throws RbinException {
    byte[] reserved = changed(b -> b.putInt(content(b, Section.META) + 24, 1 << 30));
    assertThatThrownBy(() -> RbinReader.capabilities(reserved))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.NON_CANONICAL));
    byte[] strange = changed(b -> b.put(content(b, Section.CONS) + 4, (byte) 9));
    assertThatThrownBy(() -> RbinReader.capabilities(strange))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.BAD_CONSTANT));
  }

  @Test
  void headers() throws RbinException {
    refused(RbinErrorKind.BAD_MAGIC, b -> b.put(0, (byte) 'X'));
    refused(RbinErrorKind.UNSUPPORTED_VERSION, b -> b.putInt(4, 2 << 16));
    refused(RbinErrorKind.UNSUPPORTED_VERSION, b -> b.putInt(24, 2));
    refused(RbinErrorKind.TRUNCATED_FILE, b -> b.putLong(16, b.capacity() + 1));
    refused(RbinErrorKind.TRAILING_DATA, b -> b.putLong(16, b.capacity() - 1));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(28, 1));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(8, b.getInt(8) | 1 << 20));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(8, b.getInt(8) ^ RbinModule.FLAG_ENTRY));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(8, b.getInt(8) ^ RbinModule.FLAG_NATIVE));
    refused(RbinErrorKind.LIMIT_EXCEEDED, b -> b.putInt(12, 33));
    refused(RbinErrorKind.LIMIT_EXCEEDED, b -> b.putInt(12, 0));
  }

  @Test
  void aNewerMinorVersionIsRead() throws RbinException {
    Verifier.verify(changed(b -> b.putInt(4, 0x0001_0007)));
  }

  @Test
  void sectionTables() throws RbinException {
    refused(RbinErrorKind.BAD_SECTION, b -> b.putLong(TABLE + 8, b.getLong(TABLE + 8) + 8));
    refused(RbinErrorKind.BAD_SECTION, b -> b.putLong(TABLE + 16, 1L << 40));
    refused(RbinErrorKind.BAD_SECTION, b -> b.putInt(TABLE + ENTRY, Section.META.tag()));
    refused(RbinErrorKind.UNKNOWN_SECTION, b -> b.putInt(TABLE + ENTRY, 0x5858_5858));
    refused(
        RbinErrorKind.MISSING_SECTION,
        b -> {
          b.putInt(TABLE + ENTRY, 0x5858_5858);
          b.putInt(TABLE + ENTRY + 4, 0);
        });
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(TABLE + 4, 0));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(TABLE + 4, 3));
  }

  @Test
  void constants() throws RbinException {
    refused(RbinErrorKind.BAD_CONSTANT, b -> b.put(content(b, Section.CONS) + 4, (byte) 9));
    refused(RbinErrorKind.LIMIT_EXCEEDED, b -> b.putInt(content(b, Section.CONS), 1 << 30));
    refused(RbinErrorKind.LIMIT_EXCEEDED, b -> b.putInt(content(b, Section.CONS) + 5, 1 << 20));
    // the second string, "1.0.0": first a byte that is no UTF-8, then one that breaks the order
    refused(RbinErrorKind.BAD_CONSTANT, b -> b.put(content(b, Section.CONS) + 14, (byte) 0xFF));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.put(content(b, Section.CONS) + 14, (byte) 'z'));
  }

  @Test
  void tables() throws RbinException {
    refused(RbinErrorKind.BAD_INDEX, b -> b.putInt(content(b, Section.META), 77));
    refused(RbinErrorKind.BAD_TYPE, b -> b.put(content(b, Section.TYPE) + 4, (byte) 77));
    refused(RbinErrorKind.NON_CANONICAL, b -> b.putInt(content(b, Section.FUNC) + 12, 1));
    refused(RbinErrorKind.LIMIT_EXCEEDED, b -> b.putInt(content(b, Section.FUNC) + 16, 1 << 21));
    refused(
        RbinErrorKind.LIMIT_EXCEEDED, b -> b.putShort(content(b, Section.FUNC) + 26, (short) -1));
    refused(RbinErrorKind.BAD_EXPORT, b -> b.putInt(content(b, Section.FUNC) + 20, 0));
  }

  @Test
  void grantsAreAtLeastThoseOfTheBuiltins() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("clock"));
    int module = builder.module("", true);
    FunctionBuilder now =
        builder.function(module, "now", builder.functionType(List.of(), PredefinedType.NUMBER), 0);
    now.builtin("time.now", 0).emit(Opcode.RETURN);
    RbinModule clock = builder.build();
    assertThat(Capabilities.of(clock)).containsExactly("time");
    assertThatThrownBy(() -> Verifier.verify(clock.withMeta(Modules.meta("clock"))))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.NON_CANONICAL));
  }

  @Test
  void stringsHaveOneFormEach() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(6); k > 0; k--) {
        text.append(
            switch (random.nextInt(4)) {
              case 0 -> (char) random.nextInt(0x80);
              case 1 -> (char) (0xD800 + random.nextInt(0x800));
              case 2 -> (char) random.nextInt(0x800);
              default -> (char) random.nextInt(0x10000);
            });
      }
      byte[] bytes = Wtf8.encode(text.toString());
      assertThat(Wtf8.decode(bytes, 0, bytes.length)).isEqualTo(text.toString());
    }
    byte[] splitPair = {
      (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xED, (byte) 0xB0, (byte) 0x80
    };
    assertThat(Wtf8.decode(splitPair, 0, 6)).isNull();
    assertThat(Wtf8.decode(new byte[] {(byte) 0xC0, (byte) 0x80}, 0, 2)).isNull();
    assertThat(Wtf8.decode(new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, 0, 4))
        .isNull();
  }

  @Test
  void theOrderOfStringsIsThatOfTheirBytes() {
    Random random = new Random(9);
    char[] alphabet = {'a', 0xE9, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFD, 0xE000};
    for (int i = 0; i < 50_000; i++) {
      String a = word(random, alphabet);
      String b = word(random, alphabet);
      int expected = Integer.signum(Arrays.compareUnsigned(Wtf8.encode(a), Wtf8.encode(b)));
      assertThat(Integer.signum(Wtf8.ORDER.compare(a, b))).isEqualTo(expected);
    }
  }

  private static String word(Random random, char[] alphabet) {
    StringBuilder text = new StringBuilder();
    for (int k = random.nextInt(5); k > 0; k--) {
      text.append(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
