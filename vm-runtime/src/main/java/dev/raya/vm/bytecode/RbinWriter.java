package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.DebugData;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a module as bytes: header, section table, sections, digest ({@code rbin.md} 2 and 3). What
 * it writes is canonical if the module is; {@link RbinBuilder} makes such modules.
 */
public final class RbinWriter {
  private static final int NOTHING = -1;

  private final RbinModule module;
  private final Map<String, Integer> strings = new HashMap<>();
  private final EnumMap<Section, ByteWriter> sections = new EnumMap<>(Section.class);

  private RbinWriter(RbinModule module) {
    this.module = module;
    List<Constant> constants = module.constants();
    for (int i = 0; i < constants.size(); i++) {
      if (constants.get(i) instanceof Constant.Str text) {
        strings.put(text.value(), i);
      }
    }
  }

  /**
   * The bytes of a module.
   *
   * @throws IllegalStateException if a name of the module is not in its constant pool
   */
  public static byte[] write(RbinModule module) {
    return new RbinWriter(module).write();
  }

  private byte[] write() {
    meta();
    constants();
    types();
    imports();
    if (!module.natives().isEmpty()) {
      natives();
    }
    classes();
    globals();
    functions();
    exports();
    if (module.decls() != null) {
      decls(module.decls());
    }
    if (module.docs() != null) {
      docs(module.docs());
    }
    if (module.debug() != null) {
      debug(module.debug());
    }
    return file();
  }

  private byte[] file() {
    int table = RbinFormat.HEADER_SIZE + RbinFormat.SECTION_ENTRY_SIZE * sections.size();
    ByteWriter out = new ByteWriter(table);
    out.u32(RbinFormat.MAGIC);
    out.u32(RbinFormat.VERSION);
    out.u32(module.flags());
    out.u32(sections.size());
    int offset = table;
    for (ByteWriter section : sections.values()) {
      offset = aligned(offset) + section.size();
    }
    out.u64(offset);
    out.u32(module.minVm());
    out.u32(0);
    out.raw(new byte[32]);
    int at = table;
    for (Map.Entry<Section, ByteWriter> section : sections.entrySet()) {
      at = aligned(at);
      out.u32(section.getKey().tag());
      out.u32(section.getKey().required() ? RbinFormat.REQUIRED : 0);
      out.u64(at);
      out.u64(section.getValue().size());
      at += section.getValue().size();
    }
    for (ByteWriter section : sections.values()) {
      out.raw(new byte[aligned(out.size()) - out.size()]);
      out.raw(section.toBytes());
    }
    byte[] bytes = out.toBytes();
    MessageDigest digest = Sha256.newDigest();
    byte[] hash = digest.digest(bytes);
    System.arraycopy(hash, 0, bytes, RbinFormat.DIGEST_OFFSET, hash.length);
    return bytes;
  }

  private static int aligned(int offset) {
    return offset + 7 & ~7;
  }

  private ByteWriter section(Section section) {
    ByteWriter out = new ByteWriter(256);
    sections.put(section, out);
    return out;
  }

  private void str(ByteWriter out, String text) {
    Integer index = strings.get(text);
    if (index == null) {
      throw new IllegalStateException("\"" + text + "\" is not in the constant pool");
    }
    out.u32(index);
  }

  private static void ints(ByteWriter out, List<Integer> list) {
    out.u32(list.size());
    list.forEach(out::u32);
  }

  private void meta() {
    ByteWriter out = section(Section.META);
    Meta meta = module.meta();
    str(out, meta.packageName());
    str(out, meta.version());
    str(out, meta.module());
    str(out, meta.compiler());
    out.u32(meta.languageLevel());
    out.u32(meta.probeCount());
    out.u32(meta.grants());
    out.raw(meta.interfaceDigest().toBytes());
    out.raw(meta.sourceDigest().toBytes());
    out.raw(meta.strippedFrom().toBytes());
  }

  private void constants() {
    ByteWriter out = section(Section.CONS);
    out.u32(module.constants().size());
    for (Constant constant : module.constants()) {
      switch (constant) {
        case Constant.Str text -> {
          byte[] bytes = Wtf8.encode(text.value());
          out.u8(1);
          out.u32(bytes.length);
          out.raw(bytes);
        }
        case Constant.I32 number -> {
          out.u8(2);
          out.u32(number.value());
        }
        case Constant.F64 number -> {
          out.u8(3);
          out.u64(Double.doubleToLongBits(number.value()));
        }
      }
    }
  }

  private void types() {
    ByteWriter out = section(Section.TYPE);
    out.u32(module.types().size());
    for (RType type : module.types()) {
      type(out, type);
    }
  }

  private void type(ByteWriter out, RType type) {
    switch (type) {
      case RType.Predefined p -> throw new IllegalStateException("predefined types are not stored");
      case RType.ArrayType array -> {
        out.u8(1);
        out.u32(array.element());
        out.u8(array.readOnly() ? 1 : 0);
      }
      case RType.TupleType tuple -> {
        out.u8(2);
        out.u8(tuple.elements().size());
        tuple.elements().forEach(out::u32);
        out.u8(tuple.readOnly() ? 1 : 0);
      }
      case RType.FunctionType function -> {
        out.u8(3);
        out.u8(function.params().size());
        function.params().forEach(out::u32);
        out.u32(function.result());
        out.u8(function.optional());
        out.u8(function.rest() ? 1 : 0);
      }
      case RType.ClassType c -> {
        out.u8(4);
        out.u32(c.ref());
      }
      case RType.InterfaceType i -> record(out, 5, i.name(), i.properties(), i.arguments());
      case RType.UnionType union -> {
        out.u8(6);
        out.u8(union.members().size());
        union.members().forEach(out::u32);
        str(out, union.discriminant());
      }
      case RType.TaskType task -> {
        out.u8(7);
        out.u32(task.result());
      }
      case RType.ChannelType channel -> {
        out.u8(8);
        out.u32(channel.element());
      }
      case RType.CellType cell -> {
        out.u8(9);
        out.u32(cell.content());
      }
      case RType.NumericLiteral literal -> {
        out.u8(10);
        out.u8(literal.base());
        out.u32(literal.value());
      }
      case RType.StringLiteral literal -> {
        out.u8(10);
        out.u8(PredefinedType.STRING);
        str(out, literal.value());
      }
      case RType.ObjectType o -> record(out, 11, o.name(), o.properties(), o.arguments());
    }
  }

  private void record(
      ByteWriter out,
      int kind,
      String name,
      List<RType.Property> properties,
      List<Integer> arguments) {
    out.u8(kind);
    str(out, name);
    out.u32(properties.size());
    for (RType.Property property : properties) {
      str(out, property.name());
      out.u32(property.type());
      out.u8(property.flags());
    }
    ints(out, arguments);
  }

  private void imports() {
    ByteWriter out = section(Section.IMPT);
    out.u32(module.imports().size());
    for (Import imported : module.imports()) {
      str(out, imported.specifier());
      str(out, imported.versionRange());
      out.raw(imported.interfaceDigest().toBytes());
      out.u32(imported.members().size());
      for (ImportMember member : imported.members()) {
        out.u8(member.kind());
        str(out, member.name());
        out.u32(member.type());
      }
    }
  }

  private void natives() {
    ByteWriter out = section(Section.NATV);
    out.u32(module.natives().size());
    for (NativeImport imported : module.natives()) {
      out.u8(imported.kind());
      str(out, imported.module());
      str(out, imported.abiRange());
      str(out, imported.moduleVersionRange());
      out.u32(imported.members().size());
      imported
          .members()
          .forEach(
              member -> {
                str(out, member.name());
                out.u32(member.type());
                out.u8(member.flags());
              });
    }
  }

  private void classes() {
    ByteWriter out = section(Section.CLAS);
    out.u32(module.classes().size());
    for (ClassDef definition : module.classes()) {
      str(out, definition.name());
      out.u32(definition.parent());
      out.u16(definition.flags());
      out.u32(definition.fields().size());
      definition
          .fields()
          .forEach(
              field -> {
                str(out, field.name());
                out.u32(field.type());
                out.u16(field.flags());
              });
      out.u32(definition.constructor());
      out.u32(definition.vtable().size());
      definition
          .vtable()
          .forEach(
              slot -> {
                str(out, slot.name());
                out.u32(slot.function());
              });
      ints(out, definition.interfaces());
      ints(out, definition.typeArguments());
      out.u32(definition.origin());
      out.u32(definition.staticBase());
      out.u16(definition.staticCount());
    }
  }

  private void globals() {
    ByteWriter out = section(Section.GLOB);
    out.u32(module.globals().size());
    module
        .globals()
        .forEach(
            global -> {
              str(out, global.name());
              out.u32(global.type());
              out.u8(global.flags());
            });
  }

  private void functions() {
    ByteWriter out = section(Section.FUNC);
    ByteWriter code = section(Section.CODE);
    out.u32(module.functions().size());
    for (FunctionDef function : module.functions()) {
      str(out, function.name());
      out.u32(function.type());
      out.u32(code.size());
      out.u32(function.code().length());
      out.u32(function.flags());
      out.u16(function.paramCount());
      out.u16(function.localTypes().size());
      out.u16(function.maxStack());
      out.u16(function.captureTypes().size());
      out.u32(function.ownerClass());
      code.raw(function.code().toBytes());
      out.u32(code.size());
      function.localTypes().forEach(code::u32);
      function.captureTypes().forEach(code::u32);
      out.u32(code.size());
      code.u32(function.handlers().size());
      for (Handler handler : function.handlers()) {
        code.u32(handler.start());
        code.u32(handler.end());
        code.u32(handler.target());
        code.u32(handler.catchClass());
      }
      out.u32(code.size());
      code.u32(function.stackMaps().size());
      for (StackMap map : function.stackMaps()) {
        code.u32(map.offset());
        code.u16(map.types().size());
        map.types().forEach(code::u32);
      }
      out.u32(function.cost());
    }
  }

  private void exports() {
    ByteWriter out = section(Section.EXPT);
    out.u32(module.entry() < 0 ? NOTHING : module.entry());
    out.u32(module.modules().size());
    for (ModuleDef definition : module.modules()) {
      str(out, definition.path());
      out.u8(definition.flags());
      out.u32(definition.init() < 0 ? NOTHING : definition.init());
      ints(out, definition.dependencies());
      out.u32(definition.exports().size());
      for (Export export : definition.exports()) {
        str(out, export.name());
        out.u8(export.kind());
        out.u8(export.flags());
        out.u32(export.grants());
        out.u32(export.target());
        out.u32(export.type());
      }
    }
  }

  private void decls(List<Decl> decls) {
    ByteWriter out = section(Section.DECL);
    out.u32(decls.size());
    for (Decl decl : decls) {
      out.u32(decl.module());
      str(out, decl.name());
      out.u8(decl.kind());
      out.u32(decl.line());
      str(out, decl.text());
      out.u32(decl.freeNames().size());
      decl.freeNames()
          .forEach(
              name -> {
                str(out, name.local());
                out.u8(name.kind());
                out.u32(name.module());
                str(out, name.name());
              });
    }
  }

  private void docs(List<Doc> docs) {
    ByteWriter out = section(Section.DOCS);
    out.u32(docs.size());
    for (Doc doc : docs) {
      out.u32(doc.module());
      str(out, doc.name());
      str(out, doc.text());
    }
  }

  private void debug(DebugData debug) {
    ByteWriter out = section(Section.DBGI);
    out.u32(debug.files().size());
    debug
        .files()
        .forEach(
            file -> {
              str(out, file.file());
              out.raw(file.contentDigest().toBytes());
            });
    for (FunctionDebug function : debug.functions()) {
      functionDebug(out, function);
    }
    out.u32(debug.probes().size());
    debug
        .probes()
        .forEach(
            probe -> {
              out.u32(probe.probe());
              out.u32(probe.file());
              out.u32(probe.line());
              out.u32(probe.endLine());
              out.u8(probe.kind());
            });
  }

  private void functionDebug(ByteWriter out, FunctionDebug function) {
    out.u32(function.lines().size());
    function
        .lines()
        .forEach(
            line -> {
              out.u32(line.offset());
              out.u32(line.file());
              out.u32(line.line());
              out.u32(line.column());
            });
    out.u32(function.locals().size());
    function
        .locals()
        .forEach(
            local -> {
              out.u16(local.local());
              out.u32(local.start());
              out.u32(local.end());
              str(out, local.name());
            });
    out.u32(function.inlined().size());
    function
        .inlined()
        .forEach(
            call -> {
              out.u32(call.offset());
              out.u32(call.function());
              out.u32(call.line());
            });
  }
}
