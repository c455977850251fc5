package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.compiler.lower.Lowering;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a request says about the modules that its package has. */
final class PackagePlan {
  private final Compiler.Request request;
  private final Map<String, Compiler.Root> roots = new HashMap<>();
  private final RbinModule.Meta meta;
  private final List<PackageParts.Module> rows = new ArrayList<>();

  /**
   * The plan of a package.
   *
   * @param compiler what META names the compiler
   * @param sources digests of the modules' sources by name, in order of initialisation
   */
  PackagePlan(Compiler.Request request, String compiler, Map<String, Digest> sources) {
    this.request = request;
    request.roots().forEach(root -> roots.putIfAbsent(root.file(), root));
    sources.forEach(
        (file, digest) ->
            rows.add(
                new PackageParts.Module(
                    file, path(file), isImportable(file), Sha256.of(digest.bytes()))));
    this.meta =
        new RbinModule.Meta(
            request.packageName(),
            request.version(),
            "",
            compiler,
            Compiler.LANGUAGE_LEVEL,
            0,
            0,
            Sha256.ZERO,
            sourceDigest(sources),
            Sha256.ZERO);
  }

  RbinModule.Meta meta() {
    return meta;
  }

  List<PackageParts.Module> rows() {
    return rows;
  }

  /** Whether other packages may name the module of a source. */
  boolean isImportable(String file) {
    Compiler.Root root = roots.get(file);
    return root != null && root.importable();
  }

  /** A module of the package, to be lowered. */
  Lowering.Module module(CheckedModule checked) {
    String file = checked.symbol().id().path();
    return new Lowering.Module(checked, path(file), isProgram(file), isEntry(file));
  }

  /** All of the plan that the lowering of a module depends on, in words. */
  String words(String file) {
    return path(file) + "\n" + isProgram(file) + " " + isEntry(file);
  }

  private String path(String file) {
    Compiler.Root root = roots.get(file);
    return root == null ? file : root.path();
  }

  private boolean isEntry(String file) {
    return file.equals(request.entry());
  }

  private boolean isProgram(String file) {
    Compiler.@Nullable Root root = roots.get(file);
    return !isEntry(file) && root != null && !root.importable();
  }

  /** Over the sorted names of the sources, each with the digest of its text. */
  private static Sha256 sourceDigest(Map<String, Digest> sources) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new TreeMap<>(sources)
        .forEach(
            (name, digest) ->
                bytes.writeBytes((digest + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return Sha256.hash(bytes.toByteArray());
  }
}
