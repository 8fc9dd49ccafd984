/** The style of the page. Colours are those of the reader's system, light or dark; nothing is fetched. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #0f1318);
  --card: light-dark(#ffffff, #171c23);
  --line: light-dark(#dfe3e8, #2b333d);
  --text: light-dark(#1b2129, #e4e8ed);
  --quiet: light-dark(#5a6470, #9aa5b1);
  --code: light-dark(#eef1f4, #222932);
  --red: light-dark(#b42318, #ff8a80);
  --red-back: light-dark(#fdecea, #3a1c1c);
  --amber: light-dark(#8a5300, #f5bd5c);
  --amber-back: light-dark(#fff4dd, #37290f);
  --green: light-dark(#1a6b3c, #6fd698);
  --green-back: light-dark(#e6f5ec, #14301f);
  --grey-back: light-dark(#eceff2, #252c35);
  --blue: light-dark(#1f5fbf, #8ab8ff);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem clamp(0.9rem, 4vw, 2.5rem) 4rem; }
.top { color: var(--quiet); font-size: 0.85rem; letter-spacing: 0.02em; margin: 0 0 0.75rem; }
article + article { margin-top: 3.5rem; }
h1 { font-size: clamp(1.25rem, 1rem + 1.4vw, 1.75rem); line-height: 1.3; margin: 0.35rem 0 0; text-wrap: pretty; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 0.75rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
p { margin: 0.4rem 0; }
code { font: 0.875em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--code); border-radius: 4px; padding: 0.1em 0.35em; overflow-wrap: anywhere; unicode-bidi: isolate; }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 8px; padding: 1.1rem 1.35rem 1rem; }
.verdict .word { color: var(--tone); font-weight: 700; font-size: 0.8rem; letter-spacing: 0.06em; text-transform: uppercase; }
.facts { display: flex; flex-wrap: wrap; gap: 0.4rem 0.5rem; margin: 0.9rem 0 0; padding: 0; list-style: none; font-size: 0.875rem; color: var(--quiet); }
.facts li { display: inline-flex; align-items: center; gap: 0.35rem; }
.facts li + li:not(:has(.badge))::before { content: "·"; margin-right: 0.1rem; }
.badge { display: inline-block; border-radius: 999px; padding: 0.1rem 0.6rem; font-size: 0.8rem; font-weight: 600; white-space: nowrap; color: var(--tone); background: var(--tone-back); }
.refused, .danger, .weakening, .mandatory { --tone: var(--red); --tone-back: var(--red-back); }
.caution, .warning, .unknown, .advisory { --tone: var(--amber); --tone-back: var(--amber-back); }
.fine, .good, .hardening { --tone: var(--green); --tone-back: var(--green-back); }
.nothing, .neutral, .info { --tone: var(--quiet); --tone-back: var(--grey-back); }
.list { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.6rem; }
.list > li { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 6px; padding: 0.65rem 0.95rem; }
.list p:first-child { margin-top: 0; } .list p:last-child { margin-bottom: 0; }
.first::first-letter { text-transform: uppercase; }
.remedy { color: var(--quiet); }
.remedy::before { content: "→ "; }
.change { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 0 0 0.75rem; overflow: hidden; }
.change header { display: flex; flex-wrap: wrap; gap: 0.35rem 0.6rem; align-items: baseline; padding: 0.65rem 0.95rem; }
.change header code { background: none; padding: 0; font-weight: 600; }
.change .reason { flex-basis: 100%; margin: 0; color: var(--quiet); font-size: 0.925rem; }
.change .said { padding: 0 0.95rem 0.75rem; margin: 0; font-style: italic; color: var(--quiet); }
.diff { margin: 0; border-top: 1px solid var(--line); overflow-x: auto; font: 0.825rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; tab-size: 4; }
.diff:focus-visible, summary:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.diff code { display: block; width: max-content; min-width: 100%; background: none; border-radius: 0; padding: 0.35rem 0; font: inherit; overflow-wrap: normal; }
.diff span { display: block; padding: 0 0.95rem; white-space: pre; }
.diff .gone { background: var(--red-back); color: var(--red); }
.diff .come { background: var(--green-back); color: var(--green); }
.diff .hunk { color: var(--quiet); background: var(--grey-back); }
details { margin: 0 0 0.75rem; }
summary { cursor: pointer; padding: 0.35rem 0; font-weight: 600; }
summary .badge { margin-left: 0.4rem; }
.change details { margin: 0; border-top: 1px solid var(--line); }
.change summary { padding: 0.45rem 0.95rem; font-size: 0.875rem; font-weight: 500; color: var(--quiet); }
.journey { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem 0.95rem; margin: 0 0 0.75rem; }
.journey .who { color: var(--quiet); font-size: 0.875rem; margin: 0.1rem 0 0.6rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0.6rem 1.25rem; }
.side > b { font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--quiet); }
.steps { list-style: none; display: flex; flex-wrap: wrap; gap: 0.35rem 0; margin: 0.3rem 0; padding: 0; }
.steps li { display: inline-flex; align-items: center; font-size: 0.9rem; }
.steps li + li::before { content: "→"; padding: 0 0.45rem; color: var(--quiet); }
.steps span { border: 1px solid var(--line); background: var(--code); border-radius: 6px; padding: 0.15rem 0.6rem; }
.steps .end { border-radius: 999px; border-color: transparent; color: var(--tone); background: var(--tone-back); font-weight: 600; }
.steps .new { border-color: var(--amber); background: var(--amber-back); color: var(--amber); font-weight: 600; }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 8px; width: 100%; font-size: 0.925rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.45rem 0.95rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; }
th:first-child, td:first-child { text-align: left; font-weight: 400; }
.quiet { color: var(--quiet); }
.command { overflow-x: auto; background: var(--code); border-radius: 8px; padding: 0.75rem 0.95rem; margin: 0.5rem 0; }
.command code { background: none; padding: 0; white-space: pre; }
@media print { body { background: none; } main { max-width: none; padding: 0; } }
`;
