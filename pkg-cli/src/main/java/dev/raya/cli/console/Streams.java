package dev.raya.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard streams of one invocation and whether each is a terminal. Text is UTF-8 whatever the
 * locale; {@code out} is buffered and flushed by {@link Program} at the end of a command, {@code
 * err} after each line.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param inTerminal whether {@code in} is a terminal, so that questions can be asked
 * @param outTerminal whether {@code out} is a terminal, so that colour is welcome
 * @param errTerminal whether {@code err} is a terminal, so that a progress bar can be drawn
 */
public record Streams(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal) {

  private static final int BUFFER_BYTES = 8192;

  /** The streams of this process; for {@code main} methods only. */
  public static Streams ofProcess() {
    return new Streams(
        new FileInputStream(FileDescriptor.in),
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), BUFFER_BYTES),
            true,
            StandardCharsets.UTF_8),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2));
  }

  /** Streams that are no terminals, for tests and embedding. */
  public static Streams of(InputStream in, PrintStream out, PrintStream err) {
    return new Streams(in, out, err, false, false, false);
  }

  /**
   * Ends this process, with all that was printed; for {@code main} methods only. No hooks run: the
   * programs have none once a command is over, and {@link System#exit} first looks for a logger to
   * tell, which takes longer than many a command.
   *
   * @param code the exit code
   */
  public void end(int code) {
    out.flush();
    err.flush();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }

  /**
   * Reads a line from the terminal without showing it; empty if there is none.
   *
   * @param prompt shown before it
   * @throws IOException if the terminal cannot be told to hide what is typed
   */
  @SuppressWarnings("SystemConsoleNull") // its declared type says that it may be
  String readHidden(String prompt) throws IOException {
    java.io.Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new IOException("the terminal cannot hide what is typed; use a pipe");
    }
    char[] typed = console.readPassword("%s", prompt);
    return typed == null ? "" : new String(typed);
  }

  /**
   * Whether the descriptor is a terminal. Java tells only whether input and output together are;
   * where the system shows the descriptors as links, each is looked at by itself.
   */
  @SuppressWarnings("SystemConsoleNull") // its declared type says that it may be
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException noSuchLink) {
      java.io.Console console = System.console();
      return console != null && console.isTerminal();
    }
  }
}
