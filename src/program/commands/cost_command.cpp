#include "marketplace/cost/month.hpp"
#include "platform/base/text.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <charconv>

namespace spaces::app {

namespace {

struct cost_options {
  cost::assumptions given;
  std::vector<std::string> mix;  ///< NAME=PERCENT
  std::string architecture = "arm64";
  std::string capacity = "cheaper";
  bool no_recovery = false;
  bool no_free_tiers = false;
  bool prices = false;  ///< the table of prices instead
  bool json = false;
};

result<std::vector<cost::mix_share>> read_mix(const std::vector<std::string>& given) {
  std::vector<cost::mix_share> shares;
  for (const std::string& text : given) {
    const std::size_t at = text.find('=');
    cost::mix_share share{text.substr(0, at), 0};
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = at == std::string::npos
                                        ? std::from_chars_result{nullptr, std::errc::invalid_argument}
                                        : std::from_chars(text.data() + at + 1, end, share.percent);
    if (failure != std::errc() || stopped != end || !(share.percent >= 0 && share.percent <= 100))
      return malformed(fmt::format("--mix is '{}', which is not NAME=PERCENT.", text));
    shares.push_back(std::move(share));
  }
  return shares;
}

int run_cost(const cost_options& options) {
  if (options.prices) {
    fmt::print("{}", cost::prices_text());
    return exit_status::success;
  }
  cost::assumptions given = options.given;
  given.arm64 = options.architecture == "arm64";
  given.recovery = !options.no_recovery;
  if (options.capacity == "on-demand") given.capacity = cost::table_capacity::on_demand;
  if (options.capacity == "provisioned") given.capacity = cost::table_capacity::provisioned;
  given.free_tiers = !options.no_free_tiers;
  const auto shares = read_mix(options.mix);
  if (!shares) return fail(shares.error().public_text, exit_status::wrong_usage);
  auto percents = cost::mix_of(*shares);
  if (!percents) return fail(percents.error().public_text, exit_status::wrong_usage);
  given.percents = *std::move(percents);
  const cost::month month = cost::month_of(given);
  fmt::print("{}", options.json ? to_json(given, month) : to_text(given, month));
  return exit_status::success;
}

}  // namespace

void add_cost(command_group& to) {
  auto [words, options] = to.add_showing("cost", "Say what a month on Lambda and DynamoDB costs", run_cost);
  cost::assumptions& a = options.given;
  const auto number = [&command = words](const char* flag, double& into, double min, double max, const char* doc) {
    command.add_option(flag, into, doc)->check(CLI::Range(min, max))->capture_default_str();
  };
  number("--users", a.users, 0, 1e9, "Who have an account");
  number("--requests-per-day", a.requests_per_day, 1, 1e10, "Of all kinds, logins among them");
  number("--logins", a.logins_per_user, 0, 1000, "Of each user in a month");
  words.add_option("--mix", options.mix, "A kind's percent of all requests but logins; may be repeated")
      ->type_name("NAME=PERCENT");
  number("--memory", a.memory_megabytes, 128, 10'240, "MB of the function; below 1769 it has a part of a processor");
  words.add_option("--architecture", options.architecture, "Of the function")
      ->check(CLI::IsMember({"arm64", "x86_64"}))
      ->capture_default_str();
  words.add_option("--capacity", options.capacity, "How the table is paid for")
      ->check(CLI::IsMember({"cheaper", "on-demand", "provisioned"}))
      ->capture_default_str();
  number("--table-ms", a.table_call_ms, 0, 1000, "Milliseconds of one call to DynamoDB");
  number("--runtime-ms", a.runtime_ms, 0, 1000, "Milliseconds of Lambda's own that each request is billed");
  number("--cold-starts", a.cold_start_percent, 0, 100, "Percent of requests that start the function");
  number("--cold-ms", a.cold_start_ms, 0, 60'000, "Milliseconds that such a start is billed");
  number("--log-bytes", a.log_bytes, 0, 1e6, "Of a request");
  number("--listings", a.listings, 0, 1e9, "That are kept");
  number("--secrets", a.secrets, 0, 1000, "Kept in Secrets Manager");
  number("--keys", a.keys, 0, 1000, "Customer managed keys in KMS");
  words.add_flag("--no-recovery", options.no_recovery, "Without point-in-time recovery");
  words.add_flag("--no-free-tiers", options.no_free_tiers, "As if nothing were free");
  words.add_flag("--prices", options.prices, "The prices that this is made of, with their sources");
  add_json(words, options.json);
  words.footer(
      "Prices are those of us-east-1. Requests are of the kinds that the table names; docs/COST.md explains them\n"
      "and what is not in it.");
}

}  // namespace spaces::app
