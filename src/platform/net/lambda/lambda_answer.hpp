/// An answer as the gateway that sent the event takes it from a function.
#pragma once

#include "platform/http/message.hpp"
#include "platform/net/lambda/lambda_event.hpp"

#include <string>
#include <string_view>

namespace spaces::net {

/// One JSON object: statusCode, fields, body; the body in base64 where it is no UTF-8 text or has a content coding. The
/// fields that speak of one connection stay here. `head_only` leaves the body out, as HEAD wants. Fields:
///   format 2.0          headers, lines of one name joined by commas; cookies (Set-Cookie, which may not be joined)
///   1.0, balancer_multi multiValueHeaders, each line by itself
///   balancer            headers as in 2.0; of cookies the last, as there is no place for others
/// `base_path` is put in front of the paths that Location and Link name: outside, they begin with it.
std::string lambda_answer(const http::response& answer, bool head_only, event_format format = event_format::http_2,
                          std::string_view base_path = {});

}  // namespace spaces::net
