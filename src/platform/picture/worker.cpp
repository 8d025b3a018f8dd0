#include "platform/picture/worker.hpp"

#include "platform/picture/refusal.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

namespace spaces::picture {

namespace {

using std::chrono::steady_clock;

/// How often a worker's time is looked at while it works.
constexpr std::chrono::milliseconds tick{100};

std::string system_error(int number) { return std::string(::strerrordesc_np(number)); }

/// What posix_spawn is told: nothing of ours goes along but one socket.
class spawn_plan {
 public:
  explicit spawn_plan(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    // The socket first, for its number may be one of those below.
    ::posix_spawn_file_actions_adddup2(&actions_, socket, protocol::worker_socket);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, protocol::worker_socket + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    // A session of its own: Ctrl-C is for the server, which finishes what is in work.
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  ~spawn_plan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::chrono::nanoseconds cpu_time_of(pid_t id) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(id, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// Whether a worker that is given the descriptor could change what it leads to.
bool could_be_written(int original) {
  if ((::fcntl(original, F_GETFL) & O_ACCMODE) == O_RDONLY) return false;
  const int seals = ::fcntl(original, F_GET_SEALS);
  return seals < 0 || (seals & F_SEAL_WRITE) == 0;
}

/// What a signal that ended a worker says: nothing where somebody sent it (or the kernel, which lacked memory).
std::optional<reason> reason_of(int signal) {
  switch (signal) {
    case SIGXCPU: return reason::too_slow;
    case SIGTRAP: return reason::too_slow;  // GLib's end where it gets no memory
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGABRT:
    case SIGSYS: return reason::damaged;  // the last: a system call that the sandbox does not know
    default: return std::nullopt;
  }
}

}  // namespace

result<std::unique_ptr<worker>> worker::start(const std::string& program, bool require_sandbox,
                                              const worker_times& times) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return unavailable("no socket for a picture worker: " + system_error(errno));
  descriptor ours(ends[0]);
  const descriptor its(ends[1]);
  const spawn_plan plan(its.get());
  std::string name = "spaces-media", word(protocol::require_sandbox);
  char* words[] = {name.data(), require_sandbox ? word.data() : nullptr, nullptr};
  char* nothing[] = {nullptr};
  pid_t id = 0;
  const int failed = ::posix_spawn(&id, program.c_str(), plan.actions(), plan.attributes(), words, nothing);
  if (failed != 0) return unavailable(fmt::format("{} cannot be started: {}", program, system_error(failed)));
  return std::unique_ptr<worker>(new worker(id, std::move(ours), times));
}

worker::~worker() {
  if (id_ <= 0) return;
  ::kill(id_, SIGKILL);
  while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool worker::spent() {
  if (id_ <= 0) return true;
  if (!greeted_) return false;
  char unasked = 0;
  const ssize_t got = ::recv(socket_.get(), &unasked, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) end("it speaks without being asked", false);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) judge_end();
  return id_ <= 0;
}

error worker::end(std::string why, bool by_picture) {
  complaint_ = std::move(why);
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  id_ = 0;
  socket_.reset();
  return by_picture ? refuse(reason::damaged) : unavailable("picture worker: " + complaint_);
}

error worker::judge_end() {
  // Where it has closed its socket and lives on, it is ended here; where it has died, this changes nothing.
  ::kill(id_, SIGKILL);
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = 0;
  socket_.reset();
  if (!WIFSIGNALED(status)) {
    complaint_ = fmt::format("ended with status {}", WEXITSTATUS(status));
    return unavailable("picture worker: " + complaint_);
  }
  const int signal = WTERMSIG(status);
  complaint_ = fmt::format("ended by SIG{}", ::sigabbrev_np(signal) == nullptr ? "?" : ::sigabbrev_np(signal));
  if (const auto why = reason_of(signal); why && working_) return refuse(*why);
  return unavailable("picture worker: " + complaint_);
}

bool worker::over_cpu_time() { return working_ && cpu_time_of(id_) - cpu_before_ > times_.cpu; }

result<void> worker::receive(char* into, std::size_t bytes, time until) {
  while (bytes > 0) {
    pollfd watched{socket_.get(), POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(tick.count()));
    if (ready < 0 && errno != EINTR) return end("its socket fails: " + system_error(errno), false);
    if (over_cpu_time()) {
      end("a picture took too much CPU", false);
      return refuse(reason::too_slow);
    }
    if (steady_clock::now() > until) return end("no answer in time", false);
    if (ready <= 0) continue;
    const ssize_t got = ::recv(socket_.get(), into, bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return judge_end();
    into += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return {};
}

result<protocol::greeting> worker::wait_until_warm() {
  if (greeted_) return *greeted_;
  protocol::greeting heard;
  if (const auto got = receive(reinterpret_cast<char*>(&heard), sizeof heard, steady_clock::now() + times_.greeting);
      !got)
    return got.error();
  if (heard.version != protocol::version) return end("of another build than this program", false);
  greeted_ = heard;
  return heard;
}

void worker::allow_cpu_time() const {
  // The kernel ends it, too, should nobody be there any more to look at its clock.
  const auto used = std::chrono::ceil<std::chrono::seconds>(cpu_before_);
  rlimit limit{};
  if (::prlimit(id_, RLIMIT_CPU, nullptr, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, static_cast<rlim_t>((used + cpu_time_max).count() + 1));
  ::prlimit(id_, RLIMIT_CPU, &limit, nullptr);
}

result<void> worker::send_request(int original, const protocol::request& asked) {
  iovec text{const_cast<protocol::request*>(&asked), sizeof asked};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof original)] = {};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof original);
  std::memcpy(CMSG_DATA(head), &original, sizeof original);
  ssize_t sent = 0;
  do sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == static_cast<ssize_t>(sizeof asked)) return {};
  if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return judge_end();
  return end("it takes no picture: " + system_error(errno), false);
}

result<prepared> worker::receive_answer(stage what) {
  const time until = steady_clock::now() + times_.wall;
  protocol::answer_head head;
  if (const auto got = receive(reinterpret_cast<char*>(&head), sizeof head, until); !got) return got.error();
  if (head.version == protocol::version && head.number != pictures_) return end("an answer to another picture", false);
  if (head.version != protocol::version || head.refused > reasons || head.bytes > answer_bytes_max ||
      (head.refused > 0 && head.bytes > 0))
    return end("an answer that is none", true);
  if (head.refused > 0) return refuse(static_cast<reason>(head.refused - 1));
  std::string body(head.bytes, '\0');
  if (const auto got = receive(body.data(), body.size(), until); !got) return got.error();
  auto read = protocol::read_prepared(body, what);
  if (const auto* const wrong = std::get_if<std::string_view>(&read))
    return end(fmt::format("a wrong answer: {}", *wrong), true);
  return std::get<prepared>(std::move(read));
}

result<prepared> worker::prepare(int original, std::uint64_t bytes, stage what) {
  if (could_be_written(original)) return internal("a picture's descriptor that a worker could write to");
  cpu_before_ = cpu_time_of(id_);
  allow_cpu_time();
  protocol::request asked;
  asked.stage = static_cast<std::uint32_t>(what);
  asked.bytes = bytes;
  asked.number = ++pictures_;
  if (const auto sent = send_request(original, asked); !sent) return sent.error();
  working_ = true;
  auto answered = receive_answer(what);
  working_ = false;
  return answered;
}

}  // namespace spaces::picture
