package dev.raya.integration.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code raya-pm conformance} answers test vectors through the classes that install, verify and
 * publish use. So nothing in its package may decide anything by itself: a verifier that only the
 * vectors meet would prove nothing.
 */
final class ConformanceDoorsTest {
  private static final String DOORS = DependencyTable.ROOT + ".cli.pm.conformance";
  private static final String COMMANDS = DependencyTable.ROOT + ".cli.pm.command";

  /** What verifiers are made of. */
  private static final List<String> TOOLS_OF_VERIFIERS =
      List.of("java.security", "javax.crypto", "java.util.zip", "java.math", "org.bouncycastle");

  /** Our modules that verify: used through their methods, never extended or implemented. */
  private static final List<String> VERIFIERS =
      List.of(
          DependencyTable.ROOT + ".signing",
          DependencyTable.ROOT + ".tuf",
          DependencyTable.ROOT + ".cache");

  /** Reading a digest that is written on the command line is no hashing. */
  private static final Set<String> OF_DIGEST = Set.of("parse");

  private static JavaClasses classes = new ClassFileImporter().importPackages();

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(DependencyTable.ROOT);
  }

  private static TreeSet<String> decisions(String verifierPackage) {
    TreeSet<String> breaches = new TreeSet<>();
    for (JavaClass door : classes) {
      if (!DependencyTable.within(door.getPackageName(), verifierPackage)) {
        continue;
      }
      for (Dependency dependency : door.getDirectDependenciesFromSelf()) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        if (TOOLS_OF_VERIFIERS.stream()
            .anyMatch(tool -> DependencyTable.within(used.getPackageName(), tool))) {
          breaches.add(door.getName() + " uses " + used.getName());
        }
      }
      for (JavaAccess<?> access : door.getAccessesFromSelf()) {
        if (access.getTargetOwner().getName().equals(DependencyTable.ROOT + ".cache.digest.Digest")
            && !OF_DIGEST.contains(access.getTarget().getName())) {
          breaches.add(door.getName() + " computes by Digest." + access.getTarget().getName());
        }
      }
      TreeSet<JavaClass> above = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
      above.addAll(door.getAllRawSuperclasses());
      above.addAll(door.getAllRawInterfaces());
      for (JavaClass each : above) {
        if (VERIFIERS.stream()
            .anyMatch(module -> DependencyTable.within(each.getPackageName(), module))) {
          breaches.add(door.getName() + " is a " + each.getName() + " of its own");
        }
      }
    }
    return breaches;
  }

  @Test
  void nothingInThePackageDecidesByItself() {
    assertThat(classes.stream().map(JavaClass::getPackageName)).contains(DOORS);
    assertThat(decisions(DOORS)).as("verifier logic in the doors").isEmpty();
  }

  @Test
  void nothingButTheListOfCommandsLeadsToTheDoors() {
    TreeSet<String> breaches = new TreeSet<>();
    for (JavaClass user : classes) {
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        JavaClass used = dependency.getTargetClass().getBaseComponentType();
        if (DependencyTable.within(used.getPackageName(), DOORS)
            && !DependencyTable.within(user.getPackageName(), DOORS)
            && !user.getName().equals(COMMANDS + ".Commands")) {
          breaches.add(user.getName() + " uses " + used.getName());
        }
      }
    }
    assertThat(breaches).as("users of the doors").isEmpty();
  }

  @Test
  void theRuleSeesAVerifier() {
    assertThat(decisions(DependencyTable.ROOT + ".signing.sigstore"))
        .anyMatch(breach -> breach.contains(" uses java.security."))
        .anyMatch(breach -> breach.contains(" computes by Digest.of"));
    assertThat(decisions(DependencyTable.ROOT + ".cli.pm.trust"))
        .anyMatch(breach -> breach.contains(" of its own"));
  }
}
