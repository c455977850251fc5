package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.http.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MultipartReaderTest {
  private static final String TYPE = "multipart/form-data; boundary=" + Parts.BOUNDARY;

  /** Gives at most {@code step} bytes at a time, so that boundaries fall across reads. */
  private static InputStream slow(byte[] bytes, int step) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(step, length));
      }
    };
  }

  @Test
  void bodiesComeOutAsTheyWentInWhateverTheReads() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      byte[] first = new byte[random.nextInt(3)];
      byte[] second = new byte[random.nextInt(200_000)];
      random.nextBytes(second);
      byte[] lure = ("\r\n--" + Parts.BOUNDARY.substring(0, 9)).getBytes(StandardCharsets.UTF_8);
      if (second.length > 1000) {
        System.arraycopy(lure, 0, second, 500, lure.length);
        System.arraycopy(lure, 0, second, second.length - lure.length, lure.length);
      }
      byte[] body = new Parts().add("one", "text/plain", first).add("two", "x/y", second).body();
      MultipartReader reader = new MultipartReader(slow(body, 1 + random.nextInt(5000)), TYPE);
      MultipartReader.Part one = reader.next().orElseThrow();
      assertThat(one.name()).isEqualTo("one");
      assertThat(one.body().readAllBytes()).isEqualTo(first);
      MultipartReader.Part two = reader.next().orElseThrow();
      assertThat(two.contentType()).isEqualTo("x/y");
      assertThat(two.body().readAllBytes()).isEqualTo(second);
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void anUnreadBodyIsSkipped() throws Exception {
    byte[] body =
        new Parts().add("one", "a/b", new byte[100_000]).add("two", "a/b", new byte[1]).body();
    MultipartReader reader = new MultipartReader(new ByteArrayInputStream(body), TYPE);
    assertThat(reader.next()).isPresent();
    assertThat(reader.next().orElseThrow().name()).isEqualTo("two");
  }

  @Test
  void everyCutIsNoticed() {
    byte[] body =
        new Parts().add("one", "a/b", new byte[30]).add("two", "a/b", new byte[30]).body();
    for (int length = 0; length < body.length - 2; length++) {
      byte[] cut = java.util.Arrays.copyOf(body, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("cut at " + length)
          .isInstanceOfAny(RegistryException.class, IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x"
      })
  void aBoundaryIsRequired(String type) {
    assertThatThrownBy(() -> new MultipartReader(InputStream.nullInputStream(), type))
        .isInstanceOf(RegistryException.class);
  }

  @Test
  void aHeadIsBounded() {
    String body = "--x\r\nA: " + "b".repeat(9000) + "\r\n\r\n";
    MultipartReader reader = reader(body);
    assertThatThrownBy(reader::next).hasMessageContaining("longer than");
    assertThatThrownBy(() -> reader("--x\r\nA: 1\r\nA: 2\r\n\r\n").next())
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> reader("--x\r\nA: 1\r\n\r\n").next()).hasMessageContaining("name");
    assertThatThrownBy(() -> reader("preamble\r\n--x\r\n").next()).hasMessageContaining("begin");
  }

  private static MultipartReader reader(String body) {
    try {
      return new MultipartReader(
          new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)),
          "multipart/form-data; boundary=x");
    } catch (RegistryException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readAll(byte[] body) throws RegistryException, IOException {
    MultipartReader reader = new MultipartReader(new ByteArrayInputStream(body), TYPE);
    for (Optional<MultipartReader.Part> part = reader.next();
        part.isPresent();
        part = reader.next()) {
      part.get().body().readAllBytes();
    }
  }
}
