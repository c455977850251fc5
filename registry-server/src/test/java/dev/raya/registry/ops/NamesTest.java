package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.log.LogLeader;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.name.PackageName;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URL;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Names near to that of a package that many use: nobody installs them before a person looked. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class NamesTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable LogLeader leader;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private void finish() throws Exception {
    if (leader == null) {
      throw new IllegalStateException("Quarkus injects the leader");
    }
    leader.finish();
  }

  /** A package of ann's that others depend on. */
  private Client popular(String name, int dependents) throws Exception {
    Client ann = Client.publisher(base(), "ann-" + name);
    assertThat(ann.publish(TestPackage.of(name, "1.0.0")).status()).isEqualTo(201);
    for (int i = 0; i < dependents; i++) {
      TestPackage user =
          TestPackage.of(
              "uses" + i + "of" + name, "1.0.0", "# uses", Map.of(name, ">=1.0.0 <2.0.0-0"));
      Client.Answer published = ann.publish(user);
      assertThat(published.status()).as(published.text()).isEqualTo(201);
    }
    return ann;
  }

  private static String list(Client client) throws Exception {
    return client.get("advisories/quarantine.json").text();
  }

  @Test
  void aNameNearToATopPackageIsHeldAndReleased() throws Exception {
    Client ann = popular("telescope", 5);
    Client bob = Client.publisher(base(), "bob-names");
    Client.Answer held = bob.publish(TestPackage.of("telescpoe", "1.0.0"));
    assertThat(held.status()).as(held.text()).isEqualTo(201);
    assertThat(held.text()).contains("telescpoe is near to telescope", "a person looks at it");
    String entry = "{\"name\":\"telescpoe\",\"reason\":\"other\",\"version\":\"1.0.0\"}";
    assertThat(list(ann)).as("from the first moment on").contains(entry);
    assertThat(ann.get("packages/telescpoe/1.0.0/status").text())
        .contains("\"quarantine\":{\"near\":\"telescope\",\"reason\":\"other\"}");
    assertThat(ann.get("p/telescpoe").text()).contains("Held for review.");
    assertThat(CommandsForTests.run("names", "list").text())
        .contains("telescpoe  near to telescope  since ", "  by bob-names");
    assertThat(bob.publish(TestPackage.of("telescpoe", "1.1.0")).text()).contains("near to");
    assertThat(list(ann)).contains(entry.replace("1.0.0", "1.1.0"));
    assertThat(VerifyForTests.run()).isZero();

    assertThat(CommandsForTests.run("names", "release", "telescpoe"))
        .isEqualTo(new CommandsForTests.Result(0, "released: telescpoe\n"));
    assertThat(CommandsForTests.run("names", "release", "telescpoe").exit())
        .as("again, as after a kill")
        .isZero();
    assertThat(CommandsForTests.run("names", "refuse", "telescpoe", "--reason", "other").exit())
        .isEqualTo(1);
    finish();
    assertThat(list(ann)).doesNotContain("telescpoe");
    assertThat(ann.get("p/telescpoe").text()).doesNotContain("Held for review.");
    assertThat(bob.publish(TestPackage.of("telescpoe", "1.2.0")).text()).doesNotContain("near to");
    assertThat(list(ann)).doesNotContain("telescpoe");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void releasingANameLiftsNoOtherQuarantine() throws Exception {
    Client ann = popular("kaleidoscope", 5);
    Client bob = Client.publisher(base(), "bob-malware");
    for (String version : new String[] {"1.0.0", "1.1.0", "1.2.0"}) {
      assertThat(bob.publish(TestPackage.of("kaleidoscoep", version)).text()).contains("near to");
    }
    assertThat(
            CommandsForTests.run("quarantine", "add", "kaleidoscoep@1.0.0", "--reason", "malware")
                .exit())
        .isZero();
    assertThat(CommandsForTests.run("names", "release", "kaleidoscoep").exit()).isZero();
    assertThat(
            CommandsForTests.run("quarantine", "add", "kaleidoscoep@1.1.0", "--reason", "other")
                .exit())
        .isZero();
    assertThat(CommandsForTests.run("names", "release", "kaleidoscoep").exit())
        .as("again, after somebody held a version back")
        .isZero();
    finish();
    String later = "{\"name\":\"kaleidoscoep\",\"reason\":\"other\",\"version\":\"1.1.0\"}";
    // The registry's own worker may have taken up the last list, and be writing it yet.
    DatabaseWaits.untilTheOutboxIsWritten();
    assertThat(list(ann))
        .contains(later)
        .contains("{\"name\":\"kaleidoscoep\",\"reason\":\"malware\",\"version\":\"1.0.0\"}")
        .doesNotContain("\"version\":\"1.2.0\"}");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aNameThatIsRefusedIsTakenDownAndStaysTaken() throws Exception {
    popular("microscope", 5);
    Client bob = Client.publisher(base(), "bob-refused");
    TestPackage sample = TestPackage.of("microscopes", "1.0.0");
    assertThat(bob.publish(sample).text()).contains("near to microscope");
    assertThat(CommandsForTests.run("names", "refuse", "microscopes").exit()).isEqualTo(2);
    assertThat(CommandsForTests.run("names", "refuse", "microscopes", "--reason", "malware"))
        .isEqualTo(
            new CommandsForTests.Result(0, "refused: microscopes; its versions are taken down\n"));
    finish();
    String hex = sample.facts().checksum().hex();
    assertThat(bob.get("blobs/sha256/" + hex.substring(0, 2) + '/' + hex).status()).isEqualTo(451);
    Client.Answer again = bob.publish(TestPackage.of("microscopes", "1.1.0"));
    assertThat(again.status()).isGreaterThanOrEqualTo(400);
    assertThat(again.text()).contains("was refused: it is too near to microscope");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aDecisionWaitsForThePublishThatIsUnderWay() throws Exception {
    popular("endoscope", 5);
    Client bob = Client.publisher(base(), "bob-at-once");
    assertThat(bob.publish(TestPackage.of("endoscopes", "1.0.0")).text()).contains("near to");
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<CommandsForTests.Result> refused =
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    PackageRow.lock(new PackageName("endoscopes"));
                    Future<CommandsForTests.Result> begun =
                        other.submit(
                            () ->
                                CommandsForTests.run(
                                    "names", "refuse", "endoscopes", "--reason", "other"));
                    DatabaseWaits.untilNameIsWaitedFor(1, begun);
                    assertThat(begun.isDone()).isFalse();
                    return begun;
                  });
      assertThat(refused.get().exit()).isZero();
    }
    assertThat(bob.publish(TestPackage.of("endoscopes", "1.1.0")).text()).contains("was refused");
  }

  @Test
  void othersAreNot() throws Exception {
    Client ann = popular("gyroscope", 5);
    popular("periscope", 4);
    Client bob = Client.publisher(base(), "bob-honest");
    // Two slips, a package that few use, and the owner's own.
    assertThat(bob.publish(TestPackage.of("gyroscopess", "1.0.0")).text())
        .doesNotContain("near to");
    assertThat(bob.publish(TestPackage.of("periscopes", "1.0.0")).text()).doesNotContain("near to");
    assertThat(ann.publish(TestPackage.of("gyroscopes", "1.0.0")).text()).doesNotContain("near to");
    assertThat(list(ann)).doesNotContain("gyroscopes", "gyroscopess", "periscopes");
    assertThat(CommandsForTests.run("names", "release", "gyroscopes").exit()).isEqualTo(1);
    assertThat(CommandsForTests.run("names").exit()).isEqualTo(2);
  }
}
