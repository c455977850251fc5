package dev.raya.cache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.raya.cache.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveWriterTest {
  @TempDir Path folder;

  private static Content content(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] pack(Map<String, Content> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
    assertThat(facts.checksum()).isEqualTo(Digest.of(out.toByteArray()));
    assertThat(facts.size()).isEqualTo(out.size());
    return out.toByteArray();
  }

  /** Path to content, as our own reader sees it. */
  private static Map<String, String> read(byte[] archive) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    ArchiveReader.read(
        ArchiveKind.PACKAGE,
        new ByteArrayInputStream(archive),
        new ArchiveVisitor() {
          @Override
          public void directory(String path) {
            files.put(path + "/", "");
          }

          @Override
          public void file(String path, long size, InputStream content) throws IOException {
            files.put(path, new String(content.readAllBytes(), StandardCharsets.ISO_8859_1));
          }
        });
    return files;
  }

  /** Path to content, as another reader sees it. */
  private static Map<String, String> readElsewhere(byte[] archive) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    byte[] tar = Zstd.decompress(archive, (int) Zstd.getFrameContentSize(archive));
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        assertThat(e.isFile()).isTrue();
        assertThat(e.getMode()).isEqualTo(0100644 & 07777);
        assertThat(e.getLongUserId()).isZero();
        assertThat(e.getLongGroupId()).isZero();
        assertThat(e.getLastModifiedTime().toMillis()).isZero();
        files.put(e.getName(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void sameFilesGiveSameBytesWhateverTheirOrder() throws IOException {
    Map<String, Content> one = new LinkedHashMap<>();
    one.put("module.rbin", content("code"));
    one.put("README.md", content("hello"));
    one.put("files/a/b.txt", content(""));
    Map<String, Content> other = new LinkedHashMap<>();
    other.put("files/a/b.txt", content(""));
    other.put("README.md", content("hello"));
    other.put("module.rbin", content("code"));
    assertThat(pack(one)).isEqualTo(pack(one)).isEqualTo(pack(other));
    assertThat(read(pack(one)).keySet())
        .containsExactly("README.md", "files/a/b.txt", "module.rbin");
  }

  @Test
  void treeIsTheDigestOfOneLinePerFileSortedByPathBytes() throws IOException {
    Map<String, Content> files = new TreeMap<>();
    files.put("b", content("two"));
    files.put("a/c", content(""));
    files.put("\uFF5Ex".substring(1), content("x"));
    String listing =
        Digest.of(new byte[0]).hex()
            + "  0  a/c\n"
            + Digest.of("two".getBytes(StandardCharsets.UTF_8)).hex()
            + "  3  b\n"
            + Digest.of("x".getBytes(StandardCharsets.UTF_8)).hex()
            + "  1  x\n";
    ArchiveFacts facts =
        ArchiveWriter.write(ArchiveKind.PACKAGE, files, new ByteArrayOutputStream());
    assertThat(facts.tree()).isEqualTo(Digest.of(listing.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void pathsAreSortedByBytesNotByUtf16() throws IOException {
    // U+FB01 would sort after a surrogate pair in UTF-16 but before it in UTF-8.
    assertThat(TreeDigest.BY_PATH_BYTES.compare("\uD7A3", "\uD83D\uDE00")).isNegative();
    assertThat(TreeDigest.BY_PATH_BYTES.compare("\uFA0E", "\uD83D\uDE00")).isNegative();
    assertThat("\uFA0E".compareTo("\uD83D\uDE00")).isPositive();
    Map<String, Content> files = new LinkedHashMap<>();
    files.put("\uD83D\uDE00", content("1"));
    files.put("\uFA0E", content("2"));
    assertThat(read(pack(files)).keySet()).containsExactly("\uFA0E", "\uD83D\uDE00");
  }

  @Test
  void frameStatesItsSizeAndCarriesAChecksum() throws IOException {
    byte[] archive = pack(Map.of("a", content("x")));
    int descriptor = archive[4];
    assertThat(descriptor & 0x04).as("checksum flag").isNotZero();
    assertThat(Zstd.getFrameContentSize(archive)).isEqualTo(512 + 512 + 1024);
  }

  @Test
  void longAndForeignNamesTakeAPaxHeaderOnlyWhereUstarHasNoRoom() throws IOException {
    Map<String, Content> files = new LinkedHashMap<>();
    String ustar = "d".repeat(100) + "/" + "f".repeat(100);
    String pax = "e".repeat(120);
    files.put("n".repeat(100), content("1"));
    files.put(ustar, content("2"));
    files.put(pax, content("3"));
    files.put("gr\u00fc\u00df/\u65e5\u672c", content("4"));
    files.put("p/".repeat(31) + "q".repeat(100), content("5"));
    byte[] archive = pack(files);
    assertThat(read(archive)).isEqualTo(readElsewhere(archive)).hasSize(5);
    String tar =
        new String(
            Zstd.decompress(archive, (int) Zstd.getFrameContentSize(archive)),
            StandardCharsets.ISO_8859_1);
    assertThat(tar.split(" path=", -1)).hasSize(3);
  }

  @Test
  void anotherReaderSeesTheSameFiles() throws IOException {
    Random random = new Random(20260107);
    for (int round = 0; round < 60; round++) {
      Map<String, Content> files = new TreeMap<>();
      int count = random.nextInt(20);
      for (int i = 0; i < count; i++) {
        String path = "x".repeat(1 + random.nextInt(120)) + i;
        path = random.nextBoolean() ? "dir" + random.nextInt(3) + "/" + path : path;
        byte[] bytes =
            new byte
                [switch (random.nextInt(4)) {
                  case 0 -> 511 + random.nextInt(3);
                  case 1 -> random.nextInt(200_000);
                  default -> random.nextInt(600);
                }];
        random.nextBytes(bytes);
        files.put(path, Content.of(bytes));
      }
      byte[] archive = pack(files);
      Map<String, String> seen = read(archive);
      assertThat(seen).isEqualTo(readElsewhere(archive)).hasSize(files.size());
      for (Map.Entry<String, Content> file : files.entrySet()) {
        byte[] bytes = file.getValue().open().readAllBytes();
        assertThat(seen.get(file.getKey()))
            .isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
      }
      assertThat(pack(files)).isEqualTo(archive);
    }
  }

  @Test
  void emptyArchiveIsAnArchive() throws IOException {
    assertThat(read(pack(Map.of()))).isEmpty();
  }

  @Test
  void toolchainBundlesAreReadByTheSameRules() throws IOException {
    byte[] large = new byte[3 << 20];
    new Random(5).nextBytes(large);
    Map<String, Content> files = Map.of("lib/runtime/lib/modules", Content.of(large));
    Path one = folder.resolve("one.tar.zst");
    Path two = folder.resolve("two.tar.zst");
    ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.TOOLCHAIN, files, one);
    assertThat(ArchiveWriter.write(ArchiveKind.TOOLCHAIN, files, two)).isEqualTo(facts);
    assertThat(Files.mismatch(one, two)).isEqualTo(-1);
  }

  @Test
  void namesThatAReaderRefusesAreNotPacked() {
    for (String name : new String[] {"../x", "/x", "a//b", "CON", "a\\b", "con.txt", "x "}) {
      Path file = folder.resolve("refused.tar.zst");
      assertThatThrownBy(
              () -> ArchiveWriter.write(ArchiveKind.PACKAGE, Map.of(name, content("")), file))
          .isInstanceOf(ArchiveException.class);
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void whatAReaderWouldRefuseAsABombIsNotPacked() {
    Path file = folder.resolve("bomb.tar.zst");
    Map<String, Content> files = Map.of("zeros", Content.of(new byte[4 << 20]));
    assertThatThrownBy(() -> ArchiveWriter.write(ArchiveKind.PACKAGE, files, file))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("at most 200 bytes for one packed byte");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatChangesWhileItIsPackedIsAnError() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "1234");
    Content content = Content.of(file);
    Files.writeString(file, "12");
    assertThatThrownBy(() -> pack(Map.of("f", content)))
        .hasMessage("f became shorter while it was packed");
    Files.writeString(file, "123456");
    assertThatThrownBy(() -> pack(Map.of("f", content)))
        .hasMessage("f became longer while it was packed");
  }

  @Test
  void linksAreNoContent() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "1234");
    Path link = Files.createSymbolicLink(folder.resolve("l"), file);
    assertThatThrownBy(() -> Content.of(link)).isInstanceOf(IOException.class);
  }

  @Test
  void anExistingFileIsNotOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("there.tar.zst"), "mine");
    assertThatThrownBy(() -> ArchiveWriter.write(ArchiveKind.PACKAGE, Map.of(), file))
        .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
  }
}
