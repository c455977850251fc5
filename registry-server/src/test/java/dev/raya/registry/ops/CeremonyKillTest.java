package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.TrustedRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ceremony that a kill cuts off: before each key that it makes and each file that it signs, and
 * with the file torn that would have come next. The next one goes on and ends, and what was printed
 * once never changes.
 */
final class CeremonyKillTest {
  private static final String ORIGIN = "https://registry.example";
  private static final int MOST_STEPS = 200;

  /** Steps between two kills where each rename is a point of its own elsewhere. */
  private static final int STRIDE = 4;

  @TempDir Path folder = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The end of the process, which nothing in it can catch. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What a ceremony asks the machine for, until it is killed. */
  private static final class Machine {
    private int left;

    Machine(int left) {
      this.left = left;
    }

    void step() {
      if (left-- == 0) {
        throw new Killed();
      }
    }

    SecureRandom random() {
      return new SecureRandom() {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
          step();
          super.nextBytes(bytes);
        }
      };
    }

    InstantSource clock() {
      InstantSource system = InstantSource.system();
      return () -> {
        step();
        return system.instant();
      };
    }
  }

  private int ceremony(Path data, Machine machine) {
    out.reset();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CommandLine(stream, stream, machine.random(), machine.clock(), options -> 1)
        .run(List.of("tuf", "ceremony", "--data-dir", data.toString(), "--origin", ORIGIN));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> files(Path data) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (!Files.exists(data)) {
      return files;
    }
    try (Stream<Path> all = Files.walk(data)) {
      all.filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  files.put(data.relativize(file).toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return files;
  }

  /** Every offline role is there, and a client that pins the root takes it. */
  private static String fingerprint(Path data) throws Exception {
    Path tuf = data.resolve("tree/tuf");
    for (RegistryRole role : RegistryRole.values()) {
      if (!role.online()) {
        assertThat(tuf.resolve("1." + role.file())).exists();
      }
    }
    RoleReader.targets(Files.readAllBytes(tuf.resolve("1.targets.json")));
    return TrustedRoot.first(Files.readAllBytes(tuf.resolve("1.root.json")))
        .fingerprint()
        .toString();
  }

  @Test
  void theNextCeremonyGoesOnFromAKillAtAnyStep() throws Exception {
    boolean isKilled = true;
    int steps = 0;
    for (; isKilled && steps < MOST_STEPS; steps += STRIDE) {
      Path data = folder.resolve("killed-" + steps);
      isKilled = false;
      try {
        assertThat(ceremony(data, new Machine(steps))).as(printed()).isZero();
      } catch (Killed end) {
        isKilled = true;
      }
      Map<String, byte[]> left = files(data);
      byte[] root = left.get("tree/tuf/1.root.json");
      String before = root == null ? "" : TrustedRoot.first(root).fingerprint().toString();
      if (root == null) {
        // What a kill leaves of a write, for which no code of ours runs.
        Path tuf = Files.createDirectories(data.resolve("tree/tuf"));
        Files.write(tuf.resolve(".new-1-1-1"), new byte[1]);
      }
      int again = ceremony(data, new Machine(MOST_STEPS));
      if (isKilled) {
        assertThat(again).as("step " + steps + ": " + printed()).isZero();
        assertThat(printed()).contains(fingerprint(data));
      } else {
        assertThat(again).isEqualTo(1);
        assertThat(printed()).contains("there is a root in");
      }
      assertThat(fingerprint(data)).as("what may have been printed stays").contains(before);
      Map<String, byte[]> now = files(data);
      left.keySet().removeIf(file -> !file.startsWith("keys/") || file.equals("keys/ceremony"));
      assertThat(now.keySet()).as("no key that was made is lost").containsAll(left.keySet());
      assertThat(now)
          .as("nothing is left that marks an end as none")
          .doesNotContainKey("keys/ceremony");
      TrustKeys keys = new TrustKeys(new DataDirectory(data));
      for (RegistryRole role : RegistryRole.values()) {
        assertThat(keys.load(role)).as(role.id()).hasSize(role.keys());
      }
    }
    assertThat(steps).as("keys and signed files").isBetween(25, MOST_STEPS - 1);
  }

  /** What a kill leaves of a write, for which no code of ours runs. */
  private static void tear(Path folder) throws IOException {
    Files.write(folder.resolve(".new-1-1-1"), new byte[1]);
    Files.write(folder.resolve(".key1.tmp"), new byte[1]);
  }

  /** The files of a ceremony in the order in which they appear, each by one rename. */
  private static List<String> inOrder(Map<String, byte[]> files) {
    List<String> order = new ArrayList<>();
    List<String> patterns = new ArrayList<>(List.of("origin"));
    for (RegistryRole role : RegistryRole.values()) {
      patterns.add("keys/(offline|online)/" + role.id() + "/.*");
    }
    patterns.addAll(List.of("keys/online/log/.*", "keys/witness/local/.*"));
    patterns.addAll(List.of("keys/witness/others/.*", "tree/tuf/1[.]root[.]json"));
    for (String name : List.of("registry.json", "log.policy", "sigstore.json", "oidc.json")) {
      patterns.addAll(List.of("tree/trust/[0-9a-f]{64}[.]" + name, "tree/trust/" + name));
    }
    for (String role : List.of("targets", "claimed", "toolchains", "nightly", "packages")) {
      patterns.add("tree/tuf/1[.]" + role + "[.]json");
    }
    for (String pattern : patterns) {
      List<String> found = files.keySet().stream().filter(name -> name.matches(pattern)).toList();
      assertThat(found).as(pattern).isNotEmpty();
      order.addAll(found);
    }
    assertThat(order).as("every file").hasSameSizeAs(files.keySet());
    return order;
  }

  /** One key after the other is made, of which some will do. */
  @Test
  void aRenameIsAPointThatTheNextCeremonyGoesOnFrom() throws Exception {
    killAfterRenames(STRIDE);
  }

  @Tag("long")
  @Test
  void everyRenameIsAPointThatTheNextCeremonyGoesOnFrom() throws Exception {
    killAfterRenames(1);
  }

  private void killAfterRenames(int keysAlike) throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(ceremony(whole, new Machine(MOST_STEPS))).as(printed()).isZero();
    Map<String, byte[]> files = files(whole);
    files.remove("keys.lock");
    List<String> order = inOrder(files);
    int rooted = order.indexOf("tree/tuf/1.root.json") + 1;
    for (int done = 0; done < order.size(); done += done + keysAlike < rooted ? keysAlike : 1) {
      // The root is there a moment before the mark goes.
      for (boolean marked : done == rooted ? List.of(true, false) : List.of(done < rooted)) {
        Path data = folder.resolve("renamed-" + done + marked);
        new DataDirectory(data).create();
        for (String name : order.subList(0, done)) {
          Path file = data.resolve(name);
          Path parent = Objects.requireNonNull(file.getParent());
          Files.createDirectories(parent);
          Files.write(file, Objects.requireNonNull(files.get(name)));
          tear(parent);
        }
        tear(data.resolve("keys"));
        if (marked && done > 0) {
          Files.write(data.resolve("keys/ceremony"), new byte[0]);
        }
        String what = done + " of " + order.size() + (marked ? ", marked: " : ": ");
        assertThat(ceremony(data, new Machine(MOST_STEPS))).as(what + printed()).isZero();
        assertThat(printed()).as(what).startsWith(fingerprint(data));
        Map<String, byte[]> now = files(data);
        for (String name : order.subList(0, done)) {
          assertThat(now.get(name)).as(what + name).isEqualTo(files.get(name));
        }
        assertThat(now).as(what).doesNotContainKey("keys/ceremony");
        TrustKeys keys = new TrustKeys(new DataDirectory(data));
        for (RegistryRole role : RegistryRole.values()) {
          assertThat(keys.load(role)).as(what + role.id()).hasSize(role.keys());
        }
      }
    }
  }

  @Test
  void aTornFileLeadsToNoOtherRoot() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(ceremony(whole, new Machine(MOST_STEPS))).as(printed()).isZero();
    String honest = fingerprint(whole);
    for (Map.Entry<String, byte[]> file : files(whole).entrySet()) {
      if (!file.getKey().startsWith("tree")) {
        continue;
      }
      Path torn = whole.resolve(file.getKey());
      Files.write(torn, Arrays.copyOf(file.getValue(), file.getValue().length / 2));
      int exit = ceremony(whole, new Machine(MOST_STEPS));
      assertThat(exit).as(file.getKey() + ": " + printed()).isNotZero();
      assertThat(printed()).as(file.getKey()).doesNotContain("Exception", "\tat ");
      Files.write(torn, file.getValue());
      assertThat(fingerprint(whole)).as(file.getKey()).isEqualTo(honest);
    }
  }
}
