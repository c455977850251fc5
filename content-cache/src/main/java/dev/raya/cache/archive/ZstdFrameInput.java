package dev.raya.cache.archive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses exactly one Zstandard frame (RFC 8878), counting and hashing what comes in and
 * bounding what goes out. Memory use does not depend on the input: two buffers and a window of at
 * most 8 MiB.
 *
 * <p>{@link #close} releases native memory and leaves the source open.
 */
final class ZstdFrameInput extends InputStream {
  private static final int BUFFER = 32 << 10;
  private static final int MAGIC = 0xFD2FB528;
  private static final int MIN_HEADER = 6;
  private static final int MAX_HEADER = 18;

  private final InputStream in;
  private final ArchiveLimits limits;
  private final @Nullable Digest known;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final MessageDigest sha256 = Digest.sha256();
  private final byte[] copy = new byte[BUFFER];
  private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER).limit(0);
  private final ByteBuffer target = ByteBuffer.allocateDirect(BUFFER).limit(0);
  private long packed;
  private long unpacked;
  private boolean started;
  private boolean finished;

  /**
   * Reads a frame.
   *
   * @param known the digest of the bytes where the caller has compared it, so that they need not be
   *     hashed once more; else null
   */
  ZstdFrameInput(InputStream in, ArchiveLimits limits, @Nullable Digest known) {
    this.in = in;
    this.limits = limits;
    this.known = known;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!target.hasRemaining()) {
      if (finished) {
        return -1;
      }
      decompress();
    }
    int n = Math.min(length, target.remaining());
    target.get(bytes, offset, n);
    return n;
  }

  /**
   * Checks that frame and stream are at their end.
   *
   * @throws ArchiveException if bytes are left over
   */
  void expectEnd() throws IOException {
    if (read() >= 0) {
      throw new ArchiveException(null, "nothing follows the end of the tar archive");
    }
    if (source.hasRemaining() || fill()) {
      throw new ArchiveException(null, "nothing follows the Zstandard frame");
    }
  }

  /** Count of compressed bytes read. */
  long packed() {
    return packed;
  }

  /** Digest of the compressed bytes read; to be asked once, at the end. */
  Digest checksum() {
    return known != null ? known : Digest.finish(sha256);
  }

  private void decompress() throws IOException {
    if (!source.hasRemaining() && !fill()) {
      throw new ArchiveException(null, "the Zstandard frame is whole, found it cut off");
    }
    if (!started) {
      started = true;
      checkFrameHeader();
    }
    target.clear();
    try {
      finished = context.decompressDirectByteBufferStream(target, source);
    } catch (ZstdException e) {
      throw new ArchiveException(
          null, "the Zstandard frame is well-formed, found: " + e.getMessage());
    }
    target.flip();
    unpacked += target.remaining();
    if (unpacked > limits.unpacked()) {
      throw new ArchiveException(null, "at most " + limits.unpacked() + " bytes unpacked");
    }
    long consumed = packed - source.remaining();
    if (unpacked > ArchiveLimits.RATIO_FROM && unpacked > ArchiveLimits.RATIO * consumed) {
      throw new ArchiveException(
          null,
          "at most "
              + ArchiveLimits.RATIO
              + " bytes for one packed byte, found "
              + unpacked
              + " for "
              + consumed);
    }
  }

  /**
   * Reads the next compressed bytes. The buffer is filled whole, so that where a limit strikes does
   * not depend on how the network cut the stream.
   */
  private boolean fill() throws IOException {
    int n = in.readNBytes(copy, 0, BUFFER);
    if (n == 0) {
      return false;
    }
    packed += n;
    if (packed > limits.packed()) {
      throw new ArchiveException(null, "at most " + limits.packed() + " bytes packed");
    }
    if (known == null) {
      sha256.update(copy, 0, n);
    }
    source.clear();
    source.put(copy, 0, n).flip();
    return true;
  }

  /** Checks magic, dictionary and window (RFC 8878 section 3.1.1.1). */
  private void checkFrameHeader() throws ArchiveException {
    ByteBuffer header = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    header.limit(Math.min(header.limit(), MAX_HEADER));
    if (header.remaining() < MIN_HEADER || header.getInt() != MAGIC) {
      throw new ArchiveException(null, "a Zstandard frame is expected at its beginning");
    }
    int descriptor = header.get();
    boolean singleSegment = (descriptor & 0x20) != 0;
    if ((descriptor & 0x08) != 0) {
      throw new ArchiveException(null, "the frame header's reserved bit is 0");
    }
    if ((descriptor & 0x03) != 0) {
      throw new ArchiveException(null, "the frame needs no dictionary");
    }
    int sizeFlag = (descriptor >> 6) & 3;
    int sizeBytes = sizeFlag == 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
    if (header.remaining() < (singleSegment ? 0 : 1) + sizeBytes) {
      throw new ArchiveException(null, "the Zstandard frame is whole, found it cut off");
    }
    long window = 0;
    if (!singleSegment) {
      int b = header.get() & 0xFF;
      long base = 1L << (10 + (b >> 3));
      window = base + base / 8 * (b & 7);
    }
    long size =
        switch (sizeBytes) {
          case 0 -> 0;
          case 1 -> header.get() & 0xFF;
          case 2 -> (header.getShort() & 0xFFFF) + 256;
          case 4 -> header.getInt() & 0xFFFF_FFFFL;
          default -> header.getLong();
        };
    if (singleSegment) {
      window = size;
    }
    if (window < 0 || window > ArchiveLimits.WINDOW) {
      throw new ArchiveException(
          null, "the frame's window has at most " + ArchiveLimits.WINDOW + " bytes");
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
