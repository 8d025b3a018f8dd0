#include "app/cloud_commands.hpp"
#include "app/command_words.hpp"

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
  command.add_option("--name", options->table, "The table [DYNAMODB_TABLE unless given]")->type_name("TABLE");
  command.add_option("--region", options->region, "Where it is [AWS_REGION unless given; or the word REGION]");
  command.add_option("--account", options->account, "Whose it is, twelve digits [the word ACCOUNT unless given]");
  command.add_option("--kms-key", options->kms_key, "ARN of the table's own key, if it has one")->type_name("ARN");
  command.add_option("--function", options->function, "Lambda function, whose log is written [none unless given]");
  command.add_flag("--operator", options->operators, "For spaces table create, describe, verify and copy instead");
}

}  // namespace

void add_cloud_commands(CLI::App& app, setting_flags& flags, chosen_run& chosen) {
  static_cast<void>(flags);
  add_cost(app, chosen);
  add_iam(app, chosen);
}

}  // namespace spaces::app
