package dev.raya.compiler.build;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPackage.IrExport;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Writes a part of a package as bytes that {@link PartReader} of the same compiler reads: counts
 * first, so that every number can be checked against what it counts, then the tables. Strings and
 * types are written where they first occur. Used once, by one thread.
 */
final class PartWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
  private final Map<String, Integer> strings = new HashMap<>();
  private final Map<IrType, Integer> types = new HashMap<>();

  private PartWriter() {}

  /** The bytes of a part; its META is not among them. */
  static byte[] bytes(IrPart part) {
    PartWriter writer = new PartWriter();
    writer.part(part);
    return writer.out.toByteArray();
  }

  private void part(IrPart part) {
    IrPackage p = part.content();
    number(p.modules().size());
    number(p.imports().size());
    number(p.shapes().size());
    number(p.classes().size());
    number(p.globals().size());
    number(p.functions().size());
    number(p.sources().size());
    number(p.entry() + 1);
    p.sources()
        .forEach(
            s -> {
              string(s.name());
              out.writeBytes(s.digest().toBytes());
            });
    p.imports()
        .forEach(
            i -> {
              string(i.specifier());
              string(i.versionRange());
              out.writeBytes(i.interfaceDigest().toBytes());
              number(i.grants());
            });
    p.shapes().forEach(this::shape);
    p.classes().forEach(this::type);
    p.globals().forEach(this::global);
    p.functions().forEach(this::function);
    p.modules().forEach(this::module);
    for (LinkName name : part.functionNames()) {
      flag(name != null);
      if (name != null) {
        name(name);
      }
    }
    part.classNames().forEach(this::name);
    part.globalNames().forEach(this::name);
    all(part.taken(), this::string);
  }

  // --- atoms

  /** Seven bits a byte, the last one without the eighth. */
  private void number(int value) {
    int left = value;
    while ((left & ~0x7f) != 0) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  /** A number that may be negative, near to zero for the most part. */
  private void signed(int value) {
    number((value << 1) ^ (value >> 31));
  }

  private void flag(boolean flag) {
    out.write(flag ? 1 : 0);
  }

  private void word(Enum<?> word) {
    number(word.ordinal());
  }

  /** The number of a string, and at its first place the string. Lone surrogates are kept. */
  private void string(String text) {
    Integer known = strings.putIfAbsent(text, strings.size());
    if (known != null) {
      number(known + 1);
      return;
    }
    number(0);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean exact = new String(bytes, StandardCharsets.UTF_8).equals(text);
    flag(exact);
    if (exact) {
      number(bytes.length);
      out.writeBytes(bytes);
    } else {
      number(text.length());
      text.chars().forEach(this::number);
    }
  }

  private <T> void all(Collection<T> items, Consumer<T> write) {
    number(items.size());
    items.forEach(write);
  }

  private void name(LinkName name) {
    string(name.text());
    types(name.arguments());
  }

  // --- types

  private void types(List<IrType> list) {
    all(list, this::type);
  }

  private void type(IrType type) {
    if (type instanceof IrType.Basic basic) {
      number(basic.ordinal() << 1 | 1);
      return;
    }
    Integer known = types.get(type);
    if (known != null) {
      number(known + 1 << 1);
      return;
    }
    number(0);
    switch (type) {
      case IrType.Basic _ -> throw new IllegalStateException("written above");
      case IrType.Array a -> {
        out.write('a');
        flag(a.readOnly());
        type(a.element());
      }
      case IrType.Tuple t -> {
        out.write('t');
        flag(t.readOnly());
        types(t.elements());
      }
      case IrType.Function f -> {
        out.write('f');
        types(f.params());
        type(f.result());
        number(f.optional());
        flag(f.rest());
      }
      case IrType.ClassType c -> {
        out.write('c');
        number(c.number());
      }
      case IrType.Shape s -> {
        out.write('s');
        number(s.number());
      }
      case IrType.Union u -> {
        out.write('u');
        types(u.members());
        string(u.discriminant());
      }
      case IrType.Task t -> {
        out.write('k');
        type(t.result());
      }
      case IrType.Channel c -> {
        out.write('n');
        type(c.element());
      }
      case IrType.Cell c -> {
        out.write('v');
        type(c.content());
      }
      case IrType.StringLiteral s -> {
        out.write('"');
        string(s.value());
      }
      case IrType.IntLiteral i -> {
        out.write('i');
        signed(i.value());
      }
      case IrType.BoolLiteral b -> {
        out.write('b');
        flag(b.value());
      }
    }
    types.put(type, types.size());
  }

  // --- tables

  private void shape(IrShape shape) {
    flag(shape.literal());
    string(shape.name());
    all(
        shape.properties(),
        p -> {
          string(p.name());
          type(p.type());
          flag(p.optional());
          flag(p.readOnly());
          flag(p.method());
        });
    types(shape.arguments());
  }

  private void type(IrClass type) {
    string(type.name());
    switch (type) {
      case IrClass.Local c -> {
        out.write('l');
        number(c.module());
        number(c.parent() + 1);
        flag(c.exported());
        flag(c.error());
        flag(c.instance());
        fields(c.fields());
        number(c.constructor() + 1);
        all(
            c.vtable(),
            s -> {
              string(s.name());
              number(s.function());
            });
        types(c.typeArguments());
        all(c.statics(), this::number);
        number(c.origin() + 1);
        flag(c.open());
      }
      case IrClass.Imported c -> {
        out.write('i');
        number(c.imported());
        flag(c.parent() != null);
        if (c.parent() != null) {
          type(c.parent());
        }
        fields(c.fields());
        all(
            c.methods(),
            m -> {
              string(m.name());
              type(m.type());
            });
      }
      case IrClass.Collection c -> {
        out.write('c');
        types(c.typeArguments());
      }
    }
  }

  private void fields(List<IrClass.Field> fields) {
    all(
        fields,
        f -> {
          string(f.name());
          type(f.type());
          flag(f.readOnly());
          flag(f.isPrivate());
          flag(f.isProtected());
        });
  }

  private void global(IrPackage.IrGlobal global) {
    string(global.name());
    type(global.type());
    switch (global) {
      case IrPackage.LocalGlobal g -> {
        out.write('l');
        flag(g.constant());
        flag(g.exported());
        flag(g.isStatic());
      }
      case IrPackage.ImportedGlobal g -> {
        out.write('i');
        number(g.imported());
      }
    }
  }

  private void module(IrPackage.IrModule module) {
    string(module.path());
    flag(module.importable());
    all(
        module.dependencies(),
        d -> {
          flag(d.imported());
          number(d.number());
        });
    all(module.exports(), this::export);
    all(
        module.declarations(),
        d -> {
          string(d.name());
          flag(d.template());
          number(d.line());
          string(d.text());
          all(
              d.freeNames(),
              n -> {
                string(n.local());
                flag(n.imported());
                number(n.module());
                string(n.name());
              });
          string(d.doc());
        });
  }

  private void export(IrExport export) {
    string(export.name());
    switch (export) {
      case IrExport.OfFunction e -> {
        out.write('f');
        number(e.function());
        flag(e.internal());
      }
      case IrExport.OfClass e -> {
        out.write('c');
        number(e.type());
        flag(e.internal());
      }
      case IrExport.OfGlobal e -> {
        out.write('g');
        number(e.global());
        flag(e.internal());
      }
      case IrExport.OfType e -> {
        out.write('t');
        type(e.type());
        flag(e.internal());
      }
      case IrExport.Again e -> {
        out.write('a');
        number(e.imported());
        number(e.kind());
        string(e.member());
      }
    }
  }

  // --- functions

  private void function(IrFunction function) {
    string(function.name());
    type(function.type());
    switch (function) {
      case IrFunction.Imported f -> {
        out.write('i');
        number(f.imported());
      }
      case IrFunction.Declared f -> {
        out.write('d');
        number(f.module());
        flag(f.hasReceiver());
      }
      case IrFunction.Local f -> {
        out.write('l');
        number(f.module());
        int traits = 0;
        for (IrFunction.Trait trait : f.traits()) {
          traits |= 1 << trait.ordinal();
        }
        number(traits);
        number(f.ownerClass() + 1);
        number(f.container() + 1);
        types(f.locals());
        types(f.captures());
        number(f.blocks().size());
        all(
            f.regions(),
            r -> {
              number(r.parent() + 1);
              number(r.handler());
              number(r.catchClass() + 1);
            });
        f.blocks().forEach(this::block);
        all(
            f.variables(),
            v -> {
              number(v.local());
              string(v.name());
            });
      }
    }
  }

  private void block(Block block) {
    number(block.region() + 1);
    all(block.instructions(), this::instruction);
    end(block.end());
  }

  private void opcode(Opcode opcode) {
    number(opcode.ordinal());
  }

  private void instruction(Instruction instruction) {
    switch (instruction) {
      case Instruction.Plain i -> {
        out.write(0);
        opcode(i.opcode());
      }
      case Instruction.IntConstant i -> {
        out.write(1);
        signed(i.value());
      }
      case Instruction.NumberConstant i -> {
        out.write(2);
        long bits = Double.doubleToRawLongBits(i.value());
        for (int at = 0; at < Long.SIZE; at += Byte.SIZE) {
          out.write((int) (bits >>> at));
        }
      }
      case Instruction.StringConstant i -> {
        out.write(3);
        string(i.value());
      }
      case Instruction.LoadLocal i -> {
        out.write(4);
        number(i.local());
      }
      case Instruction.StoreLocal i -> {
        out.write(5);
        number(i.local());
      }
      case Instruction.Increment i -> {
        out.write(6);
        number(i.local());
        signed(i.by());
      }
      case Instruction.Capture i -> {
        out.write(7);
        opcode(i.opcode());
        number(i.capture());
      }
      case Instruction.Global i -> {
        out.write(8);
        opcode(i.opcode());
        number(i.global());
      }
      case Instruction.Call i -> {
        out.write(9);
        opcode(i.opcode());
        number(i.function());
        number(i.argc());
      }
      case Instruction.CallMethod i -> {
        out.write(10);
        number(i.slot());
        type(i.type());
        number(i.argc());
      }
      case Instruction.CallInterface i -> {
        out.write(11);
        string(i.name());
        type(i.type());
        number(i.argc());
      }
      case Instruction.CallValue i -> {
        out.write(12);
        opcode(i.opcode());
        type(i.type());
        number(i.argc());
      }
      case Instruction.CallBuiltin i -> {
        out.write(13);
        string(i.name());
        number(i.argc());
      }
      case Instruction.CallNative i -> {
        out.write(22);
        string(i.module());
        string(i.name());
        type(i.type());
        number(i.argc());
      }
      case Instruction.Typed i -> {
        out.write(14);
        opcode(i.opcode());
        type(i.type());
      }
      case Instruction.Literal i -> {
        out.write(15);
        opcode(i.opcode());
        type(i.type());
        number(i.count());
      }
      case Instruction.Counted i -> {
        out.write(16);
        opcode(i.opcode());
        number(i.count());
      }
      case Instruction.Field i -> {
        out.write(17);
        opcode(i.opcode());
        number(i.field());
      }
      case Instruction.Named i -> {
        out.write(18);
        opcode(i.opcode());
        string(i.name());
      }
      case Instruction.MakeClosure i -> {
        out.write(19);
        number(i.function());
      }
      case Instruction.Await i -> {
        out.write(20);
        opcode(i.opcode());
        flag(i.empty());
      }
      case Instruction.Statement i -> {
        out.write(21);
        number(i.file());
        number(i.line());
        number(i.column());
      }
    }
  }

  private void end(Terminator end) {
    switch (end) {
      case Terminator.Jump e -> {
        out.write(0);
        number(e.target());
      }
      case Terminator.Branch e -> {
        out.write(1);
        opcode(e.test());
        number(e.taken());
        number(e.otherwise());
      }
      case Terminator.ArgumentBranch e -> {
        out.write(2);
        number(e.parameter());
        number(e.given());
        number(e.missing());
      }
      case Terminator.IntSwitch e -> {
        out.write(3);
        cases(e.cases(), this::signed);
        number(e.otherwise());
      }
      case Terminator.StringSwitch e -> {
        out.write(4);
        cases(e.cases(), this::string);
        number(e.otherwise());
      }
      case Terminator.Leave e -> {
        out.write(5);
        opcode(e.opcode());
      }
      case Terminator.Raise e -> {
        out.write(6);
        word(e.trap());
      }
    }
  }

  private <K> void cases(SortedMap<K, Integer> cases, Consumer<K> key) {
    all(
        cases.entrySet(),
        entry -> {
          key.accept(entry.getKey());
          number(entry.getValue());
        });
  }
}
