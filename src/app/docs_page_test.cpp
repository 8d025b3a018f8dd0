#include "app/docs_page.hpp"
#include <source_dir.hpp>

#include <gmock/gmock.h>
#include <zlib.h>

#include <fstream>
#include <iterator>
#include <string>

namespace spaces::app {
namespace {

using testing::HasSubstr;

const docs_file* find(std::string_view path) {
  for (const docs_file& file : docs_files())
    if (file.path == path) return &file;
  return nullptr;
}

std::string inflated(std::string_view gzip) {
  std::string text(8 * 1024 * 1024, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  std::string packed(gzip);  // zlib wants bytes that it may write to
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

std::string source(const std::string& name) {
  std::ifstream file(SPACES_SOURCE_DIR "/src/app/docs_page/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(docs_page, carries_our_own_files_unchanged) {
  ASSERT_TRUE(find("/docs"));
  ASSERT_TRUE(find("/docs/init.js"));
  EXPECT_EQ(inflated(find("/docs")->gzip), source("index.html"));
  EXPECT_EQ(inflated(find("/docs/init.js")->gzip), source("init.js"));
}

TEST(docs_page, every_file_that_the_page_names_is_there) {
  const std::string page = inflated(find("/docs")->gzip);
  int names = 0;
  for (std::size_t at = page.find("\"/docs/"); at != std::string::npos; at = page.find("\"/docs/", at + 1)) {
    const std::string name = page.substr(at + 1, page.find('"', at + 1) - at - 1);
    EXPECT_TRUE(find(name)) << name;
    ++names;
  }
  EXPECT_EQ(names, 6);
}

TEST(docs_page, nothing_inline_that_the_policy_would_refuse) {
  const std::string page = inflated(find("/docs")->gzip);
  EXPECT_THAT(page, Not(HasSubstr("style=")));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
}

TEST(docs_page, files_say_their_type_and_have_distinct_tags) {
  EXPECT_EQ(find("/docs")->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(find("/docs/swagger-ui.css")->content_type, "text/css; charset=utf-8");
  EXPECT_EQ(find("/docs/swagger-ui-bundle.js")->content_type, "text/javascript; charset=utf-8");
  for (const docs_file& one : docs_files()) {
    EXPECT_THAT(std::string(one.etag), testing::MatchesRegex("\"[0-9a-f]{16}-gzip\""));
    for (const docs_file& other : docs_files()) {
      if (&one == &other) continue;
      EXPECT_NE(one.etag, other.etag);
      EXPECT_NE(one.path, other.path);
    }
  }
}

}  // namespace
}  // namespace spaces::app
