package dev.raya.compiler.doc;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The documentation of one or more packages as a static site: a page of packages, a page for each
 * module, one style sheet, a search over all names. It needs no server, no network and no inline
 * script or style, which its own content policy refuses. The same packages give the same bytes.
 */
public final class DocSite {
  private static final String PAGE = ".html";
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'";

  private final List<DocPackage> packages;
  private final Map<DocPackage.Module, String> pages = new LinkedHashMap<>();

  /** Where a documented name is, by name and then by the page's file. */
  private final Map<String, SortedMap<String, String>> names = new LinkedHashMap<>();

  private DocSite(List<DocPackage> packages) {
    this.packages = packages;
    Set<String> taken = new HashSet<>(Set.of("index"));
    for (DocPackage one : packages) {
      for (DocPackage.Module module : one.modules()) {
        pages.put(module, fileName(module.specifier(), taken));
      }
    }
    pages.forEach(
        (module, page) ->
            module
                .items()
                .forEach(
                    item -> {
                      place(item.name(), page, item.name());
                      item.members()
                          .forEach(
                              member ->
                                  place(
                                      item.name() + '.' + shownName(member),
                                      page,
                                      anchor(item, member)));
                    }));
  }

  /**
   * The files of a site.
   *
   * @param packages in the order in which they are listed
   * @return bytes by name; all names are plain and lie in one folder
   */
  public static SortedMap<String, byte[]> of(List<DocPackage> packages) {
    return new DocSite(List.copyOf(packages)).files();
  }

  private SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put("style.css", resource("style.css"));
    files.put("search.js", resource("search.js"));
    files.put("names.js", bytes("const rayaNames = " + CanonicalJson.text(index()) + ";\n"));
    files.put("index" + PAGE, bytes(overview()));
    pages.forEach((module, page) -> files.put(page, bytes(page(module, page))));
    return files;
  }

  private void place(String name, String page, String anchor) {
    names.computeIfAbsent(name, any -> new TreeMap<>()).put(page, page + '#' + anchor);
  }

  /** A file name that any file system can hold, unlike those before it. */
  private static String fileName(String specifier, Set<String> taken) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < specifier.length(); i++) {
      char c = Character.toLowerCase(specifier.charAt(i));
      plain.append(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' ? c : '_');
    }
    String name = plain.toString();
    for (int i = 2; !taken.add(name); i++) {
      name = plain + "-" + i;
    }
    return name + PAGE;
  }

  private static String anchor(DocItem item, DocItem member) {
    return item.name() + '.' + shownName(member);
  }

  private static String shownName(DocItem item) {
    return item.kind() == DocItem.Kind.CONSTRUCTOR ? "constructor" : item.name();
  }

  /** Rows of name, kind, module, address and first sentence. */
  private Json index() {
    List<Json> rows = new ArrayList<>();
    pages.forEach(
        (module, page) -> {
          for (DocItem item : module.items()) {
            rows.add(row(item.name(), item, module, page + '#' + item.name()));
            for (DocItem member : item.members()) {
              String name = item.name() + '.' + shownName(member);
              rows.add(row(name, member, module, page + '#' + anchor(item, member)));
            }
          }
        });
    return Json.array(rows);
  }

  private static Json row(String name, DocItem item, DocPackage.Module module, String address) {
    return Json.strings(
        List.of(name, item.kind().word(), module.specifier(), address, item.doc().summary()));
  }

  private String overview() {
    StringBuilder out = new StringBuilder();
    String title = packages.size() == 1 ? label(packages.getFirst()) : "Documentation";
    out.append("<h1>").append(Html.escape(title)).append("</h1>\n");
    for (DocPackage one : packages) {
      if (packages.size() > 1) {
        out.append("<h2>").append(Html.escape(label(one))).append("</h2>\n");
      }
      out.append("<dl class=\"modules\">\n");
      for (DocPackage.Module module : one.modules()) {
        out.append("<dt><a href=\"").append(pages.get(module)).append("\">");
        out.append(Html.escape(module.specifier())).append("</a></dt>\n<dd>");
        out.append(html("").inline(module.doc().summary())).append("</dd>\n");
      }
      out.append("</dl>\n");
    }
    return frame(title, "", out.toString());
  }

  private static String label(DocPackage one) {
    return one.version().isEmpty() ? one.name() : one.name() + ' ' + one.version();
  }

  private String page(DocPackage.Module module, String page) {
    Html html = html(page);
    StringBuilder out = new StringBuilder();
    out.append("<h1>").append(Html.escape(module.specifier())).append("</h1>\n");
    describe(out, module.doc(), html);
    StringBuilder side = new StringBuilder("<nav class=\"names\" aria-label=\"Names\"><ul>\n");
    for (DocItem item : module.items()) {
      String name = Html.escape(item.name());
      side.append("<li><a href=\"#").append(name).append("\">").append(name);
      side.append("</a></li>\n");
      out.append("<section id=\"").append(name).append("\">\n<h2><a href=\"#").append(name);
      out.append("\">").append(name).append("</a> <small>").append(item.kind().word());
      out.append("</small></h2>\n");
      item(out, item, html, page);
      for (DocItem member : item.members()) {
        String anchor = Html.escape(anchor(item, member));
        out.append("<section id=\"").append(anchor).append("\" class=\"member\">\n<h3><a href=\"#");
        out.append(anchor).append("\">").append(Html.escape(shownName(member)));
        out.append("</a> <small>").append(member.kind().word()).append("</small></h3>\n");
        item(out, member, html, page);
        out.append("</section>\n");
      }
      out.append("</section>\n");
    }
    return frame(module.specifier(), side.append("</ul></nav>\n").toString(), out.toString());
  }

  private void item(StringBuilder out, DocItem item, Html html, String page) {
    out.append("<pre class=\"signature\"><code>").append(linked(item.signature(), page));
    out.append("</code></pre>\n");
    String deprecated = item.doc().deprecated();
    if (deprecated != null) {
      out.append("<p class=\"deprecated\"><strong>Deprecated.</strong> ");
      out.append(html.inline(deprecated)).append("</p>\n");
    }
    describe(out, item.doc(), html);
    if (!item.source().isEmpty()) {
      out.append("<p class=\"source\">").append(Html.escape(item.source())).append("</p>\n");
    }
  }

  private static void describe(StringBuilder out, DocText doc, Html html) {
    out.append(html.blocks(doc.text()));
    rows(out, "Type parameters", doc.typeParameters(), html);
    rows(out, "Parameters", doc.parameters(), html);
    said(out, "Returns", doc.returns(), html);
    rows(out, "Throws", doc.failures(), html);
    for (String example : doc.examples()) {
      out.append("<h4>Example</h4>\n").append(html.blocks(example));
    }
    said(out, "Since", doc.since(), html);
    for (String see : doc.see()) {
      said(out, "See", see, html);
    }
  }

  private static void said(StringBuilder out, String title, String text, Html html) {
    if (!text.isEmpty()) {
      out.append("<h4>").append(title).append("</h4>\n").append(html.blocks(text));
    }
  }

  private static void rows(StringBuilder out, String title, List<DocText.Named> rows, Html html) {
    if (rows.isEmpty()) {
      return;
    }
    out.append("<h4>").append(title).append("</h4>\n<dl>\n");
    for (DocText.Named row : rows) {
      out.append("<dt><code>").append(Html.escape(row.name())).append("</code></dt>\n<dd>");
      out.append(html.inline(row.text())).append("</dd>\n");
    }
    out.append("</dl>\n");
  }

  private Html html(String page) {
    return new Html(name -> target(name, page));
  }

  /** Where a name is documented: on this page if it is, else on the first that has it. */
  private @Nullable String target(String name, String page) {
    SortedMap<String, String> places = names.get(name);
    if (places == null) {
      return null;
    }
    String here = places.get(page);
    return here == null ? places.get(places.firstKey()) : here;
  }

  /** A signature whose known type names are links. */
  private String linked(String signature, String page) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < signature.length()) {
      int end = at;
      while (end < signature.length() && Character.isJavaIdentifierPart(signature.charAt(end))) {
        end++;
      }
      String word = signature.substring(at, Math.max(end, at + 1));
      String target = end > at && Character.isUpperCase(word.charAt(0)) ? target(word, page) : null;
      String shown = Html.escape(word);
      out.append(
          target == null ? shown : "<a href=\"" + Html.escape(target) + "\">" + shown + "</a>");
      at += word.length();
    }
    return out.toString();
  }

  private static String frame(String title, String side, String content) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\""
        + Html.escape(POLICY)
        + "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"
        + Html.escape(title)
        + "</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n"
        + "<script src=\"names.js\" defer></script>\n<script src=\"search.js\" defer></script>\n"
        + "</head>\n<body>\n<header><a href=\"index.html\">Contents</a>\n"
        + "<input id=\"search\" type=\"search\" placeholder=\"Search (press /)\""
        + " aria-label=\"Search names\" autocomplete=\"off\" role=\"combobox\""
        + " aria-controls=\"found\" aria-expanded=\"false\" aria-autocomplete=\"list\">\n"
        + "<ul id=\"found\" role=\"listbox\" aria-label=\"Names found\" hidden></ul></header>\n<div class=\"columns\">\n"
        + side
        + "<main>\n"
        + content
        + "</main>\n</div>\n</body>\n</html>\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) {
    try (InputStream in = DocSite.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the compiler has no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
