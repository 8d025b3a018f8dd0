/// The characters and forms of RFC 9110, 9112 and 3986 that a request is made of. Pure functions of
/// text, stricter than the RFCs where a lenient reading has been used to smuggle requests.
#pragma once

#include "platform/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::net {

/// Of a hexadecimal digit; -1 for anything else.
int hex_value(char c);

/// Length of the token (RFC 9110, 5.6.2) that `text` begins with.
std::size_t token_length(std::string_view text);
/// A token and nothing else, of one character or more.
bool is_token(std::string_view text);

/// A field value's characters (RFC 9110, 5.5): no control but the tab. Bytes of 0x80 and over pass.
bool is_field_value(std::string_view text);

/// Without spaces and tabs at both ends (OWS).
std::string_view trim_ows(std::string_view text);

/// ASCII letters compare without case.
bool same_name(std::string_view a, std::string_view lower);
/// The same when '_' stands for '-': what a proxy that rewrites names into variables would see.
bool looks_like(std::string_view name, std::string_view lower);

/// Path and query of a target in origin form: begins with '/', RFC 3986's characters, every '%'
/// followed by two hexadecimal digits, no fragment. In the query also what browsers send there
/// unescaped: [ ] | ^ ` { } and backslash (WHATWG URL, query percent-encode set).
bool is_origin_form(std::string_view target);

/// Brings the path of a target in origin form to its one spelling, in place: escapes of unreserved characters are
/// decoded, those that stay are written in capitals (RFC 3986, 6.2.2.1 and 6.2.2.2). The query stays as it is. The
/// target's new size.
std::size_t normalize_path(char* target, std::size_t size);

/// A path in which nothing is left that would end it or be refused in it: what is no character of a path
/// is escaped, a '%' that begins no escape too; whole escapes stay. For paths that somebody in front has
/// decoded.
std::string escape_path(std::string_view path);

/// A name or a value as it may stand in a query: all but unreserved characters escaped.
std::string escape_parameter(std::string_view text);

/// "name", "1.2.3.4" or "[::1]", with ":port" or not (RFC 3986, 3.2.2 and 3.2.3). Not empty: no http URI names
/// nobody (RFC 9110, 4.2.1).
bool is_host(std::string_view text);

/// The part of a target in absolute form behind "http://" or "https://": authority and the rest.
struct absolute_form {
  std::string_view authority;
  std::string_view rest;  ///< "", "/…" or "?…"
};
std::optional<absolute_form> split_absolute_form(std::string_view target);

/// What the request line says; views into it.
struct request_line {
  std::string_view method;
  std::string_view target;
  std::string_view version;
};
/// METHOD SP target SP version: one space between, nothing around. Empty when it is not that.
std::optional<request_line> split_request_line(std::string_view line);

/// The methods that we know.
std::optional<http::method> find_method(std::string_view text);
/// A method of somebody else's: capitals and hyphens ("PROPFIND", "M-SEARCH"). Any other is malformed.
bool is_foreign_method(std::string_view text);
/// "HTTP/", a digit, a point, a digit.
bool is_version(std::string_view text);

/// Decimal digits and nothing else; a value that does not fit is the largest. Empty when no number.
std::optional<std::uint64_t> parse_length(std::string_view text);

}  // namespace spaces::net
