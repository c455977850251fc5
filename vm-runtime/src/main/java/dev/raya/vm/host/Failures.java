package dev.raya.vm.host;

import dev.raya.vm.context.HostFailure;
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

  private static String byText(String text) {
    if (text.contains("Is a directory")) {
      return "EISDIR";
    }
    if (text.contains("Not a directory")) {
      return "ENOTDIR";
    }
    if (text.contains("No space")) {
      return "ENOSPC";
    }
    if (text.contains("Permission denied") || text.contains("Operation not permitted")) {
      return "EACCES";
    }
    if (text.contains("Read-only")) {
      return "EROFS";
    }
    if (text.contains("No such file")) {
      return "ENOENT";
    }
    return text.contains("Too many levels") ? "ELOOP" : "EIO";
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
      default -> failed.getMessage() == null ? "input/output error" : failed.getMessage();
    };
  }
}
