package dev.raya.compiler.format;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Bracketed lists: on one line, or one element a line with the separator after the last too. */
final class Lists {
  private final TokenFeed feed;

  Lists(TokenFeed feed) {
    this.feed = feed;
  }

  /** The elements with the commas between them, not yet put together. */
  record Elements(List<Doc> items, Doc dangling) {}

  /**
   * Reads elements up to a closing bracket.
   *
   * @param count how many there are
   * @param next reads the next one
   */
  Elements elements(int count, Supplier<Doc> next) {
    List<Doc> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Doc item = next.get();
      items.add(i < count - 1 ? Doc.all(item, feed.take(",")) : Doc.all(item, feed.skip(",")));
    }
    return new Elements(items, dangling());
  }

  /** Own-line comments before a closing bracket, inside of it. */
  Doc dangling() {
    return feed.commentAhead() ? Doc.all(Doc.Line.FRESH, feed.ownComments()) : Doc.NOTHING;
  }

  /**
   * Elements between brackets.
   *
   * @param padded whether a space stands inside of the brackets on one line
   * @param trailing whether a comma may stand after the last
   * @param forced whether each stands on its line in any case
   */
  static Doc spread(
      Doc open, Elements elements, Doc close, boolean padded, boolean trailing, boolean forced) {
    if (elements.items().isEmpty() && elements.dangling().equals(Doc.NOTHING)) {
      return Doc.all(open, close);
    }
    Doc edge = padded ? Doc.Line.SPACE : Doc.Line.SOFT;
    List<Doc> inner = new ArrayList<>();
    inner.add(edge);
    inner.addAll(joined(elements.items()));
    if (trailing && !elements.items().isEmpty()) {
      inner.add(new Doc.IfBroken(Doc.text(","), Doc.NOTHING));
    }
    inner.add(elements.dangling());
    Doc body = Doc.all(open, new Doc.Indented(Doc.all(inner)), edge, close);
    boolean spans = elements.items().stream().anyMatch(Doc::spans);
    return forced || spans ? Doc.broken(body) : Doc.group(body);
  }

  /** Elements with the places between them where lines may break. */
  static List<Doc> joined(List<Doc> items) {
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        parts.add(Doc.Line.SPACE);
      }
      parts.add(items.get(i));
    }
    return parts;
  }

  /** Elements on one line. */
  static Doc flat(Doc open, List<Doc> items, Doc close) {
    List<Doc> parts = new ArrayList<>();
    parts.add(open);
    for (int i = 0; i < items.size(); i++) {
      parts.add(i > 0 ? Doc.text(" ") : Doc.NOTHING);
      parts.add(items.get(i));
    }
    parts.add(close);
    return Doc.all(parts);
  }
}
