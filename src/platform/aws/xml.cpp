#include "platform/aws/xml.hpp"

#include <expat.h>

#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace spaces::aws {

namespace {

/// Where the reader is: the path of open elements, and the text of each.
struct reader {
  xml_visitor visit;
  XML_Parser parser;
  std::string path;
  std::vector<std::size_t> lengths;  ///< of the path before each open element
  std::vector<std::string> texts;
};

void begin(void* data, const XML_Char* name, const XML_Char**) {
  auto& at = *static_cast<reader*>(data);
  if (at.lengths.size() == xml_depth_max) {
    XML_StopParser(at.parser, XML_FALSE);
    return;
  }
  at.lengths.push_back(at.path.size());
  if (!at.path.empty()) at.path += '/';
  at.path += name;
  at.texts.emplace_back();
}

void end(void* data, const XML_Char*) {
  auto& at = *static_cast<reader*>(data);
  at.visit(at.path, at.texts.back());
  at.path.resize(at.lengths.back());
  at.lengths.pop_back();
  at.texts.pop_back();
}

void append(void* data, const XML_Char* text, int size) {
  auto& at = *static_cast<reader*>(data);
  at.texts.back().append(text, static_cast<std::size_t>(size));
}

void refuse_type(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  XML_StopParser(static_cast<reader*>(data)->parser, XML_FALSE);
}

}  // namespace

bool read_xml(std::string_view text, xml_visitor visit) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
  if (!parser || text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  reader at{visit, parser.get(), {}, {}, {}};
  XML_SetUserData(parser.get(), &at);
  XML_SetElementHandler(parser.get(), &begin, &end);
  XML_SetCharacterDataHandler(parser.get(), &append);
  XML_SetStartDoctypeDeclHandler(parser.get(), &refuse_type);
  return XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_OK;
}

std::string xml_text(std::string_view document, std::string_view path) {
  std::optional<std::string> found;
  read_xml(document, [&](std::string_view at, std::string_view text) {
    if (!found && at == path) found = text;
  });
  return found.value_or("");
}

}  // namespace spaces::aws
