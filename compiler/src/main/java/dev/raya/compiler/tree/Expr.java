package dev.raya.compiler.tree;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed expression. Names are resolved, conversions explicit, compound forms ({@code +=}, {@code
 * ?.}, {@code ??}, {@code ++}, spread of objects, destructuring) rewritten with {@link Let}.
 * Operands are evaluated strictly left to right.
 */
public sealed interface Expr {
  /** The static type; in generic code in terms of type parameters. */
  Type type();

  /** Where it comes from. */
  Span span();

  /** {@code null}. */
  record Null(Span span) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.NULL;
    }
  }

  /** A boolean constant. */
  record Bool(Span span, boolean value, Type type) implements Expr {}

  /** An int constant. */
  record Int(Span span, int value, Type type, boolean negativeZero) implements Expr {
    /** A constant that is no {@code -0}. */
    public Int(Span span, int value, Type type) {
      this(span, value, type, false);
    }
  }

  /** A number constant. */
  record Num(Span span, double value) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.NUMBER;
    }
  }

  /** A string constant. */
  record Str(Span span, String value, Type type) implements Expr {}

  /** A template: {@code chunks.size() == values.size() + 1}; each value is of type string. */
  record Template(Span span, List<String> chunks, List<Expr> values) implements Expr {
    /** Copies the lists. */
    public Template {
      chunks = List.copyOf(chunks);
      values = List.copyOf(values);
    }

    @Override
    public Type type() {
      return Type.Primitive.STRING;
    }
  }

  /** The display form of a value (language.md 7.3), a string. */
  record Display(Span span, Expr value) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.STRING;
    }
  }

  /** Reads a variable; the type is the declared one. */
  record Read(Span span, VariableSymbol variable) implements Expr {
    @Override
    public Type type() {
      return variable.type();
    }
  }

  /** Assigns a variable; the value is the result. */
  record Write(Span span, VariableSymbol variable, Expr value) implements Expr {
    @Override
    public Type type() {
      return value.type();
    }
  }

  /** A declared function, static method or built-in function as a value. */
  record FunctionValue(Span span, Callee callee, Type.Function type) implements Expr {}

  /** A method read as a value: bound to its receiver. */
  record BoundMethod(Span span, Expr receiver, Callee callee, Type.Function type) implements Expr {}

  /** A function expression, arrow function or object-literal method. */
  record Closure(Span span, FunctionTree function) implements Expr {
    @Override
    public Type type() {
      return function.symbol().type();
    }
  }

  /** Reads an instance field; {@code type} is the field's with type arguments applied. */
  record FieldGet(Span span, Expr receiver, FieldSymbol field, Type type) implements Expr {}

  /** Assigns an instance field; the value is the result. */
  record FieldSet(Span span, Expr receiver, FieldSymbol field, Expr value) implements Expr {
    @Override
    public Type type() {
      return value.type();
    }
  }

  /** Reads a static field. */
  record StaticGet(Span span, FieldSymbol field) implements Expr {
    @Override
    public Type type() {
      return field.type();
    }
  }

  /** Assigns a static field; the value is the result. */
  record StaticSet(Span span, FieldSymbol field, Expr value) implements Expr {
    @Override
    public Type type() {
      return value.type();
    }
  }

  /** Reads a property of a structure (or of a union of objects) by name; may find a getter. */
  record PropertyGet(Span span, Expr receiver, String name, Type type) implements Expr {}

  /** Assigns a property of a structure by name; the value is the result. */
  record PropertySet(Span span, Expr receiver, String name, Expr value) implements Expr {
    @Override
    public Type type() {
      return value.type();
    }
  }

  /**
   * Reads an element of an array or a unit of a string. The index is an int, or a number that must
   * be whole.
   */
  record IndexGet(Span span, Expr object, Expr index, Type type) implements Expr {}

  /** Assigns an element of an array; the value is the result. */
  record IndexSet(Span span, Expr object, Expr index, Expr value) implements Expr {
    @Override
    public Type type() {
      return value.type();
    }
  }

  /** Reads a position of a tuple. */
  record TupleGet(Span span, Expr tuple, int index, Type type) implements Expr {}

  /** An array literal; spread elements are arrays, strings, Maps, Sets or Iterables. */
  record ArrayLiteral(Span span, List<Element> elements, Type.Array type) implements Expr {
    /** Copies the list. */
    public ArrayLiteral {
      elements = List.copyOf(elements);
    }
  }

  /**
   * An element of an array literal.
   *
   * @param spread how to walk it if it is spread, else null
   */
  record Element(Expr value, @Nullable Iteration spread) {}

  /** A tuple literal. */
  record TupleLiteral(Span span, List<Expr> elements, Type.Tuple type) implements Expr {
    /** Copies the list. */
    public TupleLiteral {
      elements = List.copyOf(elements);
    }
  }

  /**
   * An object literal with its properties in display order; properties of {@code type} that are
   * missing here are optional ones left unset. Evaluated in list order.
   *
   * @param self if a method uses {@code this}: the captured variable to assign the new object to
   */
  record ObjectLiteral(
      Span span, List<Property> properties, Type.Structure type, @Nullable VariableSymbol self)
      implements Expr {
    /** Copies the list. */
    public ObjectLiteral {
      properties = List.copyOf(properties);
    }
  }

  /** A property of an object literal. */
  record Property(String name, Expr value) {}

  /**
   * A call.
   *
   * @param receiver the instance, the function value, or null if the callee needs none
   * @param arguments one for each parameter given, at most the number of parameters before the rest
   * @param rest the array for the rest parameter; set if and only if the callee has one (then all
   *     parameters before it that were not given stay ungiven)
   */
  record Call(
      Span span,
      Callee callee,
      @Nullable Expr receiver,
      List<Expr> arguments,
      @Nullable Expr rest,
      Type type)
      implements Expr {
    /** Copies the list. */
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code await}. */
  record Await(Span span, Expr task, Type type) implements Expr {}

  /** Arithmetic negation of an int or a number, by its type. */
  record Negate(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return operand.type() == Type.Primitive.NUMBER ? Type.Primitive.NUMBER : Type.Primitive.INT;
    }
  }

  /** Bitwise complement of an int. */
  record Complement(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.INT;
    }
  }

  /** Logical negation of a boolean. */
  record Not(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.BOOLEAN;
    }
  }

  /** Whether a value of any type is truthy (language.md 5.3); never around a boolean. */
  record Truthy(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.BOOLEAN;
    }
  }

  /** Whether a value is null. */
  record IsNull(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.BOOLEAN;
    }
  }

  /** Whether a value of a bare union or json is of a kind, {@code typeof x === "kind"}. */
  record IsKind(Span span, Expr operand, String kind) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.BOOLEAN;
    }
  }

  /** {@code typeof} as a string. */
  record TypeOf(Span span, Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.STRING;
    }
  }

  /** An operator on two operands of one kind, already converted to it. */
  record Binary(Span span, Operator operator, OperandKind kind, Expr left, Expr right, Type type)
      implements Expr {}

  /** Boolean {@code &&} or {@code ||}. */
  record Logical(Span span, boolean and, Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.Primitive.BOOLEAN;
    }
  }

  /** {@code condition ? then : otherwise}; the condition is a boolean. */
  record Conditional(Span span, Expr condition, Expr then, Expr otherwise, Type type)
      implements Expr {}

  /**
   * One of several values: that of the first arm whose test holds, of the last one if no other
   * does.
   *
   * @param variable what the tests read
   * @param type void if the arms are evaluated for their effects
   */
  record Select(Span span, VariableSymbol variable, List<Arm> arms, Type type) implements Expr {
    /** Copies the list. */
    public Select {
      arms = List.copyOf(arms);
    }
  }

  /**
   * A case of a selection.
   *
   * @param test a boolean
   * @param constant what the test compares the variable with, if it is an int or a string
   */
  record Arm(Expr test, @Nullable Object constant, Expr body) {}

  /** Changes the static type; see {@link Conversion}. */
  record Convert(Span span, Conversion conversion, Expr operand, Type type) implements Expr {}

  /** Evaluates a value once into a temporary that only the body reads. */
  record Let(Span span, VariableSymbol variable, Expr value, Expr body) implements Expr {
    @Override
    public Type type() {
      return body.type();
    }
  }

  /** Evaluates the effects in order, drops their values, and gives the result. */
  record Sequence(Span span, List<Expr> effects, Expr result) implements Expr {
    /** Copies the list. */
    public Sequence {
      effects = List.copyOf(effects);
    }

    @Override
    public Type type() {
      return result.type();
    }
  }
}
