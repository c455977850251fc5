package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code resolve --problem}: answers of the solver as bare documents. */
final class ResolveCommandTest {
  @TempDir Path folder = Path.of("");

  private static final String PROBLEM =
      """
      {"format":"raya-resolve/1","roots":{"a":"*","b":"%s"},"packages":{
        "a":{"2.0.0":{"deps":{"b":">=2.0.0"}},"1.0.0":{}},
        "b":{"2.0.0":{},"1.0.0":{}}}}
      """;

  private Pm.Outcome resolve(String text, String... more) throws IOException {
    Pm pm = Pm.in(folder);
    Files.createDirectories(pm.project());
    Files.writeString(pm.project().resolve("p.json"), text);
    String[] words = new String[3 + more.length];
    words[0] = "resolve";
    words[1] = "--problem";
    words[2] = "p.json";
    System.arraycopy(more, 0, words, 3, more.length);
    return pm.run(words);
  }

  @Test
  void aSolutionIsOneBareDocument() throws IOException {
    Pm.Outcome outcome = resolve(PROBLEM.formatted("=1.0.0"), "--output", "json", "--repeat", "3");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out().replaceAll("(_ms\":)[0-9.e-]+", "$1_"))
        .isEqualTo(
            "{\"conflicts\":0,\"decisions\":0,\"first_solve_ms\":_,\"solve_ms\":_,"
                + "\"status\":\"sat\",\"versions\":{\"a\":\"1.0.0\",\"b\":\"1.0.0\"}}\n");
  }

  @Test
  void aContradictionComesWithItsCore() throws IOException {
    Pm.Outcome outcome = resolve(PROBLEM.formatted("=3.0.0"), "--output", "json");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out())
        .contains(
            "\"core\":[{\"dep\":\"b\",\"pkg\":null,\"range\":\"=3.0.0\",\"versions\":\"*\"}]",
            "\"status\":\"unsat\"");
  }

  @Test
  void textIsForPeople() throws IOException {
    assertThat(resolve(PROBLEM.formatted("*")).out()).isEqualTo("a 2.0.0\nb 2.0.0\n");
    assertThat(resolve(PROBLEM.formatted("=3.0.0")).out()).contains("=3.0.0");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertThat(resolve("[]").err()).startsWith("error[RAYA-RES-007]");
    assertThat(Pm.in(folder).run("resolve", "--problem", "none.json").exit()).isEqualTo(2);
    assertThat(Pm.in(folder).run("resolve").exit()).isEqualTo(2);
  }
}
