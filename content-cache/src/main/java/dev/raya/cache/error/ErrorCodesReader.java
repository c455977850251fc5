package dev.raya.cache.error;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one {@code .codes} file; the format is described at the package.
 *
 * <p>The files are our own, so a fault in one is an {@link IllegalStateException} with file and
 * line; the contract test reads them all.
 */
final class ErrorCodesReader {
  private static final List<String> FIELDS = List.of("title", "cause", "example", "remedy");

  private final List<String> lines;
  private final String file;
  private int at;

  private ErrorCodesReader(String text, String file) {
    this.lines = text.lines().toList();
    this.file = file;
  }

  static List<ErrorCode> read(String text, String file) {
    ErrorCodesReader reader = new ErrorCodesReader(text, file);
    List<ErrorCode> codes = new ArrayList<>();
    while (reader.skipToEntry()) {
      codes.add(reader.entry());
    }
    return codes;
  }

  private boolean skipToEntry() {
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
      at++;
    }
    return at < lines.size();
  }

  private ErrorCode entry() {
    String[] head = lines.get(at).split(" ", -1);
    if (head.length != 3 || !head[1].equals("exit")) {
      throw fault("CODE exit N");
    }
    int exit;
    try {
      exit = Integer.parseInt(head[2]);
    } catch (NumberFormatException e) {
      throw fault("CODE exit N");
    }
    at++;
    List<String> texts = new ArrayList<>();
    for (String field : FIELDS) {
      texts.add(field(field));
    }
    return new ErrorCode(head[0], exit, texts.get(0), texts.get(1), texts.get(2), texts.get(3));
  }

  private String field(String name) {
    if (at == lines.size() || !lines.get(at).startsWith(name + ':')) {
      throw fault("the field " + name + ':');
    }
    StringBuilder text = new StringBuilder(lines.get(at).substring(name.length() + 1).strip());
    at++;
    while (at < lines.size() && (lines.get(at).isEmpty() || lines.get(at).startsWith("  "))) {
      String line = lines.get(at);
      text.append('\n').append(line.isEmpty() ? "" : line.substring(2));
      at++;
    }
    String whole = text.toString();
    return (whole.startsWith("\n") ? whole.substring(1) : whole).stripTrailing();
  }

  private IllegalStateException fault(String expected) {
    String found = at < lines.size() ? '"' + lines.get(at) + '"' : "the end of the file";
    return new IllegalStateException(
        file + ':' + (at + 1) + ": expected " + expected + ", found " + found);
  }
}
