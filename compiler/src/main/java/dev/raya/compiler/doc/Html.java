package dev.raya.compiler.doc;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Doc comments as HTML: paragraphs, headings, lists, quotes, fenced and inline code, emphasis,
 * links. Everything else is text. Nothing of a comment reaches a page unescaped, and links lead to
 * https, http, or a place on the same page only.
 */
final class Html {
  private static final int MAX_HEADING = 6;

  private final Function<String, @Nullable String> links;

  /**
   * A writer.
   *
   * @param links gives the address of a name in {@code {@link Name}}, or null
   */
  Html(Function<String, @Nullable String> links) {
    this.links = links;
  }

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** A whole text. */
  String blocks(String text) {
    StringBuilder out = new StringBuilder();
    StringBuilder paragraph = new StringBuilder();
    String list = "";
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      String item = item(line);
      if (line.startsWith("```")) {
        flush(out, paragraph, list);
        out.append(close(list));
        list = "";
        i = code(out, lines, i);
      } else if (item != null) {
        String kind = Character.isDigit(line.charAt(0)) ? "ol" : "ul";
        flush(out, paragraph, list);
        if (!kind.equals(list)) {
          out.append(close(list)).append('<').append(kind).append(">\n");
          list = kind;
        }
        paragraph.append(item);
      } else if (heading(line) > 0) {
        flush(out, paragraph, list);
        out.append(close(list));
        list = "";
        int level = heading(line);
        String tag = "h" + Math.min(MAX_HEADING, level + 2);
        out.append('<').append(tag).append('>');
        out.append(inline(line.substring(level).strip()));
        out.append("</").append(tag).append(">\n");
      } else if (line.isEmpty()) {
        flush(out, paragraph, list);
        if (i + 1 < lines.length && item(lines[i + 1].strip()) == null) {
          out.append(close(list));
          list = "";
        }
      } else {
        paragraph.append(paragraph.isEmpty() ? "" : "\n").append(line);
      }
    }
    flush(out, paragraph, list);
    return out.append(close(list)).toString();
  }

  private static int heading(String line) {
    int level = 0;
    while (level < line.length() && line.charAt(level) == '#') {
      level++;
    }
    return level <= MAX_HEADING && level < line.length() && line.charAt(level) == ' ' ? level : 0;
  }

  private static @Nullable String item(String line) {
    if (line.startsWith("- ") || line.startsWith("* ")) {
      return line.substring(2).strip();
    }
    int digits = 0;
    while (digits < line.length() && digits < 9 && Character.isDigit(line.charAt(digits))) {
      digits++;
    }
    return digits > 0 && line.startsWith(". ", digits) ? line.substring(digits + 2).strip() : null;
  }

  private static String close(String list) {
    return list.isEmpty() ? "" : "</" + list + ">\n";
  }

  private void flush(StringBuilder out, StringBuilder paragraph, String list) {
    if (!paragraph.isEmpty()) {
      String tag = list.isEmpty() ? "p" : "li";
      out.append('<').append(tag).append('>').append(inline(paragraph.toString()));
      out.append("</").append(tag).append(">\n");
      paragraph.setLength(0);
    }
  }

  /** Writes a fenced block; gives the number of its last line. */
  private static int code(StringBuilder out, String[] lines, int start) {
    out.append("<pre><code>");
    int at = start + 1;
    while (at < lines.length && !lines[at].strip().startsWith("```")) {
      out.append(escape(lines[at])).append('\n');
      at++;
    }
    out.append("</code></pre>\n");
    return at;
  }

  /** Code, emphasis and links inside of a line. */
  String inline(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int next = special(text, at, out);
      if (next == at) {
        out.append(escape(text.substring(at, at + 1)));
        next = at + 1;
      }
      at = next;
    }
    return out.toString();
  }

  /** Writes what starts here and gives where it ends, or writes nothing and gives the start. */
  private int special(String text, int at, StringBuilder out) {
    char c = text.charAt(at);
    if (c == '`') {
      int end = text.indexOf('`', at + 1);
      if (end > at + 1) {
        out.append("<code>").append(escape(text.substring(at + 1, end))).append("</code>");
        return end + 1;
      }
    } else if (text.startsWith("**", at)) {
      int end = text.indexOf("**", at + 2);
      if (end > at + 2) {
        out.append("<strong>").append(inline(text.substring(at + 2, end))).append("</strong>");
        return end + 2;
      }
    } else if (c == '*') {
      int end = text.indexOf('*', at + 1);
      if (end > at + 1 && text.charAt(at + 1) != ' ' && text.charAt(end - 1) != ' ') {
        out.append("<em>").append(inline(text.substring(at + 1, end))).append("</em>");
        return end + 1;
      }
    } else if (text.startsWith("{@link ", at)) {
      int end = text.indexOf('}', at);
      if (end > at) {
        out.append(name(text.substring(at + 7, end).strip()));
        return end + 1;
      }
    } else if (c == '[') {
      return link(text, at, out);
    }
    return at;
  }

  private String name(String name) {
    String target = links.apply(name);
    String code = "<code>" + escape(name) + "</code>";
    return target == null ? code : "<a href=\"" + escape(target) + "\">" + code + "</a>";
  }

  private int link(String text, int at, StringBuilder out) {
    int middle = text.indexOf("](", at);
    int end = middle < 0 ? -1 : text.indexOf(')', middle);
    if (end < 0 || text.indexOf('[', at + 1) >= 0 && text.indexOf('[', at + 1) < middle) {
      return at;
    }
    String address = text.substring(middle + 2, end).strip();
    if (!address.startsWith("https://")
        && !address.startsWith("http://")
        && !address.startsWith("#")) {
      return at;
    }
    out.append("<a href=\"").append(escape(address)).append("\" rel=\"noreferrer\">");
    out.append(inline(text.substring(at + 1, middle))).append("</a>");
    return end + 1;
  }
}
