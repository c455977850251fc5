package dev.raya.compiler.doc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Doc comments as model and as pages (language.md 17.1, packages.md 5). */
class DocReaderTest {
  private static final String MAIN =
      """
      /** Shapes and their areas. */

      import { Circle } from "./circle";

      export { Circle as Round };
      export * from "./square";

      /**
       * What has an area. Areas are in square metres.
       *
       * @typeParam T of the unit
       */
      export interface Shape<T> {
        /** The area. */
        area(): number;
        readonly unit: T; // as given
        /** @internal */
        secret: int;
      }

      /** Left to inference. */
      export const LIMIT = 10;

      export const table = new Map<string, ((x: int) => int[]) | null>();

      /** @internal */
      export function hidden(): void {}

      /**
       * The larger of two, see {@link Square.side}.
       *
       * @param a one of them
       * @param b the other,
       *   or the same
       * @returns a copy
       * @throws RangeError if one is <b>bad</b>
       * @deprecated use `max`
       * @since 1.0.0
       * @see [the page](https://example.org/)
       * @example
       * ```ts
       * @notATag
       * larger(1, 2);
       * ```
       */
      export function larger(a: int, /* why */ b: int = 2) {
        return a > b ? a : b;
      }
      """;

  private static final Map<String, String> SOURCES =
      Map.of(
          "src/main.raya",
          MAIN,
          "src/circle.raya",
          "/** Round. */\nexport class Circle {\n  private r: int = 1;\n  readonly name: string ="
              + " \"c\";\n  /**\n   * Makes one.\n   * @param size its size\n   */\n"
              + "  constructor(readonly size: int, private x: int) {}\n"
              + "  /** Twice. */\n  double(): int { return this.size * 2 + this.r + this.x; }\n}\n",
          "src/square.raya",
          "export class Square {\n  side: int = 1;\n}\nexport const LIMIT = 3;\n");

  private static final Compiler.Request REQUEST =
      new Compiler.Request(
          "@demo/shapes",
          "1.2.3",
          List.of(new Compiler.Root("", "src/main.raya", true)),
          null,
          true);

  private static DocPackage read() {
    SourceTree sources = SourceTree.of(SOURCES);
    Compilation done =
        new Compiler(StandardLibrary.fromSources(), sources, PackageImports.NONE).compile(REQUEST);
    assertThat(done.diagnostics()).isEmpty();
    return new DocReader(sources, done.module()).read(REQUEST);
  }

  private static DocItem item(DocPackage read, String name) {
    return read.modules().getFirst().items().stream()
        .filter(item -> item.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void exportsAreListedUnderTheNamesImportersUse() {
    DocPackage read = read();
    DocPackage.Module module = read.modules().getFirst();
    assertThat(module.specifier()).isEqualTo("@demo/shapes");
    assertThat(module.doc().text()).isEqualTo("Shapes and their areas.");
    assertThat(module.items().stream().map(DocItem::name).toList())
        .containsExactly("LIMIT", "Round", "Shape", "Square", "larger", "table");
  }

  @Test
  void signaturesAreTheAuthorsAndInferredTypesTheCompilers() {
    DocPackage read = read();
    assertThat(item(read, "Shape").signature()).isEqualTo("interface Shape<T>");
    assertThat(item(read, "LIMIT").signature()).isEqualTo("const LIMIT: 10");
    assertThat(item(read, "LIMIT").source()).startsWith("src/main.raya:");
    assertThat(item(read, "larger").signature())
        .isEqualTo("function larger(a: int, b: int = 2): int");
    assertThat(item(read, "table").signature())
        .isEqualTo("const table: Map<string, ((x: int) => int[]) | null>");
  }

  @Test
  void privateAndInternalMembersAreLeftOut() {
    DocPackage read = read();
    assertThat(item(read, "Round").members().stream().map(DocItem::signature).toList())
        .containsExactly(
            "readonly name: string",
            "constructor(readonly size: int, private x: int)",
            "readonly size: int",
            "double(): int");
    assertThat(item(read, "Round").members().get(2).doc().text()).isEqualTo("its size");
    assertThat(item(read, "Shape").members().stream().map(DocItem::name).toList())
        .containsExactly("area", "unit");
  }

  @Test
  void tagsAreTakenApart() {
    DocText doc = item(read(), "larger").doc();
    assertThat(doc.text()).isEqualTo("The larger of two, see {@link Square.side}.");
    assertThat(doc.parameters())
        .containsExactly(
            new DocText.Named("a", "one of them"),
            new DocText.Named("b", "the other,\n  or the same"));
    assertThat(doc.returns()).isEqualTo("a copy");
    assertThat(doc.failures())
        .containsExactly(new DocText.Named("RangeError", "if one is <b>bad</b>"));
    assertThat(doc.deprecated()).isEqualTo("use `max`");
    assertThat(doc.since()).isEqualTo("1.0.0");
    assertThat(doc.examples()).containsExactly("```ts\n@notATag\nlarger(1, 2);\n```");
  }

  @Test
  void theModelAndTheSiteAreTheSameBytesEachTime() {
    assertThat(read().bytes()).isEqualTo(read().bytes());
    SortedMap<String, byte[]> first = DocSite.of(List.of(read()));
    SortedMap<String, byte[]> second = DocSite.of(List.of(read()));
    assertThat(first.keySet())
        .containsExactly("_demo_shapes.html", "index.html", "names.js", "search.js", "style.css");
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void searchFieldSaysToReadersWhatItsKeysDo() {
    SortedMap<String, byte[]> site = DocSite.of(List.of(read()));
    assertThat(new String(site.get("index.html"), StandardCharsets.UTF_8))
        .contains("role=\"combobox\" aria-controls=\"found\" aria-expanded=\"false\"")
        .contains("<ul id=\"found\" role=\"listbox\"");
    assertThat(new String(site.get("search.js"), StandardCharsets.UTF_8))
        .contains("ArrowDown", "ArrowUp", "Enter", "Escape", "aria-activedescendant");
  }

  @Test
  void pagesEscapeLinkAndNeedNoInlineScript() {
    String page =
        new String(DocSite.of(List.of(read())).get("_demo_shapes.html"), StandardCharsets.UTF_8);
    assertThat(page)
        .contains("if one is &lt;b&gt;bad&lt;/b&gt;")
        .contains("<a href=\"_demo_shapes.html#Square.side\"><code>Square.side</code></a>")
        .contains("<a href=\"https://example.org/\" rel=\"noreferrer\">the page</a>")
        .contains("<pre><code>@notATag\nlarger(1, 2);\n</code></pre>")
        .contains("default-src &#39;none&#39;")
        .doesNotContain("<script>")
        .doesNotContain("style=")
        .doesNotContain("onclick");
  }

  @Test
  void hostileCommentsStayText() {
    Html html = new Html(name -> null);
    assertThat(html.blocks("<script>alert(1)</script>"))
        .isEqualTo("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    assertThat(html.blocks("[x](javascript:alert(1))")).doesNotContain("<a ");
    assertThat(html.blocks("[x](https://a/\" onmouseover=\"b)"))
        .contains("href=\"https://a/&quot; onmouseover=&quot;b\"");
    assertThat(html.blocks("```\n<i>")).isEqualTo("<pre><code>&lt;i&gt;\n</code></pre>\n");
    assertThat(html.blocks("**".repeat(3000) + "`*[](")).doesNotContain("<script");
  }

  @Test
  void listsHeadingsAndCodeKeepTheirForm() {
    Html html = new Html(name -> null);
    assertThat(html.blocks("# A\n\ntext *b* **c** `d<`\n\n- one\n- two\n  more\n\n1. x\n\nend"))
        .isEqualTo(
            "<h3>A</h3>\n<p>text <em>b</em> <strong>c</strong> <code>d&lt;</code></p>\n"
                + "<ul>\n<li>one</li>\n<li>two\nmore</li>\n</ul>\n<ol>\n<li>x</li>\n</ol>\n"
                + "<p>end</p>\n");
  }

  @Test
  void packagesLinkToEachOther() {
    DocPackage user =
        new DocPackage(
            "user",
            "1.0.0",
            List.of(
                new DocPackage.Module(
                    "user",
                    DocText.NONE,
                    List.of(
                        new DocItem(
                            DocItem.Kind.FUNCTION,
                            "area",
                            "function area(of: Square): int",
                            DocText.NONE,
                            List.of(),
                            "")))));
    SortedMap<String, byte[]> site = DocSite.of(List.of(user, read()));
    assertThat(new String(site.get("user.html"), StandardCharsets.UTF_8))
        .contains("<a href=\"_demo_shapes.html#Square\">Square</a>");
    assertThat(new String(site.get("index.html"), StandardCharsets.UTF_8))
        .contains("href=\"user.html\"", "href=\"_demo_shapes.html\"", "@demo/shapes 1.2.3");
  }
}
