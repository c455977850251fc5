package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FreeName;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The interfaceDigest of META ({@code rbin.md} 3.1): a hash over exports, declarations and every
 * type an export reaches, in a form that does not depend on private code: types are numbered as the
 * exports meet them, classes are named by module and name, and targets of exports are left out.
 */
final class InterfaceDigest {
  private final RbinModule module;
  private final ModuleSymbols symbols;
  private final ByteWriter out = new ByteWriter(1024);
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private final Deque<Integer> open = new ArrayDeque<>();

  private InterfaceDigest(RbinModule module) {
    this.module = module;
    this.symbols = new ModuleSymbols(module, new TypeSpace(module));
  }

  static Sha256 of(RbinModule module) {
    return new InterfaceDigest(module).digest();
  }

  private Sha256 digest() {
    for (ModuleDef definition : module.modules()) {
      if ((definition.flags() & ModuleDef.IMPORTABLE) == 0) {
        continue;
      }
      text(definition.path());
      out.u32(definition.exports().size());
      for (Export export : definition.exports()) {
        text(export.name());
        out.u8(export.kind());
        out.u8(export.flags());
        out.u32(export.grants());
        if (export.kind() == ExportKind.RE_EXPORT) {
          ModuleSymbols.Member member = symbols.members().get(export.target());
          text(member.module().specifier());
          text(member.member().name());
        } else {
          type(export.type());
        }
      }
    }
    if (module.decls() != null) {
      for (Decl decl : module.decls()) {
        text(module.modules().get(decl.module()).path());
        text(decl.name());
        out.u8(decl.kind());
        text(decl.text());
        for (FreeName name : decl.freeNames()) {
          text(name.local());
          out.u8(name.kind());
          text(name.name());
        }
      }
    }
    while (!open.isEmpty()) {
      describe(open.poll());
    }
    return Sha256.hash(out.toBytes());
  }

  private void text(String value) {
    byte[] bytes = Wtf8.encode(value);
    out.u32(bytes.length);
    out.raw(bytes);
  }

  private void type(int index) {
    Integer number = numbers.get(index);
    if (number == null) {
      number = index < PredefinedType.FIRST_STORED ? index : 16 + numbers.size();
      numbers.put(index, number);
      if (index >= PredefinedType.FIRST_STORED) {
        open.add(index);
      }
    }
    out.u32(number);
  }

  private void types(List<Integer> list) {
    out.u32(list.size());
    list.forEach(this::type);
  }

  private void describe(int index) {
    switch (module.type(index)) {
      case RType.Predefined p -> {}
      case RType.ArrayType a -> {
        out.u8(a.readOnly() ? 0x41 : 1);
        type(a.element());
      }
      case RType.TupleType t -> {
        out.u8(t.readOnly() ? 0x42 : 2);
        types(t.elements());
      }
      case RType.FunctionType f -> {
        out.u8(f.rest() ? 0x43 : 3);
        out.u8(f.optional());
        types(f.params());
        type(f.result());
      }
      case RType.ClassType c -> classType(c.ref());
      case RType.InterfaceType i -> record(5, i.name(), i.properties(), i.arguments());
      case RType.ObjectType o -> record(11, o.name(), o.properties(), o.arguments());
      case RType.UnionType u -> {
        out.u8(6);
        text(u.discriminant());
        types(u.members());
      }
      case RType.TaskType t -> {
        out.u8(7);
        type(t.result());
      }
      case RType.ChannelType c -> {
        out.u8(8);
        type(c.element());
      }
      case RType.CellType c -> {
        out.u8(9);
        type(c.content());
      }
      case RType.NumericLiteral literal -> {
        out.u8(10);
        out.u8(literal.base());
        out.u32(literal.value());
      }
      case RType.StringLiteral literal -> {
        out.u8(12);
        text(literal.value());
      }
    }
  }

  private void classType(int ref) {
    out.u8(4);
    text(symbols.className(ref));
    if (ClassRef.isImported(ref)) {
      text(symbols.importedClasses().get(ClassRef.index(ref)).module().specifier());
    } else {
      types(module.classes().get(ref).typeArguments());
    }
  }

  private void record(
      int kind, String name, List<RType.Property> properties, List<Integer> arguments) {
    out.u8(kind);
    text(name);
    out.u32(properties.size());
    for (RType.Property property : properties) {
      text(property.name());
      out.u8(property.flags());
      type(property.type());
    }
    types(arguments);
  }
}
