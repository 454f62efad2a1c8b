/** One style for all pages: readable without scripts, by keyboard, in the dark, and on a telephone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#eef1f6;--card:#fff;--text:#1b2430;--quiet:#566274;--line:#cdd5e0;--accent:#1f5fbf;--on-accent:#fff;--bad:#a3231b;--bad-ground:#fdeceb}
@media (prefers-color-scheme:dark){:root{--ground:#10151d;--card:#1a212c;--text:#e8edf4;--quiet:#a3b0c2;--line:#3a4657;--accent:#8ab8ff;--on-accent:#0c1a30;--bad:#ffb4ad;--bad-ground:#3a1a19}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1rem;padding:1.5rem 1rem;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:26rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:2rem;box-shadow:0 8px 30px rgb(0 0 0/.08)}
header{display:flex;align-items:center;gap:.6rem;font-weight:600}
header svg{width:1.75rem;height:1.75rem;color:var(--accent);flex:none}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
.quiet{color:var(--quiet);font-size:.9rem}
.quiet,strong,li{overflow-wrap:anywhere}
label{display:block;font-weight:600;margin:0 0 .25rem}
.field{margin:0 0 1rem}
input[type=text],input[type=password]{width:100%;padding:.65rem .75rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--quiet);border-radius:8px}
.check{display:flex;align-items:center;gap:.5rem;margin:0 0 1.25rem}
.check label{font-weight:400;margin:0}
.check input{width:1.1rem;height:1.1rem;accent-color:var(--accent)}
button,a.button{display:block;text-align:center;text-decoration:none;width:100%;padding:.7rem 1rem;font:inherit;font-weight:600;border-radius:8px;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer;margin:0 0 .6rem}
button.second,a.second{background:transparent;color:var(--accent)}
button.third{background:transparent;color:var(--text);border-color:var(--line)}
:is(input,button,a,ul):focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.alert{background:var(--bad-ground);color:var(--bad);border:1px solid currentColor;border-radius:8px;padding:.65rem .8rem;margin:0 0 1rem}
ul.scopes{list-style:none;margin:0 0 1.25rem;padding:0;border:1px solid var(--line);border-radius:8px;max-height:14rem;overflow:auto}
ul.scopes li{padding:.5rem .8rem}
ul.scopes li+li{border-top:1px solid var(--line)}
.code{white-space:nowrap}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,monospace}
`.trim();
