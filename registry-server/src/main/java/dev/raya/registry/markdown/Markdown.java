package dev.raya.registry.markdown;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * Turns a README into HTML that may stand in a page: CommonMark with tables, then everything taken
 * out that is not on a list of harmless elements. Links go out with {@code nofollow}; images are
 * dropped, since the pages load nothing from elsewhere.
 */
@ApplicationScoped
public class Markdown {
  private final Parser parser =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private final HtmlRenderer renderer =
      HtmlRenderer.builder().extensions(List.of(TablesExtension.create())).build();

  /** Headings of a README stand below the page's own. */
  private final PolicyFactory policy =
      new HtmlPolicyBuilder()
          .allowElements(
              "p",
              "br",
              "hr",
              "blockquote",
              "pre",
              "code",
              "em",
              "strong",
              "del",
              "ul",
              "ol",
              "li",
              "table",
              "thead",
              "tbody",
              "tr",
              "th",
              "td",
              "a",
              "h2",
              "h3",
              "h4",
              "h5",
              "h6",
              "kbd",
              "sub",
              "sup")
          .allowElements((element, attributes) -> "h2", "h1")
          .allowAttributes("href")
          .onElements("a")
          .allowAttributes("align")
          .matching(true, "left", "right", "center")
          .onElements("th", "td")
          .allowAttributes("start")
          .matching(java.util.regex.Pattern.compile("[0-9]{1,9}"))
          .onElements("ol")
          .allowAttributes("class")
          .matching(java.util.regex.Pattern.compile("language-[a-z0-9-]{1,32}"))
          .onElements("code")
          .allowUrlProtocols("https", "http", "mailto")
          .requireRelNofollowOnLinks()
          .toFactory();

  /** The HTML of a README. */
  public String render(String markdown) {
    return policy.sanitize(renderer.render(parser.parse(markdown)));
  }
}
