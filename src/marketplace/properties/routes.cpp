#include "marketplace/properties/routes.hpp"

#include "platform/http/answers.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"
#include "platform/record/object_shape.hpp"

#include <algorithm>
#include <utility>

namespace spaces::properties {

namespace {

using http::request_context;
using record::on_create;
using record::on_update;

/// Room made in advance, so that a typical answer is not moved while it grows: a card as JSON with its cover, what
/// stands around a page, and the members' names of a listing. A picture's files are addresses in JSON and numbers in
/// the item: so many times as long.
constexpr std::size_t card_json_bytes = 1000, page_bytes = 512, names_bytes = 512, picture_growth = 14;

std::string path_of(const uuid& id) { return "/api/v1/properties/" + to_text(id); }

std::string shown_to_owner(const listing_views& views, const property& listing) {
  std::string out;
  record::append_object(out, property::fields(), &listing, record::on_show, {views.base, true});
  return out;
}

result<http::created_json<property>> create_property(listing_views& views, const request_context& context,
                                                     const http::body<property, on_create>& body,
                                                     const http::idempotency_of<property>& idempotency) {
  const result<property> made = views.service.create(
      context.who, body.value, table::keyed_request(context.who.id, idempotency.key, idempotency.fingerprint));
  if (!made) return made.error();
  return http::created_json<property>{shown_to_owner(views, *made), made->version, path_of(made->id)};
}

/// What its owner is shown more than others: another view, and with another inquiry another answer of the same
/// version, so the entity tag has the counts.
http::shown_item<property> to_owner(const listing_views& views, http::shown_item<property> shown, record::item stored,
                                    const inquiry_counts& counts) {
  stored.append("inquiryCount", record::value::of(make_decimal(counts.all, 0)));
  stored.append("openInquiryCount", record::value::of(make_decimal(counts.open, 0)));
  record::text_buffer text(shown.json);
  views.owners.put(text, stored.view());
  text.flush();
  shown.view = "i" + std::to_string(counts.all) + '.' + std::to_string(counts.open);
  return shown;
}

/// How long a listing's JSON is, nearly.
std::size_t json_bytes_of(record::item_view stored) {
  return stored.bytes().size() + names_bytes + picture_growth * stored.find("images").text.size();
}

result<http::shown_item<property>> read_property(listing_views& views, const request_context& context,
                                                 const http::path_id& id) {
  properties& service = views.service;
  http::shown_item<property> shown;
  std::optional<record::item> owned;
  const auto seen = service.view(context.who, id.value, [&](record::item_view stored, const ownership& own) {
    shown.version = own.version;
    if (context.who.known() && own.owner == context.who.id) {
      owned.emplace(stored);
      return;
    }
    shown.json.reserve(json_bytes_of(stored));
    record::text_buffer text(shown.json);
    views.whole.put(text, stored);
    shown.same_for_all = is_public(own.status);
    shown.but_for = own.owner;
  });
  if (!seen) return seen.error();
  if (!owned) return shown;
  const auto counts = service.inquiry_counts_of({id.value});
  if (!counts) return counts.error();
  return to_owner(views, std::move(shown), *std::move(owned), counts->front());
}

/// The caller's, with how many inquiries each has had.
result<http::page_of<property>> list_own(listing_views& views, const request_context& context,
                                         const listing_query& query) {
  properties& service = views.service;
  std::vector<std::string> cards;
  const auto next = service.list(context.who, query, [&](std::string_view card) { cards.emplace_back(card); });
  if (!next) return next.error();
  if (const auto counted = service.add_counts(cards); !counted) return counted.error();
  http::page_of<property> answer;
  answer.items = record::array_of(cards, views.owners_card);
  answer.next_cursor = next->value_or("");
  answer.personal = true;
  return answer;
}

result<http::page_of<property>> list_properties(listing_views& views, const request_context& context,
                                                const http::query<listing_query>& query) {
  if (query.value.mine()) return list_own(views, context, query.value);
  http::page_of<property> answer;
  answer.items.reserve(static_cast<std::size_t>(query.value.limit) * card_json_bytes + page_bytes);
  record::text_buffer text(answer.items);
  text.put('[');
  bool first = true;
  const auto next = views.service.list(context.who, query.value, [&](std::string_view card) {
    if (!std::exchange(first, false)) text.put(',');
    views.cards.put(text, card);
  });
  if (!next) return next.error();
  text.put(']');
  text.flush();
  answer.next_cursor = next->value_or("");
  answer.same_for_all = true;
  return answer;
}

result<http::shown_json<property>> change_property(listing_views& views, const request_context& context,
                                                   const http::path_id& id, const http::body<property, on_update>& body,
                                                   const http::if_match& expected) {
  const result<property> changed =
      views.service.change(context.who, id.value, body.value, expected.value, context.incoming.deadline);
  if (!changed) return changed.error();
  return http::shown_json<property>{shown_to_owner(views, *changed), changed->version};
}

result<http::done> delete_property(properties& service, const request_context& context, const http::path_id& id,
                                   const http::if_match& expected) {
  if (const auto gone = service.remove(context.who, id.value, expected.value, context.incoming.deadline); !gone)
    return gone.error();
  return http::done{};
}

}  // namespace

bool key_answers(const http::request& request) {
  static constexpr std::string_view cheap[] = {"limit", "cursor", "sort", "city", "status", "minPrice", "maxPrice"};
  return request.asks_only(cheap);
}

std::vector<http::route> routes(properties& service, listing_views& views, http::audience readers) {
  using http::audience;
  using http::ep;
  using http::kept_by;
  using http::method;
  using http::work;
  constexpr std::string_view all = "/api/v1/properties";
  constexpr std::string_view one = "/api/v1/properties/{id}";
  constexpr std::string_view tag = "Properties";
  constexpr std::string_view merge =
      "Named fields change, the others stay, null clears an optional one. PUT and PATCH do the same. Owner only.";
  auto list =
      ep<&list_properties>(views, method::get, all, work::reads_many, readers, kept_by::each_view,
                           {"listProperties", tag, "Find listings",
                            "Active listings, newest first; filters combine. A page may be shorter than its limit and "
                            "still have a next one: follow `nextCursor` until it is null. Rows are cards; the "
                            "description is with the listing itself."});
  list.runs_inline = &key_answers;
  auto create = ep<&create_property>(views, method::post, all, work::writes, audience::users, kept_by::each_view,
                                     {"createProperty",
                                      tag,
                                      "Publish a listing",
                                      "Sellers and agents only. So many in 24 hours, and so many in all, as the "
                                      "deployment allows; drafts count.",
                                      {403, 409, 429}});
  create.permits = [&service](const caller& who) { return service.may_publish(who); };
  auto put = ep<&change_property>(views, method::put, one, work::writes, audience::users, kept_by::each_view,
                                  {"replaceProperty", tag, "Change a listing", merge, {403, 409}});
  put.permits_one =
      http::by_path_id([&service](const caller& who, const uuid& id) { return service.may_change(who, id); });
  auto patch = ep<&change_property>(views, method::patch, one, work::writes, audience::users, kept_by::each_view,
                                    {"changeProperty", tag, "Change a listing", merge, {403, 409}});
  patch.permits_one = put.permits_one;
  return {
      std::move(list),
      std::move(create),
      ep<&read_property>(views, method::get, one, work::reads_one, readers, kept_by::each_view,
                         {"readProperty", tag, "Read a listing",
                          "Drafts and withdrawn listings are shown to their owner alone. Send the entity tag as "
                          "If-None-Match to learn cheaply whether it changed."}),
      std::move(put),
      std::move(patch),
      ep<&delete_property>(service, method::delete_, one, work::writes, audience::users, kept_by::each_view,
                           {"deleteProperty", tag, "Delete a listing", "Owner only.", {403}}),
  };
}

}  // namespace spaces::properties
