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
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import dev.raya.vm.bytecode.Trap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link PartWriter} has written. Every number is checked against what it counts, every
 * length against what is left: other bytes are refused and do no harm. Used once, by one thread.
 */
final class PartReader {
  private static final Opcode[] OPCODES = Opcode.values();
  private static final Trap[] TRAPS = Trap.values();
  private static final IrType.Basic[] BASIC = IrType.Basic.values();
  private static final IrFunction.Trait[] TRAITS = IrFunction.Trait.values();
  private static final int DIGEST_BYTES = 32;
  private static final int MAX_DEPTH = 500;

  /** How a table's row is read. */
  private interface Row<T> {
    T read() throws IOException;
  }

  private final byte[] bytes;
  private int at;
  private final int end;
  private int depth;
  private final List<String> strings = new ArrayList<>();
  private final List<IrType> types = new ArrayList<>();
  private int modules;
  private int imports;
  private int shapes;
  private int classes;
  private int globals;
  private int functions;
  private int sources;

  private PartReader(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    this.at = from;
    this.end = from + length;
  }

  /**
   * The part that some bytes stand for.
   *
   * @param meta of the package it is for
   * @throws IOException if the bytes are not those of a part
   */
  static IrPart read(byte[] bytes, int from, int length, RbinModule.Meta meta) throws IOException {
    return new PartReader(bytes, from, length).part(meta);
  }

  private IrPart part(RbinModule.Meta meta) throws IOException {
    modules = count();
    imports = count();
    shapes = count();
    classes = count();
    globals = count();
    functions = count();
    sources = count();
    int entry = index(functions + 1) - 1;
    List<IrPackage.Source> sourceRows =
        list(sources, () -> new IrPackage.Source(string(), digest()));
    List<IrPackage.IrImport> importRows =
        list(imports, () -> new IrPackage.IrImport(string(), string(), digest(), number()));
    List<IrShape> shapeRows = list(shapes, this::shape);
    List<IrClass> classRows = list(classes, this::classRow);
    List<IrPackage.IrGlobal> globalRows = list(globals, this::global);
    List<IrFunction> functionRows = new ArrayList<>(functions);
    for (int i = 0; i < functions; i++) {
      functionRows.add(function(i));
    }
    List<IrPackage.IrModule> moduleRows = list(modules, this::module);
    require(!moduleRows.isEmpty() || functions == 0);
    List<@Nullable LinkName> functionNames = new ArrayList<>(functions);
    for (int i = 0; i < functions; i++) {
      boolean inner = functionRows.get(i) instanceof IrFunction.Local f && f.container() >= 0;
      boolean named = flag();
      require(named || inner);
      functionNames.add(named ? name() : null);
    }
    List<LinkName> classNames = list(classes, this::name);
    List<LinkName> globalNames = list(globals, this::name);
    LinkedHashSet<String> taken = new LinkedHashSet<>(all(this::string));
    require(at == end);
    return new IrPart(
        new IrPackage(
            meta,
            moduleRows,
            importRows,
            shapeRows,
            classRows,
            globalRows,
            functionRows,
            sourceRows,
            entry),
        functionNames,
        classNames,
        globalNames,
        taken);
  }

  // --- atoms

  private static void require(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("not the bytes of a part");
    }
  }

  private int octet() throws IOException {
    require(at < end);
    return bytes[at++] & 0xff;
  }

  private int number() throws IOException {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7f) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new IOException("a number without end");
  }

  private int signed() throws IOException {
    int value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number of something of which there are so many. */
  private int index(int below) throws IOException {
    int value = number();
    require(value >= 0 && value < below);
    return value;
  }

  /** How many items follow; each has a byte at least. */
  private int count() throws IOException {
    return index(end - at + 1);
  }

  private boolean flag() throws IOException {
    int octet = octet();
    require(octet <= 1);
    return octet == 1;
  }

  private Sha256 digest() throws IOException {
    require(end - at >= DIGEST_BYTES);
    byte[] raw = Arrays.copyOfRange(bytes, at, at + DIGEST_BYTES);
    at += DIGEST_BYTES;
    return Sha256.of(raw);
  }

  private String string() throws IOException {
    int known = index(strings.size() + 1);
    if (known > 0) {
      return strings.get(known - 1);
    }
    String text;
    if (flag()) {
      int length = count();
      require(length <= end - at);
      text = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
    } else {
      int length = count();
      StringBuilder units = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        units.append((char) index(Character.MAX_VALUE + 1));
      }
      text = units.toString();
    }
    strings.add(text);
    return text;
  }

  private <T> List<T> list(int count, Row<T> row) throws IOException {
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(row.read());
    }
    return list;
  }

  private <T> List<T> all(Row<T> row) throws IOException {
    return list(count(), row);
  }

  private LinkName name() throws IOException {
    return new LinkName(string(), types());
  }

  // --- types

  private List<IrType> types() throws IOException {
    return all(this::type);
  }

  private IrType.Function functionType() throws IOException {
    if (type() instanceof IrType.Function function) {
      return function;
    }
    throw new IOException("not the type of a function");
  }

  private IrType type() throws IOException {
    int known = number();
    if ((known & 1) != 0) {
      require(known >>> 1 < BASIC.length);
      return BASIC[known >>> 1];
    }
    if (known != 0) {
      require(known >>> 1 <= types.size());
      return types.get((known >>> 1) - 1);
    }
    require(depth < MAX_DEPTH);
    depth++;
    IrType made =
        switch (octet()) {
          case 'a' -> {
            boolean readOnly = flag();
            yield new IrType.Array(type(), readOnly);
          }
          case 't' -> {
            boolean readOnly = flag();
            yield new IrType.Tuple(types(), readOnly);
          }
          case 'f' -> new IrType.Function(types(), type(), number(), flag());
          case 'c' -> new IrType.ClassType(index(classes));
          case 's' -> new IrType.Shape(index(shapes));
          case 'u' -> {
            List<IrType> members = types();
            require(members.size() >= 2);
            yield new IrType.Union(members, string());
          }
          case 'k' -> new IrType.Task(type());
          case 'n' -> new IrType.Channel(type());
          case 'v' -> new IrType.Cell(type());
          case '"' -> new IrType.StringLiteral(string());
          case 'i' -> new IrType.IntLiteral(signed());
          case 'b' -> new IrType.BoolLiteral(flag());
          default -> throw new IOException("no type");
        };
    depth--;
    types.add(made);
    return made;
  }

  // --- tables

  private IrShape shape() throws IOException {
    boolean literal = flag();
    String name = string();
    List<IrShape.Property> properties =
        all(() -> new IrShape.Property(string(), type(), flag(), flag(), flag()));
    return new IrShape(literal, name, properties, types());
  }

  private IrClass classRow() throws IOException {
    String name = string();
    return switch (octet()) {
      case 'l' ->
          new IrClass.Local(
              name,
              index(modules),
              index(classes + 1) - 1,
              flag(),
              flag(),
              flag(),
              fields(),
              index(functions + 1) - 1,
              all(() -> new IrClass.Slot(string(), index(functions))),
              types(),
              all(() -> index(globals)),
              index(imports + 1) - 1,
              flag());
      case 'i' ->
          new IrClass.Imported(
              name,
              index(imports),
              flag() ? type() : null,
              fields(),
              all(() -> new IrClass.Method(string(), functionType())));
      case 'c' -> new IrClass.Collection(name, types());
      default -> throw new IOException("no class");
    };
  }

  private List<IrClass.Field> fields() throws IOException {
    return all(() -> new IrClass.Field(string(), type(), flag(), flag(), flag()));
  }

  private IrPackage.IrGlobal global() throws IOException {
    String name = string();
    IrType type = type();
    return switch (octet()) {
      case 'l' -> new IrPackage.LocalGlobal(name, type, flag(), flag(), flag());
      case 'i' -> new IrPackage.ImportedGlobal(name, type, index(imports));
      default -> throw new IOException("no global");
    };
  }

  private IrPackage.IrModule module() throws IOException {
    return new IrPackage.IrModule(
        string(),
        flag(),
        all(
            () -> {
              boolean imported = flag();
              return new IrPackage.Dependency(imported, index(imported ? imports : modules));
            }),
        all(this::export),
        all(this::declaration));
  }

  private IrPackage.Declaration declaration() throws IOException {
    return new IrPackage.Declaration(
        string(),
        flag(),
        number(),
        string(),
        all(
            () -> {
              String local = string();
              boolean imported = flag();
              return new IrPackage.FreeName(
                  local, imported, index(imported ? imports : modules), string());
            }),
        string());
  }

  private IrExport export() throws IOException {
    String name = string();
    return switch (octet()) {
      case 'f' -> new IrExport.OfFunction(name, index(functions), flag());
      case 'c' -> new IrExport.OfClass(name, index(classes), flag());
      case 'g' -> new IrExport.OfGlobal(name, index(globals), flag());
      case 't' -> new IrExport.OfType(name, type(), flag());
      case 'a' -> new IrExport.Again(name, index(imports), number(), string());
      default -> throw new IOException("no export");
    };
  }

  // --- functions

  private IrFunction function(int number) throws IOException {
    String name = string();
    IrType.Function type = functionType();
    return switch (octet()) {
      case 'i' -> new IrFunction.Imported(name, type, index(imports));
      case 'd' -> new IrFunction.Declared(name, type, index(modules), flag());
      case 'l' -> local(name, type, number);
      default -> throw new IOException("no function");
    };
  }

  private IrFunction local(String name, IrType.Function type, int number) throws IOException {
    int module = index(modules);
    int bits = index(1 << TRAITS.length);
    Set<IrFunction.Trait> traits = EnumSet.noneOf(IrFunction.Trait.class);
    for (IrFunction.Trait trait : TRAITS) {
      if ((bits & 1 << trait.ordinal()) != 0) {
        traits.add(trait);
      }
    }
    int owner = index(classes + 1) - 1;
    int container = index(number + 1) - 1;
    List<IrType> locals = types();
    List<IrType> captures = types();
    int blocks = count();
    List<IrFunction.Region> regions = new ArrayList<>();
    for (int left = count(); left > 0; left--) {
      regions.add(
          new IrFunction.Region(
              index(regions.size() + 1) - 1, index(blocks), index(classes + 1) - 1));
    }
    List<Block> made = new ArrayList<>(blocks);
    for (int i = 0; i < blocks; i++) {
      int region = index(regions.size() + 1) - 1;
      List<Instruction> instructions = all(() -> instruction(locals.size()));
      made.add(new Block(i, region, instructions, end(blocks)));
    }
    require(blocks > 0);
    return new IrFunction.Local(
        name,
        type,
        module,
        traits,
        owner,
        container,
        locals,
        captures,
        made,
        regions,
        all(() -> new IrFunction.Variable(index(locals.size()), string())));
  }

  private Opcode opcode() throws IOException {
    return OPCODES[index(OPCODES.length)];
  }

  private Instruction instruction(int locals) throws IOException {
    return switch (octet()) {
      case 0 -> new Instruction.Plain(opcode());
      case 1 -> new Instruction.IntConstant(signed());
      case 2 -> {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
          bits |= (long) octet() << shift;
        }
        yield new Instruction.NumberConstant(Double.longBitsToDouble(bits));
      }
      case 3 -> new Instruction.StringConstant(string());
      case 4 -> new Instruction.LoadLocal(index(locals));
      case 5 -> new Instruction.StoreLocal(index(locals));
      case 6 -> new Instruction.Increment(index(locals), signed());
      case 7 -> new Instruction.Capture(opcode(), number());
      case 8 -> new Instruction.Global(opcode(), index(globals));
      case 9 -> new Instruction.Call(opcode(), index(functions), number());
      case 10 -> new Instruction.CallMethod(number(), functionType(), number());
      case 11 -> new Instruction.CallInterface(string(), functionType(), number());
      case 12 -> new Instruction.CallValue(opcode(), functionType(), number());
      case 13 -> new Instruction.CallBuiltin(string(), number());
      case 14 -> new Instruction.Typed(opcode(), type());
      case 15 -> new Instruction.Literal(opcode(), type(), number());
      case 16 -> new Instruction.Counted(opcode(), number());
      case 17 -> new Instruction.Field(opcode(), number());
      case 18 -> new Instruction.Named(opcode(), string());
      case 19 -> new Instruction.MakeClosure(index(functions));
      case 20 -> new Instruction.Await(opcode(), flag());
      case 21 -> new Instruction.Statement(index(sources), number(), number());
      case 22 -> new Instruction.CallNative(string(), string(), functionType(), number());
      default -> throw new IOException("no instruction");
    };
  }

  private Terminator end(int blocks) throws IOException {
    return switch (octet()) {
      case 0 -> new Terminator.Jump(index(blocks));
      case 1 -> new Terminator.Branch(opcode(), index(blocks), index(blocks));
      case 2 -> new Terminator.ArgumentBranch(number(), index(blocks), index(blocks));
      case 3 -> new Terminator.IntSwitch(cases(this::signed, blocks), index(blocks));
      case 4 -> new Terminator.StringSwitch(cases(this::string, blocks), index(blocks));
      case 5 -> new Terminator.Leave(opcode());
      case 6 -> new Terminator.Raise(TRAPS[index(TRAPS.length)]);
      default -> throw new IOException("no end of a block");
    };
  }

  private <K extends Comparable<K>> SortedMap<K, Integer> cases(Row<K> key, int blocks)
      throws IOException {
    SortedMap<K, Integer> cases = new TreeMap<>();
    for (int left = count(); left > 0; left--) {
      cases.put(key.read(), index(blocks));
    }
    return cases;
  }
}
