package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.InterfaceType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether code that was compiled against one version of a package runs with what another version
 * exports ({@code rbin.md} 9): an added export, member or optional parameter, an added optional
 * property and a widened parameter are compatible. Classes are the same if they are the same object
 * at run time; members of classes are bound by name, so their order does not matter.
 */
final class ImportCompatibility {
  private final Linkage linkage;
  private final VerifiedModule importer;
  private final VerifiedModule exporter;
  private final Usability usability;

  ImportCompatibility(Linkage linkage, VerifiedModule importer, VerifiedModule exporter) {
    this.linkage = linkage;
    this.importer = importer;
    this.exporter = exporter;
    this.usability = new Usability(new LinkedFile(importer), new LinkedFile(exporter));
  }

  /** Whether an export can stand in for what the importer was compiled against. */
  boolean accepts(ImportMember wanted, int exported) {
    int expected = wanted.type();
    return switch (wanted.baseKind()) {
      case ExportKind.FUNCTION -> usability.canCall(expected, exported);
      case ExportKind.CONSTANT -> usability.canLoad(expected, exported);
      case ExportKind.TYPE ->
          usability.canRead(expected, exported) && usability.canGive(expected, exported);
      case ExportKind.CLASS ->
          importer.types().type(expected) instanceof InterfaceType was
              && exporter.types().type(exported) instanceof InterfaceType is
              && shapes(was, is);
      default -> false;
    };
  }

  private boolean shapes(InterfaceType was, InterfaceType is) {
    Map<String, Property> members = new HashMap<>();
    for (Property property : is.properties()) {
      members.put(property.name(), property);
    }
    for (Property expected : was.properties()) {
      Property found = members.get(expected.name());
      boolean hidden = (expected.flags() & ModuleSymbols.SHAPE_PRIVATE) != 0;
      if (!hidden && (found == null || !member(expected, found))) {
        return false;
      }
    }
    return true;
  }

  private boolean member(Property expected, Property found) {
    if (expected.name().equals(ModuleSymbols.SHAPE_SUPER)) {
      return usability.canRead(expected.type(), found.type());
    }
    if (expected.method() || found.method()) {
      return expected.method()
          && found.method()
          && usability.canCall(expected.type(), found.type());
    }
    return (found.flags() & ModuleSymbols.SHAPE_PRIVATE) == 0
        && usability.canLoad(expected.type(), found.type())
        && (expected.readOnly()
            || (!found.readOnly() && usability.canStore(expected.type(), found.type())));
  }

  /** A class of a template, whose instances are made in each file that uses them. */
  private record Template(String origin, String name) {}

  /** A file whose classes are known by what they are linked to. */
  private final class LinkedFile implements Usability.TypeFile {
    private final VerifiedModule file;

    LinkedFile(VerifiedModule file) {
      this.file = file;
    }

    @Override
    public RType type(int index) {
      return file.types().type(index);
    }

    @Override
    public PhysicalKind kind(int index) {
      return file.types().kind(index);
    }

    @Override
    public ResolvedClass resolve(int ref) {
      return file.symbols().resolve(ref);
    }

    @Override
    public boolean isCoreError(int ref) {
      return ref != ClassRef.NONE && file.symbols().isCoreError(ref);
    }

    /** The class itself; of an instance, its template: the arguments are compared apart. */
    @Override
    public Object classKey(int ref) {
      Linkage.ClassIdentity identity;
      try {
        identity = linkage.identity(file, ref);
      } catch (RbinException unresolved) {
        // The import of that class is reported by itself; here it is like no other class.
        return new Object();
      }
      ClassDef definition = identity.definition();
      if ((definition.flags() & ClassDef.INSTANCE) == 0) {
        return identity;
      }
      RbinModule module = identity.module().module();
      int open = definition.name().indexOf('<');
      return new Template(
          definition.origin() == 0
              ? module.meta().packageName()
              : module.imports().get(definition.origin() - 1).specifier(),
          open < 0 ? definition.name() : definition.name().substring(0, open));
    }
  }
}
