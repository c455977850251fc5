package dev.raya.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.raya.integration.journey.Suite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The pages as a reader sees them; screenshots are left in {@code integration/target/screenshots}.
 */
@ExtendWith(Suite.Extension.class)
final class PagesTest {
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  @Test
  void aReaderFindsAPackageAndReadsAboutIt(Suite suite) {
    Path chromium = requireBrowser();
    Path screenshots = Suite.ROOT.resolve("integration/target/screenshots");
    List<String> faults = new ArrayList<>();
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(ARGUMENTS))) {
      Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1200, 900));
      page.onConsoleMessage(
          message -> {
            if (message.type().equals("error")) {
              faults.add(message.text());
            }
          });
      page.onPageError(faults::add);

      page.navigate(suite.url() + "/");
      shoot(page, screenshots.resolve("home.png"));
      page.locator("input[type=search]").first().fill("tally");
      page.keyboard().press("Enter");
      page.waitForURL("**/search?q=tally*");
      shoot(page, screenshots.resolve("search.png"));
      page.locator("main a[href='/p/tally']").first().click();
      page.waitForURL("**/p/tally");
      shoot(page, screenshots.resolve("package.png"));
      assertThat(page.locator("h1").first().innerText()).contains("tally");
      String text = page.locator("main").innerText();
      assertThat(text).contains("1.0.0", "raya-pm add tally", "Counts how often things occur");
      assertThat(page.locator("main table").count()).isPositive();

      page.navigate(suite.url() + "/p/report");
      assertThat(page.locator("main a[href='/p/tally']").count()).isPositive();
      shoot(page, screenshots.resolve("report.png"));

      assertThat(page.navigate(suite.url() + "/p/no-such-package").status()).isEqualTo(404);
      shoot(page, screenshots.resolve("not-found.png"));
      faults.removeIf(fault -> fault.contains("404"));

      Page narrow =
          browser.newPage(
              new Browser.NewPageOptions()
                  .setViewportSize(320, 800)
                  .setColorScheme(ColorScheme.DARK));
      narrow.navigate(suite.url() + "/p/report");
      shoot(narrow, screenshots.resolve("report-narrow-dark.png"));
      assertThat((Integer) narrow.evaluate("document.documentElement.scrollWidth"))
          .as("width of the page at 320 pixels")
          .isLessThanOrEqualTo(320);

      Page plain = browser.newPage(new Browser.NewPageOptions().setJavaScriptEnabled(false));
      plain.navigate(suite.url() + "/search?q=report");
      assertThat(plain.locator("main").innerText()).contains("report");
    }
    assertThat(faults).as("errors on the browser's console").isEmpty();
  }

  private static void shoot(Page page, Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }

  private static Path requireBrowser() {
    Optional<Path> browser =
        Stream.concat(
                Stream.ofNullable(System.getenv("RAYA_BROWSER")).map(Path::of),
                Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                    .flatMap(
                        folder ->
                            Stream.of("chromium", "chromium-browser", "google-chrome")
                                .map(name -> Path.of(folder, name))))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(
        browser.isPresent(), "no Chromium: set RAYA_BROWSER or put chromium on PATH");
    return browser.orElseThrow();
  }
}
