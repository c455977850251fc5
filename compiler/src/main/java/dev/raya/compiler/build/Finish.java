package dev.raya.compiler.build;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.compiler.emit.RbinEmitter;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.ssa.Optimizer;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last steps of a compilation: passes, linking, the file, and whether all of it can be. */
final class Finish {
  private final Compiler.Request request;
  private final Map<String, SourceFile> files;
  private final List<Diagnostic> diagnostics;
  private final int threads;

  /**
   * The last steps of a package.
   *
   * @param files its sources by name
   * @param diagnostics what the check found
   */
  Finish(
      Compiler.Request request,
      Map<String, SourceFile> files,
      List<Diagnostic> diagnostics,
      int threads) {
    this.request = request;
    this.files = files;
    this.diagnostics = diagnostics;
    this.threads = threads;
  }

  /** Begins with the passes; parts are given to them one by one. */
  Passes passes() {
    return new Passes();
  }

  /** Parts on their way through the passes, each as soon as it is lowered. Owned by one thread. */
  final class Passes implements AutoCloseable {
    private final Optimizer.Work work = Optimizer.standard().begin(threads);
    private final List<IrPart> lowered = new ArrayList<>();
    private final Set<Diagnostic> unwritable = new LinkedHashSet<>();

    /** Adds a part that has been lowered. */
    void add(IrPart part) {
      lowered.add(part);
      unwritable.addAll(Limits.passed(part, files));
      if (unwritable.isEmpty()) {
        work.add(part.content());
      }
    }

    /** The parts as they were lowered. */
    List<IrPart> lowered() {
      return lowered;
    }

    /** The outcome if there are functions that cannot be written, or null. */
    @Nullable Compilation refusal() {
      return unwritable.isEmpty() ? null : refused(List.copyOf(unwritable));
    }

    /** The parts after all passes, if none is refused. */
    List<IrPart> optimized() {
      List<IrPackage> improved = work.finish();
      List<IrPart> optimized = new ArrayList<>();
      for (int i = 0; i < lowered.size(); i++) {
        optimized.add(lowered.get(i).with(improved.get(i)));
      }
      return optimized;
    }

    @Override
    public void close() {
      work.close();
    }
  }

  /**
   * The outcome of a package whose parts are optimised.
   *
   * @param lowered the parts before that, for the outcome; null to leave them out
   */
  Compilation linked(PackageParts optimized, @Nullable PackageParts lowered) {
    try {
      RbinModule module = new RbinEmitter(threads).generate(optimized, request.debug());
      List<Diagnostic> tooLarge = Limits.passed(module, files);
      return tooLarge.isEmpty() ? new Compilation(diagnostics, lowered, module) : refused(tooLarge);
    } catch (RbinException e) {
      if (e.kind() == RbinErrorKind.STACK_OVERFLOW) {
        return refused(List.of(Limits.tooDeep(files)));
      }
      SourceFile file = files.values().iterator().next();
      return refused(
          List.of(
              new Diagnostic(
                  DiagnosticCode.E0701,
                  new Span(file, 0, 0),
                  "the package cannot be written: " + e.getMessage())));
    }
  }

  /** The outcome of a package that cannot be. */
  Compilation refused(List<Diagnostic> more) {
    List<Diagnostic> all = new ArrayList<>(diagnostics);
    all.addAll(more);
    all.sort(Diagnostic.ORDER);
    return new Compilation(all, null, null);
  }
}
