package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.Trees;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packages from git and from archives, from manifest to running program. */
@ExtendWith(Suite.Extension.class)
final class SourcesJourneyTest {
  private static final String APP =
      "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n[dependencies]\n";
  private static final String MAIN =
      "import { greet } from \"greet\";\n"
          + "function main(): void {\n  console.log(greet(\"Ada\"));\n}\n";
  private static final String GREET =
      "[package]\nname = \"greet\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n";

  private static String greeting(String word) {
    return "export function greet(name: string): string {\n  return `" + word + ", ${name}!`;\n}\n";
  }

  private static void commit(Git git, String tag) throws Exception {
    git.add().addFilepattern(".").call();
    git.commit()
        .setAuthor("A", "a@example.com")
        .setCommitter("A", "a@example.com")
        .setMessage(tag)
        .setSign(false)
        .call();
    git.tag().setName(tag).setAnnotated(false).setSigned(false).call();
  }

  @Test
  void aGitDependencyIsAddedCompiledOnceAndRunsWithoutItsRepository(Suite suite) throws Exception {
    Path library =
        suite.project(
            GREET + "\n[dependencies]\ntally = \"^1\"\n",
            "import { Tally } from \"tally\";\n"
                + "export function greet(name: string): string {\n"
                + "  const tally = new Tally();\n  tally.add(name);\n"
                + "  return `Hello, ${name} ${tally.total()}!`;\n}\n");
    try (Git git = Git.init().setDirectory(library.toFile()).setInitialBranch("main").call()) {
      commit(git, "v1.0.0");
    }
    Path app = suite.project(APP, MAIN);
    Path home = suite.newFolder().resolve("home");
    Programs user = suite.newUser().with("RAYA_HOME", home.toString());
    Programs.Outcome added =
        user.run(app, "raya-pm", "add", "greet", "--git", "file://" + library, "--tag", "v1.0.0");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(user.run(app, "raya-pm", "run"))
        .isEqualTo(new Programs.Outcome(0, "Hello, Ada 1!\n", ""));
    try (Stream<Path> built = Files.list(home.resolve("build"))) {
      assertThat(built.toList()).hasSize(1);
    }
    Trees.remove(library);
    assertThat(user.with("RAYA_OFFLINE", "1").run(app, "raya-pm", "run"))
        .isEqualTo(new Programs.Outcome(0, "Hello, Ada 1!\n", ""));
  }

  @Test
  void anArchiveThatPackWroteIsTakenFromTheWeb(Suite suite) throws Exception {
    Path library = suite.project(GREET, greeting("Good day"));
    Path app = suite.project(APP, MAIN);
    Programs user = suite.newUser();
    Programs.Outcome packed = user.run(library, "raya-pm", "pack", "--out", ".");
    assertThat(packed.exit()).as(packed.err()).isZero();
    byte[] archive = Files.readAllBytes(library.resolve("greet-1.0.0.tar.zst"));
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    web.createContext(
        "/greet-1.0.0.tar.zst",
        exchange -> {
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    web.start();
    String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/greet-1.0.0.tar.zst";
    try {
      Programs.Outcome added = user.run(app, "raya-pm", "add", "greet", "--url", url);
      assertThat(added.exit()).as(added.err()).isZero();
    } finally {
      web.stop(0);
    }
    Programs.Outcome expected = new Programs.Outcome(0, "Good day, Ada!\n", "");
    assertThat(user.run(app, "raya-pm", "run")).isEqualTo(expected);
    assertThat(user.run(app, "raya-pm", "run", "--offline")).isEqualTo(expected);
  }
}
