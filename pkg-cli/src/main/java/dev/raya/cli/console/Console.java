package dev.raya.cli.console;

import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a running command speaks through. In text mode lines go out as they are said; in the JSON
 * modes nothing but JSON reaches standard output, and text meant for people is not printed at all.
 *
 * <p>May be used from any thread; lines of different threads do not mix.
 */
public final class Console {
  private final String command;
  private final Streams streams;
  private final Environment environment;
  private final OutputSettings settings;
  private final long started;

  /** Guards {@code findings}, {@code result}, {@code waits} and the streams. */
  private final ReentrantLock speaking = new ReentrantLock();

  private final List<Finding> findings = new ArrayList<>();
  private Json result = new Json.Null();
  private String document = "";
  private boolean finished;

  /** Whether it stands on the terminal's last line who is waited for. */
  private boolean waits;

  /** The progress begun last, whose bar may stand where a line is to go. */
  private volatile @Nullable Progress latest;

  /**
   * A console for one command.
   *
   * @param command the command's words without the program's name, for the envelope
   */
  public Console(
      String command, Streams streams, Environment environment, OutputSettings settings) {
    this.command = command;
    this.streams = streams;
    this.environment = environment;
    this.settings = settings;
    this.started = environment.clock().millis();
  }

  /** The surroundings. */
  public Environment environment() {
    return environment;
  }

  /** The streams, for a program that writes its own output. */
  public Streams streams() {
    return streams;
  }

  /** How this console speaks. */
  public OutputSettings settings() {
    return settings;
  }

  /** Whether output is text for people. */
  public boolean isText() {
    return settings.format() == OutputSettings.Format.TEXT;
  }

  /** The command's words, without the program's name. */
  public String command() {
    return command;
  }

  /** A line of the command's result, on standard output; text mode only. */
  public void line(String text) {
    line(StyledText.plain(text));
  }

  /** A line of the command's result of which parts have a style; text mode only. */
  public void line(StyledText text) {
    if (isText()) {
      speaking.lock();
      try {
        wipeBar();
        streams.out().print(text.render(settings.color()));
        streams.out().print('\n');
      } finally {
        speaking.unlock();
      }
    }
  }

  /** A text of several lines that is the command's result; text mode only. */
  void text(String lines) {
    if (isText()) {
      speaking.lock();
      try {
        wipeBar();
        streams.out().print(lines);
        streams.out().flush();
      } finally {
        speaking.unlock();
      }
    }
  }

  /** A line that says how things stand, on standard error; text mode, not when quiet. */
  public void status(String text) {
    if (isText() && settings.level() != OutputSettings.Level.QUIET) {
      errLine(text);
    }
  }

  /**
   * Says who is waited for, as {@link #status}; on a terminal on a line that the next word takes
   * the place of, so that a long silence leaves no trace.
   *
   * @param text empty if nobody is any more
   */
  public void waiting(String text) {
    if (text.isEmpty()) {
      speaking.lock();
      try {
        wipeWaiting();
      } finally {
        speaking.unlock();
      }
    } else if (!streams.errTerminal() || !settings.progress()) {
      status(text);
    } else if (isText() && settings.level() != OutputSettings.Level.QUIET) {
      speaking.lock();
      try {
        if (!finished) {
          streams.out().flush();
          streams.err().print(Progress.inPlace(FindingText.printable(text)));
          streams.err().flush();
          waits = true;
        }
      } finally {
        speaking.unlock();
      }
    }
  }

  /** A line on standard error only when verbose. */
  public void detail(String text) {
    if (isText() && settings.level() == OutputSettings.Level.VERBOSE) {
      errLine(Style.DIM.paint(FindingText.printable(text), errColor()));
    }
  }

  /** A line on standard error that is said in every mode, such as the notice of a first contact. */
  public void notice(String text) {
    errLine(FindingText.printable(text));
  }

  /** Standard error may be a file while standard output is a terminal. */
  private boolean errColor() {
    return settings.color() && (streams.errTerminal() || !streams.outTerminal());
  }

  private void wipeWaiting() {
    if (waits) {
      waits = false;
      streams.err().print(Progress.WIPE);
      streams.err().flush();
    }
  }

  private void wipeBar() {
    wipeWaiting();
    Progress progress = latest;
    if (progress != null) {
      progress.wipe();
    }
  }

  private void errLine(String text) {
    speaking.lock();
    try {
      wipeBar();
      streams.out().flush();
      streams.err().print(text);
      streams.err().print('\n');
      streams.err().flush();
    } finally {
      speaking.unlock();
    }
  }

  /** Whether the last finding printed quoted the source, and whether any was printed. */
  private boolean quoted;

  private boolean told;

  /** Adds a finding: printed at once in text and {@code jsonl} mode, else kept for the envelope. */
  public void report(Finding finding) {
    speaking.lock();
    try {
      findings.add(finding);
      switch (settings.format()) {
        case TEXT -> {
          boolean loud =
              finding.severity() == Finding.Severity.ERROR
                  || settings.level() != OutputSettings.Level.QUIET;
          if (loud) {
            wipeBar();
            streams.out().flush();
            // Quotations need room, one-liners do not.
            boolean quotes = finding.excerpt() != null;
            streams.err().print(quoted || quotes && told ? "\n" : "");
            streams.err().print(FindingText.of(finding, errColor()));
            quoted = quotes;
            told = true;
            streams.err().flush();
          }
        }
        case JSONL -> event("diagnostic", "diagnostic", finding.json());
        case JSON, LLM, SARIF, JUNIT -> {}
      }
    } finally {
      speaking.unlock();
    }
  }

  /**
   * Adds a finding unless one with its code and message was reported before, wherever it stood: an
   * edit moves lines.
   */
  public void reportOnce(Finding finding) {
    speaking.lock();
    try {
      for (Finding known : findings) {
        if (known.code().equals(finding.code()) && known.message().equals(finding.message())) {
          return;
        }
      }
      report(finding);
    } finally {
      speaking.unlock();
    }
  }

  /** Sets the command's result, the member {@code result} of the envelope. */
  public void result(Json value) {
    speaking.lock();
    try {
      result = value;
    } finally {
      speaking.unlock();
    }
  }

  /**
   * Sets the text that is printed in the place of an envelope where a command has a form for it.
   */
  public void document(String text) {
    speaking.lock();
    try {
      document = text;
    } finally {
      speaking.unlock();
    }
  }

  /** An event of the {@code jsonl} stream; nothing in the other modes. */
  public void event(String name, Json value) {
    if (settings.format() == OutputSettings.Format.JSONL) {
      speaking.lock();
      try {
        event(name, "value", value);
      } finally {
        speaking.unlock();
      }
    }
  }

  private void event(String name, String member, Json value) {
    Json document =
        Json.object().put("schema", Envelope.SCHEMA).put("event", name).put(member, value).build();
    streams.out().print(CanonicalJson.text(document));
    streams.out().print('\n');
    streams.out().flush();
  }

  /** Begins to show the progress of a piece of work; close it when the work is over. */
  public Progress progress(String label, long total, Progress.Unit unit) {
    boolean shown =
        isText() && settings.progress() && settings.level() != OutputSettings.Level.QUIET;
    Progress progress =
        new Progress(
            label, total, unit, shown, streams.errTerminal(), streams.err(), environment.clock());
    latest = progress;
    return progress;
  }

  /**
   * Asks a yes-or-no question on the terminal; where no question may be asked, false.
   *
   * @param question the question without its "[y/N]"
   */
  public boolean confirm(String question) {
    if (!settings.questions()) {
      return false;
    }
    speaking.lock();
    try {
      wipeBar();
      streams.out().flush();
      streams.err().print(FindingText.printable(question) + " [y/N] ");
      streams.err().flush();
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8));
      String answer = reader.readLine();
      if (answer == null) {
        return false;
      }
      String word = answer.strip().toLowerCase(Locale.ROOT);
      return word.equals("y") || word.equals("yes");
    } catch (IOException unreadable) {
      return false;
    } finally {
      speaking.unlock();
    }
  }

  /**
   * Takes a secret: asked for without echo on a terminal, else all of standard input, without the
   * white space around it. It never stands on the command line, which other users can see.
   *
   * @param prompt what is asked for
   * @param limit most bytes
   * @return the secret, empty if none was given
   * @throws UsageException if questions are not allowed on this terminal, or it is too long
   */
  public String secret(String prompt, int limit) throws UsageException {
    speaking.lock();
    try {
      wipeBar();
      streams.out().flush();
      if (streams.inTerminal()) {
        if (!settings.questions()) {
          throw new UsageException(
              "a secret is needed, and nothing may be asked here", "pipe it into standard input");
        }
        return streams.readHidden(FindingText.printable(prompt) + ": ").strip();
      }
      byte[] bytes = streams.in().readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new UsageException(
            "standard input has more than " + limit + " bytes", "pipe the secret alone into it");
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UsageException("standard input cannot be read: " + unreadable.getMessage());
    } finally {
      speaking.unlock();
    }
  }

  /** Standard input, for commands that read documents from it. */
  public InputStream input() {
    return streams.in();
  }

  /** The findings so far. */
  public List<Finding> findings() {
    speaking.lock();
    try {
      return List.copyOf(findings);
    } finally {
      speaking.unlock();
    }
  }

  /** The exit code that the findings ask for: that of the first error, else 0. */
  public int exitCode() {
    for (Finding finding : findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        return exitCode(finding.code());
      }
    }
    return ExitCode.OK;
  }

  /** The exit code that the registry of codes gives an error; 1 for a code it does not know. */
  public static int exitCode(String code) {
    int exit = ErrorCodes.find(code).map(ErrorCode::exit).orElse(ExitCode.PROBLEM);
    return exit == ExitCode.OK ? ExitCode.PROBLEM : exit;
  }

  /**
   * Ends the command: writes the envelope in the JSON modes and flushes. Only the first call does
   * anything.
   *
   * @param exit the exit code of the program, which is done if it is 0
   */
  public void finish(int exit) {
    speaking.lock();
    try {
      if (finished) {
        return;
      }
      finished = true;
      wipeBar();
      Envelope envelope =
          new Envelope(
              command,
              exit == ExitCode.OK,
              result,
              findings,
              environment.clock().millis() - started);
      switch (settings.format()) {
        case TEXT -> {}
        case JSON -> streams.out().print(CanonicalJson.text(envelope.json()) + "\n");
        case JSONL -> event("end", "value", envelope.json());
        case JUNIT -> streams.out().print(document);
        case SARIF ->
            streams
                .out()
                .print(
                    CanonicalJson.text(
                            SarifReport.of("rayac", environment.directory(), findings, exit))
                        + "\n");
        case LLM ->
            streams.out().print(LlmReducer.reduce(envelope.json(), settings.llmBudget()) + "\n");
      }
      streams.out().flush();
      streams.err().flush();
    } finally {
      speaking.unlock();
    }
  }

  /**
   * Ends the command without an envelope, where a bare document or a program's output was printed.
   */
  public void finishBare() {
    speaking.lock();
    try {
      finished = true;
      wipeBar();
      streams.out().flush();
      streams.err().flush();
    } finally {
      speaking.unlock();
    }
  }
}
