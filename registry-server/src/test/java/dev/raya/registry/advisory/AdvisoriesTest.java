package dev.raya.registry.advisory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.CommandLine;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Advisories from the operator's file to the static tree, the API, the audit and the page. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class AdvisoriesTest {
  @TempDir Path folder = Path.of("");

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private record Ran(int exit, String out, String err) {}

  private static Ran run(String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("advisory"));
    line.addAll(List.of(words));
    line.addAll(List.of("--data-dir", RunningRegistry.directory().root().toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new CommandLine(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new SecureRandom(),
                InstantSource.system(),
                options -> 1)
            .run(line);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String osv(String id, String name, String modified) {
    return "{\"schema_version\":\"1.7.0\",\"id\":\""
        + id
        + "\",\"modified\":\""
        + modified
        + "\",\"summary\":\"Reads past the <end>\",\"affected\":[{\"package\":{\"ecosystem\":\"Raya\","
        + "\"name\":\""
        + name
        + "\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"1.0.0\"},"
        + "{\"fixed\":\"1.0.1\"}]}]}]}";
  }

  /** The running server writes the file when it works its outbox, at most a second later. */
  private static void awaitFile(Client client, String text) throws Exception {
    for (int look = 0; look < 200; look++) {
      if (client.get("advisories/osv.json").text().contains(text)) {
        return;
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new AssertionError("the outbox did not write " + text);
  }

  private String file(String text) throws Exception {
    Path file = Files.createTempFile(folder, "advisory", ".json");
    return Files.writeString(file, text).toString();
  }

  private static String lockfile(String name, String version) {
    return "# Written by raya-pm. Do not edit.\nversion = 1\nmanifest = \"sha256:"
        + "0".repeat(64)
        + "\"\n\n[[package]]\nname = \""
        + name
        + "\"\nversion = \""
        + version
        + "\"\nsource = \"git+https://example.com/x.git#abc123\"\ntree = \"sha256:"
        + "0".repeat(64)
        + "\"\n";
  }

  @Test
  void anAdvisoryIsServedAuditedShownAndWithdrawn() throws Exception {
    Client ann = Client.publisher(base(), "ann-osv");
    assertThat(ann.publish(TestPackage.of("osv-one", "1.0.0")).status()).isEqualTo(201);
    assertThat(ann.publish(TestPackage.of("osv-one", "1.0.1")).status()).isEqualTo(201);
    String document = osv("RAYA-2026-0001", "osv-one", "2026-01-02T00:00:00Z");
    Ran added = run("add", file(document));
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(run("add", file(document)).out()).startsWith("is there already");
    awaitFile(ann, "RAYA-2026-0001");

    assertThat(ann.get("advisories/RAYA-2026-0001").member("summary"))
        .isEqualTo("Reads past the <end>");
    assertThat(ann.get("advisories").text()).contains("\"packages\":[\"osv-one\"]");
    assertThat(ann.get("packages/osv-one/1.0.0/status").member("advisories"))
        .isEqualTo("[\"RAYA-2026-0001\"]");
    assertThat(ann.get("packages/osv-one/1.0.1/status").text()).doesNotContain("RAYA-2026");
    Client.Answer page = ann.get("p/osv-one/v/1.0.0", "Accept", "text/html");
    assertThat(page.text())
        .contains("RAYA-2026-0001", "Reads past the &lt;end&gt;", "Fixed in 1.0.1");

    assertThat(run("list").out()).contains("RAYA-2026-0001 osv-one");
    assertThat(run("withdraw", "RAYA-2026-0001").exit()).isZero();
    assertThat(run("withdraw", "RAYA-2026-0001").exit()).isEqualTo(1);
    awaitFile(ann, "\"withdrawn\"");
    assertThat(ann.get("packages/osv-one/1.0.0/status").text()).doesNotContain("RAYA-2026");
    assertThat(run("add", file(document)).err()).contains("expected a later");
  }

  @Test
  void aLockfileIsComparedWithTheAdvisories() throws Exception {
    Client reader = Client.anonymous(base());
    assertThat(run("add", file(osv("RAYA-2026-0002", "osv-locked", "2026-01-02T00:00:00Z"))).exit())
        .isZero();
    awaitFile(reader, "RAYA-2026-0002");
    Client.Answer hit = reader.post("audit", lockfile("osv-locked", "1.0.0"));
    assertThat(hit.status()).as(hit.text()).isEqualTo(200);
    assertThat(hit.text()).contains("\"id\":\"RAYA-2026-0002\"", "\"fixed\":[\"1.0.1\"]");
    assertThat(reader.post("audit", lockfile("osv-locked", "1.0.1")).member("advisories"))
        .isEqualTo("[]");
    for (String body : List.of("", "x", "{}", lockfile("osv-locked", "one"))) {
      assertThat(reader.post("audit", body).member("code")).as(body).isEqualTo("RAYA-REG-001");
    }
    assertThat(reader.post("audit", "#".repeat((8 << 20) + 1)).member("code"))
        .isEqualTo("RAYA-REG-008");
  }

  @Test
  void whatIsNoAdvisoryIsNotAdded() throws Exception {
    String good = osv("RAYA-2026-0003", "osv-bad", "2026-01-02T00:00:00Z");
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            good.replace("RAYA-2026-0003", "osv.json"),
            good.replace("RAYA-2026-0003", "../x"),
            good.replace("2026-01-02T00:00:00Z", "yesterday"),
            good.replace("\"Raya\"", "\"npm\""),
            good.replace("osv-bad", "Osv Bad"),
            good.replace("1.0.1", "one"),
            good.replace("Reads", "a\\u0000b"),
            good.replace("\"summary\"", "\"withdrawn\":\"2026-01-02T00:00:00Z\",\"summary\""),
            good.replace("\"summary\"", "\"pad\":\"" + "p".repeat(256 << 10) + "\",\"summary\""))) {
      Ran ran = run("add", file(bad));
      assertThat(ran.exit()).as(bad.length() > 400 ? "large" : bad).isEqualTo(1);
      assertThat(ran.err()).contains("is no advisory in OSV form");
    }
    assertThat(run("add", folder.resolve("absent").toString()).err()).contains("there is no file");
    assertThat(run("add").exit()).isEqualTo(2);
    assertThat(run("remove", "x").exit()).isEqualTo(2);
    assertThat(Client.anonymous(base()).get("advisories/RAYA-2026-0003").status()).isEqualTo(404);
  }
}
