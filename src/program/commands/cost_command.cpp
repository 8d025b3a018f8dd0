#include "marketplace/cost/month.hpp"
#include "platform/base/text.hpp"
#include "program/commands/cloud_commands.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"

#include <fmt/core.h>

#include <charconv>

namespace spaces::app {

namespace {

result<std::vector<cost::mix_wish>> read_mix(const std::vector<std::string>& given) {
  std::vector<cost::mix_wish> wishes;
  for (const std::string& text : given) {
    const std::size_t at = text.find('=');
    cost::mix_wish wish{text.substr(0, at), 0};
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = at == std::string::npos
                                        ? std::from_chars_result{nullptr, std::errc::invalid_argument}
                                        : std::from_chars(text.data() + at + 1, end, wish.percent);
    if (failure != std::errc() || stopped != end || !(wish.percent >= 0 && wish.percent <= 100))
      return malformed(fmt::format("--mix is '{}', which is not NAME=PERCENT.", text));
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

}  // namespace

int run_cost(const cost_options& options) {
  if (options.prices) {
    fmt::print("{}", cost::prices_text());
    return exit_status::success;
  }
  cost::assumptions given = options.given;
  given.arm64 = options.architecture == "arm64";
  given.recovery = !options.no_recovery;
  given.free_tiers = !options.no_free_tiers;
  const auto wishes = read_mix(options.mix);
  if (!wishes) return fail(wishes.error().public_text, exit_status::wrong_usage);
  auto percents = cost::mix_of(*wishes);
  if (!percents) return fail(percents.error().public_text, exit_status::wrong_usage);
  given.percents = *std::move(percents);
  const cost::month month = cost::month_of(given);
  fmt::print("{}", options.json ? to_json(given, month) : to_text(given, month));
  return exit_status::success;
}

}  // namespace spaces::app
