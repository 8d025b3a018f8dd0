#include "platform/aws/process_credentials.hpp"

#include "platform/aws/limits.hpp"
#include "platform/base/clock.hpp"
#include "platform/record/json.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace spaces::aws {
namespace {

using std::chrono::steady_clock;

/// A child of ours, which does not outlive this.
class child {
 public:
  child() = default;
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    if (output_ >= 0) ::close(output_);
    end();
  }

  /// False, with errno, where it cannot be started.
  bool start(const std::string& command);
  int output() const { return output_; }
  /// The status that waitpid gives: it has closed its output, and is waited for until `deadline`; empty: it runs on.
  std::optional<int> wait(steady_clock::time_point deadline);

 private:
  void end() {
    if (id_ <= 0) return;
    ::kill(-id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
  }

  pid_t id_ = -1;
  int output_ = -1;
};

bool child::start(const std::string& command) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return false;
  output_ = pipe[0];
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t how{};
  posix_spawnattr_init(&how);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&how, 0);
  sigset_t none{};
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);
  sigset_t usual{};
  sigfillset(&usual);
  posix_spawnattr_setsigdefault(&how, &usual);
  std::string shell = "/bin/sh";
  std::string flag = "-c";
  std::string line = command;
  std::array<char*, 4> words{shell.data(), flag.data(), line.data(), nullptr};
  const int failed = ::posix_spawn(&id_, shell.c_str(), &actions, &how, words.data(), environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failed == 0) return true;
  id_ = -1;
  errno = failed;
  return false;
}

/// A program may close its output and go on; it is looked at now and then.
std::optional<int> child::wait(steady_clock::time_point deadline) {
  constexpr int look_ms = 5;
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(id_, &status, WNOHANG);
    if (ended == id_) {
      ::kill(-id_, SIGKILL);  // what it has left behind
      id_ = -1;
      return status;
    }
    if (ended < 0 && errno != EINTR) return std::nullopt;
    if (steady_clock::now() >= deadline) return std::nullopt;
    ::poll(nullptr, 0, look_ms);
  }
}

/// All that it prints; an error when that takes too long or is too much.
result<std::string> read_output(int from, steady_clock::time_point deadline) {
  std::string text;
  std::array<char, 4096> block{};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    pollfd one{from, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&one, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return unavailable("credential_process took too long and was ended");
    const ssize_t got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unavailable(std::string("credential_process cannot be read: ") + std::strerror(errno));
    if (got == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > process_output_bytes_max)
      return unavailable("credential_process printed more than " + std::to_string(process_output_bytes_max) + " bytes");
  }
}

/// What it printed holds secrets and is not repeated.
result<credentials> read_document(const std::string& printed) {
  const auto document = record::parse_json(printed);
  if (!document || document->kind != record::json_kind::object)
    return unavailable("credential_process did not print a JSON object");
  const auto text = [&](std::string_view name) {
    const record::json_value* const found = document->find(name);
    return found != nullptr && found->kind == record::json_kind::string ? found->text : std::string();
  };
  const record::json_value* const version = document->find("Version");
  if (version == nullptr || version->kind != record::json_kind::number || version->text != "1")
    return unavailable("credential_process printed another Version than 1, the only one there is");
  credentials found{text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"), std::nullopt};
  if (found.access_key_id.empty() || found.secret_access_key.empty())
    return unavailable("credential_process printed no AccessKeyId and SecretAccessKey");
  if (const std::string expiration = text("Expiration"); !expiration.empty()) {
    found.expires = parse_instant(expiration);
    if (!found.expires) return unavailable("credential_process printed an Expiration that is no time (ISO 8601)");
  }
  return found;
}

}  // namespace

result<credentials> run_credential_process(const std::string& command, std::chrono::milliseconds time_max) {
  const auto deadline = steady_clock::now() + time_max;
  child process;
  if (!process.start(command))
    return unavailable(std::string("credential_process cannot be started: ") + std::strerror(errno));
  const auto printed = read_output(process.output(), deadline);
  if (!printed) return printed.error();
  const auto status = process.wait(deadline);
  if (!status) return unavailable("credential_process took too long and was ended");
  if (WIFSIGNALED(*status))
    return unavailable("credential_process was ended by signal " + std::to_string(WTERMSIG(*status)));
  if (WEXITSTATUS(*status) != 0)
    return unavailable("credential_process ended with status " + std::to_string(WEXITSTATUS(*status)));
  return read_document(*printed);
}

}  // namespace spaces::aws
