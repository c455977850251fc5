package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive as a stream under the rules of "Archive reading, precisely" of the security
 * vectors: it refuses and never repairs, and every limit counts what has been read so far.
 *
 * <p>Where a point of tar has several customary readings, the archive is refused if they would
 * differ: numbers are octal digits, names end at the first NUL and only NULs follow, a path comes
 * from the ustar fields or from one well-formed pax record, nothing else gives a name or a size.
 */
public final class ArchiveReader {
  private static final int COPY_BUFFER = 1 << 16;

  private final ZstdFrameInput in;
  private final EntryNames names;
  private final ArchiveVisitor visitor;
  private final TreeDigest tree = new TreeDigest();
  private final byte[] block = new byte[Tar.BLOCK];
  private long position;

  private ArchiveReader(ZstdFrameInput in, ArchiveLimits limits, ArchiveVisitor visitor) {
    this.in = in;
    this.names = new EntryNames(limits.entries());
    this.visitor = visitor;
  }

  /**
   * Reads and checks a whole archive. The visitor sees the entries in the archive's order.
   *
   * @param archive the compressed bytes; read to their end, left open
   * @throws ArchiveException if the archive is refused
   * @throws IOException if the stream cannot be read, or from the visitor
   */
  public static ArchiveFacts read(ArchiveKind kind, InputStream archive, ArchiveVisitor visitor)
      throws IOException {
    return read(kind.limits(), archive, null, visitor);
  }

  static ArchiveFacts read(ArchiveLimits limits, InputStream archive, ArchiveVisitor visitor)
      throws IOException {
    return read(limits, archive, null, visitor);
  }

  static ArchiveFacts read(
      ArchiveLimits limits, InputStream archive, @Nullable Digest known, ArchiveVisitor visitor)
      throws IOException {
    try (ZstdFrameInput in = new ZstdFrameInput(archive, limits, known)) {
      ArchiveReader reader = new ArchiveReader(in, limits, visitor);
      reader.entries();
      in.expectEnd();
      return new ArchiveFacts(in.checksum(), in.packed(), reader.tree.finish());
    }
  }

  private void entries() throws IOException {
    while (readHeader()) {
      String path = null;
      if (block[Tar.TYPE] == Tar.TYPE_PAX) {
        path = PaxHeader.path(payload());
        if (!readHeader()) {
          throw new ArchiveException(path, "an entry follows its pax header");
        }
      }
      entry(path);
    }
    end();
  }

  /** Reads one header block; false at the first zero block. */
  private boolean readHeader() throws IOException {
    readFully(block, "a header");
    if (isZero()) {
      return false;
    }
    if (!Arrays.equals(
        block, Tar.MAGIC, Tar.MAGIC + Tar.USTAR.length, Tar.USTAR, 0, Tar.USTAR.length)) {
      throw new ArchiveException(null, "every header is a ustar header");
    }
    if (number(Tar.CHECKSUM, Tar.SHORT_NUMBER, true) != Tar.checksum(block)) {
      throw new ArchiveException(null, "every header has the right checksum");
    }
    number(Tar.MODE, Tar.SHORT_NUMBER, false);
    number(Tar.UID, Tar.SHORT_NUMBER, false);
    number(Tar.GID, Tar.SHORT_NUMBER, false);
    number(Tar.MTIME, Tar.LONG_NUMBER, false);
    number(Tar.DEVICE_MAJOR, Tar.SHORT_NUMBER, false);
    number(Tar.DEVICE_MINOR, Tar.SHORT_NUMBER, false);
    return true;
  }

  private void entry(@Nullable String paxPath) throws IOException {
    String written = paxPath == null ? ustarPath() : paxPath;
    long size = number(Tar.SIZE, Tar.LONG_NUMBER, true);
    switch (block[Tar.TYPE]) {
      case Tar.TYPE_FILE, 0 -> {
        names.add(written, false);
        file(written, size);
      }
      case Tar.TYPE_DIRECTORY -> {
        String path = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
        names.add(path, true);
        if (size != 0) {
          throw new ArchiveException(path, "a directory has size 0, found " + size);
        }
        visitor.directory(path);
      }
      case Tar.TYPE_PAX ->
          throw new ArchiveException(written, "an entry has at most one pax header");
      default ->
          throw new ArchiveException(
              written,
              "entries are files or directories, found type %s"
                  .formatted(typeName(block[Tar.TYPE])));
    }
  }

  private static String typeName(byte type) {
    return switch (type) {
      case '1' -> "hard link";
      case '2' -> "symbolic link";
      case '3', '4' -> "device";
      case '6' -> "named pipe";
      case 'g' -> "global pax header";
      case 'L', 'K' -> "GNU long name";
      case 'S' -> "GNU sparse file";
      default -> "0x%02x".formatted(type & 0xFF);
    };
  }

  private void file(String path, long size) throws IOException {
    FileInput content = new FileInput(path, size);
    visitor.file(path, size, content);
    content.skipRest();
    tree.add(path, size, Digest.finish(content.sha256));
    skipPadding(size);
  }

  /** The payload of the pax header in {@link #block}. */
  private byte[] payload() throws IOException {
    long size = number(Tar.SIZE, Tar.LONG_NUMBER, true);
    if (size > ArchiveLimits.PAX) {
      throw new ArchiveException(
          null, "a pax header has at most " + ArchiveLimits.PAX + " bytes, found " + size);
    }
    byte[] bytes = new byte[(int) size];
    readFully(bytes, "a pax header");
    skipPadding(size);
    return bytes;
  }

  private String ustarPath() throws ArchiveException {
    String name = text(Tar.NAME, Tar.NAME_LENGTH);
    String prefix = text(Tar.PREFIX, Tar.PREFIX_LENGTH);
    return prefix.isEmpty() ? name : prefix + '/' + name;
  }

  private String text(int offset, int length) throws ArchiveException {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    String text = utf8(block, offset, end - offset);
    for (int i = end; i < offset + length; i++) {
      if (block[i] != 0) {
        throw new ArchiveException(text, "only NULs follow a name in its field");
      }
    }
    return text;
  }

  static String utf8(byte[] bytes, int offset, int length) throws ArchiveException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ArchiveException(
          new String(bytes, offset, length, StandardCharsets.ISO_8859_1), "names are UTF-8");
    }
  }

  /**
   * Blanks, octal digits, then a NUL or blank and only such; no digits count as 0 unless required.
   */
  private long number(int offset, int length, boolean required) throws ArchiveException {
    int at = offset;
    int end = offset + length;
    while (at < end && block[at] == ' ') {
      at++;
    }
    int digits = at;
    long value = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      value = value * 8 + (block[at] - '0');
      at++;
    }
    boolean empty = at == digits;
    while (at < end && (block[at] == ' ' || block[at] == 0)) {
      at++;
    }
    if (at < end || (empty && required)) {
      throw new ArchiveException(null, "numbers in headers are octal digits");
    }
    return value;
  }

  /** After the first zero block: the second, then zeros at most to the end of the record. */
  private void end() throws IOException {
    readFully(block, "the second zero block");
    if (!isZero()) {
      throw new ArchiveException(null, "the tar archive ends with two zero blocks");
    }
    long limit = (position + Tar.RECORD - 1) / Tar.RECORD * Tar.RECORD;
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      position += n;
      Arrays.fill(block, n, block.length, (byte) 0);
      if (!isZero() || position > limit) {
        throw new ArchiveException(
            null, "only zeros to the next multiple of 10 240 bytes follow the tar archive");
      }
    }
  }

  private boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void skipPadding(long size) throws IOException {
    readFully(new byte[(int) (Tar.padded(size) - size)], "the padding of an entry");
  }

  private void readFully(byte[] bytes, String what) throws IOException {
    int n = in.readNBytes(bytes, 0, bytes.length);
    position += n;
    if (n < bytes.length) {
      throw new ArchiveException(null, "the tar archive is whole, found it cut off in " + what);
    }
  }

  /** The bytes of one file, hashed as they are read. */
  private final class FileInput extends InputStream {
    private final MessageDigest sha256 = Digest.sha256();
    private final String path;
    private long rest;

    FileInput(String path, long size) {
      this.path = path;
      this.rest = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (rest == 0) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, rest));
      if (n < 0) {
        throw new ArchiveException(path, "the tar archive is whole, found it cut off in a file");
      }
      sha256.update(bytes, offset, n);
      rest -= n;
      position += n;
      return n;
    }

    void skipRest() throws IOException {
      byte[] buffer = new byte[(int) Math.min(COPY_BUFFER, rest)];
      while (rest > 0) {
        read(buffer, 0, buffer.length);
      }
    }
  }
}
