package dev.raya.vm.task;

/**
 * What a Task goes on with when it is run again: the topmost of its calls (vm.md 3.2). Only who
 * runs the code knows what is in it.
 */
public abstract class Activation {}
