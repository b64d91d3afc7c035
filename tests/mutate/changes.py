"""The small changes that can be made to a C file, each inside a function: a mutant is the file with one."""
import collections
import hashlib
import re

from house import bare, functions

Change = collections.namedtuple('Change', 'kind function line begin end text')
Token = collections.namedtuple('Token', 'text begin end')

TOKENS = re.compile(r'''"(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | 0[xX][0-9a-fA-F]+[uUlL]* | \d+[uUlL]* | \w+ |
                        <<= | >>= | \+\+ | -- | -> | << | >> | [<>=!+\-*/%&|^]= | && | \|\| | \S''', re.X)
OTHERS = {
    'relation': {'<': ('<=', '>='), '<=': ('<', '>'), '>': ('>=', '<='), '>=': ('>', '<'), '==': ('!=',),
                 '!=': ('==',)},
    'logic': {'&&': ('||',), '||': ('&&',)},
    'arithmetic': {'+': ('-',), '-': ('+',), '*': ('/',), '/': ('*',), '%': ('*',), '<<': ('>>',),
                   '>>': ('<<',), '&': ('|',), '|': ('&',), '^': ('|',), '+=': ('-=',), '-=': ('+=',),
                   '|=': ('&=',), '&=': ('|=',), '^=': ('|=',), '<<=': ('>>=',), '>>=': ('<<=',),
                   '++': ('--',), '--': ('++',)},
    'constant': {'true': ('false',), 'false': ('true',)},
}
UNARY = ('-', '*', '&', '+')
TYPES = {'const', 'static', 'struct', 'enum', 'union', 'unsigned', 'signed', 'int', 'char', 'bool', 'void',
         'long', 'short', 'size_t', 'ptrdiff_t', 'uint8_t', 'uint16_t', 'uint32_t', 'uint64_t', 'int8_t',
         'int16_t', 'int32_t', 'int64_t', 'uintptr_t', '__m128i', '__m256i'}
SYMMETRIC = {'sip_str_equal', 'sip_str_same', 'sip_raw_equal', 'sip_uri_equal', 'sip_secret_equal',
             'sip_sdp_common'}  # to swap is no change
CONTROL = {'if', 'while', 'for', 'switch', 'else', 'do', 'case', 'default', 'sizeof', 'return'}


class Mutable:
    """A file of lib/ as tokens, and its changes."""

    def __init__(self, path):
        self.text = path.read_text()
        self.changes = []
        clean = self.without_comments()
        starts = [0] + [found.end() for found in re.finditer('\n', self.text)]
        for name, first, last in functions(path):
            begin = starts[first - 1]
            end = starts[last] if last < len(starts) else len(clean)
            body = clean.index('{', bare(self.text).index('{', begin))
            self.function = name
            self.tokens = [Token(found.group(), found.start(), found.end())
                           for found in TOKENS.finditer(clean, body, end)]
            self.pairs = self.brackets()
            self.types = self.in_declarations()
            for i, token in enumerate(self.tokens):
                self.change_operator(i, token)
                self.change_literal(token)
                self.negate(i, token)
                self.swap(i, token)
            self.delete()

    def without_comments(self):
        """The text with comments and preprocessor lines blanked, of the same length."""
        def blank(found):
            text = found.group()
            return text if text[0] in '"\'' else re.sub(r'[^\n]', ' ', text)
        text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, self.text,
                      flags=re.S)
        return re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda found: re.sub(r'[^\n]', ' ', found.group()),
                      text, flags=re.M)

    def brackets(self):
        """{index of a bracket: that of its other}."""
        pairs, waiting = {}, []
        for i, token in enumerate(self.tokens):
            if token.text in ('(', '[', '{'):
                waiting.append(i)
            elif token.text in (')', ']', '}') and waiting:
                pairs[i] = waiting.pop()
                pairs[pairs[i]] = i
        return pairs

    def in_declarations(self):
        """Indexes of the stars between a type and a name."""
        found, typed = set(), False
        for i, token in enumerate(self.tokens):
            if token.text in TYPES or i > 0 and self.tokens[i - 1].text in ('struct', 'enum', 'union'):
                typed = True
            elif token.text == '*' and typed:
                found.add(i)
            elif token.text != ',' or not found:
                typed = False
        return found

    def add(self, kind, begin, end, text):
        line = self.text.count('\n', 0, begin) + 1
        self.changes.append(Change(kind, self.function, line, begin, end, text))

    def is_binary(self, i):
        before = self.tokens[i - 1].text if i else '('
        if before == ')':  # behind a cast it has one operand
            inside = [token.text for token in self.tokens[self.pairs.get(i - 1, i) + 1:i - 1]]
            return not (inside and (inside[0] in TYPES or inside[-1] == '*'))
        return bool(re.match(r'[\w"\'\]]', before)) and before not in CONTROL

    def change_operator(self, i, token):
        if i in self.types or token.text in UNARY and not self.is_binary(i):
            return
        for kind, others in OTHERS.items():
            for other in others.get(token.text, ()):
                self.add(kind, token.begin, token.end, other)

    def change_literal(self, token):
        text = token.text
        number = re.fullmatch(r'(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)', text)
        if number:
            value = int(number.group(1), 16 if text[:2] in ('0x', '0X') else 10)
            self.add('constant', token.begin, token.end, f'{value + 1}{number.group(2)}')
            if value:
                self.add('constant', token.begin, token.end, f'{value - 1}{number.group(2)}')
        elif re.fullmatch(r"'[^\\]'", text):
            self.add('constant', token.begin, token.end, f"'\\x{ord(text[1]) + 1:02x}'")
        elif re.fullmatch(r"'\\.'", text):
            self.add('constant', token.begin, token.end, "'~'")
        elif text[0] == '"' and len(text) > 2 and text[1] != '\\':
            self.add('constant', token.begin + 1, token.begin + 2, '!' if text[1] == '~' else '~')

    def negate(self, i, token):
        if token.text in ('if', 'while') and self.tokens[i + 1].text == '(':
            begin, end = self.tokens[i + 1].end, self.tokens[self.pairs[i + 1]].begin
            self.add('negation', begin, end, f'!({self.text[begin:end]})')
        elif token.text == '!':
            self.add('negation', token.begin, token.end, '')

    def swap(self, i, token):
        """Neighbours among the arguments of a call."""
        if not re.match(r'[A-Za-z_]', token.text) or token.text in CONTROL | TYPES | SYMMETRIC:
            return
        if i + 1 >= len(self.tokens) or self.tokens[i + 1].text != '(':
            return
        commas, at, end = [i + 1], i + 2, self.pairs[i + 1]
        while at < end:
            if self.tokens[at].text == ',':
                commas.append(at)
            at = self.pairs[at] + 1 if self.tokens[at].text in '([{' else at + 1
        commas.append(end)
        for a, b, c in zip(commas, commas[1:], commas[2:]):
            if a + 1 < b and b + 1 < c:
                first = self.text[self.tokens[a + 1].begin:self.tokens[b - 1].end]
                second = self.text[self.tokens[b + 1].begin:self.tokens[c - 1].end]
                if first != second:
                    self.add('swap', self.tokens[a + 1].begin, self.tokens[c - 1].end, f'{second}, {first}')

    def is_declaration(self, i):
        a, b, c = (self.tokens[at].text if at < len(self.tokens) else '' for at in (i, i + 1, i + 2))
        return a in TYPES or re.match(r'[A-Za-z_]', b) and a not in CONTROL and a != 'goto' or \
            b == '*' and c and self.is_binary(i + 1) is False

    def delete(self):
        """Statements that end with a semicolon."""
        i = 1
        while i < len(self.tokens):
            text = self.tokens[i].text
            if text in ('if', 'while', 'for', 'switch'):
                i = self.pairs[i + 1] + 1
            elif text in ('else', 'do', '{', '}', ';'):
                i += 1
            elif text in ('case', 'default'):
                while self.tokens[i].text != ':':
                    i += 1
                i += 1
            else:
                first = i
                while self.tokens[i].text != ';':
                    if self.tokens[i].text in '([{':
                        i = self.pairs[i]
                    i += 1
                    if i >= len(self.tokens) or self.tokens[i].text == '}':
                        break
                if i < len(self.tokens) and self.tokens[i].text == ';' and not self.is_declaration(first):
                    self.add('deletion', self.tokens[first].begin, self.tokens[i].begin, '')

    def changed(self, change):
        """The text with the change; line numbers stay."""
        gone = self.text[change.begin:change.end]
        lines = '\n' * (gone.count('\n') - change.text.count('\n'))
        return self.text[:change.begin] + change.text + lines + self.text[change.end:]

    def lines(self, change):
        """What the changed lines were and what they are, with single spaces."""
        begin = self.text.rfind('\n', 0, change.begin) + 1
        end = self.text.find('\n', change.end)
        before = self.text[begin:end]
        after = self.text[begin:change.begin] + change.text + self.text[change.end:end]
        return ' '.join(before.split()), ' '.join(after.split())


def order(seed, name, file, change):
    """Where a mutant stands in the order of its folder: by chance, and where it stood when other lines change."""
    key = '\0'.join((str(seed), name, change.function, change.kind, *file.lines(change)))
    return hashlib.sha256(key.encode()).digest()
