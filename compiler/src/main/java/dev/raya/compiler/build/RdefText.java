package dev.raya.compiler.build;

import dev.raya.compiler.lower.DeclarationText;
import dev.raya.vm.bytecode.RbinModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DECL and DOCS of a file as text, {@code module.rdef}: for people, editors and the registry's
 * comparison of interfaces ({@code rbin.md} 3.12).
 */
public final class RdefText {
  private RdefText() {}

  /** The declarations of a package's importable modules, sorted by module and name. */
  public static String of(RbinModule file) {
    StringBuilder out = new StringBuilder();
    Map<List<Object>, String> docs = new HashMap<>();
    if (file.docs() != null) {
      file.docs().forEach(doc -> docs.put(List.of(doc.module(), doc.name()), doc.text()));
    }
    for (int i = 0; i < file.modules().size(); i++) {
      RbinModule.ModuleDef module = file.modules().get(i);
      if ((module.flags() & RbinModule.ModuleDef.IMPORTABLE) != 0) {
        String name = file.meta().packageName();
        out.append("declare module \"")
            .append(module.path().isEmpty() ? name : name + "/" + module.path())
            .append("\" {\n");
        rows(out, file, i, docs);
        out.append("}\n");
      }
    }
    return out.toString();
  }

  private static void rows(
      StringBuilder out, RbinModule file, int module, Map<List<Object>, String> docs) {
    if (file.decls() == null) {
      return;
    }
    for (RbinModule.Decl decl : file.decls()) {
      if (decl.module() == module) {
        String doc = docs.get(List.<Object>of(module, decl.name()));
        if (doc != null) {
          out.append("  /** ").append(doc.replace("\n", "\n   * ")).append(" */\n");
        }
        boolean internal = decl.text().startsWith(DeclarationText.INTERNAL);
        out.append(internal ? "  " : "  export ")
            .append(decl.text().replace("\n", "\n  "))
            .append('\n');
      }
    }
  }
}
