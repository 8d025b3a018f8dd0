#include "platform/mail/log/log_mailer.hpp"

#include "platform/mail/message.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace spaces::mail {

namespace {

error cannot(const std::filesystem::path& file, int code) {
  return unavailable("cannot write the e-mail " + file.string() + ": " + std::strerror(code));
}

/// Whole or not at all: under another name first.
result<void> write_file(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path draft = file.string() + ".new";
  const int out = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (out < 0) return cannot(file, errno);
  int failed = 0;
  while (!text.empty() && failed == 0) {
    const ssize_t wrote = ::write(out, text.data(), text.size());
    if (wrote > 0)
      text.remove_prefix(static_cast<std::size_t>(wrote));
    else if (errno != EINTR)
      failed = errno;
  }
  ::close(out);
  if (failed == 0 && ::rename(draft.c_str(), file.c_str()) != 0) failed = errno;
  if (failed != 0) return cannot(file, failed);
  return {};
}

}  // namespace

log_mailer::log_mailer(std::filesystem::path folder, sender from, const clock& clock, const telemetry::log& log)
    : folder_(std::move(folder)), from_(std::move(from)), clock_(clock), log_(log) {}

result<void> log_mailer::send(const email& what) {
  const auto message = message_of(what, from_, clock_.now());
  if (!message) return message.error();
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return cannot(folder_, errno);
  if (what.message_id.find('/') != std::string::npos)
    return invalid({{"email", "malformed", "its Message-ID is no name for a file"}});
  const std::filesystem::path file = folder_ / (what.message_id + ".eml");
  if (const auto wrote = write_file(file, *message); !wrote) return wrote.error();
  log_.write(telemetry::level::info, "email", {{"subject", what.subject}, {"file", file.string()}});
  return {};
}

}  // namespace spaces::mail
