package dev.raya.cli.pm.testing;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import dev.raya.toolchain.platform.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A version to be published in a test: a real archive is made of it.
 *
 * @param name the package
 * @param version its version
 * @param dependencies name to range, with targets after {@code " for "} if it is not for all
 * @param needs grants that its bytecode needs
 * @param license SPDX expression
 * @param padding bytes of a file that makes the archive larger
 * @param docs its {@code docs.json}; empty if it has none
 * @param natives bytes of the libraries of {@code native:MODULE}, by {@code MODULE TARGET}
 */
public record TestPackage(
    String name,
    String version,
    Map<String, String> dependencies,
    List<String> needs,
    String license,
    int padding,
    String docs,
    Map<String, byte[]> natives) {

  private static final String FOR = " for ";

  /** A version without dependencies. */
  public static TestPackage of(String name, String version) {
    return new TestPackage(name, version, Map.of(), List.of(), "Apache-2.0", 0, "", Map.of());
  }

  /** The same with a dependency. */
  public TestPackage on(String other, String range) {
    Map<String, String> more = new LinkedHashMap<>(dependencies);
    more.put(other, range);
    return new TestPackage(name, version, more, needs, license, padding, docs, natives);
  }

  /** The same with a dependency that is only for some targets. */
  public TestPackage onFor(String other, String range, String... targets) {
    return on(other, range + FOR + String.join(",", targets));
  }

  /** The same with grants that it needs. */
  public TestPackage needing(String... grants) {
    return new TestPackage(
        name, version, dependencies, List.of(grants), license, padding, docs, natives);
  }

  /** The same under another licence. */
  public TestPackage under(String other) {
    return new TestPackage(name, version, dependencies, needs, other, padding, docs, natives);
  }

  /** The same with a file of incompressible bytes. */
  public TestPackage padded(int bytes) {
    return new TestPackage(name, version, dependencies, needs, license, bytes, docs, natives);
  }

  /** The same with a native library for a target. */
  public TestPackage with(String module, String target, byte[] library) {
    Map<String, byte[]> more = new LinkedHashMap<>(natives);
    more.put(module + " " + target, library);
    return new TestPackage(name, version, dependencies, needs, license, padding, docs, more);
  }

  /** The same with this {@code docs.json}. */
  public TestPackage documented(String document) {
    return new TestPackage(name, version, dependencies, needs, license, padding, document, natives);
  }

  /** Its native blobs. */
  public List<NativeBlob> blobs() {
    List<NativeBlob> blobs = new ArrayList<>();
    natives.forEach(
        (key, library) -> {
          String module = key.substring(0, key.indexOf(' '));
          String target = key.substring(key.indexOf(' ') + 1);
          String file = Target.parse(target).orElseThrow().libraryFile(module);
          blobs.add(new NativeBlob(module, "1", target, file, library.length, Digest.of(library)));
        });
    return blobs.stream().sorted().toList();
  }

  /** The package's name. */
  public PackageName packageName() {
    try {
      return PackageName.parse(name);
    } catch (NameException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Its {@code metadata.json}. */
  public PackageMetadata metadata() {
    try {
      List<PublishedDependency> published = new ArrayList<>();
      for (Map.Entry<String, String> each : dependencies.entrySet()) {
        PackageName on = PackageName.parse(each.getKey());
        published.add(
            new PublishedDependency(
                on,
                on,
                VersionRange.parse(each.getValue().split(FOR, -1)[0]),
                null,
                false,
                List.of(),
                true,
                each.getValue().contains(FOR)
                    ? List.of(each.getValue().split(FOR, -1)[1].split(",", -1))
                    : List.of(),
                List.of()));
      }
      return new PackageMetadata(
          packageName(),
          Version.parse(version),
          "a package for tests",
          List.of(),
          license,
          "",
          List.of(),
          VersionRange.ANY,
          null,
          published,
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          blobs(),
          needs.stream().map(Capability::new).toList(),
          new BytecodeLevel(1, 0, 1, 1),
          null,
          null);
    } catch (VersionException | NameException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Its archive.
   *
   * @param bytes the compressed bytes
   * @param facts digests and size
   */
  public record Archive(byte[] bytes, ArchiveFacts facts) {}

  /** Makes the archive. */
  public Archive archive() {
    Map<String, Content> files = new LinkedHashMap<>();
    files.put("module.rbin", Content.of(TestModules.bytes(name, version, needs)));
    files.put("metadata.json", Content.of(PackageMetadataCodec.write(metadata())));
    if (!docs.isEmpty()) {
      files.put("docs.json", Content.of(docs.getBytes(StandardCharsets.UTF_8)));
    }
    if (padding > 0) {
      byte[] noise = new byte[padding];
      new java.util.Random(name.hashCode()).nextBytes(noise);
      files.put("files/noise.bin", Content.of(noise));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
      return new Archive(out.toByteArray(), facts);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
