package dev.raya.cli.pm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryMetadata;
import dev.raya.cli.pm.kit.Kit;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.trust.KnownRegistries;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one command remembers of a registry is never older than what it brought in itself. */
final class SessionTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm installed(String name) {
    Pm pm = Pm.in(folder.resolve(name)).at(registry).project("fmt = \"^1.0\"");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return pm;
  }

  private static long version(Session session, KnownRegistries.Known known) throws Exception {
    return session.heldMetadata(known).roles().timestamp().version();
  }

  private static boolean isOneMemory(Session session, KnownRegistries.Known known)
      throws Exception {
    return session.heldLog(known).metadata().roles() == session.heldMetadata(known).roles();
  }

  @Test
  void heldMetadataIsReadAnewAfterARefresh() throws Exception {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = installed("home");
    try (Session session = pm.session()) {
      Registry reached = session.registry();
      RegistryMetadata online = session.metadata(reached);
      KnownRegistries.Known known = reached.known();
      long before = version(session, known);
      assertThat(isOneMemory(session, known)).isTrue();
      registry.publish(TestPackage.of("fmt", "1.1.0"));
      online.refresh();
      assertThat(online.roles().timestamp().version()).isGreaterThan(before);
      assertThat(version(session, known)).isEqualTo(online.roles().timestamp().version());
      assertThat(isOneMemory(session, known)).as("the log goes by the same").isTrue();
    }
  }

  @Test
  void heldMetadataIsReadAnewAfterAKitBroughtNewer() throws Exception {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = installed("home");
    Pm elsewhere = installed("elsewhere");
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    assertThat(elsewhere.run("update").exit()).isZero();
    assertThat(elsewhere.run("vendor").exit()).isZero();
    Kit kit = Kit.of(new ProjectFolder(elsewhere.project())).orElseThrow();
    try (Session session = pm.session()) {
      KnownRegistries.Known known = session.known().byOrigin(registry.origin()).orElseThrow();
      long before = version(session, known);
      assertThat(kit.load(session, kit.claims())).isEqualTo(1);
      assertThat(version(session, known)).isGreaterThan(before);
    }
  }
}
