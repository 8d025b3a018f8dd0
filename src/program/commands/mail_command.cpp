#include "app/open_mailer.hpp"
#include "app/open_table.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <unistd.h>

namespace spaces::app {

namespace {

struct mail_options {
  std::string to;
  bool as_job = false;
};

/// As a request would: a server that runs on the store sends it.
result<void> enqueue(const configuration& settings, const clock& clock, const uuid& id, const record::item& details) {
  const auto opened = open_table(settings, table_use::changing, clock);
  if (!opened) return opened.error();
  const auto written = opened->table->write({jobs::enqueue({test_email_kind, details}, id, clock.now())});
  if (!written) return written.error();
  return {};
}

int run_mail(const configuration& settings, const mail_options& options, operator_action& action) {
  if (const auto valid = validate_mail(settings); !valid) return fail(valid.error(), exit_status::wrong_usage);
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  const uuid id = make_uuid_v7(clock.now());
  record::item details;
  details.append("to", record::value::of(std::string_view(options.to)));
  action.begin(spaces::to_text(id));
  result<void> outcome;
  if (options.as_job) {
    outcome = enqueue(settings, clock, id, details);
  } else {
    const auto mailer = make_mailer(settings, clock, log);
    outcome = test_email_handler(settings, *mailer)(id, details.view());
  }
  if (!outcome) {
    const bool no_address = !outcome.error().problems.empty();
    return fail(no_address ? outcome.error().problems.front().detail : sentence_of(outcome.error()));
  }
  fmt::print("{} <{}>\n", options.as_job ? "Enqueued" : "Sent", site_of(settings).message_id_of(id));
  return exit_status::success;
}

}  // namespace

void add_mail(command_group& to) {
  auto [words, options] = to.add_acting("mail", "Send an e-mail that says that e-mails arrive, to try the settings",
                                        {table_settings, mail_settings}, run_mail);
  words.add_option("to", options.to, "Whom to: an e-mail address")->required();
  words.add_flag("--as-job", options.as_job,
                 "Leave it to the server that runs on this store, as e-mails of requests are");
}

}  // namespace spaces::app
