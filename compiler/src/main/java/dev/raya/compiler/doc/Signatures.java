package dev.raya.compiler.doc;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Declarations without their bodies, as their author wrote them. */
final class Signatures {
  private Signatures() {}

  static DocReader.Found function(Statement.Function f) {
    FunctionSyntax function = f.function();
    return new DocReader.Found(
        item(DocItem.Kind.FUNCTION, f.name(), head(f.span(), function), f.doc(), List.of()),
        function.result() == null);
  }

  static DocReader.Found variable(Statement.Variables all, Statement.Binding binding, Name name) {
    TypeNode type = binding.annotation();
    String word = all.constant() ? "const " : "let ";
    return new DocReader.Found(
        item(
            all.constant() ? DocItem.Kind.CONSTANT : DocItem.Kind.VARIABLE,
            name,
            word + name.text() + (type == null ? "" : ": " + type.span().text()),
            all.doc(),
            List.of()),
        type == null);
  }

  static DocReader.Found alias(Statement.Alias a) {
    List<DocItem> members =
        a.type() instanceof TypeNode.ObjectForm object ? members(object) : List.of();
    return new DocReader.Found(
        item(DocItem.Kind.TYPE, a.name(), a.span().text(), a.doc(), members), false);
  }

  static DocReader.Found interfaceLike(Statement.Interface i) {
    String head =
        "interface "
            + i.name().text()
            + parameters(i.typeParameters())
            + list(" extends ", i.bases());
    return new DocReader.Found(
        item(DocItem.Kind.INTERFACE, i.name(), head, i.doc(), members(i.body())), false);
  }

  static DocReader.Found classLike(Statement.Class c) {
    TypeNode.Reference base = c.base();
    String head =
        (c.isAbstract() ? "abstract class " : "class ")
            + c.name().text()
            + parameters(c.typeParameters())
            + (base == null ? "" : " extends " + base.span().text())
            + list(" implements ", c.interfaces());
    List<DocItem> members = new ArrayList<>();
    for (ClassMember member : c.members()) {
      if (!isPrivate(member.modifiers())) {
        members.add(member(member));
      }
      if (member instanceof ClassMember.Constructor constructor) {
        properties(constructor, members);
      }
    }
    members.removeIf(member -> member.doc().internal());
    return new DocReader.Found(item(DocItem.Kind.CLASS, c.name(), head, c.doc(), members), false);
  }

  private static DocItem member(ClassMember member) {
    return switch (member) {
      case ClassMember.Field f ->
          item(DocItem.Kind.PROPERTY, f.name(), field(f), f.doc(), List.of());
      case ClassMember.Method m ->
          item(DocItem.Kind.METHOD, m.name(), head(m.span(), m.function()), m.doc(), List.of());
      case ClassMember.Accessor a ->
          item(DocItem.Kind.ACCESSOR, a.name(), head(a.span(), a.function()), a.doc(), List.of());
      case ClassMember.Constructor c ->
          new DocItem(
              DocItem.Kind.CONSTRUCTOR,
              "",
              tidy(head(c.span(), c.function())),
              DocText.parse(c.doc()),
              List.of(),
              place(c.span()));
    };
  }

  /** What a constructor's parameters declare. */
  private static void properties(ClassMember.Constructor constructor, List<DocItem> out) {
    DocText doc = DocText.parse(constructor.doc());
    for (FunctionSyntax.Parameter parameter : constructor.function().parameters()) {
      if (!parameter.modifiers().isEmpty()
          && !isPrivate(parameter.modifiers())
          && parameter.target() instanceof Pattern.Identifier(Name name)) {
        String said =
            doc.parameters().stream()
                .filter(row -> row.name().equals(name.text()))
                .map(DocText.Named::text)
                .findFirst()
                .orElse("");
        out.add(item(DocItem.Kind.PROPERTY, name, parameter.span().text(), said, List.of()));
      }
    }
  }

  private static String field(ClassMember.Field f) {
    StringBuilder text = new StringBuilder();
    f.modifiers().forEach(modifier -> text.append(modifier.kind().word()).append(' '));
    text.append(f.name().text()).append(f.optional() ? "?" : "");
    TypeNode type = f.annotation();
    Expression init = f.init();
    if (type != null) {
      text.append(": ").append(type.span().text());
    } else if (init != null) {
      text.append(" = ").append(init.span().text());
    }
    return text.toString();
  }

  private static List<DocItem> members(TypeNode.ObjectForm object) {
    List<DocItem> members = new ArrayList<>();
    for (TypeNode.Member member : object.members()) {
      members.add(
          item(
              member.method() ? DocItem.Kind.METHOD : DocItem.Kind.PROPERTY,
              member.name(),
              member.span().text(),
              member.doc(),
              List.of()));
    }
    members.removeIf(member -> member.doc().internal());
    return members;
  }

  private static boolean isPrivate(List<Modifier> modifiers) {
    return modifiers.stream().anyMatch(modifier -> modifier.kind() == Modifier.Kind.PRIVATE);
  }

  /** What stands before a function's body. */
  private static String head(Span whole, FunctionSyntax function) {
    int end =
        switch (function.body()) {
          case null -> whole.end();
          case FunctionSyntax.BlockBody body -> body.block().span().start();
          case FunctionSyntax.ExpressionBody body -> body.expression().span().start();
        };
    return whole.file().text().substring(whole.start(), end);
  }

  private static String parameters(List<TypeNode.Parameter> parameters) {
    return parameters.isEmpty()
        ? ""
        : "<" + String.join(", ", parameters.stream().map(p -> p.span().text()).toList()) + ">";
  }

  private static String list(String word, List<TypeNode.Reference> types) {
    return types.isEmpty()
        ? ""
        : word + String.join(", ", types.stream().map(t -> t.span().text()).toList());
  }

  private static DocItem item(
      DocItem.Kind kind, Name name, String signature, @Nullable String doc, List<DocItem> members) {
    return new DocItem(
        kind, name.text(), tidy(signature), DocText.parse(doc), members, place(name.span()));
  }

  static String place(Span span) {
    return span.file().name() + ':' + span.from().line();
  }

  /** Without comments, final semicolon and white space beyond single spaces. */
  static String tidy(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at + 1;
      if (c == '"' || c == '\'' || c == '`') {
        end = stringEnd(text, at);
        out.append(text, at, end);
      } else if (text.startsWith("//", at)) {
        end = indexOrEnd(text, "\n", at);
      } else if (text.startsWith("/*", at)) {
        end = Math.min(text.length(), indexOrEnd(text, "*/", at) + 2);
      } else if (Character.isWhitespace(c)) {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
          out.append(' ');
        }
      } else {
        out.append(c);
      }
      at = end;
    }
    String tidy = out.toString().strip();
    return tidy.endsWith(";") ? tidy.substring(0, tidy.length() - 1).stripTrailing() : tidy;
  }

  private static int stringEnd(String text, int start) {
    int at = start + 1;
    while (at < text.length() && text.charAt(at) != text.charAt(start)) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(text.length(), at + 1);
  }

  private static int indexOrEnd(String text, String wanted, int from) {
    int found = text.indexOf(wanted, from);
    return found < 0 ? text.length() : found;
  }
}
