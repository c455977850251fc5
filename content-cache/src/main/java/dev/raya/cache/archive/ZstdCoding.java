package dev.raya.cache.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The content coding {@code zstd} of HTTP answers (RFC 9659), for bodies that are held in memory: a
 * window of at most 8 MiB and a bound on what comes out.
 */
public final class ZstdCoding {
  private static final int LEVEL = 3;
  private static final int MAX_WINDOW_LOG = 23;
  private static final int BUFFER = 64 << 10;

  private ZstdCoding() {}

  /** The body as one compressed frame with content size. */
  public static byte[] compress(byte[] body) {
    return Zstd.compress(body, LEVEL);
  }

  /**
   * The body of a coded answer.
   *
   * @param limit most bytes that may come out
   * @throws IOException if it is not Zstandard, is cut off, wants a larger window, or is larger
   *     than the limit
   */
  public static byte[] decompress(byte[] coded, int limit) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(coded))) {
      in.setLongMax(MAX_WINDOW_LOG);
      byte[] buffer = new byte[BUFFER];
      int n;
      while ((n = in.read(buffer)) >= 0) {
        if (body.size() + n > limit) {
          throw new IOException("the answer is larger than " + limit + " bytes");
        }
        body.write(buffer, 0, n);
      }
    } catch (ZstdException malformed) {
      throw new IOException("not Zstandard: " + malformed.getMessage(), malformed);
    }
    return body.toByteArray();
  }
}
