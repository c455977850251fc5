package dev.raya.cli.pm.publish;

import dev.raya.cache.archive.Content;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.resolver.manifest.Manifest.PackageSection;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what of a project goes into its archive besides the compiled module (packages.md 5):
 * README.md and LICENSE*, sources where the manifest asks for them, and other files that {@code
 * include} names, under {@code files/}. {@code .rayaignore} and {@code .gitignore} of every folder
 * apply; links are never followed; what looks like a secret is refused.
 */
final class PackageFiles {
  private static final String SECRET = "RAYA-PKG-010";
  private static final List<String> ALWAYS_IGNORED = List.of(".git/", ".raya/", "/raya.lock");

  private final Path root;
  private final PackageSection about;
  private final IgnoreRules include;
  private final Set<String> allowedSecrets;
  private final Set<String> apart;
  private final SortedMap<String, Content> files = new TreeMap<>();
  private final List<Finding> secrets = new ArrayList<>();

  private PackageFiles(
      Path root, PackageSection about, Set<String> allowedSecrets, Set<String> apart) {
    this.root = root;
    this.about = about;
    this.include = IgnoreRules.of(about.include(), "");
    this.allowedSecrets = Set.copyOf(allowedSecrets);
    this.apart = Set.copyOf(apart);
  }

  /**
   * The chosen files by their path in the archive.
   *
   * @param allowedSecrets paths in the project that are taken although they look like secrets
   * @param apart paths in the project that do not go into the archive, whatever {@code include}
   *     says
   * @throws CommandException RAYA-PKG-010 if a chosen file looks like a secret
   * @throws IOException if something cannot be read
   */
  static Map<String, Content> of(
      Path root, PackageSection about, Set<String> allowedSecrets, Set<String> apart)
      throws CommandException, IOException {
    PackageFiles chosen = new PackageFiles(root, about, allowedSecrets, apart);
    chosen.walk();
    if (!chosen.secrets.isEmpty()) {
      throw new CommandException(chosen.secrets);
    }
    return chosen.files;
  }

  private void walk() throws IOException {
    Map<Path, IgnoreRules> rules = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            IgnoreRules above =
                folder.equals(root)
                    ? IgnoreRules.of(ALWAYS_IGNORED, "")
                    : rules.getOrDefault(folder.getParent(), IgnoreRules.none());
            if (!folder.equals(root) && above.matches(path(folder), true)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            rules.put(folder, above.then(rulesIn(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            IgnoreRules applying = rules.getOrDefault(file.getParent(), IgnoreRules.none());
            if (attributes.isRegularFile() && !applying.matches(path(file), false)) {
              choose(path(file), file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private String path(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private IgnoreRules rulesIn(Path folder) throws IOException {
    String prefix = folder.equals(root) ? "" : path(folder) + "/";
    IgnoreRules rules = IgnoreRules.none();
    for (String name : List.of(".gitignore", ".rayaignore")) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        rules = rules.then(IgnoreRules.of(Files.readAllLines(file), prefix));
      }
    }
    return rules;
  }

  private void choose(String path, Path file) throws IOException {
    String target = target(path);
    if (target == null) {
      return;
    }
    if (!allowedSecrets.contains(path)) {
      Optional<String> secret = Secrets.in(path, file);
      if (secret.isPresent()) {
        secrets.add(
            Finding.error(
                SECRET,
                path + " looks like a secret: " + secret.get(),
                "leave it out with a line in .rayaignore, or pass --allow-secret " + path));
        return;
      }
    }
    files.put(target, Content.of(file));
  }

  /** Where a file goes in the archive, or null if it is not packed. */
  private @Nullable String target(String path) {
    if (path.equals("README.md") || (path.indexOf('/') < 0 && path.startsWith("LICENSE"))) {
      return path;
    }
    if (path.endsWith(".raya")) {
      return about.includeSource() && path.startsWith("src/") ? path : null;
    }
    boolean own = path.equals("raya.toml") || path.endsWith(".gitignore") || apart.contains(path);
    return !own && include.covers(path) ? "files/" + path : null;
  }
}
