package dev.raya.compiler.format;

import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Pattern;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signatures and patterns. */
final class FunctionFormat {
  private final TokenFeed feed;
  private final Lists lists;
  private final TypeFormat types;
  private final ExpressionFormat expressions;

  FunctionFormat(TokenFeed feed, TypeFormat types, ExpressionFormat expressions) {
    this.feed = feed;
    this.lists = new Lists(feed);
    this.types = types;
    this.expressions = expressions;
  }

  /** Type parameters, parameters and result. */
  Doc signature(FunctionSyntax function) {
    Doc generics = types.parameters(function.typeParameters());
    Doc parameters = parameters(function.parameters());
    boolean result = function.result() != null && feed.at(":");
    return TypeFormat.signature(
        generics, parameters, result ? types.annotation(function.result()) : Doc.NOTHING);
  }

  private Doc parameters(List<FunctionSyntax.Parameter> parameters) {
    if (parameters.size() == 1 && !feed.at("(")) {
      return feed.take(); // the only parameter of an arrow function
    }
    Doc open = feed.take("(");
    Iterator<FunctionSyntax.Parameter> each = parameters.iterator();
    boolean rest = !parameters.isEmpty() && parameters.getLast().rest();
    boolean properties = parameters.stream().anyMatch(p -> !p.modifiers().isEmpty());
    Lists.Elements elements = lists.elements(parameters.size(), () -> parameter(each.next()));
    boolean forced = properties && parameters.size() > 2;
    return Lists.spread(open, elements, feed.take(")"), false, !rest, forced);
  }

  private Doc parameter(FunctionSyntax.Parameter parameter) {
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < parameter.modifiers().size(); i++) {
      parts.add(Doc.all(feed.take(), Doc.text(" ")));
    }
    parts.add(parameter.rest() ? feed.take("...") : Doc.NOTHING);
    parts.add(pattern(parameter.target()));
    parts.add(parameter.optional() ? feed.take("?") : Doc.NOTHING);
    parts.add(types.annotation(parameter.annotation()));
    parts.add(initial(parameter.defaultValue()));
    return Doc.all(parts);
  }

  /** {@code = value}, or nothing. */
  Doc initial(dev.raya.compiler.syntax.@Nullable Expression value) {
    return value == null
        ? Doc.NOTHING
        : Doc.all(Doc.text(" "), feed.take("="), Doc.text(" "), expressions.expression(value));
  }

  Doc pattern(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Identifier _ -> feed.take();
      case Pattern.ArrayPattern a -> array(a);
      case Pattern.ObjectPattern o -> object(o);
    };
  }

  private Doc array(Pattern.ArrayPattern pattern) {
    List<Doc> parts = new ArrayList<>();
    parts.add(feed.take("["));
    for (Pattern.@Nullable Element element : pattern.elements()) {
      parts.add(element == null ? Doc.NOTHING : element(element));
      if (feed.at(",")) {
        boolean last = feed.peek(1).is("]");
        if (last && element != null) {
          parts.add(feed.skip(","));
        } else {
          parts.add(feed.take());
          parts.add(last ? Doc.NOTHING : Doc.text(" "));
        }
      }
    }
    if (pattern.rest() != null) {
      parts.add(feed.take("..."));
      parts.add(pattern(pattern.rest()));
    }
    parts.add(feed.take("]"));
    return Doc.all(parts);
  }

  private Doc element(Pattern.Element element) {
    return Doc.all(pattern(element.target()), initial(element.defaultValue()));
  }

  private Doc object(Pattern.ObjectPattern pattern) {
    Doc open = feed.take("{");
    boolean rest = pattern.rest() != null;
    Iterator<Pattern.Property> each = pattern.properties().iterator();
    Lists.Elements elements =
        lists.elements(
            pattern.properties().size() + (rest ? 1 : 0),
            () -> each.hasNext() ? property(each.next()) : Doc.all(feed.take("..."), feed.take()));
    return Lists.spread(open, elements, feed.take("}"), true, !rest, false);
  }

  private Doc property(Pattern.Property property) {
    Doc name = feed.take();
    if (feed.at(":")) {
      return Doc.all(name, feed.take(), Doc.text(" "), element(property.element()));
    }
    return Doc.all(name, initial(property.element().defaultValue()));
  }
}
