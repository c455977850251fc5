package dev.raya.cli.pm.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code raya-pm mcp serve}, spoken to as an agent would: lines in, lines out. */
final class McpServerTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(290);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("net-lib", "1.0.0").needing("net"));
    return Pm.in(folder).at(registry).project("# none");
  }

  private static String call(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + "}}\n";
  }

  private static List<String> answers(Pm pm, String input, String... options) {
    List<String> words = new java.util.ArrayList<>(List.of("mcp", "serve"));
    words.addAll(List.of(options));
    Pm.Outcome outcome = pm.runWith(input, words.toArray(String[]::new));
    assertThat(outcome.exit()).isZero();
    return outcome.out().lines().toList();
  }

  @Test
  void sessionBeginsListsToolsAndSurvivesNonsense() {
    List<String> answers =
        answers(
            pm(),
            """
            {"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"2024-11-05"}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            nonsense
            []
            {"jsonrpc":"2.0","id":2,"method":"resources/list"}
            {"jsonrpc":"2.0","id":3,"method":"tools/list"}
            {"jsonrpc":"2.0","id":4,"method":"ping"}
            {"jsonrpc":"2.0","id":null,"method":"ping"}
            """
                + call("explain", "{\"code\":\"" + "x".repeat(1 << 20) + "\"}"));
    assertThat(answers).hasSize(8);
    assertThat(answers.get(0))
        .contains("\"id\":\"a\"", "\"protocolVersion\":\"2024-11-05\"", "without network");
    assertThat(answers.get(1)).contains("-32700");
    assertThat(answers.get(2)).contains("-32600");
    assertThat(answers.get(3)).contains("-32601");
    assertThat(answers.get(4))
        .contains("\"name\":\"add\"", "\"name\":\"cache_verify\"", "\"readOnlyHint\":true")
        .doesNotContain(
            "\"name\":\"run\"", "\"name\":\"publish\"", "\"name\":\"login\"", "--grant");
    assertThat(answers.get(5)).isEqualTo("{\"id\":4,\"jsonrpc\":\"2.0\",\"result\":{}}");
    assertThat(answers.get(6)).contains("-32600", "an id is");
    assertThat(answers.get(7)).contains("-32600", "at most 1 MiB");
  }

  @Test
  void networkIsUsedOnlyWhereItWasAllowed() {
    Pm pm = pm();
    String add = call("add", "{\"pkg-range-tag\":[\"fmt\"]}");
    assertThat(answers(pm, add).getFirst()).contains("RAYA-NET-003", "\"isError\":true");
    assertThat(pm.read("raya.toml")).doesNotContain("fmt");
    assertThat(answers(pm, add, "--network", "--offline").getFirst()).contains("RAYA-NET-003");
    assertThat(answers(pm, add + call("tree", "{}"), "--network"))
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).contains("\"isError\":false");
              assertThat(lines.get(1)).contains("\"roots\":[\"fmt 1.0.0\"]");
            });
    assertThat(pm.read("raya.toml")).contains("fmt = \"^1.0.0\"");
  }

  @Test
  void grantsAreLeftToPeople() {
    Pm pm = pm();
    List<String> answers =
        answers(
            pm,
            call("add", "{\"pkg-range-tag\":[\"net-lib\"]}")
                + call("add", "{\"pkg-range-tag\":[\"net-lib\"],\"grant\":[\"net\"]}")
                + call("add", "{\"pkg-range-tag\":[\"net-lib\",\"--grant=net\"]}"),
            "--network");
    assertThat(answers.get(0)).contains("RAYA-SEC-020");
    assertThat(answers.get(1)).contains("has no argument");
    assertThat(answers.get(2)).contains("cannot be");
    assertThat(pm.read("raya.toml")).doesNotContain("net-lib");
  }

  @Test
  void toolsWorkInTheRootsAndNowhereElse() throws IOException {
    Pm pm = pm();
    pm.write("inner/notes.txt", "no project");
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.createSymbolicLink(pm.project().resolve("link"), outside);
    for (String directory : List.of("..", "link", "/", "inner/../../outside")) {
      assertThat(answers(pm, call("tree", "{\"directory\":\"" + directory + "\"}")).getFirst())
          .contains("-32602", "lies outside");
    }
    assertThat(answers(pm, call("pack", "{\"out\":\"link/x\"}")).getFirst())
        .contains("lies outside");
    assertThat(answers(pm, call("init", "{\"dir\":\"../outside/p\"}")).getFirst())
        .contains("lies outside");
    assertThat(answers(pm, call("lock", "{}"), "--root", "inner").getFirst())
        .as("the project around the root")
        .contains("lies outside");
    assertThat(answers(pm, call("init", "{\"dir\":\"made\"}"), "--root", "inner").getFirst())
        .contains("\"isError\":false");
    assertThat(pm.read("inner/made/raya.toml")).contains("name = \"made\"");
    assertThat(pm.runWith("", "mcp", "serve", "--root", "missing").exit()).isEqualTo(2);
  }

  @Test
  void linksAndAddressesOfFilesDoNotLeadOutOfTheRoots() throws IOException {
    Pm pm = pm();
    Path outside = folder.resolve("outside");
    Files.createDirectories(outside.resolve("deep"));
    Files.createSymbolicLink(pm.project().resolve("link"), outside.resolve("deep"));
    assertThat(answers(pm, call("pack", "{\"out\":\"link/../packed\"}")).getFirst())
        .as("the system follows the link before the dots")
        .contains("lies outside");
    assertThat(outside.resolve("packed")).doesNotExist();
    for (String address : List.of("file:///tmp/p.git", "FILE:/tmp/p.git", "../p.git")) {
      assertThat(answers(pm, call("add", "{\"git\":\"" + address + "\"}"), "--network").getFirst())
          .contains("-32602");
    }
    for (String name : List.of("src", ".raya")) {
      Path project = Files.createDirectories(pm.project().resolve("linked" + name));
      Files.writeString(project.resolve("raya.toml"), pm.read("raya.toml"));
      Files.createSymbolicLink(project.resolve(name), outside);
      assertThat(answers(pm, call("lock", "{\"directory\":\"linked" + name + "\"}")).getFirst())
          .contains("lies outside");
    }
    Files.createDirectory(pm.project().resolve("fresh"));
    Files.createSymbolicLink(pm.project().resolve("fresh/src"), outside);
    assertThat(answers(pm, call("init", "{\"dir\":\"fresh\"}")).getFirst())
        .contains("lies outside");
    assertThat(outside.resolve("main.raya")).doesNotExist();
  }

  @Test
  void callsThatAreNotUnderstoodDoNothing() {
    Pm pm = pm();
    for (String arguments :
        List.of("[\"fmt\"]", "{\"directory\":[\".\"]}", "{\"directory\":\"nope\"}")) {
      assertThat(answers(pm, call("update", arguments)).getFirst()).contains("-32602");
    }
  }

  @Test
  void toolsThatSayTheyReadHaveNothingToWriteBy() {
    for (String tool :
        answers(pm(), "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\"}\n")
            .getFirst()
            .split("\"annotations\":")) {
      // A tool's schema stands between its own annotations and the next tool's.
      if (tool.contains("\"name\":\"sbom\"") || tool.contains("\"name\":\"audit\"")) {
        assertThat(tool).doesNotContain("\"out\":{", "\"fix\":{");
      }
    }
    assertThat(
            answers(pm(), call("sbom", "{\"format\":\"spdx\",\"out\":\"src/index.raya\"}"))
                .getFirst())
        .contains("-32602", "has no argument");
  }
}
