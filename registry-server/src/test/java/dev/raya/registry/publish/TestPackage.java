package dev.raya.registry.publish;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import dev.raya.vm.bytecode.Trap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A package as a client would publish it, with what a test wants to be different.
 *
 * @param name its name
 * @param version its version
 * @param archive the archive's bytes
 * @param facts digests and size of the archive
 * @param natives its native libraries
 */
public record TestPackage(
    String name, String version, byte[] archive, ArchiveFacts facts, List<Library> natives) {

  /** A native library of it. */
  public record Library(String module, String target, String file, byte[] bytes) {
    Json.Obj announced() {
      return Json.object()
          .put("module", module)
          .put("target", target)
          .put("file", file)
          .put("size", bytes.length)
          .put("sha256", Digest.of(bytes).hex())
          .build();
    }
  }

  /** A package with native libraries, which are to be sorted by module and target. */
  public static TestPackage with(String name, String version, Library... natives) {
    List<Json> listed =
        Stream.of(natives)
            .<Json>map(library -> with(library.announced(), "abi", Json.of("1")))
            .toList();
    Json.Obj metadata = with(metadata(name, version, Map.of()), "native", Json.array(listed));
    TestPackage sample = of(name, version, "# " + name + "\n", module(name, version), metadata);
    return new TestPackage(name, version, sample.archive, sample.facts, List.of(natives));
  }

  /** A small package that verifies, with dependencies (name to range) and a README. */
  public static TestPackage of(
      String name, String version, String readme, Map<String, String> dependencies) {
    return of(name, version, readme, module(name, version), metadata(name, version, dependencies));
  }

  /** A small package without dependencies. */
  public static TestPackage of(String name, String version) {
    return of(name, version, "# " + name + "\n", Map.of());
  }

  /** A package of these files. */
  public static TestPackage of(
      String name, String version, String readme, byte[] module, Json.Obj metadata) {
    return of(name, version, readme, module, metadata, Map.of());
  }

  private static TestPackage of(
      String name,
      String version,
      String readme,
      byte[] module,
      Json.Obj metadata,
      Map<String, Content> further) {
    Map<String, Content> files = new TreeMap<>(further);
    files.put("module.rbin", Content.of(module));
    files.put("metadata.json", Content.of(CanonicalJson.bytes(metadata)));
    files.put("README.md", Content.of(readme.getBytes(StandardCharsets.UTF_8)));
    files.put("files/aa", Content.of(new byte[] {1, 2, 3}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
      return new TestPackage(name, version, out.toByteArray(), facts, List.of());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A small package with that text as its {@code docs.json}. */
  public static TestPackage documented(String name, String version, String docs) {
    Map<String, Content> further =
        Map.of("docs.json", Content.of(docs.getBytes(StandardCharsets.UTF_8)));
    return of(
        name,
        version,
        "# " + name + "\n",
        module(name, version),
        metadata(name, version, Map.of()),
        further);
  }

  /** The same package with an archive of other bytes, whose digest is announced. */
  public TestPackage withArchive(byte[] bytes) {
    return new TestPackage(
        name,
        version,
        bytes,
        new ArchiveFacts(Digest.of(bytes), bytes.length, facts.tree()),
        natives);
  }

  /** A small package that exports functions without parameters: name to predefined result type. */
  public static TestPackage exporting(String name, String version, Map<String, Integer> functions) {
    return of(
        name,
        version,
        "# " + name + "\n",
        module(name, version, functions),
        metadata(name, version, Map.of()));
  }

  /** Bytecode that verifies. */
  public static byte[] module(String name, String version) {
    return module(name, version, Map.of());
  }

  private static byte[] module(String name, String version, Map<String, Integer> functions) {
    RbinBuilder builder =
        new RbinBuilder(
            new RbinModule.Meta(
                name, version, "", "test 1", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
    int module = builder.module("", true);
    FunctionBuilder main =
        builder.function(
            module,
            "main",
            builder.functionType(List.of(), PredefinedType.VOID),
            RbinModule.FunctionDef.ENTRY);
    main.constant("hello").builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    new TreeMap<>(functions)
        .forEach(
            (function, result) -> {
              FunctionBuilder body =
                  builder.function(
                      module,
                      function,
                      builder.functionType(List.of(), result),
                      RbinModule.FunctionDef.EXPORTED);
              body.emit(Opcode.TRAP, Trap.UNREACHABLE.code());
              builder.export(module, function, RbinModule.ExportKind.FUNCTION, body.handle());
            });
    try {
      return RbinWriter.write(builder.build());
    } catch (RbinException e) {
      throw new IllegalStateException(e);
    }
  }

  /** metadata.json of {@link #module}. */
  public static Json.Obj metadata(String name, String version, Map<String, String> dependencies) {
    List<Json> list =
        new TreeMap<>(dependencies)
            .entrySet().stream()
                .<Json>map(
                    entry ->
                        Json.object()
                            .put("name", entry.getKey())
                            .put("range", entry.getValue())
                            .build())
                .toList();
    Json.ObjectBuilder metadata =
        Json.object()
            .put("schema", "raya/package/1")
            .put("name", name)
            .put("version", version)
            .put("description", "A package called " + name)
            .put("license", "MIT")
            .put("keywords", Json.strings(List.of("sample")))
            .put(
                "bytecode",
                Json.object()
                    .put("major", 1)
                    .put("minor", 0)
                    .put("minVm", 1)
                    .put("languageLevel", 1)
                    .build());
    if (!list.isEmpty()) {
      metadata.put("dependencies", Json.array(list));
    }
    return metadata.build();
  }

  /** The publish statement. */
  public PublishStatement statement() {
    return new PublishStatement(
        name,
        version,
        facts.checksum(),
        natives.stream()
            .map(
                library ->
                    new NativeSubject(
                        library.module(), library.target(), Digest.of(library.bytes())))
            .toList(),
        facts.tree(),
        List.of(),
        null,
        new PublishStatement.PackingToolchain("1.0.0", Digest.of(new byte[0])));
  }

  /** The publish statement in its bundle, signed. */
  public byte[] statement(SigningKey key) {
    return statements(PublisherKey.plain(key)).getFirst();
  }

  /** The publish statement in its bundles, one for each half of the key. */
  public List<byte[]> statements(PublisherKey key) {
    return PublishBundle.sign(statement(), key).stream().map(PublishBundle::bytes).toList();
  }

  /** The archive as the request announces it. */
  public Json.Obj announcedArchive() {
    return Json.object()
        .put("sha256", facts.checksum().hex())
        .put("size", facts.size())
        .put("tree", facts.tree().hex())
        .build();
  }

  /** The first part of the request. */
  public Json.Obj announcement(List<byte[]> statements) {
    return announcement(statements, List.of());
  }

  private Json.Obj announcement(List<byte[]> statements, List<byte[]> provenance) {
    return Json.object()
        .put("schema", "raya/publish/1")
        .put("name", name)
        .put("version", version)
        .put("archive", announcedArchive())
        .put("natives", Json.array(natives.stream().map(Library::announced).toList()))
        .put(
            "attestations",
            Json.array(
                Stream.concat(
                        statements.stream()
                            .map(each -> announced(PublishStatement.PREDICATE_TYPE, each)),
                        provenance.stream()
                            .map(each -> announced(BuildProvenance.PREDICATE_TYPE, each)))
                    .toList()))
        .build();
  }

  private static Json announced(String predicateType, byte[] bundle) {
    return Json.object()
        .put("predicateType", predicateType)
        .put("size", bundle.length)
        .put("sha256", Digest.of(bundle).hex())
        .build();
  }

  /** The request's parts in their order, as {@code name content-type} to bytes. */
  public Parts parts(SigningKey key) {
    return parts(List.of(statement(key)));
  }

  /** The parts of a staged release, with members put into the first one. */
  public Parts staged(SigningKey key, Map<String, Json> more) {
    byte[] statement = statement(key);
    Json.Obj announcement = with(announcement(List.of(statement)), "stage", Json.of(true));
    for (Map.Entry<String, Json> each : more.entrySet()) {
      announcement = with(announcement, each.getKey(), each.getValue());
    }
    return new Parts()
        .add("publish", "application/json", CanonicalJson.bytes(announcement))
        .add("archive", "application/zstd", archive)
        .add("attestation", PublishBundle.MEDIA_TYPE, statement);
  }

  /** The same with these bundles of the publish statement. */
  public Parts parts(List<byte[]> statements) {
    return parts(statements, List.of());
  }

  /** The same with provenance after them. */
  public Parts parts(List<byte[]> statements, List<byte[]> provenance) {
    Parts parts =
        new Parts()
            .add(
                "publish",
                "application/json",
                CanonicalJson.bytes(announcement(statements, provenance)))
            .add("archive", "application/zstd", archive);
    for (Library library : natives) {
      parts.add("native", "application/octet-stream", library.bytes());
    }
    for (byte[] attestation : Stream.concat(statements.stream(), provenance.stream()).toList()) {
      parts.add("attestation", PublishBundle.MEDIA_TYPE, attestation);
    }
    return parts;
  }

  /** An object with members put in or replaced. */
  public static Json.Obj with(Json.Obj object, String member, Json value) {
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.put(member, value);
    return new Json.Obj(members);
  }
}
