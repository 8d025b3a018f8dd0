/// What AWS's services answer when something is wrong, read once into what is to be done about it.
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/http/client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::aws {

/// What to do about one failed try, beside telling of it.
enum class remedy {
  none,
  again,       ///< the same may succeed in a moment; nothing was carried out
  again_safe,  ///< the same, but it may have been carried out
  renew,       ///< the credentials have expired
  set_clock,   ///< our clock is wrong; Date says what time it is
};

struct vendor_error {
  failure told;
  remedy what = remedy::none;
  std::optional<instant> their_time;  ///< as the answer's Date says
};

/// Of a JSON service's answer with a status of 300 and over.
vendor_error read_json_error(http::client_response answer);

/// Whether a successful answer is one: a JSON object, and of the checksum that DynamoDB sends with it.
bool is_sound_json(const http::client_response& answer);

/// Of an answer in XML, with a status of 300 and over: STS's <ErrorResponse><Error><Code>, S3's <Error><Code>, or of
/// S3 to HEAD no body, where the status says all.
vendor_error read_xml_error(http::client_response answer);

/// "Tue, 15 Nov 1994 08:12:31 GMT" (RFC 9110, 5.6.7).
std::optional<instant> parse_http_date(std::string_view text);

}  // namespace spaces::aws
