/// The few elements of an XML answer that somebody wants: STS and S3 answer so. Expat does the reading.
#pragma once

#include "platform/base/function_ref.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace spaces::aws {

/// No answer that is read here nests deeper.
inline constexpr std::size_t xml_depth_max = 16;

/// Each element's end, with its path from the root ("ErrorResponse/Error/Code") and the text within it, references
/// resolved and without its children's. Namespace prefixes stay in names.
using xml_visitor = function_ref<void(std::string_view path, std::string_view text)>;

/// True when `text` is one well-formed document without a document type: entities of a document's own are how small
/// answers become large ones. Elements in front of what is wrong were visited.
bool read_xml(std::string_view text, xml_visitor visit);

/// The text of the first element at this path; empty when there is none.
std::string xml_text(std::string_view document, std::string_view path);

}  // namespace spaces::aws
