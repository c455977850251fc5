package dev.raya.cache.archive;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Builds tar archives field by field, so that tests can write what no honest tool would. */
final class RawTar {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  RawTar file(String name, String content) {
    return entry('0', bytes(name), bytes(content));
  }

  RawTar directory(String name) {
    return entry('5', bytes(name), new byte[0]);
  }

  RawTar link(char type, String name, String target) {
    byte[] header = header(type, bytes(name), 0);
    System.arraycopy(bytes(target), 0, header, 157, target.length());
    return raw(sum(header));
  }

  RawTar entry(char type, byte[] name, byte[] content) {
    raw(sum(header(type, name, content.length)));
    return payload(content);
  }

  /** A pax header whose payload is exactly these bytes. */
  RawTar pax(byte[] payload) {
    return entry('x', bytes("pax"), payload);
  }

  /** A pax header with one well-formed record. */
  RawTar pax(String key, String value) {
    return pax(record(key, value));
  }

  static byte[] record(String key, String value) {
    int rest = bytes(" " + key + "=" + value + "\n").length;
    int length = rest + 1;
    while (String.valueOf(length).length() + rest != length) {
      length++;
    }
    return bytes(length + " " + key + "=" + value + "\n");
  }

  RawTar payload(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(int) (Tar.padded(content.length) - content.length)]);
    return this;
  }

  RawTar raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Two zero blocks, and so many more zero bytes. */
  RawTar end(int more) {
    return raw(new byte[1024 + more]);
  }

  /** What was written so far, unended. */
  byte[] tar() {
    return out.toByteArray();
  }

  /** Ended and compressed. */
  InputStream stream() {
    byte[] tar = new RawTar().raw(tar()).end(0).tar();
    return new ByteArrayInputStream(Zstd.compress(tar));
  }

  /** A header with everything set but its checksum. */
  static byte[] header(char type, byte[] name, long size) {
    byte[] header = new byte[512];
    System.arraycopy(name, 0, header, 0, Math.min(100, name.length));
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format(Locale.ROOT, "%011o\0", size));
    put(header, 136, "00000000000\0");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    return header;
  }

  static void put(byte[] header, int offset, String text) {
    System.arraycopy(bytes(text), 0, header, offset, bytes(text).length);
  }

  static byte[] sum(byte[] header) {
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", Tar.checksum(header)));
    return header;
  }
}
