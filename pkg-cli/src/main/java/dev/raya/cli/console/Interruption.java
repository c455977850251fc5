package dev.raya.cli.console;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says that a command was interrupted (Ctrl-C ends the Java machine with 130 by itself). Nothing
 * has to be undone here: whatever a command writes appears by one atomic rename.
 */
final class Interruption {
  /** The code of an interruption. */
  static final String CODE = "RAYA-CLI-003";

  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Console console;

  /** A class of its own: every command has it, and a lambda's would be made at each start. */
  final Thread hook =
      new Thread("interruption") {
        @Override
        public void run() {
          tell();
        }
      };

  private Interruption(Console console) {
    this.console = console;
  }

  /** Watches until {@link #over}. */
  static Interruption watch(Console console) {
    Interruption interruption = new Interruption(console);
    try {
      Runtime.getRuntime().addShutdownHook(interruption.hook);
    } catch (IllegalStateException alreadyGoingDown) {
      interruption.running.set(false);
    }
    return interruption;
  }

  /** Not called as {@link Thread#interrupted}, which the hook would take for its own. */
  private void tell() {
    if (running.get()) {
      console.report(Finding.error(CODE, "interrupted; nothing is left half done"));
      console.finish(ExitCode.INTERRUPTED);
    }
  }

  void over() {
    running.set(false);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyGoingDown) {
      // The hook runs already, and finds that there is nothing to say.
      return;
    }
  }
}
