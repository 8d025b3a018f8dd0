/// E-mails by a mail server (RFC 5321), in libcurl's hands.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/mail/mail.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace spaces::mail {

/// From connecting to the server's last answer. Under a job's lease (jobs/runner.hpp).
inline constexpr std::chrono::seconds smtp_time_max{30};
inline constexpr std::chrono::seconds smtp_connect_time_max{10};

struct smtp_settings {
  /// "smtp://mail.example.org:587": STARTTLS is asked for, and nothing is sent without it but to a loopback
  /// address. "smtps://mail.example.org:465": TLS from the first byte.
  std::string url;
  std::string user = {};  ///< empty: no authentication. Otherwise AUTH PLAIN or LOGIN, what the server has.
  std::string password = {};
  std::string ca_file = {};  ///< PEM; empty: the machine's own roots
  std::chrono::milliseconds time_max = smtp_time_max;
};

/// An error says what is wrong with the settings.
result<void> validate(const smtp_settings& settings);

/// One connection for each e-mail: e-mails are rare, and servers close idle connections. The certificate and
/// its name are checked always. A domain that is not ASCII goes out as its A-label (IDNA 2008), a local part
/// that is not goes out where the server has SMTPUTF8 (RFC 6531). 4xx is `limited`; 5xx to the e-mail itself is
/// `invalid`; all else, wrong credentials among it, is `unavailable`, because the operator can repair it.
std::unique_ptr<mailer> make_smtp_mailer(smtp_settings settings, sender from, const clock& clock);

}  // namespace spaces::mail
