package dev.raya.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresTest {
  @TempDir Path folder;

  /** Runs a server until it is killed; what it prints says that it is up. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      DataDirectory directory = new DataDirectory(Path.of(arguments[0])).create();
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, new SecureRandom());
          Connection connection = postgres.address().open();
          Statement statement = connection.createStatement()) {
        statement.execute("create table if not exists mark (n int)");
        statement.execute("insert into mark values (1)");
        System.out.println("up " + postmaster(directory));
        System.out.flush();
        System.in.read();
      }
    }
  }

  private static long postmaster(DataDirectory directory) throws Exception {
    return Long.parseLong(
        Files.readString(directory.cluster().resolve("postmaster.pid"))
            .lines()
            .findFirst()
            .orElseThrow()
            .strip());
  }

  @Test
  void aServerEndsSoonAfterItsOwnerIsKilledAndStartsAgainWithWhatWasCommitted() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).startsWith("up ");
    ProcessHandle postgres = ProcessHandle.of(Long.parseLong(line.substring(3))).orElseThrow();
    DataDirectory directory = new DataDirectory(folder);
    assertThat(EmbeddedPostgres.running(directory)).isPresent();
    assertThatThrownBy(() -> EmbeddedPostgres.start(directory, new SecureRandom()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("another process");

    owner.destroyForcibly().waitFor();
    postgres.onExit().get(20, TimeUnit.SECONDS);
    assertThat(EmbeddedPostgres.running(directory)).isEmpty();

    Files.writeString(directory.cluster().resolve("postmaster.pid"), owner.pid() + "\n");
    try (EmbeddedPostgres again = EmbeddedPostgres.start(directory, new SecureRandom());
        Connection connection = again.address().open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from mark")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(1);
      long pid = postmaster(directory);
      again.close();
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }
}
