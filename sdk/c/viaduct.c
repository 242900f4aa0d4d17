/* The adapter SDK for C; viaduct.h says what it is and how it is used. From here on: how it works, bottom up.
 *
 * 1 writing JSON, 2 reading JSON, 3 lines, 4 patterns and digests, 5 names and buffers, 6 outputs, 7 calls on memory,
 * 8 calls of EMP and VIA, 9 threads of the host program (real clock), 10 endpoints, 11 a fresh process for each world,
 * 12 accesses beyond a buffer, 13 operations, 14 the loop.
 */
#define _GNU_SOURCE /* POSIX 2008, anonymous mappings, and the registers of a signal's context */
#include "viaduct.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum {
  PROTOCOL = 1,
  LINE_MAX_OCTETS = 1048576, /* without its newline */
  DEPTH_MAX = 128,           /* of objects and arrays in each other */
  READ_MAX = 4096,           /* octets that one memory.read may return */
  FLUSH_AT = 65536,          /* octets of answers that are kept back at most, where more lines are left to read */
  STOP_SECONDS = 2,          /* that blocked calls have to return when their world ends */
  BEGIN_NANOSECONDS = 1000000000, /* that a thread has to begin a call */
  ENTER_NANOSECONDS = 10000000,   /* that a call may run, and neither return nor wait, until it is taken for under way */
  RACE_NANOSECONDS = 100000       /* from the last call of a race to the start of all */
};

static const int64_t integer_max = 9007199254740991; /* 2^53 - 1 */
static const int64_t memory_max = INT64_C(1) << 30;  /* octets of a buffer with all that is around it */

void viaduct_fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("adapter: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  va_end(values);
  _Exit(EXIT_FAILURE);
}

static void *allocate(size_t octets) {
  void *memory = malloc(octets);
  if (!memory) viaduct_fail("no memory for %zu octets", octets);
  return memory;
}

/* At least `count` items of `size` octets at `*items`, which are `*room` now; what is there is kept. */
static void *grow(void *items, size_t *room, size_t count, size_t size) {
  if (count <= *room) return items;
  size_t more = *room < 16 ? 16 : *room;
  while (more < count) more *= 2;
  void *larger = realloc(items, more * size);
  if (!larger) viaduct_fail("no memory for %zu octets", more * size);
  *room = more;
  return larger;
}

/* --- 1 Writing JSON ----------------------------------------------------------------------------------------------- */

struct viaduct_writer {
  char *octets;
  size_t length;
  size_t room;
};

static char *space(viaduct_writer *to, size_t octets) {
  to->octets = grow(to->octets, &to->room, to->length + octets, 1);
  return to->octets + to->length;
}

static void put(viaduct_writer *to, const char *octets, size_t length) {
  memcpy(space(to, length), octets, length);
  to->length += length;
}

#define PUT(to, literal) put(to, literal, sizeof(literal) - 1)

static void put_octet(viaduct_writer *to, char octet) {
  *space(to, 1) = octet;
  to->length++;
}

static void put_integer(viaduct_writer *to, int64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do digits[--at] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0) digits[--at] = '-';
  put(to, digits + at, sizeof digits - at);
}

static const char hexadecimal[] = "0123456789abcdef";

static void put_text(viaduct_writer *to, const char *text, size_t length) {
  char *at = space(to, length * 6 + 2);
  *at++ = '"';
  for (size_t i = 0; i < length; i++) {
    unsigned char octet = (unsigned char)text[i];
    if (octet == '"' || octet == '\\') {
      *at++ = '\\';
      *at++ = (char)octet;
    } else if (octet < 0x20) {
      memcpy(at, "\\u00", 4);
      at[4] = hexadecimal[octet >> 4];
      at[5] = hexadecimal[octet & 15];
      at += 6;
    } else {
      *at++ = (char)octet;
    }
  }
  *at++ = '"';
  to->length = (size_t)(at - to->octets);
}

/* A comma unless this is the first in its object or array, then the name if there is one. */
static void begin_value(viaduct_writer *to, const char *name) {
  char before = to->octets[to->length - 1];
  if (before != '{' && before != '[') put_octet(to, ',');
  if (!name) return;
  put_text(to, name, strlen(name));
  put_octet(to, ':');
}

void viaduct_write_object(viaduct_writer *to, const char *name) {
  begin_value(to, name);
  put_octet(to, '{');
}

void viaduct_end_object(viaduct_writer *to) { put_octet(to, '}'); }

void viaduct_write_array(viaduct_writer *to, const char *name) {
  begin_value(to, name);
  put_octet(to, '[');
}

void viaduct_end_array(viaduct_writer *to) { put_octet(to, ']'); }

void viaduct_write_text(viaduct_writer *to, const char *name, const char *text) {
  begin_value(to, name);
  put_text(to, text, strlen(text));
}

void viaduct_write_integer(viaduct_writer *to, const char *name, int64_t value) {
  begin_value(to, name);
  put_integer(to, value);
}

void viaduct_write_truth(viaduct_writer *to, const char *name, bool truth) {
  begin_value(to, name);
  if (truth) PUT(to, "true");
  else PUT(to, "false");
}

void viaduct_write_null(viaduct_writer *to, const char *name) {
  begin_value(to, name);
  PUT(to, "null");
}

void viaduct_write_digits(viaduct_writer *to, const char *name, const void *octets, size_t length) {
  const uint8_t *from = octets;
  begin_value(to, name);
  char *at = space(to, length * 2 + 2);
  *at++ = '"';
  for (size_t i = 0; i < length; i++) {
    *at++ = hexadecimal[from[i] >> 4];
    *at++ = hexadecimal[from[i] & 15];
  }
  *at++ = '"';
  to->length = (size_t)(at - to->octets);
}

static void put_base64(viaduct_writer *to, const uint8_t *from, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *at = space(to, (length + 2) / 3 * 4);
  size_t i = 0;
  for (; i + 2 < length; i += 3) {
    uint32_t bits = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 | from[i + 2];
    *at++ = digits[bits >> 18];
    *at++ = digits[bits >> 12 & 63];
    *at++ = digits[bits >> 6 & 63];
    *at++ = digits[bits & 63];
  }
  if (i < length) {
    bool two = i + 1 < length;
    uint32_t bits = (uint32_t)from[i] << 16 | (two ? (uint32_t)from[i + 1] << 8 : 0);
    *at++ = digits[bits >> 18];
    *at++ = digits[bits >> 12 & 63];
    *at++ = two ? digits[bits >> 6 & 63] : '=';
    *at++ = '=';
  }
  to->length = (size_t)(at - to->octets);
}

/* --- 2 Reading JSON ----------------------------------------------------------------------------------------------- */

enum { CHUNK_VALUES = 256 };

typedef struct chunk {
  struct chunk *next;
  viaduct_value values[CHUNK_VALUES];
} chunk;

/* A line and all that was read from it. Texts are decoded where they stand; values come from chunks that are used again
 * for the next line. In the real clock a call keeps its document until it has returned. */
typedef struct document {
  char *text;
  size_t text_room;
  chunk *chunks;
  chunk *chunk; /* that values are taken from, NULL before the first */
  size_t used;  /* values of it */
  uint8_t *frame;
  size_t frame_room;
  viaduct_name **names; /* of the call's requests */
  size_t name_room;
  viaduct_piece *pieces; /* of the call */
  size_t piece_room;
  struct document *next; /* in a queue of calls, or among the spare ones */
  bool is_via;
  viaduct_emp_call emp;
  viaduct_via_call via;
  uint64_t race; /* that the call is one of, 0 for none */
  int64_t delay; /* nanoseconds from the start of the race */
} document;

static void free_document(document *line) {
  for (chunk *next, *each = line->chunks; each; each = next) {
    next = each->next;
    free(each);
  }
  free(line->text);
  free(line->frame);
  free(line->names);
  free(line->pieces);
  free(line);
}

static viaduct_value *new_value(document *line) {
  if (!line->chunk || line->used == CHUNK_VALUES) {
    chunk **next = line->chunk ? &line->chunk->next : &line->chunks;
    if (!*next) {
      *next = allocate(sizeof **next);
      (*next)->next = NULL;
    }
    line->chunk = *next;
    line->used = 0;
  }
  viaduct_value *value = &line->chunk->values[line->used++];
  *value = (viaduct_value){.kind = VIADUCT_NULL};
  return value;
}

/* Reads a text that ends with a zero octet; what is wrong is known by a NULL. */
typedef struct parser {
  document *line;
  char *at;
} parser;

static viaduct_value *parse_value(parser *from, int depth);

static void skip_blanks(parser *from) {
  while (*from->at == ' ' || *from->at == '\t' || *from->at == '\r' || *from->at == '\n') from->at++;
}

static bool skip(parser *from, const char *expected) {
  size_t length = strlen(expected);
  if (strncmp(from->at, expected, length) != 0) return false;
  from->at += length;
  return true;
}

static int digit_of(char octet) {
  if (octet >= '0' && octet <= '9') return octet - '0';
  if (octet >= 'a' && octet <= 'f') return octet - 'a' + 10;
  if (octet >= 'A' && octet <= 'F') return octet - 'A' + 10;
  return -1;
}

/* Four hexadecimal digits; -1 if they are none. */
static int32_t parse_unit(parser *from) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    int digit = digit_of(*from->at);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
    from->at++;
  }
  return unit;
}

/* Behind `\u`: a code point, of which a surrogate without its other half becomes U+FFFD; -1 if it is none. */
static int32_t parse_code_point(parser *from) {
  int32_t unit = parse_unit(from);
  if (unit < 0xD800 || unit > 0xDFFF) return unit;
  char *behind = from->at;
  if (unit < 0xDC00 && skip(from, "\\u")) {
    int32_t low = parse_unit(from);
    if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  from->at = behind;
  return 0xFFFD;
}

static char *put_utf8(char *to, int32_t point) {
  if (point < 0x80) {
    *to++ = (char)point;
  } else if (point < 0x800) {
    *to++ = (char)(0xC0 | point >> 6);
    *to++ = (char)(0x80 | (point & 63));
  } else if (point < 0x10000) {
    *to++ = (char)(0xE0 | point >> 12);
    *to++ = (char)(0x80 | (point >> 6 & 63));
    *to++ = (char)(0x80 | (point & 63));
  } else {
    *to++ = (char)(0xF0 | point >> 18);
    *to++ = (char)(0x80 | (point >> 12 & 63));
    *to++ = (char)(0x80 | (point >> 6 & 63));
    *to++ = (char)(0x80 | (point & 63));
  }
  return to;
}

/* Octets of the well-formed UTF-8 sequence that begins here, 0 if it is none. */
static size_t sequence_length(const unsigned char *at) {
  size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
  if (at[0] < 0xC2 || at[0] > 0xF4) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xC0) != 0x80) return 0;
  }
  bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
  bool surrogate = at[0] == 0xED && at[1] > 0x9F;
  bool too_large = at[0] == 0xF4 && at[1] > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

/* Reads one escape or one octet sequence, and writes it at `to`, which is never ahead of what is read. */
static char *parse_character(parser *from, char *to) {
  unsigned char octet = (unsigned char)*from->at;
  if (octet == '\\') {
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char escape = from->at[1];
    const char *found = escape ? strchr(escapes, escape) : NULL;
    if (!found && escape != 'u') return NULL;
    from->at += 2;
    if (found) {
      *to++ = meanings[found - escapes];
      return to;
    }
    int32_t point = parse_code_point(from);
    return point < 0 ? NULL : put_utf8(to, point);
  }
  size_t length = octet < 0x80 ? 1 : sequence_length((const unsigned char *)from->at);
  if (octet < 0x20 || length == 0) return NULL;
  memmove(to, from->at, length);
  from->at += length;
  return to + length;
}

/* Decodes the text that begins here, in its place, and ends it with a zero. NULL if it is none. */
static const char *parse_text(parser *from, size_t *length) {
  if (*from->at != '"') return NULL;
  char *start = ++from->at;
  while (*from->at != '"' && *from->at != '\\' && *from->at >= 0x20 && *from->at < 0x7F) from->at++;
  char *to = from->at;
  while (to && *from->at != '"') to = parse_character(from, to);
  if (!to) return NULL;
  from->at++;
  *to = '\0';
  *length = (size_t)(to - start);
  return start;
}

static bool is_digit(char octet) { return octet >= '0' && octet <= '9'; }

static viaduct_value *parse_number(parser *from) {
  viaduct_value *value = new_value(from->line);
  bool negative = skip(from, "-");
  bool exact = true;
  int64_t integer = 0;
  if (!is_digit(*from->at) || (*from->at == '0' && is_digit(from->at[1]))) return NULL;
  for (; is_digit(*from->at); from->at++) {
    integer = integer * 10 + (*from->at - '0');
    if (integer > integer_max) exact = false, integer = 0;
  }
  if (*from->at == '.') {
    exact = false;
    if (!is_digit(*++from->at)) return NULL;
    while (is_digit(*from->at)) from->at++;
  }
  if (*from->at == 'e' || *from->at == 'E') {
    exact = false;
    from->at++;
    if (*from->at == '+' || *from->at == '-') from->at++;
    if (!is_digit(*from->at)) return NULL;
    while (is_digit(*from->at)) from->at++;
  }
  value->kind = exact ? VIADUCT_INTEGER : VIADUCT_NUMBER;
  value->integer = negative ? -integer : integer;
  return value;
}

/* The items or members up to the closing octet, of which the opening one has been read. */
static viaduct_value *parse_list(parser *from, viaduct_kind kind, int depth) {
  const char *closing = kind == VIADUCT_OBJECT ? "}" : "]";
  viaduct_value *list = new_value(from->line);
  const viaduct_value **place = &list->first;
  list->kind = kind;
  skip_blanks(from);
  if (skip(from, closing)) return list;
  for (;;) {
    const char *name = NULL;
    size_t length = 0;
    if (kind == VIADUCT_OBJECT) {
      skip_blanks(from);
      name = parse_text(from, &length);
      if (!name) return NULL;
      skip_blanks(from);
      if (!skip(from, ":")) return NULL;
    }
    viaduct_value *value = parse_value(from, depth + 1);
    if (!value) return NULL;
    value->name = name;
    *place = value;
    place = &value->next;
    skip_blanks(from);
    if (skip(from, closing)) return list;
    if (!skip(from, ",")) return NULL;
  }
}

static viaduct_value *parse_word(parser *from, const char *word, viaduct_kind kind, bool truth) {
  if (!skip(from, word)) return NULL;
  viaduct_value *value = new_value(from->line);
  value->kind = kind;
  value->truth = truth;
  return value;
}

static viaduct_value *parse_value(parser *from, int depth) {
  if (depth > DEPTH_MAX) return NULL;
  skip_blanks(from);
  switch (*from->at) {
    case '{':
      from->at++;
      return parse_list(from, VIADUCT_OBJECT, depth);
    case '[':
      from->at++;
      return parse_list(from, VIADUCT_ARRAY, depth);
    case '"': {
      viaduct_value *value = new_value(from->line);
      value->kind = VIADUCT_TEXT;
      value->text = parse_text(from, &value->length);
      return value->text ? value : NULL;
    }
    case 't':
      return parse_word(from, "true", VIADUCT_BOOLEAN, true);
    case 'f':
      return parse_word(from, "false", VIADUCT_BOOLEAN, false);
    case 'n':
      return parse_word(from, "null", VIADUCT_NULL, false);
    default:
      return parse_number(from);
  }
}

/* Reads a line into its document, over what was there. NULL if it is no JSON. */
static const viaduct_value *parse_line(document *line, const char *octets, size_t length) {
  line->text = grow(line->text, &line->text_room, length + 1, 1);
  memcpy(line->text, octets, length);
  line->text[length] = '\0';
  line->chunk = NULL;
  line->used = CHUNK_VALUES;
  parser from = {.line = line, .at = line->text};
  const viaduct_value *value = parse_value(&from, 0);
  skip_blanks(&from);
  return value && from.at == line->text + length ? value : NULL;
}

const viaduct_value *viaduct_member(const viaduct_value *object, const char *name) {
  const viaduct_value *found = NULL;
  if (!object || object->kind != VIADUCT_OBJECT) return NULL;
  for (const viaduct_value *each = object->first; each; each = each->next) {
    if (strcmp(each->name, name) == 0) found = each;
  }
  return found;
}

const char *viaduct_text_of(const viaduct_value *value, const char *otherwise) {
  return value && value->kind == VIADUCT_TEXT ? value->text : otherwise;
}

int64_t viaduct_integer_of(const viaduct_value *value, int64_t otherwise) {
  return value && value->kind == VIADUCT_INTEGER ? value->integer : otherwise;
}

bool viaduct_truth_of(const viaduct_value *value, bool otherwise) {
  return value && value->kind == VIADUCT_BOOLEAN ? value->truth : otherwise;
}

static const char *text_member(const viaduct_value *object, const char *name) {
  return viaduct_text_of(viaduct_member(object, name), NULL);
}

/* False if there is no such integer. */
static bool integer_member(const viaduct_value *object, const char *name, int64_t *found) {
  const viaduct_value *value = viaduct_member(object, name);
  if (!value || value->kind != VIADUCT_INTEGER) return false;
  *found = value->integer;
  return true;
}

static bool count_member(const viaduct_value *object, const char *name, int64_t *found) {
  return integer_member(object, name, found) && *found >= 0;
}

/* The items of a list, or NULL with `*is_list` false. */
static const viaduct_value *list_member(const viaduct_value *object, const char *name, bool *is_list) {
  const viaduct_value *value = viaduct_member(object, name);
  *is_list = value && value->kind == VIADUCT_ARRAY;
  return *is_list ? value->first : NULL;
}

static int base64_value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* Reads octets from base64 into the frame of the document. False if the text is none. */
static bool decode_base64(document *line, const viaduct_value *text, size_t *length) {
  static int8_t values[256];
  static bool known;
  if (!known) {
    for (int i = 0; i < 256; i++) values[i] = (int8_t)base64_value((char)i);
    known = true;
  }
  if (!text || text->kind != VIADUCT_TEXT || text->length % 4 != 0) return false;
  line->frame = grow(line->frame, &line->frame_room, text->length / 4 * 3 + 1, 1);
  const unsigned char *from = (const unsigned char *)text->text;
  size_t digits = text->length;
  for (int i = 0; i < 2 && digits > 0 && from[digits - 1] == '='; i++) digits--;
  uint8_t *to = line->frame;
  int32_t wrong = 0;
  for (size_t i = 0; i < digits; i += 4) {
    int32_t bits = 0;
    size_t here = digits - i < 4 ? digits - i : 4;
    for (size_t j = 0; j < here; j++) {
      int32_t value = values[from[i + j]];
      wrong |= value;
      bits |= (value & 63) << (18 - 6 * (int)j);
    }
    if (here == 1) return false;
    *to++ = (uint8_t)(bits >> 16 & 255);
    if (here > 2) *to++ = (uint8_t)(bits >> 8 & 255);
    if (here > 3) *to++ = (uint8_t)(bits & 255);
  }
  *length = (size_t)(to - line->frame);
  return wrong >= 0;
}

/* --- 3 Lines ------------------------------------------------------------------------------------------------------ */

typedef struct reader {
  int file;
  char *octets;
  size_t room;
  size_t start;    /* of what was not taken yet */
  size_t searched; /* up to here there is no newline */
  size_t end;
  bool too_long; /* the line at hand; the rest of it is thrown away */
} reader;

typedef enum found_line { LINE, LINE_TOO_LONG, NO_WHOLE_LINE } found_line;

/* The next whole line of what was read, valid until `fill`. */
static found_line take_line(reader *from, char **line, size_t *length) {
  char *newline = memchr(from->octets + from->searched, '\n', from->end - from->searched);
  *line = from->octets + from->start;
  *length = (newline ? (size_t)(newline - from->octets) : from->end) - from->start;
  bool was_too_long = from->too_long;
  if (newline) {
    from->start = from->searched = (size_t)(newline - from->octets) + 1;
    from->too_long = false;
    return was_too_long || *length > LINE_MAX_OCTETS ? LINE_TOO_LONG : LINE;
  }
  from->searched = from->end;
  if (was_too_long || *length > LINE_MAX_OCTETS) {
    from->too_long = true;
    from->start = from->end;
  }
  return NO_WHOLE_LINE;
}

/* Waits if the harness has made the pipe one that does not wait. False if the file is broken. */
static bool may_try_again(int file, short event) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  struct pollfd waiting = {.fd = file, .events = event};
  return poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

/* Reads on. False at the end of the input. */
static bool fill(reader *from) {
  if (from->start > 0) {
    memmove(from->octets, from->octets + from->start, from->end - from->start);
    from->end -= from->start;
    from->searched -= from->start;
    from->start = 0;
  }
  from->octets = grow(from->octets, &from->room, from->end + FLUSH_AT, 1);
  for (;;) {
    ssize_t count = read(from->file, from->octets + from->end, from->room - from->end);
    if (count > 0) from->end += (size_t)count;
    if (count >= 0) return count > 0;
    if (!may_try_again(from->file, POLLIN)) return false;
  }
}

static void flush(viaduct_writer *written, int file) {
  size_t start = 0;
  while (start < written->length) {
    ssize_t count = write(file, written->octets + start, written->length - start);
    if (count >= 0) start += (size_t)count;
    else if (!may_try_again(file, POLLOUT)) _Exit(EXIT_FAILURE); /* nobody reads any more */
  }
  written->length = 0;
}

/* --- 4 Patterns and digests --------------------------------------------------------------------------------------- */

typedef enum pattern_kind { CONST, RAMP, PRNG } pattern_kind;

typedef struct pattern {
  pattern_kind kind;
  uint32_t seed;
} pattern;

static uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85EBCA6B;
  x ^= x >> 13;
  x *= 0xC2B2AE35;
  return x ^ x >> 16;
}

static void write_pattern(pattern fill, uint8_t *to, size_t length) {
  if (fill.kind == CONST) {
    memset(to, (int)(fill.seed & 255), length);
  } else if (fill.kind == RAMP) {
    for (size_t i = 0; i < length; i++) to[i] = (uint8_t)(fill.seed + i);
  } else {
    uint32_t seed = fill.seed;
    for (size_t i = 0; i < length; i += 4, seed += 0x9E3779B9) {
      uint32_t word = mix(seed);
      for (size_t j = i; j < i + 4 && j < length; j++, word >>= 8) to[j] = (uint8_t)word;
    }
  }
}

static bool read_pattern(const viaduct_value *value, pattern *fill) {
  const char *kind = text_member(value, "kind");
  int64_t seed;
  if (!kind || !integer_member(value, "seed", &seed)) return false;
  fill->seed = (uint32_t)(uint64_t)seed;
  if (strcmp(kind, "const") == 0) fill->kind = CONST;
  else if (strcmp(kind, "ramp") == 0) fill->kind = RAMP;
  else if (strcmp(kind, "prng") == 0) fill->kind = PRNG;
  else return false;
  return true;
}

/* Row n: what an octet adds to the sum when n more octets follow it. Eight rows take eight octets at once. */
static uint32_t crc_rows[8][256];
static pthread_once_t crc_once = PTHREAD_ONCE_INIT;

static void make_crc_rows(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t sum = i;
    for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >> 1 ^ 0x82F63B78 : sum >> 1;
    crc_rows[0][i] = sum;
  }
  for (size_t row = 1; row < 8; row++) {
    for (size_t i = 0; i < 256; i++) {
      uint32_t before = crc_rows[row - 1][i];
      crc_rows[row][i] = before >> 8 ^ crc_rows[0][before & 255];
    }
  }
}

uint32_t viaduct_digest(const void *octets, size_t length) {
  pthread_once(&crc_once, make_crc_rows);
  const uint8_t *at = octets;
  uint32_t sum = 0xFFFFFFFF;
  for (; length >= 8; length -= 8, at += 8) {
    sum = crc_rows[7][(sum ^ at[0]) & 255] ^ crc_rows[6][(sum >> 8 ^ at[1]) & 255] ^
          crc_rows[5][(sum >> 16 ^ at[2]) & 255] ^ crc_rows[4][(sum >> 24 ^ at[3]) & 255] ^ crc_rows[3][at[4]] ^
          crc_rows[2][at[5]] ^ crc_rows[1][at[6]] ^ crc_rows[0][at[7]];
  }
  for (; length > 0; length--, at++) sum = sum >> 8 ^ crc_rows[0][(sum ^ *at) & 255];
  return ~sum;
}

/* --- 5 Names and buffers ------------------------------------------------------------------------------------------ */

enum { NAME_BUCKETS = 512, NAME_BLOCK = 16384 };

typedef struct buffer {
  struct buffer *next;
  struct buffer **place; /* what points to it */
  const char *name;      /* that the harness gave it, for who reads of it */
  uint8_t *base;         /* what was allocated */
  size_t mapped;         /* octets of it that are a mapping, with a guard page at either end; 0 if it is none */
  uint8_t *octets;       /* the first octet; the guard zones are before it and behind the last */
  size_t bytes;
  size_t before; /* octets of the guard zones */
  size_t behind;
  bool locked;
} buffer;

typedef struct name_entry {
  viaduct_name name; /* first, so that the one is the other */
  struct name_entry *next;
  buffer *buffer; /* that is called so, NULL for none */
  size_t length;
  char text[];
} name_entry;

/* Names lie in blocks that are kept from world to world. */
typedef struct name_block {
  struct name_block *next;
  size_t used;
  size_t room;
  max_align_t entries[];
} name_block;

typedef struct session session;

struct viaduct_endpoint {
  session *session;
  viaduct_world world;
  void *state;
  int64_t *settings; /* in the order of the adapter's values */
  int64_t wake_at;
  uint64_t runnable;
  pthread_mutex_t names_lock; /* for the names and the buffers */
  name_entry *names[NAME_BUCKETS];
  name_block *blocks;
  buffer *buffers;
  bool has_ended;         /* real clock: what it still says is dropped */
  struct worker *workers; /* real clock */
};

static void *take_from_blocks(viaduct_endpoint *endpoint, size_t octets) {
  size_t size = (octets + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
  name_block *block = endpoint->blocks;
  if (!block || block->room - block->used < size) {
    size_t room = size > NAME_BLOCK ? size : NAME_BLOCK;
    block = allocate(sizeof *block + room);
    *block = (name_block){.next = endpoint->blocks, .room = room};
    endpoint->blocks = block;
  }
  void *taken = (char *)block->entries + block->used;
  block->used += size;
  return taken;
}

static name_entry *find_name(viaduct_endpoint *endpoint, const char *text, size_t length) {
  uint32_t hash = 2166136261; /* FNV-1a */
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619;
  pthread_mutex_lock(&endpoint->names_lock);
  name_entry **bucket = &endpoint->names[hash % NAME_BUCKETS];
  name_entry *found = *bucket;
  while (found && (found->length != length || memcmp(found->text, text, length) != 0)) found = found->next;
  if (!found) {
    found = take_from_blocks(endpoint, sizeof *found + length + 1);
    *found = (name_entry){.name.text = found->text, .next = *bucket, .length = length};
    memcpy(found->text, text, length);
    found->text[length] = '\0';
    *bucket = found;
  }
  pthread_mutex_unlock(&endpoint->names_lock);
  return found;
}

/* The name that the member `name` of a call holds; NULL if it holds none. */
static name_entry *name_member(viaduct_endpoint *endpoint, const viaduct_value *members, const char *name) {
  const viaduct_value *text = viaduct_member(members, name);
  return text && text->kind == VIADUCT_TEXT ? find_name(endpoint, text->text, text->length) : NULL;
}

viaduct_name *viaduct_named(viaduct_endpoint *endpoint, const char *text) {
  return &find_name(endpoint, text, strlen(text))->name;
}

bool viaduct_find_range(viaduct_endpoint *endpoint, const viaduct_value *range, viaduct_piece *found) {
  name_entry *name = name_member(endpoint, range, "buffer");
  int64_t offset, bytes;
  bool is_found = false;
  if (!name || !count_member(range, "offset", &offset)) return false;
  pthread_mutex_lock(&endpoint->names_lock);
  const buffer *in = name->buffer;
  if (in && (uint64_t)offset <= in->bytes) {
    size_t rest = in->bytes - (size_t)offset;
    if (!viaduct_member(range, "bytes")) bytes = (int64_t)rest;
    else if (!count_member(range, "bytes", &bytes)) bytes = integer_max;
    is_found = (uint64_t)bytes <= rest;
    if (is_found) *found = (viaduct_piece){.octets = in->octets + offset, .bytes = (size_t)bytes, .locked = in->locked};
  }
  pthread_mutex_unlock(&endpoint->names_lock);
  return is_found;
}

static const pattern guard_pattern = {.kind = PRNG, .seed = 0x67756172};

/* How a buffer is to lie in memory: its first octet `offset` past a multiple of `align`. */
typedef struct shape {
  size_t bytes;
  size_t align;
  size_t offset;
  size_t guard; /* octets of each guard zone, at the least */
} shape;

/* The first octet of a buffer in what begins at `base`. Where a page is a multiple of `align`, the buffer's multiple is one
 * of a page, so that how a buffer lies in its pages is the same in every run. */
static size_t multiple_of(const shape *wanted) { return 4096 % wanted->align == 0 ? 4096 : wanted->align; }

static uint8_t *first_octet(uint8_t *base, size_t before, const shape *wanted) {
  size_t multiple = multiple_of(wanted);
  uintptr_t least = (uintptr_t)base + before;
  return base + ((least + multiple - 1) / multiple * multiple - (uintptr_t)base) + wanted->offset;
}

static void place_in_heap(buffer *made, const shape *wanted) {
  made->base = allocate(multiple_of(wanted) + wanted->offset + wanted->bytes + 2 * wanted->guard);
  made->octets = first_octet(made->base, wanted->guard, wanted);
  made->before = made->behind = wanted->guard;
}

/* Whole pages of its own, between two that nobody may touch; what the buffer leaves of them belongs to the guard zones. */
static void place_in_pages(buffer *made, const shape *wanted) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t octets = multiple_of(wanted) + wanted->offset + wanted->bytes + 2 * wanted->guard + 4 * page;
  made->mapped = octets / page * page;
  made->base = mmap(NULL, made->mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (made->base == MAP_FAILED) viaduct_fail("no memory for %zu octets", made->mapped);
  made->octets = first_octet(made->base, page + wanted->guard, wanted);
  uintptr_t first = ((uintptr_t)made->octets - wanted->guard) / page * page;
  uintptr_t end = ((uintptr_t)made->octets + wanted->bytes + wanted->guard + page - 1) / page * page;
  made->before = (uintptr_t)made->octets - first;
  made->behind = end - (uintptr_t)made->octets - wanted->bytes;
  if (mprotect(made->octets - made->before, end - first, PROT_READ | PROT_WRITE) != 0) {
    viaduct_fail("no memory for %zu octets: %s", made->mapped, strerror(errno));
  }
}

static buffer *make_buffer(const shape *wanted, bool in_pages) {
  buffer *made = allocate(sizeof *made);
  *made = (buffer){.bytes = wanted->bytes};
  if (in_pages) place_in_pages(made, wanted);
  else place_in_heap(made, wanted);
  write_pattern(guard_pattern, made->octets - made->before, made->before);
  write_pattern(guard_pattern, made->octets + made->bytes, made->behind);
  return made;
}

static void free_buffer(buffer *gone) {
  *gone->place = gone->next;
  if (gone->next) gone->next->place = gone->place;
  if (gone->mapped > 0) munmap(gone->base, gone->mapped);
  else free(gone->base);
  free(gone);
}

/* Where the first octet of a guard zone differs from what was written there; `zone->bytes` if none does. */
static size_t first_damage(const uint8_t *zone, size_t length) {
  size_t i = 0;
  uint32_t seed = guard_pattern.seed;
  for (uint32_t word = 0; i < length; i++, word >>= 8) {
    if (i % 4 == 0) {
      word = mix(seed);
      seed += 0x9E3779B9;
    }
    if (zone[i] != (uint8_t)word) break;
  }
  return i;
}

/* --- 6 Outputs ---------------------------------------------------------------------------------------------------- */

typedef struct world {
  int interface;
  viaduct_host *hosts;
  size_t host_count;
  viaduct_endpoint **endpoints;
  size_t endpoint_count;
} world;

struct session {
  const viaduct_adapter *adapter;
  int file; /* where lines go */
  viaduct_writer written;
  document *line;  /* the one at hand */
  char wrong[256]; /* why the request at hand failed; empty if it did not */
  world *worlds;   /* those that can be open at once, by their numbers */
  size_t world_count;
  world *world; /* that of the request at hand */
  viaduct_endpoint *in_turn;
  int64_t now;
  bool is_closed;
  bool left_behind; /* real clock: some call has not returned when its world ended */
  bool is_used;     /* a call was made in this process */
  reader *from;
  const char *request; /* the line at hand, as it was read */
  size_t request_length;
  char *opened; /* the line that opened the world, where a fresh process may have to open it again */
  size_t opened_length;

  /* Real clock: the lock is for what follows, the lines written, and the queues of calls. */
  pthread_mutex_t lock;
  pthread_cond_t worker_ended;
  pthread_cond_t call_returned;
  int64_t race_start;          /* of the race that was started last */
  _Atomic uint64_t races;      /* that were started */
  struct timespec start;
  size_t output_start; /* of the output that is being written */
  document *spare;
};

static bool is_real(const session *all) { return all->adapter->clock == VIADUCT_REAL; }

static void lock(session *all) {
  if (is_real(all)) pthread_mutex_lock(&all->lock);
}

static void unlock(session *all) {
  if (is_real(all)) pthread_mutex_unlock(&all->lock);
}

static int64_t real_now(const session *all) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)(now.tv_sec - all->start.tv_sec) * 1000000000 + (now.tv_nsec - all->start.tv_nsec);
}

/* From here on the lock is held, in the real clock. */
static viaduct_writer *begin_output(viaduct_endpoint *endpoint) {
  session *all = endpoint->session;
  viaduct_writer *to = &all->written;
  if (is_real(all)) {
    pthread_mutex_lock(&all->lock);
    all->output_start = to->length;
    PUT(to, "{\"endpoint\":");
    put_integer(to, endpoint->world.node);
    PUT(to, ",\"at\":");
    put_integer(to, real_now(all));
    PUT(to, ",\"output\":");
  } else {
    long long node = (long long)endpoint->world.node;
    if (all->in_turn != endpoint) viaduct_fail("host %lld says something outside of its turn", node);
    if (to->octets[to->length - 1] != '[') put_octet(to, ',');
  }
  return to;
}

void viaduct_end_output(viaduct_endpoint *endpoint, viaduct_writer *to) {
  session *all = endpoint->session;
  put_octet(to, '}');
  if (!is_real(all)) return;
  PUT(to, "}\n");
  if (endpoint->has_ended) to->length = all->output_start;
  else flush(to, all->file);
  pthread_mutex_unlock(&all->lock);
}

static void put_status(viaduct_writer *to, viaduct_status status) {
  static const char *const words[] = {
      [VIADUCT_OK] = "ok",
      [VIADUCT_PENDING] = "pending",
      [VIADUCT_INVALID] = "invalid",
      [VIADUCT_UNSUPPORTED] = "unsupported",
      [VIADUCT_NO_DESCRIPTOR] = "no-descriptor",
      [VIADUCT_TOO_MANY_PIECES] = "too-many-pieces",
      [VIADUCT_NOT_LOCKED] = "not-locked",
  };
  put_octet(to, '"');
  put(to, words[status], strlen(words[status]));
  put_octet(to, '"');
}

viaduct_writer *viaduct_begin_return(viaduct_endpoint *endpoint, int64_t id, viaduct_status status) {
  viaduct_writer *to = begin_output(endpoint);
  PUT(to, "{\"kind\":\"return\",\"id\":");
  put_integer(to, id);
  PUT(to, ",\"status\":");
  put_status(to, status);
  return to;
}

viaduct_writer *viaduct_begin_event(viaduct_endpoint *endpoint, const char *event) {
  viaduct_writer *to = begin_output(endpoint);
  PUT(to, "{\"kind\":\"event\"");
  viaduct_write_text(to, "event", event);
  return to;
}

void viaduct_send_frame(viaduct_endpoint *endpoint, const uint8_t *octets, size_t length) {
  viaduct_writer *to = begin_output(endpoint);
  PUT(to, "{\"kind\":\"frame\",\"octets\":\"");
  put_base64(to, octets, length);
  put_octet(to, '"');
  viaduct_end_output(endpoint, to);
}

void viaduct_return(viaduct_endpoint *endpoint, int64_t id, viaduct_status status) {
  viaduct_end_output(endpoint, viaduct_begin_return(endpoint, id, status));
}

static void write_completion(viaduct_writer *to, const viaduct_completion *completion) {
  static const char *const words[] = {
      [VIADUCT_DONE] = "done", [VIADUCT_TRUNCATED] = "truncated", [VIADUCT_FAILED] = "failed",
      [VIADUCT_CANCELLED] = "cancelled"};
  viaduct_write_text(to, "request", completion->request->text);
  viaduct_write_text(to, "outcome", words[completion->outcome]);
  viaduct_write_integer(to, "bytes", completion->bytes);
  viaduct_write_integer(to, "peer", completion->peer);
  viaduct_write_integer(to, "tag", completion->tag);
}

void viaduct_return_completions(viaduct_endpoint *endpoint, int64_t id, const viaduct_completion *completions,
                                size_t count) {
  viaduct_writer *to = viaduct_begin_return(endpoint, id, VIADUCT_OK);
  viaduct_write_array(to, "completions");
  for (size_t i = 0; i < count; i++) {
    viaduct_write_object(to, NULL);
    write_completion(to, &completions[i]);
    viaduct_end_object(to);
  }
  viaduct_end_array(to);
  viaduct_end_output(endpoint, to);
}

void viaduct_return_message(viaduct_endpoint *endpoint, int64_t id, int64_t peer, int64_t tag, int64_t bytes) {
  viaduct_writer *to = viaduct_begin_return(endpoint, id, VIADUCT_OK);
  viaduct_write_object(to, "message");
  viaduct_write_integer(to, "peer", peer);
  viaduct_write_integer(to, "tag", tag);
  viaduct_write_integer(to, "bytes", bytes);
  viaduct_end_object(to);
  viaduct_end_output(endpoint, to);
}

void viaduct_emp_completed(viaduct_endpoint *endpoint, const viaduct_completion *completion) {
  viaduct_writer *to = viaduct_begin_event(endpoint, "emp.completion");
  write_completion(to, completion);
  viaduct_end_output(endpoint, to);
}

void viaduct_wake_at(viaduct_endpoint *endpoint, int64_t instant) { endpoint->wake_at = instant; }

void viaduct_set_runnable(viaduct_endpoint *endpoint, uint64_t activities) { endpoint->runnable = activities; }

int64_t viaduct_now(const viaduct_endpoint *endpoint) {
  return is_real(endpoint->session) ? real_now(endpoint->session) : endpoint->session->now;
}

int64_t viaduct_setting(const viaduct_endpoint *endpoint, const char *key) {
  const viaduct_limit *values = endpoint->session->adapter->values;
  for (size_t i = 0; values && values[i].key; i++) {
    if (strcmp(values[i].key, key) == 0) return endpoint->settings[i];
  }
  viaduct_fail("the value %s is asked for but not declared", key);
}

/* --- 7 Calls on memory -------------------------------------------------------------------------------------------- */

static bool allocate_buffer(viaduct_endpoint *endpoint, const viaduct_value *call) {
  const viaduct_adapter *adapter = endpoint->session->adapter;
  name_entry *name = name_member(endpoint, call, "as");
  int64_t bytes, align, offset, guard;
  pattern fill;
  if (!name || name->buffer || !count_member(call, "bytes", &bytes) || !count_member(call, "align", &align) ||
      !count_member(call, "offset", &offset) || !count_member(call, "guard", &guard)) {
    return false;
  }
  if (align == 0 || bytes > memory_max || align > memory_max || offset > memory_max || guard > memory_max) return false;
  if (!read_pattern(viaduct_member(call, "fill"), &fill)) return false;
  shape wanted = {.bytes = (size_t)bytes, .align = (size_t)align, .offset = (size_t)offset, .guard = (size_t)guard};
  buffer *made = make_buffer(&wanted, adapter->guard_pages);
  made->name = name->text;
  made->locked = viaduct_truth_of(viaduct_member(call, "locked"), true);
  made->next = endpoint->buffers;
  made->place = &endpoint->buffers;
  if (made->next) made->next->place = &made->next;
  endpoint->buffers = made;
  write_pattern(fill, made->octets, made->bytes);
  if (adapter->allocated && !adapter->allocated(endpoint->state, made->octets, made->bytes, made->locked)) {
    free_buffer(made);
    return false;
  }
  pthread_mutex_lock(&endpoint->names_lock);
  name->buffer = made;
  pthread_mutex_unlock(&endpoint->names_lock);
  return true;
}

static buffer *buffer_member(viaduct_endpoint *endpoint, const viaduct_value *call) {
  name_entry *name = name_member(endpoint, call, "buffer");
  return name ? name->buffer : NULL;
}

static void return_guards(viaduct_endpoint *endpoint, int64_t id, const buffer *guarded) {
  size_t before = first_damage(guarded->octets - guarded->before, guarded->before);
  size_t behind = first_damage(guarded->octets + guarded->bytes, guarded->behind);
  viaduct_writer *to = viaduct_begin_return(endpoint, id, VIADUCT_OK);
  if (before < guarded->before) viaduct_write_integer(to, "damaged", (int64_t)before - (int64_t)guarded->before);
  else if (behind < guarded->behind) viaduct_write_integer(to, "damaged", (int64_t)(guarded->bytes + behind));
  else viaduct_write_null(to, "damaged");
  viaduct_end_output(endpoint, to);
}

static void release_buffer(viaduct_endpoint *endpoint, buffer *gone) {
  const viaduct_adapter *adapter = endpoint->session->adapter;
  if (adapter->freed) adapter->freed(endpoint->state, gone->octets, gone->bytes);
  free_buffer(gone);
}

/* The calls on a range: memory.write, memory.digest, memory.read. False if they are invalid. */
static bool call_range(viaduct_endpoint *endpoint, int64_t id, const char *operation, const viaduct_value *call) {
  const viaduct_value *at = viaduct_member(call, "at");
  viaduct_piece piece;
  pattern fill;
  if (!viaduct_member(at, "bytes") || !viaduct_find_range(endpoint, at, &piece)) return false;
  if (strcmp(operation, "memory.write") == 0) {
    if (!read_pattern(viaduct_member(call, "fill"), &fill)) return false;
    write_pattern(fill, piece.octets, piece.bytes);
    viaduct_return(endpoint, id, VIADUCT_OK);
    return true;
  }
  bool is_read = strcmp(operation, "memory.read") == 0;
  if (is_read && piece.bytes > READ_MAX) return false;
  viaduct_writer *to = viaduct_begin_return(endpoint, id, VIADUCT_OK);
  if (is_read) viaduct_write_digits(to, "octets", piece.octets, piece.bytes);
  else viaduct_write_integer(to, "digest", viaduct_digest(piece.octets, piece.bytes));
  viaduct_end_output(endpoint, to);
  return true;
}

static void call_memory(viaduct_endpoint *endpoint, int64_t id, const char *operation, const viaduct_value *call) {
  if (strcmp(operation, "memory.allocate") == 0) {
    viaduct_return(endpoint, id, allocate_buffer(endpoint, call) ? VIADUCT_OK : VIADUCT_INVALID);
  } else if (strcmp(operation, "memory.guards") == 0) {
    const buffer *guarded = buffer_member(endpoint, call);
    if (guarded) return_guards(endpoint, id, guarded);
    else viaduct_return(endpoint, id, VIADUCT_INVALID);
  } else if (strcmp(operation, "memory.free") == 0) {
    name_entry *name = name_member(endpoint, call, "buffer");
    buffer *gone = name ? name->buffer : NULL;
    if (gone) {
      pthread_mutex_lock(&endpoint->names_lock);
      name->buffer = NULL;
      pthread_mutex_unlock(&endpoint->names_lock);
      release_buffer(endpoint, gone);
    }
    viaduct_return(endpoint, id, gone ? VIADUCT_OK : VIADUCT_INVALID);
  } else if (strcmp(operation, "memory.write") == 0 || strcmp(operation, "memory.digest") == 0 ||
             strcmp(operation, "memory.read") == 0) {
    if (!call_range(endpoint, id, operation, call)) viaduct_return(endpoint, id, VIADUCT_INVALID);
  } else {
    viaduct_return(endpoint, id, VIADUCT_UNSUPPORTED);
  }
}

/* --- 8 Calls of EMP and VIA --------------------------------------------------------------------------------------- */

typedef enum call_kind {
  CALL_WRONG, /* not as the protocol says */
  CALL_INVALID,
  CALL_UNSUPPORTED,
  CALL_MEMORY,
  CALL_EMP,
  CALL_VIA
} call_kind;

static bool offers(const session *all, const char *option) {
  const viaduct_option *options = all->adapter->options;
  for (size_t i = 0; options && options[i].name; i++) {
    if (strcmp(options[i].name, option) == 0) return options[i].offered;
  }
  return false;
}

/* Reads `pieces` into the document. CALL_EMP if all is well. */
static call_kind read_pieces(viaduct_endpoint *endpoint, document *line, const viaduct_value *call) {
  bool is_list;
  size_t count = 0;
  call_kind kind = CALL_EMP;
  for (const viaduct_value *each = list_member(call, "pieces", &is_list); each; each = each->next) {
    line->pieces = grow(line->pieces, &line->piece_room, count + 1, sizeof *line->pieces);
    if (!viaduct_member(each, "bytes")) return CALL_WRONG;
    if (!viaduct_find_range(endpoint, each, &line->pieces[count++])) kind = CALL_INVALID;
  }
  line->emp.pieces = line->pieces;
  line->emp.piece_count = count;
  return is_list ? kind : CALL_WRONG;
}

static call_kind read_posting(viaduct_endpoint *endpoint, document *line, const viaduct_value *call, const char *peer) {
  name_entry *name = name_member(endpoint, call, "as");
  if (!name || !integer_member(call, peer, &line->emp.peer) || !integer_member(call, "tag", &line->emp.tag)) {
    return CALL_WRONG;
  }
  line->emp.request = &name->name;
  return read_pieces(endpoint, line, call);
}

static call_kind read_request_name(viaduct_endpoint *endpoint, document *line, const viaduct_value *call) {
  name_entry *name = name_member(endpoint, call, "request");
  if (!name) return CALL_WRONG;
  line->emp.request = &name->name;
  return CALL_EMP;
}

static call_kind read_request_names(viaduct_endpoint *endpoint, document *line, const viaduct_value *call) {
  bool is_list;
  size_t count = 0;
  for (const viaduct_value *each = list_member(call, "requests", &is_list); each; each = each->next) {
    if (each->kind != VIADUCT_TEXT) return CALL_WRONG;
    line->names = grow(line->names, &line->name_room, count + 1, sizeof(viaduct_name *));
    line->names[count++] = &find_name(endpoint, each->text, each->length)->name;
  }
  line->emp.requests = line->names;
  line->emp.request_count = count;
  return is_list ? CALL_EMP : CALL_WRONG;
}

static call_kind read_emp_call(viaduct_endpoint *endpoint, document *line, const char *operation,
                               const viaduct_value *call) {
  static const char *const operations[] = {
      [VIADUCT_EMP_ISEND] = "emp.isend",         [VIADUCT_EMP_IRECV] = "emp.irecv",
      [VIADUCT_EMP_TEST] = "emp.test",           [VIADUCT_EMP_WAIT] = "emp.wait",
      [VIADUCT_EMP_WAITALL] = "emp.waitall",     [VIADUCT_EMP_CONFIGURE] = "emp.configure",
      [VIADUCT_EMP_COUNTERS] = "emp.counters",   [VIADUCT_EMP_DESCRIPTOR] = "emp.descriptor",
      [VIADUCT_EMP_TESTALL] = "emp.testall",     [VIADUCT_EMP_WAITANY] = "emp.waitany",
      [VIADUCT_EMP_CANCEL] = "emp.cancel",       [VIADUCT_EMP_PROBE] = "emp.probe",
  };
  size_t i = 0;
  while (i <= VIADUCT_EMP_PROBE && strcmp(operations[i], operation) != 0) i++;
  line->emp.operation = (viaduct_emp_operation)i;
  switch (line->emp.operation) {
    case VIADUCT_EMP_ISEND:
      return read_posting(endpoint, line, call, "to");
    case VIADUCT_EMP_IRECV:
      return read_posting(endpoint, line, call, "from");
    case VIADUCT_EMP_TEST:
    case VIADUCT_EMP_WAIT:
      return read_request_name(endpoint, line, call);
    case VIADUCT_EMP_WAITALL:
      return read_request_names(endpoint, line, call);
    case VIADUCT_EMP_CONFIGURE:
      return integer_member(call, "collection", &line->emp.collection) ? CALL_EMP : CALL_WRONG;
    case VIADUCT_EMP_COUNTERS:
      return offers(endpoint->session, "emp.counters") ? CALL_EMP : CALL_UNSUPPORTED;
    case VIADUCT_EMP_DESCRIPTOR:
      if (!offers(endpoint->session, "emp.descriptors")) return CALL_UNSUPPORTED;
      return read_request_name(endpoint, line, call);
    case VIADUCT_EMP_TESTALL:
    case VIADUCT_EMP_WAITANY:
      if (!offers(endpoint->session, "emp.mpi")) return CALL_UNSUPPORTED;
      return read_request_names(endpoint, line, call);
    case VIADUCT_EMP_CANCEL:
      if (!offers(endpoint->session, "emp.cancel")) return CALL_UNSUPPORTED;
      return read_request_name(endpoint, line, call);
    case VIADUCT_EMP_PROBE:
      if (!offers(endpoint->session, "emp.probe")) return CALL_UNSUPPORTED;
      return integer_member(call, "from", &line->emp.peer) && integer_member(call, "tag", &line->emp.tag) ? CALL_EMP
                                                                                                          : CALL_WRONG;
    default:
      return CALL_UNSUPPORTED;
  }
}

static bool starts_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

/* Reads a call of either interface into the document; what the id is stands in both. */
static call_kind read_call(viaduct_endpoint *endpoint, document *line, const viaduct_value *call) {
  const viaduct_adapter *adapter = endpoint->session->adapter;
  const char *operation = text_member(call, "operation");
  int64_t id, thread;
  if (!operation || !count_member(call, "id", &id) || !count_member(call, "thread", &thread)) return CALL_WRONG;
  line->emp = (viaduct_emp_call){.id = id, .thread = thread};
  line->via = (viaduct_via_call){.id = id, .thread = thread, .operation = operation, .members = call};
  line->is_via = false;
  if (starts_with(operation, "memory.")) return CALL_MEMORY;
  if (starts_with(operation, "emp.") && adapter->emp) return read_emp_call(endpoint, line, operation, call);
  line->is_via = (starts_with(operation, "Vip") || starts_with(operation, "descriptor.")) && adapter->via;
  return line->is_via ? CALL_VIA : CALL_UNSUPPORTED;
}

static void make_call(viaduct_endpoint *endpoint, const document *line) {
  const viaduct_adapter *adapter = endpoint->session->adapter;
  if (line->is_via) adapter->via(endpoint->state, &line->via);
  else adapter->emp(endpoint->state, &line->emp);
}

/* Answers what needs no implementation. */
static void answer_call(viaduct_endpoint *endpoint, const document *line, call_kind kind) {
  int64_t id = line->via.id;
  if (kind == CALL_MEMORY) call_memory(endpoint, id, line->via.operation, line->via.members);
  else viaduct_return(endpoint, id, kind == CALL_INVALID ? VIADUCT_INVALID : VIADUCT_UNSUPPORTED);
}

/* --- 9 Threads of the host program (real clock) ------------------------------------------------------------------- */

/* Makes the calls of one thread of the host program, in order. Everything in it is guarded by the session's lock. */
typedef struct worker {
  struct worker *next;
  viaduct_endpoint *endpoint;
  int64_t thread;
  pthread_t runs;
  pthread_cond_t changed;
  document *first;
  document **last;
  long task;      /* what the system calls the thread, 0 if it does not say */
  uint64_t handed; /* calls that were queued, that have begun, and that have returned */
  uint64_t begun;
  uint64_t returned;
  bool must_end;
  bool has_ended;
} worker;

static document *take_document(session *all) {
  lock(all);
  document *taken = all->spare;
  if (taken) all->spare = taken->next;
  unlock(all);
  if (!taken) {
    taken = allocate(sizeof *taken);
    *taken = (document){.used = CHUNK_VALUES};
  }
  return taken;
}

static void keep_document(session *all, document *line) {
  line->next = all->spare;
  all->spare = line;
}

/* Holds the thread until the race of its call is started, and as much longer as is wanted: busily, since a thread that sleeps
 * wakes up when it likes. */
static void start_in_race(session *all, const document *line) {
  int64_t patience = real_now(all) + BEGIN_NANOSECONDS;
  while (atomic_load(&all->races) < line->race) {
    if (real_now(all) > patience) return;
    sched_yield();
  }
  while (real_now(all) < all->race_start + line->delay) continue;
}

static void *work(void *handed) {
  worker *self = handed;
  session *all = self->endpoint->session;
  pthread_mutex_lock(&all->lock);
#ifdef SYS_gettid
  self->task = (long)syscall(SYS_gettid);
#endif
  while (!self->must_end) {
    document *line = self->first;
    if (!line) {
      pthread_cond_wait(&self->changed, &all->lock);
      continue;
    }
    self->first = line->next;
    if (!self->first) self->last = &self->first;
    self->begun++;
    pthread_mutex_unlock(&all->lock);
    if (line->race > 0) start_in_race(all, line);
    make_call(self->endpoint, line);
    pthread_mutex_lock(&all->lock);
    self->returned++;
    pthread_cond_broadcast(&all->call_returned);
    keep_document(all, line);
  }
  self->has_ended = true;
  pthread_cond_signal(&all->worker_ended);
  pthread_mutex_unlock(&all->lock);
  return NULL;
}

static worker *worker_for(viaduct_endpoint *endpoint, int64_t thread) {
  worker *found = endpoint->workers;
  while (found && found->thread != thread) found = found->next;
  if (found) return found;
  found = allocate(sizeof *found);
  *found = (worker){.next = endpoint->workers, .endpoint = endpoint, .thread = thread, .last = &found->first};
  pthread_cond_init(&found->changed, NULL);
  if (pthread_create(&found->runs, NULL, work, found) != 0) viaduct_fail("no thread can be started");
  endpoint->workers = found;
  return found;
}

/* Queues the call, and with it the document at hand, in whose place another comes. */
static worker *hand_to_worker(viaduct_endpoint *endpoint) {
  session *all = endpoint->session;
  document *line = all->line;
  worker *to = worker_for(endpoint, line->via.thread);
  all->line = take_document(all);
  line->next = NULL;
  pthread_mutex_lock(&all->lock);
  *to->last = line;
  to->last = &line->next;
  to->handed++;
  pthread_cond_signal(&to->changed);
  pthread_mutex_unlock(&all->lock);
  return to;
}

/* Whether a thread waits for something. False where that cannot be told. */
static bool is_asleep(long task) {
  char path[64], text[256];
  snprintf(path, sizeof path, "/proc/self/task/%ld/stat", task);
  int file = task > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
  if (file >= 0) close(file);
  if (length <= 0) return false;
  text[length] = '\0';
  const char *behind_name = strrchr(text, ')');
  return behind_name && behind_name[1] == ' ' && (behind_name[2] == 'S' || behind_name[2] == 'D');
}

/* For how long a thread has run, in nanoseconds; what the machine keeps it from running does not count. -1 where nobody tells. */
static int64_t run_time(pthread_t thread) {
#if defined(_POSIX_THREAD_CPUTIME) && _POSIX_THREAD_CPUTIME >= 0
  clockid_t its_clock;
  struct timespec ran;
  if (pthread_getcpuclockid(thread, &its_clock) == 0 && clock_gettime(its_clock, &ran) == 0) {
    return (int64_t)ran.tv_sec * 1000000000 + ran.tv_nsec;
  }
#else
  (void)thread;
#endif
  return -1;
}

/* Waits until the last call that was handed to the worker has returned, or waits itself: so that what the host programs do
 * next comes after it. It waits when it sleeps at two looks, since at one it may sleep for a lock that it gets at once. What
 * neither returns nor waits is under way as well, when it has run for a while. */
static void wait_until_under_way(worker *to) {
  session *all = to->endpoint->session;
  const int64_t step = 100000;
  int64_t start = real_now(all), ran = run_time(to->runs);
  int looks_asleep = 0;
  pthread_mutex_lock(&all->lock);
  bool is_behind_another = to->handed - to->returned > 1;
  while (!is_behind_another && to->returned < to->handed) {
    int64_t passed = real_now(all) - start;
    bool is_begun = to->begun == to->handed;
    if (passed > BEGIN_NANOSECONDS) break;
    if (is_begun && (ran < 0 ? passed : run_time(to->runs) - ran) > ENTER_NANOSECONDS) break;
    pthread_mutex_unlock(&all->lock);
    looks_asleep = is_begun && is_asleep(to->task) ? looks_asleep + 1 : 0;
    pthread_mutex_lock(&all->lock);
    if (looks_asleep > 1 && to->returned < to->handed) break;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += step;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    if (to->returned < to->handed) pthread_cond_timedwait(&all->call_returned, &all->lock, &until);
  }
  pthread_mutex_unlock(&all->lock);
}

static bool all_have_ended(const worker *each) {
  while (each && each->has_ended) each = each->next;
  return !each;
}

/* Waits until no call is under way. False if some do not return. */
static bool end_workers(viaduct_endpoint *endpoint) {
  session *all = endpoint->session;
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += STOP_SECONDS;
  pthread_mutex_lock(&all->lock);
  endpoint->has_ended = true;
  for (worker *each = endpoint->workers; each; each = each->next) {
    each->must_end = true;
    pthread_cond_signal(&each->changed);
  }
  pthread_mutex_unlock(&all->lock);
  if (all->adapter->stop) all->adapter->stop(endpoint->state);

  pthread_mutex_lock(&all->lock);
  int waited = 0;
  while (!all_have_ended(endpoint->workers) && waited == 0) {
    waited = pthread_cond_timedwait(&all->worker_ended, &all->lock, &until);
  }
  bool ended = all_have_ended(endpoint->workers);
  pthread_mutex_unlock(&all->lock);
  for (worker *next, *each = endpoint->workers; each; each = next) {
    next = each->next;
    if (!ended) {
      pthread_detach(each->runs);
      continue;
    }
    pthread_join(each->runs, NULL);
    for (document *after, *line = each->first; line; line = after) {
      after = line->next;
      free_document(line);
    }
    pthread_cond_destroy(&each->changed);
    free(each);
  }
  return ended;
}

/* --- 10 Endpoints ------------------------------------------------------------------------------------------------- */

static bool refuse(session *all, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Notes why the request failed. Always false. */
static bool refuse(session *all, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(all->wrong, sizeof all->wrong, format, values);
  va_end(values);
  return false;
}

static bool open_state(viaduct_endpoint *endpoint) {
  session *all = endpoint->session;
  endpoint->wake_at = VIADUCT_NEVER;
  endpoint->runnable = 0;
  endpoint->state = all->adapter->open(endpoint, &endpoint->world);
  return endpoint->state || refuse(all, "host %lld cannot be opened", (long long)endpoint->world.node);
}

static viaduct_endpoint *new_endpoint(session *all, const viaduct_world *told, const int64_t *settings) {
  viaduct_endpoint *endpoint = allocate(sizeof *endpoint);
  size_t count = 0;
  while (all->adapter->values && all->adapter->values[count].key) count++;
  *endpoint = (viaduct_endpoint){.session = all, .world = *told};
  endpoint->settings = allocate((count + 1) * sizeof *settings);
  if (count > 0) memcpy(endpoint->settings, settings, count * sizeof *settings);
  pthread_mutex_init(&endpoint->names_lock, NULL);
  return endpoint;
}

static void release_buffers(viaduct_endpoint *endpoint) {
  while (endpoint->buffers) release_buffer(endpoint, endpoint->buffers);
}

/* One block is kept for the next names. */
static void forget_names(viaduct_endpoint *endpoint) {
  memset(endpoint->names, 0, sizeof endpoint->names);
  while (endpoint->blocks && endpoint->blocks->next) {
    name_block *next = endpoint->blocks->next;
    free(endpoint->blocks);
    endpoint->blocks = next;
  }
  if (endpoint->blocks) endpoint->blocks->used = 0;
}

static void close_state(viaduct_endpoint *endpoint) {
  const viaduct_adapter *adapter = endpoint->session->adapter;
  release_buffers(endpoint);
  if (endpoint->state && adapter->close) adapter->close(endpoint->state);
  endpoint->state = NULL;
}

static void free_endpoint(viaduct_endpoint *endpoint) {
  forget_names(endpoint);
  free(endpoint->blocks);
  free(endpoint->settings);
  pthread_mutex_destroy(&endpoint->names_lock);
  free(endpoint);
}

/* An endpoint of which a call does not return is left as it is, and never freed. */
static void end_endpoint(viaduct_endpoint *endpoint) {
  session *all = endpoint->session;
  if (is_real(all) && !end_workers(endpoint)) {
    all->left_behind = true;
    return;
  }
  close_state(endpoint);
  free_endpoint(endpoint);
}

/* Fresh again. In the real clock a new endpoint takes the place of the old one, from which calls may still come. */
static bool reset_endpoint(session *all, viaduct_endpoint **place, int64_t seed) {
  viaduct_endpoint *endpoint = *place;
  const viaduct_adapter *adapter = all->adapter;
  endpoint->world.seed = seed;
  if (is_real(all)) {
    *place = new_endpoint(all, &endpoint->world, endpoint->settings);
    end_endpoint(endpoint);
    return open_state(*place);
  }
  if (!adapter->reset) {
    close_state(endpoint);
    forget_names(endpoint);
    return open_state(endpoint);
  }
  endpoint->wake_at = VIADUCT_NEVER;
  endpoint->runnable = 0;
  release_buffers(endpoint);
  adapter->reset(endpoint->state, seed);
  forget_names(endpoint);
  return true;
}

static void end_world(session *all, world *ended) {
  for (size_t i = 0; i < ended->endpoint_count; i++) end_endpoint(ended->endpoints[i]);
  free(ended->endpoints);
  for (size_t i = 0; i < ended->host_count && !all->left_behind; i++) free((void *)(uintptr_t)ended->hosts[i].name);
  if (!all->left_behind) free(ended->hosts);
  *ended = (world){.hosts = NULL};
}

/* The world of a request: what it names, or the first. */
static bool find_world(session *all, const viaduct_value *request) {
  int64_t number = 0;
  if (viaduct_member(request, "world") && !count_member(request, "world", &number)) {
    return refuse(all, "world is no count");
  }
  if ((uint64_t)number >= all->world_count) return refuse(all, "there is no world %lld here", (long long)number);
  all->world = &all->worlds[number];
  return true;
}

static viaduct_endpoint **endpoint_at(session *all, int64_t node) {
  const world *open = all->world;
  for (size_t i = 0; i < open->endpoint_count; i++) {
    if (open->endpoints[i]->world.node == node) return &open->endpoints[i];
  }
  refuse(all, "no endpoint %lld is open", (long long)node);
  return NULL;
}

/* --- 11 A fresh process for each world ---------------------------------------------------------------------------- */

/* The process is replaced by one of the same program, which goes on where this one stops. It finds what it has to know in
 * a file that it inherits: lines for it to read, of which the first may have been answered already. */

static const char hand_over_variable[] = "VIADUCT_HAND_OVER"; /* file, seconds and nanoseconds of the start, silent lines */

/* What the implementation has opened is closed when the next program starts, and not before: its threads still run. */
static void close_files_at_exec(int except) {
  DIR *files = opendir("/proc/self/fd");
  if (!files) viaduct_fail("/proc/self/fd cannot be read: %s", strerror(errno));
  for (struct dirent *each = readdir(files); each; each = readdir(files)) {
    int file = atoi(each->d_name);
    if (file > STDERR_FILENO && file != except) fcntl(file, F_SETFD, FD_CLOEXEC);
  }
  closedir(files);
}

/* The words of the command line that this process was started with, ended by a NULL. */
static char **own_words(void) {
  static char octets[65536];
  static char *words[1024];
  FILE *file = fopen("/proc/self/cmdline", "r");
  size_t length = file ? fread(octets, 1, sizeof octets - 1, file) : 0;
  size_t count = 0;
  for (size_t at = 0; at < length && count < 1023; at += strlen(octets + at) + 1) words[count++] = octets + at;
  if (file) fclose(file);
  return words;
}

/* Never returns. The caller holds the lock, so that no line is cut in two. */
static _Noreturn void go_on_afresh(session *all, bool opens_again) {
  static char program[4096];
  char said[128];
  reader *from = all->from;
  FILE *file = tmpfile();
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (!file || length < 0) viaduct_fail("no fresh process can be started: %s", strerror(errno));
  if (opens_again) fprintf(file, "%.*s\n", (int)all->opened_length, all->opened);
  fprintf(file, "%.*s\n", (int)all->request_length, all->request);
  fwrite(from->octets + from->start, 1, from->end - from->start, file);
  if (fflush(file) != 0) viaduct_fail("no fresh process can be started: %s", strerror(errno));
  snprintf(said, sizeof said, "%d %lld %ld %d", fileno(file), (long long)all->start.tv_sec, all->start.tv_nsec, opens_again);
  setenv(hand_over_variable, said, 1);
  flush(&all->written, all->file);
  close_files_at_exec(fileno(file));
  dup2(all->file, STDOUT_FILENO);
  execv(program, own_words());
  viaduct_fail("%s cannot be started again: %s", program, strerror(errno));
}

/* Ends this process where its world was used and the next needs a fresh one; else returns. */
static void renew(session *all, bool opens_again) {
  if (!all->adapter->fresh_process || !all->is_used || !is_real(all)) return;
  pthread_mutex_lock(&all->lock);
  go_on_afresh(all, opens_again);
}

/* Reads what the process before this one left, if there was one. */
static int take_over(session *all) {
  const char *said = getenv(hand_over_variable);
  int file, silent;
  long long seconds;
  long nanoseconds;
  if (!said || sscanf(said, "%d %lld %ld %d", &file, &seconds, &nanoseconds, &silent) != 4) return 0;
  unsetenv(hand_over_variable);
  all->start = (struct timespec){.tv_sec = (time_t)seconds, .tv_nsec = nanoseconds};
  lseek(file, 0, SEEK_SET);
  reader left = {.file = file, .octets = allocate(1), .room = 1};
  while (fill(&left)) {
  }
  close(file);
  left.file = STDIN_FILENO;
  free(all->from->octets);
  *all->from = left;
  return silent;
}

/* --- 12 Accesses beyond a buffer ----------------------------------------------------------------------------------- */

static session *watched; /* whose buffers have guard pages */

static const buffer *buffer_of(const viaduct_endpoint *endpoint, uintptr_t address) {
  for (const buffer *each = endpoint->buffers; each; each = each->next) {
    if (each->mapped > 0 && address - (uintptr_t)each->base < each->mapped) return each;
  }
  return NULL;
}

/* The buffer in whose mapping the address lies. */
static const buffer *buffer_around(uintptr_t address, const viaduct_endpoint **of) {
  for (size_t i = 0; i < watched->world_count; i++) {
    const world *open = &watched->worlds[i];
    for (size_t j = 0; j < open->endpoint_count; j++) {
      const buffer *found = buffer_of(*of = open->endpoints[j], address);
      if (found) return found;
    }
  }
  return NULL;
}

static const char *access_of(const void *context) {
#if defined(__linux__) && defined(__x86_64__)
  return ((const ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & 2 ? "a write" : "a read";
#else
  (void)context;
  return "an access";
#endif
}

/* Says whose buffer was missed, and lets the signal end the process. */
static void tell_fault(int signal_number, siginfo_t *fault, void *context) {
  char words[512];
  const viaduct_endpoint *of;
  uintptr_t address = (uintptr_t)fault->si_addr;
  const buffer *missed = buffer_around(address, &of);
  int length;
  if (missed) {
    intptr_t place = (intptr_t)(address - (uintptr_t)missed->octets);
    const char *host = "?";
    for (size_t i = 0; i < of->world.host_count; i++) {
      if (of->world.hosts[i].node == of->world.node) host = of->world.hosts[i].name;
    }
    long long distance = place < 0 ? -(long long)place : (long long)place - (long long)missed->bytes;
    length = snprintf(words, sizeof words, "adapter: %s %lld octets %s buffer %s of %s, which has %zu\n",
                      access_of(context), distance, place < 0 ? "before" : "behind", missed->name, host, missed->bytes);
  } else {
    length = snprintf(words, sizeof words, "adapter: %s at address %#llx, which is in no buffer\n", access_of(context),
                      (unsigned long long)address);
  }
  ssize_t written = write(STDERR_FILENO, words, (size_t)length);
  (void)written;
  signal(signal_number, SIG_DFL);
}

static void watch_faults(session *all) {
  if (!all->adapter->guard_pages) return;
  struct sigaction told = {.sa_sigaction = tell_fault, .sa_flags = SA_SIGINFO};
  watched = all;
  sigemptyset(&told.sa_mask);
  sigaction(SIGSEGV, &told, NULL);
  sigaction(SIGBUS, &told, NULL);
}

/* --- 13 Operations ------------------------------------------------------------------------------------------------ */

/* Each carries out one request. It writes the whole answer, or nothing and returns false with `wrong` set; where
 * `wrong` is not set, the operation is one of the other clock. */

static void begin_answer(session *all, int64_t id) {
  PUT(&all->written, "{\"id\":");
  put_integer(&all->written, id);
  PUT(&all->written, ",\"ok\":{");
}

static bool answer_empty(session *all, int64_t id) {
  lock(all);
  begin_answer(all, id);
  PUT(&all->written, "}}\n");
  unlock(all);
  return true;
}

static void write_options(viaduct_writer *to, const viaduct_option *options) {
  viaduct_write_object(to, "options");
  for (size_t i = 0; options && options[i].name; i++) viaduct_write_truth(to, options[i].name, options[i].offered);
  viaduct_end_object(to);
}

static void write_values(viaduct_writer *to, const viaduct_limit *values) {
  viaduct_write_object(to, "values");
  for (size_t i = 0; values && values[i].key; i++) {
    viaduct_write_object(to, values[i].key);
    viaduct_write_integer(to, "value", values[i].value);
    if (values[i].least < values[i].most) {
      viaduct_write_object(to, "settable");
      viaduct_write_integer(to, "least", values[i].least);
      viaduct_write_integer(to, "most", values[i].most);
      viaduct_end_object(to);
    }
    viaduct_end_object(to);
  }
  viaduct_end_object(to);
}

static bool hello(session *all, int64_t id, const viaduct_value *request) {
  const viaduct_adapter *adapter = all->adapter;
  const viaduct_value *nonce = viaduct_member(request, "nonce");
  bool is_list, is_spoken = false;
  for (const viaduct_value *each = list_member(request, "protocols", &is_list); each; each = each->next) {
    if (viaduct_integer_of(each, 0) == PROTOCOL) is_spoken = true;
  }
  if (!is_spoken) return refuse(all, "only protocol %d is spoken here", PROTOCOL);
  if (!nonce || nonce->kind != VIADUCT_TEXT) return refuse(all, "hello: nonce is no text");
  viaduct_writer *to = &all->written;
  lock(all);
  begin_answer(all, id);
  viaduct_write_integer(to, "protocol", PROTOCOL);
  PUT(to, ",\"nonce\":");
  put_text(to, nonce->text, nonce->length);
  viaduct_write_text(to, "name", adapter->name);
  viaduct_write_text(to, "version", adapter->version);
  viaduct_write_text(to, "vendor", adapter->vendor);
  viaduct_write_array(to, "interfaces");
  if (adapter->interfaces & VIADUCT_EMP) viaduct_write_text(to, NULL, "emp");
  if (adapter->interfaces & VIADUCT_VIA) viaduct_write_text(to, NULL, "via");
  viaduct_end_array(to);
  viaduct_write_text(to, "clock", is_real(all) ? "real" : "virtual");
  viaduct_write_text(to, "wire", adapter->wire == VIADUCT_FRAMES ? "frames" : "none");
  if (adapter->profile) viaduct_write_text(to, "profile", adapter->profile);
  if (all->world_count > 1) viaduct_write_integer(to, "worlds", (int64_t)all->world_count);
  write_options(to, adapter->options);
  write_values(to, adapter->values);
  PUT(to, "}}\n");
  unlock(all);
  return true;
}

static size_t count_items(const viaduct_value *each) {
  size_t count = 0;
  for (; each; each = each->next) count++;
  return count;
}

static bool read_mac(const char *digits, uint8_t mac[6]) {
  if (!digits || strlen(digits) != 12) return false;
  for (size_t i = 0; i < 6; i++) {
    int high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    mac[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

static bool read_hosts(session *all, const viaduct_value *request) {
  bool is_list;
  const viaduct_value *each = list_member(request, "hosts", &is_list);
  world *opened = all->world;
  opened->hosts = allocate((count_items(each) + 1) * sizeof *opened->hosts);
  for (; each; each = each->next) {
    viaduct_host host;
    const char *name = text_member(each, "name");
    if (!name || !count_member(each, "node", &host.node) || !read_mac(text_member(each, "mac"), host.mac)) {
      return refuse(all, "open: a host lacks node, name or mac");
    }
    char *copy = allocate(strlen(name) + 1);
    host.name = strcpy(copy, name);
    opened->hosts[opened->host_count++] = host;
  }
  return is_list || refuse(all, "open: hosts is no list");
}

/* What the world sets, in the order in which the adapter declares it; as declared where it sets nothing. */
static int64_t *read_configuration(const session *all, const viaduct_value *configuration) {
  const viaduct_limit *values = all->adapter->values;
  size_t count = 0;
  while (values && values[count].key) count++;
  int64_t *settings = allocate((count + 1) * sizeof *settings);
  for (size_t i = 0; i < count; i++) {
    settings[i] = viaduct_integer_of(viaduct_member(configuration, values[i].key), values[i].value);
  }
  return settings;
}

static bool open_endpoints(session *all, const viaduct_value *request) {
  bool is_list;
  const viaduct_value *each = list_member(request, "endpoints", &is_list);
  world *opened = all->world;
  opened->endpoints = allocate((count_items(each) + 1) * sizeof(viaduct_endpoint *));
  for (; each; each = each->next) {
    viaduct_world told = {.interface = opened->interface, .hosts = opened->hosts, .host_count = opened->host_count};
    if (!count_member(each, "node", &told.node) || !integer_member(each, "seed", &told.seed)) {
      return refuse(all, "open: an endpoint lacks node or seed");
    }
    told.stepped = viaduct_truth_of(viaduct_member(each, "stepped"), false);
    int64_t *settings = read_configuration(all, viaduct_member(each, "configuration"));
    viaduct_endpoint *endpoint = new_endpoint(all, &told, settings);
    free(settings);
    opened->endpoints[opened->endpoint_count++] = endpoint;
    if (!open_state(endpoint)) return false;
  }
  return is_list || refuse(all, "open: endpoints is no list");
}

static void keep_opened(session *all) {
  if (!all->adapter->fresh_process) return;
  free(all->opened);
  all->opened = allocate(all->request_length + 1);
  memcpy(all->opened, all->request, all->request_length);
  all->opened_length = all->request_length;
}

static bool open_world(session *all, int64_t id, const viaduct_value *request) {
  const char *interface = text_member(request, "interface");
  if (!find_world(all, request)) return false;
  renew(all, false);
  end_world(all, all->world);
  if (interface && strcmp(interface, "emp") == 0) all->world->interface = VIADUCT_EMP;
  if (interface && strcmp(interface, "via") == 0) all->world->interface = VIADUCT_VIA;
  if (!(all->world->interface & all->adapter->interfaces)) return refuse(all, "open: this interface is not offered");
  if (read_hosts(all, request) && open_endpoints(all, request)) {
    keep_opened(all);
    return answer_empty(all, id);
  }
  end_world(all, all->world);
  return false;
}

static bool reset_world(session *all, int64_t id, const viaduct_value *request) {
  bool is_list;
  if (!find_world(all, request)) return false;
  renew(all, true);
  for (const viaduct_value *each = list_member(request, "seeds", &is_list); each; each = each->next) {
    int64_t node, seed;
    if (!count_member(each, "node", &node) || !integer_member(each, "seed", &seed)) {
      return refuse(all, "reset: an entry lacks node or seed");
    }
    viaduct_endpoint **place = endpoint_at(all, node);
    if (!place) return false;
    if (!reset_endpoint(all, place, seed)) {
      end_world(all, all->world);
      return false;
    }
  }
  return is_list ? answer_empty(all, id) : refuse(all, "reset: seeds is no list");
}

/* Unless stepped: runs what there is to run, lowest first. */
static void run_all(viaduct_endpoint *endpoint) {
  while (endpoint->runnable != 0 && !endpoint->world.stepped) {
    unsigned activity = 0;
    while (!(endpoint->runnable >> activity & 1)) activity++;
    endpoint->session->adapter->run(endpoint->state, activity);
  }
}

static bool take_input(viaduct_endpoint *endpoint, const viaduct_value *input) {
  session *all = endpoint->session;
  const viaduct_adapter *adapter = all->adapter;
  const char *kind = viaduct_text_of(viaduct_member(input, "kind"), "");
  if (strcmp(kind, "call") == 0) {
    call_kind read = read_call(endpoint, all->line, input);
    if (read == CALL_WRONG) return refuse(all, "a call lacks a member, or one is of a wrong kind");
    if (read == CALL_EMP || read == CALL_VIA) make_call(endpoint, all->line);
    else answer_call(endpoint, all->line, read);
  } else if (strcmp(kind, "frame") == 0) {
    size_t length;
    if (!decode_base64(all->line, viaduct_member(input, "octets"), &length)) return refuse(all, "a frame is no base64");
    if (adapter->frame) adapter->frame(endpoint->state, all->line->frame, length);
  } else if (strcmp(kind, "wake") == 0) {
    if (adapter->wake) adapter->wake(endpoint->state);
  } else if (strcmp(kind, "run") == 0) {
    int64_t activity;
    if (!count_member(input, "activity", &activity)) return refuse(all, "run: activity is no count");
    if (activity > 63 || !(endpoint->runnable >> activity & 1)) {
      return refuse(all, "run: activity %lld is not runnable", (long long)activity);
    }
    adapter->run(endpoint->state, (unsigned)activity);
  } else {
    return refuse(all, "there is no input of this kind");
  }
  run_all(endpoint);
  return true;
}

static void write_runnable(viaduct_writer *to, uint64_t runnable) {
  viaduct_write_array(to, "runnable");
  for (int activity = 0; activity < 64; activity++) {
    if (runnable >> activity & 1) viaduct_write_integer(to, NULL, activity);
  }
  viaduct_end_array(to);
}

static bool turn(session *all, int64_t id, const viaduct_value *request) {
  int64_t node;
  bool is_list, is_done = true;
  const viaduct_value *each = list_member(request, "inputs", &is_list);
  if (is_real(all)) return false;
  if (!is_list || !count_member(request, "now", &all->now) || !count_member(request, "endpoint", &node)) {
    return refuse(all, "turn: now, endpoint or inputs is missing");
  }
  if (!find_world(all, request)) return false;
  viaduct_endpoint **place = endpoint_at(all, node);
  if (!place) return false;
  viaduct_endpoint *endpoint = all->in_turn = *place;
  viaduct_writer *to = &all->written;
  size_t start = to->length;
  begin_answer(all, id);
  PUT(to, "\"outputs\":[");
  for (; each && is_done; each = each->next) is_done = take_input(endpoint, each);
  all->in_turn = NULL;
  PUT(to, "],\"wakeAt\":");
  if (endpoint->wake_at == VIADUCT_NEVER) PUT(to, "null");
  else put_integer(to, endpoint->wake_at);
  if (endpoint->world.stepped) write_runnable(to, endpoint->runnable);
  PUT(to, "}}\n");
  size_t length = to->length - start - 1;
  if (length > LINE_MAX_OCTETS) is_done = refuse(all, "the answer would have %zu octets", length);
  if (!is_done) to->length = start;
  return is_done;
}

/* Hands a call to its thread. One of a race waits there for the start, and nobody waits for it; any other is under way when
 * this returns. */
static void begin_call(viaduct_endpoint *endpoint, const viaduct_value *race) {
  document *line = endpoint->session->line;
  line->race = race ? atomic_load(&endpoint->session->races) + 1 : 0;
  line->delay = viaduct_integer_of(viaduct_member(race, "delay"), 0);
  worker *to = hand_to_worker(endpoint);
  if (!race) wait_until_under_way(to);
}

/* With the last call of a race all of them start. */
static void start_race(session *all, const viaduct_value *race) {
  if (!race || viaduct_integer_of(viaduct_member(race, "behind"), 0) > 0) return;
  all->race_start = real_now(all) + RACE_NANOSECONDS;
  atomic_fetch_add(&all->races, 1);
}

static bool input(session *all, int64_t id, const viaduct_value *request) {
  int64_t node;
  const viaduct_value *taken = viaduct_member(request, "input"), *race = viaduct_member(request, "race");
  const char *kind = viaduct_text_of(viaduct_member(taken, "kind"), "");
  size_t length = 0;
  call_kind read = CALL_WRONG;
  if (!is_real(all)) return false;
  if (!count_member(request, "endpoint", &node)) return refuse(all, "input: endpoint is missing");
  if (!find_world(all, request)) return false;
  viaduct_endpoint **place = endpoint_at(all, node);
  if (!place) return false;
  bool is_call = strcmp(kind, "call") == 0;
  if (is_call) {
    read = read_call(*place, all->line, taken);
    if (read == CALL_WRONG) return refuse(all, "a call lacks a member, or one is of a wrong kind");
  } else if (strcmp(kind, "frame") == 0) {
    if (!decode_base64(all->line, viaduct_member(taken, "octets"), &length)) return refuse(all, "a frame is no base64");
  } else {
    return refuse(all, "there is no input of this kind");
  }

  all->is_used = true;
  int64_t at = real_now(all);
  if (read == CALL_EMP || read == CALL_VIA) begin_call(*place, race);
  start_race(all, race);
  lock(all);
  begin_answer(all, id);
  viaduct_write_integer(&all->written, "at", at);
  PUT(&all->written, "}}\n");
  unlock(all);
  if (read == CALL_EMP || read == CALL_VIA) return true;
  if (is_call) answer_call(*place, all->line, read);
  else if (all->adapter->frame) all->adapter->frame((*place)->state, all->line->frame, length);
  return true;
}

static bool close_session(session *all, int64_t id, const viaduct_value *request) {
  (void)request;
  all->is_closed = true;
  return answer_empty(all, id);
}

typedef struct operation {
  const char *name;
  bool (*carry_out)(session *all, int64_t id, const viaduct_value *request);
} operation;

static const operation operations[] = {
    {"turn", turn},        {"input", input}, {"reset", reset_world},
    {"open", open_world}, {"hello", hello}, {"close", close_session},
};

/* --- 14 The loop -------------------------------------------------------------------------------------------------- */

/* An error whose id is null, or that of the request if there was one. */
static void answer_error(session *all, const int64_t *id, const char *message) {
  lock(all);
  PUT(&all->written, "{\"id\":");
  if (id) put_integer(&all->written, *id);
  else PUT(&all->written, "null");
  PUT(&all->written, ",\"error\":{");
  viaduct_write_text(&all->written, "message", message);
  PUT(&all->written, "}}\n");
  unlock(all);
}

static void answer_unsupported(session *all, int64_t id) {
  lock(all);
  PUT(&all->written, "{\"id\":");
  put_integer(&all->written, id);
  PUT(&all->written, ",\"unsupported\":\"there is no such operation here\"}\n");
  unlock(all);
}

static void answer_line(session *all, const char *line, size_t length) {
  all->request = line;
  all->request_length = length;
  const viaduct_value *request = parse_line(all->line, line, length);
  const char *op = text_member(request, "op");
  int64_t id;
  if (!request) {
    answer_error(all, NULL, "a line is no JSON");
  } else if (!op || !count_member(request, "id", &id)) {
    answer_error(all, NULL, "a line is no request: it lacks id or op");
  } else {
    bool is_done = false;
    all->wrong[0] = '\0';
    for (size_t i = 0; i < sizeof operations / sizeof *operations && !is_done; i++) {
      if (strcmp(operations[i].name, op) == 0) is_done = operations[i].carry_out(all, id, request);
    }
    if (all->wrong[0]) answer_error(all, &id, all->wrong);
    else if (!is_done) answer_unsupported(all, id);
  }
}

/* The first `silent` lines were answered before; if they cannot be carried out again, that is said. */
static void answer_all(session *all, int silent) {
  reader *from = all->from;
  char *line;
  size_t length;
  do {
    found_line found;
    while (!all->is_closed && (found = take_line(from, &line, &length)) != NO_WHOLE_LINE) {
      size_t before = all->written.length;
      if (found == LINE) answer_line(all, line, length);
      else answer_error(all, NULL, "a line is longer than 1048576 octets");
      if (silent-- > 0 && !all->wrong[0]) all->written.length = before;
      lock(all);
      if (all->written.length >= FLUSH_AT) flush(&all->written, all->file);
      unlock(all);
    }
    lock(all);
    flush(&all->written, all->file);
    unlock(all);
  } while (!all->is_closed && fill(from));
}

/* Lines go to a descriptor of their own: what a library prints to standard output must not get between them. */
static int take_standard_output(void) {
  int file = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  bool is_taken = file >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
  if (!is_taken) viaduct_fail("standard output cannot be taken: %s", strerror(errno));
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  return file;
}

static void prepare(session *all) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&all->worker_ended, &monotonic);
  pthread_cond_init(&all->call_returned, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&all->lock, NULL);
  clock_gettime(CLOCK_MONOTONIC, &all->start);
  all->world_count = all->adapter->worlds > 1 && !is_real(all) ? all->adapter->worlds : 1;
  all->worlds = allocate(all->world_count * sizeof *all->worlds);
  memset(all->worlds, 0, all->world_count * sizeof *all->worlds);
  all->world = all->worlds;
  all->line = take_document(all);
  watch_faults(all);
}

int viaduct_serve(const viaduct_adapter *adapter) {
  static session all; /* static, since calls that are left behind still use it */
  all = (session){.adapter = adapter, .file = take_standard_output()};
  reader from = {.file = STDIN_FILENO, .octets = allocate(1), .room = 1};
  all.from = &from;
  prepare(&all);
  answer_all(&all, take_over(&all));
  if (adapter->fresh_process) _Exit(EXIT_SUCCESS); /* threads of the implementation may still run */
  for (size_t i = 0; i < all.world_count; i++) end_world(&all, &all.worlds[i]);
  free(all.worlds);
  free_document(all.line);
  for (document *next, *each = all.spare; each; each = next) {
    next = each->next;
    free_document(each);
  }
  all.spare = NULL;
  if (!all.left_behind) free(all.written.octets);
  free(from.octets);
  close(all.file);
  return EXIT_SUCCESS;
}
