package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.console.ExitCode;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file that this home keeps of a registry, emptied, cut off, changed, with a member twice and
 * with numbers that fit nowhere: what is verified offline is refused or does not need the file, no
 * command breaks, and what the advice says mends it.
 */
final class DamagedStateTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private static byte[] text(byte[] bytes, UnaryOperator<String> change) {
    return change
        .apply(new String(bytes, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, UnaryOperator<byte[]>> damages() {
    Map<String, UnaryOperator<byte[]>> damages = new LinkedHashMap<>();
    damages.put("emptied", honest -> new byte[0]);
    damages.put("cut off", honest -> Arrays.copyOf(honest, honest.length * 2 / 3));
    damages.put("changed", honest -> text(honest, t -> t.replaceAll("([a-f])([0-9])", "$2$1")));
    damages.put(
        "with a member twice",
        honest -> text(honest, t -> t.replaceFirst("\\{", "{\"v\":1,\"v\":2,")));
    damages.put(
        "with huge numbers",
        honest -> text(honest, t -> t.replaceAll("\\b[0-9]{1,3}\\b", "9".repeat(30))));
    damages.put("nested", honest -> "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    return damages;
  }

  private static String run(Pm pm, String what, int[] allowed, String... words) {
    Pm.Outcome outcome = pm.run(words);
    assertThat(allowed).as(what + ": " + outcome.err()).contains(outcome.exit());
    assertThat(outcome.err()).as(what).doesNotContain("Exception", "RAYA-CLI-00");
    if (outcome.exit() != 0) {
      assertThat(outcome.err()).as(what).contains("error[RAYA-");
    }
    return outcome.err();
  }

  private static List<Path> kept(Pm pm) throws IOException {
    try (Stream<Path> files = Files.walk(pm.home().resolve("registry"))) {
      return new ArrayList<>(
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith("lock"))
              .sorted()
              .toList());
    }
  }

  @Test
  void whatIsDamagedIsRefusedOrNotNeededAndMended() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("other", "1.0.0");
    Pm pm = Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
    registry.newRoot(2, true);
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("--offline", "verify").exit()).isZero();
    int[] foundOrNot = {ExitCode.OK, ExitCode.INTEGRITY, ExitCode.PROBLEM};
    int[] refused = {ExitCode.INTEGRITY, ExitCode.PROBLEM};
    int[] mended = {ExitCode.OK};
    for (Path file : kept(pm)) {
      byte[] honest = Files.readAllBytes(file);
      for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages().entrySet()) {
        String what = pm.home().relativize(file) + " " + damage.getKey();
        byte[] damaged = damage.getValue().apply(honest);
        if (Arrays.equals(damaged, honest)) {
          continue;
        }
        Files.write(file, damaged);
        if (file.endsWith("known.json")) {
          // What a registry is known by is never mended from what the registry says.
          run(pm, what, refused, "--offline", "verify");
          run(pm, what, refused, "install", "--verify");
          Files.write(file, honest);
          continue;
        }
        String found = run(pm, what, foundOrNot, "--offline", "verify");
        run(pm, what, foundOrNot, "--offline", "install", "--verify");
        if (found.contains("it is damaged: remove " + file)) {
          Files.delete(file);
        }
        run(pm, what, mended, "install", "--verify");
        run(pm, what, mended, "--offline", "verify");
        Files.write(file, honest);
      }
    }
    assertThat(run(pm, "honest", mended, "--offline", "verify")).contains("good until");
  }
}
