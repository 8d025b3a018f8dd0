#include "app/open_identity.hpp"
#include "app/open_table.hpp"
#include "marketplace/accounts/administration.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace spaces::app {

namespace {

struct list_options {
  accounts::user_filter which;
  std::size_t count = 100;
  bool json = false;
};

struct show_options {
  std::string who;
  bool json = false;
};

struct act_options {
  std::string who;
  std::string reason;
};

/// The store, with what ends sessions in it.
struct people_store {
  std::unique_ptr<command_log> log;
  opened_table store;
  std::unique_ptr<identity::local_identity> identity;
  std::unique_ptr<identity::local_sessions> sessions;
  std::unique_ptr<accounts::administration> people;
};

result<people_store> open_people(const configuration& settings, const clock& clock) {
  auto store = open_table(settings, table_use::changing, clock);
  if (!store) return store.error();
  people_store made{std::make_unique<command_log>(), *std::move(store), {}, {}, {}};
  // No token is made or read here: who may write to the store needs no key of the deployment.
  made.identity = std::make_unique<identity::local_identity>(
      identity::signing_keys(
          identity::signing_key::from_text(identity::generate_key_text(), identity::key_origin::generated).value()),
      scope_of(settings));
  made.sessions = std::make_unique<identity::local_sessions>(*made.store.table, clock, *made.identity,
                                                             log_session_ends(made.log->events()));
  made.people = std::make_unique<accounts::administration>(*made.store.table, clock, *made.sessions);
  return made;
}

std::string to_json(const accounts::user& who) {
  std::string out;
  record::append_object(out, accounts::user::fields(), &who, record::on_show);
  out.back() = ',';
  out += "\"suspended\":";
  out += who.suspended_because ? "true,\"suspendedBecause\":" : "false";
  if (who.suspended_because) record::append_json_string(out, *who.suspended_because);
  return out += '}';
}

void print(const accounts::user& who) {
  fmt::print("{}  {}  {}  {}{}{}\n", spaces::to_text(who.id), who.email, who.name, record::to_name(who.user_type),
             who.verified ? "" : "  unconfirmed",
             who.suspended_because ? "  suspended: " + *who.suspended_because : "");
}

int list(const configuration& settings, const list_options& options) {
  const system_clock clock;
  const auto opened = open_people(settings, clock);
  if (!opened) return fail(opened.error());
  std::size_t shown = 0;
  std::string rows;
  const auto walked = opened->people->list(options.which, [&](const accounts::user& each) {
    if (options.json)
      rows += (rows.empty() ? "" : ",") + to_json(each);
    else
      print(each);
    return ++shown < options.count;
  });
  if (!walked) return fail(walked.error());
  if (options.json) fmt::print("{{\"users\":[{}]}}\n", rows);
  return exit_status::success;
}

int show(const configuration& settings, const show_options& options) {
  const system_clock clock;
  const auto opened = open_people(settings, clock);
  if (!opened) return fail(opened.error());
  const auto who = opened->people->find(options.who);
  if (!who) return fail(who.error());
  const auto sessions = opened->sessions->list(who->id);
  if (!sessions) return fail(sessions.error());
  if (options.json) {
    std::string out = to_json(*who);
    out.back() = ',';
    fmt::print("{}\"sessions\":{}}}\n", out, sessions->size());
    return exit_status::success;
  }
  print(*who);
  fmt::print("  registered {}, changed {}, sessions {}\n", spaces::to_text(who->created_at),
             spaces::to_text(who->updated_at), sessions->size());
  return exit_status::success;
}

/// What is done to whom: why, what is written with it, and until when it is tried.
struct decision {
  uuid id;
  std::string reason;
  std::vector<table::operation> also;
  instant deadline;
};
using act_work = result<void> (*)(accounts::administration& people, decision what);

/// Finds the person and does it, with the audit's entry in the same transaction.
int act_on(const configuration& settings, const act_options& options, operator_action& action,
           std::string_view done_words, act_work work) {
  if (const auto good = audit::validate_reason(options.reason); !good)
    return fail("--reason " + good.error().problems.front().detail, exit_status::wrong_usage);
  const system_clock clock;
  const auto opened = open_people(settings, clock);
  if (!opened) return fail(opened.error());
  const auto who = opened->people->find(options.who);
  if (!who) return fail(who.error());
  const std::string id = spaces::to_text(who->id);
  const audit::entry entry = action.begin_audited(id, options.reason, clock.now());
  const auto done =
      work(*opened->people, {who->id, options.reason, {audit::put_entry(entry)}, clock.now() + operating_time_max});
  return finish(done, fmt::format("{} {}", done_words, id));
}

int suspend(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Suspended", [](accounts::administration& people, decision what) {
    return people.suspend(what.id, what.reason, std::move(what.also), what.deadline);
  });
}

int restore(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Restored", [](accounts::administration& people, decision what) {
    return people.restore(what.id, what.reason, std::move(what.also), what.deadline);
  });
}

int end_sessions(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Ended every session of",
                [](accounts::administration& people, decision what) {
                  return people.end_sessions(what.id, std::move(what.also), what.deadline);
                });
}

int confirm_email(const configuration& settings, const act_options& options, operator_action& action) {
  return act_on(settings, options, action, "Confirmed the e-mail address of",
                [](accounts::administration& people, decision what) {
                  return people.confirm_email(what.id, std::move(what.also), what.deadline);
                });
}

void add_act(command_group& to, const char* name, const char* doc, const char* reason_doc,
             int (*work)(const configuration&, const act_options&, operator_action&)) {
  auto [words, options] = to.add_acting(name, doc, {table_settings}, work);
  words.add_option("who", options.who, "The person's id or e-mail address")->required();
  words.add_option("--reason", options.reason, reason_doc)->required();
}

}  // namespace

void add_users(command_group& to) {
  command_group users = to.add_group("users", "People with accounts: find, suspend and restore them");
  auto [listing, shown] = users.add_showing("list", "Show people, in the table's order", {table_settings}, list);
  listing.add_flag("--suspended", shown.which.suspended, "Those that are suspended");
  listing.add_flag("--unconfirmed", shown.which.unconfirmed, "Those whose e-mail address is not confirmed");
  listing.add_option("--text", shown.which.text, "In the e-mail address or the name, in any case");
  listing.add_option("--count", shown.count, "People at most")->check(CLI::PositiveNumber)->capture_default_str();
  add_json(listing, shown.json);
  auto [showing, one] = users.add_showing("show", "Show one person", {table_settings}, show);
  showing.add_option("who", one.who, "The person's id or e-mail address")->required();
  add_json(showing, one.json);
  add_act(users, "suspend", "Keep somebody out, and what they published from public view",
          "Why: the person is told, and the audit keeps it", suspend);
  add_act(users, "restore", "End a suspension", "Why: the person is told, and the audit keeps it", restore);
  add_act(users, "end-sessions", "End every session: tokens are refused within 5 seconds", "Why: the audit keeps it",
          end_sessions);
  add_act(users, "confirm-email", "Take the e-mail address as confirmed", "Why: the audit keeps it", confirm_email);
}

}  // namespace spaces::app
