/// E-mails to people. One way to have them carried is one sub-folder: log/ (development: into a folder), smtp/
/// (a mail server).
#pragma once

#include "platform/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::mail {

/// One e-mail to one person. All texts are UTF-8.
struct email {
  std::string to;        ///< "ann@example.org"; neither a name nor brackets
  std::string reply_to;  ///< the same; empty: answers go to the sender
  std::string subject;
  std::string text;  ///< lines end in LF
  std::string html;  ///< a whole document; empty: there is only the text
  /// "019ab3c4-…@example.org", without brackets: the same at every try, so that who gets it twice sees one.
  std::string message_id;
  std::vector<std::pair<std::string, std::string>> fields;  ///< further header fields
};

/// Thread-safe.
class mailer {
 public:
  mailer() = default;
  mailer(const mailer&) = delete;
  mailer& operator=(const mailer&) = delete;
  virtual ~mailer() = default;

  /// Returns when somebody else has taken charge of the e-mail. Errors, as a job's handler wants them:
  /// `unavailable` when nothing can be sent now, `limited` when this e-mail cannot, `invalid` when it never can.
  virtual result<void> send(const email& what) = 0;
};

/// "Lifestyle Spaces <hello@example.org>", taken apart.
struct sender {
  std::string name;
  std::string address;

  std::string_view domain() const { return std::string_view(address).substr(address.rfind('@') + 1); }
};
/// An address with or without a name before it, in angle brackets then. Empty when it is neither.
std::optional<sender> parse_sender(std::string_view text);

/// One @ with something on both sides, no white space, control characters or anything that would end the
/// address inside a command or header field; 254 bytes at most (RFC 5321, 4.5.3.1.3). Whether there is such an
/// address is the mail server's to know.
bool is_address(std::string_view text);

}  // namespace spaces::mail
