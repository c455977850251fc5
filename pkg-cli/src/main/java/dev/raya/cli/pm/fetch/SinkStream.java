package dev.raya.cli.pm.fetch;

import java.io.IOException;
import java.io.OutputStream;

/** Tells failures to write from failures to read: no repetition of a request mends a full disk. */
final class SinkStream extends OutputStream {
  private final OutputStream out;

  private SinkStream(OutputStream out) {
    this.out = out;
  }

  /** Opens a sink, to go on with what it keeps or from the beginning. */
  static SinkStream of(Transport.Sink sink, boolean goesOn) throws Failed {
    try {
      return new SinkStream(goesOn ? sink.resume() : sink.open());
    } catch (IOException failed) {
      throw new Failed(failed);
    }
  }

  /** The sink could not be written. */
  static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient IOException reason;

    private Failed(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    /** What went wrong. */
    IOException reason() {
      return reason;
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException failed) {
      throw new Failed(failed);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException failed) {
      throw new Failed(failed);
    }
  }
}
