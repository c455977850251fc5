package dev.raya.cache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageArchiveTest {
  private static final String METADATA =
      "{\"name\":\"fmt\",\"schema\":\"raya/package/1\",\"version\":\"1.0.0\"}";

  @TempDir Path folder;

  private static RawTar good() {
    return new RawTar().file("metadata.json", METADATA).file("module.rbin", "code");
  }

  @Test
  void nameAndVersionComeFromItsMetadata() throws IOException {
    PackageArchive archive = PackageArchive.read(good().stream(), ArchiveVisitor.NONE);
    assertThat(archive.name()).isEqualTo("fmt");
    assertThat(archive.version()).isEqualTo("1.0.0");
    archive.expect("fmt", "1.0.0");
    assertThatThrownBy(() -> archive.expect("fmt", "1.0.1"))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("expected fmt 1.0.1, found fmt 1.0.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"name\":\"fmt\"}",
        "{\"name\":\"fmt\",\"version\":1}",
        "{\"name\":\"fmt\",\"name\":\"fmt\",\"version\":\"1.0.0\"}",
        "{\"name\":\"fmt\",\"version\":\"1.0.0\"} x"
      })
  void metadataIsStrictJsonWithNameAndVersion(String metadata) {
    RawTar tar = new RawTar().file("metadata.json", metadata).file("module.rbin", "");
    assertThatThrownBy(() -> PackageArchive.read(tar.stream(), ArchiveVisitor.NONE))
        .isInstanceOf(ArchiveException.class);
  }

  @Test
  void bytecodeAndMetadataAreRequired() {
    assertThatThrownBy(
            () ->
                PackageArchive.read(
                    new RawTar().file("metadata.json", METADATA).stream(), ArchiveVisitor.NONE))
        .hasMessageContaining("module.rbin");
    assertThatThrownBy(
            () ->
                PackageArchive.read(
                    new RawTar().file("metadata.json", METADATA).directory("module.rbin").stream(),
                    ArchiveVisitor.NONE))
        .hasMessageContaining("module.rbin");
    assertThatThrownBy(
            () ->
                PackageArchive.read(
                    new RawTar().file("module.rbin", "").stream(), ArchiveVisitor.NONE))
        .hasMessageContaining("metadata.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"entry.json", "proof.json", "native/x.so", "native", "Entry.json"})
  void namesOfTheCacheAreRefused(String name) {
    assertThatThrownBy(
            () -> PackageArchive.read(good().file(name, "").stream(), ArchiveVisitor.NONE))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("the cache uses the name");
  }

  @Test
  void unpackingIsAllOrNothing() throws IOException {
    Path target = Files.createDirectory(folder.resolve("out"));
    assertThatThrownBy(() -> ArchiveFolder.unpackPackage(good().file("../x", "").stream(), target))
        .isInstanceOf(ArchiveException.class);
    assertThat(target).isEmptyDirectory();
    assertThat(children(folder)).containsExactly(target);

    ArchiveFolder.unpackPackage(good().file("files/deep/x", "y").stream(), target);
    assertThat(children(folder)).containsExactly(target);
    assertThat(target.resolve("files/deep/x")).hasContent("y");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwxr-xr-x");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(target.resolve("module.rbin"))))
        .isEqualTo("rw-r--r--");

    assertThatThrownBy(() -> ArchiveFolder.unpackPackage(good().stream(), target))
        .hasMessageContaining("is not empty");
  }

  @Test
  void unpackingMakesTheFolderWhereItIsMissing() throws IOException {
    Path target = folder.resolve("new");
    ArchiveFacts facts =
        ArchiveFolder.unpack(ArchiveKind.PACKAGE, new RawTar().file("a", "1").stream(), target);
    assertThat(TreeDigest.ofFolder(target, java.util.Set.of())).isEqualTo(facts.tree());
  }

  @Test
  void aLinkIsNoFolderToUnpackInto() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertThatThrownBy(() -> ArchiveFolder.unpackPackage(good().stream(), link))
        .hasMessageContaining("is not a folder");
    assertThat(real).isEmptyDirectory();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
