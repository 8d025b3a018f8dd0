#include "program/commands/cloud_commands.hpp"
#include "program/commands/command_words.hpp"

#include <memory>

namespace spaces::app {

namespace {

void add_cost(CLI::App& app, chosen_run& chosen) {
  const auto options = std::make_shared<cost_options>();
  CLI::App& command = add_command(app, chosen, "cost", "Say what a month on Lambda and DynamoDB costs",
                                  [options] { return run_cost(*options); });
  cost::assumptions& a = options->given;
  const auto number = [&](const char* flag, double& into, double min, double max, const char* doc) {
    command.add_option(flag, into, doc)->check(CLI::Range(min, max))->capture_default_str();
  };
  number("--users", a.users, 0, 1e9, "Who have an account");
  number("--requests-per-day", a.requests_per_day, 1, 1e10, "Of all kinds, logins among them");
  number("--logins", a.logins_per_user, 0, 1000, "Of each user in a month");
  command.add_option("--mix", options->mix, "A kind's percent of all requests but logins; may be repeated")
      ->type_name("NAME=PERCENT");
  number("--memory", a.memory_megabytes, 128, 10'240, "MB of the function; below 1769 it has a part of a processor");
  command.add_option("--architecture", options->architecture, "Of the function")
      ->check(CLI::IsMember({"arm64", "x86_64"}))
      ->capture_default_str();
  number("--table-ms", a.table_call_ms, 0, 1000, "Milliseconds of one call to DynamoDB");
  number("--runtime-ms", a.runtime_ms, 0, 1000, "Milliseconds of Lambda's own that each request is billed");
  number("--cold-starts", a.cold_start_percent, 0, 100, "Percent of requests that start the function");
  number("--cold-ms", a.cold_start_ms, 0, 60'000, "Milliseconds that such a start is billed");
  number("--log-bytes", a.log_bytes, 0, 1e6, "Of a request");
  number("--listings", a.listings, 0, 1e9, "That are kept");
  number("--secrets", a.secrets, 0, 1000, "Kept in Secrets Manager");
  number("--keys", a.keys, 0, 1000, "Of one's own in KMS");
  command.add_flag("--no-recovery", options->no_recovery, "Without point-in-time recovery");
  command.add_flag("--no-free-tiers", options->no_free_tiers, "As if nothing were free");
  command.add_flag("--prices", options->prices, "The prices that this is made of, with their sources");
  add_json(command, options->json);
  command.footer(
      "Prices are those of us-east-1. Requests are of the kinds that the table names; docs/COST.md explains them\n"
      "and what is not in it.");
}

void add_iam(CLI::App& app, chosen_run& chosen) {
  const auto options = std::make_shared<iam_options>();
  CLI::App& command = add_command(app, chosen, "iam", "Print the least IAM policy that the process needs, as JSON",
                                  [options] { return run_iam(*options); });
  command.add_option("--name", options->table, "The table, by name or ARN [DYNAMODB_TABLE unless given]")
      ->type_name("TABLE");
  command.add_option("--region", options->region, "Where it is [the ARN's, AWS_REGION, or the word REGION]");
  command.add_option("--account", options->account, "Whose it is, twelve digits [the ARN's, or the word ACCOUNT]");
  command.add_option("--kms-key", options->kms_key, "ARN of the table's own key, if it has one")->type_name("ARN");
  command.add_option("--function", options->function, "Lambda function, by name or ARN, whose log is written [none]");
  command.add_flag("--operator", options->operators, "For spaces table create, describe, verify and copy instead");
}

constexpr const char* endpoint_footer =
    "The endpoint, the region and the credentials are found as AWS's tools find them: AWS_ENDPOINT_URL_DYNAMODB,\n"
    "AWS_REGION, AWS_PROFILE, ...";

void add_name(CLI::App& command, table_options& options) {
  command.add_option("--name", options.table, "The table [DYNAMODB_TABLE unless given]")->type_name("TABLE");
  add_json(command, options.json);
}

void add_wish(CLI::App& command, table_options& options) {
  constexpr std::uint64_t units_max = 1'000'000'000;
  command.add_option("--read-units", options.read_units, "A second, of the table and of each index [on demand]")
      ->check(CLI::Range(std::uint64_t{1}, units_max));
  command.add_option("--write-units", options.write_units, "The same of writes")
      ->check(CLI::Range(std::uint64_t{1}, units_max));
  command.add_option("--kms-key", options.kms_key, "Id, ARN or alias of the key to encrypt with [DynamoDB's own]")
      ->type_name("KEY");
  command.add_flag("--no-recovery", options.no_recovery, "Without point-in-time recovery");
  command.add_flag("--no-deletion-protection", options.no_deletion_protection, "The table may be deleted");
  command.add_flag("--no-stream", options.no_stream, "Without a stream of changes");
}

void add_copy(CLI::App& table, chosen_run& chosen) {
  const auto options = std::make_shared<copy_options>();
  CLI::App& copy = add_command(table, chosen, "copy", "Copy a marketplace from one table into another",
                               [options] { return run_table_copy(*options); });
  copy.add_option("--from", options->from, "What is copied")->type_name("lmdb:DIR|dynamodb:TABLE")->required();
  copy.add_option("--to", options->to, "Where to; a folder is made, a table must be there")
      ->type_name("lmdb:DIR|dynamodb:TABLE")
      ->required();
  copy.add_flag("--check-only", options->check_only, "Write nothing; hold the two against each other");
  add_json(copy, options->json);
  copy.footer(
      "Stop what writes to the source first. Safe to run again: what is the same is left alone, what differs is\n"
      "written, what the source has no more is removed. At the end both are counted and compared by a digest.\n"
      "Exit status: 0 when both hold the same, 4 when they differ, 130 after Ctrl-C.");
}

void add_table(CLI::App& app, chosen_run& chosen) {
  CLI::App& table = *app.add_subcommand("table", "Make, look at and fill a DynamoDB table");
  table.require_subcommand(1);
  const auto options = std::make_shared<table_options>();
  CLI::App& create = add_command(table, chosen, "create", "Make the table and wait until it is active",
                                 [options] { return run_table_create(*options); });
  add_name(create, *options);
  add_wish(create, *options);
  create.footer(std::string("Safe to run again: a table that is there keeps what it is, and only expiry and recovery\n"
                            "are turned on where they are off.\n") +
                endpoint_footer);
  CLI::App& describe = add_command(table, chosen, "describe", "Say what the table is",
                                   [options] { return run_table_describe(*options); });
  add_name(describe, *options);
  describe.footer(endpoint_footer);
  CLI::App& verify = add_command(table, chosen, "verify", "Hold the table to what it should be",
                                 [options] { return run_table_verify(*options); });
  add_name(verify, *options);
  add_wish(verify, *options);
  add_copy(table, chosen);
  verify.footer(std::string("Exit status: 0 when it is, 4 when something differs.\n") + endpoint_footer);
}

}  // namespace

void add_cloud_commands(CLI::App& app, setting_flags& flags, chosen_run& chosen) {
  static_cast<void>(flags);
  add_cost(app, chosen);
  add_iam(app, chosen);
  add_table(app, chosen);
}

}  // namespace spaces::app
