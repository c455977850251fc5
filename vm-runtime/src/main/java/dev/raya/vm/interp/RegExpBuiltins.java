package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.regexp.Matcher;
import dev.raya.vm.regexp.Regex;
import dev.raya.vm.regexp.RegexSyntaxException;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of RegExp and RegExpMatch (stdlib.md 2.9). */
final class RegExpBuiltins {
  private final ContextTypes types;
  private final Polls polls;

  /** A match: start and end of each group in the text, −1 where it took no part. */
  record Match(String subject, int[] spans, Map<String, Integer> names) {
    /** The text of a group that took part. */
    String group(int number) {
      return subject.substring(spans[2 * number], spans[2 * number + 1]);
    }

    boolean has(int number) {
      return 2 * number + 1 < spans.length && spans[2 * number] >= 0 && spans[2 * number + 1] >= 0;
    }
  }

  RegExpBuiltins(ContextTypes types, Polls polls) {
    this.types = types;
    this.polls = polls;
  }

  void call(int id, Args a, RTask task) {
    switch (id) {
      case 400 -> a.returnRef(types.make("RegExp", compile(a)));
      case 401 -> a.returnRef(regex(a, 0).source());
      case 402 -> a.returnRef(regex(a, 0).flags());
      case 403 -> a.returnBool(find(matcher(regex(a, 0), a.text(1), task), 0) != null);
      case 404, 417 -> {
        int at = id == 404 ? 0 : 1;
        Regex regex = regex(a, at);
        String text = a.text(1 - at);
        int[] spans = find(matcher(regex, text, task), 0);
        if (spans == null) {
          a.returnNull();
        } else {
          a.returnRef(match(text, spans, regex));
        }
      }
      case 405, 418 -> {
        int at = id == 405 ? 0 : 1;
        Regex regex = regex(a, at);
        String text = a.text(1 - at);
        List<int[]> found = all(regex, text, task, true);
        polls.allocate(24 + 8L * found.size());
        RArray matches = RArray.make(a.site.result, found.size());
        for (int i = 0; i < found.size(); i++) {
          matches.set(i, 0, match(text, found.get(i), regex));
        }
        a.returnRef(matches);
      }
      case 406 -> a.returnRef(replace(regex(a, 0), a.text(1), a.text(2), task));
      case 415 -> a.returnRef(replace(regex(a, 1), a.text(0), a.text(2), task));
      case 407, 416 -> {
        int at = id == 407 ? 0 : 1;
        double limit = a.count > 2 ? a.number(2) : Double.POSITIVE_INFINITY;
        a.returnRef(split(a, regex(a, at), a.text(1 - at), limit, task));
      }
      case 408 -> a.returnRef(escape(a.text(0)));
      case 409 -> a.returnRef(held(a).group(0));
      case 410 -> a.returnInt(held(a).spans()[0]);
      case 411 -> a.returnRef(groups(a, held(a)));
      case 412 -> a.returnRef(named(a, held(a)));
      case 413 -> {
        int[] spans = find(matcher(regex(a, 1), a.text(0), task), 0);
        a.returnInt(spans == null ? -1 : spans[0]);
      }
      case 414 -> {
        if (!regex(a, 1).global()) {
          throw new TrapException(
              Trap.TYPE_ERROR, "replaceAll needs a regular expression with flag g");
        }
        a.returnRef(replace(regex(a, 1), a.text(0), a.text(2), task));
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private Regex compile(Args a) {
    String source = a.text(0);
    polls.allocate(64 + 8L * source.length());
    try {
      return Regex.compile(source, a.count > 1 ? a.text(1) : "");
    } catch (RegexSyntaxException malformed) {
      throw TrapException.syntax(
          malformed.reason() + " at position " + malformed.position(), malformed.position());
    }
  }

  private static Regex regex(Args a, int i) {
    if (a.ref(i) instanceof RNative object && object.held instanceof Regex regex) {
      return regex;
    }
    throw Traps.nullAccess("test");
  }

  private static Match held(Args a) {
    if (a.ref(0) instanceof RNative object && object.held instanceof Match match) {
      return match;
    }
    throw Traps.nullAccess("text");
  }

  private Matcher matcher(Regex regex, String text, RTask task) {
    return regex.matcher(text, count -> polls.poll(task, count));
  }

  private static int @Nullable [] find(Matcher matcher, int from) {
    try {
      return matcher.find(from);
    } catch (Matcher.TooManySteps tooMany) {
      throw Args.rangeError("the regular expression needs more than 100000000 steps");
    }
  }

  private RNative match(String text, int[] spans, Regex regex) {
    polls.allocate(48 + 8L * spans.length);
    return types.make("RegExpMatch", new Match(text, spans, regex.names()));
  }

  private List<int[]> all(Regex regex, String text, RTask task, boolean every) {
    List<int[]> found = new ArrayList<>();
    Matcher matcher = matcher(regex, text, task);
    int from = 0;
    while (from <= text.length()) {
      int[] spans = find(matcher, from);
      if (spans == null) {
        break;
      }
      found.add(spans);
      if (!every) {
        break;
      }
      from = spans[1] > spans[0] ? spans[1] : spans[1] + 1;
    }
    return found;
  }

  private String replace(Regex regex, String text, String replacement, RTask task) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (int[] spans : all(regex, text, task, regex.global())) {
      out.append(text, done, spans[0]);
      expand(out, new Match(text, spans, regex.names()), replacement);
      done = spans[1];
      if (out.length() > Text.MAX_LENGTH) {
        throw new TrapException(Trap.LENGTH_LIMIT, "the string would be too long");
      }
    }
    out.append(text, done, text.length());
    polls.allocate(32 + 2L * out.length());
    return out.toString();
  }

  /** The replacement with {@code $1}, {@code $<name>}, {@code $&} and {@code $$} filled in. */
  private static void expand(StringBuilder out, Match match, String replacement) {
    int groups = match.spans().length / 2;
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
      if (c != '$') {
        out.append(c);
      } else if (next == '$') {
        out.append('$');
        i++;
      } else if (next == '&') {
        out.append(match.group(0));
        i++;
      } else if (next >= '0' && next <= '9') {
        int digits = 1;
        int number = next - '0';
        char second = i + 2 < replacement.length() ? replacement.charAt(i + 2) : 0;
        if (second >= '0' && second <= '9' && number * 10 + second - '0' < groups) {
          number = number * 10 + second - '0';
          digits = 2;
        }
        if (number == 0 || number >= groups) {
          out.append('$');
        } else {
          out.append(match.has(number) ? match.group(number) : "");
          i += digits;
        }
      } else if (next == '<' && !match.names().isEmpty() && replacement.indexOf('>', i) > 0) {
        int end = replacement.indexOf('>', i);
        Integer number = match.names().get(replacement.substring(i + 2, end));
        out.append(number != null && match.has(number) ? match.group(number) : "");
        i = end;
      } else {
        out.append('$');
      }
    }
  }

  private RArray split(Args a, Regex regex, String text, double limit, RTask task) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = matcher(regex, text, task);
    if (text.isEmpty()) {
      int[] spans = find(matcher, 0);
      if (spans == null) {
        parts.add(text);
      }
    } else {
      int start = 0;
      int from = 0;
      while (from < text.length()) {
        int[] spans = find(matcher, from);
        if (spans == null || spans[0] >= text.length()) {
          break;
        }
        if (spans[1] == start) {
          from = start + 1;
          continue;
        }
        parts.add(text.substring(start, spans[0]));
        for (int g = 1; g < spans.length / 2; g++) {
          parts.add(spans[2 * g] < 0 ? "" : text.substring(spans[2 * g], spans[2 * g + 1]));
        }
        start = spans[1];
        from = spans[1];
      }
      parts.add(text.substring(start));
    }
    int count = limit < 0 ? parts.size() : (int) Math.min(parts.size(), limit);
    polls.allocate(24 + 8L * count);
    RArray array = RArray.make(a.site.result, count);
    for (int i = 0; i < count; i++) {
      array.set(i, 0, parts.get(i));
    }
    return array;
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("^$\\.*+?()[]{}|/".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }

  private RArray groups(Args a, Match match) {
    int n = match.spans().length / 2;
    polls.allocate(24 + 8L * n);
    RArray array = RArray.make(a.site.result, n);
    for (int i = 0; i < n; i++) {
      array.set(i, 0, match.has(i) ? match.group(i) : null);
    }
    return array;
  }

  private RMap named(Args a, Match match) {
    RMap map = new RMap(a.site.result.shape());
    for (Map.Entry<String, Integer> name : match.names().entrySet()) {
      if (match.has(name.getValue())) {
        polls.allocate(40);
        map.put(0, name.getKey(), 0, match.group(name.getValue()));
      }
    }
    return map;
  }
}
