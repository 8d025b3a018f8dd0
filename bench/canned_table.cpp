/// A DynamoDB that only ever says the same: what it costs to ask it is what asking costs.
///
///   canned_table [--spin] ANSWERS [CERTIFICATE KEY]
///
/// ANSWERS is a file of lines "TEXT<tab>JSON". A request whose body has TEXT in it is answered by the JSON of
/// the first such line, any other by 400. It listens at a free port of 127.0.0.1, which it prints, keeps
/// connections open, and speaks TLS where a certificate is named. With --spin it never sleeps on a plain connection:
/// waking it would be charged to the client. Ended by SIGTERM.
#include "loopback.hpp"

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using answers = std::vector<std::pair<std::string, std::string>>;

bool spins = false;

std::string framed(std::string_view status, std::string_view body) {
  const auto* bytes = reinterpret_cast<const Bytef*>(body.data());
  // The fields of DynamoDB itself.
  std::string out = "HTTP/1.1 " + std::string(status) +
                    "\r\nServer: Server\r\nDate: Wed, 25 Nov 2026 08:00:00 GMT\r\nContent-Type: "
                    "application/x-amz-json-1.0\r\nContent-Length: " +
                    std::to_string(body.size()) +
                    "\r\nConnection: keep-alive\r\nx-amzn-RequestId: "
                    "4KBNVRGD25RG1KEO9UT4V3FQDJVV4KQNSO5AEMVJF66Q9ASUAAJG\r\nx-amz-crc32: " +
                    std::to_string(crc32(0, bytes, static_cast<uInt>(body.size()))) + "\r\n\r\n";
  return out.append(body);
}

answers read_answers(const char* path) {
  std::ifstream file(path);
  answers all;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) throw std::runtime_error("a line without a tab");
    all.emplace_back(line.substr(0, tab), framed("200 OK", line.substr(tab + 1)));
  }
  if (all.empty()) throw std::runtime_error("no answers");
  return all;
}

/// One client, plain or by TLS.
class link {
 public:
  link(int socket, SSL_CTX* context) : socket_(socket) {
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context == nullptr) return;
    stream_ = SSL_new(context);
    SSL_set_fd(stream_, socket_);
    accepted_ = SSL_accept(stream_) == 1;
  }
  link(const link&) = delete;
  link& operator=(const link&) = delete;
  ~link() {
    SSL_free(stream_);
    ::close(socket_);
  }

  void serve(const answers& known) {
    static const std::string unknown = framed("400 Bad Request", R"({"__type":"ValidationException"})");
    while (accepted_) {
      std::size_t size = 0;
      while ((size = request_bytes()) == 0)
        if (!more()) return;
      const std::string_view request = std::string_view(held_).substr(0, size);
      const std::string* said = &unknown;
      for (const auto& [text, answer] : known) {
        if (request.find(text) == std::string_view::npos) continue;
        said = &answer;
        break;
      }
      held_.erase(0, size);
      if (!send(*said)) return;
    }
  }

 private:
  /// Of a request that has come whole; 0: it has not.
  std::size_t request_bytes() const {
    const std::size_t end = held_.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const std::size_t field = held_.find("Content-Length: ");
    const std::size_t length = field < end ? std::stoul(held_.substr(field + 16)) : 0;
    return held_.size() < end + 4 + length ? 0 : end + 4 + length;
  }

  bool more() {
    char part[16384];
    const auto count = stream_ != nullptr ? SSL_read(stream_, part, sizeof part) : receive(part, sizeof part);
    if (count <= 0) return false;
    held_.append(part, static_cast<std::size_t>(count));
    return true;
  }

  int receive(char* into, std::size_t room) const {
    while (true) {
      const ssize_t count = ::recv(socket_, into, room, spins ? MSG_DONTWAIT : 0);
      if (count >= 0 || errno != EAGAIN) return static_cast<int>(count);
      ::sched_yield();
    }
  }

  bool send(std::string_view bytes) {
    const auto count = stream_ != nullptr ? SSL_write(stream_, bytes.data(), static_cast<int>(bytes.size()))
                                          : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    return count == static_cast<int>(bytes.size());
  }

  int socket_;
  SSL* stream_ = nullptr;
  bool accepted_ = true;
  std::string held_;
};

SSL_CTX* context_of(const char* certificate, const char* key) {
  SSL_CTX* made = SSL_CTX_new(TLS_server_method());
  if (made == nullptr || SSL_CTX_use_certificate_chain_file(made, certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(made, key, SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("the certificate cannot be used");
  return made;
}

void run(int count, char** words) {
  const answers known = read_answers(words[1]);
  SSL_CTX* const context = count == 4 ? context_of(words[2], words[3]) : nullptr;
  const bench::loopback_listener listener = bench::listen_anywhere(64);
  std::printf("%s\n", listener.address.c_str());
  std::fflush(stdout);
  for (int socket; (socket = ::accept4(listener.socket, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;)
    std::thread([socket, context, &known] { link(socket, context).serve(known); }).detach();
}

}  // namespace

int main(int count, char** words) {
  if (count > 1 && std::string_view(words[1]) == "--spin") {
    spins = true;
    ++words;
    --count;
  }
  if (count != 2 && count != 4) {
    std::fprintf(stderr, "canned_table [--spin] ANSWERS [CERTIFICATE KEY]\n");
    return 2;
  }
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  try {
    run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "canned_table: %s\n", failure.what());
    return 1;
  }
  return 0;
}
