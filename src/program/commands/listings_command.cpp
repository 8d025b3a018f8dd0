#include "app/open_table.hpp"
#include "marketplace/properties/emails.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"
#include "platform/table/store_meta.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace spaces::app {

namespace {

using properties::property;

struct list_options {
  std::string owner;
  std::string status;
  std::size_t count = 100;
  bool json = false;
};

struct act_options {
  std::string id;
  std::string reason;
};

struct listing_store {
  opened_table store;
  std::unique_ptr<properties::properties> listings;
};

result<listing_store> open_listings(const configuration& settings, const clock& clock) {
  auto store = open_table(settings, table_use::changing, clock);
  if (!store) return store.error();
  auto secret = table::store_meta::read_secret(*store->table);
  if (!secret) return secret.error();
  listing_store made{*std::move(store), nullptr};
  properties::properties_options options;
  options.when_decided = &properties::enqueue_decision_email;
  made.listings = std::make_unique<properties::properties>(*made.store.table, clock, *secret, std::move(options));
  return made;
}

std::string to_json(const property& listing) {
  std::string out = "{\"id\":\"" + spaces::to_text(listing.id) + "\",\"title\":";
  record::append_json_string(out, listing.title);
  out += ",\"owner\":\"" + spaces::to_text(listing.user_id) + "\",\"status\":\"";
  out += record::to_name(listing.status);
  out += "\",\"updatedAt\":\"" + spaces::to_text(listing.updated_at) + "\",\"takedownReason\":";
  if (listing.takedown_reason)
    record::append_json_string(out, *listing.takedown_reason);
  else
    out += "null";
  return out += '}';
}

int list(const configuration& settings, const list_options& options) {
  properties::operator_query which;
  which.limit = options.count;
  if (!options.status.empty()) which.status = record::from_name<properties::property_status>(options.status);
  if (!options.owner.empty()) {
    const auto owner = read_uuid("--owner", options.owner);
    if (!owner) return fail(owner.error(), exit_status::wrong_usage);
    which.owner = *owner;
  }
  const system_clock clock;
  const auto opened = open_listings(settings, clock);
  if (!opened) return fail(opened.error());
  std::string rows;
  const auto visited = opened->listings->visit_for_operator(which, [&](const property& each) {
    if (options.json)
      rows += (rows.empty() ? "" : ",") + to_json(each);
    else
      fmt::print("{}  {}  {}  by {}  {}\n", spaces::to_text(each.id), record::to_name(each.status), each.title,
                 spaces::to_text(each.user_id), each.takedown_reason.value_or(""));
    return true;
  });
  if (!visited) return fail(visited.error());
  if (options.json) fmt::print("{{\"listings\":[{}]}}\n", rows);
  return exit_status::success;
}

/// What is done to which listing, for the reason that its owner is told.
using act_work = result<void> (*)(properties::properties& listings, const uuid& id,
                                  const properties::operator_decision& what, instant deadline);

/// Finds the listing and does it, with the audit's entry in the same transaction.
int act_on(const configuration& settings, const act_options& options, operator_action& action,
           std::string_view done_words, act_work work) {
  if (const auto good = audit::validate_reason(options.reason); !good)
    return fail("--reason " + good.error().problems.front().detail, exit_status::wrong_usage);
  const auto id = read_uuid("The listing", options.id);
  if (!id) return fail(id.error(), exit_status::wrong_usage);
  const system_clock clock;
  const auto opened = open_listings(settings, clock);
  if (!opened) return fail(opened.error());
  const audit::entry entry = action.begin_audited(spaces::to_text(*id), options.reason, clock.now());
  const auto done =
      work(*opened->listings, *id, {options.reason, {audit::put_entry(entry)}}, clock.now() + operating_time_max);
  return finish(done, fmt::format("{} {}", done_words, spaces::to_text(*id)));
}

int take_down(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Took down",
                [](properties::properties& listings, const uuid& id, const properties::operator_decision& what,
                   instant deadline) { return listings.take_down(id, what, deadline); });
}

int restore(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Restored",
                [](properties::properties& listings, const uuid& id, const properties::operator_decision& what,
                   instant deadline) { return listings.restore(id, what, deadline); });
}

void add_act(command_group& to, const char* name, const char* doc,
             int (*work)(const configuration&, const act_options&, operator_action&)) {
  auto [words, options] = to.add_acting(name, doc, {table_settings}, work);
  words.add_option("id", options.id, "The listing's")->required()->type_name("UUID");
  words.add_option("--reason", options.reason, "Why: the owner is told, and the audit keeps it")->required();
}

}  // namespace

void add_listings(command_group& to) {
  command_group listings = to.add_group("listings", "Listings: find them, take them down and restore them");
  auto [listing, shown] = listings.add_showing(
      "list", "Show somebody's listings, or those of a status, the newest first", {table_settings}, list);
  listing.add_option("--owner", shown.owner, "Whose")->type_name("UUID");
  listing.add_option("--status", shown.status, "Of this status; taken-down unless --owner is given")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(properties::property_status_names),
                                                     std::end(properties::property_status_names))));
  listing.add_option("--count", shown.count, "Listings at most")->check(CLI::PositiveNumber)->capture_default_str();
  add_json(listing, shown.json);
  add_act(listings, "take-down", "Take a listing out of public view", take_down);
  add_act(listings, "restore", "Give a listing the status that it had", restore);
}

}  // namespace spaces::app
