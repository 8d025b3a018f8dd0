#include "marketplace/inquiries/routes.hpp"

#include "platform/http/answers.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"

namespace spaces::inquiries {

namespace {

using http::request_context;
using record::on_card;
using record::on_create;
using record::on_own;
using record::on_show;
using record::on_update;

std::optional<table::idempotent_request> keyed(const request_context& context, const http::idempotency& idempotency) {
  return table::keyed_request(context.who.id, idempotency.key, idempotency.fingerprint);
}

result<http::created<inquiry>> create_inquiry(inquiries& room, const request_context& context,
                                              const http::body<inquiry, on_create>& body,
                                              const http::idempotency_of<inquiry>& idempotency) {
  result<inquiry> made = room.inquire(context.who, body.value, keyed(context, idempotency), context.incoming.deadline);
  if (!made) return made.error();
  std::string location = "/api/v1/inquiries/" + to_text(made->id);
  return http::created<inquiry>{*std::move(made), std::move(location)};
}

result<http::shown_json<inquiry>> read_inquiry(inquiries& room, const request_context& context,
                                               const http::path_id& id) {
  const result<inquiry> seen = room.see(context.who, id.value);
  if (!seen) return seen.error();
  http::shown_json<inquiry> shown;
  record::append_object(shown.json, inquiry::fields(), &*seen,
                        seen->received_by(context.who) ? on_show | on_own : on_show);
  shown.version = seen->version;
  return shown;
}

result<http::page_of<inquiry>> list_inquiries(inquiries& room, const request_context& context,
                                              const http::query<inquiry_query>& query) {
  const result<inquiry_page> page = room.list(context.who, query.value);
  if (!page) return page.error();
  static const record::card_shape sent(inquiry::fields());
  static const record::card_shape received(inquiry::fields(), on_card | on_own);
  return http::page_of<inquiry>{record::array_of(page->cards, query.value.received() ? received : sent),
                                page->next_cursor.value_or("")};
}

result<http::shown<inquiry>> change_inquiry(inquiries& room, const request_context& context, const http::path_id& id,
                                            const http::body<inquiry, on_update>& body,
                                            const http::if_match& expected) {
  result<inquiry> changed = room.change(context.who, id.value, body.value, expected.value, context.incoming.deadline);
  if (!changed) return changed.error();
  return http::shown<inquiry>{*std::move(changed)};
}

result<http::done> report_inquiry(reports& room, const request_context& context, const http::path_id& id,
                                  const http::body<report, on_create>& body) {
  if (const auto kept = room.keep(context.who, id.value, body.value); !kept) return kept.error();
  return http::done{};
}

result<http::created<block>> create_block(blocks& room, const request_context& context,
                                          const http::body<block, on_create>& body,
                                          const http::idempotency_of<block>& idempotency) {
  result<block> made = room.add(context.who, body.value, keyed(context, idempotency));
  if (!made) return made.error();
  std::string location = "/api/v1/users/me/blocks/" + to_text(made->user_id);
  return http::created<block>{*std::move(made), std::move(location)};
}

result<http::page_of<block>> list_blocks(blocks& room, const request_context& context,
                                         const http::query<block_query>& query) {
  const result<block_page> page = room.list(context.who, query.value);
  if (!page) return page.error();
  static const record::card_shape shape(block::fields());
  return http::page_of<block>{record::array_of(page->cards, shape), page->next_cursor.value_or("")};
}

result<http::done> delete_block(blocks& room, const request_context& context, const http::path_id& id) {
  if (const auto gone = room.remove(context.who, id.value); !gone) return gone.error();
  return http::done{};
}

constexpr std::string_view chapter = "Inquiries";

}  // namespace

bool key_answers(const http::request& request) {
  static constexpr std::string_view cheap[] = {"limit", "cursor", "sort", "box"};
  return request.asks_only(cheap);
}

std::vector<http::route> routes(inquiries& room) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  constexpr std::string_view all = "/api/v1/inquiries";
  constexpr std::string_view one = "/api/v1/inquiries/{id}";
  auto list =
      ep<&list_inquiries>(room, method::get, all, work::reads_many, audience::users, kept_by::nobody,
                          {"listInquiries", chapter, "List your inquiries",
                           "Those about your listings, with who inquired and how to reach them, or those you sent. "
                           "Rows are cards; message and response are with the inquiry itself."});
  list.runs_inline = &key_answers;
  auto create =
      ep<&create_inquiry>(room, method::post, all, work::writes, audience::users, kept_by::nobody,
                          {"createInquiry",
                           chapter,
                           "Inquire about a listing",
                           "About active and pending listings of others; one open inquiry for each person and listing, "
                           "5 an hour and 20 a day for each person, the same text about 5 listings a day.",
                           {403, 404, 409, 429}});
  create.permits = [&room](const caller& who) { return room.may_inquire(who); };
  auto change = ep<&change_inquiry>(
      room, method::put, one, work::writes, audience::users, kept_by::nobody,
      {"changeInquiry",
       chapter,
       "Answer, edit or close an inquiry",
       "The listing's owner gives a response, which makes it responded, and may edit it. Its sender "
       "edits the message while it is new. Either side closes it, which is final.",
       {403, 409}});
  change.permits_one =
      http::by_path_id([&room](const caller& who, const uuid& id) { return room.may_change(who, id); });
  return {
      std::move(list),
      std::move(create),
      ep<&read_inquiry>(room, method::get, one, work::reads_one, audience::users, kept_by::nobody,
                        {"readInquiry", chapter, "Read an inquiry",
                         "Both sides only. The listing's owner also sees the name, e-mail address and telephone of who "
                         "inquired, as they are now."}),
      std::move(change),
  };
}

std::vector<http::route> routes(reports& room) {
  auto report = http::ep<&report_inquiry>(room, http::method::post, "/api/v1/inquiries/{id}/report", http::work::writes,
                                          http::audience::users, http::kept_by::nobody,
                                          {"reportInquiry", chapter, "Report an inquiry to the operator",
                                           "Either side; it is kept as it is now. Once more changes nothing."});
  report.permits_one = http::by_path_id([&room](const caller& who, const uuid& id) { return room.may_keep(who, id); });
  return {std::move(report)};
}

std::vector<http::route> routes(blocks& room) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  constexpr std::string_view all = "/api/v1/users/me/blocks";
  return {
      ep<&list_blocks>(room, method::get, all, work::reads_many, audience::users, kept_by::nobody,
                       {"listBlocks", chapter, "List the people you block", "Newest first."}),
      ep<&create_block>(room, method::post, all, work::writes, audience::users, kept_by::nobody,
                        {"createBlock", chapter, "Block a person",
                         "Their inquiries about your listings are refused as if these were closed."}),
      ep<&delete_block>(room, method::delete_, "/api/v1/users/me/blocks/{id}", work::writes, audience::users,
                        kept_by::nobody, {"deleteBlock", chapter, "Unblock a person", "The id is the person's."}),
  };
}

}  // namespace spaces::inquiries
