package dev.raya.cli.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A declared command: what the parser reads, the help text is made from, and {@link Program} runs.
 * Immutable; made by {@link #named}.
 */
public final class CommandSpec {
  private final String name;
  private final String summary;
  private final String description;
  private final List<OptionSpec> options;
  private final List<PositionalSpec> positionals;
  private final List<CommandSpec> subcommands;
  private final List<Example> examples;
  private final List<String> namesElsewhere;
  private final @Nullable String surplusFor;
  private final @Nullable String rest;
  private final boolean stopsAtPositional;
  private final boolean hidden;
  private final @Nullable Command command;

  /**
   * A line of the help's examples.
   *
   * @param line what to type
   * @param effect what it does
   */
  public record Example(String line, String effect) {}

  private CommandSpec(Builder builder) {
    this.name = builder.name;
    this.summary = builder.summary;
    this.description = builder.description;
    this.options = List.copyOf(builder.options);
    this.positionals = List.copyOf(builder.positionals);
    this.subcommands = List.copyOf(builder.subcommands);
    this.examples = List.copyOf(builder.examples);
    this.namesElsewhere = List.copyOf(builder.namesElsewhere);
    this.surplusFor = builder.surplusFor;
    this.rest = builder.rest;
    this.stopsAtPositional = builder.stopsAtPositional;
    this.hidden = builder.hidden;
    this.command = builder.command;
  }

  /** Begins the declaration of a command. */
  public static Builder named(String name, String summary) {
    return new Builder(name, summary);
  }

  /** The command's name, one word. */
  public String name() {
    return name;
  }

  /** What it does, in one line without a full stop. */
  public String summary() {
    return summary;
  }

  /** Whether listings leave it out. */
  public boolean hidden() {
    return hidden;
  }

  /** Its subcommands. */
  public List<CommandSpec> subcommands() {
    return subcommands;
  }

  /** The subcommand of that name, or null. */
  public @Nullable CommandSpec subcommand(String word) {
    for (CommandSpec each : subcommands) {
      if (each.name.equals(word)) {
        return each;
      }
    }
    return null;
  }

  /**
   * The name of the subcommand that other tools call by a word, or null. It is proposed to people
   * who type that word; a second name it is not.
   */
  @Nullable String nameHereOf(String word) {
    for (CommandSpec each : subcommands) {
      if (each.namesElsewhere.contains(word)) {
        return each.name;
      }
    }
    return null;
  }

  /** The command beside this one that takes what is one word too many here, or null. */
  @Nullable String surplusFor() {
    return surplusFor;
  }

  /** The paragraphs under the usage line, or empty. */
  public String description() {
    return description;
  }

  /** Its options, without the common ones. */
  public List<OptionSpec> options() {
    return options;
  }

  /** Its positional arguments. */
  public List<PositionalSpec> positionals() {
    return positionals;
  }

  /** The examples of its help. */
  public List<Example> examples() {
    return examples;
  }

  /** What stands after {@code --}, as help names it, or null if nothing may. */
  public @Nullable String rest() {
    return rest;
  }

  /** Whether everything after the last declared positional belongs to somebody else. */
  boolean stopsAtPositional() {
    return stopsAtPositional;
  }

  @Nullable Command command() {
    return command;
  }

  /** Collects a declaration. */
  public static final class Builder {
    private final String name;
    private final String summary;
    private String description = "";
    private final List<OptionSpec> options = new ArrayList<>();
    private final List<PositionalSpec> positionals = new ArrayList<>();
    private final List<CommandSpec> subcommands = new ArrayList<>();
    private final List<Example> examples = new ArrayList<>();
    private final List<String> namesElsewhere = new ArrayList<>();
    private @Nullable String surplusFor;
    private @Nullable String rest;
    private boolean stopsAtPositional;
    private boolean hidden;
    private @Nullable Command command;

    private Builder(String name, String summary) {
      this.name = name;
      this.summary = summary;
    }

    /** Sets the paragraphs under the usage line. */
    public Builder description(String text) {
      this.description = text;
      return this;
    }

    /** Adds options. */
    public Builder options(OptionSpec... more) {
      options.addAll(List.of(more));
      return this;
    }

    /** Adds options. */
    public Builder options(List<OptionSpec> more) {
      options.addAll(more);
      return this;
    }

    /** Adds a positional argument. */
    public Builder positional(String metavar, PositionalSpec.Arity arity, String help) {
      positionals.add(new PositionalSpec(metavar, arity, help));
      return this;
    }

    /** Adds a subcommand; a command has either subcommands or positionals. */
    public Builder subcommand(CommandSpec spec) {
      subcommands.add(spec);
      return this;
    }

    /** Adds an example. */
    public Builder example(String line, String effect) {
      examples.add(new Example(line, effect));
      return this;
    }

    /** Adds words that other tools have for it; who types one is told the name here. */
    public Builder calledElsewhere(String... words) {
      namesElsewhere.addAll(List.of(words));
      return this;
    }

    /** Names the command to which people used to other tools give words that this one lacks. */
    public Builder surplusFor(String sibling) {
      surplusFor = sibling;
      return this;
    }

    /** Allows words after {@code --}, named so in help; {@link Arguments#rest} gives them. */
    public Builder rest(String metavar) {
      this.rest = metavar;
      return this;
    }

    /**
     * Ends option parsing after the first positional, as in {@code raya FILE ARGS}: what follows is
     * the program's own, and stands in {@link Arguments#rest} (a leading {@code --} is dropped).
     */
    public Builder restAfterFirst(String metavar) {
      this.rest = metavar;
      this.stopsAtPositional = true;
      return this;
    }

    /** Leaves the command out of listings. */
    public Builder hide() {
      this.hidden = true;
      return this;
    }

    /** Sets what runs. */
    public Builder runs(Command action) {
      this.command = action;
      return this;
    }

    /** The finished declaration. */
    public CommandSpec build() {
      return new CommandSpec(this);
    }
  }
}
