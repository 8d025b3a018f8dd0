#include "app/command_line.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>

namespace spaces::app {

namespace {

constexpr const char* about =
    "Lifestyle Spaces: the back end of a real-estate marketplace in one program.\n"
    "Start with: spaces demo --data DIR, then spaces serve --data DIR --public-listings true";

/// Settings as flags: `wanted` names variables, empty means all that have a flag.
void add_settings(CLI::App& command, setting_flags& flags, std::initializer_list<std::string_view> wanted = {}) {
  for (const setting& s : settings()) {
    const bool named = wanted.size() == 0 || std::find(wanted.begin(), wanted.end(), s.variable) != wanted.end();
    if (s.flag.empty() || !named) continue;
    const std::string variable(s.variable);
    command
        .add_option_function<std::string>(
            std::string(s.flag), [&flags, variable](const std::string& text) { flags[variable] = text; },
            fmt::format("{} [{}; {} unless given]", s.doc, s.allowed, s.initial))
        ->type_name(variable);
  }
}

/// What the commands' words are read into, and what is to be done.
struct chosen {
  setting_flags flags;
  token_options token;
  backup_options backup;
  check_options check;
  stats_options stats;
  std::function<int()> run;
};

CLI::App& add_command(CLI::App& app, chosen& c, const char* name, const char* doc, std::function<int()> run) {
  CLI::App* command = app.add_subcommand(name, doc);
  command->final_callback([&c, run = std::move(run)] { c.run = run; });
  return *command;
}

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "One JSON object on standard output, for scripts");
}

void add_serve(CLI::App& app, chosen& c) {
  CLI::App& serve = add_command(app, c, "serve", "Serve the API", [&c] { return run_serve(c.flags); });
  add_settings(serve, c.flags);
  serve.footer(
      "Each flag is also the environment variable named behind it; the flag wins.\n"
      "JWT_SECRET_KEY (environment only): the key that signs access tokens, an RSA private key in PEM or a\n"
      "secret of 32 bytes; unless set, one is made and kept in the data folder.\n"
      "SIGTERM and Ctrl-C finish what is in flight, 10 seconds at most, and close the store.");
}

void add_token(CLI::App& app, chosen& c) {
  CLI::App& token = add_command(app, c, "token", "Print an access token for a user of this deployment",
                                [&c] { return run_token(c.flags, c.token); });
  add_settings(token, c.flags, {"SPACES_DATA"});
  token.add_option("--user", c.token.user, "The user's UUID; a new one unless given")->type_name("UUID");
  token.add_option("--type", c.token.type, "What the user is")
      ->check(CLI::IsMember({"buyer", "seller", "agent"}))
      ->capture_default_str();
  token.add_flag("--unverified", c.token.unverified, "The user's e-mail address is not confirmed");
  token.add_option("--minutes", c.token.minutes, "How long it is good for")
      ->check(CLI::Range(1, 1440))
      ->capture_default_str();
  add_json(token, c.token.json);
}

void add_store_commands(CLI::App& app, chosen& c) {
  CLI::App& backup = add_command(app, c, "backup", "Copy the store into a new folder, while it is served",
                                 [&c] { return run_backup(c.flags, c.backup); });
  add_settings(backup, c.flags, {"SPACES_DATA"});
  backup.add_option("folder", c.backup.folder, "Where to: a folder that is empty or not there yet")->required();
  add_json(backup, c.backup.json);

  CLI::App& check =
      add_command(app, c, "check", "Read every record of the store and hold it to its checksum and its index rows",
                  [&c] { return run_check(c.flags, c.check); });
  add_settings(check, c.flags, {"SPACES_DATA"});
  add_json(check, c.check.json);
  check.footer("Exit status: 0 when all is well, 4 when something is damaged.");

  CLI::App& stats =
      add_command(app, c, "stats", "Say what is in the store", [&c] { return run_stats(c.flags, c.stats); });
  add_settings(stats, c.flags, {"SPACES_DATA"});
  add_json(stats, c.stats.json);
}

}  // namespace

int fail(const std::string& sentence, int status) {
  fmt::print(stderr, "spaces: {}\n", sentence);
  return status;
}

int run_command_line(int count, const char* const* words) {
  CLI::App app(about, "spaces");
  app.set_version_flag("--version", SPACES_VERSION);
  app.set_help_all_flag("--help-all", "Every command's help");
  app.require_subcommand(1);
  chosen c;
  add_serve(app, c);
  add_token(app, c);
  add_store_commands(app, c);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp& asked) {
    return app.exit(asked);
  } catch (const CLI::CallForAllHelp& asked) {
    return app.exit(asked);
  } catch (const CLI::CallForVersion& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    return fail(fmt::format("{}; spaces --help shows what there is.", wrong.what()), exit_status::wrong_usage);
  }
  return c.run ? c.run() : exit_status::wrong_usage;
}

}  // namespace spaces::app
