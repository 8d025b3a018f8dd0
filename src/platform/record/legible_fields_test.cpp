#include "platform/record/read.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::record {
namespace {

TEST(legible_fields, are_all_that_somebody_reads) {
  struct sign {
    std::string name;
    std::string notes;
    std::string secret;
    static field_span fields() {
      static constexpr field rows[] = {
          of<&sign::name>("name", editable, {.length_max = 9}),
          of<&sign::notes>("notes", editable, {.length_max = 30, .lines = true}),
          of<&sign::secret>("secret", editable, {.length_max = 9, .opaque = true}),
      };
      return rows;
    }
  };
  const auto problems = [](std::string_view body) {
    const auto read = read_draft<sign>(body, on_update);
    return read ? std::string() : read.error().problems.at(0).pointer + ' ' + read.error().problems.at(0).code;
  };
  EXPECT_EQ(problems(R"({"name":"Łódź","secret":"\u200b"})"), "");
  EXPECT_EQ(problems(R"({"name":""})"), "") << "its length is another rule";
  for (const char* name : {R"(\u200b\u200b)", R"(\u3164)", R"(Ann\u202e)", R"(Ann\u0378)"})
    EXPECT_EQ(problems(R"({"name":")" + std::string(name) + "\"}"), "/name not-legible") << name;
  for (const char* notes : {R"(\u200b\n\u200b)", R"(Ann\u202e)", R"(\u202aAnn\n\u202c)"})
    EXPECT_EQ(problems(R"({"notes":")" + std::string(notes) + "\"}"), "/notes not-legible") << notes;
  EXPECT_EQ(problems(R"({"notes":"\u202a+1 206\u202c\n\uf0b7 a bullet"})"), "");
}

}  // namespace
}  // namespace spaces::record
