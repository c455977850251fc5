package dev.raya.integration.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the classes of all modules against {@link DependencyTable}. */
final class ArchitectureTest {
  private static JavaClasses classes = new ClassFileImporter().importPackages();

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(DependencyTable.ROOT);
    assertThat(classes).isNotEmpty();
  }

  @Test
  void everyPackageUsesOnlyWhatItsRowAllows() {
    TreeSet<String> breaches = new TreeSet<>();
    for (JavaClass user : classes) {
      String from = relative(user);
      if (!DependencyTable.MODULES.contains(DependencyTable.moduleOf(from))) {
        continue;
      }
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        if (ours(used) && !DependencyTable.allows(from, relative(used))) {
          breaches.add(user.getName() + " uses " + used.getName());
        }
      }
    }
    assertThat(breaches).as("uses that style.md part 3 does not allow").isEmpty();
  }

  @Test
  void internalPackagesAreUsedByTheirOwnModuleOnly() {
    TreeSet<String> breaches = new TreeSet<>();
    for (JavaClass user : classes) {
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        if (ours(used)
            && (used.getPackageName() + ".").contains(".internal.")
            && !DependencyTable.moduleOf(relative(user))
                .equals(DependencyTable.moduleOf(relative(used)))) {
          breaches.add(user.getName() + " uses " + used.getName());
        }
      }
    }
    assertThat(breaches).as("uses of another module's internal package").isEmpty();
  }

  @Test
  void thirdPartyTypesStayInTheirWrappers() {
    TreeSet<String> breaches = new TreeSet<>();
    for (JavaClass user : classes) {
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        String used = dependency.getTargetClass().getBaseComponentType().getPackageName();
        for (Map.Entry<String, List<String>> wrapped : DependencyTable.WRAPPED.entrySet()) {
          if (DependencyTable.within(used, wrapped.getKey())
              && wrapped.getValue().stream()
                  .noneMatch(home -> DependencyTable.within(relative(user), home))) {
            breaches.add(user.getName() + " uses " + used);
          }
        }
      }
    }
    assertThat(breaches).as("third-party packages outside their wrapper").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cache", "compiler", "registry", "resolver", "signing", "toolchain", "tuf", "vm"})
  void noPackagesOfAModuleUseEachOtherInACircle(String module) {
    SlicesRuleDefinition.slices()
        .matching(DependencyTable.ROOT + "." + module + ".(**)")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void theTableItselfHasNoCycleAndKnowsEveryModule() {
    assertThat(DependencyTable.allows("cache.archive", "resolver.name")).isFalse();
    assertThat(DependencyTable.allows("resolver.solve", "cache.digest")).isTrue();
    assertThat(DependencyTable.allows("resolver.solve", "cache.archive")).isFalse();
    assertThat(DependencyTable.allows("cli.pm.fetch", "vm.interp")).isFalse();
    assertThat(DependencyTable.allows("cli.pm.fetch", "compiler.parse")).isFalse();
  }

  private static boolean ours(JavaClass type) {
    return DependencyTable.within(type.getPackageName(), DependencyTable.ROOT)
        && DependencyTable.MODULES.contains(DependencyTable.moduleOf(relative(type)));
  }

  private static String relative(JavaClass type) {
    String name = type.getPackageName();
    return name.length() <= DependencyTable.ROOT.length()
        ? ""
        : name.substring(DependencyTable.ROOT.length() + 1);
  }
}
