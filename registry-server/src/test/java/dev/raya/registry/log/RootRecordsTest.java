package dev.raya.registry.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.ops.VerifyForTests;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A root that an operator puts into the tree is in the log, once. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class RootRecordsTest {
  @Inject @Nullable LogLeader leader;
  @Inject @Nullable AgroalDataSource database;

  private static List<String> logged(Statement statement) throws Exception {
    List<String> logged = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "select convert_from(record, 'UTF8') from log_leaf where type = 'root' order by seq")) {
      while (rows.next()) {
        logged.add(rows.getString(1));
      }
    }
    return logged;
  }

  @Test
  void eachNewRootIsLoggedOnce() throws Exception {
    if (leader == null || database == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    DirectoryMetadata files =
        new DirectoryMetadata(RunningRegistry.directory().tree().resolve("tuf"));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> before = logged(statement);
      long version = before.size() + 2L;
      assertThat(files.read(version + ".root.json")).isEmpty();
      Role.Root last = RoleReader.root(files.read(version - 1 + ".root.json").orElseThrow()).role();
      byte[] next =
          RoleWriter.sign(
              new Role.Root(
                  version, last.expires(), last.consistentSnapshot(), last.keys(), last.roles()),
              new TrustKeys(RunningRegistry.directory()).load(RegistryRole.ROOT));
      files.write(version + ".root.json", next);
      for (int round = 0; round < 3; round++) {
        statement.executeUpdate(
            "insert into outbox (kind, created_at) values ('advisories', now())");
        leader.finish();
        leader.finish();
      }
      List<String> after = logged(statement);
      assertThat(after).hasSize(before.size() + 1);
      assertThat(after.getLast())
          .contains(
              "\"sha256\":\"" + Digest.of(next).hex() + '"',
              "\"type\":\"root\"",
              "\"version\":" + version,
              "\"actor\":\"registry\"");
      assertThat(VerifyForTests.run()).isZero();
    }
  }
}
