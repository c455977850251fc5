package dev.raya.compiler.ir;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What one module of a package is lowered to, or what the package says of itself to importers. It
 * is complete by itself: everything that its code refers to stands in its own tables under numbers
 * of its own, what belongs to other parts with its name only, or (classes, shapes) with its layout.
 * {@link PartLinker} puts parts together. Instances of generic functions and classes are in each
 * part that needs them; which one is taken does not depend on how the parts came to be.
 *
 * @param content the tables; the first module is the part's own, and of modules only their paths
 *     and what this part adds to them count
 * @param functionNames of each function; null for those that stand in another one
 * @param classNames of each class
 * @param globalNames of each global
 * @param taken the modules whose bodies, and not only their interfaces, this part is made from:
 *     those that declare what it has instances of
 */
public record IrPart(
    IrPackage content,
    List<@Nullable LinkName> functionNames,
    List<LinkName> classNames,
    List<LinkName> globalNames,
    SequencedSet<String> taken) {
  /** Copies the collections. */
  public IrPart {
    functionNames = Collections.unmodifiableList(functionNames);
    classNames = List.copyOf(classNames);
    globalNames = List.copyOf(globalNames);
    taken = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(taken));
  }

  /** This part with other functions in the place of its own. */
  public IrPart with(IrPackage improved) {
    return new IrPart(improved, functionNames, classNames, globalNames, taken);
  }
}
