package dev.raya.cli.raya;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program {@code raya} on real files (cli.md 3, 5). */
class RayaTest {
  private static final int NUMBER = PredefinedType.NUMBER;

  @TempDir Path folder;

  private record Outcome(int code, String out, String err) {}

  private Outcome raya(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment =
        new Environment(
            Map.of("RAYA_HOME", folder.resolve("home").toString()),
            folder,
            folder,
            null,
            InstantSource.system());
    Streams streams =
        Streams.of(
            InputStream.nullInputStream(),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = Raya.run(List.of(words), streams, environment);
    streams.out().flush();
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static RbinBuilder builder(String name) {
    return new RbinBuilder(
        new Meta(name, "", "", "test", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
  }

  private static int functionType(RbinBuilder b, int result, int... params) {
    return b.type(new RType.FunctionType(java.util.Arrays.stream(params).boxed().toList(), result));
  }

  private Path write(String name, RbinBuilder b) throws RbinException, IOException {
    return Files.write(folder.resolve(name), RbinWriter.write(b.build()));
  }

  private void hello(String text) throws RbinException, IOException {
    RbinBuilder b = builder("");
    int module = b.module("", false);
    FunctionBuilder main =
        b.function(module, "main", functionType(b, PredefinedType.INT), FunctionDef.ENTRY);
    main.constant(text).builtin("console.log", 1).constant(7).emit(Opcode.RETURN);
    write("hello.rbin", b);
  }

  /** A library whose export needs a clock, and a program that prints what it gives. */
  private void programWithPackage(List<Capability> granted, boolean cached) throws Exception {
    RbinBuilder lib = builder("clock");
    int libModule = lib.module("", true);
    FunctionBuilder now =
        lib.function(libModule, "now", functionType(lib, NUMBER), FunctionDef.EXPORTED);
    now.builtin("time.now", 0)
        .constant(0.0)
        .emit(Opcode.FMUL)
        .constant(42.0)
        .emit(Opcode.FADD)
        .emit(Opcode.RETURN);
    lib.export(libModule, "now", ExportKind.FUNCTION, now.handle());
    byte[] bytes = RbinWriter.write(lib.build());
    Digest checksum = Digest.of(new byte[] {1, 2, 3});
    if (cached) {
      Path entry = folder.resolve("home/cache").resolve(checksum.hex());
      Files.createDirectories(entry);
      Files.write(entry.resolve("module.rbin"), bytes);
    }
    RbinBuilder app = builder("app");
    int imported = app.importModule("clock", "", Sha256.ZERO);
    int importedNow = app.importFunction(imported, "now", functionType(app, NUMBER));
    int appModule = app.module("", false);
    app.dependsOnImport(appModule, imported);
    FunctionBuilder main =
        app.function(appModule, "main", functionType(app, PredefinedType.VOID), FunctionDef.ENTRY);
    main.emit(Opcode.CALL, importedNow, 0)
        .emit(Opcode.TO_STRING)
        .builtin("console.log", 1)
        .emit(Opcode.RETURN_VOID);
    write("app.rbin", app);
    Files.writeString(
        folder.resolve("raya.toml"),
        "[package]\nname = \"app\"\nversion = \"1.0.0\"\n\n[dependencies]\nclock = \"^1.0.0\"\n");
    Lockfile lock =
        new Lockfile(
            Digest.of(new byte[0]),
            null,
            List.of(
                new LockedPackage(
                    PackageName.parse("clock"),
                    Version.parse("1.2.0"),
                    new LockSource.Registry("https://registry.test"),
                    checksum,
                    Digest.of(new byte[] {4}),
                    3,
                    List.of(),
                    List.of(),
                    List.of(new Capability("time")),
                    granted,
                    Map.of(),
                    new LockedPackage.LogEntry(1, Instant.parse("2026-01-01T00:00:00Z")),
                    null)));
    Files.write(folder.resolve("raya.lock"), LockfileCodec.write(lock));
  }

  @Test
  void runsAFileAndEndsWithItsCode() throws Exception {
    hello("Grüße, \uD83D\uDE00 and \uD800");
    Outcome outcome = raya("hello.rbin", "--help");
    assertThat(outcome).isEqualTo(new Outcome(7, "Grüße, \uD83D\uDE00 and \uFFFD\n", ""));
  }

  @Test
  void damagedPackageNamesTheCommandThatRepairsIt() throws Exception {
    programWithPackage(List.of(new Capability("time")), true);
    Path module =
        folder
            .resolve("home/cache")
            .resolve(Digest.of(new byte[] {1, 2, 3}).hex())
            .resolve("module.rbin");
    byte[] bytes = Files.readAllBytes(module);
    bytes[bytes.length / 2] ^= 1;
    Files.write(module, bytes);
    Outcome damaged = raya("app.rbin");
    assertThat(damaged.code()).isEqualTo(3);
    assertThat(damaged.err()).contains("package clock 1.2.0", "`raya-pm install --verify`");
    Files.delete(module);
    assertThat(raya("app.rbin").err()).contains("run `raya-pm install --verify`");
    Files.delete(module.getParent());
    assertThat(raya("app.rbin").err()).contains("run `raya-pm install`");
  }

  @Test
  void optionsBeforeTheFileAreItsOwn() throws Exception {
    hello("hi");
    Outcome outcome = raya("--stats", "--max-steps", "1000", "--max-heap", "1MiB", "hello.rbin");
    assertThat(outcome.code()).isEqualTo(7);
    assertThat(outcome.out()).isEqualTo("hi\n");
    assertThat(outcome.err()).startsWith("steps: 4\n");
  }

  @Test
  void whatThisVersionLacksIsAUsageError() throws Exception {
    hello("hi");
    for (List<String> words :
        List.of(
            List.of("--restore", "x", "hello.rbin"),
            List.of("--jit", "eager", "hello.rbin"),
            List.of("--max-heap", "lots", "hello.rbin"),
            List.of("--grant", "everything", "hello.rbin"),
            List.of("--no-such-option", "hello.rbin"),
            List.<String>of())) {
      Outcome outcome = raya(words.toArray(new String[0]));
      assertThat(outcome.code()).as("%s", words).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
    }
  }

  @Test
  void missingAndDamagedFilesAreRefused() throws Exception {
    Outcome missing = raya("nothing.rbin");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("RAYA-VM-IoError").contains("nothing.rbin");
    hello("hi");
    byte[] bytes = Files.readAllBytes(folder.resolve("hello.rbin"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(folder.resolve("bad.rbin"), bytes);
    Outcome damaged = raya("bad.rbin");
    assertThat(damaged.code()).isEqualTo(3);
    assertThat(damaged.err()).contains("RAYA-RBIN-ChecksumMismatch");
  }

  @Test
  void packagesAreFoundThroughTheLockfile() throws Exception {
    programWithPackage(List.of(new Capability("time")), true);
    assertThat(raya("app.rbin")).isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void aPackageThatIsNotInstalledIsNamed() throws Exception {
    programWithPackage(List.of(new Capability("time")), false);
    Outcome outcome = raya("app.rbin");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.err())
        .contains("package clock 1.2.0 is not installed")
        .contains("raya-pm install");
  }

  @Test
  void aPackageWithoutItsGrantIsRefusedBeforeItRuns() throws Exception {
    programWithPackage(List.of(), true);
    Outcome outcome = raya("app.rbin");
    assertThat(outcome.code()).isEqualTo(5);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("RAYA-VM-CapabilityDenied")
        .contains(
            "package clock 1.2.0 needs the grant time but has none (function now calls time.now)");
  }

  @Test
  void aDeniedGrantFailsAtTheCall() throws Exception {
    programWithPackage(List.of(new Capability("time")), true);
    Outcome outcome = raya("--deny", "time", "app.rbin");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("Uncaught CapabilityError: the grant time is missing\n    at now (");
  }

  @Test
  void severalGrantsAreNamedWithCommas() throws Exception {
    programWithPackage(List.of(new Capability("time")), true);
    assertThat(raya("--grant", "env,time", "app.rbin").code()).isZero();
    assertThat(raya("--deny", "env,time", "app.rbin").err()).contains("the grant time is missing");
    Outcome unknown = raya("--grant", "env,tim", "app.rbin");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("no grant is called tim");
  }

  @Test
  void versionAndHelp() {
    assertThat(raya("--version").out()).startsWith("raya ");
    assertThat(raya("--help").out()).contains("FILE").contains("--max-steps");
  }

  @Test
  void aProgramThatImportsANativeModuleIsRefusedWithItsNameAndACode() throws Exception {
    RbinBuilder b = builder("");
    int module = b.module("", false);
    b.nativeModule(0, "lz4", "1", "");
    b.nativeMember("size", functionType(b, NUMBER), 0);
    FunctionBuilder main =
        b.function(module, "main", functionType(b, PredefinedType.INT), FunctionDef.ENTRY);
    main.constant(7).emit(Opcode.RETURN);
    write("native.rbin", b);
    assertThat(raya("native.rbin").err())
        .contains("error[RAYA-VM-CapabilityDenied]", "needs the grant native:lz4");
    Outcome refused = raya("--grant", "native:lz4", "native.rbin");
    assertThat(refused.code()).as(refused.err()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains(
            "error[RAYA-VM-NativeLoadError]", "imports native:lz4, which this VM does not have");
  }
}
