package dev.raya.cli.pm.fetch.git;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.UploadPack;

/**
 * A program in the place of {@code ssh}, as git's own tests have one: it writes down its words and
 * answers on its streams what the far side would, or fails with the words of a file.
 */
public final class FakeSsh {
  private static final String WORDS = "words.txt";
  private static final String FAILURE = "failure.txt";

  private FakeSsh() {}

  /** What {@code GIT_SSH_COMMAND} is for a repository; its files lie in that folder. */
  static String command(Path folder, TestRepository repository) {
    return String.join(
        " ",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp",
        "'" + System.getProperty("java.class.path") + "'",
        FakeSsh.class.getName(),
        folder.toString(),
        repository.git().getRepository().getDirectory().toString());
  }

  /** What it was asked, one list of words for each time. */
  static List<String> asked(Path folder) throws IOException {
    Path file = folder.resolve(WORDS);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Lets it fail from now on, saying this. */
  static void fail(Path folder, String words) throws IOException {
    Files.writeString(folder.resolve(FAILURE), words);
  }

  /** The folder, the repository, and the words that ssh would have. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    List<String> words = List.of(args).subList(2, args.length);
    Files.writeString(
        folder.resolve(WORDS),
        String.join(" ", words) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    Path failure = folder.resolve(FAILURE);
    if (Files.exists(failure)) {
      System.err.write(Files.readString(failure).getBytes(StandardCharsets.UTF_8));
      System.err.flush();
      System.exit(255);
    }
    QuietSystem.install();
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(new File(args[1])).setMustExist(true).build()) {
      new UploadPack(repository).upload(System.in, System.out, System.err);
    }
  }
}
