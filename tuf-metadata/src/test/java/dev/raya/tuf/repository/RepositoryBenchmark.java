package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * What one publish costs a repository, and a cold and a warm refresh its client, as the number of
 * packages grows: {@code RepositoryBenchmark FOLDER PACKAGES…}. Files are forced to disk, as the
 * registry does it; the keys sign in this process.
 */
public final class RepositoryBenchmark {
  private static final int PUBLISHES = 100;
  private static final int LOOKED_UP = 50;

  private final Path folder;
  private final DirectoryMetadata files;
  private final OnlineRepository repository;
  private final PrintStream out;
  private final Instant now = Instant.now();

  /** Bytes that a client asked for: as they are, and each file compressed. */
  private long bytes;

  private long compressed;

  private RepositoryBenchmark(Path folder, PrintStream out) throws Exception {
    this.folder = folder;
    this.files = new DirectoryMetadata(folder.resolve("tuf"));
    this.out = out;
    Map<RegistryRole, List<SigningKey>> keys = new EnumMap<>(RegistryRole.class);
    Map<RegistryRole, SigningKey> online = new EnumMap<>(RegistryRole.class);
    for (RegistryRole role : RegistryRole.values()) {
      SigningKey[] made = new SigningKey[role.keys()];
      Arrays.setAll(made, i -> SigningKey.generate(new SecureRandom()));
      keys.put(role, List.of(made));
      if (role.online()) {
        online.put(role, made[0]);
      }
    }
    Map<RegistryRole, List<VerificationKey>> known = new EnumMap<>(RegistryRole.class);
    keys.forEach(
        (role, list) -> known.put(role, list.stream().map(SigningKey::verificationKey).toList()));
    OfflineRoles offline = new OfflineRoles(known);
    Map<String, Long> versions = new TreeMap<>();
    write(RegistryRole.ROOT, offline.root(1, expiry(RegistryRole.ROOT)), keys, versions);
    versions.clear();
    write(
        RegistryRole.TARGETS,
        offline.targets(1, expiry(RegistryRole.TARGETS), Map.of(), false),
        keys,
        versions);
    write(
        RegistryRole.PACKAGES, offline.packages(1, expiry(RegistryRole.PACKAGES)), keys, versions);
    for (RegistryRole role :
        List.of(RegistryRole.CLAIMED, RegistryRole.TOOLCHAINS, RegistryRole.NIGHTLY)) {
      write(role, OfflineRoles.plain(1, expiry(role), Map.of()), keys, versions);
    }
    RoleSigner signer =
        new RoleSigner(
            online, new DirectoryMetadata(folder.resolve("signer")), InstantSource.fixed(now));
    this.repository = new OnlineRepository(files, signer, InstantSource.fixed(now));
    repository.refresh(versions);
  }

  private Instant expiry(RegistryRole role) {
    return now.plus(role.life());
  }

  private void write(
      RegistryRole role,
      Role content,
      Map<RegistryRole, List<SigningKey>> keys,
      Map<String, Long> versions)
      throws IOException {
    files.write("1." + role.file(), RoleWriter.sign(content, keys.getOrDefault(role, List.of())));
    versions.put(role.file(), 1L);
  }

  /** Runs it and prints the figures. */
  public static void main(String[] arguments) throws Exception {
    RepositoryBenchmark benchmark =
        new RepositoryBenchmark(
            Files.createDirectories(Path.of(arguments[0])),
            new PrintStream(System.out, true, StandardCharsets.UTF_8));
    int present = 0;
    for (int i = 1; i < arguments.length; i++) {
      int packages = Integer.parseInt(arguments[i]);
      benchmark.load(present, packages);
      benchmark.measure(packages);
      present = packages;
    }
  }

  private static String path(int number) {
    String hex = Digest.of(("package-" + number).getBytes(StandardCharsets.UTF_8)).hex();
    return "index/" + hex.substring(0, 2) + '/' + hex.substring(2, 4) + "/package-" + number;
  }

  private static Role.TargetFile document(String content) {
    return new Role.TargetFile(
        1_000, Map.of("sha256", Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex()));
  }

  private void load(int from, int to) throws Exception {
    Map<String, Role.TargetFile> documents = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      documents.put(path(i), document("first of " + i));
    }
    repository.publish(documents);
  }

  private void measure(int packages) throws Exception {
    Path home = folder.resolve("client-" + packages);
    TufClient.init(home, files.read("1.root.json").orElseThrow());
    look(packages, home, "cold, " + LOOKED_UP + " packages");
    double[] milliseconds = new double[PUBLISHES];
    for (int i = 0; i < PUBLISHES; i++) {
      int number = (int) ((long) packages * i / PUBLISHES);
      long began = System.nanoTime();
      repository.publish(Map.of(path(number), document("publish " + i + " at " + packages)));
      milliseconds[i] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(milliseconds);
    out.printf(
        Locale.ROOT,
        "%,d packages: one publish, median %.1f ms, 99th percentile %.1f ms%n",
        packages,
        milliseconds[PUBLISHES / 2],
        milliseconds[PUBLISHES * 99 / 100]);
    look(packages, home, "the same " + LOOKED_UP + " after " + PUBLISHES + " publishes");
  }

  private void look(int packages, Path home, String what) throws Exception {
    bytes = 0;
    compressed = 0;
    long began = System.nanoTime();
    TufClient client = new TufClient(home, new Counted(), now);
    for (int i = 0; i < LOOKED_UP; i++) {
      int number = (int) ((long) packages * i / LOOKED_UP);
      if (client.find(path(number)).isEmpty()) {
        throw new IllegalStateException("the repository does not name " + path(number));
      }
    }
    out.printf(
        Locale.ROOT,
        "%,d packages: refresh, %s: %,d bytes, %,d compressed, %.0f ms%n",
        packages,
        what,
        bytes,
        compressed,
        (System.nanoTime() - began) / 1e6);
  }

  private final class Counted implements TufSource {
    @Override
    public Optional<byte[]> metadata(String path, long limit) throws IOException {
      Optional<byte[]> file = files.read(path);
      if (file.isPresent()) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
          gzip.write(file.get());
        }
        bytes += file.get().length;
        compressed += packed.size();
      }
      return file;
    }

    @Override
    public boolean target(String path, Path file, long limit) {
      return false;
    }
  }
}
