package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.name.PackageName;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for the answers of an index source, and gets at why one failed. */
public final class IndexAnswers {
  private IndexAnswers() {}

  /**
   * The document of a package, or null if there is no such package.
   *
   * @throws CommandException as the source failed
   * @throws InterruptedException if the thread was interrupted
   */
  public static @Nullable IndexDocument document(IndexSource source, PackageName name)
      throws CommandException, InterruptedException {
    return answer(source, name) instanceof IndexAnswer.Found(IndexDocument document)
        ? document
        : null;
  }

  /**
   * What a source knows of a package.
   *
   * @throws CommandException as the source failed
   * @throws InterruptedException if the thread was interrupted
   */
  public static IndexAnswer answer(IndexSource source, PackageName name)
      throws CommandException, InterruptedException {
    try {
      return source.document(name).toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw cause(failed);
    }
  }

  /**
   * The finding that a failed stage carries, however deep.
   *
   * @throws InterruptedException if an interruption ended it
   */
  public static CommandException cause(Throwable failed) throws InterruptedException {
    Throwable cause = failed;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case CommandException known -> known;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException fault -> throw fault;
      case Error fault -> throw fault;
      default -> throw new IllegalStateException(cause);
    };
  }
}
