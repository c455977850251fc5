package dev.raya.registry.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The pages' templates; a renamed field breaks the build, not a page. */
@CheckedTemplate
final class Templates {
  private Templates() {}

  static native TemplateInstance home(HomeModel page);

  static native TemplateInstance search(SearchModel page);

  static native TemplateInstance packagePage(PackageModel page);

  static native TemplateInstance docsPage(DocsModel page);

  static native TemplateInstance problem(ProblemModel page);

  static native TemplateInstance errorCode(ErrorCodeModel page);
}
