#include "program/commands/command_line.hpp"

#include "app/configuration.hpp"
#include "program/commands/command_words.hpp"
#include "program/commands/commands.hpp"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cstdio>

namespace spaces::app {

namespace {

constexpr const char* about =
    "Lifestyle Spaces: the back end of a real-estate marketplace in one program.\n"
    "Start with: spaces demo --data DIR, then spaces serve --data DIR --public-listings true";

/// Where a command on the marketplace's table finds it.
const std::initializer_list<std::string_view> table_settings{"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE"};

/// What the commands' words are read into, and what is to be done.
struct chosen {
  setting_flags flags;
  token_options token;
  backup_options backup;
  check_options check;
  stats_options stats;
  import_options imports;
  export_options exports;
  demo_options demo;
  mail_options mail;
  keys_options keys;
  chosen_run run;
};

void add_serve(CLI::App& app, chosen& c) {
  CLI::App& serve = add_command(app, c.run, "serve", "Serve the API", [&c] { return run_serve(c.flags); });
  add_settings(serve, c.flags);
  serve.footer(
      "Each flag is also the environment variable named behind it; the flag wins.\n"
      "JWT_SECRET_KEY (environment only): the key that signs access tokens, an RSA private key in PEM or a\n"
      "secret of 32 bytes; unless set, one is made and kept in the data folder.\n"
      "SIGTERM and Ctrl-C finish what is in flight, 10 seconds at most, and close the store.");
}

void add_token(CLI::App& app, chosen& c) {
  CLI::App& token = add_command(app, c.run, "token", "Print an access token for a user of this deployment",
                                [&c] { return run_token(c.flags, c.token); });
  add_settings(
      token, c.flags,
      {"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE", "SPACES_JWT_KEYS", "SPACES_ISSUER", "SPACES_AUDIENCE"});
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
  CLI::App& backup = add_command(app, c.run, "backup", "Copy the store into a new folder, while it is served",
                                 [&c] { return run_backup(c.flags, c.backup); });
  add_settings(backup, c.flags, {"SPACES_DATA"});
  backup.add_option("folder", c.backup.folder, "Where to: a folder that is empty or not there yet")->required();
  add_json(backup, c.backup.json);

  CLI::App& check =
      add_command(app, c.run, "check", "Read every record of the store and hold it to its checksum and its index rows",
                  [&c] { return run_check(c.flags, c.check); });
  add_settings(check, c.flags, {"SPACES_DATA"});
  add_json(check, c.check.json);
  check.footer("Exit status: 0 when all is well, 4 when something is damaged.");

  CLI::App& stats =
      add_command(app, c.run, "stats", "Say what is in the store", [&c] { return run_stats(c.flags, c.stats); });
  add_settings(stats, c.flags, table_settings);
  add_json(stats, c.stats.json);
}

void add_import(CLI::App& app, chosen& c) {
  CLI::App& imports = add_command(app, c.run, "import", "Bring listings in from a CSV or JSON Lines file",
                                  [&c] { return run_import(c.flags, c.imports); });
  import_options& o = c.imports;
  add_settings(imports, c.flags, table_settings);
  imports.add_option("file", o.file, "The file; - is standard input")->required();
  imports.add_option("--format", o.format, "Of the file, where its name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  imports.add_option("--owner", o.owner, "Whose the listings are; an owner of imports unless given")->type_name("UUID");
  imports.add_option("--map", o.map, "FIELD=COLUMN, the column for a field; may be repeated")
      ->type_name("FIELD=COLUMN");
  imports.add_option("--set", o.set, "FIELD=VALUE for rows where the file has none; may be repeated")
      ->type_name("FIELD=VALUE");
  imports.add_option("--title", o.title, "For rows without one: '{bedrooms} bed {propertyType|home} in {city}'")
      ->type_name("TEMPLATE");
  imports.add_option("--key", o.key, "Column that names the house, so that a changed file updates it")
      ->type_name("COLUMN");
  imports.add_option("--order", o.order, "Date column that tells which row of a key is later; found by its name")
      ->type_name("COLUMN");
  imports.add_option("--source", o.source, "Name of where keys and lines are from; the file's name unless given")
      ->type_name("NAME");
  imports.add_option("--rejected", o.rejected, "Where rows that break a rule go; FILE.rejected.csv unless given")
      ->type_name("FILE");
  imports.add_flag("--restore", o.restore, "The file is from spaces export: keep ids, owners, versions and times");
  imports.add_flag("--dry-run", o.dry_run, "Read and check everything, write nothing");
  add_json(imports, o.json);
  for (const char* other : {"--map", "--set", "--title", "--key", "--order", "--source", "--owner"})
    imports.get_option("--restore")->excludes(imports.get_option(other));
  imports.footer(
      "Columns are found by our names, those of the RESO Data Dictionary and short forms (beds, sqft, zip, ...).\n"
      "The same file again updates its listings, by --key or by the file's name and line; what a row does not give\n"
      "stays. With --key a row that is older, by its date, changes nothing.\n"
      "Exit status: 0 when every row is in, 3 when some were rejected, 130 after Ctrl-C.");
}

void add_export_and_demo(CLI::App& app, chosen& c) {
  CLI::App& exports = add_command(app, c.run, "export", "Write listings to a CSV or JSON Lines file",
                                  [&c] { return run_export(c.flags, c.exports); });
  add_settings(exports, c.flags, table_settings);
  exports.add_option("file", c.exports.file, "The file; - is standard output")->capture_default_str();
  exports.add_option("--format", c.exports.format, "Of the file, where its name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  exports.add_option("--owner", c.exports.owner, "Only this owner's")->type_name("UUID");
  exports.add_option("--status", c.exports.status, "Only of this status")
      ->check(CLI::IsMember({"active", "pending", "sold", "draft", "withdrawn"}));
  add_json(exports, c.exports.json);
  exports.footer("spaces import FILE --restore brings it back: ids, owners, versions and times too.");

  CLI::App& demo = add_command(app, c.run, "demo", "Fill the store with demonstration listings",
                               [&c] { return run_demo(c.flags, c.demo); });
  add_settings(demo, c.flags, table_settings);
  demo.add_option("--count", c.demo.count, "How many")->check(CLI::Range(1, 1'000'000'000))->capture_default_str();
  demo.add_option("--seed", c.demo.seed, "The same seed, count and --until give the same listings")
      ->capture_default_str();
  demo.add_option("--until", c.demo.until,
                  "They are from the year before it [a time; 2026-01-01T00:00:00.000Z unless given]")
      ->type_name("TIME");
  demo.add_flag("--add", c.demo.add, "Also where the store holds listings already");
  demo.add_flag("--if-empty", c.demo.if_empty, "Where the store holds listings already, do nothing and succeed");
  add_json(demo, c.demo.json);
}

void add_keys(CLI::App& app, chosen& c) {
  CLI::App& keys =
      *app.add_subcommand("keys", "Keep the keys that sign access tokens: RSA keys in files of one folder");
  keys.require_subcommand(1);
  keys.footer(
      "A server that runs takes a key that came or went within seconds. JWT_SECRET_KEY, where set, signs alone.");
  CLI::App& generate = add_command(keys, c.run, "generate", "Make a key, which signs from now on, or later",
                                   [&c] { return run_keys_generate(c.flags, c.keys); });
  generate.add_option("--delay-hours", c.keys.delay_hours, "Sign so much later; until then verifiers learn of it")
      ->check(CLI::Range(0, 24 * 30))
      ->capture_default_str();
  add_json(generate, c.keys.json);
  CLI::App& list = add_command(keys, c.run, "list", "Show the keys, the latest first",
                               [&c] { return run_keys_list(c.flags, c.keys); });
  add_json(list, c.keys.json);
  CLI::App& retire = add_command(keys, c.run, "retire", "Remove a key: what it signed is refused from then on",
                                 [&c] { return run_keys_retire(c.flags, c.keys); });
  retire.add_option("kid", c.keys.kid, "Its name")->required();
  for (CLI::App* each : {&generate, &list, &retire}) add_settings(*each, c.flags, {"SPACES_DATA", "SPACES_JWT_KEYS"});
}

void add_mail(CLI::App& app, chosen& c) {
  CLI::App& mail = add_command(app, c.run, "mail", "Send an e-mail that says that e-mails arrive, to try the settings",
                               [&c] { return run_mail(c.flags, c.mail); });
  add_settings(mail, c.flags,
               {"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE", "SPACES_PUBLIC_URL", "SPACES_MAIL", "SPACES_MAIL_FROM",
                "SPACES_SMTP_URL", "SPACES_SMTP_CA", "SPACES_SMTP_USER"});
  mail.add_option("to", c.mail.to, "Whom to: an e-mail address")->required();
  mail.add_flag("--as-job", c.mail.as_job,
                "Leave it to the server that runs on this store, as e-mails of requests are");
}

}  // namespace

CLI::App& add_command(CLI::App& to, chosen_run& chosen, const char* name, const char* doc, chosen_run run) {
  CLI::App* command = to.add_subcommand(name, doc);
  command->final_callback([&chosen, run = std::move(run)] { chosen = run; });
  return *command;
}

void add_settings(CLI::App& command, setting_flags& flags, std::initializer_list<std::string_view> wanted) {
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

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "One JSON object on standard output, for scripts");
}

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
  add_import(app, c);
  add_export_and_demo(app, c);
  add_cloud_commands(app, c.flags, c.run);
  add_keys(app, c);
  add_mail(app, c);
  add_reports(app, c.flags, c.run);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp& call) {
    return app.exit(call);
  } catch (const CLI::CallForAllHelp& call) {
    return app.exit(call);
  } catch (const CLI::CallForVersion& call) {
    return app.exit(call);
  } catch (const CLI::ParseError& wrong) {
    return fail(fmt::format("{}; spaces --help shows what there is.", wrong.what()), exit_status::wrong_usage);
  }
  return c.run ? c.run() : exit_status::wrong_usage;
}

}  // namespace spaces::app
