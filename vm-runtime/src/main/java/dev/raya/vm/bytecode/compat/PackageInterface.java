package dev.raya.vm.bytecode.compat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.PhysicalKind;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.ResolvedClass;
import dev.raya.vm.bytecode.Usability;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.compat.Offer.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a package offers: the importable modules of its file, each with its offers by name. */
final class PackageInterface implements Usability.TypeFile {
  private static final int TEMPLATE = 1;

  /** The kind of a free name that an import declares. */
  private static final int OF_IMPORT = 1;

  private final VerifiedModule file;
  private final RbinModule module;
  private final ModuleSymbols symbols;
  private final Map<Integer, String> classKeys = new HashMap<>();
  private final Map<Integer, Map<String, Offer.Function>> methods = new HashMap<>();
  private final Map<String, Map<String, Export>> statics = new HashMap<>();
  private final Map<Integer, Integer> constructors = new HashMap<>();
  private final Set<Integer> offered = new HashSet<>();
  private final Set<Integer> abstractClasses = new HashSet<>();
  private final Map<Integer, Map<String, Set<String>>> modifiers = new HashMap<>();
  private final SortedMap<String, Map<String, Offer>> modules = new TreeMap<>();

  private PackageInterface(VerifiedModule file) {
    this.file = file;
    this.module = file.module();
    this.symbols = file.symbols();
  }

  static PackageInterface of(VerifiedModule file) {
    PackageInterface made = new PackageInterface(file);
    for (int i = 0; i < made.module.modules().size(); i++) {
      made.indexClasses(made.module.modules().get(i), i);
    }
    for (ModuleDef each : made.module.modules()) {
      made.indexMembers(each);
    }
    for (int i = 0; i < made.module.modules().size(); i++) {
      ModuleDef each = made.module.modules().get(i);
      if ((each.flags() & ModuleDef.IMPORTABLE) != 0) {
        made.modules.put(each.path(), made.offers(each, i));
      }
    }
    return made;
  }

  /** The importable modules by path. */
  SortedMap<String, Map<String, Offer>> modules() {
    return modules;
  }

  @Override
  public RType type(int index) {
    return file.types().type(index);
  }

  @Override
  public PhysicalKind kind(int index) {
    return file.types().kind(index);
  }

  String show(int type) {
    return file.types().display(type, symbols);
  }

  @Override
  public ResolvedClass resolve(int ref) {
    return symbols.resolve(ref);
  }

  @Override
  public boolean isCoreError(int ref) {
    return ref != ClassRef.NONE && symbols.isCoreError(ref);
  }

  /** The class's name and module, which its counterpart in another version has too. */
  @Override
  public String classKey(int ref) {
    if (ClassRef.isImported(ref)) {
      ModuleSymbols.Member member = symbols.importedClasses().get(ClassRef.index(ref));
      return member.module().specifier() + '#' + member.member().name();
    }
    ClassDef definition = module.classes().get(ref);
    return classKeys.getOrDefault(ref, "?" + definition.name());
  }

  /** Whether users can name the class: it is another package's, or an export of this one. */
  boolean isNamed(int ref) {
    return ClassRef.isImported(ref) || offered.contains(ref);
  }

  private void indexClasses(ModuleDef each, int number) {
    for (Export export : each.exports()) {
      if (export.kind() == ExportKind.CLASS) {
        classKeys.putIfAbsent(export.target(), each.path() + '#' + export.name());
        if ((export.flags() & Export.INTERNAL) == 0 && (each.flags() & ModuleDef.IMPORTABLE) != 0) {
          offered.add(export.target());
        }
        DeclarationTokens text = declaration(number, export.name());
        if (text.isAbstractClass()) {
          abstractClasses.add(export.target());
        }
        if (text.isClass()) {
          modifiers.put(export.target(), text.members());
        }
      }
    }
  }

  private DeclarationTokens declaration(int number, String name) {
    List<Decl> declarations = module.decls();
    if (declarations != null) {
      for (Decl decl : declarations) {
        if (decl.module() == number && decl.name().equals(name)) {
          return new DeclarationTokens(decl.text());
        }
      }
    }
    return new DeclarationTokens("");
  }

  private void indexMembers(ModuleDef each) {
    for (Export export : each.exports()) {
      int hash = export.name().indexOf('#');
      int dot = export.name().indexOf('.');
      if (export.kind() == ExportKind.FUNCTION && hash > 0) {
        int owner = definition(export.target()).ownerClass();
        if (export.name().endsWith("#constructor")) {
          constructors.put(owner, export.type());
        } else {
          methods
              .computeIfAbsent(owner, c -> new HashMap<>())
              .put(export.name().substring(hash + 1), function(export));
        }
      } else if (dot > 0) {
        statics
            .computeIfAbsent(
                each.path() + '#' + export.name().substring(0, dot), c -> new HashMap<>())
            .put("static " + export.name().substring(dot + 1), export);
      }
    }
  }

  private FunctionDef definition(int function) {
    return module.functions().get(function - symbols.importedFunctionCount());
  }

  private Offer.Function function(Export export) {
    boolean async = (symbols.function(export.target()).flags() & FunctionDef.ASYNC) != 0;
    return new Offer.Function(export.type(), async);
  }

  private Map<String, Offer> offers(ModuleDef each, int number) {
    SortedMap<String, Offer> offers = new TreeMap<>();
    for (Export export : each.exports()) {
      boolean member = export.name().indexOf('#') > 0 || export.name().indexOf('.') > 0;
      if ((export.flags() & Export.INTERNAL) == 0 && !member) {
        offers.put(export.name(), offer(export));
      }
    }
    List<Decl> declarations = module.decls();
    if (declarations != null) {
      for (Decl decl : declarations) {
        if (decl.module() == number && decl.kind() == TEMPLATE && isExported(decl)) {
          offers.put(decl.name(), new Offer.Template(new DeclarationTokens(decl.text()).head()));
        } else if (decl.module() == number && decl.text().startsWith("{")) {
          exportedAgain(decl, offers);
        }
      }
    }
    return offers;
  }

  /** A row {@code { local as name } ;} whose local name means a declaration of another package. */
  private void exportedAgain(Decl decl, Map<String, Offer> offers) {
    for (RbinModule.FreeName free : decl.freeNames()) {
      if (free.kind() == OF_IMPORT) {
        String specifier = module.imports().get(free.module()).specifier();
        offers.put(decl.name(), new Offer.ReExport(specifier, free.name()));
      }
    }
  }

  /**
   * Private generics that a template reaches are listed too; they are not exported by their text.
   */
  private static boolean isExported(Decl decl) {
    return decl.text().startsWith("export ");
  }

  private Offer offer(Export export) {
    return switch (export.kind()) {
      case ExportKind.FUNCTION -> function(export);
      case ExportKind.CLASS -> classOffer(export.target());
      case ExportKind.CONSTANT -> new Offer.Constant(export.type());
      case ExportKind.TYPE -> new Offer.Type(export.type());
      case ExportKind.RE_EXPORT -> {
        ModuleSymbols.Member member = symbols.members().get(export.target());
        yield new Offer.ReExport(member.module().specifier(), member.member().name());
      }
      default -> throw new IllegalStateException("a verified export of kind " + export.kind());
    };
  }

  private Offer.Class classOffer(int ref) {
    SortedMap<String, Member> members = new TreeMap<>();
    Set<String> inherited = new HashSet<>();
    ResolvedClass resolved = symbols.resolve(ref);
    for (int i = 0; i < resolved.fieldCount(); i++) {
      ResolvedClass.Field field = resolved.field(i);
      if (!field.isPrivate()) {
        members.put(
            field.name(),
            new Member.Field(field.type(), field.readOnly(), isProtected(ref, field.name())));
        if (field.declaredBy() != ref && offered.contains(field.declaredBy())) {
          inherited.add(field.name());
        }
      }
    }
    int constructor = Offer.Class.NO_CONSTRUCTOR;
    int at = ref;
    while (at != ClassRef.NONE && !ClassRef.isImported(at)) {
      SortedMap<String, Member> own = declared(at);
      if (at != ref && offered.contains(at)) {
        own.keySet().stream().filter(name -> !members.containsKey(name)).forEach(inherited::add);
      }
      own.forEach(members::putIfAbsent);
      if (constructor == Offer.Class.NO_CONSTRUCTOR) {
        constructor = constructors.getOrDefault(at, Offer.Class.NO_CONSTRUCTOR);
      }
      at = module.classes().get(at).parent();
    }
    if (ClassRef.isImported(at)) {
      for (ResolvedClass.Method slot : symbols.resolve(at).slots()) {
        members.putIfAbsent(
            slot.name(), new Member.Method(new Offer.Function(slot.type(), false), false, false));
      }
    }
    return new Offer.Class(ref, constructor, abstractClasses.contains(ref), members, inherited);
  }

  /** The methods and statics that a local class declares. */
  private SortedMap<String, Member> declared(int owner) {
    SortedMap<String, Member> declared = new TreeMap<>();
    methods
        .getOrDefault(owner, Map.of())
        .forEach((name, method) -> declared.put(name, method(owner, name, method)));
    statics
        .getOrDefault(classKey(owner), Map.of())
        .forEach((name, export) -> declared.put(name, staticMember(owner, name, export)));
    return declared;
  }

  private Member method(int owner, String name, Offer.Function function) {
    Set<String> words = modifiers(owner, name);
    return new Member.Method(function, words.contains("abstract"), words.contains("protected"));
  }

  private Member staticMember(int owner, String name, Export export) {
    Set<String> words = modifiers(owner, name);
    boolean isProtected = words.contains("protected");
    return export.kind() == ExportKind.FUNCTION
        ? new Member.Method(function(export), false, isProtected)
        : new Member.Field(export.type(), words.contains("readonly"), isProtected);
  }

  private Set<String> modifiers(int ref, String member) {
    return modifiers.getOrDefault(ref, Map.of()).getOrDefault(member, Set.of());
  }

  private boolean isProtected(int ref, String field) {
    int at = ref;
    while (at != ClassRef.NONE && !ClassRef.isImported(at)) {
      Set<String> words = modifiers.getOrDefault(at, Map.of()).get(field);
      if (words != null) {
        return words.contains("protected");
      }
      at = module.classes().get(at).parent();
    }
    return false;
  }
}
