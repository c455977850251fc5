package dev.raya.cache.archive;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Compresses into exactly one frame with content size and checksum, on the calling thread. The
 * bytes depend on the input, the level and the library's version only: buffers have fixed sizes.
 *
 * <p>{@link #finish} ends the frame; {@link #close} releases native memory and leaves the target
 * open.
 */
final class ZstdFrameOutput extends OutputStream {
  private static final int BUFFER = 128 << 10;

  private final OutputStream out;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer target = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] copy = new byte[BUFFER];

  ZstdFrameOutput(OutputStream out, ArchiveKind kind, long contentSize) {
    this.out = out;
    context.setLevel(kind.level()).setChecksum(true).setContentSize(true);
    if (kind.windowLog() != 0) {
      context.setWindowLog(kind.windowLog());
    }
    context.setPledgedSrcSize(contentSize);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int n = Math.min(source.remaining(), end - at);
      source.put(bytes, at, n);
      at += n;
      if (!source.hasRemaining()) {
        source.flip();
        while (source.hasRemaining()) {
          compress(EndDirective.CONTINUE);
        }
        source.clear();
      }
    }
  }

  /** Ends the frame. */
  void finish() throws IOException {
    source.flip();
    while (!compress(EndDirective.END)) {
      // The frame is done when the library has handed out all of it.
    }
    source.clear();
  }

  private boolean compress(EndDirective directive) throws IOException {
    boolean done = context.compressDirectByteBufferStream(target, source, directive);
    target.flip();
    int n = target.remaining();
    target.get(copy, 0, n);
    target.clear();
    out.write(copy, 0, n);
    return done;
  }

  @Override
  public void close() {
    context.close();
  }
}
