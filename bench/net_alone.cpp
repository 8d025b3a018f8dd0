/// The server with an application that does nothing: what `net` itself costs beside bare_epoll.
///
///   net_alone PORT FILE [LOOPS]    FILE holds the whole answer, as for bare_epoll
///
/// Its Date line is put in by the server, so the file holds none. Prints "listening on …" and serves
/// until SIGTERM.
#include "platform/net/server/server.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace {

namespace http = spaces::http;

class one_answer final : public http::application {
 public:
  explicit one_answer(std::string bytes) {
    auto made = std::make_shared<http::prepared>();
    made->fields_at = bytes.find("\r\n") + 2;
    made->body_at = bytes.find("\r\n\r\n") + 4;
    made->bytes = std::move(bytes);
    ready_ = std::move(made);
  }

  http::begun begin(const http::request&) override {
    http::begun done;
    done.answer.emplace().ready = ready_;
    return done;
  }
  http::response finish(const http::request&, http::pending_ptr) override { return {}; }
  http::response refuse(int status, std::string_view detail, std::string_view) override {
    http::response answer;
    answer.status = status;
    answer.body = detail;
    return answer;
  }

 private:
  std::shared_ptr<const http::prepared> ready_;
};

spaces::net::server* running = nullptr;

}  // namespace

// Nothing is ever pending here.
struct spaces::http::pending {};
void spaces::http::pending_delete::operator()(pending* p) const { delete p; }

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "net_alone PORT FILE [LOOPS]\n");
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  one_answer application(std::string{std::istreambuf_iterator<char>(file), {}});
  spaces::net::server_options options;
  options.listen = {std::string("127.0.0.1:") + argv[1]};
  options.loops = argc > 3 ? static_cast<std::size_t>(std::atoi(argv[3])) : 1;
  spaces::net::server web(application, options);
  if (const auto listening = web.listen(); !listening) {
    std::fprintf(stderr, "%s\n", listening.error().public_text.c_str());
    return 1;
  }
  running = &web;
  std::signal(SIGTERM, [](int) { running->stop(); });
  std::printf("listening on %s\n", web.addresses().front().c_str());
  std::fflush(stdout);
  web.run();
}
