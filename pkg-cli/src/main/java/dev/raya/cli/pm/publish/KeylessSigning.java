package dev.raya.cli.pm.publish;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signing without a key of one's own: the toolchain's component {@code keyless} runs as a process,
 * gets a certificate for the run's ID token and the signature into Sigstore's log. Verifying what
 * it makes needs nothing of it.
 *
 * @param jars folder of the component's jars
 * @param modules folder of the toolchain's own jars
 * @param idToken of the run, made for Sigstore
 * @param trustedRoot whom the registry's clients believe
 * @param signingConfig Sigstore's services, or null for the public ones
 * @param authorities further authorities of TLS in PEM, or null
 * @param proxies options of the process that say how the network is reached
 */
public record KeylessSigning(
    Path jars,
    Path modules,
    String idToken,
    String trustedRoot,
    @Nullable String signingConfig,
    @Nullable String authorities,
    List<String> proxies) {
  private static final String NO_KEY = "RAYA-SEC-022";
  private static final String PROGRAM = "dev.raya.signing.keyless.KeylessProgram";
  private static final int MAX_ANSWER = 8 << 20;

  /** Copies the list. */
  public KeylessSigning {
    proxies = List.copyOf(proxies);
  }

  /**
   * The folder of the component in a toolchain.
   *
   * @throws CommandException RAYA-TC-001 if the toolchain comes without
   */
  public static Path component(Path toolchain) throws CommandException {
    Path jars = toolchain.resolve("lib").resolve("keyless");
    if (!Files.isDirectory(jars)) {
      throw new CommandException(
          "RAYA-TC-001",
          "this toolchain comes without the component keyless, which signs with Sigstore",
          "expected: its jars in " + jars,
          "install the component keyless of the toolchain "
              + ProgramVersion.CURRENT
              + " there, or publish without --keyless: the run's own key signs");
    }
    return jars;
  }

  /**
   * Signs statements.
   *
   * @param statements in-toto statements
   * @return a Sigstore bundle for each
   * @throws CommandException RAYA-SEC-022 if Sigstore does not sign
   * @throws InterruptedException if the thread was interrupted; the process is ended
   */
  public List<byte[]> sign(List<byte[]> statements) throws CommandException, InterruptedException {
    Json request =
        Json.object()
            .put("idToken", idToken)
            .put("trustedRoot", trustedRoot)
            .putUnlessEmpty("signingConfig", signingConfig)
            .putUnlessEmpty("authorities", authorities)
            .put(
                "statements",
                Json.strings(
                    statements.stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList()))
            .build();
    try {
      Process process =
          new ProcessBuilder(commandLine()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        try (OutputStream out = process.getOutputStream()) {
          out.write(CanonicalJson.bytes(request));
        }
        byte[] answer;
        try (InputStream in = process.getInputStream()) {
          answer = in.readNBytes(MAX_ANSWER);
        }
        if (answer.length == MAX_ANSWER) {
          throw refused("the component keyless says more than it can have to say");
        }
        process.waitFor();
        return bundles(answer, statements.size());
      } finally {
        process.destroyForcibly(); // it holds the ID token
      }
    } catch (IOException unstartable) {
      throw Failure.of(unstartable);
    }
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-XX:+UseSerialGC");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.addAll(proxies);
    words.add("-cp");
    words.add(modules.resolve("*") + System.getProperty("path.separator") + jars.resolve("*"));
    words.add(PROGRAM);
    return words;
  }

  private static List<byte[]> bundles(byte[] answer, int expected) throws CommandException {
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(answer));
      String failure = fields.optionalString("failure");
      if (failure != null) {
        throw refused(failure);
      }
      List<byte[]> bundles = new ArrayList<>();
      for (String bundle : fields.strings("bundles")) {
        bundles.add(bundle.getBytes(StandardCharsets.UTF_8));
      }
      if (bundles.size() == expected) {
        return bundles;
      }
      throw refused(expected + " statements gave " + bundles.size() + " bundles");
    } catch (JsonException malformed) {
      throw refused("the component keyless ended without an answer");
    }
  }

  private static CommandException refused(String why) {
    return new CommandException(
        NO_KEY,
        "Sigstore did not sign: " + why,
        "publish without --keyless: the run's own key signs");
  }
}
