package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Expr;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Arrays, tuples, objects and templates of one function: each pushes a new value. */
final class LiteralLowering {
  private static final int LONG_LITERAL = 1_000;
  private static final int MAX_CONCAT = 255;

  private final FunctionLowering f;
  private final CodeDraft code;

  LiteralLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  IrType arrayLiteral(Expr.ArrayLiteral e) {
    IrType.Array type = new IrType.Array(f.type(e.type().element()), false);
    boolean spread = e.elements().stream().anyMatch(element -> element.spread() != null);
    if (!spread && e.elements().size() <= LONG_LITERAL) {
      code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type, e.elements().size()));
      e.elements().forEach(element -> f.expressions().to(element.value(), type.element()));
      code.add(new Instruction.Counted(Opcode.INIT_ARRAY, e.elements().size()));
      return type;
    }
    emptyArray(type);
    int array = f.scratch(type);
    code.store(array);
    for (Expr.Element element : e.elements()) {
      if (element.spread() == null) {
        code.load(array);
        f.expressions().to(element.value(), type.element());
        code.plain(Opcode.ARRAY_PUSH);
      } else {
        new IterationLowering(f).appendAll(array, type, element.spread(), element.value());
      }
    }
    code.load(array);
    return type;
  }

  void emptyArray(IrType.Array type) {
    code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type, 0));
    code.add(new Instruction.Counted(Opcode.INIT_ARRAY, 0));
  }

  IrType tupleLiteral(Expr.TupleLiteral e) {
    IrType type = f.type(e);
    if (!(type instanceof IrType.Tuple tuple)) {
      throw new IllegalStateException("not a tuple: " + type);
    }
    IrType made = new IrType.Tuple(tuple.elements(), false);
    code.typed(Opcode.TUPLE_LITERAL, made);
    for (int i = 0; i < e.elements().size(); i++) {
      f.expressions().to(e.elements().get(i), tuple.elements().get(i));
    }
    code.add(new Instruction.Counted(Opcode.INIT_TUPLE, e.elements().size()));
    return made;
  }

  IrType objectLiteral(Expr.ObjectLiteral e) {
    if (e.self() != null) {
      f.declareEarly(e.self());
    }
    IrShape expected = f.lowering().shapeOf(f.type(e));
    List<IrShape.Property> properties = new ArrayList<>();
    Set<String> given = new HashSet<>();
    Map<String, IrShape.Property> known = new HashMap<>();
    expected.properties().forEach(p -> known.putIfAbsent(p.name(), p));
    for (Expr.Property property : e.properties()) {
      IrShape.Property declared = known.get(property.name());
      given.add(property.name());
      properties.add(
          declared == null
              ? new IrShape.Property(property.name(), f.type(property.value()), false, false, false)
              : declared);
    }
    for (IrShape.Property property : expected.properties()) {
      if (!given.contains(property.name())) {
        properties.add(property);
      }
    }
    IrType type = f.lowering().literalShape(properties);
    code.add(new Instruction.Literal(Opcode.OBJECT_LITERAL, type, properties.size()));
    for (int i = 0; i < properties.size(); i++) {
      if (i < e.properties().size()) {
        f.nameClosure(e.properties().get(i).name(), e.properties().get(i).value());
        f.expressions().to(e.properties().get(i).value(), properties.get(i).type());
      } else {
        IrType unset = properties.get(i).type();
        f.coercion().zero(unset == Basic.JSON ? unset : Unions.nullable(unset));
      }
    }
    code.add(new Instruction.Counted(Opcode.INIT_OBJECT, properties.size()));
    if (e.self() != null) {
      code.plain(Opcode.DUP);
      f.declare(e.self());
    }
    return type;
  }

  IrType template(Expr.Template e) {
    int parts = 0;
    for (int i = 0; i < e.chunks().size(); i++) {
      if (!e.chunks().get(i).isEmpty()) {
        f.expressions().string(e.chunks().get(i));
        parts++;
      }
      if (i < e.values().size()) {
        f.expressions().to(e.values().get(i), Basic.STRING);
        parts++;
      }
      if (parts >= MAX_CONCAT - 1) {
        concat(parts);
        parts = 1;
      }
    }
    if (parts == 0) {
      return f.expressions().string("");
    }
    concat(parts);
    return Basic.STRING;
  }

  private void concat(int parts) {
    if (parts == 2) {
      code.plain(Opcode.SCONCAT);
    } else if (parts > 2) {
      code.add(new Instruction.Counted(Opcode.SCONCAT_N, parts));
    }
  }

  /** Pushes the concatenation of strings. */
  IrType join(List<Expr> parts) {
    int pending = 0;
    for (Expr part : parts) {
      f.expressions().to(part, Basic.STRING);
      if (++pending == MAX_CONCAT) {
        concat(pending);
        pending = 1;
      }
    }
    concat(pending);
    return Basic.STRING;
  }
}
