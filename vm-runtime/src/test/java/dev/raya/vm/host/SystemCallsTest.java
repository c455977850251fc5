package dev.raya.vm.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The calls of raya:fs, raya:process and raya:http (stdlib.md): limits and unfit arguments. */
@Timeout(60)
class SystemCallsTest {
  private static final byte[] NONE = new byte[0];

  @TempDir Path folder;

  private SystemCalls calls() {
    return new SystemCalls(folder, new ByteArrayInputStream(bytes("one\r\ntwo\n\nend")), Map::of);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Object call(String function, Object... arguments) throws Exception {
    Object result = calls().call(function, List.of(arguments));
    return result == null ? "nothing" : result;
  }

  private HostFailure failure(String function, Object... arguments) {
    return catchThrowableOfType(HostFailure.class, () -> call(function, arguments));
  }

  private static List<Object> shell(String script, double limit) {
    return List.of("/bin/sh", List.of("-c", script), List.of(), "", NONE, limit, false);
  }

  private static Object[] fetch(String method, String address, List<String> headers, double limit) {
    return new Object[] {method, address, headers, NONE, limit, "follow", 1000.0};
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Location", location);
      exchange.sendResponseHeaders(302, -1);
    }
  }

  // ---- files

  @Test
  void failuresNameTheFileTheyAreAbout() throws Exception {
    call("fs.mkdir", "dir", false);
    call("fs.writeFile", "file", bytes("x"), "write");
    assertThat(failure("fs.copy", "dir", "other")).returns("EISDIR", HostFailure::code);
    assertThat(failure("fs.copy", "file", "dir")).returns("EISDIR", HostFailure::code);
    assertThat(call("fs.exists", "other")).isEqualTo(false);
    assertThat(failure("fs.symlink", "elsewhere", "file"))
        .returns("EEXIST", HostFailure::code)
        .returns("file", HostFailure::path);
    SystemCalls calls = calls();
    Object file = calls.call("fs.openRead", List.of("file"));
    assertThat(file).isNotNull();
    assertThat(
            catchThrowableOfType(
                HostFailure.class, () -> calls.call("fs.seek", List.of(file, -1.0))))
        .returns("EINVAL", HostFailure::code);
    calls.call("fs.close", List.of(file));
  }

  // ---- processes

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatTheOperatingSystemSaysHasACode() throws Exception {
    call("fs.mkdir", "full/inner", true);
    call("fs.mkdir", "dir", false);
    call("fs.writeFile", "file", bytes("x"), "write");
    assertThat(failure("fs.rename", "dir", "full")).returns("ENOTEMPTY", HostFailure::code);
    assertThat(failure("fs.rename", "file", "full")).returns("EISDIR", HostFailure::code);
    assertThat(failure("fs.readDir", "file/below")).returns("ENOTDIR", HostFailure::code);
    assertThat(failure("fs.stat", "file/below", true)).returns("ENOTDIR", HostFailure::code);
    assertThat(failure("fs.mkdir", "x".repeat(300), false))
        .returns("ENAMETOOLONG", HostFailure::code);
    assertThat(failure("fs.copy", "file", "none/file"))
        .returns("ENOENT", HostFailure::code)
        .returns("none/file", HostFailure::path);
  }

  @Test
  void anEmptyPathNamesNothing() throws Exception {
    assertThat(failure("fs.remove", "", true)).returns("ENOENT", HostFailure::code);
    assertThat(failure("fs.readDir", "")).returns("ENOENT", HostFailure::code);
    assertThat(call("fs.exists", "")).isEqualTo(false);
    assertThat(folder).exists();
  }

  @Test
  void aFolderThatIsNotThereIsNotTakenForTheCommand() {
    assertThat(failure("process.run", "sh", List.of(), List.of(), "none", NONE, 0.0, false))
        .returns("ENOENT", HostFailure::code)
        .returns("none", HostFailure::path);
  }

  @Test
  void aRefusedConnectionNamesTheHost() {
    assertThat(failure("http.fetch", fetch("GET", "http://127.0.0.1:1/x", List.of(), 60_000)))
        .returns("ECONNREFUSED", HostFailure::code)
        .returns(null, HostFailure::path)
        .hasMessage("connection refused: 127.0.0.1:1");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandGivesCodeAndOutputs() throws Exception {
    SystemCalls calls = calls();
    Object ended =
        calls.call(
            "process.run",
            List.of(
                "/bin/sh",
                List.of("-c", "cat; echo \"$WORD\" >&2; exit 3"),
                List.of("WORD", "said"),
                "",
                bytes("given"),
                0.0,
                false));
    assertThat(ended).isNotNull();
    assertThat(calls.call("process.resultCode", List.of(ended))).isEqualTo(3);
    assertThat(calls.call("process.resultOutput", List.of(ended))).isEqualTo(bytes("given"));
    assertThat(calls.call("process.resultErrors", List.of(ended))).isEqualTo(bytes("said\n"));
    assertThat(
            failure("process.run", "no-such-command", List.of(), List.of(), "", NONE, 0.0, false))
        .returns("ENOENT", HostFailure::code);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theTimeLimitEndsTheDescendantsToo() {
    assertThat(failure("process.run", shell("sleep 600; true", 100).toArray()))
        .returns("TimeoutError", HostFailure::errorClass);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @Timeout(60)
  void theTimeLimitHoldsForOutputThatADetachedChildKeepsOpen() {
    // The JDK gives such output up when the command ends, unless a reader waits for it just then.
    HostFailure late = failure("process.run", shell("sleep 90 & exit 0", 300).toArray());
    assertThat(late == null ? "TimeoutError" : late.errorClass()).isEqualTo("TimeoutError");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandThatWritesTooMuchIsEnded() {
    ProcessCalls calls = new ProcessCalls(folder, new ByteArrayInputStream(NONE), Map::of, 100_000);
    for (String script : List.of("cat /dev/zero; true", "cat /dev/zero >&2")) {
      assertThat(
              catchThrowableOfType(
                  HostFailure.class, () -> calls.call("run", new Arguments(shell(script, 0)))))
          .returns("EFBIG", HostFailure::code);
    }
  }

  @Test
  void standardInputIsReadByLinesAndAsAWhole() throws Exception {
    SystemCalls calls = calls();
    assertThat(calls.call("process.readLine", List.of())).isEqualTo("one");
    assertThat(calls.call("process.readLine", List.of())).isEqualTo("two");
    assertThat(calls.call("process.readLine", List.of())).isEqualTo("");
    assertThat(calls.call("process.readInput", List.of())).isEqualTo(bytes("end"));
    assertThat(calls.call("process.readLine", List.of())).isNull();
  }

  // ---- HTTP

  @Test
  void theTimeLimitHoldsForABodyThatDrips() throws Exception {
    HttpServer server = server();
    CountDownLatch over = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      assertThat(failure("http.fetch", fetch("GET", address(server), List.of(), 500)))
          .returns("TimeoutError", HostFailure::errorClass);
    } finally {
      over.countDown();
      server.stop(0);
    }
  }

  @Test
  void credentialsStayWithTheServerTheyWereMeantFor() throws Exception {
    HttpServer first = server();
    HttpServer second = server();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    second.createContext(
        "/",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("cookie")));
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-other")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    first.createContext("/a", exchange -> redirect(exchange, "/b"));
    first.createContext(
        "/b",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
          redirect(exchange, address(second));
        });
    try {
      List<String> headers = List.of("Authorization", "secret", "cookie", "c=1", "x-other", "kept");
      Object answer = call("http.fetch", fetch("GET", address(first) + "/a", headers, 30_000));
      assertThat(call("http.status", answer)).isEqualTo(204);
      assertThat(call("http.url", answer)).isEqualTo(address(second));
      assertThat(seen).containsExactly("secret", "null", "null", "kept");
    } finally {
      first.stop(0);
      second.stop(0);
    }
  }

  @Test
  void unfitRequestsAndRedirectsAreInvalidArguments() throws Exception {
    HttpServer server = server();
    server.createContext("/", exchange -> redirect(exchange, "http://a b/"));
    String address = address(server);
    try {
      assertThat(failure("http.fetch", fetch("GET", address, List.of(), 30_000)))
          .returns("EINVAL", HostFailure::code);
      assertThat(failure("http.fetch", fetch("A B", address, List.of(), 30_000)))
          .returns("EINVAL", HostFailure::code);
      assertThat(failure("http.fetch", fetch("GET", address, List.of("x", "\u0001"), 30_000)))
          .returns("EINVAL", HostFailure::code);
      assertThat(failure("http.fetch", fetch("GET", "ftp://a/", List.of(), 30_000)))
          .returns("EINVAL", HostFailure::code);
    } finally {
      server.stop(0);
    }
  }

  // ---- files

  @Test
  void unfitArgumentsOfFilesAreInvalidArguments() throws Exception {
    Files.writeString(folder.resolve("f"), "text");
    Object reading = call("fs.openRead", "f");
    Object writing = call("fs.openWrite", "g", false);
    try {
      assertThat(failure("fs.writeSome", reading, bytes("x"))).returns("EINVAL", HostFailure::code);
      assertThat(failure("fs.readSome", writing, 4)).returns("EINVAL", HostFailure::code);
    } finally {
      call("fs.close", reading);
      call("fs.close", writing);
    }
    assertThat(failure("fs.makeTempDir", "a/b")).returns("EINVAL", HostFailure::code);
    assertThat(failure("fs.symlink", "\0", "l")).returns("EINVAL", HostFailure::code);
    assertThat(failure("process.run", "true", List.of(), List.of("A=B", "c"), "", NONE, 0.0, false))
        .returns("EINVAL", HostFailure::code);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anAtomicWriteKeepsPermissionsAndLeavesNothingBeside() throws Exception {
    call("fs.writeFile", "plain", bytes("1"), "");
    call("fs.writeFile", "fresh", bytes("1"), "atomic");
    Path plain = folder.resolve("plain");
    assertThat(Files.getPosixFilePermissions(folder.resolve("fresh")))
        .isEqualTo(Files.getPosixFilePermissions(plain));
    Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-x--x"));
    call("fs.writeFile", "plain", bytes("2"), "atomic");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)))
        .isEqualTo("rwxr-x--x");
    assertThat(plain).hasContent("2");
    assertThat(call("fs.readDir", ".")).isEqualTo(List.of("0fresh", "0plain"));
  }

  /** Waits until a program hears a signal it has asked for. */
  private static void hear(SystemCalls calls, Object subscription) throws Exception {
    calls.call("process.awaitSignal", List.of(subscription));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void signalsAreGivenBackInWhateverOrderProgramsEnd() throws Exception {
    Signal term = new Signal("TERM");
    Semaphore process = new Semaphore(0);
    SignalHandler before = Signal.handle(term, signal -> process.release());
    try {
      SystemCalls first = calls();
      SystemCalls second = calls();
      Object one = Objects.requireNonNull(first.call("process.openSignal", List.of("TERM")));
      Object two = Objects.requireNonNull(second.call("process.openSignal", List.of("TERM")));
      Signal.raise(term);
      hear(first, one);
      hear(second, two);
      first.close();
      Signal.raise(term);
      hear(second, two);
      second.close();
      assertThat(process.availablePermits()).isZero();
      Signal.raise(term);
      process.acquire();
      // A program that asks again is heard again, and the last to come may be the first to go.
      Object again = Objects.requireNonNull(first.call("process.openSignal", List.of("TERM")));
      second.call("process.openSignal", List.of("TERM"));
      second.close();
      Signal.raise(term);
      hear(first, again);
      first.close();
      Signal.raise(term);
      process.acquire();
    } finally {
      Signal.handle(term, before);
    }
  }
}
