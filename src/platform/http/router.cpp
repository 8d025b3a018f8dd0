#include "platform/http/router.hpp"

#include "platform/base/deadline.hpp"
#include "platform/base/text.hpp"
#include "platform/http/compression.hpp"
#include "platform/http/pending.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/ranges.hpp"

#include <algorithm>
#include <exception>
#include <new>

namespace spaces::http {

void pending_delete::operator()(pending* p) const { delete p; }

namespace {

/// What PATCH takes: members that are named change (RFC 7396).
constexpr std::string_view patch_types = "application/merge-patch+json, application/json";

bool reads(method verb) { return verb == method::get || verb == method::head; }

lane lane_of(const route& row, const request& incoming, bool reads_inline) {
  if (row.does == work::hashes) return lane::cpu;
  const bool short_read =
      row.does == work::reads_one || (row.does == work::reads_many && row.runs_inline && row.runs_inline(incoming));
  return short_read && reads_inline ? lane::here : lane::io;
}

/// Told before the handler runs, so that nothing is written for an answer that cannot be sent.
bool sends_acceptable(const route& row, std::string_view accept) {
  const auto& answers = row.doc.answers;
  return answers.empty() || std::any_of(answers.begin(), answers.end(), [&](const answer_doc& answer) {
           // Of "image/*" nobody knows which before it is looked up.
           return answer.status == 204 || answer.media_type.ends_with("/*") || accepts(accept, answer.media_type);
         });
}

bool reads_body(const route& row, std::string_view content_type) {
  if (row.verb == method::patch) return !row.doc.body || is_merge_patch(content_type);
  return !row.doc.body || is_json(content_type) || (row.doc.form && is_form(content_type));
}

std::string media_types(const route& row) {
  return row.doc.answers.empty() ? std::string() : std::string(row.doc.answers.front().media_type);
}

response not_modified(const response& whole) {
  response made;
  made.status = 304;
  for (const auto& [name, value] : whole.fields)
    if (name != "Content-Type" && name != "Content-Encoding") made.fields.emplace_back(name, value);
  return made;
}

/// RFC 9110, 8.8.3: another coding is another representation, with a tag of its own.
void tag_as_gzip(response& made) {
  for (auto& [name, value] : made.fields)
    if (name == "ETag") value.insert(value.size() - 1, "-gzip");
}

response compressed(response plain) {
  plain.body = gzip(plain.body);
  plain.set("Content-Encoding", "gzip");
  tag_as_gzip(plain);
  return plain;
}

/// What is wrong with a request, or that it is not this caller's to make.
error told(const route& row, const request_context& context, error wrong) {
  const bool of_request = wrong.kind == error_kind::malformed || wrong.kind == error_kind::invalid;
  if (of_request && row.permits_one)
    if (result<void> may = row.permits_one(context); !may) return std::move(may).error();
  return wrong;
}

/// The whole body at one time, of a transport that has it so.
result<response> receive_whole(const route& row, const request_context& context) {
  auto receiver = row.receive(context);
  if (!receiver) return receiver.error();
  if (!context.incoming.body.empty())
    if (const result<void> taken = (*receiver)->take(context.incoming.body); !taken) return taken.error();
  return (*receiver)->finish();
}

error unreadable_fields() { return malformed("A field that may be given once was given twice"); }

}  // namespace

router::router(std::vector<route> rows, router_options options) : rows_(std::move(rows)), options_(std::move(options)) {
  response prepared_before = to_response(503, "The server is out of memory; try again later.", uuid());
  options_.everywhere.add(prepared_before);
  no_memory_ = std::make_shared<const prepared>(prepare(prepared_before));
  if (options_.table_version && options_.table_version()) cached_.emplace();
  for (const route& row : rows_) {
    patterns_.push_back(pattern_of(row.path));
    patterns_.back().to_the_end = row.open_to_the_end;
  }
}

router::path_pattern router::pattern_of(std::string_view path) {
  const std::size_t open = path.find('{');
  path_pattern made{.before = path.substr(0, open)};
  if (open == std::string_view::npos) return made;
  made.open = 1;
  made.after = path.substr(path.find('}') + 1);
  const std::size_t second = made.after.find('{');
  if (second == std::string_view::npos) return made;
  made.open = 2;
  made.between = made.after.substr(0, second);
  made.after.remove_prefix(made.after.find('}') + 1);
  return made;
}

response router::refuse_plainly(const request& incoming, int status, std::string_view detail) const {
  response made = to_response(status, detail, make_uuid_v7(incoming.received));
  options_.everywhere.add(made);
  return made;
}

/// What can be said without looking at the body.
std::optional<response> router::refusal_of(const request& incoming, const route& row,
                                           const known_fields& fields) const {
  const bool has_body = !incoming.body.empty() || row.doc.body || row.receive;
  if (has_body && !is_identity(fields.content_encoding)) {
    response made = refuse_plainly(incoming, 415, "The body must be sent as it is, without a Content-Encoding");
    made.set("Accept-Encoding", "identity");  // RFC 9110, 15.5.16
    return made;
  }
  if (!reads_body(row, fields.content_type)) {
    const bool patches = row.verb == method::patch;
    response made =
        refuse_plainly(incoming, 415,
                       patches ? "The body must be application/merge-patch+json or application/json in UTF-8"
                               : "The body must be application/json in UTF-8");
    // RFC 5789, 2.2, for the one; RFC 9110, 12.5.1, for the others.
    made.set(patches ? "Accept-Patch" : "Accept", patches ? patch_types : "application/json");
    return made;
  }
  if (!sends_acceptable(row, fields.accept))
    return refuse_plainly(incoming, 406, "This is available as " + media_types(row));
  return std::nullopt;
}

begun router::begin(const request& incoming) {
  try {
    return begin_or_throw(incoming);
  } catch (const std::bad_alloc&) {
    return {no_memory(), lane::here, {}};
  }
}

begun router::begin_or_throw(const request& incoming) {
  try {
    return plan(incoming);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& bug) {
    return {fail(incoming, internal(bug.what())), lane::here, {}};
  }
}

begun router::plan(const request& incoming) {
  const known_fields fields = find_known_fields(incoming);
  if (fields.repeated) return {fail(incoming, unreadable_fields()), lane::here, {}};
  const std::optional<std::uint64_t> table_version =
      cached_ && reads(incoming.verb) ? options_.table_version() : std::nullopt;
  if (table_version)
    if (auto known = recall(incoming, fields, *table_version)) return {std::move(known), lane::here, {}};

  const std::string_view path = without_trailing_slash(incoming.path);
  const auto found = find(incoming.verb, path);
  if (!found) return {answer_unmatched(incoming, path), lane::here, {}};
  result<caller> who = admit(found->row->who, fields, incoming);
  if (!who) return {refuse_token(incoming, who.error()), lane::here, {}};
  if (found->row->permits)
    if (const result<void> may = found->row->permits(*who); !may)
      return {fail(incoming, may.error(), *who), lane::here, {}};
  std::optional<response> refused = refusal_of(incoming, *found->row, fields);
  if (refused && !found->row->permits_one) return {std::move(refused), lane::here, {}};
  pending rest{found->row, fields, *who, found->parameter, found->second, table_version, std::move(refused)};
  const lane where = lane_of(*found->row, incoming, options_.reads_inline);
  if (where == lane::here) return {run(incoming, rest), where, {}};
  return {std::nullopt, where, pending_ptr(new pending(std::move(rest)))};
}

response router::finish(const request& incoming, pending_ptr rest) {
  try {
    return finish_or_throw(incoming, *rest);
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

response router::finish_or_throw(const request& incoming, const pending& rest) {
  const instant now = options_.clock->now();
  if (now > incoming.deadline) return fail(incoming, unavailable("waited past its deadline"));
  const deadline_scope waited_for(incoming.deadline - now);
  return run(incoming, rest);
}

response router::refuse(int status, std::string_view detail, std::string_view) {
  try {
    response made = to_response(status, detail, make_uuid_v7(options_.clock->now()));
    options_.everywhere.add(made);
    made.close = status != 503;
    return made;
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

response router::no_memory() const noexcept {
  response made;
  made.status = 503;
  made.ready = no_memory_;
  return made;
}

std::optional<response> router::recall(const request& incoming, const known_fields& fields,
                                       std::uint64_t table_version) {
  auto known = cached_->find(incoming.target, accepts_gzip(fields.accept_encoding), table_version);
  if (!known || !accepts(fields.accept, "application/json")) return std::nullopt;
  const result<caller> who = admit(known->who, fields, incoming);
  if (!who) return refuse_token(incoming, who.error());
  if (who->known() && who->id == known->but_for) return std::nullopt;
  response made;
  const bool unchanged =
      known->not_modified && !fields.if_none_match.empty() && matches_any(fields.if_none_match, known->etag);
  made.status = unchanged ? 304 : 200;
  const prepared* const bytes = unchanged ? known->not_modified.get() : known->whole.get();
  made.ready = {std::move(known), bytes};  // keeps the answer, and with it the bytes, without counting again
  return made;
}

result<caller> router::admit(audience who, const known_fields& fields, const request& incoming) const {
  if (who == audience::anonymous) return nobody;
  if (!fields.authorization.empty()) {
    const auto token = bearer_token(fields.authorization);
    if (!token) return unauthenticated("Authorization must be a Bearer token");
    const bool vouched = incoming.vouched != nullptr && options_.who_vouched;
    result<caller> known =
        vouched ? options_.who_vouched(*incoming.vouched, incoming.received) : options_.who(*token, incoming.received);
    if (known || known.error().kind != error_kind::unauthenticated || known.error().type) return known;
    error refused = known.error();
    refused.type = &invalid_token;
    return refused;
  }
  if (who == audience::users) return unauthenticated("This needs an access token: Authorization: Bearer …");
  return nobody;
}

/// Whether a path is of this pattern, and what stands in its open segments then.
bool router::fits(const path_pattern& pattern, std::string_view path, match& found) {
  if (pattern.open == 0) return path == pattern.before;
  if (path.size() <= pattern.before.size() + pattern.after.size() || !path.starts_with(pattern.before) ||
      !path.ends_with(pattern.after))
    return false;
  std::string_view open =
      path.substr(pattern.before.size(), path.size() - pattern.before.size() - pattern.after.size());
  const std::size_t end = pattern.to_the_end ? open.size() : std::min(open.find('/'), open.size());
  found.parameter = open.substr(0, end);
  open.remove_prefix(end);
  if (pattern.open == 1) return open.empty();
  if (!open.starts_with(pattern.between) || end == 0) return false;
  found.second = open.substr(pattern.between.size());
  return !found.second.empty() && found.second.find('/') == std::string_view::npos;
}

std::optional<router::match> router::find(method verb, std::string_view path) const {
  if (verb == method::head) verb = method::get;
  match found;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].verb != verb || !fits(patterns_[i], path, found)) continue;
    found.row = &rows_[i];
    return found;
  }
  return std::nullopt;
}

std::string router::allowed(std::string_view path) const {
  std::string out;
  for (method verb : {method::get, method::head, method::post, method::put, method::patch, method::delete_}) {
    if (path == "*" || find(verb, path)) {
      out += to_text(verb);
      out += ", ";
    }
  }
  if (!out.empty()) out += "OPTIONS";
  return out;
}

response router::answer_unmatched(const request& incoming, std::string_view path) const {
  const std::string allow = allowed(path);
  response made;
  if (allow.empty()) {
    made = to_response(not_found("path; /docs shows those there are"), make_uuid_v7(incoming.received));
  } else if (incoming.verb == method::options) {
    made.status = 204;
    made.set("Allow", allow);
    if (find(method::patch, path)) made.set("Accept-Patch", patch_types);  // RFC 5789, 3.1
  } else {
    made = to_response(405, "This path takes " + allow, make_uuid_v7(incoming.received));
    made.set("Allow", allow);
  }
  options_.everywhere.add(made);
  return made;
}

response router::run(const request& incoming, const pending& rest) {
  try {
    const request_context context{incoming, rest.fields, rest.who, rest.parameter, rest.second};
    if (rest.refused) {
      const result<void> may = rest.row->permits_one(context);
      return may ? *rest.refused : fail(incoming, may.error(), rest.who);
    }
    result<response> made = rest.row->receive ? receive_whole(*rest.row, context) : rest.row->run(context);
    if (!made) return fail(incoming, told(*rest.row, context, made.error()), rest.who);
    return finalize(incoming, rest, *std::move(made));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& bug) {
    return fail(incoming, internal(bug.what()));
  }
}

response router::finalize(const request& incoming, const pending& rest, response made) {
  const bool personal = rest.row->kept == kept_by::nobody || made.personal;
  if (personal) made.replace("Cache-Control", "no-store");
  if (rest.row->kept == kept_by::each_view) made.vary_by("Authorization");
  options_.everywhere.add(made);
  if (made.status == 204) return made;
  const bool coded = !made.field("Content-Encoding").empty();
  const bool compressible = !coded && made.body.size() >= gzip_bytes_min;
  if (coded || compressible) made.vary_by("Accept-Encoding");
  const std::string etag(made.field("ETag"));
  const bool shrinks = compressible && accepts_gzip(rest.fields.accept_encoding);
  if (!personal && reads(incoming.verb) && made.status == 200 && !etag.empty() && !rest.fields.if_none_match.empty() &&
      matches_any(rest.fields.if_none_match, etag)) {
    if (shrinks) tag_as_gzip(made);  // RFC 9110, 15.4.5: the fields that 200 would have had
    return not_modified(made);
  }
  if (made.file && made.status == 200) return shown(incoming, std::move(made));
  if (!shrinks) {
    if (!personal) keep(incoming, rest, made, made);
    return made;
  }
  response small = compressed(made);
  if (!personal) keep(incoming, rest, made, small);
  return small;
}

/// A file's answer, or the part of it that is asked for.
response router::shown(const request& incoming, response made) const {
  made.set("Accept-Ranges", "bytes");
  const range_asked asked = read_range(incoming, made.field("ETag"), made.file->bytes);
  if (asked.what == range_asked::whole) return made;
  if (asked.what == range_asked::part) {
    show_part(made, asked);
    return made;
  }
  response refused = refuse_plainly(incoming, 416, "There are " + std::to_string(made.file->bytes) + " bytes");
  refused.set("Content-Range", "bytes */" + std::to_string(made.file->bytes));
  return refused;
}

void router::keep(const request& incoming, const pending& rest, const response& plain, response& sent) {
  const bool gzip = accepts_gzip(rest.fields.accept_encoding);
  const bool of_one = rest.who.known() && rest.who.id == sent.but_for;
  if (!rest.table_version || !sent.same_for_all || of_one || sent.status != 200 ||
      !cached_->worth_keeping(incoming.target, gzip, *rest.table_version))
    return;
  cached_answer answer;
  answer.who = rest.row->who;
  answer.but_for = sent.but_for;
  answer.etag = plain.field("ETag");
  answer.whole = std::make_shared<const prepared>(prepare(sent));
  if (!answer.etag.empty()) answer.not_modified = std::make_shared<const prepared>(prepare(not_modified(sent)));
  sent.ready = answer.whole;  // its bytes are made: the transport need not make them again
  cached_->keep(incoming.target, gzip, *rest.table_version, std::move(answer));
}

response router::answer_of(const error& failure, const uuid& instance) const {
  response made = to_response(failure, instance);
  options_.everywhere.add(made);
  return made;
}

/// A token that was given and does not hold is an event; that none was given is none.
response router::refuse_token(const request& incoming, const error& failure) const {
  if (failure.type != &invalid_token) return fail(incoming, failure);
  const uuid instance = make_uuid_v7(incoming.received);
  if (options_.refused) options_.refused({401, incoming, nobody, to_text(instance), failure.private_text});
  return answer_of(failure, instance);
}

response router::fail(const request& incoming, const error& failure, const caller& who) const {
  const uuid instance = failure.instance.value_or(make_uuid_v7(incoming.received));
  response made = answer_of(failure, instance);
  if (made.status >= 500 && options_.report) {
    const auto found = find(incoming.verb, without_trailing_slash(incoming.path));
    const bool secret = found && found->row->secret_segment;
    options_.report({made.status, to_text(incoming.verb), secret ? found->row->path : incoming.path, to_text(instance),
                     failure.private_text});
  }
  if (made.status == 403 && !failure.instance && options_.refused)
    options_.refused({made.status, incoming, who, to_text(instance), failure.public_text});
  return made;
}

}  // namespace spaces::http
