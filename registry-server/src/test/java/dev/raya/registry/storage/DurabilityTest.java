package dev.raya.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.ops.RunningRegistry;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class DurabilityTest {
  @Inject @Nullable AgroalDataSource database;

  private AgroalDataSource database() {
    if (database == null) {
      throw new IllegalStateException("Quarkus sets the data source");
    }
    return database;
  }

  private String show(String setting) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void whatIsCommittedSurvivesAPowerCut() throws SQLException {
    assertThat(show("fsync")).isEqualTo("on");
    assertThat(show("synchronous_commit")).isEqualTo("on");
    assertThat(show("full_page_writes")).isEqualTo("on");
    assertThat(show("data_checksums")).isEqualTo("on");
    assertThat(show("server_version")).startsWith("18.");
  }

  @Test
  void nobodyGetsInWithoutThePasswordOrFromElsewhere() throws SQLException {
    assertThat(show("listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(show("unix_socket_directories")).isEmpty();
    String url = "jdbc:postgresql://127.0.0.1:" + show("port") + "/raya";
    assertThatThrownBy(() -> DriverManager.getConnection(url, "raya", "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password");
  }

  @Test
  void auditAndLogAreAppendOnly() throws SQLException {
    for (String table : new String[] {"audit_event", "log_leaf"}) {
      try (Connection connection = database().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        try (ResultSet row = statement.executeQuery("select count(*) from " + table)) {
          row.next();
          if (row.getLong(1) > 0) {
            assertThatThrownBy(() -> statement.executeUpdate("delete from " + table))
                .hasMessageContaining("append-only");
          }
        }
        connection.rollback();
      }
    }
  }
}
