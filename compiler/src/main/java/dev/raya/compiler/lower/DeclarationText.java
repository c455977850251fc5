package dev.raya.compiler.lower;

import dev.raya.compiler.bind.ModuleInterface;
import dev.raya.compiler.ir.IrPackage.Declaration;
import dev.raya.compiler.ir.IrPackage.FreeName;
import dev.raya.compiler.parse.SourceWords;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.ModuleSymbols;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of DECL: ambient declarations of what a module exports and of what these reach ({@code
 * rbin.md} 3.12). Inferred types are written out; aliases are expanded; private members are left
 * out. A generic declaration is its source; what its body mentions is reached too, private or not.
 */
public final class DeclarationText {
  /**
   * What the text of a declaration starts with that importers cannot name. (The flag of EXPT that
   * says so also keeps code from linking to it.)
   */
  public static final String INTERNAL = "declare ";

  /** Where importers find a symbol. */
  private record Home(int module, String name, boolean internal) {}

  private final Lowering lowering;
  private final ExternalNames externals;
  private final Map<Symbol, Home> homes = new LinkedHashMap<>();
  private final Deque<Symbol> open = new ArrayDeque<>();
  private final Map<StructureSymbol, Boolean> recursive = new HashMap<>();
  private final Map<StructureSymbol, String> shapeNames = new HashMap<>();
  private final Set<Symbol> mentioned = new HashSet<>();
  private final Map<Integer, Map<String, Declaration>> rows = new HashMap<>();

  DeclarationText(Lowering lowering, ExternalNames externals) {
    this.lowering = lowering;
    this.externals = externals;
  }

  /** Writes the rows of all modules; what importable ones export has its home there. */
  void write(List<ModuleSymbol> importable) {
    for (ModuleSymbol module : importable) {
      int number = lowering.numberOf(module);
      module
          .exports()
          .forEach(
              (name, symbol) -> {
                if (!isOfAnotherPackage(symbol)) {
                  settle(
                      symbol,
                      isRenamed(name, symbol, module)
                          ? new Home(number, symbol.name(), true)
                          : new Home(number, name, false));
                }
              });
    }
    for (Symbol symbol = open.poll(); symbol != null; symbol = open.poll()) {
      Home home = homes.get(symbol);
      Declaration row = home == null ? null : row(home.name(), symbol, home.internal());
      if (home != null && row != null) {
        rowsOf(home.module()).put(home.name(), row);
      }
    }
    for (ModuleSymbol module : importable) {
      for (Map.Entry<String, Symbol> again : module.exports().entrySet()) {
        Declaration row = again(again.getKey(), again.getValue(), module);
        if (row != null) {
          rowsOf(lowering.numberOf(module)).putIfAbsent(again.getKey(), row);
        }
      }
    }
  }

  /**
   * Whether what is exported again stays what another package declares: all that there is one of,
   * and generics. An interface or an alias is what it says, so it is declared here.
   */
  private static boolean isOfAnotherPackage(Symbol symbol) {
    return switch (symbol) {
      case ModuleSymbol _ -> false;
      case StructureSymbol s when s.typeParameters().isEmpty() -> false;
      case AliasSymbol a when a.typeParameters().isEmpty() -> false;
      default -> moduleOf(symbol).external();
    };
  }

  /** The row of a name for what may have one already, under another name or in another module. */
  private @Nullable Declaration again(String name, Symbol symbol, ModuleSymbol module) {
    if (isOfAnotherPackage(symbol)) {
      Writer writer = new Writer();
      writer.exportedAgain(name + "$", name, symbol);
      return declaration(name, false, symbol, writer);
    }
    if (isRenamed(name, symbol, module)) {
      return renamed(name, (StructureSymbol) symbol);
    }
    Home home = homes.get(symbol);
    int number = lowering.numberOf(module);
    if (!(symbol instanceof ClassSymbol c)
        || home == null
        || home.module() == number && home.name().equals(name)) {
      return row(name, symbol, false);
    }
    // A class is a type by its name: a second declaration would be a second type.
    Writer writer = new Writer();
    writer.exportedAgain(home.module() == number ? home.name() : name + "$", name, c);
    return declaration(name, false, symbol, writer);
  }

  private Map<String, Declaration> rowsOf(int module) {
    return rows.computeIfAbsent(module, _ -> new TreeMap<>());
  }

  /**
   * Whether an interface is exported under another name only. Its own name is part of the type, so
   * importers must know it by that.
   */
  private static boolean isRenamed(String name, Symbol symbol, ModuleSymbol module) {
    return symbol instanceof StructureSymbol s
        && s.kind() == StructureSymbol.Kind.INTERFACE
        && !name.equals(s.name())
        && !module.exports().containsKey(s.name());
  }

  private Declaration renamed(String name, StructureSymbol symbol) {
    Writer writer = new Writer();
    writer.renamed(name, symbol);
    return declaration(name, false, symbol, writer);
  }

  private void settle(Symbol symbol, Home home) {
    if (homes.putIfAbsent(symbol, home) == null) {
      open.add(symbol);
    }
  }

  /** Whether a row gives another name to what has a row of its own. */
  static boolean isOtherName(String text) {
    return text.startsWith("{");
  }

  /** The rows of a module, sorted by name. */
  List<Declaration> rows(int module) {
    return List.copyOf(rowsOf(module).values());
  }

  /** Whether the source of a template mentions a symbol. */
  boolean isMentioned(Symbol symbol) {
    return mentioned.contains(symbol);
  }

  /** Declarations of a module that importers meet without being able to name them. */
  List<Symbol> internals(int module) {
    List<Symbol> found = new ArrayList<>();
    homes.forEach(
        (symbol, home) -> {
          if (home.module() == module && home.internal()) {
            found.add(symbol);
          }
        });
    return found;
  }

  /**
   * Whether importers compile methods of a class that is not generic, which see all its members.
   */
  static boolean hasGenericMethods(ClassSymbol c) {
    return c.typeParameters().isEmpty()
        && Stream.concat(c.methods().stream(), c.staticMethods().stream())
            .anyMatch(m -> !m.type().typeParameters().isEmpty());
  }

  private @Nullable Declaration row(String name, Symbol symbol, boolean internal) {
    Writer writer = new Writer();
    if (internal) {
      writer.word(INTERNAL.strip());
    }
    if (symbol instanceof ModuleSymbol namespace) {
      writer.namespace(name, namespace);
      return new Declaration(name, false, 1, writer.text(), writer.freeNames(symbol), "");
    }
    CheckedModule.Template source = lowering.source(moduleOf(symbol), symbol);
    if (source != null) {
      writer.source(name, symbol, source);
      boolean template = !(symbol instanceof FunctionSymbol f && f.ambient());
      return declaration(name, template, symbol, writer);
    }
    boolean written =
        switch (symbol) {
          case FunctionSymbol f -> writer.function(name, f);
          case ClassSymbol c -> writer.classOf(name, c);
          case VariableSymbol v -> writer.constant(name, v);
          case StructureSymbol s -> writer.structure(name, s);
          case AliasSymbol a -> writer.alias(name, a);
          default -> false;
        };
    return written ? declaration(name, false, symbol, writer) : null;
  }

  private Declaration declaration(String name, boolean template, Symbol symbol, Writer writer) {
    return new Declaration(
        name,
        template,
        symbol.span().from().line(),
        writer.text(),
        writer.freeNames(symbol),
        lowering.documentation(moduleOf(symbol), symbol));
  }

  /** One row's tokens. */
  private final class Writer {
    private final StringBuilder out = new StringBuilder();
    private final Map<String, Symbol> names = new TreeMap<>();

    String text() {
      return out.toString();
    }

    List<FreeName> freeNames(Symbol own) {
      List<FreeName> free = new ArrayList<>();
      names.forEach(
          (local, symbol) -> {
            Home home = homes.get(symbol);
            boolean self = symbol == own && home != null && home.name().equals(local);
            if (symbol instanceof ModuleSymbol namespace) {
              free.add(
                  namespace.external()
                      ? new FreeName(
                          local, true, externals.module(namespace), ModuleInterface.NAMESPACE)
                      : new FreeName(
                          local, false, lowering.numberOf(namespace), ModuleInterface.NAMESPACE));
            } else if (!self) {
              ModuleSymbol module = moduleOf(symbol);
              if (module.external() && home == null) {
                free.add(new FreeName(local, true, externals.module(module), symbol.name()));
              } else if (home != null) {
                free.add(new FreeName(local, false, home.module(), home.name()));
              }
            }
          });
      return free;
    }

    private Writer word(String... words) {
      for (String word : words) {
        if (!out.isEmpty()) {
          out.append(' ');
        }
        out.append(word);
      }
      return this;
    }

    /** A generic declaration as its source has it, under the name it is exported by. */
    void source(String name, Symbol symbol, CheckedModule.Template template) {
      boolean prefixed = symbol instanceof ClassSymbol c && c.isAbstract();
      if (prefixed && !template.text().startsWith("abstract")) {
        word("abstract");
      }
      word(
          name.equals(symbol.name())
              ? template.text()
              : template
                  .text()
                  .replaceFirst(
                      "(?<=\\s)" + Pattern.quote(symbol.name()) + "(?=\\s)",
                      Matcher.quoteReplacement(name)));
      mention(template);
    }

    private void mention(CheckedModule.Template template) {
      template
          .names()
          .forEach(
              (local, mentioned) -> {
                if (mentioned instanceof ModuleSymbol namespace) {
                  reach(local, namespace);
                } else if (!moduleOf(mentioned).id().packageName().equals(ModuleSymbols.CORE)) {
                  names.put(local, mentioned);
                  DeclarationText.this.mentioned.add(mentioned);
                  if (!moduleOf(mentioned).external()) {
                    settle(
                        mentioned,
                        new Home(lowering.numberOf(moduleOf(mentioned)), mentioned.name(), true));
                  }
                }
              });
    }

    /** Everything that a namespace may be asked for. */
    private void reach(String local, ModuleSymbol namespace) {
      names.put(local, namespace);
      if (!namespace.external()) {
        int number = lowering.numberOf(namespace);
        namespace.exports().forEach((name, s) -> settle(s, new Home(number, name, true)));
      }
    }

    /** What stands after {@code export}; the free name says which module is meant. */
    void namespace(String name, ModuleSymbol namespace) {
      word("*", "as", name, "from", SourceWords.quoted(namespace.id().toString()), ";");
      reach(name, namespace);
    }

    /** {@code export { local as name };}, which has its first word from who reads it. */
    void exportedAgain(String local, String name, Symbol symbol) {
      names.put(local, symbol);
      word("{", local, "as", name, "}", ";");
    }

    boolean function(String name, FunctionSymbol f) {
      if (!f.type().typeParameters().isEmpty()) {
        return false;
      }
      word("function", name);
      signature(f.type());
      word(";");
      return true;
    }

    boolean constant(String name, VariableSymbol v) {
      word(v.kind() == VariableSymbol.Kind.LET ? "let" : "const", name, ":");
      type(v.type());
      word(";");
      return true;
    }

    boolean alias(String name, AliasSymbol a) {
      if (!a.typeParameters().isEmpty() || a.type() == null) {
        return false;
      }
      word("type", name, "=");
      type(a.type());
      word(";");
      return true;
    }

    /** Another name of an interface, as an alias. */
    void renamed(String name, StructureSymbol s) {
      word("type", name);
      List<Type> arguments = new ArrayList<>();
      for (TypeParameterSymbol p : s.typeParameters()) {
        word(arguments.isEmpty() ? "<" : ",", p.name());
        if (p.constraint() != null) {
          word("extends");
          type(p.constraint());
        }
        if (p.defaultType() != null) {
          word("=");
          type(p.defaultType());
        }
        arguments.add(new Type.Variable(p));
      }
      if (!arguments.isEmpty()) {
        word(">");
      }
      word("=");
      reference(s, arguments);
      word(";");
    }

    boolean structure(String name, StructureSymbol s) {
      boolean named = s.kind() == StructureSymbol.Kind.INTERFACE;
      if (named && !s.typeParameters().isEmpty()) {
        return false;
      }
      // A type written in place that holds itself stays one: only an interface has the name of its
      // declaration, and the alias of an object type is an interface.
      word(named ? "interface" : "type", name);
      for (int i = 0; i < s.typeParameters().size(); i++) {
        word(i == 0 ? "<" : ",", s.typeParameters().get(i).name());
      }
      if (!s.typeParameters().isEmpty()) {
        word(">");
      }
      if (!named) {
        word("=", "never", "|");
      }
      word("{");
      members(s.properties());
      word("}");
      if (!named) {
        word(";");
      }
      return true;
    }

    boolean classOf(String name, ClassSymbol c) {
      if (!c.typeParameters().isEmpty()) {
        return false;
      }
      if (c.isAbstract()) {
        word("abstract");
      }
      word("class", name);
      if (c.base() != null) {
        word("extends");
        type(c.base());
      }
      for (int i = 0; i < c.interfaces().size(); i++) {
        word(i == 0 ? "implements" : ",");
        type(c.interfaces().get(i));
      }
      boolean open = hasGenericMethods(c);
      word("{");
      FunctionSymbol constructor = c.constructor();
      if (constructor != null) {
        word("constructor", "(");
        parameters(constructor.type());
        word(")", ";");
      }
      c.fields().forEach(f -> field(f, open));
      c.staticFields().forEach(f -> field(f, open));
      c.methods().forEach(m -> method(m, open));
      c.staticMethods().forEach(m -> method(m, open));
      word("}");
      return true;
    }

    private void field(FieldSymbol field, boolean open) {
      if (field.access() == Access.PRIVATE && !open) {
        return;
      }
      modifiers(field.access(), field.isStatic(), false);
      if (field.readonly()) {
        word("readonly");
      }
      word(field.name());
      if (field.optional()) {
        word("?");
      }
      word(":");
      type(field.type());
      word(";");
    }

    private void method(FunctionSymbol method, boolean open) {
      if (!method.type().typeParameters().isEmpty()) {
        CheckedModule.Template source = lowering.source(method.module(), method);
        if (source != null) {
          word(source.text());
          mention(source);
        }
        return;
      }
      if (method.access() == Access.PRIVATE && !open) {
        return;
      }
      modifiers(
          method.access(), method.kind() == FunctionSymbol.Kind.STATIC_METHOD, method.isAbstract());
      switch (method.kind()) {
        case GETTER -> word("get");
        case SETTER -> word("set");
        default -> {}
      }
      word(method.name());
      signature(method.type());
      word(";");
    }

    private void modifiers(Access access, boolean isStatic, boolean isAbstract) {
      switch (access) {
        case PROTECTED -> word("protected");
        case PRIVATE -> word("private");
        case PUBLIC -> {}
      }
      if (isStatic) {
        word("static");
      }
      if (isAbstract) {
        word("abstract");
      }
    }

    private void signature(Type.Function type) {
      word("(");
      parameters(type);
      word(")", ":");
      type(type.result());
    }

    private void parameters(Type.Function type) {
      for (int i = 0; i < type.parameters().size(); i++) {
        Type.Parameter p = type.parameters().get(i);
        if (i > 0) {
          word(",");
        }
        // A pattern has no name; no other parameter is called like that.
        String name = p.name().isEmpty() ? "$" + i : p.name();
        switch (p.kind()) {
          case REST -> word("...", name, ":");
          case REQUIRED -> word(name, ":");
          case OPTIONAL -> word(name, "?", ":");
          case DEFAULT -> word(name, ":");
        }
        type(p.type());
        if (p.kind() == Type.ParameterKind.DEFAULT) {
          word("=", "null");
        }
      }
    }

    private void members(List<StructureSymbol.Property> properties) {
      for (StructureSymbol.Property p : properties) {
        if (p.readonly() && !p.method()) {
          word("readonly");
        }
        word(propertyName(p.name()));
        if (p.optional()) {
          word("?");
        }
        if (p.method() && p.type() instanceof Type.Function f) {
          signature(f);
        } else {
          word(":");
          type(p.type());
        }
        word(";");
      }
    }

    private static String propertyName(String name) {
      boolean plain = !name.isEmpty() && Character.isUnicodeIdentifierStart(name.charAt(0));
      for (int i = 1; i < name.length() && plain; i++) {
        plain = Character.isUnicodeIdentifierPart(name.charAt(i));
      }
      return plain || name.equals("_") ? name : SourceWords.quoted(name);
    }

    private void type(Type type) {
      switch (type) {
        case Type.Primitive p -> word(p.toString());
        case Type.StringLiteral s -> word(SourceWords.quoted(s.value()));
        case Type.IntLiteral i -> word(Integer.toString(i.value()));
        case Type.BooleanLiteral b -> word(Boolean.toString(b.value()));
        case Type.Array a -> {
          if (a.readonly()) {
            word("readonly");
          }
          boolean simple =
              switch (a.element()) {
                case Type.Union _, Type.Function _ -> false;
                case Type.Array inner -> !inner.readonly();
                case Type.Tuple inner -> !inner.readonly();
                default -> true;
              };
          if (!simple) {
            word("(");
          }
          type(a.element());
          if (!simple) {
            word(")");
          }
          word("[", "]");
        }
        case Type.Tuple t -> {
          if (t.readonly()) {
            word("readonly");
          }
          word("[");
          list(t.elements());
          word("]");
        }
        case Type.Function f -> {
          word("(");
          parameters(f);
          word(")", "=>");
          type(f.result());
        }
        case Type.ClassInstance c -> reference(c.symbol(), c.arguments());
        case Type.Structure s -> {
          if (s.symbol().kind() == StructureSymbol.Kind.INTERFACE) {
            reference(s.symbol(), s.arguments());
          } else if (isRecursive(s.symbol())) {
            reference(s.symbol(), nameOf(s.symbol()), s.arguments());
          } else {
            word("{");
            members(Members.properties(s));
            word("}");
          }
        }
        case Type.Union u -> {
          for (int i = 0; i < u.members().size(); i++) {
            if (i > 0) {
              word("|");
            }
            boolean function = u.members().get(i) instanceof Type.Function;
            if (function) {
              word("(");
            }
            type(u.members().get(i));
            if (function) {
              word(")");
            }
          }
        }
        case Type.Variable v -> word(v.symbol().name());
      }
    }

    private void reference(Symbol symbol, List<Type> arguments) {
      reference(symbol, symbol.name(), arguments);
    }

    private void reference(Symbol symbol, String name, List<Type> arguments) {
      ModuleSymbol module = moduleOf(symbol);
      if (!module.id().packageName().equals(ModuleSymbols.CORE)) {
        names.put(name, symbol);
        if (!module.external()) {
          settle(symbol, new Home(lowering.numberOf(module), name, true));
        }
      }
      word(name);
      if (!arguments.isEmpty()) {
        word("<");
        list(arguments);
        word(">");
      }
    }

    private void list(List<Type> types) {
      for (int i = 0; i < types.size(); i++) {
        if (i > 0) {
          word(",");
        }
        type(types.get(i));
      }
    }
  }

  /** Whether a type written in place holds itself, by an alias: it needs a name. */
  private boolean isRecursive(StructureSymbol structure) {
    return recursive.computeIfAbsent(
        structure, s -> new Reach(s).reaches(new Type.Structure(s, List.of())));
  }

  private String nameOf(StructureSymbol structure) {
    return shapeNames.computeIfAbsent(structure, s -> "Shape$" + shapeNames.size());
  }

  /** Looks for a type written in place among its own parts. */
  private static final class Reach {
    private final StructureSymbol wanted;
    private final Set<StructureSymbol> seen = new HashSet<>();

    Reach(StructureSymbol wanted) {
      this.wanted = wanted;
    }

    boolean reaches(Type type) {
      return switch (type) {
        case Type.Structure s -> {
          if (s.symbol() == wanted && !seen.isEmpty()) {
            yield true;
          }
          boolean known =
              s.arguments().stream().anyMatch(this::reaches)
                  || s.symbol().kind() != StructureSymbol.Kind.INTERFACE
                      && seen.add(s.symbol())
                      && s.symbol().properties().stream().anyMatch(p -> reaches(p.type()));
          yield known;
        }
        case Type.Array a -> reaches(a.element());
        case Type.Tuple t -> t.elements().stream().anyMatch(this::reaches);
        case Type.Union u -> u.members().stream().anyMatch(this::reaches);
        case Type.ClassInstance c -> c.arguments().stream().anyMatch(this::reaches);
        case Type.Function f ->
            reaches(f.result()) || f.parameters().stream().anyMatch(p -> reaches(p.type()));
        case Type.Primitive _,
            Type.StringLiteral _,
            Type.IntLiteral _,
            Type.BooleanLiteral _,
            Type.Variable _ ->
            false;
      };
    }
  }

  private static ModuleSymbol moduleOf(Symbol symbol) {
    return switch (symbol) {
      case ClassSymbol c -> c.module();
      case StructureSymbol s -> s.module();
      case AliasSymbol a -> a.module();
      case FunctionSymbol f -> f.module();
      case VariableSymbol v -> v.module();
      default -> throw new IllegalStateException("no module: " + symbol);
    };
  }
}
