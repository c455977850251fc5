package dev.raya.compiler.types;

import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A module: a file of the package at hand, or the interface of a module of another package. */
public final class ModuleSymbol implements Symbol {
  /**
   * An import edge.
   *
   * @param target the module imported
   * @param specifier as written
   * @param typeOnly whether it makes no dependency for initialisation
   */
  public record Dependency(ModuleSymbol target, String specifier, boolean typeOnly, Span span) {}

  private final ModuleId id;
  private final SourceFile file;
  private final boolean external;
  private final List<Dependency> dependencies = new ArrayList<>();
  private final Map<String, Symbol> exports = new LinkedHashMap<>();
  private final Set<String> lost = new HashSet<>();
  private boolean open;

  /**
   * A module.
   *
   * @param external whether only its interface is known
   */
  public ModuleSymbol(ModuleId id, SourceFile file, boolean external) {
    this.id = id;
    this.file = file;
    this.external = external;
  }

  /** Its identity. */
  public ModuleId id() {
    return id;
  }

  @Override
  public String name() {
    return id.toString();
  }

  @Override
  public Span span() {
    return new Span(file, 0, 0);
  }

  /** Its source, or the declaration text its interface was read from. */
  public SourceFile file() {
    return file;
  }

  /** Whether only its interface is known. */
  public boolean external() {
    return external;
  }

  /** What it imports, in textual order, one entry for each import or re-export declaration. */
  public List<Dependency> dependencies() {
    return Collections.unmodifiableList(dependencies);
  }

  /** Adds an import. */
  public void addDependency(Dependency dependency) {
    dependencies.add(dependency);
  }

  /**
   * What it exports under which name: variables, functions, classes, structures, aliases, or whole
   * modules. A symbol whose own module is another one is a re-export.
   */
  public Map<String, Symbol> exports() {
    return Collections.unmodifiableMap(exports);
  }

  /** The export of a name, or null. */
  public @Nullable Symbol export(String name) {
    return exports.get(name);
  }

  /** Adds an export; the name must be new. */
  public void addExport(String name, Symbol symbol) {
    if (exports.putIfAbsent(name, symbol) != null) {
      throw new IllegalStateException("export " + name + " added twice");
    }
  }

  /** Notes that it exports a name of which nothing is known, because of an error of its own. */
  public void markLost(String name) {
    lost.add(name);
  }

  /** Notes that nobody knows all it exports: what it exports again could not be found. */
  public void markOpen() {
    open = true;
  }

  /** Whether it may export a name although {@link #export} does not have it. */
  public boolean mayExport(String name) {
    return open || lost.contains(name);
  }

  @Override
  public String toString() {
    return name();
  }
}
