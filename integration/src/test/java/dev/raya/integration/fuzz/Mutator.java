package dev.raya.integration.fuzz;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes inputs, by bytes, by words of their language, or by the structure of JSON. */
final class Mutator {
  private static final List<String> WORDS =
      List.of(
          "",
          "\0",
          "\n",
          "\n\n",
          " ",
          "+",
          "\u2014 ",
          "\u2014 a AAAA\n",
          "{}",
          "[]",
          "[[[[[[[[[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":",
          "null",
          "-0",
          "1e999",
          "0.1",
          "9007199254740993",
          "-9223372036854775808",
          "18446744073709551616",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\ufeff",
          "\u0130",
          "=",
          "AAAA",
          "../",
          "quorum none\n",
          "group a any b\n");

  private static final int[] NUMBERS = {
    0, 1, -1, 16, 17, 255, 256, 65_535, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  private final Random random;
  private final List<byte[]> corpus;

  Mutator(Random random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  private byte[] seed() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  /** A seed with one to four changes of its bytes. */
  byte[] bytes() {
    byte[] bytes = seed().clone();
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      bytes = edit(bytes);
    }
    return bytes;
  }

  private byte[] edit(byte[] bytes) {
    if (bytes.length == 0) {
      return seed().clone();
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(10)));
    return switch (random.nextInt(9)) {
      case 0 -> with(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
      case 1 -> with(bytes, at, (byte) random.nextInt(256));
      case 2 -> number(bytes, at);
      case 3 -> replaced(bytes, at, length, new byte[0]);
      case 4 -> replaced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      case 5 -> Arrays.copyOf(bytes, at);
      case 6 -> replaced(bytes, at, random.nextBoolean() ? 0 : length, word());
      case 7 -> {
        // The head of one and the tail of another.
        byte[] other = seed();
        int from = random.nextInt(other.length + 1);
        yield replaced(bytes, at, bytes.length - at, Arrays.copyOfRange(other, from, other.length));
      }
      default -> {
        int from = random.nextInt(bytes.length - length + 1);
        yield replaced(bytes, at, length, Arrays.copyOfRange(bytes, from, from + length));
      }
    };
  }

  private byte[] word() {
    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    int times = random.nextInt(20) == 0 ? 1 << random.nextInt(12) : 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(word);
    }
    return out.toByteArray();
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  /** A number of four bytes at a multiple of four, as binary formats have them. */
  private byte[] number(byte[] bytes, int at) {
    int word = at & ~3;
    int value = NUMBERS[random.nextInt(NUMBERS.length)];
    for (int i = 0; i < 4 && word + i < bytes.length; i++) {
      bytes[word + i] = (byte) (value >> 8 * i);
    }
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
    byte[] result = new byte[bytes.length - length + by.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(by, 0, result, at, by.length);
    System.arraycopy(bytes, at + length, result, at + by.length, bytes.length - at - length);
    return result;
  }

  /** A seed that is JSON with one to three changes of its values; else a change of its bytes. */
  byte[] json() {
    if (random.nextInt(3) == 0) {
      return bytes();
    }
    try {
      Json value = JsonReader.read(seed());
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        value = changed(value);
      }
      return CanonicalJson.bytes(value);
    } catch (JsonException noJson) {
      return bytes();
    }
  }

  private Json changed(Json value) {
    return switch (value) {
      case Json.Obj(Map<String, Json> members)
          when !members.isEmpty() && random.nextInt(6) != 0 -> {
        Map<String, Json> more = new LinkedHashMap<>(members);
        String name = List.copyOf(members.keySet()).get(random.nextInt(members.size()));
        Json member = members.getOrDefault(name, Json.NULL);
        switch (random.nextInt(5)) {
          case 0 -> more.remove(name);
          case 1 -> more.put(name + 'x', member);
          default -> more.put(name, changed(member));
        }
        yield new Json.Obj(more);
      }
      case Json.Array(List<Json> items) when !items.isEmpty() && random.nextInt(6) != 0 -> {
        List<Json> more = new ArrayList<>(items);
        int at = random.nextInt(items.size());
        switch (random.nextInt(5)) {
          case 0 -> more.remove(at);
          case 1 -> more.add(items.get(at));
          default -> more.set(at, changed(items.get(at)));
        }
        yield new Json.Array(more);
      }
      case Json.Str(String text) when random.nextInt(3) != 0 -> new Json.Str(text(text));
      case Json.Int(long number) when random.nextInt(3) != 0 ->
          new Json.Int(Math.clamp(number + random.nextInt(5) - 2, -Json.Int.MAX, Json.Int.MAX));
      default -> other();
    };
  }

  private String text(String text) {
    byte[] bytes;
    boolean base64 = random.nextBoolean();
    try {
      bytes = base64 ? Base64.getDecoder().decode(text) : text.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noBase64) {
      base64 = false;
      bytes = text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] edited = edit(bytes.clone());
    return base64
        ? Base64.getEncoder().encodeToString(edited)
        : new String(edited, StandardCharsets.UTF_8);
  }

  private Json other() {
    return switch (random.nextInt(9)) {
      case 0 -> Json.NULL;
      case 1 -> new Json.Bool(random.nextBoolean());
      case 2 -> new Json.Int(random.nextBoolean() ? Json.Int.MAX : -Json.Int.MAX);
      case 3 -> new Json.Str("a".repeat(1 << random.nextInt(14)));
      case 4 -> new Json.Str(WORDS.get(random.nextInt(WORDS.size() - 10)));
      case 5 -> new Json.Obj(Map.of());
      case 6 -> new Json.Array(List.of());
      case 7 -> nested(1 + random.nextInt(300));
      default -> new Json.Real(0.5);
    };
  }

  private static Json nested(int depth) {
    Json value = Json.NULL;
    for (int i = 0; i < depth; i++) {
      value = new Json.Array(List.of(value));
    }
    return value;
  }
}
