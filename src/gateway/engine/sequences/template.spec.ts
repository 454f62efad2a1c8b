import fc from 'fast-check';
import { DefinitionError } from './message.js';
import { readDocument } from './read-document.js';
import { parseTemplate } from './template.js';

const render = (source: string, parameters: Readonly<Record<string, unknown>> = {}) => parseTemplate(source).render(parameters);

describe('a template', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['plain', {}, 'plain'],
    ['{{ a }}', { a: 'x' }, 'x'],
    ['{{a}}-{{ b }}', { a: 1, b: 2.5 }, '1-2.5'],
    ['[{{ missing }}]', {}, '[]'],
    ['{{ a }}', { a: 5.0 }, '5'],
    ['{{ a }}', { a: true }, 'true'],
    ['{{ a }}', { a: null }, ''],
    ['{{ a.b }}{{ a["c d"] }}{{ l[1] }}{{ l[-1] }}', { a: { b: 'x', 'c d': 'y' }, l: [1, 2] }, 'xy22'],
    ['{{ a }}', { a: '{{ b }}', b: 'secret' }, '{{ b }}'],
    ['{# licence {{ #}<a/>', {}, '<a/>'],
    ['a {%- if true -%} b {%- endif -%} c', {}, 'abc'],
    ['a {{- b -}} c', { b: 1 }, 'a1c'],
    ['a {#- x -#} c', {}, 'ac'],
    ['{% raw %}{{ a }}{% endraw %}', { a: 1 }, '{{ a }}'],
    ['{% if a %}yes{% else %}no{% endif %}', { a: 'x' }, 'yes'],
    ['{% if a == 1 %}one{% elif a == 2 %}two{% else %}more{% endif %}', { a: 2 }, 'two'],
    ['{% if a == "1" %}same{% endif %}', { a: 1 }, 'same'],
    ['{% if a < 10 and a > 2 %}in{% endif %}', { a: '5' }, 'in'],
    ['{% if not a or b %}x{% endif %}', { a: 1, b: 1 }, 'x'],
    ['{% if a in ["x", "y"] %}in{% endif %}', { a: 'y' }, 'in'],
    ['{% if a not in "xyz" %}out{% endif %}', { a: 'b' }, 'out'],
    ['{% if a is defined %}d{% endif %}{% if b is not defined %}u{% endif %}', { a: null }, 'du'],
    ['{% if a is none %}n{% endif %}', { a: null }, 'n'],
    ['{% for x in l %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}', { l: ['a', 'b'] }, '1a,2b'],
    ['{% for x in missing %}{{ x }}{% endfor %}', {}, ''],
    ['{% set a = "x" %}{{ a }}', {}, 'x'],
    ["{{ a | default('d') }}{{ b|default('e', true) }}", { b: '' }, 'de'],
    ['{{ a|upper }}{{ a|lower }}{{ b|trim }}', { a: 'xY', b: ' z ' }, 'XYxyz'],
    ['{{ a|replace("-", "_") }}', { a: 'a-b-c' }, 'a_b_c'],
    ['{{ a|length }}{{ l|length }}{{ l|join("+") }}', { a: 'abc', l: [1, 2] }, '321+2'],
    ['{{ "7x"|int + 0 }}'.replace(' + 0', ''), {}, '7'],
    ['{{ a.b|tojson }}', { a: { b: [1, 'x'] } }, '[1,&quot;x&quot;]'],
    ['{{ (a|split(","))[1] }}', { a: 'x,y' }, 'y'],
    ['{{ "}}" }}{{ "%}" }}', {}, '}}%}'],
    ['{{ a.constructor_ }}{{ toString }}{{ __proto__ }}', { a: {} }, ''],
  ])('%s', (source, parameters, expected) => {
    expect(render(source, parameters)).toBe(expected);
  });

  it.each([
    [false, 'no'],
    [null, 'no'],
    [undefined, 'no'],
    [0, 'no'],
    ['', 'no'],
    ['False', 'no'],
    [[], 'no'],
    ['0', 'yes'],
    [1, 'yes'],
    [[0], 'yes'],
    [{}, 'yes'],
    ['no', 'yes'],
  ])('takes %j as a condition: %s', (a, expected) => {
    expect(render('{% if a %}yes{% else %}no{% endif %}', { a })).toBe(expected);
  });

  it.each([
    ['{{ a', 'not closed', 1],
    ['x\n{% if a %}', 'without', 2],
    ['{% endif %}', 'nothing is open', 1],
    ['{% for x in l %}{% endif %}', 'wrong place', 1],
    ['{% if a %}{% else %}{% else %}{% endif %}', 'wrong place', 1],
    ['{% include "x" %}', 'include', 1],
    ['{% import "x" as y %}', 'import', 1],
    ['{% extends "x" %}', 'extends', 1],
    ['{% macro a() %}{% endmacro %}', 'macro', 1],
    ['{% do a %}', 'do', 1],
    ['{% call a %}', 'call', 1],
    ['{{ a|safe }}', "filter 'safe'", 1],
    ['{{ a|constructor }}', 'filter', 1],
    ['{{ a is iterable }}', 'iterable', 1],
    ['\n\n{{ a.constructor }}', 'not allowed', 3],
    ["{{ a['__proto__'] }}", 'not allowed', 1],
    ['{{ a() }}', 'calls', 1],
    ['{{ a + 1 }}', 'not understood', 1],
    ['{{ }}', 'value was expected', 1],
    ['{{ a b }}', 'not expected', 1],
    ['{{ a.b. }}', 'after the dot', 1],
    ['{% set a %}', 'set name = value', 1],
    ['{% for a, b in c %}{% endfor %}', 'for name in list', 1],
    ['{% raw %}', 'not closed', 1],
    ['{# x', 'not closed', 1],
    [`{{ ${'('.repeat(50)}a${')'.repeat(50)} }}`, '32 deep', 1],
    ['{% if a %}'.repeat(50) + '{% endif %}'.repeat(50), '32 deep', 1],
    ['x'.repeat(1024 * 1024 + 1), '1 MiB', null],
  ])('refuses %.50s', (source, reason, line) => {
    const failure = (() => {
      try {
        return parseTemplate(source);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(DefinitionError);
    expect(failure).toMatchObject({ line, message: expect.stringContaining(reason) });
  });

  it.each([
    ['<a b="{{v}}"/>', '<&>"\'', '<a b="&lt;&amp;&gt;&quot;&apos;"/>'],
    ["<a b='{{v}}'/>", '\'"', "<a b='&apos;&quot;'/>"],
    ['<a>{{v}}</a>', '<b>&amp;&', '<a>&lt;b&gt;&amp;&amp;</a>'],
    ['<a>{{v}}</a>', '&lt;&#65;&x;', '<a>&lt;&#65;&amp;x;</a>'],
    ['<a b="{{v}}"/>', 'x\ny', '<a b="x&#10;y"/>'],
    ['<a><![CDATA[{{v}}]]></a>', '<b>&', '<a><![CDATA[<b>&]]></a>'],
    ['<!-- {{v}} --><a/>', '--><evil/>', '<!--  --><a/>'],
    ['<{{v}} x="1"/>', 'property', '<property x="1"/>'],
    [`<p expression="get-property('{{v}}')"/>`, 'a"b', `<p expression="get-property('a&quot;b')"/>`],
    [`<p value="it's {{v}}"/>`, "o'clock", `<p value="it's o&apos;clock"/>`],
    [`<script>var a = '{{v}}';</script>`, 'a"b', `<script>var a = 'a&quot;b';</script>`],
    [`<script><![CDATA[// it's\nvar a = "{{v}}";]]></script>`, "a'b", `<script><![CDATA[// it's\nvar a = "a'b";]]></script>`],
    [`<script><![CDATA[var a = "\\"{{v}}";]]></script>`, "'", `<script><![CDATA[var a = "\\"'";]]></script>`],
  ])('writes into %s the value %j so that it stays there', (source, v, expected) => {
    expect(render(source, { v })).toBe(expected);
  });

  it.each([
    ['<a><![CDATA[{{v}}]]></a>', ']]>'],
    ['<a><![CDATA[]{{v}}]]></a>', ']>'],
    [`<p expression="get-property('{{v}}')"/>`, "a')"],
    [`<p expression="get-property('{{v}}')"/>`, 'a&apos;)'],
    [`<p expression="get-property('{{v}}')"/>`, 'a&#39;)'],
    [`<p expression='get-property("{{v}}")'/>`, 'a"'],
    [`<p expression="concat(&quot;{{v}}&quot;)"/>`, 'a"'],
    [`<p name="{get-property('{{v}}')}"/>`, "'"],
    [`<script><![CDATA[var a = '{{v}}';]]></script>`, "';evil()"],
    [`<script><![CDATA[var a = '{{v}}';]]></script>`, '\\'],
    [`<script><![CDATA[var a = '{{v}}';]]></script>`, 'a\nb'],
    ['<script><![CDATA[var a = `{{v}}`;]]></script>', `\${evil()}`],
    [`<script>var a = '{{v}}';</script>`, '&apos;'],
    ['<{{v}}/>', 'a b="1"'],
    ['<a {{v}}/>', 'b="1"'],
    ['<a>{{v}}</a>', '\u0000'],
  ])('refuses to write into %s the value %j', (source, v) => {
    const failure = expect(() => render(`\n${source}`, { v }));

    failure.toThrow(DefinitionError);
    failure.toThrow(expect.objectContaining({ line: 2 }));
  });

  it('never lets a value leave its attribute or its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('"', "'"), (v, quote) => {
        fc.pre(!/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(v) && !v.includes('&') && !v.includes('\r'));

        const [only, ...others] = readDocument(render(`<a b=${quote}{{v}}${quote} c="1">{{v}}</a>`, { v }), { allowsProlog: false });

        expect(others).toEqual([]);
        expect(only?.attributes.get('b')).toBe(v);
        expect(only?.text).toBe(v);
        expect(only?.attributes.size).toBe(2);
        expect(only?.children).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}', { l: Array.from({ length: 100 }, () => 1) }],
    ['{{ a|replace("x", a) }}', { a: 'x'.repeat(5000) }],
    ['{% for a in l %}{{ b }}{% endfor %}', { b: 'x'.repeat(100_000), l: Array.from({ length: 100 }, () => 1) }],
  ])('gives up on %s', (source, parameters) => {
    expect(() => render(source, parameters)).toThrow(DefinitionError);
  });

  it('reads a megabyte of script quickly', () => {
    const started = performance.now();

    render(`<script><![CDATA[${"var a = 'b';\n".repeat(70_000)}]]></script>`);

    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['<a/>', {}, ['<a/>']],
    ['{{ a }}{{ b.c }}', { a: 'x' }, ['xneutral']],
    ['{% if a %}1{% endif %}', { a: 1 }, ['1', '']],
    ['{% if a %}1{% elif b %}2{% else %}3{% endif %}', {}, ['1', '2', '3']],
    ['{% if a %}{% if b %}1{% else %}2{% endif %}{% else %}3{% endif %}', {}, ['1', '3', '2']],
    ['{% for x in l %}{{ x }};{% endfor %}', {}, ['neutral;']],
    ['{% for x in l %}{{ x }};{% endfor %}', { l: [1, 2] }, ['1;2;']],
  ])('%s in neutral form, with %j', (source, defaults, expected) => {
    expect(parseTemplate(source).variants(defaults)).toEqual(expected);
  });
});
