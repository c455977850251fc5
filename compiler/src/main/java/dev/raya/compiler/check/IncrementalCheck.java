package dev.raya.compiler.check;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.bind.ModuleInterface;
import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks a program and leaves out the modules whose check would find what an earlier one found
 * (packages.md 7): a module is checked again if its text changed or the typed interface ({@link
 * TypedInterface}) of a module it imports, where modules that import each other count as one. The
 * diagnostics are those of a whole check, byte for byte; whatever is wrong with modules and imports
 * themselves is left to a whole check. Used once, by one thread with a deep stack.
 */
public final class IncrementalCheck {
  /**
   * What was found.
   *
   * @param diagnostics in order of file, line, column, code
   * @param modules how many local modules the program has
   * @param checked how many of them were checked, the others being as they were
   */
  public record Outcome(List<Diagnostic> diagnostics, int modules, int checked) {
    /** Copies the list. */
    public Outcome {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /** The program is not sound as a graph of modules. */
  private static final class NotSound extends Exception {
    private static final long serialVersionUID = 1;

    NotSound() {
      super("the modules have errors", null, false, false);
    }
  }

  /** An import that was resolved. */
  private record Edge(String specifier, boolean typeOnly, Target target) {}

  private sealed interface Target {
    record Local(Node node) implements Target {}

    record Elsewhere(Digest typed) implements Target {}
  }

  /** The digest of a foreign module's own declarations, and the modules that these name. */
  private record Declared(Digest digest, List<ModuleInterface> named) {}

  /** A local module. */
  private static final class Node {
    final ModuleId id;
    final SourceFile file;
    final Digest content;
    final CheckMemory.@Nullable Entry entry;
    final List<CheckMemory.Import> imports;
    final List<Edge> edges = new ArrayList<>();

    /** The key of its check, known once what it imports has been looked at. */
    @Nullable Digest key;

    /** Whether there is code of it, or none is wanted. */
    boolean made = true;

    /** Its bodies, if they were looked at. */
    @Nullable CheckedModule bodies;

    /** Its interface, known once it and what it imports have been looked at. */
    @Nullable Digest typed;

    List<Diagnostic> diagnostics = List.of();

    /** Whether it is in order as it was, and no module imports it that it imports. */
    boolean unchanged;

    /** Numbers of Tarjan's algorithm. */
    int index = -1;

    int low;

    Node(
        ModuleId id,
        SourceFile file,
        Digest content,
        CheckMemory.@Nullable Entry entry,
        List<CheckMemory.Import> imports) {
      this.id = id;
      this.file = file;
      this.content = content;
      this.entry = entry;
      this.imports = imports;
    }
  }

  private final Map<ModuleId, SourceFile> entries;
  private final ModuleResolver resolver;
  private final CheckMemory memory;
  private final String compiler;
  private final @Nullable CodeMemory code;
  private final Map<ModuleId, Node> nodes = new LinkedHashMap<>();

  /** The modules, those first that others import. */
  private final List<Node> order = new ArrayList<>();

  private final Map<ModuleId, Digest> interfaces = new HashMap<>();
  private final Map<ModuleId, Declared> declared = new HashMap<>();
  private final List<Node> open = new ArrayList<>();
  private final Set<Node> opened = new HashSet<>();
  private final DecodedParameters decoded = new DecodedParameters(this::checker);
  private @Nullable Checker checker;
  private @Nullable TypedInterface typed;
  private int count;
  private int checked;

  private IncrementalCheck(
      String compiler,
      Map<ModuleId, SourceFile> entries,
      ModuleResolver resolver,
      CheckMemory memory,
      @Nullable CodeMemory code) {
    this.code = code;
    this.compiler = compiler;
    this.entries = entries;
    this.resolver = resolver;
    this.memory = memory;
  }

  /**
   * Checks a program.
   *
   * @param compiler what tells this compiler from others
   * @param entries the modules it begins with, in order
   * @param memory what earlier checks found; is brought up to date
   * @param threads how many threads may parse; the outcome does not depend on it
   */
  public static Outcome check(
      String compiler,
      Map<ModuleId, SourceFile> entries,
      ModuleResolver resolver,
      CheckMemory memory,
      int threads) {
    try {
      IncrementalCheck check = new IncrementalCheck(compiler, entries, resolver, memory, null);
      check.readAhead(threads);
      return check.run();
    } catch (NotSound whole) {
      CheckResult result = Checker.check(entries, resolver, threads);
      return new Outcome(result.diagnostics(), result.sources(), result.sources());
    }
  }

  /**
   * Checks a program for code: what has changed, and what there is no code of.
   *
   * @param compiler what tells this compiler from others
   * @param entries the modules it begins with, in order
   * @param memory what earlier checks found; is brought up to date
   * @param code what code there is
   * @param threads how many threads may parse; the outcome does not depend on it
   * @return null if only a whole check can tell what is wrong
   */
  public static @Nullable CheckedForCode forCode(
      String compiler,
      Map<ModuleId, SourceFile> entries,
      ModuleResolver resolver,
      CheckMemory memory,
      CodeMemory code,
      int threads) {
    try {
      IncrementalCheck check = new IncrementalCheck(compiler, entries, resolver, memory, code);
      check.readAhead(threads);
      return check.forCode(check.run());
    } catch (NotSound whole) {
      return null;
    }
  }

  private CheckedForCode forCode(Outcome outcome) {
    List<CheckedForCode.Module> modules = new ArrayList<>();
    for (Node node : order) {
      Digest key = Objects.requireNonNull(node.key);
      modules.add(new CheckedForCode.Module(node.id, node.file, node.content, key, node.made));
    }
    return new CheckedForCode(
        outcome.diagnostics(),
        modules,
        checker(),
        new CheckedForCode.Bodies() {
          @Override
          public CheckedModule of(ModuleId id) {
            Node node = node(id);
            CheckedModule known = node.bodies;
            return known == null ? bodiesOf(node) : known;
          }

          @Override
          public ModuleSymbol symbol(ModuleId id) {
            Node node = node(id);
            return checker().declared(id, node.file, IncrementalCheck.this::isUnchanged).symbol;
          }
        },
        decoded);
  }

  private Node node(ModuleId id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException(id + " is not in the program");
    }
    return node;
  }

  /** The bodies of a module that is in order. */
  private CheckedModule bodiesOf(Node node) {
    int before = checker().diagnostics().size();
    Checker.Unit unit = checker().declared(node.id, node.file, this::isUnchanged);
    CheckedModule bodies = checker().checkBodies(unit, false);
    if (checker().diagnostics().hasErrorsFrom(before)) {
      throw new CheckedForCode.UnexpectedException(node.id + " has errors");
    }
    node.bodies = bodies;
    return bodies;
  }

  /** Reads everything on several threads if nothing is remembered. */
  private void readAhead(int threads) {
    if (threads > 1 && entries.keySet().stream().noneMatch(id -> memory.find(id) != null)) {
      checker = Checker.readAhead(entries, resolver, threads);
    }
  }

  private Outcome run() throws NotSound {
    for (Map.Entry<ModuleId, SourceFile> entry : entries.entrySet()) {
      visit(entry.getKey(), entry.getValue(), new ArrayList<>());
    }
    for (Node node : List.copyOf(nodes.values())) {
      if (node.index < 0) {
        component(node);
      }
    }
    List<Diagnostic> all = new ArrayList<>();
    nodes.values().forEach(node -> all.addAll(node.diagnostics));
    return new Outcome(Diagnostics.told(all), nodes.size(), checked);
  }

  // ---- the graph ----

  private Node visit(ModuleId id, SourceFile file, List<Node> path) throws NotSound {
    Node known = nodes.get(id);
    if (known != null) {
      return known;
    }
    if (nodes.size() >= Checker.MAX_MODULES || !file.isValidUtf8()) {
      throw new NotSound();
    }
    Digest content = file.digest();
    CheckMemory.Entry entry = memory.find(id);
    boolean same = entry != null && entry.content().equals(content) && entry.fits(file);
    Node node =
        new Node(
            id,
            file,
            content,
            same ? entry : null,
            same && entry != null ? entry.imports() : imports(id, file));
    nodes.put(id, node);
    path.add(node);
    for (CheckMemory.Import i : node.imports) {
      node.edges.add(new Edge(i.specifier(), i.typeOnly(), target(node, i, path)));
    }
    path.removeLast();
    order.add(node);
    return node;
  }

  private List<CheckMemory.Import> imports(ModuleId id, SourceFile file) throws NotSound {
    Checker.Parsed read = checker().parse(id, file);
    if (read.diagnostics().hasErrors()) {
      throw new NotSound();
    }
    List<CheckMemory.Import> imports = new ArrayList<>();
    for (Statement s : read.syntax().items()) {
      switch (s) {
        case Statement.Import i ->
            imports.add(new CheckMemory.Import(i.specifier().text(), Checker.isTypeOnly(i)));
        case Statement.ExportNames e -> {
          if (e.from() != null) {
            imports.add(new CheckMemory.Import(e.from().text(), e.typeOnly()));
          }
        }
        case Statement.ExportAll e -> imports.add(new CheckMemory.Import(e.from().text(), false));
        default -> {}
      }
    }
    return imports;
  }

  private Target target(Node from, CheckMemory.Import i, List<Node> path) throws NotSound {
    return switch (resolver.resolve(from.id, i.specifier())) {
      case Resolution.Refused _ -> throw new NotSound();
      case Resolution.Interface(ModuleInterface module) ->
          new Target.Elsewhere(interfaceOf(module));
      case Resolution.Source(ModuleId id, SourceFile file) -> {
        Node known = nodes.get(id);
        if (known != null && path.contains(known) && !i.typeOnly()) {
          throw new NotSound();
        }
        yield new Target.Local(known != null ? known : visit(id, file, path));
      }
    };
  }

  /**
   * Over the declarations of another package's module and of all modules that can be reached from
   * it by the names in declarations. They may name each other in circles, so the digest is made of
   * the set of them and not from one to the next, where it would depend on who is asked first.
   */
  private Digest interfaceOf(ModuleInterface module) {
    Digest known = interfaces.get(module.id());
    if (known != null) {
      return known;
    }
    Map<String, Digest> reached = new TreeMap<>();
    Deque<ModuleInterface> open = new ArrayDeque<>(List.of(module));
    Declared own = declared(module);
    reached.put(module.id().toString(), own.digest());
    while (!open.isEmpty()) {
      for (ModuleInterface other : declared(open.remove()).named()) {
        if (reached.putIfAbsent(other.id().toString(), declared(other).digest()) == null) {
          open.add(other);
        }
      }
    }
    StringBuilder text = new StringBuilder(own.digest().toString()).append('\n');
    reached.forEach((id, digest) -> text.append(id).append(' ').append(digest).append('\n'));
    Digest made = digest(text);
    interfaces.put(module.id(), made);
    return made;
  }

  /** What one module of another package declares by itself. */
  private Declared declared(ModuleInterface module) {
    Declared known = declared.get(module.id());
    if (known != null) {
      return known;
    }
    StringBuilder text = new StringBuilder();
    Map<ModuleId, ModuleInterface> named = new LinkedHashMap<>();
    for (ModuleInterface.Declaration row : module.declarations()) {
      text.append(row.name()).append(row.exported() ? " + " : " - ");
      text.append(row.text().length()).append(':').append(row.text()).append('\n');
      for (ModuleInterface.FreeName free : row.freeNames()) {
        text.append(free.local()).append(' ').append(free.module());
        text.append(' ').append(free.name()).append('\n');
        if (!free.module().equals(module.id())
            && !named.containsKey(free.module())
            && resolver.resolve(module.id(), free.module().toString())
                instanceof Resolution.Interface(ModuleInterface found)) {
          named.put(free.module(), found);
        }
      }
    }
    Declared made = new Declared(digest(text), List.copyOf(named.values()));
    declared.put(module.id(), made);
    return made;
  }

  private static Digest digest(CharSequence text) {
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  // ---- modules that import each other, imported ones first ----

  private void component(Node node) throws NotSound {
    node.index = count;
    node.low = count++;
    open.add(node);
    opened.add(node);
    for (Edge edge : node.edges) {
      if (edge.target() instanceof Target.Local(Node other)) {
        if (other.index < 0) {
          component(other);
          node.low = Math.min(node.low, other.low);
        } else if (opened.contains(other)) {
          node.low = Math.min(node.low, other.index);
        }
      }
    }
    if (node.low == node.index) {
      List<Node> members = open.subList(open.indexOf(node), open.size());
      opened.removeAll(members);
      conclude(List.copyOf(members));
      members.clear();
    }
  }

  private void conclude(List<Node> members) throws NotSound {
    Digest together = together(members);
    members.forEach(node -> node.key = key(node, together));
    boolean known = members.stream().allMatch(this::isKnown);
    boolean made = true;
    for (Node node : members) {
      node.made = code == null || code.holds(node.id.path(), keyOf(node), this::keyOf);
      made &= node.made;
    }
    if (known && made) {
      members.forEach(node -> node.unchanged = members.size() == 1);
      return;
    }
    List<CheckedModule> bodies = new ArrayList<>();
    for (Node node : members) {
      CheckedModule checkedModule = checkBodies(node);
      node.bodies = checkedModule;
      bodies.add(checkedModule);
    }
    // Instances lead from a module to what it imports, so that no cycle leaves the members; and the
    // bodies of all of them are looked at, for a cycle may lead through those that are in order.
    Instantiations found = checker().checkInstantiations(bodies);
    decoded.learn(members.stream().map(node -> node.id).toList(), found);
    Diagnostics undecodable = new Diagnostics();
    bodies.forEach(b -> Instantiations.checkDecoded(b, decoded::isDecoded, undecodable));
    if (undecodable.hasErrors()) {
      throw new NotSound(); // told if there is no other error
    }
    for (Node node : members) {
      remember(node, keyOf(node));
    }
  }

  /** Takes over what is remembered of a module, if that is of its present state. */
  private boolean isKnown(Node node) {
    CheckMemory.Entry entry = node.entry;
    if (entry == null || !entry.key().equals(node.key)) {
      return false;
    }
    node.typed = entry.typed();
    decoded.learn(node.id, entry.decoded());
    node.diagnostics = entry.warnings().stream().map(w -> w.in(node.file)).toList();
    return true;
  }

  /** What the check of each of the members depends on. */
  private Digest together(List<Node> members) {
    Map<String, Node> sorted = new TreeMap<>();
    members.forEach(node -> sorted.put(node.id.toString(), node));
    StringBuilder text = new StringBuilder(compiler).append('\n');
    sorted.forEach(
        (id, node) -> {
          text.append(id).append(' ').append(node.content).append('\n');
          for (Edge edge : node.edges) {
            text.append(edge.specifier()).append(' ');
            switch (edge.target()) {
              case Target.Local(Node other) ->
                  text.append(other.id).append(' ').append(other.typed);
              case Target.Elsewhere(Digest digest) -> text.append(digest);
            }
            text.append('\n');
          }
        });
    return digest(text);
  }

  private static Digest keyOf(Node node) {
    return Objects.requireNonNull(node.key);
  }

  /** The key of the check of a module that was looked at, or null. */
  private @Nullable Digest keyOf(String path) {
    Node node = nodes.get(new ModuleId("", path));
    return node == null ? null : node.key;
  }

  private Digest key(Node node, Digest together) {
    return digest(together + " " + node.id + " " + entries.containsKey(node.id));
  }

  // ---- checking ----

  private Checker checker() {
    Checker known = checker;
    if (known == null) {
      known = new Checker(resolver);
      checker = known;
    }
    return known;
  }

  private TypedInterface typed() {
    TypedInterface known = typed;
    if (known == null) {
      known = new TypedInterface(checker().library(), checker()::declaresAtTop, decoded::isDecoded);
      typed = known;
    }
    return known;
  }

  private CheckedModule checkBodies(Node node) throws NotSound {
    Checker all = checker();
    int before = all.diagnostics().size();
    Checker.Unit unit = all.declared(node.id, node.file, this::isUnchanged);
    if (all.diagnostics().hasErrorsFrom(before)) {
      throw new NotSound();
    }
    checked++;
    return all.checkBodies(unit, entries.containsKey(node.id));
  }

  /** Modules that import each other are loaded together, as a whole check does. */
  private boolean isUnchanged(ModuleId id) {
    Node node = nodes.get(id);
    return node != null && node.unchanged;
  }

  /** Bodies of other modules may have been checked on the way, for what is inferred from them. */
  private void remember(Node node, Digest key) {
    List<Diagnostic> own = new ArrayList<>();
    ModuleSymbol symbol = checker().symbol(node.id);
    for (Diagnostic diagnostic : checker().diagnostics().inOrder()) {
      if (diagnostic.span().file() == symbol.file()) {
        own.add(diagnostic);
      }
    }
    node.diagnostics = own;
    Digest seen = typed().of(symbol);
    node.typed = seen;
    List<CheckMemory.Warning> warnings = new ArrayList<>();
    for (Diagnostic diagnostic : own) {
      CheckMemory.Warning warning = CheckMemory.Warning.of(diagnostic, symbol.file());
      if (warning == null) {
        memory.put(node.id, null);
        return;
      }
      warnings.add(warning);
    }
    memory.put(
        node.id,
        new CheckMemory.Entry(
            node.content, key, seen, node.imports, decoded.of(node.id), warnings));
  }
}
