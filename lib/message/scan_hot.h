/* The bodies of the hot helpers of message/scan.h, which says what they do; included by it or by
 * scan.c, nowhere else. */

SCAN_HOT int sip_scan_byte(const struct scan *s, size_t i)
{
    return i >= s->len ? SCAN_END : (unsigned char)s->base[i];
}

SCAN_HOT int sip_scan_peek(const struct scan *s)
{
    return sip_scan_byte(s, s->at);
}

SCAN_HOT bool sip_scan_is(int byte, unsigned classes)
{
    return byte >= 0 && byte < SCAN_BYTES &&
           (sip_scan_classes[byte & (SCAN_BYTES - 1)] & classes) != 0;
}

SCAN_HOT size_t sip_scan_span(const struct scan *s, size_t from, unsigned classes)
{
    const unsigned char *bytes = (const unsigned char *)s->base;
    size_t i = from, len = s->len, fours = len > 3 ? len - 3 : 0;

    if (SIP_OPTIMIZE_SIZE) {
        while (sip_scan_is(sip_scan_byte(s, i), classes))
            i++;
        return i < len ? i : len;
    }
    for (; i < fours; i += 4) {
        if (!(sip_scan_classes[bytes[i]] & classes))
            return i;
        if (!(sip_scan_classes[bytes[i + 1]] & classes))
            return i + 1;
        if (!(sip_scan_classes[bytes[i + 2]] & classes))
            return i + 2;
        if (!(sip_scan_classes[bytes[i + 3]] & classes))
            return i + 3;
    }
    for (; i < len; i++)
        if (!(sip_scan_classes[bytes[i]] & classes))
            return i;
    return len;
}

SCAN_HOT bool sip_scan_no(struct scan *s, size_t wrong, enum sip_reason reason)
{
    s->wrong = wrong;
    s->reason = reason;
    return false;
}

SCAN_HOT struct sip_str sip_scan_slice(const struct scan *s, size_t from, size_t to)
{
    size_t end = to < s->len ? to : s->len, begin = from < end ? from : end;
    struct sip_str slice = {s->base + begin, end - begin};

    return slice;
}

SCAN_HOT bool sip_scan_end(struct scan *s, enum sip_reason reason)
{
    return s->at >= s->len || sip_scan_no(s, s->at, reason);
}

SCAN_HOT bool sip_scan_stop(struct scan *s, int stop, enum sip_reason reason)
{
    int byte = sip_scan_peek(s);

    return byte == stop || sip_scan_no(s, s->at, byte == SCAN_END ? SIP_BAD_BRACKETS : reason);
}

SCAN_HOT size_t sip_scan_offset(const struct scan *s, struct sip_str part)
{
    return part.at ? (size_t)(part.at - s->base) : 0;
}

SCAN_HOT bool sip_scan_char(struct scan *s, char c, enum sip_reason reason)
{
    if (sip_scan_peek(s) != (unsigned char)c)
        return sip_scan_no(s, s->at, reason);
    s->at++;
    return true;
}

SCAN_HOT void sip_scan_sws(struct scan *s)
{
    if (sip_scan_peek(s) <= ' ')
        sip_scan_white(s);
}

SCAN_HOT bool sip_scan_around(struct scan *s, char c, enum sip_reason reason)
{
    int byte = sip_scan_peek(s);

    if (byte > ' ' && byte != c)
        return sip_scan_no(s, s->at, reason);
    if (byte == c && sip_scan_byte(s, s->at + 1) > ' ') {
        s->at++;
        return true;
    }
    return sip_scan_around_white(s, c, reason);
}

SCAN_HOT bool sip_scan_take(struct scan *s, size_t end, enum sip_reason reason,
                            struct sip_str *text)
{
    if (end <= s->at)
        return sip_scan_no(s, s->at, reason);
    *text = sip_scan_slice(s, s->at, end);
    s->at = end;
    return true;
}

SCAN_HOT bool sip_scan_token(struct scan *s, struct sip_str *token)
{
    return sip_scan_take(s, sip_scan_span(s, s->at, SCAN_TOKEN), SIP_BAD_TOKEN, token);
}

SCAN_HOT bool sip_scan_escaped_any(struct scan *s, unsigned classes, struct sip_str *text)
{
    size_t end = sip_scan_span(s, s->at, classes);

    if (sip_scan_byte(s, end) == '%')
        return sip_scan_escapes(s, end, classes, text);
    *text = sip_scan_slice(s, s->at, end);
    s->at = end;
    return true;
}

SCAN_HOT bool sip_scan_escaped(struct scan *s, unsigned classes, enum sip_reason reason,
                               struct sip_str *text)
{
    size_t from = s->at;

    return sip_scan_escaped_any(s, classes, text) && (s->at > from || sip_scan_no(s, from, reason));
}

SCAN_HOT void sip_scan_take_params(const struct scan *s, size_t from, struct sip_str *params)
{
    if (sip_scan_byte(s, from) == ';' && sip_scan_byte(s, from + 1) > ' ')
        *params = sip_scan_slice(s, from + 1, s->len);
    else if (from < s->len)
        sip_scan_take_spaced(s, from, params);
}
