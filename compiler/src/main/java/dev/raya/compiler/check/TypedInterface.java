package dev.raya.compiler.check;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The digest of what importers can see of a module: its exports with their types, inferred ones
 * included, which of their type parameters are made from JSON, and everything these types reach, in other modules too. Comments (but for {@code
 * @deprecated}), bodies and what no export reaches do not count.
 *
 * <p>Every symbol is described once, in terms of the names of others; a module's digest is over the
 * descriptions that its exports reach. Used by one thread, after the modules are declared.
 */
final class TypedInterface {
  /** A symbol in words, and the symbols that the words name. */
  private record Description(String text, List<Symbol> mentioned) {}

  /** Whether a symbol is the one that a module declares at its top under its name. */
  interface TopLevel {
    /** Whether the symbol is declared so. */
    boolean declares(ModuleSymbol module, Symbol symbol);
  }

  private final Library library;
  private final TopLevel topLevel;
  private final Predicate<TypeParameterSymbol> decoded;
  private final Map<Symbol, Description> descriptions = new IdentityHashMap<>();

  /**
   * The interfaces of a program's modules.
   *
   * @param decoded whether a cast of json depends on a type parameter, which decides what type
   *     arguments importers may give and how these stand in code
   */
  TypedInterface(Library library, TopLevel topLevel, Predicate<TypeParameterSymbol> decoded) {
    this.library = library;
    this.decoded = decoded;
    this.topLevel = topLevel;
  }

  Digest of(ModuleSymbol module) {
    StringBuilder out = new StringBuilder();
    Deque<Symbol> open = new ArrayDeque<>();
    Set<Symbol> known = Collections.newSetFromMap(new IdentityHashMap<>());
    Description exports = exports(module);
    out.append(exports.text());
    reach(exports.mentioned(), known, open);
    while (!open.isEmpty()) {
      Symbol next = open.poll();
      Description described = described(next);
      out.append(described.text()).append('\n');
      reach(described.mentioned(), known, open);
    }
    return Digest.of(out.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The globals are the same for all modules of a compiler. */
  private void reach(List<Symbol> mentioned, Set<Symbol> known, Deque<Symbol> open) {
    for (Symbol symbol : mentioned) {
      if (known.add(symbol) && moduleOf(symbol) != library.module()) {
        open.add(symbol);
      }
    }
  }

  private Description described(Symbol symbol) {
    Description known = descriptions.get(symbol);
    if (known == null) {
      known = new Writer(symbol).described();
      descriptions.put(symbol, known);
    }
    return known;
  }

  private Description exports(ModuleSymbol module) {
    Writer writer = new Writer(module);
    writer.exportsOf(module);
    return writer.described();
  }

  /** Describes one symbol. */
  private final class Writer {
    private final StringBuilder out = new StringBuilder();
    private final List<Symbol> mentioned = new ArrayList<>();

    /** Anonymous structures on the way, which are written out where they stand. */
    private final List<StructureSymbol> inside = new ArrayList<>();

    private final Symbol subject;

    Writer(Symbol subject) {
      this.subject = subject;
    }

    Description described() {
      if (out.isEmpty()) {
        out.append(name(subject)).append(" = ");
        switch (subject) {
          case VariableSymbol v -> {
            word(v.kind());
            type(v.type());
          }
          case FunctionSymbol f -> function(f);
          case ClassSymbol c -> classSymbol(c);
          case StructureSymbol s -> {
            word(s.kind());
            parameters(s.typeParameters());
            properties(s);
          }
          case AliasSymbol a -> {
            parameters(a.typeParameters());
            Type type = a.type();
            type(type == null ? Type.Primitive.INVALID : type);
          }
          case TypeParameterSymbol _ -> {}
          case ModuleSymbol m -> exportsOf(m);
        }
        deprecated(subject);
      }
      return new Description(out.toString(), mentioned);
    }

    void exportsOf(ModuleSymbol module) {
      out.append("module ").append(module.id()).append('\n');
      new TreeMap<>(module.exports())
          .forEach(
              (name, symbol) -> {
                quoted(name);
                mention(symbol);
                out.append('\n');
              });
    }

    private void word(Enum<?> word) {
      out.append(word.name()).append(' ');
    }

    private void flag(boolean set, String word) {
      if (set) {
        out.append(word).append(' ');
      }
    }

    private void quoted(String text) {
      out.append(text.length()).append(':').append(text).append(' ');
    }

    private void deprecated(Symbol symbol) {
      String why = library.deprecated().get(symbol);
      if (why != null) {
        out.append("deprecated ");
        quoted(why);
      }
    }

    private void mention(Symbol symbol) {
      out.append(name(symbol)).append(' ');
      mentioned.add(symbol);
    }

    private void function(FunctionSymbol f) {
      word(f.kind());
      word(f.access());
      flag(f.async(), "async");
      flag(f.isAbstract(), "abstract");
      quoted(f.name());
      deprecated(f);
      type(f.type());
    }

    private void classSymbol(ClassSymbol c) {
      flag(c.isAbstract(), "abstract");
      flag(c.ambient(), "ambient");
      flag(c.hasImplicitConstructor(), "implicit");
      parameters(c.typeParameters());
      if (c.base() != null) {
        out.append("extends ");
        type(c.base());
      }
      c.interfaces().forEach(this::type);
      c.fields().forEach(this::field);
      c.staticFields().forEach(this::field);
      c.methods().forEach(this::member);
      c.staticMethods().forEach(this::member);
      FunctionSymbol constructor = c.constructor();
      if (constructor != null) {
        member(constructor);
      }
    }

    private void member(FunctionSymbol f) {
      function(f);
      out.append(";\n");
    }

    private void field(FieldSymbol f) {
      word(f.access());
      flag(f.isStatic(), "static");
      flag(f.readonly(), "readonly");
      flag(f.optional(), "optional");
      flag(f.isParameter(), "parameter");
      quoted(f.name());
      type(f.type());
      out.append(";\n");
    }

    private void parameters(List<TypeParameterSymbol> parameters) {
      for (TypeParameterSymbol p : parameters) {
        out.append('<').append(p.name()).append(' ');
        flag(decoded.test(p), "decoded");
        Type constraint = p.constraint();
        if (constraint != null) {
          out.append("extends ");
          type(constraint);
        }
        Type otherwise = p.defaultType();
        if (otherwise != null) {
          out.append("= ");
          type(otherwise);
        }
      }
    }

    private void properties(StructureSymbol s) {
      out.append("{ ");
      for (StructureSymbol.Property p : s.properties()) {
        flag(p.optional(), "optional");
        flag(p.readonly(), "readonly");
        flag(p.method(), "method");
        quoted(p.name());
        type(p.type());
      }
      out.append("} ");
    }

    private void type(Type type) {
      switch (type) {
        case Type.Primitive p -> out.append(p).append(' ');
        case Type.StringLiteral l -> {
          out.append('"');
          quoted(l.value());
        }
        case Type.IntLiteral l -> out.append(l.value()).append(' ');
        case Type.BooleanLiteral l -> out.append(l.value()).append(' ');
        case Type.Array a -> {
          out.append(a.readonly() ? "readonly[] " : "[] ");
          type(a.element());
        }
        case Type.Tuple t -> {
          out.append(t.readonly() ? "readonly( " : "( ");
          t.elements().forEach(this::type);
          out.append(") ");
        }
        case Type.Function f -> {
          out.append("function ");
          parameters(f.typeParameters());
          for (Type.Parameter p : f.parameters()) {
            word(p.kind());
            quoted(p.name());
            type(p.type());
          }
          out.append("=> ");
          type(f.result());
          Type.Predicate predicate = f.predicate();
          if (predicate != null) {
            out.append(predicate.parameter()).append(" is ");
            type(predicate.type());
          }
        }
        case Type.ClassInstance c -> {
          mention(c.symbol());
          c.arguments().forEach(this::type);
        }
        case Type.Structure s -> structure(s);
        case Type.Union u -> {
          out.append("| ");
          u.members().forEach(this::type);
          out.append("; ");
        }
        case Type.Variable v -> out.append('\'').append(v.symbol().name()).append(' ');
      }
    }

    /** Anonymous ones have no name that would stay the same in another check. */
    private void structure(Type.Structure s) {
      StructureSymbol symbol = s.symbol();
      if (!symbol.name().isEmpty()) {
        mention(symbol);
      } else if (inside.contains(symbol)) {
        out.append("^").append(inside.size() - inside.indexOf(symbol)).append(' ');
      } else {
        inside.add(symbol);
        word(symbol.kind());
        properties(symbol);
        inside.removeLast();
      }
      s.arguments().forEach(this::type);
    }
  }

  /** A name that tells a symbol from all others of the program. */
  private String name(Symbol symbol) {
    ModuleSymbol module = moduleOf(symbol);
    if (module == null) {
      return symbol.name();
    }
    if (module == symbol) {
      return "module " + module.id();
    }
    // Symbols inside of functions may share a name: where it stands tells them apart.
    return topLevel.declares(module, symbol)
        ? module.id() + "#" + symbol.name()
        : module.id() + "#" + symbol.name() + "@" + symbol.span().start();
  }

  /** The module that declares a symbol; of a type parameter none. */
  private static @Nullable ModuleSymbol moduleOf(Symbol symbol) {
    return switch (symbol) {
      case VariableSymbol v -> v.module();
      case FunctionSymbol f -> f.module();
      case ClassSymbol c -> c.module();
      case StructureSymbol s -> s.module();
      case AliasSymbol a -> a.module();
      case ModuleSymbol m -> m;
      case TypeParameterSymbol _ -> null;
    };
  }
}
