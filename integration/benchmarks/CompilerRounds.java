import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.vm.bytecode.RbinWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compiles one file over and over in one process and prints each round's speed; run by {@code
 * integration/benchmarks/compiler} with the jars of a toolchain.
 *
 * <p>{@code java -cp 'TOOLCHAIN/lib/modules/*' CompilerRounds.java TOOLCHAIN FILE ROUNDS}
 */
final class CompilerRounds {
  private CompilerRounds() {}

  public static void main(String[] arguments) throws Exception {
    StandardLibrary library = StandardLibrary.ofToolchain(Path.of(arguments[0]));
    String text = Files.readString(Path.of(arguments[1]));
    long lines = text.lines().count();
    Compiler.Request request =
        new Compiler.Request(
            "", "", List.of(new Compiler.Root("", "p.raya", true)), "p.raya", true);
    for (int round = 1; round <= Integer.parseInt(arguments[2]); round++) {
      long wall = System.nanoTime();
      long cpu = threadTime();
      Compiler compiler =
          new Compiler(library, SourceTree.of(Map.of("p.raya", text)), PackageImports.NONE);
      int checked = compiler.check(request).diagnostics().size();
      long checkWall = System.nanoTime() - wall;
      long checkCpu = threadTime() - cpu;
      wall = System.nanoTime();
      cpu = threadTime();
      int bytes = RbinWriter.write(compiler.compile(request).module()).length;
      System.out.printf(
          Locale.ROOT,
          "round %d: check %d lines/s (%d a cpu-second, %d diagnostics), compile %d lines/s (%d a"
              + " cpu-second, %d bytes)%n",
          round,
          perSecond(lines, checkWall),
          perSecond(lines, checkCpu),
          checked,
          perSecond(lines, System.nanoTime() - wall),
          perSecond(lines, threadTime() - cpu),
          bytes);
    }
  }

  private static long perSecond(long lines, long nanos) {
    return lines * 1_000_000_000L / Math.max(1, nanos);
  }

  /** Processor time of the whole process, compiler threads of the JVM and collector included. */
  private static long threadTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
