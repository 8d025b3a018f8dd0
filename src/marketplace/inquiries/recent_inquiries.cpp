#include "marketplace/inquiries/recent_inquiries.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/folding.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <string>

namespace spaces::inquiries {

namespace {

using namespace std::chrono_literals;
using record::value;

constexpr std::chrono::hours day{24};
/// An item is kept that much longer than it is needed: so its time is moved once an hour at most, and not, with its
/// mark in the order of times, for every question of an evening.
constexpr std::chrono::hours kept_longer{1};

constexpr std::string_view sent_attribute = "sent";
constexpr std::string_view version_attribute = "version";

struct rule {
  sending how;
  std::size_t times_max;
  std::chrono::seconds length;
  std::string_view says;
};
constexpr rule rules[] = {
    {sending::inquired, inquiries_per_hour_max, 1h, "At most 5 inquiries an hour"},
    {sending::inquired, inquiries_per_day_max, day, "At most 20 inquiries a day"},
    {sending::edited, edited_per_day_max, day, "At most 20 edited messages a day"},
};
static_assert(inquiries_per_hour_max == 5 && inquiries_per_day_max == 20 && edited_per_day_max == 20);

error same_text() {
  static_assert(listings_per_text_max == 5);
  return invalid(
      {{"/message", "repeated",
        "must not be sent about more than 5 listings within a day; write to each seller what you want to know of "
        "theirs"}});
}

std::int64_t seconds_of(instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

// ---- A message in the item: its time in 8 bytes, the highest first, the listing, the mark, how it was sent.

constexpr std::size_t packed_bytes = 8 + sizeof(uuid::bytes) + sizeof(text_mark) + 1;

template <class Bytes>
void append_bytes(std::string& out, const Bytes& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void append_packed(std::string& out, const sent_message& one) {
  const auto time = static_cast<std::uint64_t>(one.at.time_since_epoch().count());
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(time >> shift & 0xFF);
  append_bytes(out, one.property_id.bytes);
  append_bytes(out, one.text);
  out += static_cast<char>(one.how);
}

template <class Bytes>
void take_bytes(std::string_view& from, Bytes& out) {
  std::copy_n(from.begin(), out.size(), out.begin());
  from.remove_prefix(out.size());
}

sent_message unpacked(std::string_view from) {
  std::uint64_t time = 0;
  for (const char c : from.substr(0, 8)) time = time << 8 | static_cast<std::uint8_t>(c);
  from.remove_prefix(8);
  sent_message one;
  one.at = instant(instant::duration(static_cast<std::int64_t>(time)));
  take_bytes(from, one.property_id.bytes);
  take_bytes(from, one.text);
  one.how = static_cast<sending>(from.front());
  return one;
}

}  // namespace

text_mark mark_of(std::string_view text) {
  const sha256_digest digest = sha256(fold(text));
  text_mark mark;
  std::copy_n(digest.begin(), mark.size(), mark.begin());
  return mark;
}

table::key recent_inquiries_key(const uuid& who) { return {"THROTTLE#inquiries#" + to_text(who), "ASKED"}; }

std::optional<recent_inquiries> recent_inquiries::of(const record::item* stored) {
  recent_inquiries made;
  if (!stored) return made;
  const value sent = stored->find(sent_attribute);
  const std::optional<std::int64_t> version = scaled(stored->find(version_attribute).number, 0);
  if (sent.kind != record::value_kind::bytes || sent.text.size() % packed_bytes != 0 || version.value_or(0) < 1)
    return std::nullopt;
  made.version_ = *version;
  made.expires_ = table::expiry_seconds(stored->view()).value_or(0);
  for (std::string_view rest = sent.text; !rest.empty(); rest.remove_prefix(packed_bytes))
    made.sent_.push_back(unpacked(rest));
  return made;
}

result<recent_inquiries> recent_inquiries::read(const record::item* stored, const uuid& who) {
  std::optional<recent_inquiries> found = of(stored);
  if (!found) return table::damaged(recent_inquiries_key(who));
  return *std::move(found);
}

result<void> recent_inquiries::admits(const sent_message& one) const {
  std::vector<uuid> others;  // that the text went to
  for (const sent_message& each : sent_) {
    const bool counts = each.at > one.at - day && each.text == one.text && each.property_id != one.property_id;
    if (counts && std::find(others.begin(), others.end(), each.property_id) == others.end())
      others.push_back(each.property_id);
  }
  if (others.size() >= listings_per_text_max) return same_text();
  for (const rule& each : rules) {
    if (each.how != one.how) continue;
    // The last so many are within the time when the first of them is.
    std::size_t left = each.times_max;
    const auto first = std::find_if(sent_.rbegin(), sent_.rend(),
                                    [&](const sent_message& sent) { return sent.how == one.how && --left == 0; });
    if (first == sent_.rend() || first->at + each.length <= one.at) continue;
    return limited(std::string(each.says), std::chrono::ceil<std::chrono::seconds>(first->at + each.length - one.at));
  }
  return {};
}

table::put recent_inquiries::with(const uuid& who, const sent_message& one) const {
  std::vector<sent_message> kept;
  std::copy_if(sent_.begin(), sent_.end(), std::back_inserter(kept),
               [&](const sent_message& each) { return each.at > one.at - day; });
  // Another process' clock may be ahead of ours.
  kept.insert(std::upper_bound(kept.begin(), kept.end(), one.at,
                               [](instant at, const sent_message& each) { return at < each.at; }),
              one);
  std::string packed;
  for (const sent_message& each : kept) append_packed(packed, each);
  const std::int64_t needed = seconds_of(kept.back().at + day) + 1;
  const bool long_enough = expires_ >= needed;
  const std::int64_t expires = long_enough ? expires_ : needed + std::chrono::seconds(kept_longer).count();
  record::item item;
  item.append(table::name::entity_type, value::of(std::string_view("Throttle")));
  item.append(sent_attribute, value::of_bytes(packed));
  item.append(version_attribute, value::of(make_decimal(version_ + 1, 0)));
  item.append(table::name::ttl, value::of(make_decimal(expires, 0)));
  table::condition unchanged = table::absent{};
  if (version_ > 0) unchanged = table::equals{std::string(version_attribute), make_decimal(version_, 0)};
  return {recent_inquiries_key(who), std::move(item), {std::move(unchanged)}};
}

}  // namespace spaces::inquiries
