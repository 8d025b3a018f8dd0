#include "platform/table/idempotency.hpp"

#include "platform/base/digest.hpp"

namespace spaces::table {

namespace {

constexpr std::string_view fingerprint_attribute = "Fingerprint";
constexpr std::string_view made_pk = "MadePK";
constexpr std::string_view made_sk = "MadeSK";

key key_of(const idempotent_request& request) {
  // Keys of clients are up to 255 bytes of their own making: their digest enters ours.
  return {"IDEMPOTENCY#" + to_text(request.user) + '#' + to_hex(sha256(request.client_key)), "REQUEST"};
}

}  // namespace

std::optional<idempotent_request> keyed_request(const uuid& user, const std::optional<std::string>& client_key,
                                                const std::string& fingerprint) {
  if (!client_key) return std::nullopt;
  return idempotent_request{user, *client_key, fingerprint};
}

put keep_reference(const idempotent_request& request, const key& made, instant now) {
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now + idempotency_lifetime).time_since_epoch().count();
  record::item kept;
  kept.append(name::entity_type, record::value::of(std::string_view("Idempotency")));
  kept.append(name::ttl, record::value::of(make_decimal(expiry, 0)));
  kept.append(fingerprint_attribute, record::value::of(std::string_view(request.fingerprint)));
  kept.append(made_pk, record::value::of(std::string_view(made.pk)));
  kept.append(made_sk, record::value::of(std::string_view(made.sk)));
  return {key_of(request), std::move(kept), {absent{}}};
}

result<std::optional<record::item>> made_earlier(single_table& table, const idempotent_request& request) {
  auto kept = table.get(key_of(request), consistency::strong);
  if (!kept || !*kept) return kept;
  if ((*kept)->find(fingerprint_attribute).text != request.fingerprint)
    return invalid({{"Idempotency-Key", "used-otherwise", "This Idempotency-Key was used for another request"}});
  auto made = table.get(key_view((*kept)->find(made_pk).text, (*kept)->find(made_sk).text), consistency::strong);
  if (made && !*made) return conflict("What was made with this Idempotency-Key is not there any more");
  return made;
}

}  // namespace spaces::table
