package dev.raya.vm.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The functions of {@code raya:fs}. */
final class FileCalls {
  /** The greatest file that is read at once (stdlib.md 19). */
  private static final long MAX_READ = 1 << 28;

  private static final List<PosixFilePermission> BITS =
      List.of(
          PosixFilePermission.OTHERS_EXECUTE,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_READ);

  private final Path directory;

  FileCalls(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** The path that a text names; an empty text names nothing. */
  private Path path(String text) throws HostFailure {
    if (text.isEmpty()) {
      throw Failures.io("ENOENT", text, "no such file or directory");
    }
    try {
      return directory.resolve(text);
    } catch (InvalidPathException malformed) {
      throw Failures.io("EINVAL", text, "malformed path");
    }
  }

  @Nullable Object call(String name, Arguments a) throws IOException, HostFailure {
    try {
      return carryOut(name, a);
    } catch (NoSuchFileException missing) {
      throw isBelowFile(Path.of(missing.getFile()))
          ? new NotDirectoryException(missing.getFile())
          : missing;
    }
  }

  /** Whether a path leads through something that is no directory, which the JDK does not tell. */
  private static boolean isBelowFile(Path path) {
    Path above = path.getParent();
    while (above != null && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
      above = above.getParent();
    }
    return above != null && Files.exists(above) && !Files.isDirectory(above);
  }

  private @Nullable Object carryOut(String name, Arguments a) throws IOException, HostFailure {
    switch (name) {
      case "readFile" -> {
        return read(path(a.text(0)));
      }
      case "readText" -> {
        return text(read(path(a.text(0))));
      }
      case "writeFile" -> {
        write(path(a.text(0)), a.bytes(1), a.text(2));
      }
      case "exists" -> {
        return !a.text(0).isEmpty() && Files.exists(path(a.text(0)));
      }
      case "stat" -> {
        return stat(path(a.text(0)), a.flag(1));
      }
      case "readDir" -> {
        return list(path(a.text(0)));
      }
      case "realPath" -> {
        return path(a.text(0)).toRealPath().toString();
      }
      case "mkdir" -> {
        Path made = path(a.text(0));
        if (a.flag(1)) {
          Files.createDirectories(made);
        } else {
          Files.createDirectory(made);
        }
      }
      case "remove" -> remove(path(a.text(0)), a.flag(1));
      case "rename" -> rename(a.text(0), a.text(1));
      case "copy" -> copy(a.text(0), a.text(1));
      case "symlink" -> symlink(a.text(0), a.text(1));
      case "chmod" -> chmod(path(a.text(0)), a.integer(1));
      case "makeTempDir" -> {
        return Files.createTempDirectory(a.text(0)).toString();
      }
      case "openRead" -> {
        return open(path(a.text(0)), StandardOpenOption.READ);
      }
      case "openWrite" -> {
        return open(
            path(a.text(0)),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            a.flag(1) ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
      }
      case "openUpdate" -> {
        return open(path(a.text(0)), StandardOpenOption.READ, StandardOpenOption.WRITE);
      }
      case "readSome" -> {
        ByteBuffer buffer = ByteBuffer.allocate(Math.clamp(a.integer(1), 0, 1 << 24));
        int count = Math.max(0, a.handle(0, FileChannel.class).read(buffer));
        return java.util.Arrays.copyOf(buffer.array(), count);
      }
      case "writeSome" -> {
        ByteBuffer data = ByteBuffer.wrap(a.bytes(1));
        while (data.hasRemaining()) {
          a.handle(0, FileChannel.class).write(data);
        }
        return data.capacity();
      }
      case "seek" -> a.handle(0, FileChannel.class).position((long) a.number(1));
      case "size" -> {
        return (double) a.handle(0, FileChannel.class).size();
      }
      case "sync" -> a.handle(0, FileChannel.class).force(true);
      case "close" -> a.handle(0, FileChannel.class).close();
      default -> throw new IllegalStateException("unknown function fs." + name);
    }
    return null;
  }

  private void copy(String source, String target) throws HostFailure {
    Path from = path(source);
    Path to = path(target);
    try {
      refuseDirectory(from);
      refuseDirectory(to);
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException failed) {
      throw Failures.of(failed, to.toString().equals(failed.getFile()) ? target : source);
    } catch (IOException failed) {
      throw Failures.of(failed, source);
    }
  }

  private void rename(String source, String target) throws IOException, HostFailure {
    Path from = path(source);
    try {
      Files.move(
          from, path(target), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException missing) {
      if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        throw missing;
      }
      // The JDK names the file that is there, not the folder that is not.
      throw Failures.of(missing, target);
    }
  }

  private void symlink(String target, String link) throws HostFailure {
    Path made = path(link);
    try {
      Files.createSymbolicLink(made, Path.of(target));
    } catch (InvalidPathException malformed) {
      throw Failures.io("EINVAL", target, "malformed path");
    } catch (IOException failed) {
      throw Failures.of(failed, link);
    }
  }

  private static void refuseDirectory(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "Is a directory");
    }
  }

  private static byte[] read(Path file) throws IOException, HostFailure {
    refuseDirectory(file);
    if (Files.size(file) > MAX_READ) {
      throw tooLarge();
    }
    // Devices and pipes have no size and may have no end.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] data = in.readNBytes((int) MAX_READ);
      if (data.length == MAX_READ && in.read() >= 0) {
        throw tooLarge();
      }
      return data;
    }
  }

  private static HostFailure tooLarge() {
    return new HostFailure("RangeError", "", null, "the file is too large to be read at once");
  }

  static String text(byte[] data) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
  }

  private static void write(Path file, byte[] data, String mode) throws IOException {
    switch (mode) {
      case "append" ->
          Files.write(file, data, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      case "atomic" -> {
        Path parent = file.toAbsolutePath().getParent();
        Path temporary =
            (parent == null ? file : parent).resolve(".raya" + UUID.randomUUID() + ".tmp");
        try {
          try (FileChannel channel =
              FileChannel.open(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copyPermissions(file, temporary);
            ByteBuffer all = ByteBuffer.wrap(data);
            while (all.hasRemaining()) {
              channel.write(all);
            }
            channel.force(true);
          }
          Files.move(
              temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(temporary);
        }
      }
      default -> Files.write(file, data);
    }
  }

  /** Gives a file the permissions of another, if that exists and has any. */
  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView target = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (target != null && Files.exists(from)) {
      target.setPermissions(Files.getPosixFilePermissions(from));
    }
  }

  /** The number of a type: file, dir, symlink, other. */
  private static int type(BasicFileAttributes attributes) {
    return attributes.isRegularFile()
        ? 0
        : attributes.isDirectory() ? 1 : attributes.isSymbolicLink() ? 2 : 3;
  }

  private static List<Double> stat(Path file, boolean follow) throws IOException {
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class, links);
    double mode = basic.isDirectory() ? 0777 : 0666;
    PosixFileAttributeView posix =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, links);
    if (posix != null) {
      Set<PosixFilePermission> set = posix.readAttributes().permissions();
      mode = 0;
      for (int i = 0; i < BITS.size(); i++) {
        mode += set.contains(BITS.get(i)) ? 1 << i : 0;
      }
    }
    return List.of(
        (double) type(basic),
        (double) basic.size(),
        basic.lastModifiedTime().toInstant().toEpochMilli() * 1.0,
        mode);
  }

  /** Each entry as the number of its type and its name, sorted by name. */
  private static List<String> list(Path folder) throws IOException {
    if (!Files.readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(folder.toString());
    }
    List<Path> entries = new ArrayList<>();
    try (java.nio.file.DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    }
    List<String> rows = new ArrayList<>();
    entries.sort(java.util.Comparator.comparing(p -> p.getFileName().toString()));
    for (Path entry : entries) {
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        rows.add(type(attributes) + entry.getFileName().toString());
      } catch (NoSuchFileException gone) {
        // Somebody removed it since the folder was read.
      }
    }
    return rows;
  }

  private static void remove(Path file, boolean recursive) throws IOException {
    if (!recursive || !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(file);
      return;
    }
    Files.walkFileTree(
        file,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void chmod(Path file, int mode) throws IOException {
    PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (posix == null) {
      return;
    }
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.size(); i++) {
      if ((mode >> i & 1) != 0) {
        set.add(BITS.get(i));
      }
    }
    posix.setPermissions(set);
  }

  private static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
    refuseDirectory(file);
    return FileChannel.open(file, options);
  }
}
