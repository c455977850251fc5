package dev.raya.cache.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes the headers of one file: ustar, with a pax header before it only where the path does not
 * fit (packages.md section 5: mtime 0, uid and gid 0, mode 0644).
 */
final class TarHeaders {
  private static final int MODE_FILE = 0644;

  private TarHeaders() {}

  /** The header blocks of a file: a whole number of {@link Tar#BLOCK}s. */
  static byte[] file(String path, long size) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    int split = name.length == path.length() ? split(name) : -1;
    ByteArrayOutputStream out = new ByteArrayOutputStream(Tar.BLOCK);
    if (split >= 0) {
      out.writeBytes(header(name, split, size, Tar.TYPE_FILE));
      return out.toByteArray();
    }
    byte[] record = paxRecord("path", name);
    byte[] pax = "pax".getBytes(StandardCharsets.US_ASCII);
    out.writeBytes(header(pax, 0, record.length, Tar.TYPE_PAX));
    out.writeBytes(record);
    out.writeBytes(new byte[(int) (Tar.padded(record.length) - record.length)]);
    // Readers that know pax never look at this name; it is the same for every file on purpose.
    out.writeBytes(header(pax, 0, size, Tar.TYPE_FILE));
    return out.toByteArray();
  }

  /**
   * Where an ASCII path is cut into prefix and name: 0 if it needs no prefix, else the index of the
   * slash between the two, −1 if no cut fits.
   */
  private static int split(byte[] path) {
    if (path.length <= Tar.NAME_LENGTH) {
      return 0;
    }
    for (int i = Math.min(path.length - 2, Tar.PREFIX_LENGTH); i > 0; i--) {
      if (path[i] == '/' && path.length - i - 1 <= Tar.NAME_LENGTH) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] header(byte[] path, int split, long size, byte type) {
    byte[] header = new byte[Tar.BLOCK];
    int name = split == 0 ? 0 : split + 1;
    System.arraycopy(path, name, header, Tar.NAME, path.length - name);
    System.arraycopy(path, 0, header, Tar.PREFIX, split);
    octal(header, Tar.MODE, Tar.SHORT_NUMBER, MODE_FILE);
    octal(header, Tar.UID, Tar.SHORT_NUMBER, 0);
    octal(header, Tar.GID, Tar.SHORT_NUMBER, 0);
    octal(header, Tar.SIZE, Tar.LONG_NUMBER, size);
    octal(header, Tar.MTIME, Tar.LONG_NUMBER, 0);
    header[Tar.TYPE] = type;
    System.arraycopy(Tar.USTAR, 0, header, Tar.MAGIC, Tar.USTAR.length);
    octal(header, Tar.DEVICE_MAJOR, Tar.SHORT_NUMBER, 0);
    octal(header, Tar.DEVICE_MINOR, Tar.SHORT_NUMBER, 0);
    // Six digits, NUL, blank: the form every tar writes.
    octal(header, Tar.CHECKSUM, Tar.SHORT_NUMBER - 1, Tar.checksum(header));
    header[Tar.CHECKSUM + Tar.SHORT_NUMBER - 1] = ' ';
    return header;
  }

  /** Zero-padded octal digits and a NUL. */
  private static void octal(byte[] header, int offset, int length, long value) {
    long rest = value;
    for (int i = offset + length - 2; i >= offset; i--) {
      header[i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
    if (rest != 0) {
      throw new IllegalArgumentException(value + " does not fit " + (length - 1) + " octal digits");
    }
  }

  /** {@code LENGTH key=value\n}, where the length counts itself. */
  private static byte[] paxRecord(String key, byte[] value) {
    int rest = 1 + key.length() + 1 + value.length + 1;
    int length = rest + String.valueOf(rest).length();
    if (String.valueOf(length).length() + rest != length) {
      length = rest + String.valueOf(length).length();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length);
    out.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(value);
    out.write('\n');
    return out.toByteArray();
  }
}
