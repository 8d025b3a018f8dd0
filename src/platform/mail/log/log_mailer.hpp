/// E-mails for people who develop: each into a file that a mail program opens, and a line in the log that
/// says where.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/mail/mail.hpp"
#include "platform/telemetry/log.hpp"

#include <filesystem>

namespace spaces::mail {

class log_mailer final : public mailer {
 public:
  /// `folder` is made (mode 0700) with the first e-mail. An e-mail is MESSAGE-ID.eml in it, mode 0600, and the
  /// same e-mail again replaces it.
  log_mailer(std::filesystem::path folder, sender from, const clock& clock, const telemetry::log& log);

  result<void> send(const email& what) override;

 private:
  std::filesystem::path folder_;
  sender from_;
  const clock& clock_;
  const telemetry::log& log_;
};

}  // namespace spaces::mail
