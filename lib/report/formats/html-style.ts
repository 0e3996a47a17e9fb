/** The style of every HTML report: light and dark, wide and narrow, screen and paper. No other resource is loaded. */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ground: #f6f7f9; --ink: #1c2128; --soft: #59636e; --line: #d9dee4; --code: #eef1f4;
  --good: #1a7f37; --good-tint: #e9f6ec; --bad: #c11f2e; --bad-tint: #fdedee; --warn: #8a5a00; --warn-tint: #fff6dd;
  --unsure: #3e5c94; --unsure-tint: #edf2fb; --muted: #59636e; --muted-tint: #f0f2f4; --link: #0a5cc7;
  --candidate: #1668dc; --baseline: #a8590a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161b22; --ground: #0d1117; --ink: #e6edf3; --soft: #9da7b3; --line: #30373f; --code: #232a33;
    --good: #4fc36a; --good-tint: #12291a; --bad: #ff7b72; --bad-tint: #34191b; --warn: #e3b341; --warn-tint: #2e2512;
    --unsure: #8db2f5; --unsure-tint: #182338; --muted: #9da7b3; --muted-tint: #20262e; --link: #71b0ff;
    --candidate: #6cb0ff; --baseline: #e0a35c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
main { max-width: 1000px; margin: 0 auto; padding: 40px 24px 64px; }
header { margin: 0 0 24px; }
h1 { font-size: 1rem; font-weight: 600; margin: 0; letter-spacing: .01em; }
header p { margin: 2px 0 0; color: var(--soft); font-size: .875rem; }
h3 { font-size: 1.0625rem; margin: 36px 0 10px; }
p { margin: 10px 0; }
a { color: var(--link); text-underline-offset: 2px; }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  background: var(--code); border-radius: 4px; padding: 1px 5px; overflow-wrap: anywhere; }
pre { background: var(--code); border-radius: 8px; padding: 12px 16px; overflow-x: auto; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
.good { color: var(--good); } .bad { color: var(--bad); } .unsure { color: var(--unsure); }
span.warn { color: var(--warn); } .muted { color: var(--muted); }
p.muted { font-size: .875rem; }
p.warn { background: var(--warn-tint); border-radius: 8px; padding: 10px 16px; border-left: 4px solid var(--warn); }
.verdict { border-radius: 12px; padding: 20px 24px; margin: 28px 0 20px; color: var(--ink); border-left: 6px solid var(--tone);
  background: var(--tint); }
.verdict.good, .plot.good { --tone: var(--good); --tint: var(--good-tint); }
.verdict.bad, .plot.bad { --tone: var(--bad); --tint: var(--bad-tint); }
.verdict.warn, .plot.warn { --tone: var(--warn); --tint: var(--warn-tint); }
.verdict.unsure, .plot.unsure { --tone: var(--unsure); --tint: var(--unsure-tint); }
.verdict.muted, .plot.muted { --tone: var(--muted); --tint: var(--muted-tint); }
.verdict h2 { font-size: 1.625rem; line-height: 1.25; margin: 6px 0 6px; letter-spacing: -.01em; }
.verdict > p { margin: 0; font-size: 1.0625rem; max-width: 54em; text-wrap: pretty; }
.verdict .kicker { display: flex; align-items: center; gap: 10px; font-size: .875rem; }
.verdict code { background: color-mix(in srgb, var(--ink) 8%, transparent); }
.badge { background: var(--tone); color: var(--paper); font-weight: 600; font-size: .75rem; line-height: 1;
  padding: 5px 9px; border-radius: 99px; text-transform: uppercase; letter-spacing: .04em; white-space: nowrap; }
.next { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; margin: 18px 0; }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; margin: 14px 0; }
table { border-collapse: collapse; width: 100%; font-size: .9063rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: .8125rem; color: var(--soft); text-wrap: balance; }
th, td { padding: 10px 14px; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tbody tr:last-child td { border-bottom: 0; }
.right { text-align: right; }
td.right { white-space: nowrap; }
td code { overflow-wrap: break-word; }
td:last-child { min-width: 8.5em; }
.mark { white-space: normal; }
.mark::before { content: ''; display: inline-block; width: .6em; height: .6em; border-radius: 50%; background: currentColor; margin-right: .5em; }
.mark.bad::before { border-radius: 1px; }
.mark.unsure::before, .mark.muted::before { background: none; box-shadow: inset 0 0 0 2px currentColor; }
.mark.warn::before { border-radius: 0; clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.intervals { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px 12px; margin: 14px 0; }
.plot { display: grid; grid-template-columns: minmax(7em, 11em) 1fr; column-gap: 16px; align-items: center; }
.axis > div { display: grid; grid-template-columns: 1fr auto 1fr; padding: 0 2%; color: var(--soft); font-size: .8125rem; }
.axis span:last-child { text-align: right; }
.plot { margin: 4px 0; }
.plot .label { color: var(--ink); font-size: .9063rem; overflow-wrap: anywhere; line-height: 1.3; }
.plot svg { display: block; overflow: visible; }
.plot .zero { stroke: var(--soft); stroke-width: 1; }
.plot .limit { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 4 3; }
.plot .limit.soft { stroke: var(--warn); }
.plot .forbidden { fill: var(--bad-tint); }
.plot .track { fill: var(--muted-tint); }
.plot .range { stroke: var(--tone); stroke-width: 2; }
.plot .bar { fill: var(--tone); opacity: .75; }
.plot .over { fill: var(--tone); font-size: 12px; }
.plot .dot { fill: var(--tone); stroke: var(--paper); stroke-width: 2; }
figure { margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19em), 1fr)); gap: 24px 32px; margin: 18px 0; align-items: start; }
.figures figure { max-width: 460px; min-width: 0; }
.figures h4 { font-size: .9375rem; margin: 0 0 6px; overflow-wrap: anywhere; }
.figures figcaption { text-wrap: pretty; overflow-wrap: anywhere; }
.chart { display: block; width: 100%; height: auto; }
.chart text { font-family: inherit; fill: var(--ink); }
.chart .tick, .chart .axis { fill: var(--soft); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .zero { stroke: var(--soft); stroke-width: 1; }
.chart .guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 4; }
.chart .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .thin { stroke-width: 1.25; }
.chart .line.candidate, .chart .whisker.candidate { stroke: var(--candidate); }
.chart .line.baseline, .chart .whisker.baseline { stroke: var(--baseline); }
.chart .line.baseline { stroke-dasharray: 6 3; }
.chart .whisker { stroke-width: 1.25; opacity: .7; }
.chart .point { stroke-width: 1.5; }
.chart .point.candidate { fill: var(--candidate); stroke: var(--paper); }
.chart .point.baseline { fill: var(--paper); stroke: var(--baseline); }
.chart .bar.candidate { fill: var(--candidate); fill-opacity: .45; stroke: var(--candidate); stroke-width: .5; }
.chart .cell { stroke: var(--line); stroke-width: 1; }
.chart .cell.candidate { fill: var(--candidate); } .chart .cell.baseline { fill: var(--baseline); }
.chart .cell.right { stroke: var(--ink); stroke-width: 1.25; }
figcaption { color: var(--soft); font-size: .8125rem; margin-top: 8px; }
details { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; margin: 10px 0; padding: 0 18px; }
summary { cursor: pointer; padding: 11px 0; font-weight: 500; }
summary:focus-visible, a:focus-visible, pre:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
details[open] { padding-bottom: 10px; }
details[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: 10px; }
details .scroll { border: 0; border-radius: 0; margin: 0 -14px 18px; }
dl { margin: 6px 0; font-size: .9063rem; }
dl > div { display: grid; grid-template-columns: 10em 1fr; gap: 2px 16px; padding: 4px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main { padding: 20px 14px 40px; }
  .verdict { padding: 16px 18px; margin-top: 20px; }
  .verdict h2 { font-size: 1.375rem; }
  .verdict > p { font-size: 1rem; }
  dl > div { grid-template-columns: 1fr; }
  .plot { grid-template-columns: 1fr; row-gap: 0; margin: 8px 0; }
  .axis .label { display: none; }
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: 8px 14px; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  td, td.right { display: grid; grid-template-columns: 8.5em minmax(0, 1fr); gap: 12px; padding: 3px 0; border: 0; text-align: left; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .8125rem; overflow-wrap: anywhere; }
  td > span, td code { overflow-wrap: anywhere; }
}
@media print {
  :root { --paper: #fff; --ground: #fff; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  .verdict, .badge, .forbidden, .bar, .dot { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .verdict, figure, tr, .next { break-inside: avoid; }
  details { padding-bottom: 10px; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .scroll { overflow: visible; }
}
`;
