package dev.raya.vm.bytecode.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** The comparison on files made by hand: each kind of export, each kind of type. */
final class TypedInterfaceTest {
  private static final int INT = PredefinedType.INT;
  private static final int NUMBER = PredefinedType.NUMBER;
  private static final int BOOL = PredefinedType.BOOL;
  private static final int STRING = PredefinedType.STRING;
  private static final int VOID = PredefinedType.VOID;

  /** What a version exports. */
  private interface Content {
    void into(RbinBuilder builder, int module);
  }

  private static VerifiedModule file(Content content) {
    RbinBuilder builder =
        new RbinBuilder(
            new Meta("lib", "1.0.0", "", "test 1", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
    content.into(builder, builder.module("", true));
    try {
      return Verifier.verify(RbinWriter.write(builder.build()));
    } catch (RbinException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> changes(Content before, Content after) {
    return InterfaceComparison.of(file(before), file(after)).changes().stream()
        .map(change -> change.impact().word() + ' ' + change.text())
        .toList();
  }

  private static Content function(ToIntFunction<RbinBuilder> type, int flags) {
    return (builder, module) -> {
      FunctionBuilder body =
          builder.function(module, "f", type.applyAsInt(builder), FunctionDef.EXPORTED | flags);
      body.emit(Opcode.TRAP, Trap.UNREACHABLE.code());
      builder.export(module, "f", ExportKind.FUNCTION, body.handle());
    };
  }

  private static Content taking(ToIntFunction<RbinBuilder> parameter) {
    return function(b -> b.functionType(List.of(parameter.applyAsInt(b)), VOID), 0);
  }

  private static Content giving(ToIntFunction<RbinBuilder> result) {
    return function(b -> b.functionType(List.of(), result.applyAsInt(b)), 0);
  }

  private static String verdict(ToIntFunction<RbinBuilder> was, ToIntFunction<RbinBuilder> is) {
    return word(changes(taking(was), taking(is))) + '/' + word(changes(giving(was), giving(is)));
  }

  private static String word(List<String> changes) {
    return changes.isEmpty() ? "same" : changes.getFirst().split(" ", 2)[0];
  }

  private static ToIntFunction<RbinBuilder> record(boolean named, Property... properties) {
    return b ->
        b.type(
            named
                ? new RType.InterfaceType("Options", List.of(properties), List.of())
                : new RType.ObjectType("", List.of(properties), List.of()));
  }

  @Test
  void typesAreComparedInBothPositions() {
    Property level = new Property("level", INT, 0);
    Property name = new Property("name", STRING, Property.OPTIONAL);
    assertThat(verdict(b -> INT, b -> INT)).isEqualTo("same/same");
    assertThat(verdict(b -> INT, b -> NUMBER)).isEqualTo("breaking/breaking");
    assertThat(verdict(b -> STRING, b -> b.nullable(STRING))).isEqualTo("compatible/breaking");
    assertThat(verdict(b -> b.nullable(STRING), b -> STRING)).isEqualTo("breaking/compatible");
    assertThat(verdict(b -> b.arrayOf(INT), b -> b.type(new RType.ArrayType(INT, true))))
        .isEqualTo("compatible/breaking");
    assertThat(verdict(b -> b.arrayOf(INT), b -> b.arrayOf(STRING))).isEqualTo("breaking/breaking");
    assertThat(
            verdict(
                b -> b.type(new RType.TupleType(List.of(INT, STRING), false)),
                b -> b.type(new RType.TupleType(List.of(INT, STRING), true))))
        .isEqualTo("compatible/breaking");
    assertThat(
            verdict(
                b -> b.type(new RType.TupleType(List.of(INT), true)),
                b -> b.type(new RType.TupleType(List.of(INT, INT), true))))
        .isEqualTo("breaking/breaking");
    assertThat(verdict(record(true, level), record(true, level, name))).isEqualTo("same/same");
    assertThat(verdict(record(false, level), record(false, level, name)))
        .isEqualTo("compatible/compatible");
    assertThat(verdict(record(true, level, name), record(true, level))).isEqualTo("same/breaking");
    assertThat(
            verdict(
                b -> b.functionType(List.of(INT), STRING),
                b -> b.functionType(List.of(INT, INT), STRING)))
        .isEqualTo("compatible/breaking");
    assertThat(
            verdict(
                b -> b.functionType(List.of(INT), VOID), b -> b.functionType(List.of(INT), INT)))
        .isEqualTo("breaking/compatible");
    assertThat(
            verdict(b -> b.type(new RType.TaskType(INT)), b -> b.type(new RType.TaskType(STRING))))
        .isEqualTo("breaking/breaking");
    assertThat(
            verdict(
                b -> b.type(new RType.ChannelType(INT)), b -> b.type(new RType.ChannelType(INT))))
        .isEqualTo("same/same");
    assertThat(
            verdict(
                b -> b.type(new RType.ChannelType(INT)),
                b -> b.type(new RType.ChannelType(STRING))))
        .isEqualTo("breaking/breaking");
    assertThat(verdict(b -> PredefinedType.ERROR, b -> PredefinedType.ERROR))
        .isEqualTo("same/same");
  }

  @Test
  void literalsAndUnionsAreComparedMemberByMember() {
    ToIntFunction<RbinBuilder> info = b -> b.type(new RType.StringLiteral("info"));
    ToIntFunction<RbinBuilder> two =
        b -> b.unionOf(List.of(info.applyAsInt(b), b.type(new RType.StringLiteral("warn"))));
    Property narrow = new Property("p", 0, Property.READ_ONLY);
    assertThat(narrow.readOnly()).isTrue();
    assertThat(verdict(record(true), record(true))).isEqualTo("same/same");
    assertThat(changes(exported(two), exported(b -> STRING)))
        .singleElement()
        .asString()
        .startsWith("breaking T: was");
    assertThat(changes(exported(two), exported(two))).isEmpty();
    assertThat(word(changes(exported(info), exported(two)))).isEqualTo("breaking");
    assertThat(
            word(
                changes(
                    exported(b -> BOOL),
                    exported(
                        b ->
                            b.unionOf(
                                List.of(
                                    b.type(new RType.NumericLiteral(BOOL, 0)),
                                    b.type(new RType.NumericLiteral(BOOL, 1))))))))
        .isIn("breaking", "compatible");
  }

  private static Content exported(ToIntFunction<RbinBuilder> type) {
    return (builder, module) ->
        builder.export(module, "T", ExportKind.TYPE, type.applyAsInt(builder));
  }

  @Test
  void propertiesOfExportedTypesAreToldOneByOne() {
    Content before =
        exported(
            record(
                true,
                new Property("gone", INT, 0),
                new Property("less", INT, 0),
                new Property("locked", INT, 0),
                new Property("other", INT, 0)));
    Content after =
        exported(
            record(
                true,
                new Property("less", INT, Property.OPTIONAL),
                new Property("locked", INT, Property.READ_ONLY),
                new Property("maybe", INT, Property.OPTIONAL),
                new Property("must", INT, 0),
                new Property("other", STRING, 0)));

    assertThat(changes(before, after))
        .containsExactly(
            "breaking T.gone: the property is gone",
            "breaking T.less: the property became optional",
            "breaking T.locked: the property became readonly",
            "breaking T.must: a new property that values made so far lack",
            "breaking T.other: was int, is string",
            "addition T.maybe: the optional property is new");
  }

  @Test
  void exportsComeGoAndChangeTheirKind() {
    Content constant = constant("C", INT);
    Content none = (builder, module) -> {};
    Content function = function(b -> b.functionType(List.of(), INT), 0);
    assertThat(changes(constant, none)).containsExactly("breaking C: the constant is gone");
    assertThat(changes(none, function)).containsExactly("addition f: the function is new");
    assertThat(changes(constant("f", INT), function))
        .containsExactly("breaking f: was a constant, is a function");
    assertThat(changes(function, constant("f", INT)))
        .containsExactly("breaking f: was a function, is a constant");
    assertThat(changes(constant("T", INT), exported(b -> INT)))
        .containsExactly("breaking T: was a constant, is a type");
    assertThat(changes(exported(b -> INT), constant("T", INT)))
        .containsExactly("breaking T: was a type, is a constant");
    assertThat(changes(constant, constant("C", STRING)))
        .containsExactly("breaking C: was int, is string");
    assertThat(
            changes(
                (builder, module) -> builder.module("sinks", true),
                (builder, module) -> builder.module("drains", true)))
        .containsExactly(
            "breaking sinks: the module is gone", "addition drains: the module is new");
  }

  private static Content constant(String name, int type) {
    return (builder, module) ->
        builder.export(
            module,
            name,
            ExportKind.CONSTANT,
            builder.global(new GlobalDef(name, type, GlobalDef.CONSTANT | GlobalDef.EXPORTED)));
  }

  /** A class with a field and a method, as a compiler exports it. */
  private static Content type(String head, String field, int fieldType, int flags, String method) {
    return (builder, module) -> {
      int cls = builder.declareClass();
      FunctionBuilder body =
          builder.function(
              module,
              "Logger#" + method,
              builder.functionType(List.of(STRING), VOID),
              FunctionDef.METHOD | FunctionDef.EXPORTED,
              cls,
              -1);
      body.emit(Opcode.RETURN_VOID);
      FunctionBuilder constructor =
          builder.function(
              module,
              "Logger#constructor",
              builder.functionType(List.of(), VOID),
              FunctionDef.CONSTRUCTOR | FunctionDef.EXPORTED,
              cls,
              -1);
      constructor.emit(Opcode.RETURN_VOID);
      builder.defineClass(
          cls,
          new ClassDef(
              "Logger",
              ClassRef.NONE,
              ClassDef.EXPORTED,
              List.of(new FieldDef(field, fieldType, flags)),
              constructor.handle(),
              List.of(new Slot(method, body.handle())),
              List.of(),
              List.of(),
              0,
              0,
              0));
      builder.export(module, "Logger", ExportKind.CLASS, cls);
      builder.export(module, "Logger#constructor", ExportKind.FUNCTION, constructor.handle());
      builder.export(module, "Logger#" + method, ExportKind.FUNCTION, body.handle());
      builder.decl(new Decl(module, "Logger", 0, 1, head, List.of()));
    };
  }

  @Test
  void membersOfClassesAreToldOneByOne() {
    String head = "export class Logger { level : int ; log ( m : string ) : void ; }";
    Content before = type(head, "level", INT, 0, "log");
    assertThat(changes(before, type(head, "level", INT, 0, "log"))).isEmpty();
    assertThat(changes(before, type(head, "level", INT, 0, "write")))
        .containsExactly(
            "breaking Logger.log: the member is gone", "addition Logger.write: the member is new");
    assertThat(changes(before, type(head, "level", INT, FieldDef.READ_ONLY, "log")))
        .containsExactly("breaking Logger.level: the field became readonly");
    assertThat(changes(type(head, "level", INT, FieldDef.READ_ONLY, "log"), before))
        .containsExactly("compatible Logger.level: the field is not readonly any more");
    assertThat(changes(before, type(head, "level", STRING, 0, "log")))
        .containsExactly("breaking Logger.level: was int, is string");
    assertThat(changes(before, type(head, "level", INT, FieldDef.PRIVATE, "log")))
        .containsExactly("breaking Logger.level: the member is gone");
    assertThat(
            changes(
                before,
                type(
                    "export abstract class Logger { protected level : int ;"
                        + " abstract log ( m : string ) : void ; }",
                    "level",
                    INT,
                    0,
                    "log")))
        .containsExactly(
            "breaking Logger: the class became abstract",
            "breaking Logger.level: the member became protected",
            "breaking Logger.log: the method became abstract");
    assertThat(changes(before, constant("Logger", INT)))
        .containsExactly("breaking Logger: was a class, is a constant");
  }

  @Test
  void genericDeclarationsAreComparedByTheirHeads() {
    Content one = generic("export function id < T > ( x : T ) : T { return x ; }");
    Content body = generic("export function id < T > ( x : T ) : T { let y = x ; return y ; }");
    Content other = generic("export function id < T > ( x : T , n : int ) : T { return x ; }");
    assertThat(changes(one, body)).isEmpty();
    assertThat(changes(one, other)).singleElement().asString().startsWith("breaking id: the gen");
    assertThat(changes(one, constant("id", INT)))
        .containsExactly("breaking id: was a generic declaration, is a constant");
  }

  private static Content generic(String text) {
    return (builder, module) -> builder.decl(new Decl(module, "id", 1, 1, text, List.of()));
  }
}
