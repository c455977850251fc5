package dev.raya.cli.pm;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.blob.BlobException;
import dev.raya.cache.store.CacheException;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.signing.SigningException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The exceptions of the libraries, as findings with their own codes. */
public final class Failure {
  private Failure() {}

  /** A failed read or write: by its own code where it has one, else as an unusable file. */
  public static CommandException of(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case CacheException cache -> new CommandException(cache.code(), message, advice(cache));
      case ArchiveException archive -> new CommandException(archive.code(), message);
      case BlobException.Mismatch mismatch -> new CommandException(mismatch.code(), message);
      default ->
          new CommandException(
              Finding.error(
                  "RAYA-PKG-017",
                  text(failure, message),
                  "check permissions and free space of "
                      + "the project and of RAYA_HOME; `raya-pm cache gc --max-size SIZE` makes room"));
    };
  }

  /** Exceptions of the file system have a path for a message, and say the rest by their type. */
  private static String text(IOException failure, String message) {
    return switch (failure) {
      case FileAlreadyExistsException taken ->
          taken.getFile() + " is a file, and a folder is needed there";
      case NotDirectoryException file -> file.getFile() + " is no folder";
      case AccessDeniedException denied ->
          denied.getFile() + " may not be read or written by this user";
      case NoSuchFileException gone -> gone.getFile() + " is not there, or cannot be made";
      case DirectoryNotEmptyException full ->
          full.getFile() + " is a folder with something in it, and cannot be replaced or removed";
      case FileSystemLoopException loop -> loop.getFile() + " is a link that leads back to itself";
      case FileSystemException other when other.getReason() != null -> message;
      default -> failure.getClass().getSimpleName() + ": " + message;
    };
  }

  private static String advice(CacheException failure) {
    return switch (failure) {
      case CacheException.UnsafeHome unsafe ->
          "put a folder of your own in its place, or set RAYA_HOME to another one";
      case CacheException.Mismatch mismatch ->
          "nothing was unpacked; try again, and tell the registry's operator if it persists";
      case CacheException.Damaged damaged -> "`raya-pm install` fetches it again";
    };
  }

  /** A refused signature, statement or key. */
  public static CommandException of(SigningException failure) {
    return new CommandException(failure.code(), String.valueOf(failure.getMessage()));
  }
}
