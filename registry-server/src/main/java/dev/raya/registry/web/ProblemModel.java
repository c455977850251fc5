package dev.raya.registry.web;

/**
 * A refusal.
 *
 * @param status HTTP status
 * @param title what happened, in general
 * @param detail what happened this time
 * @param hint what to do, or empty
 * @param code the code
 * @param requestId id of the request
 */
record ProblemModel(
    int status, String title, String detail, String hint, String code, String requestId) {}
