#include "marketplace/inquiries/unsubscribing.hpp"

#include "marketplace/inquiries/emails.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"

namespace spaces::inquiries {

namespace {

using http::request_context;
using namespace record;

/// A token has 44 characters; more is not one.
constexpr std::size_t token_max = 100;

struct link_query {
  std::string token;
  static record::field_span fields();
};

constexpr field link_fields[] = {
    of<&link_query::token>("token", on_create,
                           {.length_min = 1,
                            .length_max = token_max,
                            .required = true,
                            .opaque = true,
                            .doc = "Of the e-mail's List-Unsubscribe"}),
};

field_span link_query::fields() { return link_fields; }

/// A page for people; the strict policy of all answers allows no style, and none is needed.
struct small_page {
  std::string_view body;

  http::response render(const request_context&) const {
    http::response made;
    made.set("Content-Type", "text/html; charset=utf-8");
    made.set("Cache-Control", "no-store");
    made.body =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Lifestyle "
        "Spaces</title></head>\n<body>";
    made.body += body;
    made.body += "</body></html>\n";
    return made;
  }
  static void describe(http::operation_doc& doc) {
    doc.answers.push_back({200, "A page that says so", {}, false, {}, "text/html"});
    doc.problems.push_back(404);
  }
};

result<small_page> confirm(unsubscribing& room, const request_context&, const http::query<link_query>& link) {
  if (const auto known = room.known(link.value.token); !known) return known.error();
  return small_page{
      "<p>No more e-mails of this kind?</p>\n"
      "<form method=\"post\"><button name=\"List-Unsubscribe\" value=\"One-Click\">No more of them</button></form>\n"};
}

result<small_page> unsubscribe(unsubscribing& room, const request_context& context,
                               const http::query<link_query>& link) {
  if (const auto ended = room.end(link.value.token, context.incoming.deadline); !ended) return ended.error();
  return small_page{"<p>You will get no more e-mails of this kind. Your profile turns them on again.</p>\n"};
}

}  // namespace

result<void> unsubscribing::known(std::string_view token) const {
  if (!read_unsubscribe_token(store_secret_, token)) return not_found("subscription");
  return {};
}

result<void> unsubscribing::end(std::string_view token, instant deadline) {
  const auto what = read_unsubscribe_token(store_secret_, token);
  if (!what) return not_found("subscription");
  return people_.turn_off(what->person, what->kind, deadline);
}

std::vector<http::route> routes(unsubscribing& room) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  return {
      ep<&confirm>(room, method::get, unsubscribe_path, work::reads_one, audience::anonymous, kept_by::nobody,
                   {"confirmUnsubscribing", "Inquiries", "Confirm before ending e-mails", "The link of an e-mail."}),
      ep<&unsubscribe>(room, method::post, unsubscribe_path, work::writes, audience::anonymous, kept_by::nobody,
                       {"unsubscribe", "Inquiries", "End e-mails of one kind",
                        "One click, without a login (RFC 8058); the profile turns them on again."}),
  };
}

}  // namespace spaces::inquiries
