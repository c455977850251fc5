package dev.raya.registry.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.error.ErrorArea;
import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.registry.http.Problem;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.registry.storage.StorageException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class PagesTest {
  private static final String[] BROWSER = {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"};

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  @Test
  void thePackagePageShowsWhatSomebodyNeedsToDecide() throws Exception {
    Client ann = Client.publisher(base(), "ann-pages");
    String readme = "# Paged\n\nHello <script>alert(1)</script> world.\n";
    assertThat(
            ann.publish(TestPackage.of("paged", "1.0.0", readme, Map.of("fmt", ">=1.0.0 <2.0.0-0")))
                .status())
        .isEqualTo(201);
    assertThat(ann.publish(TestPackage.of("paged", "1.1.0-rc.1")).status()).isEqualTo(201);

    Client.Answer page = ann.get("p/paged", BROWSER);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text())
        .contains("raya-pm add paged")
        .contains("<h2>Paged</h2>")
        .contains("href=\"/p/fmt\"")
        .contains("href=\"/p/paged/v/1.1.0-rc.1\"")
        .contains("ann-pages")
        .contains("MIT")
        .doesNotContain("alert(1)")
        .doesNotContain("style=\"")
        .contains("<main id=\"main\"")
        .contains("class=\"skip\"");
    assertThat(ann.get("p/paged", "If-None-Match", page.header("ETag")).status()).isEqualTo(304);
    assertThat(ann.get("p/paged", "Accept", "application/json").member("name")).isEqualTo("paged");
    assertThat(ann.get("p/paged/v/1.1.0-rc.1", BROWSER).text())
        .contains("raya-pm add paged@1.1.0-rc.1")
        .contains("The latest version is");
    assertThat(ann.get("search?q=paged", BROWSER).text()).contains("href=\"/p/paged\"");
    assertThat(ann.get("", BROWSER).text()).contains("href=\"/p/paged\"");
  }

  @Test
  void documentationIsAPageWhateverItsPublisherWroteIntoIt() throws Exception {
    Client ann = Client.publisher(base(), "ann-docs");
    String docs =
        "{\"modules\":[{\"items\":[{\"kind\":\"function\",\"name\":\"<b>\",\"params\":[{\"name\":\"n\","
            + "\"text\":\"a *number*\"}],\"signature\":\"function f(n: Map<int>): int\",\"text\":"
            + "\"Twice. <script>alert(1)</script> [x](javascript:alert(2))\",\"deprecated\":\"\"}],"
            + "\"specifier\":\"told\"}]}";
    assertThat(ann.publish(TestPackage.documented("told", "1.0.0", docs)).status()).isEqualTo(201);
    assertThat(ann.publish(TestPackage.documented("told", "1.0.1", "{\"modules\":7}")).status())
        .isEqualTo(201);
    assertThat(ann.publish(TestPackage.of("told", "1.0.2")).status()).isEqualTo(201);

    Client.Answer page = ann.get("p/told/v/1.0.0/docs", BROWSER);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text())
        .contains("function f(n: Map&lt;int&gt;): int")
        .contains("&lt;b&gt;")
        .contains("a <em>number</em>")
        .contains("deprecated")
        .doesNotContain("<script>alert")
        .doesNotContain("javascript:alert");
    for (String version : new String[] {"1.0.1", "1.0.2"}) {
      assertThat(ann.get("p/told/v/" + version + "/docs", BROWSER).text())
          .contains("published without documentation");
    }
    assertThat(ann.get("p/told", BROWSER).text()).contains("href=\"/p/told/v/1.0.2/docs\"");
    assertThat(ann.get("p/told/v/1.0.0/docs", "Accept", "application/json").text()).isEqualTo(docs);
    assertThat(ann.get("p/told/v/9.0.0/docs", BROWSER).status()).isEqualTo(404);
  }

  @Test
  void problemsAreAPageForBrowsersAndJsonForTools() throws Exception {
    Client reader = Client.anonymous(base());
    for (String path : new String[] {"p/nosuch-package", "nosuch", "p/paged/x/y/z"}) {
      Client.Answer page = reader.get(path, BROWSER);
      assertThat(page.status()).as(path).isEqualTo(404);
      assertThat(page.header("Content-Type")).startsWith("text/html");
      assertThat(page.text()).contains("RAYA-REG-004").contains(page.header("X-Request-Id"));
    }
    Client.Answer tool = reader.get("p/nosuch-package");
    assertThat(tool.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reader.get("search?q=%3Cscript%3Ealert(1)%3C/script%3E", BROWSER).text())
        .doesNotContain("<script>alert");
  }

  @Test
  void everyProblemHasItsHelpPage() throws Exception {
    Client reader = Client.anonymous(base());
    List<String> codes = ErrorCodes.of(ErrorArea.REG).stream().map(ErrorCode::code).toList();
    // The last two are printed where a registry is started, and are no answers to a request.
    assertThat(codes.subList(0, codes.size() - 2))
        .containsExactlyElementsOf(Arrays.stream(Problem.values()).map(Problem::code).toList());
    assertThat(codes.subList(codes.size() - 2, codes.size()))
        .containsExactly(StorageException.RootMissing.CODE, StorageException.KeysMissing.CODE);
    for (String code : codes) {
      assertThat(reader.get("help/errors/" + code, BROWSER).status()).isEqualTo(200);
      assertThat(reader.get("help/errors/" + code).text()).startsWith(code + ": ");
    }
    assertThat(reader.get("help/errors/RAYA-REG-999").status()).isEqualTo(404);
  }

  @Test
  void assetsAreServed() throws Exception {
    Client reader = Client.anonymous(base());
    for (String path : new String[] {"raya.css", "raya.js", "mark.svg"}) {
      assertThat(reader.get("assets/" + path).status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void healthIsTold() throws Exception {
    Client reader = Client.anonymous(base());
    for (String path : new String[] {"live", "ready", "started"}) {
      assertThat(reader.get("health/" + path).member("status")).isEqualTo("UP");
    }
  }

  @Test
  void statusTagsAndOwnersStandOnThePage() throws Exception {
    Client ann = Client.publisher(base(), "ann-marks");
    for (String version : new String[] {"1.0.0", "1.0.1"}) {
      assertThat(ann.publish(TestPackage.of("page-marks", version)).status()).isEqualTo(201);
    }
    ann.post(
        "packages/page-marks/1.0.0/yank",
        "{\"reason\":\"security\",\"use\":\"1.0.1\",\"message\":\"<b>leaks</b>\"}");
    ann.post("packages/page-marks/1.0.1/deprecate", "{\"message\":\"moved\"}");
    ann.put("packages/page-marks/tags/stable", "{\"version\":\"1.0.1\"}");
    String yanked = ann.get("p/page-marks/v/1.0.0", "Accept", "text/html").text();
    assertThat(yanked)
        .contains("Yanked (security).", "&lt;b&gt;leaks&lt;/b&gt;", "/p/page-marks/v/1.0.1\">1.0.1")
        .doesNotContain("<b>leaks");
    String latest = ann.get("p/page-marks", "Accept", "text/html").text();
    assertThat(latest).contains("Deprecated.", "moved", "stable <a", "ann-marks", ">yanked<");
  }
}
