package dev.raya.signing.statement;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The publisher's statement about one version: an in-toto Statement v1 with the predicate type
 * {@value #PREDICATE_TYPE} (security.md, "Who signs what"). Required for every version.
 *
 * @param name package name
 * @param version SemVer text
 * @param archive digest of the archive's bytes
 * @param natives native blobs, sorted by module and target
 * @param tree digest of the unpacked files
 * @param capabilities what the bytecode needs, sorted
 * @param previous archive of the highest version published before, or null for the first
 * @param toolchain what packed it
 */
public record PublishStatement(
    String name,
    String version,
    Digest archive,
    List<NativeSubject> natives,
    Digest tree,
    List<String> capabilities,
    @Nullable Digest previous,
    PackingToolchain toolchain) {
  /** The in-toto statement type. */
  public static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

  /** The predicate type of a publish statement. */
  public static final String PREDICATE_TYPE = "https://raya.dev/publish/v1";

  /** The DSSE payload type of in-toto statements. */
  public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

  /** Most native blobs of a version. */
  public static final int MAX_NATIVES = 64;

  /** Most capabilities. */
  private static final int MAX_CAPABILITIES = 256;

  private static final Set<String> PREDICATE_MEMBERS =
      Set.of("name", "version", "tree", "capabilities", "previous", "toolchain");

  /**
   * The toolchain that packed a version.
   *
   * @param version SemVer text
   * @param digest of its {@code toolchain.json}
   */
  public record PackingToolchain(String version, Digest digest) {}

  /** Sorts natives and capabilities, so that equal statements have equal bytes. */
  public PublishStatement {
    natives = natives.stream().sorted().toList();
    capabilities = List.copyOf(new TreeSet<>(capabilities));
  }

  /** All subjects: the archive, then the native blobs in order; all of them and no others. */
  public List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>();
    subjects.add(Subject.archive(name, version, archive));
    for (NativeSubject blob : natives) {
      subjects.add(Subject.nativeBlob(name, version, blob.module(), blob.target(), blob.digest()));
    }
    return List.copyOf(subjects);
  }

  /** The canonical bytes that are signed. */
  public byte[] bytes() {
    List<Json> subjects = new ArrayList<>();
    for (Subject subject : subjects()) {
      subjects.add(
          Json.object()
              .put("name", subject.purl())
              .put("digest", Json.object().put("sha256", subject.digest().hex()).build())
              .build());
    }
    Json predicate =
        Json.object()
            .put("name", name)
            .put("version", version)
            .put("tree", tree.hex())
            .put("capabilities", Json.strings(capabilities))
            .put("previous", previous == null ? Json.NULL : Json.of(previous.hex()))
            .put(
                "toolchain",
                Json.object()
                    .put("version", toolchain.version())
                    .put("digest", toolchain.digest().hex())
                    .build())
            .build();
    return CanonicalJson.bytes(
        Json.object()
            .put("_type", STATEMENT_TYPE)
            .put("subject", Json.array(subjects))
            .put("predicateType", PREDICATE_TYPE)
            .put("predicate", predicate)
            .build());
  }

  /**
   * Reads a statement. Its subjects must be exactly those of its predicate: the archive's and the
   * native blobs', in order.
   *
   * @throws JsonException if anything is missing, of another type, or beside the point
   */
  public static PublishStatement read(byte[] payload) throws JsonException {
    JsonFields root = JsonFields.root(JsonReader.read(payload));
    require(root, "_type", STATEMENT_TYPE);
    require(root, "predicateType", PREDICATE_TYPE);
    JsonFields predicate = root.fields("predicate");
    predicate.only(PREDICATE_MEMBERS);
    String name = predicate.string("name");
    String version = predicate.string("version");
    List<JsonFields> subjects = root.list("subject");
    if (subjects.isEmpty() || subjects.size() > MAX_NATIVES + 1) {
      throw root.fault("subject", "expected 1 to " + (MAX_NATIVES + 1) + " subjects");
    }
    Digest archive = digest(subjects.getFirst().fields("digest"), "sha256");
    List<NativeSubject> natives = new ArrayList<>();
    String prefix = Subject.archive(name, version, archive).purl() + "?module=";
    for (JsonFields subject : subjects.subList(1, subjects.size())) {
      natives.add(nativeSubject(subject, prefix));
    }
    if (predicate.items("capabilities").size() > MAX_CAPABILITIES) {
      throw predicate.fault("capabilities", "more than " + MAX_CAPABILITIES);
    }
    JsonFields toolchain = predicate.fields("toolchain");
    PublishStatement statement =
        new PublishStatement(
            name,
            version,
            archive,
            natives,
            digest(predicate, "tree"),
            predicate.strings("capabilities"),
            predicate.value("previous") instanceof Json.Null ? null : digest(predicate, "previous"),
            new PackingToolchain(toolchain.string("version"), digest(toolchain, "digest")));
    checkSubjects(root, subjects, statement.subjects());
    return statement;
  }

  private static void checkSubjects(JsonFields root, List<JsonFields> found, List<Subject> expected)
      throws JsonException {
    for (int i = 0; i < expected.size(); i++) {
      String purl = found.get(i).string("name");
      if (!purl.equals(expected.get(i).purl())) {
        throw root.fault(
            "subject", "expected \"" + expected.get(i).purl() + "\", found \"" + purl + '"');
      }
      if (found.get(i).fields("digest").names().size() != 1) {
        throw root.fault("subject", "expected sha256 as the only digest of \"" + purl + '"');
      }
    }
  }

  private static NativeSubject nativeSubject(JsonFields subject, String prefix)
      throws JsonException {
    String purl = subject.string("name");
    int target = purl.indexOf("&target=");
    if (!purl.startsWith(prefix) || target < prefix.length()) {
      throw subject.fault("name", "expected " + prefix + "…&target=…, found \"" + purl + '"');
    }
    Digest digest = digest(subject.fields("digest"), "sha256");
    try {
      return new NativeSubject(
          purl.substring(prefix.length(), target),
          purl.substring(target + "&target=".length()),
          digest);
    } catch (IllegalArgumentException e) {
      throw subject.fault("name", String.valueOf(e.getMessage()));
    }
  }

  private static void require(JsonFields fields, String member, String value) throws JsonException {
    String found = fields.string(member);
    if (!found.equals(value)) {
      throw fields.fault(member, "expected \"" + value + "\", found \"" + found + '"');
    }
  }

  private static Digest digest(JsonFields fields, String member) throws JsonException {
    String hex = fields.string(member);
    if (!Digest.isHex(hex)) {
      throw fields.fault(member, "expected 64 lower-case hexadecimal digits");
    }
    return new Digest(hex);
  }
}
