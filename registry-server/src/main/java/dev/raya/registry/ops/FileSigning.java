package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.AtomicFile;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.ClaimBins;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code tuf sign FILE --keys FOLDER [--renew DAYS]} on the machine where offline keys are. The
 * file comes from a server that somebody may have broken into, so it is not signed for what it is
 * called: name, role and version must agree, only the keys of that role sign, what is renewed must
 * be what these keys signed before, and {@link SignedMemory} refuses what is older than the last.
 */
final class FileSigning {
  private static final int REFUSED = 3;
  private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,8})\\.([a-z0-9-]+)\\.json");

  private final PrintStream out;
  private final InstantSource clock;

  FileSigning(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /** A file of an offline role. */
  private record Given(
      RegistryRole role, String name, long version, byte[] document, SignedRole<?> signed) {}

  /**
   * Signs a file, or its next version.
   *
   * @param days from now on that the next version lives; 0 to add signatures to this one
   * @throws UsageException if the file's name is none of a metadata file
   * @throws CommandException if the file is not what it is called, is not to be renewed by these
   *     keys or is older than what they signed last, or there are no keys
   * @throws TufException if the file is malformed
   * @throws IOException if files cannot be read or written
   */
  void sign(Path file, Path keysFolder, int days)
      throws UsageException, CommandException, TufException, IOException {
    Given given = read(file);
    Path folder = folder(keysFolder, given.role());
    List<SigningKey> keys = keys(folder, given.role());
    Path written = file;
    byte[] document = given.document();
    if (days > 0) {
      requireOwn(given, folder, keys);
      Instant expires = clock.instant().plus(Duration.ofDays(days));
      boolean claims = given.role() == RegistryRole.CLAIMED;
      document = RoleWriter.renew(document, expires, claims ? given.name() : null);
      written = file.resolveSibling(given.version() + 1 + "." + given.name() + ".json");
      if (Files.exists(written)) {
        throw new CommandException(
            1, "there is " + written + " already: sign that one, without --renew");
      }
    }
    byte[] signed = RoleWriter.addSignatures(document, keys);
    SignedRole<?> next = parse(given.role(), signed);
    new SignedMemory(folder)
        .remember(given.name(), next.role().version(), next.digest(), given.signed().digest());
    AtomicFile.write(written, signed);
    out.println(
        "signed with "
            + keys.size()
            + (keys.size() == 1 ? " key" : " keys")
            + " of the role "
            + given.role().id()
            + ": "
            + written);
    out.println(
        "version "
            + next.role().version()
            + ", good until "
            + next.role().expires()
            + describe(next.role())
            + ", "
            + next.digest());
    if (given.signed().role() instanceof Role.Targets before
        && next.role() instanceof Role.Targets after
        && before.name() == null
        && after.name() != null) {
      out.println(
          "the file did not say its role before: see that it has as many targets as "
              + after.name()
              + " has to have");
    }
  }

  private static String describe(Role role) {
    return role instanceof Role.Targets targets ? ", " + targets.targets().size() + " targets" : "";
  }

  private static Given read(Path file)
      throws UsageException, CommandException, TufException, IOException {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    RegistryRole role = name.matches() ? role(name.group(2)) : null;
    if (role == null) {
      throw new UsageException(
          "expected a file of an offline role, such as 3.targets.json, found "
              + file.getFileName());
    }
    byte[] document;
    try (InputStream in = Files.newInputStream(file)) {
      document = in.readNBytes(RoleReader.MAX_BYTES + 1);
    }
    SignedRole<?> signed = parse(role, document);
    long version = Long.parseLong(name.group(1));
    if (signed.role().version() != version) {
      throw refused(file, "it holds version " + signed.role().version());
    }
    if (signed.role() instanceof Role.Targets targets) {
      String said = targets.name();
      if (said != null && !said.equals(name.group(2))) {
        throw refused(file, "it says that it is of the role " + said);
      }
      if (ClaimBins.isName(name.group(2))) {
        requireBin(file, name.group(2), targets);
      }
    }
    return new Given(role, name.group(2), version, document, signed);
  }

  /**
   * A bin from before files said their role has another one's name if what it says lies elsewhere;
   * renewed, it would say so itself. An empty one fits everywhere, and is told by its number.
   */
  private static void requireBin(Path file, String bin, Role.Targets targets)
      throws CommandException {
    if (targets.delegations() != null) {
      throw refused(file, "it hands on to other roles, which no bin does");
    }
    int bits = ClaimBins.bitsOf(bin);
    for (String path : targets.targets().keySet()) {
      String own = ClaimBins.of(bits, path);
      if (!own.equals(bin)) {
        throw refused(file, "it names " + path + ", which is of the role " + own);
      }
    }
  }

  private static SignedRole<?> parse(RegistryRole role, byte[] document) throws TufException {
    return role == RegistryRole.ROOT ? RoleReader.root(document) : RoleReader.targets(document);
  }

  private static @Nullable RegistryRole role(String name) {
    if (ClaimBins.isName(name)) {
      return RegistryRole.CLAIMED;
    }
    for (RegistryRole role : RegistryRole.values()) {
      if (!role.online() && role.id().equals(name)) {
        return role;
      }
    }
    return null;
  }

  /**
   * The folder of the role's keys: the one given, or the one in it that is called like the role.
   */
  private static Path folder(Path keysFolder, RegistryRole role) throws CommandException {
    Path own = keysFolder.resolve(role.id());
    if (Files.isDirectory(own)) {
      return own;
    }
    for (RegistryRole other : RegistryRole.values()) {
      if (Files.isDirectory(keysFolder.resolve(other.id()))) {
        throw new CommandException(
            1, "there are no keys of the role " + role.id() + " in " + keysFolder);
      }
    }
    return keysFolder;
  }

  /** The keys of a folder, or of the folders in it where each holder's key has one. */
  private static List<SigningKey> keys(Path folder, RegistryRole role)
      throws CommandException, IOException {
    List<SigningKey> keys = new ArrayList<>();
    List<Path> folders = new ArrayList<>(List.of(folder));
    try (Stream<Path> inner = Files.list(folder)) {
      folders.addAll(inner.filter(Files::isDirectory).sorted().toList());
    }
    try {
      for (Path each : folders) {
        KeyDirectory directory = new KeyDirectory(each);
        for (VerificationKey key : directory.list()) {
          keys.add(directory.load(key.keyId(), null));
        }
      }
    } catch (SigningException e) {
      throw new CommandException(1, String.valueOf(e.getMessage()));
    }
    if (keys.isEmpty() || keys.size() > role.keys()) {
      throw new CommandException(
          1, "expected 1 to " + role.keys() + " keys in " + folder + ", found " + keys.size());
    }
    return keys;
  }

  /** What is renewed was said by these keys, or by as many of them as the role needs. */
  private static void requireOwn(Given given, Path folder, List<SigningKey> keys)
      throws CommandException {
    Map<String, TufKey> own = new LinkedHashMap<>();
    for (SigningKey key : keys) {
      TufKey verifies = TufKey.of(key.verificationKey());
      own.put(verifies.keyId().hex(), verifies);
    }
    int least = Math.min(given.role().threshold(), keys.size());
    try {
      given.signed().requireThreshold(own, new RoleKeys(own.keySet(), least));
    } catch (TufException strange) {
      throw new CommandException(
          REFUSED,
          "not renewed: nothing shows that the keys in "
              + folder
              + " said this before ("
              + strange.getMessage()
              + "); renew it where a key is that signed it, and add this one without --renew");
    }
  }

  private static CommandException refused(Path file, String why) {
    return new CommandException(
        REFUSED, "not signed: " + file + " is not what it is called: " + why);
  }

  /** What the keys of a folder signed last, so that nothing older or other is signed again. */
  record SignedMemory(Path folder) {
    private static final String FILE = "signed-last";
    private static final Pattern LINE =
        Pattern.compile("([a-z0-9-]+) ([1-9][0-9]{0,17}) ([0-9a-f]{64}) ([0-9a-f]{64})");

    /** One role's line. */
    private record Last(long version, String digest, String from) {}

    /**
     * Notes what is about to be signed; it is on the disk before the signature is.
     *
     * @param digest of what is signed
     * @param from digest of what it was made from, so that a run that was killed may be repeated
     * @throws CommandException if something newer was signed, or something else under this version
     * @throws IOException if the memory cannot be read or written
     */
    void remember(String role, long version, Digest digest, Digest from)
        throws CommandException, IOException {
      Map<String, Last> all = read();
      Last last = all.get(role);
      if (last != null && version < last.version()) {
        throw new CommandException(
            REFUSED,
            "not signed: these keys signed version "
                + last.version()
                + " of "
                + role
                + ", and this would be version "
                + version
                + ": an older file in the place of the newest");
      }
      if (last != null
          && version == last.version()
          && !digest.hex().equals(last.digest())
          && !from.hex().equals(last.from())) {
        throw new CommandException(
            REFUSED,
            "not signed: these keys signed another version " + version + " of " + role + " before");
      }
      all.put(role, new Last(version, digest.hex(), from.hex()));
      StringBuilder text = new StringBuilder();
      all.forEach(
          (name, each) ->
              text.append(name)
                  .append(' ')
                  .append(each.version())
                  .append(' ')
                  .append(each.digest())
                  .append(' ')
                  .append(each.from())
                  .append('\n'));
      AtomicFile.write(folder.resolve(FILE), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Last> read() throws CommandException, IOException {
      Map<String, Last> all = new TreeMap<>();
      Path file = folder.resolve(FILE);
      if (!Files.exists(file)) {
        return all;
      }
      for (String text : Files.readAllLines(file)) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
          throw new CommandException(
              REFUSED, "not signed: the memory of what was signed last is damaged: " + file);
        }
        all.put(
            line.group(1), new Last(Long.parseLong(line.group(2)), line.group(3), line.group(4)));
      }
      return all;
    }
  }
}
