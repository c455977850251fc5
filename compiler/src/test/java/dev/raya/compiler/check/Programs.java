package dev.raya.compiler.check;

import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.build.LibraryResolver;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.types.ModuleId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Programs of several files in one text: {@code //@ name} starts a further file. */
final class Programs {
  private Programs() {}

  static CheckResult check(String text) {
    return check("main.raya", text);
  }

  static CheckResult check(String name, String text) {
    Map<String, SourceFile> files = split(name, text);
    Map.Entry<String, SourceFile> entry = files.entrySet().iterator().next();
    return Checker.check(
        Map.of(new ModuleId("", entry.getKey()), entry.getValue()), resolver(files), 1);
  }

  static Map<String, SourceFile> split(String first, String text) {
    Map<String, SourceFile> files = new LinkedHashMap<>();
    String name = first;
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("//@ ")) {
        add(files, name, lines);
        name = line.substring(4).strip();
        lines = new ArrayList<>();
      } else {
        lines.add(line);
      }
    }
    add(files, name, lines);
    return files;
  }

  private static void add(Map<String, SourceFile> files, String name, List<String> lines) {
    String text = String.join("\n", lines);
    if (!text.isBlank() || files.isEmpty() && !lines.isEmpty()) {
      files.put(name, SourceFile.of(name, text));
    }
  }

  static ModuleResolver resolver(Map<String, SourceFile> files) {
    ModuleResolver library = LibraryResolver.make();
    return (importer, specifier) -> {
      if (specifier.startsWith("raya:") || !importer.isLocal()) {
        return library.resolve(importer, specifier);
      }
      if (specifier.startsWith("./")) {
        String name = specifier.substring(2) + (specifier.endsWith(".raya") ? "" : ".raya");
        SourceFile file = files.get(name);
        if (file != null) {
          return new ModuleResolver.Resolution.Source(new ModuleId("", name), file);
        }
        return new ModuleResolver.Resolution.Refused(
            DiagnosticCode.E0501, "there is no file '" + name + "'");
      }
      return new ModuleResolver.Resolution.Refused(
          DiagnosticCode.E0505, "'" + specifier + "' is not in raya.toml");
    };
  }
}
