package dev.raya.compiler.diagnostic;

/** The codes of language.md 19. Codes are never reused. */
public enum DiagnosticCode {
  /** source is not valid UTF-8. */
  E0001("source is not valid UTF-8"),
  /** unexpected character. */
  E0002("unexpected character"),
  /** string literal not closed on its line. */
  E0003("string literal not closed on its line"),
  /** template literal not closed. */
  E0004("template literal not closed"),
  /** block comment not closed. */
  E0005("block comment not closed"),
  /** invalid escape sequence. */
  E0006("invalid escape sequence"),
  /** malformed numeric literal. */
  E0007("malformed numeric literal"),
  /** BigInt literals are not supported. */
  E0008("BigInt literals are not supported"),
  /** numeric literal too large. */
  E0009("numeric literal too large"),
  /** regular expression not closed. */
  E0010("regular expression not closed"),
  /** invalid regular expression or flags. */
  E0011("invalid regular expression or flags"),
  /** private # names are not supported (use private). */
  E0012("private # names are not supported (use private)"),
  /** unexpected token. */
  E0101("unexpected token"),
  /** missing ;. */
  E0102("missing ;"),
  /** unclosed bracket. */
  E0103("unclosed bracket"),
  /** reserved word used as a name. */
  E0104("reserved word used as a name"),
  /** var is banned. */
  E0105("var is banned"),
  /** for…in is banned. */
  E0106("for…in is banned"),
  /** enum is banned. */
  E0107("enum is banned"),
  /** namespace is banned. */
  E0108("namespace is banned"),
  /** default export/import is banned. */
  E0109("default export/import is banned"),
  /** import(), require, export = are banned. */
  E0110("import(), require, export = are banned"),
  /** decorators are not supported. */
  E0111("decorators are not supported"),
  /** generators and yield are not supported. */
  E0112("generators and yield are not supported"),
  /** banned operator or statement (delete, void, in, comma, with, satisfies). */
  E0113("banned operator or statement (delete, void, in, comma, with, satisfies)"),
  /** non-null assertion ! is banned. */
  E0114("non-null assertion ! is banned"),
  /** &lt;T&gt;e cast is banned. */
  E0115("<T>e cast is banned"),
  /** operators need parentheses (?? with &amp;&amp;/||, unary before **). */
  E0116("operators need parentheses (?? with &&/||, unary before **)"),
  /** not an assignable target. */
  E0117("not an assignable target"),
  /** tagged templates are not supported. */
  E0118("tagged templates are not supported"),
  /** computed key or accessor in object literal. */
  E0119("computed key or accessor in object literal"),
  /** parameter order (optional before required, rest not last). */
  E0120("parameter order (optional before required, rest not last)"),
  /** try without catch or finally. */
  E0121("try without catch or finally"),
  /** break/continue without target. */
  E0122("break/continue without target"),
  /** return outside a function. */
  E0123("return outside a function"),
  /** import/export/declare not at module level. */
  E0124("import/export/declare not at module level"),
  /** overload signatures are not supported. */
  E0125("overload signatures are not supported"),
  /** unsupported type form. */
  E0126("unsupported type form"),
  /** JSX is not supported. */
  E0127("JSX is not supported"),
  /** nesting too deep. */
  E0128("nesting too deep"),
  /** modifier not allowed or repeated here. */
  E0129("modifier not allowed or repeated here"),
  /** unknown name (suggests similar names and imports). */
  E0201("unknown name (suggests similar names and imports)"),
  /** already declared in this scope. */
  E0202("already declared in this scope"),
  /** used before its declaration. */
  E0203("used before its declaration"),
  /** used before being assigned. */
  E0204("used before being assigned"),
  /** assignment to a const, import, function or class. */
  E0205("assignment to a const, import, function or class"),
  /** unknown type. */
  E0206("unknown type"),
  /** type used as value, or value used as type. */
  E0207("type used as value, or value used as type"),
  /** banned global. */
  E0208("banned global"),
  /** no such member. */
  E0209("no such member"),
  /** member is private or protected. */
  E0210("member is private or protected"),
  /** this not available here. */
  E0211("this not available here"),
  /** super not available here. */
  E0212("super not available here"),
  /** reserved member name such as $type, $value, prototype. */
  E0213("reserved member name such as $type, $value, prototype"),
  /** type not assignable (shows the smallest differing part). */
  E0301("type not assignable (shows the smallest differing part)"),
  /** wrong number of arguments. */
  E0302("wrong number of arguments"),
  /** argument not assignable to parameter. */
  E0303("argument not assignable to parameter"),
  /** operator not defined for these types. */
  E0304("operator not defined for these types"),
  /** not callable. */
  E0305("not callable"),
  /** cannot construct (abstract class, interface, type parameter). */
  E0306("cannot construct (abstract class, interface, type parameter)"),
  /** not every path returns a value. */
  E0307("not every path returns a value"),
  /** result of an async/accessor/constructor declared wrongly. */
  E0308("result of an async/accessor/constructor declared wrongly"),
  /** parameter needs a type. */
  E0309("parameter needs a type"),
  /** type cannot be inferred; annotate. */
  E0310("type cannot be inferred; annotate"),
  /** any is banned. */
  E0311("any is banned"),
  /** this TypeScript type does not exist in Raya. */
  E0312("this TypeScript type does not exist in Raya"),
  /** cast cannot be checked. */
  E0313("cast cannot be checked"),
  /** typeof needs a bare union or json. */
  E0314("typeof needs a bare union or json"),
  /** instanceof is banned. */
  E0315("instanceof is banned"),
  /** comparison can never be true. */
  E0316("comparison can never be true"),
  /** value may be null. */
  E0317("value may be null"),
  /** implicit number to int. */
  E0318("implicit number to int"),
  /** union mixes primitives with other types. */
  E0319("union mixes primitives with other types"),
  /** property missing in object literal. */
  E0320("property missing in object literal"),
  /** class does not satisfy its interface. */
  E0321("class does not satisfy its interface"),
  /** incompatible override. */
  E0322("incompatible override"),
  /** abstract members not implemented. */
  E0323("abstract members not implemented"),
  /** super() missing, or this before it. */
  E0324("super() missing, or this before it"),
  /** field not initialised. */
  E0325("field not initialised"),
  /** assignment to a readonly member or element. */
  E0326("assignment to a readonly member or element"),
  /** wrong number of type arguments. */
  E0327("wrong number of type arguments"),
  /** type argument violates its constraint. */
  E0328("type argument violates its constraint"),
  /** cyclic type or inheritance. */
  E0329("cyclic type or inheritance"),
  /** endless generic instantiation. */
  E0330("endless generic instantiation"),
  /** indexing not allowed, or tuple index out of range. */
  E0331("indexing not allowed, or tuple index out of range"),
  /** type predicate not provable. */
  E0332("type predicate not provable"),
  /** only Error objects can be thrown. */
  E0333("only Error objects can be thrown"),
  /** void value used. */
  E0334("void value used"),
  /** json used without a cast. */
  E0335("json used without a cast"),
  /** this used before all fields are initialised. */
  E0336("this used before all fields are initialised"),
  /** type cannot be encoded to / decoded from JSON. */
  E0337("type cannot be encoded to / decoded from JSON"),
  /** not iterable. */
  E0338("not iterable"),
  /** pattern does not fit the value's type. */
  E0339("pattern does not fit the value's type"),
  /** only mutability prevents this assignment (invariance). */
  E0340("only mutability prevents this assignment (invariance)"),
  /** sort()/min/max need a comparator for this element type. */
  E0342("sort()/min/max need a comparator for this element type"),
  /** intersection members conflict. */
  E0343("intersection members conflict"),
  /** accessor pair disagrees. */
  E0344("accessor pair disagrees"),
  /** generic method cannot be virtual. */
  E0345("generic method cannot be virtual"),
  /** union has no common literal property. */
  E0401("union has no common literal property"),
  /** no common literal property tells the variants apart. */
  E0402("no common literal property tells the variants apart"),
  /** switch is not exhaustive. */
  E0403("switch is not exhaustive"),
  /** match lacks a handler. */
  E0404("match lacks a handler"),
  /** match has an unknown or duplicate handler. */
  E0405("match has an unknown or duplicate handler"),
  /** duplicate case. */
  E0406("duplicate case"),
  /** case or test can never apply. */
  E0407("case or test can never apply"),
  /** match must be called directly with literal handlers. */
  E0408("match must be called directly with literal handlers"),
  /** match subject is not a union. */
  E0409("match subject is not a union"),
  /** file not found. */
  E0501("file not found"),
  /** circular import. */
  E0502("circular import"),
  /** no such export. */
  E0503("no such export"),
  /** duplicate or ambiguous export. */
  E0504("duplicate or ambiguous export"),
  /** package not in raya.toml. */
  E0505("package not in raya.toml"),
  /** range not satisfied by the locked version. */
  E0506("range not satisfied by the locked version"),
  /** URL import not locked, or not https. */
  E0507("URL import not locked, or not https"),
  /** unknown raya: module. */
  E0508("unknown raya: module"),
  /** native module unknown or not permitted. */
  E0509("native module unknown or not permitted"),
  /** subpath not exported by the package. */
  E0510("subpath not exported by the package"),
  /** top-level await. */
  E0511("top-level await"),
  /** main has an unsupported signature. */
  E0512("main has an unsupported signature"),
  /** raya:reflect needs --emit-reflection. */
  E0513("raya:reflect needs --emit-reflection"),
  /** malformed specifier. */
  E0514("malformed specifier"),
  /** package has no type information (rbin.md 3.12 stripped). */
  E0515("package has no type information (rbin.md 3.12 stripped)"),
  /** package needs a newer language or bytecode version. */
  E0516("package needs a newer language or bytecode version"),
  /** await outside async. */
  E0601("await outside async"),
  /** await of something that is not a Task. */
  E0602("await of something that is not a Task"),
  /** suspension point while holding a mutex. */
  E0603("suspension point while holding a mutex"),
  /** async function must return Task&lt;T&gt;. */
  E0604("async function must return Task<T>"),
  /** constructor or accessor cannot be async. */
  E0605("constructor or accessor cannot be async"),
  /** function too large. */
  E0701("function too large"),
  /** too many parameters. */
  E0702("too many parameters"),
  /** string constant too long. */
  E0703("string constant too long"),
  /** unused local or parameter. */
  W0001("unused local or parameter"),
  /** unreachable code. */
  W0002("unreachable code"),
  /** unused import. */
  W0003("unused import"),
  /** extra property in literal. */
  W0004("extra property in literal"),
  /** ??/?. on a value that is never null. */
  W0005("??/?. on a value that is never null"),
  /** Task result dropped. */
  W0006("Task result dropped"),
  /** Result dropped. */
  W0007("Result dropped"),
  /** fall-through. */
  W0008("fall-through"),
  /** test is always true/false. */
  W0009("test is always true/false"),
  /** deprecated. */
  W0010("deprecated");

  private final String title;

  DiagnosticCode(String title) {
    this.title = title;
  }

  /** The stable code, {@code RAYA-E0101}. */
  public String code() {
    return "RAYA-" + name();
  }

  /** What the code means, without the particulars of a case. */
  public String title() {
    return title;
  }

  /** Errors stop code generation, warnings do not. */
  public Severity severity() {
    return name().startsWith("E") ? Severity.ERROR : Severity.WARNING;
  }
}
