package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.version.Version;

/**
 * The {@code raya} range of packages whose sources are at hand: the toolchain is a package of the
 * problem for them as it is for those of a registry (packages.md 3).
 */
public final class RayaRange {
  private RayaRange() {}

  /**
   * Refuses to work for a project that pins another toolchain than this one.
   *
   * @param manifest of the project's root
   * @throws CommandException RAYA-TC-001 with both
   */
  public static void requirePinned(Manifest manifest) throws CommandException {
    Version pinned = manifest.toolchain();
    if (pinned != null && !pinned.text().equals(ProgramVersion.CURRENT)) {
      throw new CommandException(
          "RAYA-TC-001",
          "raya.toml pins the toolchain " + pinned + ", and this is " + ProgramVersion.CURRENT,
          "start raya-pm from that toolchain, or change [toolchain]");
    }
  }

  /**
   * Refuses a package that does not run on this toolchain.
   *
   * @throws CommandException RAYA-RES-001 with the range and where it is written
   */
  public static void require(Manifest manifest) throws CommandException {
    Manifest.PackageSection about = manifest.about();
    if (about == null) {
      return;
    }
    SourcePosition position = about.rayaPosition();
    Version current = Version.tryParse(ProgramVersion.CURRENT);
    if (position == null || current == null || about.raya().contains(current)) {
      return;
    }
    throw new CommandException(
        Finding.error(
                "RAYA-RES-001",
                about.name()
                    + " runs on toolchains "
                    + about.raya()
                    + " only, and this is "
                    + current,
                "use a toolchain that fits, or widen raya in [package]")
            .at(Manifests.span(position)));
  }
}
