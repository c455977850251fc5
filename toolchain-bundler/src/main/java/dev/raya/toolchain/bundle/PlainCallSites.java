package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Enum.EnumDesc;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar whose pattern switches and records need no classes made at run time. javac leaves it to the
 * JVM to make a class for each {@code switch} over types and for {@code equals} and {@code
 * hashCode} of each record, when they are first executed; start-up caches cannot hold those. Here
 * each becomes a private method of the class that it stands in, with the same meaning (decision
 * 0413).
 */
final class PlainCallSites {
  private static final String CLASS_SUFFIX = ".class";
  private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
  private static final ClassDesc RECORDS = ClassDesc.of("java.lang.runtime.ObjectMethods");
  private static final ClassDesc ENUM_DESC = EnumDesc.class.describeConstable().orElseThrow();
  private static final ClassDesc OBJECTS = Objects.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc EQUALS =
      MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object);
  private static final int PRIVATE_STATIC_SYNTHETIC =
      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;

  private final ClassFile classFile;

  private PlainCallSites(ClassHierarchyResolver hierarchy) {
    classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
  }

  /**
   * Rewrites a jar in place if a class in it has such a switch or record; equal jars give equal
   * bytes. What is no archive is left as it is, for whoever loads classes to complain of.
   *
   * @param classPath jars that hold the types which the classes mention, this one among them
   * @return whether it was rewritten
   * @throws IOException if a jar cannot be read or written
   */
  static boolean rewrite(Path jar, List<Path> classPath) throws IOException {
    List<ZipFile> zips = new ArrayList<>();
    Path fresh = jar.resolveSibling(jar.getFileName() + ".tmp");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Path other : classPath) {
        openInto(zips, other);
      }
      PlainCallSites rewriter =
          new PlainCallSites(
              ClassHierarchyResolver.ofResourceParsing(name -> find(name, zips))
                  .orElse(
                      ClassHierarchyResolver.ofClassLoading(ClassLoader.getPlatformClassLoader()))
                  .cached());
      if (!rewriter.copy(zip, fresh)) {
        return false;
      }
      Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (ZipException noArchive) {
      return false;
    } finally {
      Files.deleteIfExists(fresh);
      for (ZipFile open : zips) {
        open.close();
      }
    }
  }

  private static void openInto(List<ZipFile> zips, Path jar) throws IOException {
    try {
      zips.add(new ZipFile(jar.toFile()));
    } catch (ZipException noArchive) {
      // Holds no types; rewriting it comes to nothing in the same way.
      return;
    }
  }

  private static @Nullable InputStream find(ClassDesc name, List<ZipFile> zips) {
    String descriptor = name.descriptorString();
    String entry = descriptor.substring(1, descriptor.length() - 1) + CLASS_SUFFIX;
    for (ZipFile zip : zips) {
      ZipEntry found = zip.getEntry(entry);
      if (found != null) {
        try {
          return zip.getInputStream(found);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return null;
  }

  /** Copies a jar with its classes rewritten; says whether any had to be. */
  private boolean copy(ZipFile zip, Path to) throws IOException {
    boolean changed = false;
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (InputStream in = zip.getInputStream(entry)) {
          byte[] bytes = in.readAllBytes();
          byte[] plain = entry.getName().endsWith(CLASS_SUFFIX) ? rewrite(bytes) : bytes;
          changed |= plain != bytes;
          out.write(plain);
        }
        out.closeEntry();
      }
    }
    return changed;
  }

  /** The class without the call sites that are expanded here, or the same array. */
  byte[] rewrite(byte[] bytes) {
    ClassModel model = classFile.parse(bytes);
    boolean concerned = model.methods().stream().anyMatch(Expansion::concerns);
    return concerned
        ? classFile.transformClass(model, ClassTransform.ofStateful(() -> new Expansion(model)))
        : bytes;
  }

  private static boolean isExpanded(MemberRefEntry bootstrap) {
    ClassDesc owner = bootstrap.owner().asSymbol();
    return owner.equals(RECORDS)
        || owner.equals(SWITCHES) && bootstrap.name().equalsString("typeSwitch");
  }

  /** What becomes of the call sites of one class. */
  private static final class Expansion implements ClassTransform {
    private final ClassDesc self;
    private final boolean isInterface;

    /** The methods that take the place of call sites, to be added at the end. */
    private final List<InvokeDynamicInstruction> expanded = new ArrayList<>();

    Expansion(ClassModel model) {
      self = model.thisClass().asSymbol();
      isInterface = model.flags().has(AccessFlag.INTERFACE);
    }

    @Override
    public void accept(ClassBuilder builder, ClassElement element) {
      if (element instanceof MethodModel method && concerns(method)) {
        CodeTransform code = this::replace;
        builder.transformMethod(method, MethodTransform.transformingCode(code));
      } else {
        builder.with(element);
      }
    }

    @Override
    public void atEnd(ClassBuilder builder) {
      for (int i = 0; i < expanded.size(); i++) {
        InvokeDynamicInstruction site = expanded.get(i);
        builder.withMethodBody(
            name(site, i), site.typeSymbol(), PRIVATE_STATIC_SYNTHETIC, code -> body(code, site));
      }
    }

    private static boolean concerns(MethodModel method) {
      return method.code().stream()
          .flatMap(code -> code.elementStream())
          .anyMatch(element -> element instanceof InvokeDynamicInstruction site && isPlain(site));
    }

    private void replace(CodeBuilder code, CodeElement element) {
      if (element instanceof InvokeDynamicInstruction site && isPlain(site)) {
        code.invokestatic(self, name(site, expanded.size()), site.typeSymbol(), isInterface);
        expanded.add(site);
      } else {
        code.with(element);
      }
    }

    private static String name(InvokeDynamicInstruction site, int index) {
      return site.name().stringValue() + "$" + index;
    }

    /** Whether a call site is one of those that are expanded: numbers as labels are not. */
    private static boolean isPlain(InvokeDynamicInstruction site) {
      MemberRefEntry bootstrap = site.invokedynamic().bootstrap().bootstrapMethod().reference();
      if (!isExpanded(bootstrap)) {
        return false;
      }
      return bootstrap.owner().asSymbol().equals(RECORDS)
          ? site.name().equalsString("equals") || site.name().equalsString("hashCode")
          : arguments(site).stream()
              .allMatch(
                  label ->
                      label instanceof ClassEntry
                          || label instanceof StringEntry
                          || constant(label) != null);
    }

    /** The constant of an enum that a label describes, or null if it is another label. */
    private static @Nullable EnumDesc<?> constant(LoadableConstantEntry label) {
      return label instanceof ConstantDynamicEntry entry
              && entry.bootstrap().arguments() instanceof List<LoadableConstantEntry> described
              && described.size() == 3
              && described.get(0) instanceof MethodHandleEntry maker
              && maker.reference().owner().asSymbol().equals(ENUM_DESC)
              && described.get(1) instanceof ConstantDynamicEntry type
              && type.bootstrap().arguments().getLast() instanceof StringEntry typeName
              && described.get(2) instanceof StringEntry name
          ? EnumDesc.of(ClassDesc.of(typeName.stringValue()), name.stringValue())
          : null;
    }

    private static List<LoadableConstantEntry> arguments(InvokeDynamicInstruction site) {
      return site.invokedynamic().bootstrap().arguments();
    }

    private static void body(CodeBuilder code, InvokeDynamicInstruction site) {
      switch (site.name().stringValue()) {
        case "equals" -> equality(code, site);
        case "hashCode" -> hash(code, site);
        default -> typeSwitch(code, site);
      }
    }

    /** The index of the first label from the given one on that the value is of, or is. */
    private static void typeSwitch(CodeBuilder code, InvokeDynamicInstruction site) {
      List<LoadableConstantEntry> labels = arguments(site);
      Label present = code.newLabel();
      code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
      List<SwitchCase> starts = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        starts.add(SwitchCase.of(i, code.newLabel()));
      }
      Label end = code.newLabel();
      if (!starts.isEmpty()) { // a switch that only tells null apart has no labels
        code.iload(1).tableswitch(end, starts);
      }
      for (int i = 0; i < labels.size(); i++) {
        Label next = i + 1 < labels.size() ? starts.get(i + 1).target() : end;
        code.labelBinding(starts.get(i).target()).aload(0);
        matchOrGoTo(code, labels.get(i), next);
        code.loadConstant(i).ireturn();
      }
      code.labelBinding(end).loadConstant(labels.size()).ireturn();
    }

    /** Goes to {@code next} unless the value on the stack is what the label says. */
    private static void matchOrGoTo(CodeBuilder code, LoadableConstantEntry label, Label next) {
      EnumDesc<?> constant = constant(label);
      if (constant != null) {
        ClassDesc type = constant.constantType();
        code.getstatic(type, constant.constantName(), type).if_acmpne(next);
      } else if (label instanceof StringEntry text) {
        code.loadConstant(text.stringValue())
            .invokevirtual(ConstantDescs.CD_Object, "equals", EQUALS)
            .ifeq(next);
      } else {
        code.instanceOf((ClassEntry) label).ifeq(next);
      }
    }

    private static void equality(CodeBuilder code, InvokeDynamicInstruction site) {
      ClassEntry record = (ClassEntry) arguments(site).getFirst();
      Label different = code.newLabel();
      Label other = code.newLabel();
      code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
      code.aload(1).instanceOf(record).ifeq(different);
      for (MemberRefEntry field : fields(site)) {
        load(code, 0, record, field);
        load(code, 1, record, field);
        ClassDesc type = type(field);
        switch (TypeKind.from(type)) {
          case REFERENCE ->
              code.invokestatic(
                      OBJECTS,
                      "equals",
                      MethodTypeDesc.of(
                          ConstantDescs.CD_boolean,
                          ConstantDescs.CD_Object,
                          ConstantDescs.CD_Object))
                  .ifeq(different);
          case LONG -> code.lcmp().ifne(different);
          case FLOAT, DOUBLE ->
              code.invokestatic(
                      boxOf(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type))
                  .ifne(different);
          default -> code.if_icmpne(different);
        }
      }
      code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    private static void hash(CodeBuilder code, InvokeDynamicInstruction site) {
      ClassEntry record = (ClassEntry) arguments(site).getFirst();
      code.iconst_0();
      for (MemberRefEntry field : fields(site)) {
        code.bipush(31).imul();
        load(code, 0, record, field);
        ClassDesc type = type(field);
        code.invokestatic(
                type.isPrimitive() ? boxOf(type) : OBJECTS,
                "hashCode",
                MethodTypeDesc.of(
                    ConstantDescs.CD_int, type.isPrimitive() ? type : ConstantDescs.CD_Object))
            .iadd();
      }
      code.ireturn();
    }

    /** The components: after the record's type and their names there is a getter of each. */
    private static List<MemberRefEntry> fields(InvokeDynamicInstruction site) {
      List<MemberRefEntry> fields = new ArrayList<>();
      for (LoadableConstantEntry argument : arguments(site).subList(2, arguments(site).size())) {
        fields.add(((MethodHandleEntry) argument).reference());
      }
      return fields;
    }

    private static void load(CodeBuilder code, int local, ClassEntry record, MemberRefEntry field) {
      code.aload(local)
          .checkcast(record)
          .getfield(record.asSymbol(), field.name().stringValue(), type(field));
    }

    private static ClassDesc type(MemberRefEntry field) {
      return ClassDesc.ofDescriptor(field.type().stringValue());
    }

    private static ClassDesc boxOf(ClassDesc primitive) {
      return switch (TypeKind.from(primitive)) {
        case BOOLEAN -> ConstantDescs.CD_Boolean;
        case BYTE -> ConstantDescs.CD_Byte;
        case CHAR -> ConstantDescs.CD_Character;
        case SHORT -> ConstantDescs.CD_Short;
        case INT -> ConstantDescs.CD_Integer;
        case LONG -> ConstantDescs.CD_Long;
        case FLOAT -> ConstantDescs.CD_Float;
        case DOUBLE -> ConstantDescs.CD_Double;
        case REFERENCE, VOID -> throw new IllegalArgumentException(primitive.displayName());
      };
    }
  }
}
