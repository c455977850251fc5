package dev.raya.registry.web;

/**
 * The documentation of an error code.
 *
 * @param code the code
 * @param title what happened
 * @param cause why
 * @param example the shortest way to see it
 * @param remedy what to do
 * @param exit exit code of a program that ends with it
 */
record ErrorCodeModel(
    String code, String title, String cause, String example, String remedy, int exit) {}
