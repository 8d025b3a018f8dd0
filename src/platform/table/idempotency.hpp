/// The same request sent twice makes one thing: which item it made is kept under the client's key for a day, in the
/// transaction that makes it (draft-ietf-httpapi-idempotency-key-header). The item itself is not kept twice: who sends
/// the request again is answered with the item as it is then.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::table {

/// A client's retries of one request come within minutes; a day covers a phone without network.
inline constexpr std::chrono::hours idempotency_lifetime{24};

/// Who sent a request under which key, for what (a digest of the request).
struct idempotent_request {
  uuid user;
  std::string client_key;
  std::string fingerprint;
};

/// Of a request that came with a client's key, where it did.
std::optional<idempotent_request> keyed_request(const uuid& user, const std::optional<std::string>& client_key,
                                                const std::string& fingerprint);

/// The put that keeps which item is made, to stand in the transaction that makes it; refused when the key was used.
put keep_reference(const idempotent_request& request, const key& made, instant now);

/// The item that was made under the key, as it is now; empty when the key was not used. `invalid` when it was used for
/// another request, `conflict` when what it made is there no more.
result<std::optional<record::item>> made_earlier(single_table& table, const idempotent_request& request);

}  // namespace spaces::table
