package dev.raya.cli.pm.fetch.git;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The ssh program as JGit sees it: without its standard error, which is read elsewhere, and ended
 * once the far side neither gives nor takes a byte for too long. ssh itself only sees that the
 * connection is alive, not that nobody speaks on it. Time that JGit spends on what it has counts
 * for nothing.
 */
final class WatchedProcess extends Process {
  private static final int PATIENCE_SECONDS = 2;

  private final Process process;
  private final InputStream answers;
  private final OutputStream questions;
  private final long patience;
  private final Object lock = new Object();
  private int waiting;
  private long since;
  private boolean silent;

  /**
   * Watches a process that has just been started.
   *
   * @param patience how long nothing may come while something is waited for; zero for ever
   */
  WatchedProcess(Process process, Duration patience) {
    this.process = process;
    this.patience = patience.toNanos();
    this.answers = new Answers(process.getInputStream());
    this.questions = new Questions(process.getOutputStream());
    if (this.patience > 0) {
      Thread.ofVirtual().start(this::watch);
    }
  }

  /** Whether it was ended because nothing came for too long. */
  boolean wasSilent() {
    synchronized (lock) {
      return silent;
    }
  }

  /** Something came by another way. */
  void progressed() {
    synchronized (lock) {
      since = System.nanoTime();
    }
  }

  private void watch() {
    try {
      while (!process.waitFor(left(), TimeUnit.NANOSECONDS)) {
        synchronized (lock) {
          silent = waiting > 0 && System.nanoTime() - since >= patience;
          if (silent) {
            break;
          }
        }
      }
    } catch (InterruptedException unexpected) {
      Thread.currentThread().interrupt();
      return;
    }
    if (wasSilent()) {
      destroy();
    }
  }

  /** Until the patience may be at its end. */
  private long left() {
    synchronized (lock) {
      return waiting == 0 ? patience : Math.max(1, patience - (System.nanoTime() - since));
    }
  }

  private void begin() {
    synchronized (lock) {
      waiting++;
      since = System.nanoTime();
    }
  }

  private void end() {
    synchronized (lock) {
      waiting--;
    }
  }

  private final class Answers extends FilterInputStream {
    Answers(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      begin();
      try {
        return in.read();
      } finally {
        end();
      }
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      begin();
      try {
        return in.read(bytes, from, count);
      } finally {
        end();
      }
    }
  }

  private final class Questions extends FilterOutputStream {
    Questions(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      begin();
      try {
        out.write(bytes, from, count);
      } finally {
        end();
      }
    }

    @Override
    public void flush() throws IOException {
      begin();
      try {
        out.flush();
      } finally {
        end();
      }
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return questions;
  }

  @Override
  public InputStream getInputStream() {
    return answers;
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** JGit asks as soon as the streams have ended, which is a moment before the process has. */
  @Override
  public int exitValue() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalThreadStateException("ssh has not ended");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return process.exitValue();
  }

  /**
   * By its handle: the process's own method closes what was said before it could be read. With what
   * it started: a shell between would leave ssh behind, which keeps the streams open.
   */
  @Override
  public void destroy() {
    process.toHandle().descendants().forEach(ProcessHandle::destroy);
    process.toHandle().destroy();
  }
}
