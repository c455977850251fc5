package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.project.ProjectManifests;
import dev.raya.resolver.project.ProjectResolution;
import java.util.List;

/** Resolves what an install would lock, and writes nothing. */
public final class Preview {
  private final Session session;
  private final ProjectFolder project;

  /** Previews installs of a project. */
  public Preview(Session session, ProjectFolder project) {
    this.session = session;
    this.project = project;
  }

  /**
   * The resolution of a manifest, with the project's lockfile to start from.
   *
   * @param text the manifest
   * @throws CommandException if there is no solution, or an index document cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  public ProjectResolution.Resolved of(String text, InstallRequest request)
      throws CommandException, InterruptedException {
    String edited = new GrantEdits(project, text).with(request.grants());
    ProjectManifests manifests =
        LockedFiles.manifests(project, Manifests.parse(project, edited), session.console());
    Lockfile current = LockedFiles.read(project);
    StagedReleases staged = StagedReleases.of(session, List.of(), current, true);
    staged.keep(request.update(), new LockedMetadata(session.cache())::of);
    try (Resolutions resolutions =
        new Resolutions(session, Resolutions.fromRegistries(manifests)).with(staged)) {
      return resolutions.resolve(
          manifests, current, request, new Policies(session, manifests.root()).refused(request));
    }
  }
}
