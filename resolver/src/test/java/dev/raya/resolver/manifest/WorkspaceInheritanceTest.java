package dev.raya.resolver.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What members of a workspace take from its root, and which folders are members. */
final class WorkspaceInheritanceTest {
  private static final String ROOT =
      """
      [workspace]
      members = ["packages/*", "./tools/"]
      [workspace.dependencies]
      fmt = { version = "^1.3", features = ["color"], grant = ["net"] }
      util = { path = "libs/util", version = "^0.4" }
      [registries]
      acme = { url = "https://registry.acme.example" }
      """;

  private static Manifest read(String file, String text) throws ManifestException {
    return ManifestReader.read(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Manifest member(String dependencies) throws ManifestException {
    return read(
        "packages/a/raya.toml",
        "[package]\nname = \"aa\"\nversion = \"0.1.0\"\n[dependencies]\n" + dependencies);
  }

  private static Dependency dependency(Manifest manifest, String name) {
    return Objects.requireNonNull(manifest.dependencies().get(new PackageName(name)), name);
  }

  @Test
  void aMemberAddsToWhatItInherits() throws Exception {
    Manifest root = read("raya.toml", ROOT);
    Manifest filled =
        new WorkspaceInheritance(root, "packages/a")
            .of(
                member(
                    """
                    fmt = { workspace = true, features = ["wide"], optional = true }
                    util = { workspace = true }
                    time = "^2.0.0"
                    """));

    Dependency fmt = dependency(filled, "fmt");
    assertThat(fmt.rangeOrAny().text()).isEqualTo(">=1.3.0 <2.0.0-0");
    assertThat(fmt.features()).containsExactly("color", "wide");
    assertThat(fmt.grant()).containsExactly(new Capability("net"));
    assertThat(fmt.optional()).isTrue();
    assertThat(dependency(filled, "util").source())
        .isEqualTo(new Dependency.Source.Path("../../libs/util"));
    assertThat(dependency(filled, "time").features()).isEmpty();
    assertThat(filled.registries()).containsKey("acme");
  }

  @Test
  void whatTheRootDoesNotShareIsNamedWithItsNeighbour() throws Exception {
    Manifest root = read("raya.toml", ROOT);
    Manifest member = member("fmtt = { workspace = true }\n");

    assertThatThrownBy(() -> new WorkspaceInheritance(root, "packages/a").of(member))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("fmtt is not in [workspace.dependencies]");
    assertThatThrownBy(() -> new WorkspaceInheritance(member, "packages/a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "packages/a, true",
    "packages/a-b, true",
    "packages/a/b, false",
    "packages, false",
    "tools, true",
    "tools/x, false",
    "other, false",
  })
  void patternsNameFolders(String folder, boolean member) throws Exception {
    assertThat(Objects.requireNonNull(read("raya.toml", ROOT).workspace()).contains(folder))
        .isEqualTo(member);
  }

  @ParameterizedTest
  @CsvSource({
    "a*c/x, abc/x, true",
    "a*c/x, ac/x, true",
    "a*c/x, abd/x, false",
    "*b*/*, aabaa/z, true",
    "*b*/*, aacaa/z, false",
    "x**, xyz, true",
  })
  void aStarStandsForAnyPartOfOneName(String pattern, String folder, boolean matches) {
    assertThat(MemberPattern.matches(pattern, folder)).isEqualTo(matches);
  }
}
