/// What every answer has, the router's and others': OWASP's list for an API that browsers call.
#pragma once

#include "platform/http/message.hpp"

namespace spaces::http {

class security_fields {
 public:
  /// `strict_transport` tells browsers to come by TLS alone (RFC 6797): where the service's public URL is https.
  explicit security_fields(bool strict_transport) : strict_transport_(strict_transport) {}

  /// To an answer whose bytes are not made yet. A Content-Security-Policy of its own stays.
  void add(response& made) const;

 private:
  bool strict_transport_;
};

}  // namespace spaces::http
