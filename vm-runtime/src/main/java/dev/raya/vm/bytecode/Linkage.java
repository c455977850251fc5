package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binds the imports of verified modules to exports of others and compares their types ({@code
 * rbin.md} 5.4 and 8): a module that says something else about an import than the export is gets
 * {@code SignatureMismatch}, unless what it says holds for the export too: it was compiled against
 * an older version, and the newer one only added ({@code rbin.md} 9). Classes are equal if they are
 * the same class, template instances if template and type arguments are equal. Interface digests
 * are not relied on: an importer could claim one and write other types.
 *
 * <p>Holds one resolution per import; confined to one thread.
 */
public final class Linkage {
  private static final int MAX_RE_EXPORTS = 64;

  /** Says which module an import names. */
  public interface Providers {
    /** The provider of {@code importer}'s import number {@code importIndex}, or null. */
    @Nullable Provider of(VerifiedModule importer, int importIndex);
  }

  /**
   * One module of a file.
   *
   * @param moduleIndex index in EXPT
   */
  public record Provider(VerifiedModule module, int moduleIndex) {}

  /** An export that is no re-export, with the file that has it. */
  public record Target(VerifiedModule module, Export export) {}

  private record MemberKey(VerifiedModule importer, int member) {}

  private final Providers providers;
  private final Map<MemberKey, Target> targets = new HashMap<>();

  /** A linkage over the modules that {@code providers} knows. */
  public Linkage(Providers providers) {
    this.providers = providers;
  }

  /**
   * The index of the module of a file with that path, or -1.
   *
   * @param path as in EXPT, empty for the main module
   */
  public static int moduleIndex(RbinModule module, String path) {
    for (int i = 0; i < module.modules().size(); i++) {
      if (module.modules().get(i).path().equals(path)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Checks every import of a module.
   *
   * @throws RbinException MissingImport, SignatureMismatch or CapabilityDenied
   */
  public void check(VerifiedModule importer) throws RbinException {
    for (int i = 0; i < importer.symbols().members().size(); i++) {
      ModuleSymbols.Member member = importer.symbols().members().get(i);
      Target target = resolve(importer, i);
      if (!fits(importer, member, target)) {
        throw fail(
            RbinErrorKind.SIGNATURE_MISMATCH,
            importer,
            "%s is imported from %s as %s, there it is %s"
                .formatted(
                    member.member().name(),
                    member.module().specifier(),
                    show(importer, member.member().type()),
                    show(target.module(), target.export().type())));
      }
      int missing = target.export().grants() & ~importer.module().meta().grants();
      if (missing != 0) {
        throw fail(
            RbinErrorKind.CAPABILITY_DENIED,
            importer,
            "%s needs %s, which the importer does not declare"
                .formatted(member.member().name(), Capabilities.names(missing)));
      }
    }
  }

  /**
   * Code of templates reaches private members by number, so it needs the very version that it was
   * compiled from; all other code binds what it uses by name.
   */
  private boolean fits(VerifiedModule importer, ModuleSymbols.Member member, Target target)
      throws RbinException {
    int wanted = member.member().type();
    int exported = target.export().type();
    if (new TypeComparison(this, importer, target.module()).same(wanted, exported)) {
      return true;
    }
    boolean internal =
        member.module().members().stream().anyMatch(each -> each.kind() != each.baseKind());
    return !internal
        && new ImportCompatibility(this, importer, target.module())
            .accepts(member.member(), exported);
  }

  private static String show(VerifiedModule module, int type) {
    return module.types().display(type, module.symbols());
  }

  /**
   * The export that an import member means, re-exports followed.
   *
   * @param member index over all members of IMPT
   * @throws RbinException MissingImport, or ImportCycle if re-exports go round
   */
  public Target resolve(VerifiedModule importer, int member) throws RbinException {
    MemberKey key = new MemberKey(importer, member);
    Target known = targets.get(key);
    if (known == null) {
      known = follow(importer, member);
      targets.put(key, known);
    }
    return known;
  }

  private Target follow(VerifiedModule start, int startMember) throws RbinException {
    VerifiedModule importer = start;
    int member = startMember;
    for (int i = 0; i < MAX_RE_EXPORTS; i++) {
      ModuleSymbols.Member wanted = importer.symbols().members().get(member);
      Provider provider = providers.of(importer, wanted.importIndex());
      Export export = provider == null ? null : find(provider, wanted.member());
      if (provider == null || export == null) {
        throw fail(
            RbinErrorKind.MISSING_IMPORT,
            importer,
            wanted.module().specifier() + " has no " + wanted.member().name());
      }
      if (export.kind() != ExportKind.RE_EXPORT) {
        return new Target(provider.module(), export);
      }
      importer = provider.module();
      member = export.target();
    }
    throw fail(
        RbinErrorKind.IMPORT_CYCLE,
        start,
        "re-exports of "
            + start.symbols().members().get(startMember).member().name()
            + " go round");
  }

  private static @Nullable Export find(Provider provider, ImportMember wanted) {
    RbinModule module = provider.module().module();
    boolean internal = wanted.kind() != wanted.baseKind();
    for (Export export : module.modules().get(provider.moduleIndex()).exports()) {
      if (!export.name().equals(wanted.name())) {
        continue;
      }
      int kind =
          export.kind() == ExportKind.RE_EXPORT
              ? provider.module().symbols().members().get(export.target()).member().baseKind()
              : export.kind();
      boolean hidden = (export.flags() & Export.INTERNAL) != 0;
      if (kind == wanted.baseKind() && (!hidden || internal)) {
        return export;
      }
    }
    return null;
  }

  /** The file and index of a class, wherever a reference stands. */
  ClassIdentity identity(VerifiedModule module, int ref) throws RbinException {
    if (!ClassRef.isImported(ref)) {
      return new ClassIdentity(module, ref);
    }
    ModuleSymbols symbols = module.symbols();
    ModuleSymbols.Member wanted = symbols.importedClasses().get(ClassRef.index(ref));
    Target target = resolve(module, symbols.members().indexOf(wanted));
    return new ClassIdentity(target.module(), target.export().target());
  }

  /** A class of a file. */
  record ClassIdentity(VerifiedModule module, int index) {
    ClassDef definition() {
      return module.module().classes().get(index);
    }
  }

  private static RbinException fail(RbinErrorKind kind, VerifiedModule importer, String detail) {
    String name = importer.module().meta().packageName();
    return new RbinException(kind, "link", -1, -1, (name.isEmpty() ? "" : name + ": ") + detail);
  }
}
