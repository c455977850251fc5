package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Span;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestFault;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.manifest.WorkspaceInheritance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads manifests and tells their faults as findings with a place. */
public final class Manifests {
  private Manifests() {}

  /**
   * Reads a project's manifest; its warnings are reported.
   *
   * @throws CommandException with every fault of the manifest
   */
  public static Manifest read(ProjectFolder project, Console console) throws CommandException {
    try {
      Manifest manifest = ManifestReader.readFile(project.manifest(), project.manifestName());
      warn(manifest, console);
      return project.isMember() ? inherited(project, manifest) : manifest;
    } catch (ManifestException malformed) {
      throw refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** Reports the warnings of a manifest, each once however often it is read. */
  public static void warn(Manifest manifest, Console console) {
    for (ManifestFault warning : manifest.warnings()) {
      console.reportOnce(finding(warning, Finding.Severity.WARNING));
    }
  }

  /** What {@code workspace = true} stands for is filled in. */
  private static Manifest inherited(ProjectFolder project, Manifest member)
      throws CommandException, ManifestException {
    String folder = project.workspace().relativize(project.root()).toString().replace('\\', '/');
    return new WorkspaceInheritance(LockedFiles.rootOf(project), folder).of(member);
  }

  /**
   * Reads a manifest's text before it is written anywhere.
   *
   * @throws CommandException with every fault of it
   */
  public static Manifest parse(ProjectFolder project, String text) throws CommandException {
    try {
      return ManifestReader.read(project.manifestName(), text.getBytes(StandardCharsets.UTF_8));
    } catch (ManifestException malformed) {
      throw refused(malformed);
    }
  }

  /** The faults of a manifest, each with its place. */
  public static CommandException refused(ManifestException malformed) {
    List<Finding> findings = new ArrayList<>();
    for (ManifestFault fault : malformed.faults()) {
      findings.add(finding(fault, Finding.Severity.ERROR));
    }
    return new CommandException(findings);
  }

  private static Finding finding(ManifestFault fault, Finding.Severity severity) {
    String code = fault.code().code();
    Finding finding =
        severity == Finding.Severity.ERROR
            ? Finding.error(code, fault.message())
            : Finding.warning(code, fault.message());
    if (fault.suggestion() != null) {
      finding = finding.note("did you mean \"" + fault.suggestion() + "\"?");
    }
    return finding.at(span(fault.position()));
  }

  /** The span of what stands at a place of a manifest. */
  public static Span span(SourcePosition at) {
    SourcePosition.End end = at.end();
    return new Span(
        at.file(),
        new Span.Position(at.line(), at.column(), at.offset()),
        new Span.Position(end.line(), end.column(), end.offset()));
  }
}
