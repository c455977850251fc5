package dev.raya.compiler.check;

import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.types.ModuleId;
import dev.raya.vm.bytecode.Parallel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the modules that a program reaches by relative imports on several threads, wave by wave:
 * the entries, what they import, what that imports. What comes of it does not depend on the
 * threads: every module has diagnostics of its own, and who loads the modules takes them in its own
 * order.
 */
final class ReadAhead {
  private final ModuleResolver resolver;
  private final int threads;
  private final Map<ModuleId, Checker.Parsed> parsed;

  /**
   * A reader.
   *
   * @param threads most threads at once, at least 1
   * @param parsed what was parsed, by module; is added to
   */
  ReadAhead(ModuleResolver resolver, int threads, Map<ModuleId, Checker.Parsed> parsed) {
    this.resolver = resolver;
    this.threads = threads;
    this.parsed = parsed;
  }

  /** Parses entries and what they reach. */
  void read(Map<ModuleId, SourceFile> entries) {
    Map<ModuleId, SourceFile> wave = new LinkedHashMap<>(entries);
    while (!wave.isEmpty() && parsed.size() + wave.size() <= Checker.MAX_MODULES) {
      parse(wave);
      Map<ModuleId, SourceFile> next = new LinkedHashMap<>();
      for (ModuleId id : wave.keySet()) {
        Checker.Parsed read = parsed.get(id);
        if (read != null) {
          for (Statement s : read.syntax().items()) {
            reach(id, s, next);
          }
        }
      }
      wave = next;
    }
  }

  private void reach(ModuleId from, Statement s, Map<ModuleId, SourceFile> next) {
    Statement.@Nullable Specifier specifier =
        switch (s) {
          case Statement.Import i -> i.specifier();
          case Statement.ExportNames e -> e.from();
          case Statement.ExportAll e -> e.from();
          default -> null;
        };
    if (specifier != null
        && specifier.text().startsWith(".")
        && resolver.resolve(from, specifier.text())
            instanceof Resolution.Source(ModuleId id, SourceFile file)
        && !parsed.containsKey(id)) {
      next.putIfAbsent(id, file);
    }
  }

  private void parse(Map<ModuleId, SourceFile> wave) {
    List<ModuleId> ids = new ArrayList<>();
    for (ModuleId id : wave.keySet()) {
      if (!parsed.containsKey(id)) {
        ids.add(id);
      }
    }
    Checker.Parsed[] results = new Checker.Parsed[ids.size()];
    Parallel.<RuntimeException>run(
        threads,
        results.length,
        () ->
            i -> {
              SourceFile file = wave.get(ids.get(i));
              if (file != null) {
                Diagnostics own = new Diagnostics();
                results[i] = new Checker.Parsed(Parser.parse(file, own), own);
              }
            });
    for (int i = 0; i < results.length; i++) {
      parsed.put(ids.get(i), results[i]);
    }
  }
}
