import { html } from './html.js';

describe('markup', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onfocus="x', '&quot; onfocus=&quot;x'],
    ["it's & so on", 'it&#39;s &amp; so on'],
  ])('escapes %s', (text, escaped) => expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`));

  it('keeps markup of its own, lists of it, and nothing for what is missing', () =>
    expect(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>${undefined}${html`<hr>`}`.text).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>',
    ));
});
