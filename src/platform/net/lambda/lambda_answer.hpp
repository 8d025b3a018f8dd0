/// An answer as API Gateway's payload format 2.0 takes it from a function.
#pragma once

#include "platform/http/message.hpp"

#include <string>

namespace spaces::net {

/// One JSON object: statusCode, headers (lines of one name joined by commas), cookies (Set-Cookie, which
/// may not be joined), body; in base64 where it is no UTF-8 text or has a content coding. The fields that
/// speak of one connection stay here. `head_only` leaves the body out, as HEAD wants.
std::string lambda_answer(const http::response& answer, bool head_only);

}  // namespace spaces::net
