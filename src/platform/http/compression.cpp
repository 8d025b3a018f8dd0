#include "platform/http/compression.hpp"

#include <zlib.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace spaces::http {

namespace {

constexpr int gzip_window_bits = 15 + 16;  // 16: gzip framing, zlib.h
constexpr int level = 5;

Bytef* input(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

void check_start(int outcome) {
  if (outcome == Z_MEM_ERROR) throw std::bad_alloc();
  if (outcome != Z_OK) throw std::runtime_error("zlib refuses to start");
}

}  // namespace

std::string gzip(std::string_view plain) {
  z_stream stream{};
  check_start(deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY));
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ending(&stream, deflateEnd);
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = input(plain);
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  if (ended != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

std::string gunzip(std::string_view compressed) {
  z_stream stream{};
  check_start(inflateInit2(&stream, gzip_window_bits));
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ending(&stream, inflateEnd);
  stream.next_in = input(compressed);
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string out;
  char part[64 * 1024];
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(part);
    stream.avail_out = sizeof part;
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(part, sizeof part - stream.avail_out);
  }
  if (state != Z_STREAM_END) throw std::runtime_error("damaged gzip data");
  return out;
}

}  // namespace spaces::http
