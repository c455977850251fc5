package dev.raya.resolver.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.name.ImportSpecifier.FromPackage;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"fmt", "json-five", "a1_b2", "@acme/logging", "@ab/cd"})
  void namesAreRead(String text) throws NameException {
    assertThat(PackageName.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "A1",
        "1a",
        "left--pad",
        "-a",
        "ab-",
        "a_-b",
        "@a/bc",
        "@acme",
        "@acme/",
        "acme/x",
        "@acme/x/y",
        "ab.c",
        "äb",
        "../x",
        "a/b",
        "@acme\\x",
        "ab "
      })
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> PackageName.parse(text))
        .isInstanceOf(NameException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void lengthsAreBounded() {
    assertThat(PackageName.tryParse("a".repeat(64))).isNotNull();
    assertThat(PackageName.tryParse("a".repeat(65))).isNull();
    assertThat(PackageName.tryParse('@' + "a".repeat(39) + "/bb")).isNotNull();
    assertThat(PackageName.tryParse('@' + "a".repeat(40) + "/bb")).isNull();
  }

  @Test
  void fileFormAndPurlAreAsThePageSays() throws NameException, VersionException {
    PackageName name = PackageName.parse("@acme/logging");
    assertThat(name.fileForm()).isEqualTo("@acme__logging");
    assertThat(PackageName.parseFileForm("@acme__logging")).isEqualTo(name);
    assertThat(name.purl(Version.parse("1.2.3"))).isEqualTo("pkg:raya/%40acme/logging@1.2.3");
    assertThat(PackageName.parse("logging").indexPath()).matches("[0-9a-f]{2}/[0-9a-f]{2}/logging");
  }

  @Test
  void lookAlikesCollide() throws NameException {
    PackageName name = PackageName.parse("foo-lib1");
    assertThat(name.collidesWith(PackageName.parse("f0o_libl"))).isTrue();
    assertThat(name.collidesWith(PackageName.parse("foolib1"))).isFalse();
    assertThat(name.collidesWith(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"raya", "native", "host", "std", "con", "nul", "com1", "lpt9", "@aux/xx"})
  void someNamesAreReserved(String text) throws NameException {
    assertThat(PackageName.parse(text).isReserved()).isTrue();
  }

  @Test
  void importsAreRead() throws NameException, VersionException {
    assertThat(ImportSpecifier.parse("logging"))
        .isEqualTo(new FromPackage(new PackageName("logging"), null, ModulePath.MAIN));
    assertThat(ImportSpecifier.parse("logging@^1.2"))
        .isEqualTo(
            new FromPackage(
                new PackageName("logging"), VersionRange.parse("^1.2"), ModulePath.MAIN));
    assertThat(ImportSpecifier.parse("@acme/http/router"))
        .isEqualTo(new FromPackage(new PackageName("@acme/http"), null, new ModulePath("router")));
    assertThat(ImportSpecifier.parse("@acme/http@1 || 2/router/v2"))
        .isEqualTo(
            new FromPackage(
                new PackageName("@acme/http"),
                VersionRange.parse("1 || 2"),
                new ModulePath("router/v2")));
    assertThat(ImportSpecifier.parse("raya:std")).isEqualTo(new ImportSpecifier.Standard("std"));
    assertThat(ImportSpecifier.parse("native:crypto"))
        .isEqualTo(new ImportSpecifier.Native("crypto"));
    assertThat(ImportSpecifier.parse("./utils.raya"))
        .isEqualTo(new ImportSpecifier.Relative("./utils.raya"));
    assertThat(ImportSpecifier.parse("https://host/path@1/x"))
        .isEqualTo(new ImportSpecifier.FromUrl("https://host/path@1/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/x",
        "http://host/x",
        "file:///x",
        "raya:",
        "raya:Std",
        "native:../x",
        "logging@",
        "logging/",
        "logging/../x",
        "logging//x",
        "Logging",
        "@acme"
      })
  void otherImportsAreRefused(String text) {
    assertThatThrownBy(() -> ImportSpecifier.parse(text)).isInstanceOf(NameException.class);
  }
}
