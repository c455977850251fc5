package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.check.CheckedForCode;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.lower.InstanceException;
import dev.raya.compiler.lower.Lowering;
import dev.raya.compiler.lower.PartSources;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.vm.bytecode.Parallel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parts of a package that there are none of yet, and its file from them and the others.
 * Used once, by one thread with a deep stack.
 */
final class PartBuild {
  private final StandardLibrary library;
  private final ImportResolver resolver;
  private final Compiler.Request request;
  private final CheckedForCode checked;
  private final PartRecords records;
  private final int threads;
  private final Map<String, Digest> digests = new LinkedHashMap<>();
  private final Map<String, SourceFile> files = new LinkedHashMap<>();
  private final Map<String, Digest> keys = new HashMap<>();

  PartBuild(
      StandardLibrary library,
      ImportResolver resolver,
      Compiler.Request request,
      CheckedForCode checked,
      PartRecords records,
      int threads) {
    this.library = library;
    this.resolver = resolver;
    this.request = request;
    this.checked = checked;
    this.records = records;
    this.threads = threads;
    for (CheckedForCode.Module module : checked.modules()) {
      digests.put(module.id().path(), module.content());
      files.put(module.file().name(), module.file());
      keys.put(module.id().path(), module.key());
    }
  }

  /**
   * Makes the file.
   *
   * @throws IOException if parts cannot be read that are as they were written
   */
  Compiler.Made run() throws IOException {
    Finish finish = new Finish(request, files, checked.diagnostics(), threads);
    try (Finish.Passes passes = finish.passes()) {
      return run(finish, passes);
    } catch (InstanceException e) {
      return new Compiler.Made(finish.refused(List.of(e.diagnostic())), List.of(), 0);
    }
  }

  private Compiler.Made run(Finish finish, Finish.Passes passes) throws IOException {
    PackagePlan plan = new PackagePlan(request, Compiler.NAME, digests);
    PartSources sources =
        new PartSources(new LibraryFunctions(library), new ChangedProgram(checked), resolver);
    List<String> names = new ArrayList<>();
    List<CheckedForCode.Module> importable = new ArrayList<>();
    for (CheckedForCode.Module module : checked.modules()) {
      if (!module.made()) {
        CheckedModule bodies = checked.bodies(checked.symbol(module.id()));
        names.add(module.id().path());
        passes.add(Lowering.module(plan.module(bodies), sources, plan.meta()));
      }
      if (plan.isImportable(module.id().path())) {
        importable.add(module);
      }
    }
    int made = names.size();
    Digest said = keyOf(importable);
    if (!records.holds(PartRecords.EXPORTS, said, keys::get)) {
      List<ModuleSymbol> symbols = new ArrayList<>();
      importable.forEach(module -> symbols.add(checked.symbol(module.id())));
      names.add(PartRecords.EXPORTS);
      passes.add(Lowering.exports(symbols, sources, plan.meta()));
    }
    Compilation refused = passes.refusal();
    if (refused != null) {
      return new Compiler.Made(refused, List.of(), made);
    }
    Map<String, IrPart> fresh = new HashMap<>();
    List<IrPart> optimized = passes.optimized();
    for (int i = 0; i < names.size(); i++) {
      fresh.put(names.get(i), optimized.get(i));
    }
    PackageParts parts = new PackageParts(plan.meta(), plan.rows(), all(plan, fresh));
    Compilation done = finish.linked(parts, null);
    if (done.module() == null) {
      return new Compiler.Made(done, List.of(), made);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Digest key = name.equals(PartRecords.EXPORTS) ? said : keys.get(name);
      if (key != null) {
        records.put(name, key, optimized.get(i), keys::get);
      }
    }
    return new Compiler.Made(done, plan.rows(), made);
  }

  /** What the package says to importers depends on the modules they may name, in this order. */
  private static Digest keyOf(List<CheckedForCode.Module> importable) {
    StringBuilder text = new StringBuilder();
    for (CheckedForCode.Module module : importable) {
      text.append(module.id()).append(' ').append(module.key()).append('\n');
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The parts of all modules in order, and of what the package says to importers. */
  private List<IrPart> all(PackagePlan plan, Map<String, IrPart> fresh) throws IOException {
    List<String> names = new ArrayList<>(digests.keySet());
    names.add(PartRecords.EXPORTS);
    @Nullable IrPart[] parts = new IrPart[names.size()];
    Parallel.<IOException>run(
        threads,
        parts.length,
        () ->
            piece -> {
              IrPart known = fresh.get(names.get(piece));
              parts[piece] = known == null ? records.part(names.get(piece), plan.meta()) : known;
            });
    List<IrPart> all = new ArrayList<>();
    for (IrPart part : parts) {
      if (part != null) {
        all.add(part);
      }
    }
    return all;
  }
}
