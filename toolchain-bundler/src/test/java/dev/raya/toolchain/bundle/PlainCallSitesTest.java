package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rewritten classes mean, beside the same classes as javac made them. */
final class PlainCallSitesTest {
  @TempDir Path folder = Path.of("");

  /** What is rewritten: its {@link #get} says what its switches and records do. */
  static final class Answers implements Supplier<List<String>> {
    @Override
    public List<String> get() {
      List<String> said = new ArrayList<>();
      List<Shape> shapes =
          List.of(new Dot(), new Line(1), new Line(-1), new Box(2, 0), new Box(2, 3));
      for (Shape shape : shapes) {
        said.add(guarded(shape) + Shape.sides(shape));
      }
      said.add(guarded(null));
      for (Object value : new Object[] {"text", "word", 3, Level.LOW, Level.HIGH, 'c', shapes}) {
        said.add(mixed(value));
      }
      said.add(spelled(null) + spelled("word") + spelled("") + spelled("other") + spelled("x"));
      said.add(present(null) + present("here"));
      said.add(counted(7) + counted(-7) + counted(8));
      List<Wide> all = wides();
      for (Wide one : all) {
        said.add(String.valueOf(one.hashCode()));
        for (Wide other : all) {
          said.add(String.valueOf(one.equals(other)));
        }
        said.add(String.valueOf(one.equals(new Object())) + one);
      }
      said.add(String.valueOf(new Dot().equals(new Dot())) + new Dot().hashCode());
      return said;
    }

    private static String guarded(@Nullable Shape shape) {
      return switch (shape) {
        case null -> "null";
        case Dot dot -> "dot";
        case Line line when line.length() < 0 -> "backwards";
        case Line(int length) -> "line " + length;
        case Box box when box.width() == box.height() -> "square";
        case Box(int width, int height) when height == 0 -> "flat " + width;
        case Box box -> "box";
      };
    }

    private static String spelled(@Nullable String value) {
      return switch (value) {
        case null -> "nothing";
        case "word" -> "the word";
        case String text when text.isEmpty() -> "empty";
        case "other" -> "the other";
        case String text -> text;
      };
    }

    private static String present(@Nullable Object value) {
      return switch (value) {
        case null -> "absent";
        default -> "present";
      };
    }

    private static String counted(Integer value) {
      return switch (value) {
        case 7 -> "seven";
        case Integer n when n < 0 -> "below";
        case Integer n -> "at least";
      };
    }

    private static String mixed(Object value) {
      return switch (value) {
        case String text -> "string " + text;
        case Integer n when n > 3 -> "many";
        case Integer n -> "int " + n;
        case Level.LOW -> "low";
        case Level level -> "level " + level;
        case List<?> list -> "list of " + list.size();
        default -> "other";
      };
    }

    private static List<Wide> wides() {
      List<Wide> all = new ArrayList<>();
      for (int i = 0; i < 11; i++) {
        all.add(
            new Wide(
                i != 1,
                (byte) (i == 2 ? 2 : -1),
                (short) (i == 3 ? 3 : -1),
                i == 4 ? 'x' : '\uffff',
                i == 5 ? 5 : Integer.MIN_VALUE,
                i == 6 ? 6L << 32 : Long.MIN_VALUE,
                i == 7 ? 0f : i == 0 ? -0f : Float.NaN,
                i == 8 ? 0d : i == 0 ? -0d : Double.NaN,
                i == 9 ? null : "text",
                new int[0].length == i ? List.of(1) : List.of(2)));
      }
      return all;
    }
  }

  sealed interface Shape {
    /** In an interface, where a method that is called has to be named as such. */
    static int sides(Shape shape) {
      return switch (shape) {
        case Dot dot -> 0;
        case Line line -> 1;
        case Box box -> 4;
      };
    }
  }

  record Dot() implements Shape {}

  record Line(int length) implements Shape {}

  record Box(int width, int height) implements Shape {}

  enum Level {
    LOW,
    HIGH
  }

  record Wide(
      boolean bool,
      byte small,
      short medium,
      char letter,
      int number,
      long large,
      float rough,
      double exact,
      @Nullable String text,
      List<Integer> list) {}

  private static final List<Class<?>> CLASSES =
      List.of(
          Answers.class,
          Shape.class,
          Dot.class,
          Line.class,
          Box.class,
          Level.class,
          Wide.class,
          PlainCallSitesTest.class);

  private static String entry(Class<?> type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private Path jar(String name) throws IOException {
    Path jar = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : CLASSES) {
        ZipEntry added = new ZipEntry(entry(type));
        added.setTime(0);
        out.putNextEntry(added);
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry(type))) {
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return jar;
  }

  @Test
  void rewrittenClassesMeanTheSame() throws Exception {
    Path jar = jar("a.jar");
    assertThat(PlainCallSites.rewrite(jar, List.of(jar))).isTrue();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Constructor<?> made = loader.loadClass(Answers.class.getName()).getDeclaredConstructor();
      made.setAccessible(true);
      assertThat(((Supplier<?>) made.newInstance()).get()).isEqualTo(new Answers().get());
    }
  }

  @Test
  void onlySwitchesWithNumbersAsLabelsAreLeftToTheJvm() throws IOException {
    Path jar = jar("b.jar");
    PlainCallSites.rewrite(jar, List.of(jar));
    List<String> left = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Class<?> type : CLASSES) {
        ClassModel model =
            ClassFile.of().parse(zip.getInputStream(zip.getEntry(entry(type))).readAllBytes());
        assertThat(ClassFile.of().verify(model)).isEmpty();
        model.methods().stream()
            .flatMap(method -> method.code().stream())
            .flatMap(code -> code.elementStream())
            .filter(InvokeDynamicInstruction.class::isInstance)
            .map(site -> ((InvokeDynamicInstruction) site).name().stringValue())
            .filter(name -> List.of("typeSwitch", "equals", "hashCode").contains(name))
            .forEach(name -> left.add(type.getSimpleName() + " " + name));
      }
    }
    assertThat(left).containsExactly("Answers typeSwitch");
  }

  @Test
  void equalJarsGiveEqualBytesAndOnceIsEnough() throws IOException {
    Path first = jar("c.jar");
    Path second = jar("d.jar");
    PlainCallSites.rewrite(first, List.of(first));
    PlainCallSites.rewrite(second, List.of(second));
    assertThat(first).hasSameBinaryContentAs(second);
    byte[] before = Files.readAllBytes(first);
    PlainCallSites.rewrite(first, List.of(first));
    assertThat(first).hasBinaryContent(before);
  }

  @Test
  void whatNeedsNothingOrIsNoArchiveStaysAsItIs() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no archive");
    assertThat(PlainCallSites.rewrite(text, List.of(text))).isFalse();
    assertThat(text).hasContent("no archive");
    Path other = folder.resolve("other.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(other))) {
      out.putNextEntry(new ZipEntry("notes.txt"));
      out.write("plain".getBytes(StandardCharsets.UTF_8));
    }
    byte[] before = Files.readAllBytes(other);
    assertThat(PlainCallSites.rewrite(other, List.of(other, text))).isFalse();
    assertThat(other).hasBinaryContent(before);
  }
}
