#include "platform/http/message.hpp"

#include "platform/base/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace spaces::http {

std::string_view to_text(method verb) {
  switch (verb) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::post: return "POST";
    case method::put: return "PUT";
    case method::patch: return "PATCH";
    case method::delete_: return "DELETE";
    case method::options: return "OPTIONS";
  }
  return "";
}

std::string_view request::field(std::string_view name) const {
  for (const field_line& line : fields)
    if (equal_ignoring_case(line.name, name)) return line.value;
  return {};
}

bool request::asks_only(std::span<const std::string_view> parameters) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::string_view name = pair.substr(0, pair.find('='));
    if (!pair.empty() && std::find(parameters.begin(), parameters.end(), name) == parameters.end()) return false;
  }
  return true;
}

void response::replace(std::string_view name, std::string_view value) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  set(name, value);
}

void response::vary_by(std::string_view name) {
  for (auto& [field, value] : fields) {
    if (field != "Vary") continue;
    if (value.find(name) == std::string::npos) (value += ", ") += name;
    return;
  }
  set("Vary", name);
}

std::string_view response::field(std::string_view name) const {
  for (const auto& [held, value] : fields)
    if (equal_ignoring_case(held, name)) return value;
  return {};
}

std::optional<std::string> bytes_of(const file_part& part) {
  std::string bytes(part.bytes, '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got =
        ::pread(part.file.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(part.at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string_view reason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Unknown";
  }
}

void append_status_line(std::string& out, const response& answer) {
  if (answer.status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  out += std::to_string(answer.status);
  out += ' ';
  out += reason(answer.status);
  out += "\r\n";
}

void append_fields(std::string& out, const response& answer) {
  for (const auto& [name, value] : answer.fields) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  // RFC 9110, 8.6: no Content-Length in 204; in 304 it would speak of the answer that was not sent.
  if (answer.status != 204 && answer.status != 304) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, answer.body_bytes()).ptr;
    out += "Content-Length: ";
    out.append(digits, end);
    out += "\r\n";
  }
  out += "\r\n";
}

prepared prepare(const response& answer) {
  prepared made;
  std::string& out = made.bytes;
  std::size_t size = answer.body.size() + 64;
  for (const auto& [name, value] : answer.fields) size += name.size() + value.size() + 4;
  out.reserve(size);
  append_status_line(out, answer);
  made.fields_at = out.size();
  append_fields(out, answer);
  made.body_at = out.size();
  out += answer.body;
  return made;
}

}  // namespace spaces::http
