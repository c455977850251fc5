package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which dependencies of a manifest features switch on. */
final class ActiveDependenciesTest {
  @Test
  void featuresBringOptionalDependenciesAndAskForFeaturesOfOthers() throws Exception {
    Manifest manifest =
        ManifestReader.read(
            "raya.toml",
            """
            [package]
            name = "app"
            version = "0.1.0"
            [dependencies]
            base = "^1"
            fmt = { version = "^1", optional = true }
            tls = { version = "^1", optional = true, features = ["one"] }
            [features]
            color = ["dep:fmt"]
            full = ["color", "tls/two", "full"]
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(names(ActiveDependencies.of(manifest, List.of()))).containsExactly("base");
    assertThat(names(ActiveDependencies.of(manifest, List.of("color"))))
        .containsExactly("base", "fmt");
    List<Dependency> full = ActiveDependencies.of(manifest, List.of("full", "unheard-of"));
    assertThat(names(full)).containsExactly("base", "fmt", "tls");
    assertThat(full.getLast().features()).containsExactly("one", "two");
  }

  private static List<String> names(List<Dependency> dependencies) {
    return dependencies.stream().map(each -> each.name().text()).toList();
  }
}
