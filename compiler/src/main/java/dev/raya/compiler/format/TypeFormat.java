package dev.raya.compiler.format;

import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Types, language.md 2 "types". */
final class TypeFormat {
  private final TokenFeed feed;
  private final Lists lists;

  TypeFormat(TokenFeed feed) {
    this.feed = feed;
    this.lists = new Lists(feed);
  }

  Doc type(TypeNode type) {
    // Parentheses are not in the tree: those that begin before the type belong around it.
    if (feed.at("(") && feed.peek().start() < type.span().start()) {
      return Doc.all(feed.take(), type(type), feed.take(")"));
    }
    boolean leadingSign =
        (feed.at("|") || feed.at("&")) && feed.peek().start() < type.span().start();
    if (leadingSign) {
      feed.skipSign();
      return type(type);
    }
    return switch (type) {
      case TypeNode.Reference r -> reference(r);
      case TypeNode.NullForm _ -> feed.take();
      case TypeNode.VoidForm _ -> feed.take();
      case TypeNode.LiteralForm _ -> feed.at("-") ? Doc.all(feed.take(), feed.take()) : feed.take();
      case TypeNode.ArrayForm a -> {
        Doc prefix = readonly();
        yield Doc.all(prefix, type(a.element()), feed.take("["), feed.take("]"));
      }
      case TypeNode.TupleForm t -> tuple(t);
      case TypeNode.UnionForm u -> union(u);
      case TypeNode.IntersectionForm i -> {
        if (feed.at("&")) {
          feed.skipSign();
        }
        List<Doc> parts = new ArrayList<>();
        for (TypeNode member : i.members()) {
          if (!parts.isEmpty()) {
            parts.add(Doc.all(Doc.text(" "), feed.take("&"), Doc.Line.SPACE));
          }
          parts.add(type(member));
        }
        yield Doc.group(new Doc.Indented(Doc.all(parts)));
      }
      case TypeNode.FunctionForm f -> {
        FunctionSyntax s = f.signature();
        Doc generics = parameters(s.typeParameters());
        Doc parameters = parameters(s);
        Doc arrow = Doc.all(Doc.text(" "), feed.take("=>"), Doc.text(" "));
        Doc result = s.result() == null ? Doc.NOTHING : type(s.result());
        yield signature(generics, parameters, Doc.all(arrow, result));
      }
      case TypeNode.ObjectForm o -> object(o, false);
      case TypeNode.PredicateForm p ->
          Doc.all(feed.take(), Doc.text(" "), feed.take("is"), Doc.text(" "), type(p.type()));
      case TypeNode.Invalid _ -> feed.take();
    };
  }

  private Doc readonly() {
    return feed.peek().isName("readonly") ? Doc.all(feed.take(), Doc.text(" ")) : Doc.NOTHING;
  }

  Doc reference(TypeNode.Reference reference) {
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < reference.path().size(); i++) {
      parts.add(i > 0 ? feed.take(".") : Doc.NOTHING);
      parts.add(feed.take());
    }
    parts.add(arguments(reference.arguments()));
    return Doc.all(parts);
  }

  /** On one line, else with the parameters in lines of their own: the result breaks last. */
  static Doc signature(Doc generics, Doc parameters, Doc result) {
    if (!(parameters instanceof Doc.Group group)) {
      return Doc.all(generics, parameters, result);
    }
    Doc broken = new Doc.Group(group.body(), true);
    return new Doc.Choice(
        List.of(Doc.all(generics, parameters, result), Doc.all(generics, broken, result)));
  }

  /** Type arguments with their brackets, or nothing. */
  Doc arguments(List<TypeNode> arguments) {
    if (arguments.isEmpty()) {
      return Doc.NOTHING;
    }
    Doc open = feed.take("<");
    Iterator<TypeNode> each = arguments.iterator();
    Lists.Elements elements = lists.elements(arguments.size(), () -> type(each.next()));
    return Lists.spread(open, elements, feed.take(">"), false, false, false);
  }

  /** Type parameters with their brackets, or nothing. */
  Doc parameters(List<TypeNode.Parameter> parameters) {
    if (parameters.isEmpty()) {
      return Doc.NOTHING;
    }
    Doc open = feed.take("<");
    Iterator<TypeNode.Parameter> each = parameters.iterator();
    Lists.Elements elements = lists.elements(parameters.size(), () -> parameter(each.next()));
    return Lists.spread(open, elements, feed.take(">"), false, false, false);
  }

  private Doc parameter(TypeNode.Parameter parameter) {
    List<Doc> parts = new ArrayList<>();
    parts.add(feed.take());
    if (parameter.constraint() != null) {
      parts.add(spaced(feed.take("extends")));
      parts.add(type(parameter.constraint()));
    }
    if (parameter.defaultType() != null) {
      parts.add(spaced(feed.take("=")));
      parts.add(type(parameter.defaultType()));
    }
    return Doc.all(parts);
  }

  private static Doc spaced(Doc doc) {
    return Doc.all(Doc.text(" "), doc, Doc.text(" "));
  }

  /** Parameters of a function type. */
  private Doc parameters(FunctionSyntax function) {
    Doc open = feed.take("(");
    Iterator<FunctionSyntax.Parameter> each = function.parameters().iterator();
    boolean rest = !function.parameters().isEmpty() && function.parameters().getLast().rest();
    Lists.Elements elements =
        lists.elements(
            function.parameters().size(),
            () -> {
              FunctionSyntax.Parameter p = each.next();
              List<Doc> parts = new ArrayList<>();
              parts.add(p.rest() ? feed.take("...") : Doc.NOTHING);
              parts.add(feed.take());
              parts.add(p.optional() ? feed.take("?") : Doc.NOTHING);
              parts.add(annotation(p.annotation()));
              return Doc.all(parts);
            });
    return Lists.spread(open, elements, feed.take(")"), false, !rest, false);
  }

  /** {@code : T}, or nothing. */
  Doc annotation(@org.jspecify.annotations.Nullable TypeNode type) {
    return type == null ? Doc.NOTHING : Doc.all(feed.take(":"), Doc.text(" "), type(type));
  }

  private Doc tuple(TypeNode.TupleForm tuple) {
    Doc open = Doc.all(readonly(), feed.take("["));
    Iterator<TypeNode> each = tuple.elements().iterator();
    Lists.Elements elements =
        lists.elements(
            tuple.elements().size(),
            () -> {
              boolean labelled = feed.peek().kind() == Lexeme.Kind.NAME && feed.peek(1).is(":");
              Doc label =
                  labelled ? Doc.all(feed.take(), feed.take(":"), Doc.text(" ")) : Doc.NOTHING;
              return Doc.all(label, type(each.next()));
            });
    return Lists.spread(open, elements, feed.take("]"), false, true, false);
  }

  private Doc union(TypeNode.UnionForm union) {
    if (feed.at("|")) {
      feed.skipSign();
    }
    Doc comments = feed.commentAhead() ? Doc.all(Doc.Line.FRESH, feed.ownComments()) : Doc.NOTHING;
    List<Doc> parts = new ArrayList<>();
    for (TypeNode member : union.members()) {
      if (parts.isEmpty()) {
        parts.add(comments);
        parts.add(new Doc.IfBroken(Doc.all(Doc.Line.SOFT, Doc.text("| ")), Doc.NOTHING));
      } else {
        parts.add(Doc.all(Doc.Line.SPACE, feed.take("|"), Doc.text(" ")));
      }
      parts.add(new Doc.Indented(type(member)));
    }
    return Doc.group(new Doc.Indented(Doc.all(parts)));
  }

  /**
   * Members in braces, each ended by a semicolon.
   *
   * @param forced whether each stands on its line in any case
   */
  Doc object(TypeNode.ObjectForm object, boolean forced) {
    Doc open = feed.take("{");
    if (object.members().isEmpty() && !feed.commentAhead()) {
      return Doc.all(open, feed.take("}"));
    }
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < object.members().size(); i++) {
      boolean empty = i > 0 && feed.emptyLineAhead();
      parts.add(i == 0 ? Doc.NOTHING : empty ? Doc.Line.EMPTY : Doc.Line.SPACE);
      parts.add(member(object.members().get(i)));
      Doc separator = Doc.all(feed.skip(";"), feed.skip(","));
      Doc semicolon = Doc.text(";");
      boolean last = i == object.members().size() - 1;
      parts.add(last && !forced ? new Doc.IfBroken(semicolon, Doc.NOTHING) : semicolon);
      parts.add(separator);
    }
    parts.add(lists.dangling());
    Doc body =
        Doc.all(
            open,
            new Doc.Indented(Doc.all(Doc.Line.SPACE, Doc.all(parts))),
            Doc.Line.SPACE,
            feed.take("}"));
    return forced ? Doc.broken(body) : Doc.group(body);
  }

  private Doc member(TypeNode.Member member) {
    List<Doc> parts = new ArrayList<>();
    if (!member.method() && member.readonly()) {
      parts.add(Doc.all(feed.take("readonly"), Doc.text(" ")));
    }
    parts.add(feed.take());
    parts.add(member.optional() ? feed.take("?") : Doc.NOTHING);
    if (member.method() && member.type() instanceof TypeNode.FunctionForm f) {
      FunctionSyntax s = f.signature();
      parts.add(parameters(s.typeParameters()));
      parts.add(parameters(s));
      parts.add(feed.at(":") && s.result() != null ? annotation(s.result()) : Doc.NOTHING);
    } else {
      parts.add(annotation(member.type()));
    }
    return Doc.all(parts);
  }
}
