#include "platform/net/request_parser.hpp"

#include "wire/every_way.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::string_view_literals;

// Each is one fault in a request that is otherwise in order.
const refused_row refused[] = {
    {"method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"method in mixed letters", "Get / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"method with a digit", "GET1 / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"method with a colon", "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"unknown method", "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501},
    {"unknown method with a hyphen", "M-SEARCH * HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501},
    {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501},
    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"sv, 501},
    {"a known method and more", "GETS / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501},
    {"two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"tab before the version", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"sv, 400},
    {"space before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"HTTP/0.9", "GET /\r\n\r\n"sv, 400},
    {"HTTP/0.9 named", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"sv, 505},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"sv, 505},
    {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv, 505},
    {"version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"sv, 400},
    {"version with a zero before", "GET / HTTP/01.1\r\nHost: a\r\n\r\n"sv, 400},
    {"version without a point", "GET / HTTP/11\r\nHost: a\r\n\r\n"sv, 400},
    {"other protocol", "GET / RTSP/1.0\r\nHost: a\r\n\r\n"sv, 400},
    {"TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01"sv, 400},
    {"LF before the request", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"two empty lines before the request", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"CR alone before the request", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"target of a bare query", "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"fragment in the query", "GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"escape of one digit", "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"escape without digits", "GET /a% HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"escape of other letters", "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"bad escape in the query", "GET /a?b=%g1 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"DEL in the target", "GET /a\x7f HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"raw UTF-8 in the target", "GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"raw byte over 0x80 in the query", "GET /?q=\xff HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"quote in the path", "GET /a\"b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"angle bracket in the query", "GET /?<a> HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"backslash in the path", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"asterisk of GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"asterisk and more", "OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form with a user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form of another host and no Host", "GET http://b/ HTTP/1.1\r\n\r\n"sv, 400},
    {"absolute form and two Hosts", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form and a bad Host", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n"sv, 400},
    {"absolute form of a bad port", "GET http://a:x/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form of a query and no host", "GET http://?q HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form without a host", "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"absolute form with a bad escape", "GET http://a/%1 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"authority form", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"sv, 400},
    {"no Host", "GET / HTTP/1.1\r\n\r\n"sv, 400},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
    {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"sv, 400},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"sv, 400},
    {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"sv, 400},
    {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"sv, 400},
    {"Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"sv, 400},
    {"Host with a long port", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"sv, 400},
    {"Host with a port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"sv, 400},
    {"Host with two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"sv, 400},
    {"Host with half a bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"sv, 400},
    {"Host of a port alone", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"sv, 400},
    {"Host with half an escape", "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"sv, 400},
    {"Host of an unknown kind of address, empty", "GET / HTTP/1.1\r\nHost: [v1.]\r\n\r\n"sv, 400},
    {"Host of an unknown kind of address, without a version", "GET / HTTP/1.1\r\nHost: [v.a]\r\n\r\n"sv, 400},
    {"Host with letters in brackets", "GET / HTTP/1.1\r\nHost: [name]\r\n\r\n"sv, 400},
    {"bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"sv, 400},
    {"bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"sv, 400},
    {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"sv, 400},
    {"bare LFs alone", "GET / HTTP/1.1\nHost: a\n\n"sv, 400},
    {"bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"sv, 400},
    {"bare CR that hides a field", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rTransfer-Encoding: chunked\r\n\r\n"sv, 400},
    {"bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"two CRs", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"sv, 400},
    {"folded line by a space", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"sv, 400},
    {"folded line by a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n"sv, 400},
    {"folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"sv, 400},
    {"folded Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"sv,
     400},
    {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"sv, 400},
    {"tab before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX\t: b\r\n\r\n"sv, 400},
    {"space before Content-Length's colon", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx"sv, 400},
    {"empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"sv, 400},
    {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"sv, 400},
    {"space in a name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n"sv, 400},
    {"bracket in a name", "GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n"sv, 400},
    {"UTF-8 in a name", "GET / HTTP/1.1\r\nHost: a\r\n\xc3\xa9: b\r\n\r\n"sv, 400},
    {"NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"sv, 400},
    {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"sv, 400},
    {"NUL deep in a long value", "GET / HTTP/1.1\r\nHost: a\r\nX: 0123456789abcdef0123456\0 89\r\n\r\n"sv, 400},
    {"control in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n"sv, 400},
    {"escape character in a long value", "GET / HTTP/1.1\r\nHost: a\r\nX: 01234567\x1b[2J 234567\r\n\r\n"sv, 400},
    {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 0123456789\x7f\r\n\r\n"sv, 400},
    {"vertical tab before chunked",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n0\r\n\r\n"sv,
     400},
    {"length and chunked",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked and length",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked and a length of zero",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n"sv, 400},
    {"xchunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"sv, 501},
    {"gzip", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"sv, 501},
    {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"sv, 501},
    {"gzip and chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"sv, 501},
    {"chunked and identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"sv,
     400},
    {"chunked twice in a list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"sv,
     400},
    {"chunked in two lines",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked, then identity in its line",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"sv, 400},
    {"chunked with a comma", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked behind a comma", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked in quotes", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"sv, 400},
    {"chunked with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"sv,
     400},
    {"empty Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"sv, 400},
    {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
    {"Transfer_Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\n\r\n"sv, 400},
    {"Content_Length", "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\n"sv, 400},
    {"content_length beside the true one",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent_length: 5\r\n\r\nx"sv, 400},
    {"two equal lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"sv, 400},
    {"two different lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"sv,
     400},
    {"lengths in a list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"sv, 400},
    {"length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"sv, 400},
    {"length with a minus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"sv, 400},
    {"length in hexadecimal", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"sv, 400},
    {"length with letters", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5a\r\n\r\nhello"sv, 400},
    {"length with a point", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\nhello"sv, 400},
    {"length with a space inside", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello"sv, 400},
    {"empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"sv, 400},
    {"length of 2^64", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n"sv, 413},
    {"length of 2^64 and five", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello"sv,
     413},
    {"length of 30 digits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000000000000000000005\r\n\r\n"sv,
     413},
    {"length over the bound", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n\r\n"sv, 413},
    {"length over the bound, of GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n\r\n"sv, 413},
    {"Connection of no names", "GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n"sv, 400},
    {"unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\nx"sv, 417},
    {"expectation and more", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\nContent-Length: 1\r\n\r\nx"sv,
     417},
};

struct accepted_row {
  const char* what;
  std::string_view bytes;
  std::vector<std::string> requests;
};

const accepted_row accepted[] = {
    {"the least", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET / path=/ query=|Host=a|body="}},
    {"HEAD", "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"HEAD /x path=/x query=|Host=a|body="}},
    {"PATCH", "PATCH /x HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"PATCH /x path=/x query=|Host=a|body="}},
    {"DELETE with a body",
     "DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"sv,
     {"DELETE /x path=/x query=|Host=a|Content-Length=1|body=x"}},
    {"GET with a body",
     "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"sv,
     {"GET / path=/ query=|Host=a|Content-Length=2|body=xy"}},
    {"query",
     "GET /a?b=c&d=%20 HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /a?b=c&d=%20 path=/a query=b=c&d=%20|Host=a|body="}},
    {"query of what browsers leave",
     "GET /?a[]=b|c^`{}\\ HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /?a[]=b|c^`{}\\ path=/ query=a[]=b|c^`{}\\|Host=a|body="}},
    {"second question mark", "GET /?a?b HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET /?a?b path=/ query=a?b|Host=a|body="}},
    {"all characters of a path",
     "GET /aZ09-._~!$&'()*+,;=:@%7E/ HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /aZ09-._~!$&'()*+,;=:@~/ path=/aZ09-._~!$&'()*+,;=:@~/ query=|Host=a|body="}},
    {"two slashes", "GET //a HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET //a path=//a query=|Host=a|body="}},
    {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"OPTIONS * path=* query=|Host=a|body="}},
    {"absolute form",
     "GET http://A.example:80/p?q HTTP/1.1\r\nHost: a.EXAMPLE:80\r\n\r\n"sv,
     {"GET /p?q path=/p query=q|Host=A.example:80|body="}},
    {"absolute form of https", "GET HTTPS://a/p HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET /p path=/p query=|Host=a|body="}},
    {"absolute form without a path",
     "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|body="}},
    {"absolute form of OPTIONS without a path",
     "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"OPTIONS * path=* query=|Host=a|body="}},
    {"absolute form of a query alone",
     "GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /?q path=/ query=q|Host=a|body="}},
    {"absolute form of another host",
     "GET http://b:81/p HTTP/1.1\r\nX: y\r\nHost: a:80\r\n\r\n"sv,
     {"GET /p path=/p query=|X=y|Host=b:81|body="}},
    {"absolute form of another host and a query alone",
     "GET http://b?q=%41 HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /?q=%41 path=/ query=q=%41|Host=b|body="}},
    {"absolute form in HTTP/1.0 without Host",
     "GET http://a/%70 HTTP/1.0\r\n\r\n"sv,
     {"GET /p path=/p query=|body=|close"}},
    {"minor version of tomorrow", "GET / HTTP/1.9\r\nHost: a\r\n\r\n"sv, {"GET / path=/ query=|Host=a|body="}},
    {"minor version of tomorrow with chunks",
     "POST / HTTP/1.2\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"sv,
     {"POST / path=/ query=|Host=a|Transfer-Encoding=chunked|body=x"}},
    {"escaped letter", "GET /%68ealth HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET /health path=/health query=|Host=a|body="}},
    {"escaped letters of all kinds",
     "GET /%41%7a%30%2D%2e%5f%7E?%41=%7a HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /Az0-._~?%41=%7a path=/Az0-._~ query=%41=%7a|Host=a|body="}},
    {"escapes that stay",
     "GET /%2f%3F%c3%a9%25%36%38%20 HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /%2F%3F%C3%A9%2568%20 path=/%2F%3F%C3%A9%2568%20 query=|Host=a|body="}},
    {"escapes in the query alone",
     "GET /a?%68%2f HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /a?%68%2f path=/a query=%68%2f|Host=a|body="}},
    {"escapes before a body",
     "PUT /%61%62?c HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxyGET /%63 HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"PUT /ab?c path=/ab query=c|Host=a|Content-Length=2|body=xy", "GET /c path=/c query=|Host=a|body="}},
    {"Host with an equals sign", "GET / HTTP/1.1\r\nHost: a=b\r\n\r\n"sv, {"GET / path=/ query=|Host=a=b|body="}},
    {"Host with all that may be in a name",
     "GET / HTTP/1.1\r\nHost: aZ0-._~!$&'()*+,;=%20:080\r\n\r\n"sv,
     {"GET / path=/ query=|Host=aZ0-._~!$&'()*+,;=%20:080|body="}},
    {"Host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"sv, {"GET / path=/ query=|Host=a:|body="}},
    {"Host of an unknown kind of address",
     "GET / HTTP/1.1\r\nHost: [v1F.a:b=c]:1\r\n\r\n"sv,
     {"GET / path=/ query=|Host=[v1F.a:b=c]:1|body="}},
    {"Host of IPv6", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"sv, {"GET / path=/ query=|Host=[::1]:8080|body="}},
    {"white space around values",
     "GET / HTTP/1.1\r\nHost:a\r\nX: \t b c \t\r\nY:\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|X=b c|Y=|body="}},
    {"bytes over 0x80 in a value",
     "GET / HTTP/1.1\r\nHost: a\r\nX: caf\xc3\xa9 0123456789\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|X=caf\xc3\xa9 0123456789|body="}},
    {"tab within a long value",
     "GET / HTTP/1.1\r\nHost: a\r\nX: 01234\t6789abcdef\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|X=01234\t6789abcdef|body="}},
    {"all characters of a name",
     "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: b\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|!#$%&'*+-.^_`|~09azAZ=b|body="}},
    {"empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"GET / path=/ query=|Host=a|body="}},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"sv, {"GET / path=/ query=|body=|close"}},
    {"HTTP/1.0 kept alive",
     "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"sv,
     {"GET / path=/ query=|Connection=Keep-Alive|body="}},
    {"HTTP/1.0 does not expect",
     "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"sv,
     {"POST / path=/ query=|Expect=100-continue|Content-Length=1|body=x|close"}},
    {"close",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|Connection=close|body=|close"}},
    {"close in a list",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: TE ,Close\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|Connection=TE ,Close|body=|close"}},
    {"close in the second line",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|Connection=keep-alive|Connection=close|body=|close"}},
    {"expectation",
     "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx"sv,
     {"POST / path=/ query=|Host=a|Expect=100-Continue|Content-Length=1|body=x|continue"}},
    {"length of zero",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"sv,
     {"POST / path=/ query=|Host=a|Content-Length=0|body="}},
    {"length with zeros before",
     "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 0000000000000000000000005\r\n\r\nhello"sv,
     {"POST / path=/ query=|Host=a|content-length=0000000000000000000000005|body=hello"}},
    {"length with white space around",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \t5 \r\n\r\nhello"sv,
     {"POST / path=/ query=|Host=a|Content-Length=5|body=hello"}},
    {"POST without a length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n"sv, {"POST / path=/ query=|Host=a|body="}},
    {"three together",
     "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nGET"
     "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"GET /1 path=/1 query=|Host=a|body=", "POST /2 path=/2 query=|Host=a|Content-Length=3|body=GET",
      "GET /3 path=/3 query=|Host=a|body="}},
    {"a length that is not there in the next",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxPOST / HTTP/1.1\r\nHost: a\r\n\r\n"sv,
     {"POST / path=/ query=|Host=a|Content-Length=1|body=x", "POST / path=/ query=|Host=a|body="}},
    {"names that only resemble",
     "GET / HTTP/1.1\r\nHost: a\r\nX-Content-Length: 5\r\nHost2: b\r\nContent-Lengths: 1\r\n\r\n"sv,
     {"GET / path=/ query=|Host=a|X-Content-Length=5|Host2=b|Content-Lengths=1|body="}},
};

TEST(request_parser, refuses_what_is_not_a_request) { expect_refused(refused); }

TEST(request_parser, reads_what_is_one) {
  for (const accepted_row& each : accepted)
    EXPECT_EQ(read_every_way(each.bytes), (reading{each.requests, 0, false})) << each.what;
}

TEST(request_parser, what_is_behind_a_refused_request_is_never_read) {
  EXPECT_EQ(
      read_every_way("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n"),
      (reading{{"GET /1 path=/1 query=|Host=a|body="}, 400, false}));
}

TEST(request_parser, waits_for_the_rest_of_every_good_beginning) {
  const std::string bytes = std::string(chunked_head) + "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n";
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_EQ(read_cut(std::string_view(bytes).substr(0, size), {size}, {}), (reading{{}, 0, true})) << size;
}

/// A request with one part of a given size.
struct sized {
  const char* what;
  std::size_t bound;
  int status;
  std::function<std::string(std::size_t)> make;
};

TEST(request_parser, accepts_at_each_bound_and_refuses_over_it) {
  auto fill = [](std::size_t count) { return std::string(count, 'a'); };
  constexpr std::size_t kib = 1024;
  const sized rows[] = {
      {"target", 4 * kib, 414, [&](std::size_t n) { return "GET /" + fill(n - 1) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }},
      {"header section", 16 * kib, 431,
       [&](std::size_t n) { return "GET / HTTP/1.1\r\nHost: a\r\nX: " + fill(n - 32) + "\r\n\r\n"; }},
      {"header lines", 64, 431,
       [&](std::size_t n) {
         std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
         for (std::size_t i = 1; i < n; ++i) text += "X: y\r\n";
         return text + "\r\n";
       }},
      {"body", 256 * kib, 413,
       [&](std::size_t n) {
         return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(n) + "\r\n\r\n" + fill(n);
       }},
      {"chunked body", 256 * kib, 413,
       [&](std::size_t n) {
         std::string text(chunked_head);
         for (std::size_t left = n, size = 0; left > 0; left -= size) {
           size = std::min<std::size_t>(left, 0x8000);
           char digits[20];
           std::snprintf(digits, sizeof digits, "%zx\r\n", size);
           text += digits + fill(size) + "\r\n";
         }
         return text + "0\r\n\r\n";
       }},
      {"chunk extension", 256, 400,
       [&](std::size_t n) { return std::string(chunked_head) + "5;" + fill(n - 1) + "\r\nhello\r\n0\r\n\r\n"; }},
      {"chunk extension behind the longest size", 256, 400,
       [&](std::size_t n) {
         return std::string(chunked_head) + "0000000000000005;" + fill(n - 1) + "\r\nhello\r\n0\r\n\r\n";
       }},
      {"trailer section", 4 * kib, 431,
       [&](std::size_t n) { return std::string(chunked_head) + "0\r\nX: " + fill(n - 7) + "\r\n\r\n"; }},
  };
  for (const sized& each : rows) {
    const reading at = read_every_way(each.make(each.bound));
    EXPECT_EQ(at.status, 0) << each.what;
    EXPECT_EQ(at.requests.size(), 1U) << each.what;
    EXPECT_EQ(read_every_way(each.make(each.bound + 1)), (reading{{}, each.status, false})) << each.what;
  }
}

TEST(request_parser, an_endless_line_is_refused_at_the_bound) {
  EXPECT_EQ(read_every_way("GET /" + std::string(20000, 'a')), (reading{{}, 414, false}));
  EXPECT_EQ(read_every_way("GET / HTTP/1.1\r\nX: " + std::string(20000, 'a')), (reading{{}, 431, false}));
  EXPECT_EQ(read_every_way(std::string(20000, 'A')), (reading{{}, 431, false}));
  EXPECT_EQ(read_every_way(std::string(chunked_head) + "5;" + std::string(20000, 'a')), (reading{{}, 400, false}));
  EXPECT_EQ(read_every_way(std::string(chunked_head) + "0\r\nX: " + std::string(20000, 'a')),
            (reading{{}, 431, false}));
}

TEST(request_parser, says_how_much_of_a_body_has_come) {
  request_parser parser;
  std::string text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
  EXPECT_EQ(parser.advance(text.data(), text.size()), request_parser::progress::more);
  EXPECT_TRUE(parser.head_complete());
  EXPECT_EQ(parser.body_received(text.size()), 3U);
  text = std::string(chunked_head) + "5\r\nhe";
  parser.reset();
  EXPECT_EQ(parser.body_received(0), 0U);
  EXPECT_EQ(parser.advance(text.data(), text.size()), request_parser::progress::more);
  EXPECT_EQ(parser.body_received(text.size()), 2U);
}

TEST(request_parser, announces_bodies_where_somebody_decides_how_they_are_taken) {
  using progress = request_parser::progress;
  framing_limits bounds;
  bounds.announce_bodies = true;
  request_parser parser(bounds);
  std::string text = "PUT /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\nabc";
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::announced);
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::announced) << "until somebody does";
  EXPECT_EQ(parser.announced_bytes(), 5'000'000'000U);
  EXPECT_FALSE(parser.chunked());
  EXPECT_EQ(text.substr(parser.head_bytes()), "abc");
  http::request request;
  parser.describe(text.data(), request);
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.field("content-length"), "5000000000");
  EXPECT_EQ(request.body, "") << "it is not known yet what becomes of it";
  parser.hold_body();
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::refused);
  EXPECT_EQ(parser.why().status, 413);
  parser.reset();
  text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::announced);
  parser.hold_body();
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::complete);
  parser.describe(text.data(), request);
  EXPECT_EQ(request.body, "abc");
  parser.reset();
  text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::complete) << "there is none";
  parser.reset();
  text = std::string(chunked_head);
  EXPECT_EQ(parser.advance(text.data(), text.size()), progress::announced);
  EXPECT_TRUE(parser.chunked());
}

// ---- Origin of what is refused

struct origin_row {
  const char* what;
  std::string_view bytes;
  std::string_view origin;
};

const origin_row origins[] = {
    {"before what is refused", "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\nX\r\n\r\n"sv, "https://p"},
    {"behind what is refused", "GET / HTTP/1.1\r\nHost: a\r\nX\r\norigin:https://p \r\n\r\n"sv, "https://p"},
    {"behind a request line that is refused", "BREW / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\n\r\n"sv, "https://p"},
    {"of a whole head", "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\nContent-Length: 1\r\n\r\n"sv, "https://p"},
    {"refused at its end", "POST / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\nContent-Length: 999999\r\n\r\n"sv,
     "https://p"},
    {"of a head that is cut", "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\nX:"sv, "https://p"},
    {"cut itself", "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://p"sv, ""},
    {"of nothing", ""sv, ""},
    {"of no HTTP", "\x16\x03\x01\r\nOrigin: https://p\r\n"sv, "https://p"},
    {"twice before", "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://p\r\nOrigin: https://q\r\nX\r\n\r\n"sv, ""},
    {"twice behind", "BREW / HTTP/1.1\r\nOrigin: https://p\r\nOrigin: https://q\r\n\r\n"sv, ""},
    {"with a control", "BREW / HTTP/1.1\r\nOrigin: https://p\x01\r\n\r\n"sv, ""},
    {"in the body", "BREW / HTTP/1.1\r\nHost: a\r\n\r\nOrigin: https://p\r\n"sv, ""},
};

TEST(request_parser, knows_the_origin_of_what_it_refuses) {
  for (const origin_row& row : origins) {
    std::string bytes(row.bytes);
    request_parser parser;
    parser.advance(bytes.data(), bytes.size());
    EXPECT_EQ(parser.origin(bytes.data(), bytes.size()), row.origin) << row.what;
  }
}

}  // namespace
}  // namespace spaces::net
