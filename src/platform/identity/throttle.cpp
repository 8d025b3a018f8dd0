#include "platform/identity/throttle.hpp"

#include "platform/base/digest.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace spaces::identity {

namespace {

constexpr std::string_view count_attribute = "attempts";

table::key key_of(const counted_subject& subject) {
  // Subjects are of clients' making: their digest enters the key.
  return {"THROTTLE#" + to_hex(sha256(fmt::format("{}#{}", subject.of.name, subject.subject))), "WINDOW"};
}

std::int64_t seconds_of(instant when) {
  return std::chrono::ceil<std::chrono::seconds>(when.time_since_epoch()).count();
}

table::operation counted(const counted_subject& subject, std::int64_t amount, instant now) {
  table::add made;
  made.key = key_of(subject);
  made.attribute = count_attribute;
  made.amount = amount;
  if (amount > 0)
    made.conditions.emplace_back(table::below{std::string(count_attribute), make_decimal(subject.of.attempts_max, 0)});
  made.otherwise.append(table::name::entity_type, record::value::of(std::string_view("Throttle")));
  made.otherwise.append(table::name::ttl, record::value::of(make_decimal(seconds_of(now + subject.of.window), 0)));
  return made;
}

error over(const quota& of, const std::optional<record::item>& found, instant now) {
  const auto expiry = found ? table::expiry_seconds(found->view()) : std::nullopt;
  const std::int64_t left = expiry.value_or(seconds_of(now + of.window)) - seconds_of(now);
  error limited;
  limited.kind = error_kind::limited;
  limited.retry_after = std::chrono::seconds(std::clamp<std::int64_t>(left, 1, of.window.count()));
  limited.public_text = fmt::format("Too many attempts; try again in {} seconds", limited.retry_after->count());
  limited.rate = rate_limit{of.name, of.attempts_max, of.window};
  return limited;
}

}  // namespace

result<table::outcome> throttle::count(const std::vector<counted_subject>& subjects, instant now) {
  std::vector<table::operation> operations;
  operations.reserve(subjects.size());
  for (const counted_subject& subject : subjects) operations.push_back(counted(subject, 1, now));
  return table_.write(std::move(operations));
}

result<void> throttle::admit(const std::vector<counted_subject>& subjects) {
  const instant now = clock_.now();
  const auto written = count(subjects, now);
  if (!written) return written.error();
  if (!*written) return {};
  return over(subjects[(*written)->operation].of, (*written)->found, now);
}

result<std::vector<counted_subject>> throttle::admit_or(std::vector<counted_subject> subjects,
                                                        counted_subject instead) {
  const instant now = clock_.now();
  const auto written = count(subjects, now);
  if (!written) return written.error();
  if (!*written) return subjects;
  if ((*written)->operation + 1 != subjects.size())
    return over(subjects[(*written)->operation].of, (*written)->found, now);
  subjects.back() = std::move(instead);
  if (const auto may = admit(subjects); !may) return may.error();
  return subjects;
}

table::operation throttle::forgotten(const counted_subject& subject) { return table::remove{key_of(subject), {}}; }

table::operation throttle::given_back(const counted_subject& subject) const {
  // Where the window has just ended, the next one begins with one attempt more: harmless.
  return counted(subject, -1, clock_.now());
}

std::string address_subject(std::string_view address) {
  in6_addr bytes{};
  std::string text(address);
  if (::inet_pton(AF_INET6, text.c_str(), &bytes) != 1) return text;
  std::fill(bytes.s6_addr + 8, bytes.s6_addr + 16, std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> network{};
  ::inet_ntop(AF_INET6, &bytes, network.data(), network.size());
  return std::string(network.data()) + "/64";
}

}  // namespace spaces::identity
