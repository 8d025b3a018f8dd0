/// A client that keeps a number of connections busy, one request at a time on each, and tells what the
/// server spent meanwhile. It reads the server's CPU clock itself, at the very moments between which it
/// counts answers.
///
///   load --port N --targets FILE [--clients 64] [--seconds 1 | --requests N] [--warm-up SECONDS]
///        [--in-turn] [--spin] [--rate PER_SECOND] [--field 'Name: value']… [--post FILE | --once FILE | --renew FILE]
///        [--watch PID] [--counters FILE] [--change FOLDER --ids FILE]
///
/// --targets   one request target a line, drawn at random; with --in-turn client i sends line i each time
/// --spin      never sleep for answers: a server that is slower than this client would otherwise pay for
///             waking it, a quick one not
/// --post      the body to POST, in which each "{n}" becomes a number that never comes twice
/// --rate      ask so often, whatever the server does (an open loop): a request is due at its time, goes out on
///             a connection that is free, and its wait is counted from when it was due
/// --once      bodies to POST, one a line, each once and in their order: a header field of its own ("Authorization:
///             Bearer …"), a tab and the body. Where people may do a thing a few times only
/// --renew     refresh tokens, one a line: client i begins with line i, and goes on with what each answer brings
/// --watch     process whose CPU time is read
/// --counters  what libcounted.so counts in that process
/// --change    between an answer and the client's next request, change a listing of this store, whose
///             ids FILE names: nothing that the server cached can hold then. Unsynced, by this process
///
/// Prints one JSON object. Any answer outside 200-299 and any broken connection ends it with status 1.
#include "listing_changer.hpp"
#include "load_options.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using bench::fail;
using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds silence_max{5};

/// What the server has spent up to a moment.
struct spent {
  std::int64_t cpu_ns = 0;
  std::uint64_t allocations = 0;
  std::uint64_t waits = 0;
};

class watched_server {
 public:
  explicit watched_server(const bench::load_options& options) {
    if (options.watch != 0) {
      clockid_t clock{};
      if (::clock_getcpuclockid(options.watch, &clock) != 0) fail("no such process to watch");
      clock_ = clock;
    }
    if (options.counters.empty()) return;
    const int file = ::open(options.counters.c_str(), O_RDONLY);
    if (file < 0) fail(options.counters);
    void* const shared = ::mmap(nullptr, 2 * sizeof(std::uint64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (shared == MAP_FAILED) fail("mmap");
    counters_ = static_cast<const volatile std::uint64_t*>(shared);
  }

  spent now() const {
    spent at;
    timespec time{};
    if (clock_ && ::clock_gettime(*clock_, &time) != 0) fail("the watched process is gone");
    at.cpu_ns = std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    if (counters_) at.allocations = counters_[0], at.waits = counters_[1];
    return at;
  }

 private:
  std::optional<clockid_t> clock_;
  const volatile std::uint64_t* counters_ = nullptr;
};

/// Writes requests into a buffer: the target drawn, the body numbered.
class request_writer {
 public:
  explicit request_writer(const bench::load_options& options) : options_(options), random_(options.seed) {
    std::ifstream file(options.targets);
    for (std::string line; std::getline(file, line);)
      if (!line.empty()) targets_.push_back(line);
    if (targets_.empty()) fail(options.targets + " names no target");
    rest_ = " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) + "\r\nUser-Agent: bench\r\nAccept: */*\r\n";
    for (const std::string& field : options.fields) rest_ += field + "\r\n";
    if (!options.once.empty()) once_.open(options.once);
    if (!options.renew.empty()) read_refresh_tokens(options);
    if (options.post.empty()) return;
    std::ifstream body(options.post);
    body_.assign(std::istreambuf_iterator<char>(body), {});
    // From the clock, so that another run's numbers are others.
    number_ = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  }

  /// False when all that may be asked once was asked.
  bool write(std::string& out, std::size_t client) {
    const bool posts = !body_.empty() || once_.is_open() || !refresh_tokens_.empty();
    out.assign(posts ? "POST " : "GET ");
    out += options_.in_turn ? targets_[client % targets_.size()] : targets_[draw(targets_.size())];
    out += rest_;
    if (once_.is_open()) return append_next(out);
    if (!refresh_tokens_.empty())
      append_json(out, R"({"refresh_token":")" + refresh_tokens_[client] + "\"}");
    else if (!body_.empty())
      append_body(out);
    else
      out += "\r\n";
    return true;
  }

  /// What an answer brings for the client's next request.
  void learn(std::string_view answer, std::size_t client) {
    if (refresh_tokens_.empty()) return;
    constexpr std::string_view name = R"("refresh_token":")";
    const std::size_t begin = answer.find(name);
    if (begin == std::string_view::npos) bench::stop("an answer without a refresh token");
    const std::string_view token = answer.substr(begin + name.size());
    refresh_tokens_[client] = token.substr(0, token.find('"'));
  }

 private:
  void read_refresh_tokens(const bench::load_options& options) {
    std::ifstream file(options.renew);
    for (std::string line; std::getline(file, line);) refresh_tokens_.push_back(line);
    if (refresh_tokens_.size() < options.clients)
      bench::stop(options.renew + " has fewer tokens than there are clients");
  }

  /// Evenly enough: a bench, and 2^64 is large.
  std::size_t draw(std::size_t below) { return below == 1 ? 0 : static_cast<std::size_t>(random_() % below); }

  bool append_next(std::string& out) {
    std::string line;
    if (!std::getline(once_, line)) return false;
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) bench::stop(options_.once + " has a line without a tab");
    out += line.substr(0, tab) + "\r\n";
    append_json(out, line.substr(tab + 1));
    return true;
  }

  static void append_json(std::string& out, const std::string& body) {
    out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  void append_body(std::string& out) {
    std::string body;
    ++number_;
    for (std::string_view left = body_; !left.empty();) {
      const std::size_t found = left.find("{n}");
      body += left.substr(0, found);
      if (found == std::string_view::npos) break;
      body += std::to_string(number_);
      left.remove_prefix(found + 3);
    }
    append_json(out, body);
  }

  const bench::load_options& options_;
  std::mt19937_64 random_;
  std::vector<std::string> targets_;
  std::string rest_;
  std::string body_;
  std::ifstream once_;
  std::vector<std::string> refresh_tokens_;  ///< by client
  std::uint64_t number_ = 0;
};

struct client {
  int socket = -1;
  std::size_t number = 0;
  std::string answer;     ///< what has come of it
  std::size_t whole = 0;  ///< its size; 0: not known yet
  steady::time_point sent_at;
};

/// Answers counted between two moments.
struct tally {
  std::uint64_t answers = 0;
  std::uint64_t bytes = 0;
  std::vector<std::uint32_t> nanoseconds;
};

class load {
 public:
  explicit load(const bench::load_options& options)
      : options_(options), server_(options), writer_(options), clients_(options.clients) {
    if (!options.change.empty()) changer_.emplace(options.change, options.ids);
    tally_.nanoseconds.reserve(1 << 22);
    for (std::size_t i = 0; i < clients_.size(); ++i) connect(clients_[i], i);
  }

  void run() {
    // A timer may be 50 µs late otherwise, and each wait would be counted with it.
    if (interval_.count() > 0) ::prctl(PR_SET_TIMERSLACK, 1UL);
    due_ = steady::now();
    for (client& each : clients_) go_on(each);
    const auto warm = steady::now() + std::chrono::duration<double>(options_.warm_up);
    while (steady::now() < warm) turn();
    tally_ = {};
    tally_.nanoseconds.reserve(1 << 22);
    const spent before = server_.now();
    const auto started = steady::now();
    const auto until = started + std::chrono::duration<double>(options_.seconds);
    while (options_.requests > 0 ? tally_.answers < options_.requests : steady::now() < until) turn();
    const spent after = server_.now();
    report(before, after, std::chrono::duration<double>(steady::now() - started).count());
  }

 private:
  void connect(client& fresh, std::size_t number) {
    fresh.number = number;
    fresh.socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(options_.port);
    if (::connect(fresh.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
    const int on = 1;
    ::setsockopt(fresh.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.ptr = &fresh;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fresh.socket, &interest) != 0) fail("epoll_ctl");
  }

  void turn() {
    std::array<epoll_event, 256> events;
    const auto patient_until = steady::now() + silence_max;
    int count = 0;
    while (count == 0) {
      if (interval_.count() > 0) send_what_is_due();
      if (steady::now() > patient_until) bench::stop("the server has answered nothing for 5 seconds");
      const timespec longest = patience();
      count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &longest, nullptr);
    }
    for (int i = 0; i < count; ++i) hear(*static_cast<client*>(events[static_cast<std::size_t>(i)].data.ptr));
    if (!changer_ || answered_.empty()) return;
    changer_->change_one();  // one for all who were answered and have not asked again
    for (client* each : answered_) send(*each);
    answered_.clear();
  }

  /// How long an answer is waited for before something else is to be done.
  timespec patience() const {
    if (options_.spin) return {};
    if (interval_.count() == 0 || idle_.empty()) return {1, 0};
    const std::chrono::nanoseconds left = std::max(due_ - steady::now(), steady::duration{});
    return {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  }

  /// Of an open loop. Where no connection is free the request waits, and that it waited is counted.
  void send_what_is_due() {
    for (const auto now = steady::now(); due_ <= now && !idle_.empty(); due_ += interval_) {
      client& one = *idle_.back();
      idle_.pop_back();
      send(one);
      one.sent_at = due_;
    }
  }

  /// After its answer, and at the beginning.
  void go_on(client& one) {
    if (interval_.count() > 0)
      idle_.push_back(&one);
    else
      send(one);
  }

  void hear(client& one) {
    const ssize_t got = ::recv(one.socket, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) bench::stop("the server closed a connection");
    std::string_view text(buffer_.data(), static_cast<std::size_t>(got));
    if (!one.answer.empty()) text = one.answer.append(text);
    if (one.whole == 0) one.whole = size_of(text);
    if (one.whole == 0 || text.size() < one.whole) {
      if (one.answer.empty()) one.answer = text;
      return;
    }
    if (text.size() > one.whole) bench::stop("more came than was asked for");
    const auto now = steady::now();
    ++tally_.answers;
    tally_.bytes += text.size();
    tally_.nanoseconds.push_back(static_cast<std::uint32_t>((now - one.sent_at).count()));
    writer_.learn(text, one.number);
    one.answer.clear();
    one.whole = 0;
    if (changer_)
      answered_.push_back(&one);
    else
      go_on(one);
  }

  /// Of the whole answer; 0 while its header section is not there.
  static std::size_t size_of(std::string_view text) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (!text.starts_with("HTTP/1.1 2")) bench::stop("not a success: " + std::string(text.substr(0, 1000)));
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t found = text.substr(0, end).find(name);
    std::size_t body = 0;
    if (found != std::string_view::npos) {
      const char* const digits = text.data() + found + name.size();
      std::from_chars(digits, text.data() + end, body);
    }
    return end + 4 + body;
  }

  void send(client& one) {
    if (!writer_.write(request_, one.number)) {
      const bool enough = options_.requests > 0 && tally_.answers >= options_.requests;
      if (++resting_ == clients_.size() && !enough) bench::stop(options_.once + " is used up");
      return;
    }
    one.sent_at = steady::now();
    if (::send(one.socket, request_.data(), request_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request_.size()))
      fail("send");
  }

  void report(const spent& before, const spent& after, double seconds) {
    auto& times = tally_.nanoseconds;
    std::sort(times.begin(), times.end());
    const auto quantile_us = [&](double part) {
      if (times.empty()) return 0.0;
      const auto at = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
      return static_cast<double>(times[at]) / 1000;
    };
    const auto answers = static_cast<double>(std::max<std::uint64_t>(tally_.answers, 1));
    std::printf(
        "{\"answers\": %llu, \"seconds\": %.6f, \"per_second\": %.1f, \"cpu_us\": %.4f, \"busy\": %.4f, "
        "\"answer_bytes\": %.1f, "
        "\"allocations\": %.6f, \"waits\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
        static_cast<unsigned long long>(tally_.answers), seconds, answers / seconds,
        static_cast<double>(after.cpu_ns - before.cpu_ns) / 1000 / answers,
        static_cast<double>(after.cpu_ns - before.cpu_ns) / 1e9 / seconds, static_cast<double>(tally_.bytes) / answers,
        static_cast<double>(after.allocations - before.allocations) / answers,
        static_cast<double>(after.waits - before.waits) / answers, quantile_us(0.5), quantile_us(0.99));
  }

  const bench::load_options& options_;
  watched_server server_;
  request_writer writer_;
  std::optional<bench::listing_changer> changer_;
  int epoll_ = ::epoll_create1(0);
  std::vector<client> clients_;
  std::vector<client*> answered_;  ///< where something is to change before they ask again
  std::size_t resting_ = 0;        ///< clients that have nothing more to ask
  const std::chrono::nanoseconds interval_{options_.rate > 0 ? 1'000'000'000 / options_.rate : 0};
  steady::time_point due_;     ///< of an open loop: when the next request is to go out
  std::vector<client*> idle_;  ///< of an open loop
  std::array<char, 64 * 1024> buffer_;
  std::string request_;
  tally tally_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::load_options options = bench::read_load_options(argc, argv);
  std::make_unique<load>(options)->run();
}
