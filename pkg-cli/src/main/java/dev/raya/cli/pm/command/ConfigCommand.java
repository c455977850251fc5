package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.settings.ConfigEditor;
import dev.raya.cli.pm.settings.Setting;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.UserConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code config get|set|unset|list}: the user's settings. */
final class ConfigCommand {
  private static final String KEY = "KEY";
  private static final String VALUE = "VALUE";
  private static final String ALL = "--all";

  /**
   * What counts for a setting.
   *
   * @param setting the setting
   * @param value its value, or null where nothing sets it
   * @param from what sets it: {@code environment}, {@code file} or {@code default}
   */
  private record Effective(Setting setting, @Nullable String value, String from) {
    Json json() {
      return Json.object()
          .put("key", setting.key())
          .put("value", value == null ? new Json.Null() : new Json.Str(value))
          .put("from", from)
          .put("default", setting.fallback())
          .putIfPresent(
              "variable", setting.variable() == null ? null : new Json.Str(setting.variable()))
          .build();
    }
  }

  private ConfigCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("config", "read and change the user's settings")
        .subcommand(
            CommandSpec.named("get", "print what counts for a setting")
                .positional(KEY, PositionalSpec.Arity.ONE, "its dotted key, e.g. network.timeout")
                .example("raya-pm config get registry", "the default registry")
                .runs(ConfigCommand::get)
                .build())
        .subcommand(
            CommandSpec.named("set", "write a setting into config.toml")
                .positional(KEY, PositionalSpec.Arity.ONE, "its dotted key")
                .positional(VALUE, PositionalSpec.Arity.ONE, "its value")
                .example("raya-pm config set output.color never", "no colour from now on")
                .runs(ConfigCommand::set)
                .build())
        .subcommand(
            CommandSpec.named("unset", "take a setting out of config.toml")
                .positional(KEY, PositionalSpec.Arity.ONE, "its dotted key")
                .example("raya-pm config unset output.color", "back to the default")
                .runs(ConfigCommand::unset)
                .build())
        .subcommand(
            CommandSpec.named("list", "list settings and what sets them")
                .options(OptionSpec.flag(ALL, "those that nothing sets as well"))
                .example("raya-pm config list --all", "every setting with its default")
                .runs(ConfigCommand::list)
                .build())
        .build();
  }

  private static Path file(Arguments arguments) {
    return Settings.configFile(arguments, new RayaHome(arguments.environment().rayaHome()));
  }

  private static Effective effective(Setting setting, UserConfig user, Arguments arguments) {
    String variable = setting.variable();
    String value = variable == null ? null : arguments.environment().get(variable);
    if (value != null) {
      return new Effective(setting, value, "environment");
    }
    String written = user.get(setting.key());
    return new Effective(setting, written, written == null ? "default" : "file");
  }

  private static int get(Arguments arguments, Console console) throws CommandException {
    Setting setting = Setting.of(arguments.required(KEY));
    Effective effective = effective(setting, UserConfig.read(file(arguments)), arguments);
    String value = effective.value();
    console.line(value == null ? setting.fallback() : value);
    console.result(effective.json());
    return ExitCode.OK;
  }

  private static int set(Arguments arguments, Console console) throws CommandException {
    Setting setting = Setting.of(arguments.required(KEY));
    ConfigEditor editor = ConfigEditor.open(file(arguments));
    editor.set(setting, arguments.required(VALUE));
    makeHome(arguments);
    editor.save();
    String variable = setting.variable();
    if (variable != null && arguments.environment().has(variable)) {
      console.status("the variable " + variable + " is set and counts more than the file");
    }
    console.line(setting.key() + " = " + arguments.required(VALUE));
    console.result(
        Json.object()
            .put("key", setting.key())
            .put("value", arguments.required(VALUE))
            .put("file", file(arguments).toString())
            .build());
    return ExitCode.OK;
  }

  /** The home is made private before anything lies in it. */
  private static void makeHome(Arguments arguments) throws CommandException {
    RayaHome home = new RayaHome(arguments.environment().rayaHome());
    if (file(arguments).startsWith(home.root())) {
      try {
        home.prepare();
      } catch (IOException unusable) {
        throw Failure.of(unusable);
      }
    }
  }

  private static int unset(Arguments arguments, Console console) throws CommandException {
    Setting setting = Setting.of(arguments.required(KEY));
    ConfigEditor editor = ConfigEditor.open(file(arguments));
    boolean removed = editor.unset(setting);
    if (removed) {
      editor.save();
    }
    console.line(setting.key() + (removed ? " removed" : " was not set"));
    console.result(Json.object().put("key", setting.key()).put("removed", removed).build());
    return ExitCode.OK;
  }

  private static int list(Arguments arguments, Console console) throws CommandException {
    UserConfig user = UserConfig.read(file(arguments));
    List<Setting> settings = new ArrayList<>(Setting.ALL);
    for (String key : user.values().keySet()) {
      if (Setting.isOfRegistry(key)) {
        settings.add(Setting.of(key));
      }
    }
    List<List<String>> table = new ArrayList<>();
    List<Json> items = new ArrayList<>();
    table.add(List.of("setting", "value", "from"));
    for (Setting setting : settings) {
      Effective effective = effective(setting, user, arguments);
      String value = effective.value();
      if (value != null || arguments.flag(ALL)) {
        table.add(
            List.of(setting.key(), value == null ? setting.fallback() : value, effective.from()));
        items.add(effective.json());
      }
    }
    if (items.isEmpty()) {
      console.line("nothing is set; --all shows the defaults");
    } else {
      TextTable.print(console, table, Style.BOLD);
    }
    console.result(
        Json.object()
            .put("file", user.file().toString())
            .put("settings", new Json.Array(items))
            .build());
    return ExitCode.OK;
  }
}
