package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.ModuleId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Capabilities as modules (language.md 16.2, stdlib.md 8): what {@code declare module "host:query"}
 * says becomes a module of the package, in which each function that is exported is one that calls
 * the capability. So it can be a value and be called from generic code as any function; only its
 * body is special.
 */
final class HostModules {
  private static final String NATIVE = "native:";
  private static final String MEMBER = "host$";

  private HostModules() {}

  /**
   * The module of a capability.
   *
   * @param declaring where it is declared
   * @param diagnostics is told what cannot be part of one
   */
  static ModuleSyntax of(ModuleId id, ModuleSyntax declaring, Diagnostics diagnostics) {
    List<Statement> items = new ArrayList<>();
    Set<String> declared = new HashSet<>();
    Set<String> lost = new HashSet<>(declaring.lost());
    for (Statement s : declaring.items()) {
      if (s instanceof Statement.AmbientModule m && m.name().text().equals(id.path())) {
        for (Statement member : m.members()) {
          if (isMember(m, member, diagnostics)) {
            if (declared.addAll(names(member)) || names(member).isEmpty()) {
              add(member, items);
            } else {
              diagnostics.add(
                  DiagnosticCode.E0202,
                  member.span(),
                  "'" + names(member).getFirst() + "' is already declared in this module");
            }
          } else {
            lost.addAll(names(member));
          }
        }
      }
    }
    return new ModuleSyntax(declaring.file(), items, null, lost);
  }

  /** Checks what a declared module says that no import reads; its types are not looked at. */
  static void check(Statement.AmbientModule module, Diagnostics diagnostics) {
    String name = module.name().text();
    if (!name.startsWith(ModuleId.HOST) && !name.startsWith(NATIVE)) {
      diagnostics.add(
          DiagnosticCode.E0509,
          module.name().span(),
          "'declare module' describes a capability, \"host:NAME\", or a native module,"
              + " \"native:NAME\"; other modules are files");
    }
    for (Statement member : module.members()) {
      isMember(module, member, diagnostics);
    }
  }

  /** What is declared by something that cannot be part of a module. */
  private static List<String> names(Statement member) {
    return switch (member) {
      case Statement.ExportDeclaration e -> names(e.declaration());
      case Statement.Function f -> List.of(f.name().text());
      case Statement.Class c -> List.of(c.name().text());
      case Statement.Variables v ->
          v.bindings().stream()
              .filter(b -> b.target() instanceof Pattern.Identifier)
              .map(b -> ((Pattern.Identifier) b.target()).name().text())
              .toList();
      default -> List.of();
    };
  }

  private static boolean isMember(
      Statement.AmbientModule module, Statement member, Diagnostics diagnostics) {
    boolean host = module.name().text().startsWith(ModuleId.HOST);
    Statement declared = member instanceof Statement.ExportDeclaration e ? e.declaration() : member;
    String fault =
        switch (declared) {
          case Statement.Interface _, Statement.Alias _ -> null;
          case Statement.Function f -> fault(f.function(), host);
          case Statement.Class _ ->
              host ? "a capability gives functions; declare what they give as interfaces" : null;
          case Statement.Variables v -> fault(v, host);
          default -> "a declared module has declarations only";
        };
    if (fault == null) {
      return true;
    }
    diagnostics.add(host ? DiagnosticCode.E0509 : DiagnosticCode.E0101, declared.span(), fault);
    return false;
  }

  private static @Nullable String fault(FunctionSyntax f, boolean host) {
    if (f.body() != null || f.async()) {
      return "a function of a declared module has no body and is not 'async'";
    }
    if (host && !f.typeParameters().isEmpty()) {
      return "a function of a capability has no type parameters: what it takes and gives is copied as"
          + " json";
    }
    for (FunctionSyntax.Parameter p : f.parameters()) {
      if (!(p.target() instanceof Pattern.Identifier) || p.defaultValue() != null) {
        return "a parameter of a declared function is a name with a type";
      }
    }
    return null;
  }

  private static @Nullable String fault(Statement.Variables v, boolean host) {
    if (host) {
      return "a capability gives functions; declare one that gives the value";
    }
    boolean typed =
        v.bindings().stream()
            .allMatch(
                b ->
                    b.target() instanceof Pattern.Identifier
                        && b.annotation() != null
                        && b.init() == null);
    return v.constant() && typed ? null : "a value of a declared module is 'const NAME: TYPE;'";
  }

  private static void add(Statement member, List<Statement> items) {
    if (!(member instanceof Statement.ExportDeclaration e
        && e.declaration() instanceof Statement.Function f)) {
      if (!(member instanceof Statement.Function)) {
        items.add(member);
      }
      return;
    }
    Span span = f.span();
    Name itself = new Name(f.name().span(), MEMBER + f.name().text());
    items.add(
        new Statement.Ambient(span, new Statement.Function(span, itself, f.function(), null)));
    List<Expression.Element> arguments = new ArrayList<>();
    for (FunctionSyntax.Parameter p : f.function().parameters()) {
      if (p.target() instanceof Pattern.Identifier(Name name)) {
        arguments.add(new Expression.Element(new Expression.Identifier(name), p.rest()));
      }
    }
    Expression call =
        new Expression.Call(span, new Expression.Identifier(itself), List.of(), arguments, false);
    boolean nothing =
        f.function().result() == null || f.function().result() instanceof TypeNode.VoidForm;
    Statement body =
        nothing ? new Statement.Evaluate(span, call) : new Statement.Return(span, call);
    FunctionSyntax calling =
        new FunctionSyntax(
            f.function().span(),
            false,
            false,
            List.of(),
            f.function().parameters(),
            f.function().result(),
            new FunctionSyntax.BlockBody(new Statement.Block(span, List.of(body))));
    items.add(
        new Statement.ExportDeclaration(
            span, new Statement.Function(span, f.name(), calling, f.doc())));
  }
}
