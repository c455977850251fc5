package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.ops.CommandsForTests;
import dev.raya.registry.ops.DatabaseWaits;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.ops.VerifyForTests;
import dev.raya.registry.packages.PackageRow;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.persistence.EntityManager;
import java.net.URL;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Requests that contradict each other and come at the same moment: one of them wins, the others are
 * told so, and what is stored afterwards is sound.
 */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class RacesTest {
  private static final int AT_ONCE = 6;

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private static <T> List<T> atOnce(List<Callable<T>> requests) throws Exception {
    CyclicBarrier start = new CyclicBarrier(requests.size());
    try (ExecutorService threads = Executors.newFixedThreadPool(requests.size())) {
      List<Future<T>> begun = new ArrayList<>();
      for (Callable<T> request : requests) {
        begun.add(
            threads.submit(
                () -> {
                  start.await();
                  return request.call();
                }));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> each : begun) {
        answers.add(each.get());
      }
      return answers;
    }
  }

  private static List<Integer> statuses(List<Client.Answer> answers) {
    return answers.stream().map(Client.Answer::status).sorted().toList();
  }

  private Client owner(String user, String name) throws Exception {
    Client owner = Client.publisher(base(), user);
    assertThat(owner.publish(TestPackage.of(name, "1.0.0")).status()).isEqualTo(201);
    return owner;
  }

  @Test
  void ofOneVersionWithOtherBytesTheFirstStays() throws Exception {
    Client owner = owner("rc-ann", "rc-version");
    List<Callable<Client.Answer>> requests = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      TestPackage other =
          TestPackage.of("rc-version", "1.1.0", "# number " + i + "\n", java.util.Map.of());
      requests.add(() -> owner.publish(other));
    }
    List<Client.Answer> answers = atOnce(requests);
    assertThat(statuses(answers)).containsExactly(201, 409, 409, 409, 409, 409);
    String published =
        answers.stream().filter(a -> a.status() == 201).findFirst().orElseThrow().member("sha256");
    for (Client.Answer answer : answers) {
      if (answer.status() == 409) {
        assertThat(answer.member("detail")).contains("exists with the archive sha256:" + published);
      }
    }
    assertThat(CanonicalJson.text(owner.get("packages/rc-version/1.1.0").json()))
        .contains(published);
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void theSameBytesAreTakenOnceAndAnsweredAlike() throws Exception {
    Client owner = owner("rc-bob", "rc-retry");
    Parts parts = TestPackage.of("rc-retry", "1.1.0").parts(owner.key());
    List<Callable<Client.Answer>> requests = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      requests.add(() -> owner.publish(parts));
    }
    List<Client.Answer> answers = atOnce(requests);
    assertThat(statuses(answers)).containsExactly(200, 200, 200, 200, 200, 201);
    TreeSet<String> numbers = new TreeSet<>();
    answers.forEach(answer -> numbers.add(answer.member("log")));
    assertThat(numbers).hasSize(1);
  }

  @Test
  void ofNamesThatLookAlikeOneIsTaken() throws Exception {
    List<String> names = List.of("rc-look", "rc-l0ok", "rc-lo0k", "rc-1ook");
    List<Callable<Client.Answer>> requests = new ArrayList<>();
    for (String name : names) {
      Client owner = Client.publisher(base(), "rc-of-" + name);
      TestPackage sample = TestPackage.of(name, "1.0.0");
      requests.add(() -> owner.publish(sample));
    }
    List<Client.Answer> answers = atOnce(requests);
    assertThat(statuses(answers)).containsExactly(201, 409, 409, 409);
    assertThat(answers.stream().filter(a -> a.status() == 409).map(a -> a.member("code")))
        .containsOnly("RAYA-REG-006");
    // The honest twin: names that differ enough, at the same moment.
    List<Callable<Client.Answer>> honest = new ArrayList<>();
    for (String name : List.of("rc-first", "rc-second", "rc-third")) {
      Client owner = Client.publisher(base(), "rc-of-" + name);
      TestPackage sample = TestPackage.of(name, "1.0.0");
      honest.add(() -> owner.publish(sample));
    }
    assertThat(statuses(atOnce(honest))).containsExactly(201, 201, 201);
  }

  @Test
  void anAccountsFirstKeyIsOne() throws Exception {
    Client operated = Client.with(base(), Client.token("rc-keys"));
    Client.Answer token = operated.post("tokens", "{\"scopes\":[\"key\"]}");
    Client account = Client.with(base(), token.member("token"));
    List<Callable<Client.Answer>> requests = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      SigningKey key = SigningKey.generate(new SecureRandom());
      requests.add(() -> account.register(key));
    }
    List<Client.Answer> answers = atOnce(requests);
    assertThat(statuses(answers).stream().filter(status -> status < 300)).hasSize(1);
    assertThat(statuses(answers).stream().filter(status -> status >= 300)).containsOnly(403);
  }

  /** Both while somebody holds the name, so that they run into each other once it is free. */
  private void assertBothGoThrough(
      String name, Callable<Client.Answer> holdsTheName, Callable<Client.Answer> holdsTheAccount)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Client.Answer>> begun =
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    PackageRow.lock(new PackageName(name));
                    Future<Client.Answer> first = threads.submit(holdsTheName);
                    DatabaseWaits.untilNameIsWaitedFor(1, first);
                    Future<Client.Answer> second = threads.submit(holdsTheAccount);
                    DatabaseWaits.untilNameIsWaitedFor(2, second);
                    return List.of(first, second);
                  });
      for (Future<Client.Answer> each : begun) {
        assertThat(each.get().status()).as(each.get().text()).isBetween(200, 204);
      }
    }
  }

  @Test
  void keysComeAndGoBesidePublishesAndYanksOfTheirAccount() throws Exception {
    Client owner = owner("rc-eve", "rc-rekeyed");
    SigningKey second = SigningKey.generate(new SecureRandom());
    TestPackage next = TestPackage.of("rc-rekeyed", "1.1.0");
    assertBothGoThrough("rc-rekeyed", () -> owner.publish(next), () -> owner.register(second));
    assertBothGoThrough(
        "rc-rekeyed",
        () -> owner.post("packages/rc-rekeyed/1.0.0/yank", "{\"reason\":\"broken\"}"),
        () -> owner.delete("keys/" + second.verificationKey().keyId().hex()));
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void whoGivesWayToAnotherTransactionIsToldToComeAgain() throws Exception {
    Client owner = owner("rc-fay", "rc-crossed");
    TestPackage next = TestPackage.of("rc-crossed", "1.1.0");
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<Client.Answer> begun =
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    // The request is to be the one that finds out that both wait for ever.
                    EntityManager database = Panache.getEntityManager();
                    database
                        .createNativeQuery("set local deadlock_timeout = '30s'")
                        .executeUpdate();
                    database
                        .createNativeQuery("select 1 from account where name = :name for update")
                        .setParameter("name", "rc-fay")
                        .getResultList();
                    Future<Client.Answer> publish = threads.submit(() -> owner.publish(next));
                    DatabaseWaits.untilTransactionIsWaitedFor(1, publish);
                    PackageRow.lock(new PackageName("rc-crossed"));
                    return publish;
                  });
      Client.Answer answer = begun.get();
      assertThat(answer.status()).as(answer.text()).isEqualTo(503);
      assertThat(answer.member("code")).isEqualTo("RAYA-REG-015");
      assertThat(answer.header("Retry-After")).isEqualTo("2");
    }
    assertThat(owner.publish(next).status()).isEqualTo(201);
  }

  @Test
  void yanksQuarantinesAndTakedownsOfOneVersionLeaveARegistryThatVerifies() throws Exception {
    Client owner = owner("rc-dan", "rc-moderated");
    List<Callable<Integer>> requests =
        List.of(
            () ->
                owner.post("packages/rc-moderated/1.0.0/yank", "{\"reason\":\"broken\"}").status(),
            () -> owner.post("packages/rc-moderated/1.0.0/unyank", "{}").status(),
            () -> owner.put("packages/rc-moderated/tags/old", "{\"version\":\"1.0.0\"}").status(),
            () -> moderate("quarantine", "add", "--reason", "malware"),
            () -> moderate("quarantine", "remove"),
            () -> moderate("takedown", null, "--reason", "malware"),
            () -> owner.publish(TestPackage.of("rc-moderated", "1.1.0")).status());
    List<Integer> answers = atOnce(requests);
    assertThat(answers.get(3)).isZero();
    assertThat(answers.get(5)).isZero();
    assertThat(answers.getLast()).isEqualTo(201);
    assertThat(answers).allMatch(status -> status < 500);
    assertThat(VerifyForTests.run()).isZero();
    assertThat(owner.get("packages/rc-moderated/1.0.0/status").status()).isEqualTo(451);
    assertThat(owner.get("packages/rc-moderated/1.1.0/status").status()).isEqualTo(200);
  }

  private static int moderate(String command, @Nullable String verb, String... more)
      throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    if (verb != null) {
      words.add(verb);
    }
    words.add("rc-moderated@1.0.0");
    words.addAll(List.of(more));
    return CommandsForTests.run(words.toArray(new String[0])).exit();
  }

  @Test
  void accountsThatPublishAtOnceEachGetARecordOfTheirOwn() throws Exception {
    List<Callable<Client.Answer>> requests = new ArrayList<>();
    for (int i : IntStream.range(0, AT_ONCE).toArray()) {
      Client owner = Client.publisher(base(), "rc-many-" + i);
      TestPackage sample = TestPackage.of("rc-many-" + "abcdef".charAt(i) + "x" + i * 111, "1.0.0");
      requests.add(() -> owner.publish(sample));
    }
    List<Client.Answer> answers = atOnce(requests);
    assertThat(statuses(answers)).containsOnly(201);
    TreeSet<String> numbers = new TreeSet<>();
    answers.forEach(answer -> numbers.add(answer.member("log")));
    assertThat(numbers).hasSize(AT_ONCE);
    assertThat(VerifyForTests.run()).isZero();
  }
}
