package dev.raya.registry.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkdownTest {
  private final Markdown markdown = new Markdown();

  @Test
  void headingsCodeTablesAndLinksAreRendered() {
    String html =
        markdown.render(
            """
            # Title

            Some `code` and a [link](https://example.com/a?b=1&c=2).

            ```raya
            let x = 1 < 2;
            ```

            | a | b |
            |---|--:|
            | 1 | 2 |
            """);
    assertThat(html)
        .contains("<h2>Title</h2>")
        .contains("<code>code</code>")
        .contains("rel=\"nofollow\"")
        .contains("<code class=\"language-raya\">let x &#61; 1 &lt; 2;")
        .contains("<td>1</td>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](javascript:alert(1))",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<svg onload=alert(1)>",
        "<style>body{display:none}</style>",
        "<iframe src=\"https://example.com\"></iframe>",
        "<form action=\"https://example.com\"><button>x</button></form>",
        "<p style=\"position:fixed\" onclick=\"alert(1)\" id=\"main\" class=\"top\">x</p>",
        "<math><mtext></p><script>alert(1)</script>",
        "<base href=\"https://example.com\">",
        "<meta http-equiv=\"refresh\" content=\"0;url=https://example.com\">",
        "<object data=\"x\"></object><embed src=\"x\">"
      })
  void nothingThatActsSurvives(String hostile) {
    String html = markdown.render("before\n\n" + hostile + "\n\nafter");
    assertThat(html.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("<script", "onerror=", "onload=", "onclick=", "javascript:", "data:")
        .doesNotContain("vbscript:", "<iframe", "<form", "<style", "style=", "<base", "<meta")
        .doesNotContain("<object", "<embed", "<svg", "<img", "id=")
        .contains("before")
        .contains("after");
  }
}
