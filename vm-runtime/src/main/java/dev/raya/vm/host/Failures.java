package dev.raya.vm.host;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns failures of the JDK into those of programs, with the codes of stdlib.md 2.3. */
final class Failures {
  private Failures() {}

  static HostFailure of(IOException failed, @Nullable String path) {
    if (failed instanceof HttpConnectTimeoutException || failed instanceof HttpTimeoutException) {
      return new HostFailure("TimeoutError", "", null, "time limit exceeded");
    }
    String code =
        switch (failed) {
          case NoSuchFileException e -> "ENOENT";
          case AccessDeniedException e -> "EACCES";
          case FileAlreadyExistsException e -> "EEXIST";
          case DirectoryNotEmptyException e -> "ENOTEMPTY";
          case NotDirectoryException e -> "ENOTDIR";
          case NotLinkException e -> "EINVAL";
          case FileSystemLoopException e -> "ELOOP";
          case FileSystemException e -> byReason(e);
          case CharacterCodingException e -> "EILSEQ";
          case ConnectException e -> unresolved(e) ? "ENOTFOUND" : "ECONNREFUSED";
          case UnknownHostException e -> "ENOTFOUND";
          case ClosedChannelException e -> "ECLOSED";
          case EOFException e -> "ECLOSED";
          default -> byText(String.valueOf(failed.getMessage()));
        };
    return io(code, path, explanation(code, failed));
  }

  static HostFailure io(String code, @Nullable String path, String message) {
    return new HostFailure(
        "IOError", code, path, path == null ? message : message + ": '" + path + "'");
  }

  private static boolean unresolved(ConnectException e) {
    return e.getCause() instanceof UnresolvedAddressException
        || e.getCause() instanceof ConnectException inner
            && inner.getCause() instanceof UnresolvedAddressException;
  }

  private static String byReason(FileSystemException e) {
    return byText(String.valueOf(e.getReason()));
  }

  /** What the operating system says, in its words. */
  private static final Map<String, String> CODES =
      Map.ofEntries(
          Map.entry("Is a directory", "EISDIR"),
          Map.entry("Not a directory", "ENOTDIR"),
          Map.entry("Directory not empty", "ENOTEMPTY"),
          Map.entry("File exists", "EEXIST"),
          Map.entry("No space left", "ENOSPC"),
          Map.entry("Disk quota exceeded", "EDQUOT"),
          Map.entry("Permission denied", "EACCES"),
          Map.entry("Operation not permitted", "EACCES"),
          Map.entry("Read-only file system", "EROFS"),
          Map.entry("No such file", "ENOENT"),
          Map.entry("File name too long", "ENAMETOOLONG"),
          Map.entry("Invalid argument", "EINVAL"),
          Map.entry("cross-device link", "EXDEV"),
          Map.entry("Too many open files", "EMFILE"),
          Map.entry("Device or resource busy", "EBUSY"),
          Map.entry("Text file busy", "EBUSY"),
          Map.entry("File too large", "EFBIG"),
          Map.entry("Broken pipe", "EPIPE"),
          Map.entry("Connection reset", "ECONNRESET"),
          Map.entry("Too many levels", "ELOOP"));

  /** The code of what the text says; no text says two things. */
  private static String byText(String text) {
    for (Map.Entry<String, String> each : CODES.entrySet()) {
      if (text.contains(each.getKey())) {
        return each.getValue();
      }
    }
    return "EIO";
  }

  private static String explanation(String code, IOException failed) {
    return switch (code) {
      case "ENOENT" -> "no such file or directory";
      case "EACCES" -> "permission denied";
      case "EEXIST" -> "file already exists";
      case "ENOTEMPTY" -> "directory not empty";
      case "ENOTDIR" -> "not a directory";
      case "EISDIR" -> "is a directory";
      case "EILSEQ" -> "not valid UTF-8";
      case "ECONNREFUSED" -> "connection refused";
      case "ENOTFOUND" -> "host not found";
      case "ECLOSED" -> "closed";
      default -> {
        // The message of a failure of the file system repeats the path.
        String reason =
            failed instanceof FileSystemException file ? file.getReason() : failed.getMessage();
        yield reason == null ? "input/output error" : reason;
      }
    };
  }
}
