/// A scenario's calls as API Gateway would hand them to a Lambda function.
#pragma once

#include "platform/http/application.hpp"
#include "scenario/market.hpp"

namespace spaces::test {

/// Puts the request into an event of payload format 2.0, has the event's reader make a request of it,
/// which must be the same field by field, lets the application handle that one, and reads the answer out
/// of what the function would return; that must be the same as what HTTP would have sent, field by field.
/// What speaks of the connection stands aside.
answer ask_by_event(http::application& application, const http::request& direct);

/// What a client sees of an answer that HTTP sends.
answer seen(const http::response& made);

}  // namespace spaces::test
