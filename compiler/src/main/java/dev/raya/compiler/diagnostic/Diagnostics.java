package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the diagnostics of one compilation. At most {@link #MAX_PER_FILE} are told per file
 * unless it is made by {@link #all}, errors before warnings, and none is kept twice. Owned by one
 * thread.
 */
public final class Diagnostics {
  /** How many diagnostics of one file are told (language.md 19). */
  public static final int MAX_PER_FILE = 100;

  private final int maxPerFile;
  private final List<Diagnostic> list = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  /** Tells {@link #MAX_PER_FILE} of a file. */
  public Diagnostics() {
    this(MAX_PER_FILE);
  }

  private Diagnostics(int maxPerFile) {
    this.maxPerFile = maxPerFile;
  }

  /**
   * Tells all, for who mends what is found rather than telling it; the length of the file bounds
   * them.
   */
  public static Diagnostics all() {
    return new Diagnostics(Integer.MAX_VALUE);
  }

  /** Adds a diagnostic unless the same code stands at the same place already. */
  public void add(Diagnostic diagnostic) {
    String file = diagnostic.span().file().name();
    if (seen.add(diagnostic.code() + "@" + diagnostic.span().start() + "@" + file)) {
      list.add(diagnostic);
    }
  }

  /** Adds a diagnostic without notes and fixes. */
  public void add(DiagnosticCode code, Span span, String message) {
    add(new Diagnostic(code, span, message));
  }

  /** Whether a code was reported at the start of a span. */
  public boolean isReported(DiagnosticCode code, Span span) {
    return seen.contains(code + "@" + span.start() + "@" + span.file().name());
  }

  /** How many were kept so far; with {@link #truncate} it undoes a trial. */
  public int size() {
    return list.size();
  }

  /** The diagnostics of a code after the first ones. */
  public List<Diagnostic> since(int size, DiagnosticCode code) {
    return list.subList(Math.min(size, list.size()), list.size()).stream()
        .filter(d -> d.code() == code)
        .toList();
  }

  /** The diagnostics after the first ones. */
  public List<Diagnostic> since(int size) {
    return List.copyOf(list.subList(Math.min(size, list.size()), list.size()));
  }

  /** Forgets all diagnostics after the first ones. */
  public void truncate(int size) {
    while (list.size() > size) {
      Diagnostic d = list.removeLast();
      String file = d.span().file().name();
      seen.remove(d.code() + "@" + d.span().start() + "@" + file);
    }
  }

  /** Whether an error was added. */
  public boolean hasErrors() {
    return list.stream().anyMatch(Diagnostic::isError);
  }

  /** Whether an error was added after the first ones. */
  public boolean hasErrorsFrom(int size) {
    return list.subList(Math.min(size, list.size()), list.size()).stream()
        .anyMatch(Diagnostic::isError);
  }

  /** All diagnostics in the order in which they were added. */
  public List<Diagnostic> inOrder() {
    return List.copyOf(list);
  }

  /** What is told, in order of file, line, column, code. */
  public List<Diagnostic> sorted() {
    return told(list, maxPerFile);
  }

  /** As {@link #sorted()} of the diagnostics of several checks. */
  public static List<Diagnostic> told(List<Diagnostic> all) {
    return told(all, MAX_PER_FILE);
  }

  private static List<Diagnostic> told(List<Diagnostic> all, int maxPerFile) {
    if (all.isEmpty()) {
      return List.of();
    }
    List<Diagnostic> ordered = all.stream().sorted(Diagnostic.ORDER).toList();
    Set<String> failed = new HashSet<>();
    for (Diagnostic d : ordered) {
      if (d.isError()) {
        failed.add(d.span().file().name());
      }
    }
    Set<Diagnostic> told = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<String, Integer> perFile = new HashMap<>();
    for (boolean errors : new boolean[] {true, false}) {
      for (Diagnostic d : ordered) {
        String file = d.span().file().name();
        if (d.isError() == errors
            && !(isDoubtful(d.code()) && failed.contains(file))
            && perFile.merge(file, 1, Integer::sum) <= maxPerFile) {
          told.add(d);
        }
      }
    }
    return ordered.stream().filter(told::contains).toList();
  }

  /** What was refused may have been the use of what seems unused. */
  private static boolean isDoubtful(DiagnosticCode code) {
    return code == DiagnosticCode.W0001 || code == DiagnosticCode.W0003;
  }

  /** Whether a file has an error. */
  public boolean hasErrorsIn(SourceFile file) {
    return list.stream().anyMatch(d -> d.isError() && d.span().file() == file);
  }
}
