package dev.raya.cli.pm.fetch.git;

import java.io.File;
import java.util.Set;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What JGit learns of this machine: nothing of anybody's git configuration, and no variable of the
 * environment that makes it start a program or look elsewhere. What a dependency comes to must not
 * depend on who fetches it.
 */
final class QuietSystem extends SystemReader.Delegate {
  private static final Set<String> SHOWN = Set.of("HOSTNAME", "HOST");

  private QuietSystem(SystemReader real) {
    super(real);
  }

  /** Installs it; asking twice changes nothing. */
  static synchronized void install() {
    SystemReader present = SystemReader.getInstance();
    if (!(present instanceof QuietSystem)) {
      SystemReader.setInstance(new QuietSystem(present));
    }
  }

  @Override
  public @Nullable String getenv(String variable) {
    return SHOWN.contains(variable) ? super.getenv(variable) : null;
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new Unwritten(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new Unwritten(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new Unwritten(parent, fs);
  }

  /** A configuration that no file stands behind. */
  private static final class Unwritten extends FileBasedConfig {
    Unwritten(@Nullable Config parent, FS fs) {
      super(parent, new File("no-git-configuration-is-read"), fs);
    }

    @Override
    public void load() {
      clear();
    }

    @Override
    public void save() {
      // What JGit measures of the file system is not worth a file in somebody's home.
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
