#include "platform/identity/local/local_sessions.hpp"

#include "platform/base/deadline.hpp"
#include "platform/base/legible.hpp"
#include "platform/base/limits.hpp"
#include "platform/base/text.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <utility>

namespace spaces::identity {

namespace {

error not_valid(std::string why, const std::optional<uuid>& whose = std::nullopt) {
  error failure = error_of(invalid_token, "The refresh token is not valid, or not any more");
  failure.private_text = std::move(why);
  failure.account = whose;
  return failure;
}

error changed_meanwhile() { return conflict("It was changed in the meantime; try again"); }

table::condition number_is(std::string_view attribute, std::int64_t value) {
  return table::equals{std::string(attribute), make_decimal(value, 0)};
}

/// What is kept of a client's own words: valid, short, legible, without control characters.
std::string tame(std::string_view text) {
  if (!is_utf8(text) || has_control(text, false) || !is_legible(text)) return {};
  text = trim(text);
  std::size_t size = std::min(text.size(), device_bytes_max);
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

void keep_expiry(session& f) {
  f.expires_seconds = std::chrono::floor<std::chrono::seconds>(f.ends_at().time_since_epoch()).count();
}

table::put put_list(const uuid& user, const std::optional<session_list>& before, std::vector<std::string> ids) {
  std::vector<table::condition> unchanged;
  if (before)
    unchanged.push_back(number_is("version", before->version));
  else
    unchanged.emplace_back(table::absent{});
  return {session_list_key(user), to_item(session_list{std::move(ids), before ? before->version + 1 : 1}),
          std::move(unchanged)};
}

std::vector<std::string> ids_of(const std::vector<session>& all) {
  std::vector<std::string> ids;
  ids.reserve(all.size());
  for (const session& f : all) ids.push_back(to_text(f.id));
  return ids;
}

}  // namespace

local_sessions::local_sessions(table::single_table& table, const clock& clock, local_identity& people,
                               session_end_listener told)
    : table_(table), clock_(clock), people_(people), told_(std::move(told)) {}

result<std::optional<session>> local_sessions::read_one(const uuid& user, const uuid& id) {
  return table::find<to_session>(table_, session_key(user, id), table::consistency::strong);
}

result<local_sessions::stored_sessions> local_sessions::read_all(const uuid& user) {
  auto list = table::find<to_session_list>(table_, session_list_key(user), table::consistency::strong);
  if (!list) return list.error();
  stored_sessions all;
  if (!*list) return all;
  all.list = *std::move(list);
  std::vector<table::key> keys;
  for (const std::string& text : all.list->ids)
    if (const auto id = parse_uuid(text)) keys.push_back(session_key(user, *id));
  const auto found = table_.read_batch(keys, table::consistency::strong);
  if (!found) return found.error();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*found)[i]) continue;
    result<session> read = table::to_entity<to_session>(keys[i], (*found)[i]->view());
    if (!read) return read.error();
    all.live.push_back(*std::move(read));
  }
  return all;
}

result<token_pair> local_sessions::open(const caller& who, const session_origin& from,
                                        std::vector<table::operation> also) {
  return open_for(who, from, also, access_token_lifetime);
}

result<token_pair> local_sessions::open_for(const caller& who, const session_origin& from,
                                            const std::vector<table::operation>& also,
                                            std::chrono::seconds access_lifetime) {
  const deadline_time until = current_deadline(limits::request_time_max);
  session made;
  made.id = make_uuid_v7(clock_.now());
  made.device = tame(from.device);
  made.address = tame(from.address);
  made.access_seconds = access_lifetime.count();
  do {
    result<std::optional<token_pair>> opened = try_open(who, made, also);
    if (!opened) return opened.error();
    if (*opened) return **std::move(opened);
  } while (std::chrono::steady_clock::now() < until);
  return unavailable("logins of one person at every try until the deadline: " + to_text(who.id));
}

/// Empty when another login of the same person came in between.
result<std::optional<token_pair>> local_sessions::try_open(const caller& who, session& made,
                                                           std::vector<table::operation> also) {
  result<stored_sessions> all = read_all(who.id);
  if (!all) return all.error();
  made.created_at = made.rotated_at = clock_.now();
  made.key_id = people_.keys().current()->kid();
  keep_expiry(made);

  std::vector<session>& live = all->live;
  std::sort(live.begin(), live.end(), [](const session& a, const session& b) { return a.rotated_at > b.rotated_at; });
  const std::size_t kept = std::min(live.size(), sessions_max - 1);
  const std::vector<session> ending(live.begin() + static_cast<std::ptrdiff_t>(kept), live.end());
  live.resize(kept);
  live.push_back(made);

  const std::size_t others = also.size();
  also.emplace_back(put_list(who.id, all->list, ids_of(live)));
  also.emplace_back(table::put{session_key(who.id, made.id), to_item(made), {table::absent{}}});
  for (const session& f : ending) {
    also.emplace_back(table::remove{session_key(who.id, f.id), {}});
    also.emplace_back(put_ended(f.id, std::chrono::seconds(f.access_seconds), made.created_at));
  }
  const auto written = table_.write(std::move(also));
  if (!written) return written.error();
  if (*written && (*written)->operation < others) return changed_meanwhile();
  if (*written) return std::optional<token_pair>();
  for (const session& f : ending) ended(who.id, f, made.created_at, {"too-many", made.address});
  caller holder = who;
  holder.session = made.id;
  const std::chrono::seconds lifetime(made.access_seconds);
  return std::optional(token_pair{people_.tokens().mint(holder, made.id, lifetime, made.rotated_at),
                                  refresh_token_of(who.id, made), lifetime});
}

std::string local_sessions::refresh_token_of(const uuid& user, const session& f) const {
  return people_.refreshes().mint({user, f.id, f.generation, f.rotated_at}, f.ends_at(), f.key_id);
}

/// The session one generation on; empty when somebody else was faster.
result<std::optional<session>> local_sessions::rotate(const uuid& user, const session& before) {
  session after = before;
  ++after.generation;
  after.rotated_at = std::max(clock_.now(), before.rotated_at);
  after.key_id = people_.keys().current()->kid();
  keep_expiry(after);
  std::vector<table::operation> operations;
  operations.emplace_back(
      table::put{session_key(user, before.id), to_item(after), {number_is("generation", before.generation)}});
  const auto written = table_.write(std::move(operations));
  if (!written) return written.error();
  if (*written) return std::optional<session>();
  return std::optional(std::move(after));
}

result<renewed_session> local_sessions::renew(std::string_view token, std::string_view address) {
  const instant now = clock_.now();
  const result<refresh_token> said = people_.refreshes().read(token, now);
  if (!said) return not_valid(said.error().private_text);
  const deadline_time until = current_deadline(limits::request_time_max);
  do {
    const auto found = read_one(said->user, said->session);
    if (!found) return found.error();
    if (!*found) return not_valid("the session is over", said->user);
    const session& present = **found;
    std::optional<session> successor;
    if (present.generation == said->generation) {
      auto rotated = rotate(said->user, present);
      if (!rotated) return rotated.error();
      if (!*rotated) continue;
      successor = *std::move(rotated);
    } else if (present.generation == said->generation + 1 && now < present.rotated_at + parent_grace) {
      successor = present;
    } else {
      if (const auto ended = end(said->user, said->session, {"reuse", address}); !ended) return ended.error();
      return not_valid("session ended by reuse: a token of generation " + std::to_string(said->generation) +
                           " in generation " + std::to_string(present.generation),
                       said->user);
    }
    std::string next = refresh_token_of(said->user, *successor);
    if (next.empty()) return not_valid("the key of the session has gone", said->user);
    return renewed_session{said->user, said->session, std::move(next), successor->rotated_at};
  } while (std::chrono::steady_clock::now() < until);
  return unavailable("refreshes of one session at every try until the deadline");
}

token_pair local_sessions::complete(const renewed_session& renewed, const caller& who) {
  caller holder = who;
  holder.session = renewed.session;
  const instant now = clock_.now();
  // From the refresh on, so that all who come again within the grace get the same.
  const auto age = std::chrono::floor<std::chrono::seconds>(now - renewed.renewed_at);
  return {people_.tokens().mint(holder, renewed.session, access_token_lifetime, renewed.renewed_at),
          renewed.refresh_token, access_token_lifetime - std::max(age, std::chrono::seconds(0))};
}

/// Removes these sessions and says that they have ended, in one transaction with the operations.
result<void> local_sessions::end_with(const uuid& user, const std::vector<session>& ending,
                                      std::vector<table::operation> operations, const session_end& how) {
  const instant now = clock_.now();
  for (const session& f : ending) {
    operations.emplace_back(table::remove{session_key(user, f.id), {}});
    operations.emplace_back(put_ended(f.id, std::chrono::seconds(f.access_seconds), now));
  }
  if (operations.empty()) return {};
  const auto written = table_.write(std::move(operations));
  if (!written) return written.error();
  if (*written) return changed_meanwhile();
  for (const session& f : ending) ended(user, f, now, how);
  return {};
}

/// Every session that ends comes by here, when the table has it.
void local_sessions::ended(const uuid& user, const session& which, instant at, const session_end& how) {
  people_.end(which.id, at + std::chrono::seconds(which.access_seconds));
  if (told_) told_(user, which.id, how);
}

result<void> local_sessions::end(const uuid& user, const uuid& session, const session_end& how) {
  const auto found = read_one(user, session);
  if (!found) return found.error();
  if (!*found) return {};
  return end_with(user, {**found}, {}, how);
}

result<void> local_sessions::end_all(const uuid& user, const std::optional<uuid>& but,
                                     std::vector<table::operation> also, const session_end& how) {
  result<stored_sessions> all = read_all(user);
  if (!all) return all.error();
  std::vector<session> ending;
  std::vector<session> staying;
  for (session& f : all->live) (but && f.id == *but ? staying : ending).push_back(std::move(f));
  if (but) {
    also.emplace_back(put_list(user, all->list, ids_of(staying)));
  } else if (all->list) {
    also.emplace_back(table::remove{session_list_key(user), {number_is("version", all->list->version)}});
  } else {
    also.emplace_back(table::check{session_list_key(user), {table::absent{}}});
  }
  return end_with(user, ending, std::move(also), how);
}

result<std::vector<session_record>> local_sessions::list(const uuid& user) {
  result<stored_sessions> all = read_all(user);
  if (!all) return all.error();
  std::vector<session_record> out;
  for (session& f : all->live)
    out.push_back({f.id, std::move(f.device), std::move(f.address), f.created_at, f.rotated_at});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  return out;
}

result<void> local_sessions::learn_of_ended(std::chrono::milliseconds age_max) {
  const auto steady_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  const std::int64_t read_at = read_at_ms_.load();
  if (read_at != 0 && steady_ms() - read_at < age_max.count()) return {};
  const std::lock_guard lock(reading_);
  if (read_at_ms_.load() != read_at) return {};  // somebody else just did
  const std::int64_t began = steady_ms();
  const instant now = clock_.now();
  const std::optional<std::uint64_t> table_version = table_.table_version();
  if (!table_version || table_version != read_version_) {
    table::query rows;
    rows.partition = ended_partition;
    rows.from = ended_bound(known_from_.value_or(instant{}));
    for (bool more = true; more;) {
      table::position last;
      const auto visited = table_.visit_index(rows, [&](const table::row& row) {
        if (const auto id = ended_session(row.sort_key)) people_.end(*id, now + ended_kept);
        last = {std::string(row.sort_key), {std::string(row.key.pk), std::string(row.key.sk)}};
        return true;
      });
      if (!visited) return visited.error();
      more = *visited;
      rows.after = last;
    }
    known_from_ = now - ended_reading_overlap;
    read_version_ = table_version;
  }
  read_at_ms_ = std::max<std::int64_t>(began, 1);
  return {};
}

}  // namespace spaces::identity
