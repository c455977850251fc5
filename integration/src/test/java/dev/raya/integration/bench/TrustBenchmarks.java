package dev.raya.integration.bench;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What trust costs with everything in its place: HTTP, database, processes with the keys. Publishes
 * until they are verifiable, the restart after them, bytes of a client at first contact, and an
 * install that checks everything again (goals S8 and S9).
 */
final class TrustBenchmarks {
  private static final int LOOKED_UP = 50;
  private static final double MILLIS = 1e6;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path root;
  private final Path work;

  private TrustBenchmarks(Path root, Path work) {
    this.root = root;
    this.work = work;
  }

  /** {@code --root CHECKOUT --size PACKAGES --rounds N --work FOLDER}, all four. */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    Path parent = Path.of(words.get(words.indexOf("--work") + 1));
    Path work = Files.createTempDirectory(parent, "raya-trust-");
    try {
      new TrustBenchmarks(Path.of(words.get(words.indexOf("--root") + 1)), work)
          .run(
              Integer.parseInt(words.get(words.indexOf("--size") + 1)),
              Integer.parseInt(words.get(words.indexOf("--rounds") + 1)));
    } finally {
      Trees.remove(work);
    }
  }

  private RegistryProcess start(int port) throws IOException {
    return RegistryProcess.start(
        root.resolve("registry-server/target/registry/bin/raya-registry"),
        work.resolve("data"),
        port,
        work.resolve("registry.log"));
  }

  private void run(int size, int rounds) throws Exception {
    Universe universe = Universe.of(size);
    int port;
    List<RayaLoader.Published> published;
    try (RegistryProcess registry = start(0)) {
      port = registry.port();
      RayaLoader loader = new RayaLoader(registry.url(), token());
      long begun = System.nanoTime();
      loader.load(universe);
      published = loader.published();
      double seconds = (System.nanoTime() - begun) / 1e9;
      List<Long> sorted = published.stream().map(RayaLoader.Published::nanos).sorted().toList();
      print(
          "%d publishes, 4 at once: %.1f a second; until verifiable: median %.0f ms, 99%% %.0f ms, most %.0f ms",
          sorted.size(),
          sorted.size() / seconds,
          sorted.get(sorted.size() / 2) / MILLIS,
          sorted.get(sorted.size() * 99 / 100) / MILLIS,
          sorted.getLast() / MILLIS);
    }
    long begun = System.nanoTime();
    try (RegistryProcess registry = start(port)) {
      print("started again in %.0f ms", (System.nanoTime() - begun) / MILLIS);
      List<String> names =
          published.stream().map(RayaLoader.Published::name).distinct().limit(LOOKED_UP).toList();
      List<Long> leaves =
          published.stream()
              .filter(each -> names.contains(each.name()))
              .collect(
                  Collectors.toMap(
                      RayaLoader.Published::name, RayaLoader.Published::log, Math::max))
              .values()
              .stream()
              .sorted()
              .toList();
      String documents =
          names.stream().map(name -> "[\"" + name + "\",0,0]").collect(Collectors.joining(","));
      print(
          "%d packages, client without anything: metadata and index documents %d bytes in one"
              + " batch; records, proofs and statements %d bytes",
          names.size(),
          batch(registry, "{\"names\":[" + documents + "]}"),
          batch(registry, "{\"leaves\":" + leaves + "}"));
      install(registry, universe, rounds);
    }
  }

  private void install(RegistryProcess registry, Universe universe, int rounds) throws Exception {
    Path project = Files.createDirectories(work.resolve("app"));
    String dependencies =
        Stream.concat(universe.roots().stream(), universe.packages().keySet().stream())
            .distinct()
            .filter(name -> !name.startsWith(Universe.EXTRA))
            .map(name -> name + " = \"^1.0.0\"\n")
            .collect(Collectors.joining());
    Files.writeString(
        project.resolve("raya.toml"),
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\n" + dependencies);
    Programs user =
        Programs.of(
                root.resolve("toolchain-bundler/target/toolchain/bin"),
                Files.createDirectories(work.resolve("home")))
            .with("RAYA_REGISTRY", registry.url());
    timed(user, project, "install");
    for (String[] line :
        new String[][] {
          {"install", "--frozen", "--verify", "--offline"}, {"verify", "--offline"}
        }) {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        times.add(timed(user, project, line));
      }
      times.sort(null);
      print(
          "%s, %d packages, warm: median %.0f ms, least %.0f ms",
          String.join(" ", line),
          universe.packages().size(),
          times.get(times.size() / 2),
          times.getFirst());
    }
  }

  private static double timed(Programs user, Path project, String... words) throws IOException {
    long begun = System.nanoTime();
    Programs.Outcome outcome = user.run(project, "raya-pm", words);
    if (outcome.exit() != 0) {
      throw new IOException(String.join(" ", words) + ": " + outcome.err());
    }
    return (System.nanoTime() - begun) / MILLIS;
  }

  private long batch(RegistryProcess registry, String body) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(registry.url() + "/index/batch"))
                .header("Content-Type", "application/json")
                .header("Accept-Encoding", "zstd")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(
          answer.statusCode() + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body().length;
  }

  private String token() throws IOException {
    Programs.Outcome outcome =
        Programs.of(root.resolve("registry-server/target/registry/bin"), work.resolve("admin"))
            .run(
                work,
                "raya-registry",
                "token",
                "create",
                "--data-dir",
                work.resolve("data").toString(),
                "--user",
                "bench");
    if (outcome.exit() != 0) {
      throw new IOException("no token: " + outcome.err());
    }
    return outcome.out().strip();
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
