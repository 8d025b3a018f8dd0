#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/store_check.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <optional>

namespace spaces::table {

namespace {

/// A child that says nothing for so long hangs in a damaged page; looking at `progress_records`
/// takes milliseconds, and seconds on a slow disk.
constexpr int silence_ms_max = 120'000;

enum class message : char { found, progress, report, failed };

/// Where the child notes which key it follows, for the parent to read when it is dead.
struct shared_place {
  std::uint32_t size = 0;
  char bytes[512] = {};
};

template <class T>
void push(std::string& out, const T& number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void push(std::string& out, const std::string& text) {
  push(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

template <class T>
T take(std::string_view& rest) {
  T number{};
  if (rest.size() < sizeof number) return number;
  rest.copy(reinterpret_cast<char*>(&number), sizeof number);
  rest.remove_prefix(sizeof number);
  return number;
}

std::string take_text(std::string_view& rest) {
  const std::size_t size = std::min<std::size_t>(take<std::uint32_t>(rest), rest.size());
  std::string text(rest.substr(0, size));
  rest.remove_prefix(size);
  return text;
}

void send(int pipe, message kind, const std::string& body) {
  std::string framed;
  push(framed, kind);
  push(framed, body);
  for (std::string_view rest = framed; !rest.empty();) {
    const ssize_t written = ::write(pipe, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(1);  // nobody listens any more
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// noexcept: what the walk cannot get past ends the child, and its parent tells where; nothing goes on as a copy
/// of the parent.
[[noreturn]] void run_child(const std::filesystem::path& folder, int pipe, shared_place* place) noexcept {
  for (const int each : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(each, SIG_DFL);
  check_listener listener;
  listener.found = [pipe](const finding& what) {
    std::string body;
    push(body, what.kind);
    push(body, what.where);
    push(body, what.detail);
    send(pipe, message::found, body);
  };
  listener.progress = [pipe](std::uint64_t done, std::uint64_t in_all) {
    std::string body;
    push(body, done);
    push(body, in_all);
    send(pipe, message::progress, body);
  };
  const auto at = [place](std::string_view key) {
    const std::size_t size = std::min(key.size(), sizeof place->bytes);
    std::memcpy(place->bytes, key.data(), size);
    place->size = static_cast<std::uint32_t>(size);
  };
  const result<check_report> done = check_in_this_process(folder, listener, at);
  std::string body;
  if (done) {
    push(body, *done);
    send(pipe, message::report, body);
  } else {
    push(body, done.error().public_text + (done.error().private_text.empty() ? "" : ": " + done.error().private_text));
    send(pipe, message::failed, body);
  }
  _exit(0);
}

/// The parent's side: reads what the child says until it ends.
class listening {
 public:
  explicit listening(const check_listener& listener) : listener_(listener) {}

  /// False when the child fell silent.
  bool listen(int pipe) {
    char chunk[4096];
    while (true) {
      pollfd waiting{pipe, POLLIN, 0};
      const int ready = poll(&waiting, 1, silence_ms_max);
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return false;
      const ssize_t size = ::read(pipe, chunk, sizeof chunk);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return true;
      bytes_.append(chunk, static_cast<std::size_t>(size));
      take_messages();
    }
  }

  void report(const finding& what) {
    ++findings;
    if (listener_.found) listener_.found(what);
  }

  std::optional<check_report> whole;
  std::optional<std::string> failure;
  std::uint64_t findings = 0;

 private:
  void take_messages() {
    constexpr std::size_t head = sizeof(message) + sizeof(std::uint32_t);
    while (bytes_.size() >= head) {
      std::string_view rest = bytes_;
      const auto kind = take<message>(rest);
      const auto size = take<std::uint32_t>(rest);
      if (rest.size() < size) return;
      take_message(kind, rest.substr(0, size));
      bytes_.erase(0, head + size);
    }
  }

  void take_message(message kind, std::string_view body) {
    if (kind == message::found) {
      finding what;
      what.kind = take<finding_kind>(body);
      what.where = take_text(body);
      what.detail = take_text(body);
      report(what);
    } else if (kind == message::progress) {
      const auto done = take<std::uint64_t>(body);
      const auto in_all = take<std::uint64_t>(body);
      if (listener_.progress) listener_.progress(done, in_all);
    } else if (kind == message::report) {
      whole = take<check_report>(body);
    } else {
      failure = take_text(body);
    }
  }

  const check_listener& listener_;
  std::string bytes_;
};

std::string how_it_ended(bool silent, int status) {
  if (silent) return "The walk did not come back from this page";
  if (WIFSIGNALED(status)) return std::string("The walk died behind this key: ") + strsignal(WTERMSIG(status));
  return "The walk ended behind this key with status " + std::to_string(WEXITSTATUS(status));
}

result<check_report> with_child(const std::filesystem::path& folder, const check_listener& listener,
                                shared_place* place) {
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) return unavailable(std::string("no pipe for the check: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    ::close(ends[0]);
    run_child(folder, ends[1], place);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return unavailable(std::string("no process for the check: ") + std::strerror(errno));
  }
  listening parent(listener);
  const bool silent = !parent.listen(ends[0]);
  ::close(ends[0]);
  if (silent) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (parent.failure) {
    error failure = unavailable(*parent.failure);
    failure.public_text = *parent.failure;
    return failure;
  }
  if (parent.whole) return *parent.whole;
  parent.report({finding_kind::damaged_page, lmdb::readable(std::string_view(place->bytes, place->size)),
                 how_it_ended(silent, status)});
  check_report cut_short;
  cut_short.findings = parent.findings;
  return cut_short;
}

}  // namespace

result<check_report> check_store(const std::filesystem::path& folder, const check_listener& listener) {
  void* const shared = mmap(nullptr, sizeof(shared_place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return unavailable(std::string("no memory for the check: ") + std::strerror(errno));
  result<check_report> done = with_child(folder, listener, new (shared) shared_place);
  munmap(shared, sizeof(shared_place));
  return done;
}

}  // namespace spaces::table
