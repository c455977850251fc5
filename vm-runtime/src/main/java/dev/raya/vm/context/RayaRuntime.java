package dev.raya.vm.context;

import dev.raya.vm.host.Host;
import dev.raya.vm.interp.Interpreter;
import dev.raya.vm.interp.Roots;
import dev.raya.vm.task.Marker;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.SingleWorkerScheduler;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RFunction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs: the embedding API of the VM (vm.md 1, 11). One runtime serves one host; its worker
 * is the thread that calls {@link #run}. Several runtimes may exist at once.
 */
public final class RayaRuntime implements AutoCloseable {
  private final Host host;
  private final String version;
  private final ContextRegistry contexts = new ContextRegistry();
  private long defects;

  /**
   * What a program run ended with.
   *
   * @param exitCode language.md 16.4
   * @param stats what the main context used
   */
  public record ProgramResult(int exitCode, VmStats stats) {}

  /**
   * Makes a runtime.
   *
   * @param version what {@code raya:process} calls the version of Raya
   */
  public RayaRuntime(Host host, String version) {
    this.host = host;
    this.version = version;
  }

  /** Returns the contexts. */
  public ContextRegistry contexts() {
    return contexts;
  }

  /**
   * Loads a package file with all it imports and runs it as a program: initialises its modules,
   * calls {@code main}, and waits for all tasks (language.md 14.3, 16.4).
   *
   * @param loader where modules come from
   * @param entryKey the loader's key of the package file to run
   * @param options limits and grants of the main context
   * @return the exit code; uncaught errors were written to the host's standard error
   * @throws VmException if the program cannot be loaded; nothing of it has run
   */
  public ProgramResult run(ModuleLoader loader, String entryKey, VmOptions options)
      throws VmException {
    return run(loader, entryKey, null, options);
  }

  /**
   * Loads a package file with all it imports and runs one of its programs: as {@link
   * #run(ModuleLoader, String, VmOptions)} does, but with a module of the package in the place of
   * the one that has the entry point.
   *
   * @param loader where modules come from
   * @param entryKey the loader's key of the package file
   * @param program the module's path (rbin.md 3.10), or null for the package's entry point. The
   *     package's main module has the empty path, so a path that no module has means that one
   * @param options limits and grants of the main context
   * @return the exit code; uncaught errors were written to the host's standard error
   * @throws VmException if the package cannot be loaded or has no such program; nothing of it has
   *     run
   */
  public ProgramResult run(
      ModuleLoader loader, String entryKey, @Nullable String program, VmOptions options)
      throws VmException {
    ContextLoader modules = new ContextLoader(loader);
    LinkedModule entry = modules.load(entryKey);
    EntryPoint start =
        program == null ? EntryPoint.of(entry.file) : EntryPoint.ofProgram(entry, program);
    VmContext[] made = new VmContext[1];
    SingleWorkerScheduler scheduler =
        new SingleWorkerScheduler(new HostClock(host), count -> liveTasks(made[0], count));
    VmContextId id = contexts.create(options, scheduler);
    VmContext context = contexts.get(id).orElseThrow();
    made[0] = context;
    context.state(VmContext.State.LOADED);
    Interpreter interpreter =
        new Interpreter(
            new Interpreter.Environment(
                modules.types(),
                scheduler,
                context,
                context::beforeSpawn,
                host,
                options.grantBits(),
                version,
                options.maxCallDepth(),
                this::defect));
    if (options.maxHeapBytes().isPresent()) {
      int[] epoch = new int[1];
      context.heap().marker(() -> mark(++epoch[0], scheduler, modules));
    }
    Program running = new Program(context, scheduler, interpreter, host);
    List<RTask.Entry> entries = entries(modules, entry, start);
    int exitCode;
    context.state(VmContext.State.RUNNING);
    try {
      exitCode = running.run(entries);
    } finally {
      scheduler.close();
      context.book(interpreter.settle());
      context.heap().publish();
      host.flush();
    }
    VmStats stats = context.stats();
    contexts.remove(id);
    return new ProgramResult(exitCode, stats);
  }

  private static void liveTasks(@Nullable VmContext context, int count) {
    if (context != null) {
      context.counters().tasks(count);
    }
  }

  private static long mark(int epoch, SingleWorkerScheduler scheduler, ContextLoader modules) {
    Marker marker = new Marker(epoch);
    for (LinkedModule module : modules.modules()) {
      for (var global : module.globals) {
        marker.reach(global.r);
      }
    }
    for (RTask task : scheduler.liveTasks()) {
      marker.reach(task);
      Roots.of(task, marker);
    }
    return marker.finish();
  }

  private long defect(Throwable failure) {
    System.Logger logger = System.getLogger("dev.raya.vm");
    long number = ++defects;
    logger.log(System.Logger.Level.ERROR, "internal error, reference " + number, failure);
    return number;
  }

  /** The init functions in their order, then {@code main} with its argument. */
  private List<RTask.Entry> entries(ContextLoader modules, LinkedModule entry, EntryPoint start)
      throws VmException {
    List<RTask.Entry> entries = new ArrayList<>();
    for (RFunction init : modules.initialisers(entry, start.module(), new HashSet<>())) {
      entries.add(new RTask.Entry(init, null));
    }
    if (start.main() >= 0) {
      RFunction main = entry.functions[start.main()];
      entries.add(new RTask.Entry(main, main.paramCount == 0 ? null : arguments()));
    }
    return entries;
  }

  private RArray arguments() {
    List<String> texts = host.arguments();
    RArray array = RArray.make(Interpreter.stringArray(), texts.size());
    for (int i = 0; i < texts.size(); i++) {
      array.set(i, 0, texts.get(i));
    }
    return array;
  }

  @Override
  public void close() {
    contexts.terminateAll();
    host.release();
    host.flush();
  }
}
