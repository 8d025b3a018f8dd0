#include "program/media/sandbox.hpp"

#include "platform/picture/protocol.hpp"

#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <utility>

namespace spaces::media {

namespace {

/// All others come first: a page that is read never waits for a picture.
constexpr int niceness = 10;
/// The socket, the standard ones, and the picture; some to spare.
constexpr rlim_t descriptors_max = 16;

void limit(__rlimit_resource what, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(what, &both);
}

/// Each version of Landlock knows more that can be forbidden; naming what a kernel does not know is an error.
std::uint64_t file_rights(int version) {
  constexpr std::uint64_t first = (1ULL << 13) - 1;  // execute to make_sym
  constexpr std::uint64_t refer = 1ULL << 13, truncate = 1ULL << 14, ioctl_dev = 1ULL << 15;
  return first | (version >= 2 ? refer : 0) | (version >= 3 ? truncate : 0) | (version >= 5 ? ioctl_dev : 0);
}

/// As kernels of version 6 and later know it; earlier ones take its beginning. Debian 12's header has the first member.
struct ruleset_attributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;  ///< from version 4: bind and connect of TCP
  std::uint64_t scoped = 0;   ///< from version 6: abstract sockets, signals
};

std::size_t known_bytes(int version) {
  if (version >= 6) return sizeof(ruleset_attributes);
  return version >= 4 ? offsetof(ruleset_attributes, scoped) : offsetof(ruleset_attributes, network);
}

/// A ruleset without a rule allows nothing. Its version; 0 where the kernel has none.
std::uint32_t forbid_paths() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION);
  if (version <= 0) return 0;
  const int known = static_cast<int>(version);
  const ruleset_attributes all{file_rights(known), 3, 3};
  const long rules = ::syscall(SYS_landlock_create_ruleset, &all, known_bytes(known), 0);
  if (rules < 0) return 0;
  const bool held = ::syscall(SYS_landlock_restrict_self, static_cast<int>(rules), 0) == 0;
  ::close(static_cast<int>(rules));
  return held ? static_cast<std::uint32_t>(version) : 0;
}

using filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

/// What decoding and encoding, memory and threads need, and the one socket.
constexpr std::array allowed{
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(sendto),
    SCMP_SYS(recvmsg),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
};

/// What libraries try and can do without: they are told that they may not, and go on. All else ends the process.
constexpr std::array denied{
    SCMP_SYS(open),     SCMP_SYS(openat), SCMP_SYS(stat),       SCMP_SYS(newfstatat), SCMP_SYS(access),
    SCMP_SYS(readlink), SCMP_SYS(statx),  SCMP_SYS(getdents64), SCMP_SYS(ioctl),      SCMP_SYS(getpeername),
};

/// Those that are allowed with some arguments alone.
bool allow_in_part(scmp_filter_ctx to) {
  const auto allow = [&](int call, const scmp_arg_cmp& rule) {
    return ::seccomp_rule_add(to, SCMP_ACT_ALLOW, call, 1, rule) == 0;
  };
  constexpr scmp_datum_t execute = 4;  // PROT_EXEC: nothing that is written is ever run
  const bool memory = allow(SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, execute, 0)) &&
                      allow(SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, execute, 0));
  // Threads, and no process; of clone3 no filter can see what it makes, so that glibc takes clone.
  const bool threads = allow(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) &&
                       ::seccomp_rule_add(to, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
  // A thread's name, and a signal to itself (abort).
  return memory && threads && allow(SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) &&
         allow(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
}

bool filter_calls() {
  const filter made(::seccomp_init(SCMP_ACT_KILL_PROCESS), ::seccomp_release);
  if (!made || ::seccomp_attr_set(made.get(), SCMP_FLTATR_CTL_TSYNC, 1) != 0) return false;
  for (const int call : allowed)
    if (::seccomp_rule_add(made.get(), SCMP_ACT_ALLOW, call, 0) != 0) return false;
  for (const int call : denied)
    if (call >= 0 && ::seccomp_rule_add(made.get(), SCMP_ACT_ERRNO(EACCES), call, 0) != 0) return false;
  return allow_in_part(made.get()) && ::seccomp_load(made.get()) == 0;
}

/// Only this thread runs.
bool alone() {
  std::error_code failed;
  auto threads = std::filesystem::directory_iterator("/proc/self/task", failed);
  return !failed && ++threads == std::filesystem::directory_iterator();
}

}  // namespace

void bound_resources() {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, descriptors_max);
  limit(RLIMIT_AS, memory_bytes_max);
  ::setpriority(PRIO_PROCESS, 0, niceness);
}

std::optional<std::string_view> enter_sandbox(bool require_landlock, std::uint32_t& landlock) {
  if (!alone()) return "a library has made a thread already";
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs cannot be set";
  landlock = forbid_paths();
  if (landlock == 0 && require_landlock) return "this kernel has no Landlock, or it is turned off";
  if (!filter_calls()) return "the system calls cannot be filtered";
  return std::nullopt;
}

}  // namespace spaces::media
