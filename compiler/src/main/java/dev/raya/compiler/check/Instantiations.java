package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.tree.TreeWalker;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Jsonable;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.TypePrinter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What generic declarations make of their type parameters (language.md 11). An edge from a
 * parameter to another one says that an instance of the first declaration needs one of the second,
 * with a type that mentions the first parameter. Instances go on for ever if and only if a cycle of
 * edges has one whose type is more than the parameter itself: the criterion for expansive
 * inheritance of A. Kennedy and B. Pierce, "On Decidability of Nominal Subtyping with Variance",
 * 2007. So the limit of 64 nested levels is never met.
 *
 * <p>Parameters that a cast of json depends on are followed the other way, to the type arguments
 * that must have a JSON form.
 */
final class Instantiations {
  /** A type argument for {@code to}, in terms of the parameter {@code from}. */
  private record Edge(TypeParameterSymbol from, TypeParameterSymbol to, Type argument, Span span) {
    boolean grows() {
      return !(argument instanceof Type.Variable);
    }
  }

  private final Map<TypeParameterSymbol, List<Edge>> edges = new LinkedHashMap<>();

  /**
   * The edges along which instances follow from each other. They are those of {@link #edges}, but
   * that a parameter of a class has a node of its own in each generic method: such a method has
   * instances by calls only, and not because there is one of its class.
   */
  private final Map<TypeParameterSymbol, List<Edge>> growth = new LinkedHashMap<>();

  /** Of generic methods, the nodes that the parameters of their classes have in them. */
  private final Map<FunctionSymbol, Map<TypeParameterSymbol, TypeParameterSymbol>> inMethods =
      new IdentityHashMap<>();

  /** Those of the method that is being looked at. */
  private Map<TypeParameterSymbol, TypeParameterSymbol> inside = Map.of();

  private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<TypeParameterSymbol> decoded =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final Walker walker = new Walker();

  // ---- what is there

  /** Adds the generic functions and classes of a module. */
  void declarations(CheckedModule module) {
    module.functions().forEach(this::ifGeneric);
    for (List<ClassTree> classes : List.of(module.classes(), module.localClasses())) {
      for (ClassTree c : classes) {
        if (!c.symbol().typeParameters().isEmpty()) {
          classOf(c.symbol());
          c.functions().forEach(this::generic);
        } else {
          c.functions().forEach(this::ifGeneric);
        }
      }
    }
  }

  private void ifGeneric(FunctionTree f) {
    if (!f.symbol().type().typeParameters().isEmpty()) {
      generic(f);
    }
  }

  /** Adds a function whose body mentions type parameters. */
  void generic(FunctionTree f) {
    if (known.add(f)) {
      Map<TypeParameterSymbol, TypeParameterSymbol> outer = inside;
      inside = nodes(f.symbol());
      mention(f.symbol().type(), f.span());
      walker.function(f);
      inside = outer;
    }
  }

  /** The nodes of the parameters of a generic method's class; of other functions none. */
  private Map<TypeParameterSymbol, TypeParameterSymbol> nodes(FunctionSymbol f) {
    ClassSymbol owner = f.owner();
    if (owner == null || f.type().typeParameters().isEmpty()) {
      return Map.of();
    }
    Map<TypeParameterSymbol, TypeParameterSymbol> nodes = inMethods.get(f);
    if (nodes == null) {
      nodes = new IdentityHashMap<>();
      for (TypeParameterSymbol p : owner.typeParameters()) {
        TypeParameterSymbol node = new TypeParameterSymbol(p.name(), p.span());
        nodes.put(p, node);
        // The class has an instance wherever its method has one.
        add(growth, new Edge(node, p, new Type.Variable(node), f.span()));
      }
      inMethods.put(f, nodes);
    }
    return nodes;
  }

  private void classOf(ClassSymbol c) {
    if (!known.add(c)) {
      return;
    }
    Map<TypeParameterSymbol, TypeParameterSymbol> outer = inside;
    inside = Map.of();
    if (c.base() != null) {
      mention(c.base(), c.span());
    }
    for (FieldSymbol field : c.fields()) {
      mention(field.type(), field.span());
    }
    inside = outer;
  }

  /** Adds an interface with type parameters. */
  void structure(StructureSymbol s) {
    if (known.add(s)) {
      Map<TypeParameterSymbol, TypeParameterSymbol> outer = inside;
      inside = Map.of();
      s.properties().forEach(p -> mention(p.type(), p.span()));
      inside = outer;
    }
  }

  // ---- edges

  private void mention(Type type, Span span) {
    switch (type) {
      case Type.Primitive _,
          Type.StringLiteral _,
          Type.IntLiteral _,
          Type.BooleanLiteral _,
          Type.Variable _ -> {}
      case Type.Array a -> mention(a.element(), span);
      case Type.Tuple t -> t.elements().forEach(e -> mention(e, span));
      case Type.Union u -> u.members().forEach(m -> mention(m, span));
      case Type.Function f -> {
        f.parameters().forEach(p -> mention(p.type(), span));
        mention(f.result(), span);
      }
      case Type.ClassInstance c -> {
        instance(c.symbol().typeParameters(), c.arguments(), span);
        if (!c.arguments().isEmpty()) {
          classOf(c.symbol());
        }
      }
      case Type.Structure s -> {
        instance(s.symbol().typeParameters(), s.arguments(), span);
        if (!s.arguments().isEmpty()) {
          structure(s.symbol());
        }
      }
    }
  }

  private static void add(Map<TypeParameterSymbol, List<Edge>> graph, Edge edge) {
    List<Edge> out = graph.computeIfAbsent(edge.from(), _ -> new ArrayList<>());
    if (out.stream().noneMatch(e -> e.to() == edge.to() && e.grows() == edge.grows())) {
      out.add(edge);
    }
  }

  private void instance(List<TypeParameterSymbol> parameters, List<Type> arguments, Span span) {
    instance(parameters, parameters, arguments, span);
  }

  /**
   * Adds the edges of a list of type arguments.
   *
   * @param to the nodes of the parameters, where instances follow from each other
   */
  private void instance(
      List<TypeParameterSymbol> parameters,
      List<TypeParameterSymbol> to,
      List<Type> arguments,
      Span span) {
    for (int i = 0; i < parameters.size() && i < arguments.size(); i++) {
      Type argument = arguments.get(i);
      Set<TypeParameterSymbol> variables = Collections.newSetFromMap(new IdentityHashMap<>());
      collect(argument, variables);
      for (TypeParameterSymbol from : variables) {
        add(edges, new Edge(from, parameters.get(i), argument, span));
        add(growth, new Edge(inside.getOrDefault(from, from), to.get(i), argument, span));
      }
      mention(argument, span);
    }
  }

  private static void collect(Type type, Set<TypeParameterSymbol> out) {
    switch (type) {
      case Type.Variable v -> out.add(v.symbol());
      case Type.Array a -> collect(a.element(), out);
      case Type.Tuple t -> t.elements().forEach(e -> collect(e, out));
      case Type.Union u -> u.members().forEach(m -> collect(m, out));
      case Type.Function f -> {
        f.parameters().forEach(p -> collect(p.type(), out));
        collect(f.result(), out);
      }
      case Type.ClassInstance c -> c.arguments().forEach(a -> collect(a, out));
      case Type.Structure s -> s.arguments().forEach(a -> collect(a, out));
      case Type.Primitive _, Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _ -> {}
    }
  }

  /** Calls back for each list of type arguments that a callee gets. */
  private interface Arguments {
    void of(List<TypeParameterSymbol> parameters, List<Type> arguments);
  }

  private static void arguments(Callee callee, Arguments found) {
    switch (callee) {
      case Callee.Direct c -> found.of(c.function().type().typeParameters(), c.typeArguments());
      case Callee.Method c -> {
        found.of(c.function().type().typeParameters(), c.typeArguments());
        ClassSymbol owner = c.function().owner();
        if (owner != null) {
          found.of(owner.typeParameters(), c.classArguments());
        }
      }
      case Callee.Construct c -> found.of(c.symbol().typeParameters(), c.typeArguments());
      case Callee.SuperConstructor c ->
          found.of(c.base().symbol().typeParameters(), c.base().arguments());
      case Callee.Structural _, Callee.Value _, Callee.Builtin _ -> {}
    }
  }

  private static boolean decodes(Callee callee) {
    return callee instanceof Callee.Builtin b && b.name().equals("JSON.decode");
  }

  /** Looks at the bodies of generic declarations. */
  private final class Walker extends TreeWalker {
    @Override
    protected void function(FunctionTree function) {
      super.function(function);
    }

    @Override
    protected void stmt(Stmt stmt) {
      if (stmt instanceof Stmt.Declare d) {
        mention(d.variable().type(), d.span());
      }
      super.stmt(stmt);
    }

    @Override
    protected void expr(Expr expr) {
      mention(expr.type(), expr.span());
      switch (expr) {
        case Expr.Call c -> {
          callee(c.callee(), c.span());
          if (c.callee() instanceof Callee.Builtin b && decodes(b)) {
            b.typeArguments().forEach(t -> collect(t, decoded));
          }
        }
        case Expr.FunctionValue f -> callee(f.callee(), f.span());
        case Expr.BoundMethod m -> callee(m.callee(), m.span());
        case Expr.Convert c when c.conversion() == Conversion.JSON_CAST ->
            collect(c.type(), decoded);
        default -> {}
      }
      super.expr(expr);
    }

    private void callee(Callee callee, Span span) {
      arguments(callee, (parameters, types) -> instance(parameters, types, span));
      if (callee instanceof Callee.Method m && m.function().owner() instanceof ClassSymbol owner) {
        Map<TypeParameterSymbol, TypeParameterSymbol> nodes = nodes(m.function());
        if (!nodes.isEmpty()) {
          List<TypeParameterSymbol> to = new ArrayList<>();
          owner.typeParameters().forEach(p -> to.add(nodes.getOrDefault(p, p)));
          instance(owner.typeParameters(), to, m.classArguments(), span);
        }
      }
    }
  }

  // ---- what is wrong

  /** Reports what would be instantiated without end. */
  void check(Diagnostics diagnostics) {
    Components components = new Components(growth);
    growth.keySet().forEach(components::visit);
    for (List<Edge> out : growth.values()) {
      for (Edge edge : out) {
        if (edge.grows() && components.isCycle(edge)) {
          diagnostics.add(
              DiagnosticCode.E0330,
              edge.span(),
              "endless instantiation: '"
                  + edge.to().name()
                  + "' becomes '"
                  + TypePrinter.print(edge.argument())
                  + "', which leads back here with ever larger types");
        }
      }
    }
  }

  /** Reports type arguments that JSON cannot make, in all modules. */
  void checkDecoded(List<CheckedModule> modules, Diagnostics diagnostics) {
    if (!decoded.isEmpty()) {
      spread();
      for (CheckedModule module : modules) {
        checkDecoded(module, decoded::contains, diagnostics);
      }
    }
  }

  /** Reports type arguments that JSON cannot make, in one module. */
  static void checkDecoded(
      CheckedModule module, Predicate<TypeParameterSymbol> decoded, Diagnostics diagnostics) {
    DecodedArguments uses = new DecodedArguments(decoded, diagnostics);
    module.functions().forEach(uses::function);
    for (List<ClassTree> classes : List.of(module.classes(), module.localClasses())) {
      classes.forEach(c -> c.functions().forEach(uses::function));
    }
    uses.statements(module.body());
  }

  /** The parameters that others are passed on to. */
  Set<TypeParameterSymbol> targets() {
    Set<TypeParameterSymbol> targets = Collections.newSetFromMap(new IdentityHashMap<>());
    edges.values().forEach(out -> out.forEach(edge -> targets.add(edge.to())));
    return targets;
  }

  /** The parameters that a cast of json depends on, once {@link #checkDecoded} has run. */
  Set<TypeParameterSymbol> decoded() {
    return decoded;
  }

  /** Numbers of the strongly connected components of the edges, after Tarjan (1972). */
  private static final class Components {
    private final Map<TypeParameterSymbol, List<Edge>> edges;
    private final Map<TypeParameterSymbol, Integer> number = new IdentityHashMap<>();
    private final Map<TypeParameterSymbol, Integer> low = new IdentityHashMap<>();
    private final Map<TypeParameterSymbol, Integer> component = new IdentityHashMap<>();
    private final List<TypeParameterSymbol> open = new ArrayList<>();

    Components(Map<TypeParameterSymbol, List<Edge>> edges) {
      this.edges = edges;
    }

    /** A parameter on the way and which of its edges comes next. */
    private static final class Visit {
      final TypeParameterSymbol at;
      int next;

      Visit(TypeParameterSymbol at) {
        this.at = at;
      }
    }

    void visit(TypeParameterSymbol start) {
      if (number.containsKey(start)) {
        return;
      }
      Deque<Visit> path = new ArrayDeque<>(List.of(begin(start)));
      while (!path.isEmpty()) {
        Visit visit = path.getLast();
        List<Edge> out = edges.getOrDefault(visit.at, List.of());
        if (visit.next < out.size()) {
          TypeParameterSymbol to = out.get(visit.next++).to();
          Integer met = number.get(to);
          if (met == null) {
            path.addLast(begin(to));
          } else if (!component.containsKey(to)) {
            low.merge(visit.at, met, Math::min);
          }
        } else {
          path.removeLast();
          end(visit.at);
          if (!path.isEmpty() && !component.containsKey(visit.at)) {
            low.merge(path.getLast().at, low.getOrDefault(visit.at, 0), Math::min);
          }
        }
      }
    }

    private Visit begin(TypeParameterSymbol at) {
      low.put(at, number.size());
      number.put(at, number.size());
      open.add(at);
      return new Visit(at);
    }

    private void end(TypeParameterSymbol at) {
      Integer own = number.get(at);
      if (own != null && own.equals(low.get(at))) {
        TypeParameterSymbol member;
        do {
          member = open.removeLast();
          component.put(member, own);
        } while (member != at);
      }
    }

    boolean isCycle(Edge edge) {
      Integer from = component.get(edge.from());
      return from != null && from.equals(component.get(edge.to()));
    }
  }

  /** A parameter that is passed on to one that is decoded is decoded itself. */
  void spread() {
    Map<TypeParameterSymbol, List<TypeParameterSymbol>> givers = new IdentityHashMap<>();
    for (List<Edge> out : edges.values()) {
      for (Edge edge : out) {
        givers.computeIfAbsent(edge.to(), _ -> new ArrayList<>()).add(edge.from());
      }
    }
    Deque<TypeParameterSymbol> open = new ArrayDeque<>(decoded);
    while (!open.isEmpty()) {
      for (TypeParameterSymbol from : givers.getOrDefault(open.poll(), List.of())) {
        if (decoded.add(from)) {
          open.add(from);
        }
      }
    }
  }

  /** Looks at all calls for type arguments that JSON cannot make. */
  private static final class DecodedArguments extends TreeWalker {
    private final Predicate<TypeParameterSymbol> decoded;
    private final Diagnostics diagnostics;

    DecodedArguments(Predicate<TypeParameterSymbol> decoded, Diagnostics diagnostics) {
      this.decoded = decoded;
      this.diagnostics = diagnostics;
    }

    @Override
    protected void function(FunctionTree function) {
      super.function(function);
    }

    @Override
    protected void expr(Expr expr) {
      switch (expr) {
        case Expr.Call c -> callee(c.callee(), c.span());
        case Expr.FunctionValue f -> callee(f.callee(), f.span());
        case Expr.BoundMethod m -> callee(m.callee(), m.span());
        default -> {}
      }
      super.expr(expr);
    }

    private void callee(Callee callee, Span span) {
      arguments(callee, (parameters, types) -> fits(parameters, types, span));
    }

    private void fits(List<TypeParameterSymbol> parameters, List<Type> types, Span span) {
      for (int i = 0; i < parameters.size() && i < types.size(); i++) {
        Type fault = decoded.test(parameters.get(i)) ? Jsonable.notDecodable(types.get(i)) : null;
        if (fault != null) {
          diagnostics.add(
              DiagnosticCode.E0337,
              span,
              "'"
                  + parameters.get(i).name()
                  + "' is made from JSON here, which a value of type '"
                  + TypePrinter.print(fault)
                  + "' cannot be");
        }
      }
    }
  }
}
