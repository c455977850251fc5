package dev.raya.cache.archive;

import static dev.raya.cache.archive.RawTar.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchiveReaderTest {

  private static List<String> names(InputStream archive) throws IOException {
    List<String> names = new ArrayList<>();
    ArchiveReader.read(
        ArchiveKind.PACKAGE,
        archive,
        new ArchiveVisitor() {
          @Override
          public void directory(String path) {
            names.add(path + "/");
          }

          @Override
          public void file(String path, long size, InputStream content) {
            names.add(path);
          }
        });
    return names;
  }

  private static void refused(RawTar tar, String rule) {
    refused(tar.stream(), rule);
  }

  private static void refused(InputStream archive, String rule) {
    assertThatThrownBy(() -> names(archive))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(rule);
  }

  private static InputStream frame(byte[] tar) {
    return new ByteArrayInputStream(Zstd.compress(tar));
  }

  @Test
  void filesAndDirectoriesAreReadInTheirOrder() throws IOException {
    RawTar tar =
        new RawTar().directory("b/").file("b/x", "1").directory("a").file("a/y", "").file("c", "2");
    assertThat(names(tar.stream())).containsExactly("b/", "b/x", "a/", "a/y", "c");
  }

  @Test
  void typeNulIsAFile() throws IOException {
    assertThat(names(new RawTar().entry('\0', bytes("old"), bytes("x")).stream()))
        .containsExactly("old");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "..",
        ".",
        "./x",
        "a/./b",
        "a//b",
        "/etc/passwd",
        "//x",
        "a\\b",
        "c:/x",
        "a*",
        "a?",
        "a\"b",
        "a<b",
        "a>b",
        "a|b",
        "a.",
        "a ",
        "dir./x",
        "dir /x",
        "nul",
        "Con.txt",
        "aux.tar.gz",
        "x/COM1",
        "lpt9.log",
        "a\u0001b",
        "a\nb",
        "a\u007fb",
        "a\u202eb",
        "a\u200bb",
        "a\ufeffb",
        "a\ue000b",
        "a\u0378b",
        "e\u0301",
        "\ufb01le",
        "\uff41",
        "\u212b",
        "x/"
      })
  void unsafeNamesAreRefused(String name) {
    assertThatThrownBy(() -> names(new RawTar().file(name, "x").stream()))
        .isInstanceOf(ArchiveException.class);
    assertThatThrownBy(() -> names(new RawTar().pax("path", name).file("x", "x").stream()))
        .isInstanceOf(ArchiveException.class);
  }

  @Test
  void namesThatOnlyLookLikeEscapesAreTakenAsTheyAre() throws IOException {
    RawTar tar =
        new RawTar()
            .file("%2e%2e", "")
            .file("~", "")
            .file("$HOME", "")
            .file("...a", "")
            .file("console", "")
            .file("com10", "")
            .file(".env", "")
            .file("\u00e9", "");
    assertThat(names(tar.stream()))
        .containsExactly("%2e%2e", "~", "$HOME", "...a", "console", "com10", ".env", "\u00e9");
  }

  @Test
  void namesThatAreNoUtf8AreRefused() {
    refused(
        new RawTar().entry('0', new byte[] {'a', (byte) 0xC0, (byte) 0x80}, bytes("")), "UTF-8");
    refused(new RawTar().entry('0', new byte[] {(byte) 0xFF}, bytes("")), "UTF-8");
    refused(
        new RawTar().entry('0', new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, bytes("")),
        "UTF-8");
  }

  @Test
  void linksDevicesAndExtensionsAreRefused() {
    refused(new RawTar().link('1', "a", "b"), "hard link");
    refused(new RawTar().link('2', "a", "/etc/passwd"), "symbolic link");
    refused(new RawTar().entry('3', bytes("tty"), bytes("")), "device");
    refused(new RawTar().entry('4', bytes("sda"), bytes("")), "device");
    refused(new RawTar().entry('6', bytes("pipe"), bytes("")), "named pipe");
    refused(new RawTar().entry('7', bytes("contiguous"), bytes("")), "type 0x37");
    refused(new RawTar().entry('L', bytes("././@LongLink"), bytes("x")), "");
    refused(new RawTar().entry('L', bytes("long"), bytes("x")).file("x", ""), "GNU long name");
    refused(new RawTar().entry('S', bytes("sparse"), bytes("")), "sparse");
    refused(new RawTar().entry('g', bytes("global"), RawTar.record("path", "x")), "global");
  }

  @Test
  void collidingNamesAreRefused() {
    refused(new RawTar().file("a", "1").file("a", "2"), "taken by an entry before");
    refused(new RawTar().file("README", "").file("readme", ""), "differs only in case");
    refused(new RawTar().file("stra\u00dfe", "").file("STRASSE", ""), "differs only in case");
    refused(new RawTar().file("\u03c3", "").file("\u03c2", ""), "differs only in case");
    refused(new RawTar().directory("a/").directory("a"), "taken by an entry before");
    refused(new RawTar().directory("a").file("a", ""), "taken by an entry before");
    refused(new RawTar().file("a", "").directory("a"), "taken by an entry before");
    refused(new RawTar().file("a", "").file("a/b", ""), "below the file");
    refused(new RawTar().file("a/b", "").file("a", ""), "taken by an entry before");
    refused(new RawTar().file("a/b", "").file("A/c", ""), "differs only in case");
    refused(new RawTar().file("A", "").file("a/b", ""), "below the file");
  }

  @Test
  void aDirectoryMayFollowWhatLiesInIt() throws IOException {
    assertThat(names(new RawTar().file("a/b", "").directory("a").file("a/c", "").stream()))
        .containsExactly("a/b", "a/", "a/c");
  }

  @Test
  void paxPathIsHonouredAndOtherKeysAreIgnored() throws IOException {
    byte[] payload =
        bytes(
            new String(RawTar.record("mtime", "1.5"), java.nio.charset.StandardCharsets.UTF_8)
                + new String(
                    RawTar.record("path", "gr\u00fcn/x"), java.nio.charset.StandardCharsets.UTF_8)
                + new String(
                    RawTar.record("comment", "a=b\nc"), java.nio.charset.StandardCharsets.UTF_8));
    assertThat(names(new RawTar().pax(payload).file("ignored", "1").stream()))
        .containsExactly("gr\u00fcn/x");
    assertThat(names(new RawTar().pax("path", "dir/").directory("x").stream()))
        .containsExactly("dir/");
  }

  @Test
  void paxTricksAreRefused() {
    refused(new RawTar().pax("size", "0").file("a", "x"), "no size");
    refused(new RawTar().pax("linkpath", "x").file("a", "x"), "no linkpath");
    refused(new RawTar().pax("GNU.sparse.name", "x").file("a", "x"), "no GNU.sparse.name");
    refused(new RawTar().pax("path", "a").pax("path", "b").file("a", "x"), "at most one pax");
    refused(new RawTar().pax("path", "a"), "an entry follows");
    refused(new RawTar().pax("path", "a\0b").file("x", ""), "U+0000");
    refused(new RawTar().pax("path", "").file("x", ""), "empty component");
    byte[] twice = new byte[2 * RawTar.record("path", "a").length];
    System.arraycopy(RawTar.record("path", "a"), 0, twice, 0, twice.length / 2);
    System.arraycopy(RawTar.record("path", "b"), 0, twice, twice.length / 2, twice.length / 2);
    refused(new RawTar().pax(twice).file("x", ""), "path twice");
    refused(new RawTar().pax(new byte[(64 << 10) + 1]).file("x", ""), "at most 65536 bytes");
    refused(new RawTar().pax("path", "\u00e9".repeat(200)).file("x", ""), "at most 255 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8 path=a", "09 path=a\n", "11 path=a\n", "8 path=a\n", "9 path\n", "-9 path=a\n",
            "9\tpath=a\n",
        "path=a\n", "99999999999 path=a\n", "5 =a\n", "9 path=a\n\0", "0 \n", "1\n", " 9 path=a\n"
      })
  void malformedPaxHeadersAreRefused(String payload) {
    refused(new RawTar().pax(bytes(payload)).file("x", ""), "pax headers are well-formed");
  }

  @Test
  void numbersAreOctalOnly() {
    byte[] base256 = RawTar.header('0', bytes("a"), 0);
    base256[124] = (byte) 0x80;
    refused(new RawTar().raw(RawTar.sum(base256)), "octal");
    byte[] hex = RawTar.header('0', bytes("a"), 0);
    RawTar.put(hex, 124, "0000000000f");
    refused(new RawTar().raw(RawTar.sum(hex)), "octal");
    byte[] negative = RawTar.header('0', bytes("a"), 0);
    RawTar.put(negative, 136, "-0000000001");
    refused(new RawTar().raw(RawTar.sum(negative)), "octal");
    byte[] empty = RawTar.header('0', bytes("a"), 0);
    RawTar.put(empty, 124, "\0\0\0\0\0\0\0\0\0\0\0\0");
    refused(new RawTar().raw(RawTar.sum(empty)), "octal");
    byte[] rest = RawTar.header('0', bytes("a"), 0);
    RawTar.put(rest, 124, "0000 000001\0");
    refused(new RawTar().raw(RawTar.sum(rest)), "octal");
  }

  @Test
  void headersOfOtherFormatsAreRefused() {
    byte[] gnu = RawTar.header('0', bytes("a"), 0);
    RawTar.put(gnu, 257, "ustar  \0");
    refused(new RawTar().raw(RawTar.sum(gnu)), "ustar header");
    byte[] v7 = RawTar.header('0', bytes("a"), 0);
    Arrays.fill(v7, 257, 265, (byte) 0);
    refused(new RawTar().raw(RawTar.sum(v7)), "ustar header");
    byte[] sum = RawTar.sum(RawTar.header('0', bytes("a"), 0));
    sum[0] = 'b';
    refused(new RawTar().raw(sum), "right checksum");
    byte[] hidden = RawTar.header('0', bytes("a\0b"), 0);
    refused(new RawTar().raw(RawTar.sum(hidden)), "only NULs follow a name");
    byte[] directory = RawTar.header('5', bytes("d"), 5);
    refused(new RawTar().raw(RawTar.sum(directory)).payload(bytes("xxxxx")), "size 0");
  }

  @Test
  void limitsCountWhatWasRead() throws IOException {
    ArchiveLimits tight = new ArchiveLimits(10_000, 8 * 512, 3);
    byte[] ok =
        Zstd.compress(new RawTar().file("a", "1").file("b", "2").directory("c").end(0).tar());
    ArchiveReader.read(tight, new ByteArrayInputStream(ok), ArchiveVisitor.NONE);
    byte[] entries =
        Zstd.compress(
            new RawTar().directory("a").directory("b").directory("c").directory("d").end(0).tar());
    assertThatThrownBy(
            () -> ArchiveReader.read(tight, new ByteArrayInputStream(entries), ArchiveVisitor.NONE))
        .hasMessageContaining("at most 3 entries");
    byte[] large = Zstd.compress(new RawTar().file("a", "x".repeat(6 * 512)).end(0).tar());
    assertThatThrownBy(
            () -> ArchiveReader.read(tight, new ByteArrayInputStream(large), ArchiveVisitor.NONE))
        .hasMessageContaining("at most 4096 bytes unpacked");
    byte[] noise = new byte[20_000];
    new Random(3).nextBytes(noise);
    byte[] heavy = Zstd.compress(noise);
    assertThatThrownBy(
            () -> ArchiveReader.read(tight, new ByteArrayInputStream(heavy), ArchiveVisitor.NONE))
        .hasMessageContaining("at most 10000 bytes packed");
  }

  @Test
  void depthAndPathAreBounded() throws IOException {
    assertThat(names(new RawTar().pax("path", "d/".repeat(31) + "f").file("x", "").stream()))
        .hasSize(1);
    refused(new RawTar().pax("path", "d/".repeat(32) + "f").file("x", ""), "at most 32 components");
    assertThat(names(new RawTar().pax("path", "f".repeat(255)).file("x", "").stream())).hasSize(1);
    refused(new RawTar().pax("path", "f".repeat(256)).file("x", ""), "at most 255 bytes");
  }

  @Test
  void entriesAreBounded() {
    RawTar tar = new RawTar();
    Random random = new Random(1);
    for (int i = 0; i <= 20_000; i++) {
      // Names that do not compress, so that the ratio does not strike first.
      tar.directory(Long.toHexString(random.nextLong()) + i);
    }
    refused(tar, "at most 20000 entries");
  }

  @Test
  void bombsAreRefusedWhileTheyUnpack() {
    byte[] zeros = new byte[64 << 20];
    refused(new RawTar().entry('0', bytes("zeros"), zeros), "for one packed byte");
  }

  @Test
  void aSizeThatIsOnlyClaimedAllocatesNothing() {
    byte[] header = RawTar.sum(RawTar.header('0', bytes("a"), 0x1_FFFF_FFFFL));
    refused(frame(new RawTar().raw(header).tar()), "cut off");
    byte[] pax = RawTar.sum(RawTar.header('x', bytes("a"), 0x1_FFFF_FFFFL));
    refused(frame(new RawTar().raw(pax).tar()), "at most 65536 bytes");
  }

  @Test
  void theEndIsTwoZeroBlocksAndZerosToTheRecord() throws IOException {
    byte[] body = new RawTar().file("a", "x").tar();
    assertThat(names(frame(new RawTar().raw(body).end(0).tar()))).containsExactly("a");
    assertThat(names(frame(new RawTar().raw(body).end(10_240 - 2048).tar()))).containsExactly("a");
    assertThat(names(frame(new RawTar().raw(body).end(512).tar()))).containsExactly("a");
    refused(frame(new RawTar().raw(body).end(10_240 - 2048 + 1).tar()), "only zeros");
    refused(frame(new RawTar().raw(body).end(10_240).tar()), "only zeros");
    refused(frame(body), "cut off");
    refused(frame(new RawTar().raw(body).raw(new byte[512]).tar()), "cut off");
    refused(frame(new RawTar().raw(body).raw(new byte[512]).raw(body).end(0).tar()), "two zero");
    refused(frame(new RawTar().raw(body).end(0).raw(body).end(0).tar()), "only zeros");
    refused(frame(new RawTar().raw(body).end(3).raw(new byte[] {1}).tar()), "only zeros");
    refused(frame(new byte[0]), "cut off");
  }

  @Test
  void aFrameIsExactlyOneAndPlain() {
    byte[] tar = new RawTar().file("a", "x").end(0).tar();
    byte[] frame = Zstd.compress(tar);
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9};
    refused(join(frame, frame), "nothing follows the Zstandard frame");
    refused(join(frame, new byte[] {0}), "nothing follows the Zstandard frame");
    refused(join(frame, skippable), "nothing follows the Zstandard frame");
    refused(join(skippable, frame), "a Zstandard frame is expected");
    refused(join(tar, new byte[0]), "a Zstandard frame is expected");
    refused(join(new byte[0], new byte[0]), "cut off");
    refused(join(new byte[] {0x1F, (byte) 0x8B}, new byte[20]), "a Zstandard frame is expected");
    byte[] wrongSum = withChecksum(tar);
    wrongSum[wrongSum.length - 1] ^= 1;
    refused(join(wrongSum, new byte[0]), "well-formed");
    byte[] wrongSize = frame.clone();
    wrongSize[5] ^= 1;
    refused(join(wrongSize, new byte[0]), "well-formed");
    byte[] halves =
        joined(
            Zstd.compress(Arrays.copyOf(tar, 512)),
            Zstd.compress(Arrays.copyOfRange(tar, 512, tar.length)));
    refused(new ByteArrayInputStream(halves), "cut off");
  }

  @Test
  void dictionariesAndLargeWindowsAreRefused() throws IOException {
    byte[] tar = new RawTar().file("a", "x".repeat(5000)).end(0).tar();
    assertThat(names(frameWith(tar, context -> context.setWindowLog(23)))).containsExactly("a");
    byte[] noise = new byte[9 << 20];
    new Random(9).nextBytes(noise);
    byte[] large = new RawTar().entry('0', bytes("a"), noise).end(0).tar();
    assertThat(names(frameWith(large, context -> context.setWindowLog(23)))).containsExactly("a");
    // With a window that holds all of it the frame is one segment: the window is the content.
    refused(frameWith(large, context -> context.setWindowLog(24)), "window");
    byte[] window = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (13 << 3) | 1, 1, 0, 0};
    refused(new ByteArrayInputStream(window), "window");
    byte[] dictionary = Arrays.copyOf(tar, 700);
    refused(frameWith(tar, context -> context.loadDict(dictionary)), "well-formed");
    byte[] header = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x01, 0x58, 7, 0, 0};
    refused(new ByteArrayInputStream(header), "no dictionary");
    byte[] reserved = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x08, 0x58, 1, 0, 0};
    refused(new ByteArrayInputStream(reserved), "reserved bit");
  }

  private interface Setting {
    void apply(ZstdCompressCtx context);
  }

  private static InputStream frameWith(byte[] tar, Setting setting) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(1);
      setting.apply(context);
      return new ByteArrayInputStream(context.compress(tar));
    }
  }

  private static byte[] withChecksum(byte[] tar) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setChecksum(true);
      return context.compress(tar);
    }
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static InputStream join(byte[] a, byte[] b) {
    return new ByteArrayInputStream(joined(a, b));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] archive = sample();
    for (int length = 0; length < archive.length; length++) {
      InputStream cut = new ByteArrayInputStream(archive, 0, length);
      assertThatThrownBy(() -> names(cut)).isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  void aFlippedBitIsRefusedOrLeavesTheFilesAsTheyWere() throws IOException {
    byte[] archive = sample();
    ArchiveFacts facts =
        ArchiveReader.read(
            ArchiveKind.PACKAGE, new ByteArrayInputStream(archive), ArchiveVisitor.NONE);
    for (int i = 0; i < archive.length * 8; i++) {
      byte[] flipped = archive.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      try {
        ArchiveFacts read =
            ArchiveReader.read(
                ArchiveKind.PACKAGE, new ByteArrayInputStream(flipped), ArchiveVisitor.NONE);
        assertThat(read.tree()).isEqualTo(facts.tree());
        assertThat(read.checksum()).isNotEqualTo(facts.checksum());
      } catch (ArchiveException e) {
        assertThat(e.code()).isEqualTo("RAYA-PKG-008");
      }
    }
  }

  @Test
  void mutatedTarsAreReadOrRefusedButNeverCrash() throws IOException {
    byte[] tar =
        new RawTar()
            .directory("d")
            .file("d/f", "text")
            .pax("path", "p\u00e4x")
            .file("g", "more")
            .end(0)
            .tar();
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 4000; i++) {
      byte[] mutated = tar.clone();
      int mutations = 1 + random.nextInt(3);
      for (int m = 0; m < mutations; m++) {
        mutated[random.nextInt(tar.length)] = (byte) random.nextInt(256);
      }
      if (random.nextBoolean()) {
        // With right checksums the mutation reaches the code behind them.
        for (int block = 0; block + 512 <= tar.length; block += 512) {
          if (mutated[block + 257] == 'u') {
            System.arraycopy(
                RawTar.sum(Arrays.copyOfRange(mutated, block, block + 512)),
                0,
                mutated,
                block,
                512);
          }
        }
      }
      try {
        names(frame(mutated));
      } catch (ArchiveException e) {
        refused++;
      } catch (RuntimeException e) {
        fail("mutation " + i, e);
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private static byte[] sample() throws IOException {
    byte[] noise = new byte[300];
    new Random(7).nextBytes(noise);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter.write(
        ArchiveKind.PACKAGE,
        Map.of("a", Content.of(noise), "b/c", Content.of(bytes("text ".repeat(50)))),
        out);
    return out.toByteArray();
  }

  @Test
  void messagesNameEntryAndRuleWithoutControlCharacters() {
    assertThatThrownBy(() -> names(new RawTar().file("a\u001b[2J/../b", "").stream()))
        .isInstanceOfSatisfying(
            ArchiveException.class,
            e -> {
              assertThat(e.entry()).isEqualTo("a\ufffd[2J/../b");
              assertThat(e.rule()).isEqualTo("names have no character U+001B");
              assertThat(e.getMessage())
                  .isEqualTo(
                      "archive refused: entry \"a\ufffd[2J/../b\": names have no character U+001B");
            });
  }
}
