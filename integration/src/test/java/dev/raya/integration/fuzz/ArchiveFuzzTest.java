package dev.raya.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveReader;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.archive.ZstdCoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Archives: tar under a good frame, and the frame itself. */
final class ArchiveFuzzTest {
  private static final int BLOCK = 512;
  private static final int LIMIT = 4 << 20;

  private static Fuzz fuzz(String name, Class<? extends IOException> refusal) {
    return Fuzz.brief(name, refusal::isInstance, 64 << 20);
  }

  /** What an archive holds, as far as a mutant's files stay small. */
  private static final class Seen implements ArchiveVisitor {
    private final Map<String, Content> files = new TreeMap<>();

    @Override
    public void directory(String path) {}

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
      byte[] bytes = content.readAllBytes();
      assertThat(bytes).hasSize((int) size);
      assertThat(files.put(path, Content.of(bytes))).isNull();
    }
  }

  private static byte[] archive() throws IOException {
    Map<String, Content> files = new TreeMap<>();
    for (String name :
        List.of("module.rbin", "metadata.json", "src/a.raya", "x/y/z/" + "n".repeat(99))) {
      files.put(name, Content.of((name + '\n').repeat(40).getBytes(StandardCharsets.UTF_8)));
    }
    files.put("empty", Content.of(new byte[0]));
    // Longer than a ustar name: it has a pax header.
    files.put("p/" + "q".repeat(200) + "/r", Content.of(new byte[] {1, 2, 3}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
    return out.toByteArray();
  }

  /** An archive that is taken holds what its files say: written anew they make the same tree. */
  private static void read(byte[] archive) throws IOException {
    Seen seen = new Seen();
    ArchiveFacts facts =
        ArchiveReader.read(ArchiveKind.PACKAGE, new ByteArrayInputStream(archive), seen);
    ArchiveFacts again =
        ArchiveWriter.write(ArchiveKind.PACKAGE, seen.files, new ByteArrayOutputStream());
    assertThat(again.tree()).isEqualTo(facts.tree());
  }

  /** Makes the checksums of headers right, so that what lies behind them is reached. */
  private static byte[] withChecksums(byte[] tar, Random random) {
    for (int at = 0; at + BLOCK <= tar.length; at += BLOCK) {
      boolean header = tar[at + 257] == 'u' && tar[at + 258] == 's' && tar[at + 259] == 't';
      if (header && random.nextInt(8) != 0) {
        for (int i = 148; i < 156; i++) {
          tar[at + i] = ' ';
        }
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
          sum += tar[at + i] & 0xFF;
        }
        byte[] digits =
            String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, tar, at + 148, digits.length);
      }
    }
    return tar;
  }

  private static void tars(Fuzz fuzz) throws IOException {
    byte[] tar = ZstdCoding.decompress(archive(), LIMIT);
    Random random = fuzz.random();
    Mutator mutator = new Mutator(random, List.of(tar));
    Fuzz.Outcome outcome =
        fuzz.run(
            () -> ZstdCoding.compress(withChecksums(mutator.bytes(), random)),
            ArchiveFuzzTest::read);
    assertThat(outcome.accepted()).isPositive();
    assertThat(outcome.refused()).isPositive();
  }

  private static void frames(Fuzz fuzz) throws IOException {
    byte[] archive = archive();
    Mutator mutator = new Mutator(fuzz.random(), List.of(archive, ZstdCoding.compress(archive)));
    Fuzz.Outcome outcome = fuzz.run(mutator::bytes, ArchiveFuzzTest::read);
    assertThat(outcome.refused()).isPositive();
  }

  private static void codings(Fuzz fuzz) throws IOException {
    byte[] body = "the body of an answer\n".repeat(400).getBytes(StandardCharsets.UTF_8);
    Mutator mutator =
        new Mutator(
            fuzz.random(),
            List.of(ZstdCoding.compress(body), ZstdCoding.compress(new byte[1 << 16])));
    fuzz.run(
        mutator::bytes,
        input -> assertThat(ZstdCoding.decompress(input, LIMIT).length).isLessThanOrEqualTo(LIMIT));
  }

  @Test
  @Timeout(120)
  void changedTarsAreRefusedOrHoldWhatTheySay() throws IOException {
    tars(fuzz("tar", ArchiveException.class));
  }

  @Test
  @Timeout(120)
  void changedFramesAreRefusedOrHoldWhatTheySay() throws IOException {
    frames(fuzz("zstd", ArchiveException.class));
  }

  @Test
  @Timeout(120)
  void changedBodiesAreRefusedOrBounded() throws IOException {
    codings(fuzz("coding", IOException.class));
  }

  @Test
  @Tag("long")
  void allOfThemForLong() throws IOException {
    tars(fuzz("tar", ArchiveException.class).longer());
    frames(fuzz("zstd", ArchiveException.class).longer());
    codings(fuzz("coding", IOException.class).longer());
  }
}
